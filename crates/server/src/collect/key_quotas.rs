//! What a key may send, as admins see and set it.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};

/// How much a key may send.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quota {
    /// Events a minute; 0: any number.
    #[schema(maximum = 1000000000)]
    events_a_minute: u32,
}

/// How much a key may send, if that was said of this key.
#[utoipa::path(get, path = "/api/v1/keys/{key}/quota", tag = "collection", params(("key" = String, Path)),
    responses((status = 200, body = Quota), (status = 404, body = crate::error::Told)))]
pub(crate) async fn quota(inside: Inside, Path(key): Path<String>) -> Result<Json<Quota>> {
    let said = inside.workspace.quota(&key).await?;
    let said = said.ok_or_else(|| Error::not_found("the quota of the key", &key))?;
    Ok(Json(Quota { events_a_minute: u32::try_from(said).unwrap_or(u32::MAX) }))
}

/// Says how much a key may send from now on.
#[utoipa::path(put, path = "/api/v1/keys/{key}/quota", tag = "collection", params(("key" = String, Path)),
    request_body = Quota, responses((status = 200, body = Quota), (status = 404, body = crate::error::Told)))]
pub(crate) async fn set_quota(
    State(app): State<App>,
    inside: Inside,
    Path(key): Path<String>,
    Json(quota): Json<Quota>,
) -> Result<Json<Quota>> {
    let (events, now) = (u64::from(quota.events_a_minute), app.now());
    if !inside.workspace.set_quota(&key, events, &inside.deed(now)).await? {
        return Err(Error::not_found("key", &key));
    }
    app.quotas().set(&key, events, now);
    Ok(Json(quota))
}
