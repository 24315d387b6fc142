//! How a route is added: only together with what it asks of its caller.

use axum::middleware::from_fn_with_state;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt};

use crate::access::guard;
use crate::app::App;
use crate::once::once;
use crate::permissions::{Need, Right};

/// Routes on their way into the router, in reading order.
pub(crate) struct Routes {
    app: Option<App>,
    router: OpenApiRouter<App>,
    table: Vec<Line>,
}

/// A route and what it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Upper case.
    pub method: &'static str,
    /// With `{…}` for its parameters.
    pub path: String,
    pub need: Need,
}

impl Routes {
    pub(crate) fn new(app: Option<&App>, router: OpenApiRouter<App>) -> Self {
        Self { app: app.cloned(), router, table: Vec::new() }
    }

    /// Anybody may.
    pub(crate) fn public(self, route: UtoipaMethodRouter<App>) -> Self {
        self.add(Need::Public, route)
    }

    /// Users may.
    pub(crate) fn signed_in(self, route: UtoipaMethodRouter<App>) -> Self {
        self.add(Need::SignedIn, route)
    }

    /// Users may who look after the whole installation.
    pub(crate) fn installation(self, route: UtoipaMethodRouter<App>) -> Self {
        self.add(Need::Installation, route)
    }

    /// Who has the right in the workspace may.
    pub(crate) fn right(self, right: Right, route: UtoipaMethodRouter<App>) -> Self {
        self.add(Need::Right(right), route)
    }

    /// Routes of one part of the application.
    pub(crate) fn group(self, group: impl FnOnce(Self) -> Self) -> Self {
        group(self)
    }

    /// Whose key has the right may; a session is not looked at.
    pub(crate) fn key(self, right: Right, route: UtoipaMethodRouter<App>) -> Self {
        self.add(Need::Key(right), route)
    }

    /// As [`Self::right`], with a body that is too large to be kept while the route is asked.
    pub(crate) fn streamed(self, right: Right, route: UtoipaMethodRouter<App>) -> Self {
        self.add_as(Need::Right(right), true, route)
    }

    fn add(self, need: Need, route: UtoipaMethodRouter<App>) -> Self {
        // Whoever collects keeps key and events in one transaction.
        self.add_as(need, matches!(need, Need::Key(_)), route)
    }

    /// `is_once`: the route sees to it by itself that the same request is done once.
    fn add_as(mut self, need: Need, is_once: bool, route: UtoipaMethodRouter<App>) -> Self {
        for (path, item) in &route.1.paths {
            let operations = [
                ("GET", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ];
            let there = operations.into_iter().filter(|(_, operation)| operation.is_some());
            self.table.extend(there.map(|(method, _)| Line { method, path: path.clone(), need }));
        }
        let route = match &self.app {
            Some(app) if is_once => route.layer(from_fn_with_state((app.clone(), need), guard)),
            // The guard comes first: what is answered again is answered to the same caller.
            Some(app) => route
                .layer(from_fn_with_state(app.clone(), once))
                .layer(from_fn_with_state((app.clone(), need), guard)),
            None => route,
        };
        self.router = self.router.routes(route);
        self
    }

    pub(crate) fn done(self) -> (OpenApiRouter<App>, Vec<Line>) {
        (self.router, self.table)
    }
}
