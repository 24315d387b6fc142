//! One's own sessions: where one is signed in.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::SignedIn;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::moment::moment;

#[derive(Serialize, ToSchema)]
pub(crate) struct Session {
    id: String,
    created_at: String,
    seen_at: String,
    expires_at: String,
    /// The address from which it was begun.
    origin: String,
    /// The one that asks.
    is_this: bool,
}

/// Every session of mine that is alive, the one that was seen last first; at most 200.
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "people", responses((status = 200, body = Vec<Session>)))]
pub(crate) async fn my_sessions(
    State(app): State<App>,
    signed_in: SignedIn,
) -> Result<Json<Vec<Session>>> {
    let all = app.store().sessions(&signed_in.user, app.now(), app.seen_after()).await?;
    let shown = all.into_iter().map(|session| Session {
        id: session.id().to_owned(),
        created_at: moment(session.created_at),
        seen_at: moment(session.seen_at),
        expires_at: moment(session.expires_at),
        is_this: session.token_hash == signed_in.token_hash,
        origin: session.origin,
    });
    Ok(Json(shown.collect()))
}

/// End one of my sessions.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{session}", tag = "people", params(("session" = String, Path)),
    responses((status = 204), (status = 404, body = crate::error::Told)))]
pub(crate) async fn end_my_session(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(session): Path<String>,
) -> Result<StatusCode> {
    let deed = signed_in.deed(app.now());
    if app.store().end_session(&signed_in.user, &session, &deed).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Error::not_found("session", &session))
}

/// End every session of mine but the one that asks.
#[utoipa::path(delete, path = "/api/v1/me/sessions", tag = "people", responses((status = 204)))]
pub(crate) async fn end_my_other_sessions(
    State(app): State<App>,
    signed_in: SignedIn,
) -> Result<StatusCode> {
    let deed = signed_in.deed(app.now());
    app.store().end_other_sessions(&signed_in.user, &signed_in.token_hash, &deed).await?;
    Ok(StatusCode::NO_CONTENT)
}
