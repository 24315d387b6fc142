//! Webhooks of others: made with a secret and a mapping, tried out on a sample, sent to, closed.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Hook;
use utoipa::ToSchema;

use super::body::Sent;
use super::door::{Sender, Told, take};
use super::hook_mapping::HookMapping;
use super::signature::{Signature, key_of};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::once::ShownOnce;
use crate::page::{Asked, Page};

/// A door for somebody's webhooks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HookTold {
    id: String,
    name: String,
    signature: Signature,
    mapping: HookMapping,
    /// Where requests go.
    path: String,
    created_by: String,
    created_at: String,
    ended_at: Option<String>,
    /// What requests are signed with: told once, when the door is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

fn told(hook: Hook) -> Result<HookTold> {
    let mapping = mapping(&hook)?;
    Ok(HookTold {
        mapping,
        signature: Signature::named(&hook.signature).unwrap_or(Signature::Standard),
        path: format!("/v1/hooks/{}", hook.id),
        id: hook.id,
        name: hook.name,
        created_by: hook.created_by,
        created_at: moment(hook.created_at),
        ended_at: hook.ended_at.map(moment),
        secret: None,
    })
}

/// Which part of a body is what.
pub(crate) fn mapping(hook: &Hook) -> Result<HookMapping> {
    serde_json::from_str(&hook.mapping).map_err(|cause| Error::Internal(cause.into()))
}

/// Doors for webhooks, closed ones among them.
#[utoipa::path(get, path = "/api/v1/hooks", tag = "collection", params(Asked),
    responses((status = 200, body = Page<HookTold>)))]
pub(crate) async fn hooks(
    inside: Inside,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<HookTold>>> {
    let hooks = inside.workspace.hooks(asked.after(), asked.limit()?).await?;
    let page = asked.page(hooks, |it| it.id.clone(), told)?;
    let items = page.items.into_iter().collect::<Result<_>>()?;
    Ok(Json(Page { items, next: page.next }))
}

/// A door that shall be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHook {
    name: String,
    signature: Signature,
    /// What requests are signed with; left out: one is made here.
    #[serde(default)]
    secret: Option<String>,
    mapping: HookMapping,
}

/// Makes a door for webhooks.
#[utoipa::path(post, path = "/api/v1/hooks", tag = "collection", request_body = NewHook,
    responses((status = 201, body = HookTold), (status = 400, body = crate::error::Told)))]
pub(crate) async fn create_hook(
    State(app): State<App>,
    inside: Inside,
    Json(new): Json<NewHook>,
) -> Result<Response> {
    let name = new.name.trim();
    if name.is_empty() || name.len() > 200 || name.contains('\0') {
        return Err(Error::invalid("a webhook has a name of at most 200 letters").at("name"));
    }
    let secret = new.secret.map_or_else(new_secret, Ok)?;
    let is_key =
        new.signature != Signature::Standard || key_of(&secret).is_some_and(|it| it.len() >= 16);
    if !is_key || !(16..=256).contains(&secret.len()) || secret.contains('\0') {
        let message =
            "a secret has 16 to 256 letters; one of Standard Webhooks is `whsec_` and Base64";
        return Err(Error::invalid(message).at("secret"));
    }
    let hook = Hook {
        id: uuid::Uuid::now_v7().to_string(),
        name: name.to_owned(),
        signature: new.signature.name().to_owned(),
        secret,
        mapping: serde_json::to_string(&new.mapping).map_err(|it| Error::Internal(it.into()))?,
        created_by: inside.source(),
        created_at: app.now(),
        ended_at: None,
    };
    inside.workspace.create_hook(&hook, &inside.deed(app.now())).await?;
    let secret = Some(hook.secret.clone());
    let body = HookTold { secret, ..told(hook)? };
    Ok((StatusCode::CREATED, Extension(ShownOnce), Json(body)).into_response())
}

fn new_secret() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|cause| Error::Internal(cause.into()))?;
    Ok(format!("whsec_{}", STANDARD.encode(bytes)))
}

/// Says anew which part of a body is what.
#[utoipa::path(put, path = "/api/v1/hooks/{hook}/mapping", tag = "collection", params(("hook" = String, Path)),
    request_body = HookMapping,
    responses((status = 200, body = HookTold), (status = 404, body = crate::error::Told)))]
