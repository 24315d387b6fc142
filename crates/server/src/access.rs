//! Who asks: found before a handler runs, held against what the route needs, and handed on.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use store::{Deed, Session, Workspace};

use crate::app::App;
use crate::collect::Sent;
use crate::error::{Error, RequestId};
use crate::origin;
use crate::permissions::{Need, Right, Role, Scope};
use crate::token::hash;

/// The cookie of a session.
pub(crate) const COOKIE: &str = "footpath_session";

/// Names the workspace, for users who are in several.
pub(crate) const WORKSPACE: &str = "footpath-workspace";

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    Anonymous,
    User { id: String, token_hash: String },
    Key { id: String, scopes: Vec<Scope> },
}

/// A caller in a workspace that the route's right was found for.
#[derive(Debug, Clone)]
pub(crate) struct Inside {
    pub(crate) workspace: Workspace,
    pub(crate) caller: Caller,
    role: Option<Role>,
    visit: Visit,
}

/// A user, whatever the workspace.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    pub(crate) user: String,
    pub(crate) token_hash: String,
    /// When the user last proved to be the one.
    proved_at: i64,
    visit: Visit,
}

/// One request: from where, and by which id it is known.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) origin: IpAddr,
    pub(crate) request: String,
}

/// How long a proof of being the one lasts, in µs.
const FRESH: i64 = 15 * 60 * 1_000_000;

/// What was seen less than this many µs ago is not written down again.
const NEARBY: i64 = 60 * 1_000_000;

impl Inside {
    /// Whether the caller also has another right than the route's.
    pub(crate) fn may(&self, right: Right) -> bool {
        match (&self.caller, self.role) {
            (Caller::Key { scopes, .. }, _) => scopes.iter().any(|scope| scope.may(right)),
            (_, role) => role.is_some_and(|role| role.may(right)),
        }
    }

    /// The user who asks; `None` for a key.
    pub(crate) fn user(&self) -> Option<&str> {
        match &self.caller {
            Caller::User { id, .. } => Some(id),
            Caller::Anonymous | Caller::Key { .. } => None,
        }
    }

    /// For the audit log.
    pub(crate) fn deed(&self, now: i64) -> Deed {
        self.visit.deed(self.caller.name(), now)
    }
}

impl SignedIn {
    /// Whether the user has just proved to be the one, as what is hard to take back asks for.
    pub(crate) fn is_fresh(&self, now: i64) -> bool {
        now - self.proved_at <= FRESH
    }

    pub(crate) fn visit(&self) -> &Visit {
        &self.visit
    }

    /// For the audit log.
    pub(crate) fn deed(&self, now: i64) -> Deed {
        self.visit.deed(format!("user:{}", self.user), now)
    }
}

impl Visit {
    /// For the audit log.
    pub(crate) fn deed(&self, actor: String, at: i64) -> Deed {
        Deed { actor, at, origin: self.origin.to_string(), request: self.request.clone() }
    }
}

impl Caller {
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::User { id, .. } => format!("user:{id}"),
            Self::Key { id, .. } => format!("key:{id}"),
        }
    }
}

/// The layer of every route: lets through whoever has what the route needs.
pub(crate) async fn guard(
    State((app, need)): State<(App, Need)>,
    mut request: Request,
    next: Next,
) -> Response {
    match admit(&app, need, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}

async fn admit(app: &App, need: Need, request: &mut Request) -> Result<(), Error> {
    let visit = visit(request);
    request.extensions_mut().insert(visit.clone());
    let found = match need {
        Need::Key(_) => sender(app, request).await?,
        _ => caller(app, request.headers()).await?,
    };
    // A key is sent on purpose; a cookie goes wherever the browser goes.
    if !matches!(found, Found::Key { .. }) && !matches!(need, Need::Key(_)) {
        origin::check(request.method(), request.headers())?;
    }
    if let Found::User(session) = &found {
        let Session { user, token_hash, proved_at, .. } = session.clone();
        request.extensions_mut().insert(SignedIn {
            user,
            token_hash,
            proved_at,
            visit: visit.clone(),
        });
    }
    let right = match (need, &found) {
        (Need::Public, _) | (Need::SignedIn, Found::User(_)) => return Ok(()),
        (_, Found::Nobody) => return Err(Error::unauthorized()),
        (Need::SignedIn | Need::Installation, Found::Key { .. }) => {
            return Err(Error::forbidden("an API key is nobody; sign in for this"));
        }
        (Need::Installation, Found::User(session)) => return is_owner(app, &session.user).await,
        (Need::Right(right) | Need::Key(right), _) => right,
    };
    let (workspace, role, caller) = match found {
        Found::User(Session { user, token_hash, .. }) => {
            let (workspace, role) = of_user(app, &user, request.headers()).await?;
            (workspace, role, Caller::User { id: user, token_hash })
        }
        Found::Key { workspace, id, scopes } => (workspace, None, Caller::Key { id, scopes }),
        Found::Nobody => return Err(Error::unauthorized()),
    };
    let inside = Inside { workspace, caller, role, visit };
    if !inside.may(right) {
        return Err(Error::forbidden(lacking(right)));
    }
    request.extensions_mut().insert(inside);
    Ok(())
}

async fn is_owner(app: &App, user: &str) -> Result<(), Error> {
    if app.store().account(user).await?.is_some_and(|account| account.is_owner) {
        return Ok(());
    }
    Err(Error::forbidden("only an owner of the whole installation may do this"))
}

fn lacking(right: Right) -> String {
    let right = serde_json::to_value(right).unwrap_or_default();
    let right = right.as_str().unwrap_or_default().to_owned();
    format!("you may not do this here: it needs the right `{right}`; ask an admin of the workspace")
}

fn visit(request: &Request) -> Visit {
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let origin = address.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.0.ip());
    let id = request.extensions().get::<RequestId>();
    Visit { origin, request: id.map_or_else(String::new, |id| id.0.clone()) }
}

