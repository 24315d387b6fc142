//! Where events and design do not meet: activities that no touchpoint binds, and touchpoints that no event reaches.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::asking::{Asking, Nothing, Question};
use super::measured::measured;
use crate::access::Inside;
use crate::app::App;
use crate::error::Result;
use crate::extract::{Json, Path};

/// How events and touchpoints meet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Bindings {
    bound: u64,
    unbound: u64,
    /// Most frequent first.
    unbound_activities: Vec<Unbound>,
    /// Ids of touchpoints that bind events of which none came, in document order.
    without_events: Vec<String>,
    /// Ids of touchpoints that bind no event at all, in document order.
    without_bindings: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Unbound {
    activity: String,
    count: u64,
}

/// Activities without a touchpoint, and touchpoints without events.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/bindings", tag = "measures",
    params(("id" = String, Path, description = "The journey"), Question),
    responses((status = 200, body = Bindings), (status = 400, body = crate::error::Told),
        (status = 404, body = crate::error::Told), (status = 409, body = crate::error::Told),
        (status = 429, body = crate::error::Told)))]
pub(crate) async fn bindings(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    asking: Asking<Nothing>,
) -> Result<Json<Bindings>> {
    let measured = measured(&app, &inside.workspace, &id, &asking.question).await?;
    let (journey, report) = (&measured.journey, &measured.report);
    let has_bindings =
        |id: &str| journey.touchpoints().any(|(_, it)| it.id == id && !it.events.is_empty());
    let without = |bound: bool| {
        let quiet = report.touchpoints.iter().filter(|it| it.visits == 0);
        quiet.filter(|it| has_bindings(&it.id) == bound).map(|it| it.id.clone()).collect()
    };
    let unbound = report.events.unbound_activities.iter();
    let unbound = unbound.map(|it| Unbound { activity: it.activity.clone(), count: it.count });
    Ok(Json(Bindings {
        bound: report.events.bound,
        unbound: report.events.unbound,
        unbound_activities: unbound.collect(),
        without_events: without(true),
        without_bindings: without(false),
    }))
}
