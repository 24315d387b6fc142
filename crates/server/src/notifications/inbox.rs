//! What a user was told in a workspace.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::{Caller, Inside};
use crate::app::App;
use crate::error::{Error, Result, Told};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};

/// Something that the user was told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Notification {
    id: String,
    topic: String,
    /// What it is about: `finding:ID`, `standard:JOURNEY/ID`, `webhook:ID`.
    object: String,
    sentence: String,
    at: String,
    read_at: Option<String>,
}

/// How many are not read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Unread {
    count: u64,
}

/// Which notifications.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Those alone that are not read.
    #[serde(default)]
    unread: bool,
    /// `next` of the page before; left out: from the newest on.
    #[serde(default)]
    after: Option<String>,
    /// At most so many, 1 to 500; left out: 100.
    #[serde(default)]
    limit: Option<u32>,
}

/// Up to where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpTo {
    /// The newest notification that the user has seen.
    up_to: String,
}

/// Who asks; a key is nobody and is told nothing.
pub(super) fn user(inside: &Inside) -> Result<&str> {
    match &inside.caller {
        Caller::User { id, .. } => Ok(id),
        _ => Err(Error::invalid("a key is nobody, and is told nothing; sign in for this")),
    }
}

/// What the user who asks was told, newest first.
#[utoipa::path(get, path = "/api/v1/notifications", tag = "notifications", params(Which),
    responses((status = 200, body = Page<Notification>), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn notifications(
    inside: Inside,
    Query(which): Query<Which>,
) -> Result<Json<Page<Notification>>> {
    let asked = Asked { after: which.after, limit: which.limit };
    let user = user(&inside)?;
    let found = inside.workspace.inbox(user, which.unread, asked.after(), asked.limit()?).await?;
    Ok(Json(asked.page(found, |it| it.id.clone(), notification)?))
}

/// How many notifications the user who asks has not read.
#[utoipa::path(get, path = "/api/v1/notifications/unread", tag = "notifications",
    responses((status = 200, body = Unread), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn unread(inside: Inside) -> Result<Json<Unread>> {
    Ok(Json(Unread { count: inside.workspace.unread_count(user(&inside)?).await? }))
}

/// The user has read a notification.
#[utoipa::path(post, path = "/api/v1/notifications/{notification}/read", tag = "notifications",
    params(("notification" = String, Path)),
    responses((status = 204), (status = 400, body = Told), (status = 403, body = Told), (status = 404, body = Told)))]
pub(crate) async fn read_notification(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    match inside.workspace.mark_read(user(&inside)?, &id, app.now()).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Error::not_found("notification", &id)),
    }
}

/// The user has read everything up to a notification.
#[utoipa::path(post, path = "/api/v1/notifications/read", tag = "notifications", request_body = UpTo,
    responses((status = 204), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn read_all_notifications(
    State(app): State<App>,
    inside: Inside,
    Json(read): Json<UpTo>,
) -> Result<StatusCode> {
    inside.workspace.mark_all_read(user(&inside)?, &read.up_to, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn notification(it: store::Notification) -> Notification {
    Notification {
        id: it.id,
        topic: it.kind,
        object: it.object,
        sentence: it.sentence,
        at: moment(it.at),
        read_at: it.read_at.map(moment),
    }
}