/// Who was found by what a request carries.
enum Found {
    Nobody,
    User(Session),
    Key { workspace: Workspace, id: String, scopes: Vec<Scope> },
}

/// Who asks. A key that nobody knows is an error, not a stranger.
async fn caller(app: &App, headers: &HeaderMap) -> Result<Found, Error> {
    let now = app.now();
    if let Some(token) = presented(headers) {
        return of_token(app, &token).await;
    }
    let Some(token) = cookie(headers, COOKIE) else { return Ok(Found::Nobody) };
    let session = app.store().session(&hash(token), now, app.seen_after()).await?;
    let Some(session) = session else { return Ok(Found::Nobody) };
    if now - session.seen_at >= NEARBY {
        app.store().see_session(&session.token_hash, now).await?;
    }
    Ok(Found::User(session))
}

/// Whether somebody who was let in still would be: session, membership and key live. For pushes, which go on for hours.
pub(crate) async fn is_still_inside(
    caller: &Caller,
    workspace: &Workspace,
    now: i64,
    seen_after: i64,
) -> bool {
    match caller {
        Caller::Anonymous => false,
        Caller::Key { id, .. } => {
            let key = workspace.find_key(id).await;
            matches!(key, Ok(Some(key)) if key.ended_at.is_none())
        }
        Caller::User { id, token_hash } => {
            let store = workspace.store();
            let session = store.session(token_hash, now, seen_after).await;
            let memberships = store.memberships(id).await.unwrap_or_default();
            matches!(session, Ok(Some(_)))
                && memberships.iter().any(|it| it.workspace == workspace.id())
        }
    }
}

/// Who sends events: whose key is in the header, or in the body, where the SDKs for pages have it.
async fn sender(app: &App, request: &mut Request) -> Result<Found, Error> {
    if let Some(token) = presented(request.headers()) {
        return of_token(app, &token).await;
    }
    let sent = Sent::read(app, request).await?;
    let token = sent.write_key();
    request.extensions_mut().insert(sent);
    match token {
        Some(token) => of_token(app, &token).await,
        None => Ok(Found::Nobody),
    }
}

async fn of_token(app: &App, token: &str) -> Result<Found, Error> {
    let now = app.now();
    let found = app.store().find_key(&hash(token)).await?;
    let (workspace, key) = found.ok_or_else(Error::unauthorized)?;
    let scopes = key.scopes.iter().filter_map(|name| Scope::named(name)).collect();
    let workspace = app.store().find_workspace(&workspace).await?;
    let workspace = workspace.ok_or_else(Error::unauthorized)?;
    if key.used_at.is_none_or(|at| now - at >= NEARBY) {
        workspace.use_key(&key.id, now).await?;
    }
    Ok(Found::Key { workspace, id: key.id, scopes })
}

/// A key as a bearer token, or as the name of basic authentication, as the SDKs of Segment send it.
fn presented(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (kind, rest) = text.split_once(' ')?;
    if kind.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !kind.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    Some(decoded.split_once(':').map_or(&*decoded, |(name, _)| name).to_owned())
}

/// A cookie by its name.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// The workspace that a user means: the one that is named, or the first that the user is in.
async fn of_user(
    app: &App,
    user: &str,
    headers: &HeaderMap,
) -> Result<(Workspace, Option<Role>), Error> {
    let named = headers.get(WORKSPACE).and_then(|value| value.to_str().ok());
    let memberships = app.store().memberships(user).await?;
    let meant = match named {
        Some(named) => memberships.iter().find(|it| it.workspace == named),
        None => memberships.first(),
    };
    let Some(membership) = meant else {
        return Err(match named {
            Some(named) => Error::not_found("workspace", named),
            None => Error::forbidden("you are in no workspace; ask an admin to invite you"),
        });
    };
    let workspace = app.store().find_workspace(&membership.workspace).await?;
    let workspace =
        workspace.ok_or_else(|| Error::not_found("workspace", &membership.workspace))?;
    Ok((workspace, Role::named(&membership.role)))
}

impl<S: Send + Sync> FromRequestParts<S> for Inside {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            Error::Internal(anyhow::anyhow!(
                "{} needs no right, and asks for a workspace",
                parts.uri
            ))
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Error::unauthorized)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Error> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("{} is no route of ours", parts.uri)))
    }
}