pub(crate) async fn map_hook(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(mapping): Json<HookMapping>,
) -> Result<Json<HookTold>> {
    let text = serde_json::to_string(&mapping).map_err(|it| Error::Internal(it.into()))?;
    let is_there = inside.workspace.map_hook(&id, &text, &inside.deed(app.now())).await?;
    let hook = if is_there { inside.workspace.find_hook(&id).await? } else { None };
    told(hook.ok_or_else(|| Error::not_found("webhook", &id))?).map(Json)
}

/// Closes a door for good.
#[utoipa::path(delete, path = "/api/v1/hooks/{hook}", tag = "collection", params(("hook" = String, Path)),
    responses((status = 204), (status = 404, body = crate::error::Told)))]
pub(crate) async fn end_hook(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    if !inside.workspace.end_hook(&id, &inside.deed(app.now())).await? {
        return Err(Error::not_found("webhook", &id));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A mapping and a body that somebody sends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sample {
    mapping: HookMapping,
    #[schema(value_type = Object)]
    body: Value,
}

/// What one event of a sample would become.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Seen {
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<SeenEvent>,
    /// Why it would be refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

/// An event as it would be stored.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeenEvent {
    customer_id: String,
    at: String,
    activity: String,
    channel: Option<String>,
    event_id: Option<String>,
    #[schema(value_type = Object)]
    attributes: Value,
}

/// What a body would become with a mapping; nothing is stored.
#[utoipa::path(post, path = "/api/v1/hooks/preview", tag = "collection", request_body = Sample,
    responses((status = 200, body = Vec<Seen>), (status = 400, body = crate::error::Told)))]
pub(crate) async fn preview_hook(
    State(app): State<App>,
    _inside: Inside,
    Json(sample): Json<Sample>,
) -> Result<Json<Vec<Seen>>> {
    let Sample { mapping, body } = sample;
    let events = mapping.events(body).map_err(|why| Error::invalid(why).at("/mapping/events"))?;
    let seen = |event| match mapping.happened(event, app.now()) {
        Err(why) => Seen { event: None, refused: Some(why) },
        Ok(it) => {
            let attributes =
                it.attributes.into_json().and_then(|it| serde_json::from_str(&it).ok());
            let event = SeenEvent {
                customer_id: it.customer.into_string(),
                at: moment(it.at),
                activity: it.activity.into_string(),
                channel: it.channel.map(|it| it.into_string()),
                event_id: it.event_id.map(|it| it.into_string()),
                attributes: attributes.unwrap_or_else(|| Value::Object(Default::default())),
            };
            Seen { event: Some(event), refused: None }
        }
    };
    Ok(Json(events.iter().map(seen).collect()))
}

/// A webhook of somebody comes in: signed with the secret of this door.
#[utoipa::path(post, path = "/v1/hooks/{hook}", tag = "collection", params(("hook" = String, Path)),
    request_body = serde_json::Value,
    responses((status = 200, body = Told), (status = 400, body = crate::error::Told),
        (status = 401, body = crate::error::Told), (status = 404, body = crate::error::Told),
        (status = 409, body = crate::error::Told), (status = 429, body = crate::error::Told),
        (status = 507, body = crate::error::Told)))]
pub(crate) async fn receive_hook(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    mut sent: Sent,
) -> Result<Json<Told>> {
    let found = app.store().find_open_hook(&id).await?;
    let (workspace, hook) = found.ok_or_else(|| Error::not_found("webhook", &id))?;
    let signature = Signature::named(&hook.signature);
    let is_right =
        signature.is_some_and(|it| it.is_right(&hook.secret, &headers, sent.bytes(), app.now()));
    if !is_right {
        let message = "the signature is not one of this webhook's secret, or it is too old";
        return Err(Error::new(Code::Unauthorized, message));
    }
    let workspace = app.store().find_workspace(&workspace).await?;
    let workspace = workspace.ok_or_else(|| Error::not_found("webhook", &id))?;
    // Whoever sends a webhook again gives it the same id.
    if signature == Some(Signature::Standard) && sent.idempotency_key.is_none() {
        sent.idempotency_key =
            headers.get("webhook-id").and_then(|it| it.to_str().ok()).map(str::to_owned);
    }
    let mapping = mapping(&hook)?;
    let events = mapping.events(sent.json()?).map_err(Error::invalid)?;
    let source = format!("hook:{id}");
    let sender = Sender { workspace: &workspace, source: &source, key: None, form: &source };
    let now = app.now();
    take(&app, sender, &sent, &events, |event| mapping.happened(event, now)).await.map(Json)
}
