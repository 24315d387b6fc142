//! Endpoints of others that are told what happens here: Standard Webhooks, signed, in order, again until they are taken.

mod deliver;
mod signature;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use store::{News, Webhook, WebhookChange};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result, Told};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};
use crate::permissions::Right;
use crate::routes::Routes;

pub(crate) use deliver::{KIND, ask_for_all};

/// Everything that an endpoint may be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) enum Happening {
    /// A standard that was not defective is, by its whole interval.
    #[serde(rename = "standard.defective")]
    StandardDefective,
    /// A standard that was defective meets its promise again, by its whole interval.
    #[serde(rename = "standard.recovered")]
    StandardRecovered,
    #[serde(rename = "finding.new")]
    FindingNew,
    /// A finding that was resolved was found again.
    #[serde(rename = "finding.reopened")]
    FindingReopened,
    /// Somebody changed the state or the owner of a finding.
    #[serde(rename = "finding.changed")]
    FindingChanged,
}

impl Happening {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::StandardDefective => "standard.defective",
            Self::StandardRecovered => "standard.recovered",
            Self::FindingNew => "finding.new",
            Self::FindingReopened => "finding.reopened",
            Self::FindingChanged => "finding.changed",
        }
    }

    /// The same with what it happened to, as an endpoint is told.
    pub(crate) fn news(self, now: i64, data: &serde_json::Value) -> News {
        news(self.name(), now, data)
    }
}

fn news(event: &str, now: i64, data: &serde_json::Value) -> News {
    let body = serde_json::json!({ "type": event, "timestamp": moment(now), "data": data });
    News { event: event.to_owned(), body: body.to_string() }
}

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .right(Right::ManageWorkspace, routes!(webhooks, create_webhook))
        .right(Right::ManageWorkspace, routes!(webhook, change_webhook, remove_webhook))
        .right(Right::ManageWorkspace, routes!(test_webhook))
        .right(Right::ManageWorkspace, routes!(deliveries))
        .right(Right::ManageWorkspace, routes!(replay_delivery))
}

/// An endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Endpoint {
    id: String,
    url: String,
    events: Vec<String>,
    created_by: String,
    created_at: String,
    /// Since when nothing came through; absent: it works.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<String>,
    /// Absent: it is told what happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_why: Option<String>,
    /// What signs; shown once, when the endpoint is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// An endpoint to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEndpoint {
    /// `https://…`; an address that everybody may reach, or one that the setting `outbound_allow` names.
    url: String,
    events: Vec<Happening>,
}

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndpointChange {
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    events: Option<Vec<Happening>>,
    /// An endpoint that is enabled again is told what happened before it was disabled and did not come through.
    #[serde(default)]
    enabled: Option<bool>,
}

/// One thing that an endpoint was told, or is to be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delivery {
    id: String,
    /// The header `webhook-id`; the same whenever it is delivered again.
    message: String,
    event: String,
    created_at: String,
    attempts: u64,
    tried_at: Option<String>,
    /// Of the last answer.
    status: Option<u16>,
    failure: Option<String>,
    delivered_at: Option<String>,
    /// As it is sent.
    body: String,
}

/// Endpoints that are told what happens.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", params(Asked),
    responses((status = 200, body = Page<Endpoint>), (status = 403, body = Told)))]
pub(crate) async fn webhooks(
    inside: Inside,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<Endpoint>>> {
    let found = inside.workspace.webhooks(asked.after(), asked.limit()?).await?;
    Ok(Json(asked.page(found, |it| it.id.clone(), endpoint)?))
}

/// Takes up an endpoint. The answer alone shows its secret.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = NewEndpoint,
    responses((status = 201, body = Endpoint), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn create_webhook(
    State(app): State<App>,
    inside: Inside,
    Json(new): Json<NewEndpoint>,
) -> Result<impl IntoResponse> {
    let webhook = Webhook {
        id: uuid::Uuid::now_v7().to_string(),
        url: checked(&app, &new.url)?,
        events: names(&new.events)?,
        created_by: inside.caller.name(),
        created_at: app.now(),
        failing_since: None,
        failures: 0,
        disabled_at: None,
        disabled_why: None,
    };
    let secret = secret()?;
    inside.workspace.create_webhook(&webhook, &secret, &inside.deed(app.now())).await?;
    let shown = Endpoint { secret: Some(secret), ..endpoint(webhook) };
    Ok((StatusCode::CREATED, Json(shown)))
}

/// An endpoint.
#[utoipa::path(get, path = "/api/v1/webhooks/{webhook}", tag = "webhooks", params(("webhook" = String, Path)),
    responses((status = 200, body = Endpoint), (status = 403, body = Told), (status = 404, body = Told)))]
pub(crate) async fn webhook(inside: Inside, Path(id): Path<String>) -> Result<Json<Endpoint>> {
    let found = inside.workspace.find_webhook(&id).await?;
    found.map(endpoint).map(Json).ok_or_else(|| absent(&id))
}

/// Changes an endpoint, disables it or enables it again.
#[utoipa::path(patch, path = "/api/v1/webhooks/{webhook}", tag = "webhooks", params(("webhook" = String, Path)),
    request_body = EndpointChange,
    responses((status = 204), (status = 400, body = Told), (status = 403, body = Told), (status = 404, body = Told)))]
pub(crate) async fn change_webhook(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(change): Json<EndpointChange>,
) -> Result<StatusCode> {
    let change = WebhookChange {
        url: change.url.map(|url| checked(&app, &url)).transpose()?,
        events: change.events.map(|events| names(&events)).transpose()?,
        is_enabled: change.enabled,
    };
    if !inside.workspace.change_webhook(&id, &change, &inside.deed(app.now())).await? {
        return Err(absent(&id));
    }
    app.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an endpoint away, with everything that it was to be told.
#[utoipa::path(delete, path = "/api/v1/webhooks/{webhook}", tag = "webhooks", params(("webhook" = String, Path)),
    responses((status = 204), (status = 403, body = Told), (status = 404, body = Told)))]
pub(crate) async fn remove_webhook(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    match inside.workspace.remove_webhook(&id, &inside.deed(app.now())).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(absent(&id)),
    }
}

/// Tells an endpoint `webhook.test`, to see whether it listens.
#[utoipa::path(post, path = "/api/v1/webhooks/{webhook}/test", tag = "webhooks", params(("webhook" = String, Path)),
    responses((status = 202), (status = 403, body = Told), (status = 404, body = Told)))]
pub(crate) async fn test_webhook(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    let news = news("webhook.test", app.now(), &serde_json::json!({ "webhook": id }));
    if !inside.workspace.tell_webhook(&id, &news, &inside.deed(app.now())).await? {
        return Err(absent(&id));
    }
    app.wake();
    Ok(StatusCode::ACCEPTED)
}

/// What an endpoint was told and is to be told, newest first.
#[utoipa::path(get, path = "/api/v1/webhooks/{webhook}/deliveries", tag = "webhooks",
    params(("webhook" = String, Path), Asked),
    responses((status = 200, body = Page<Delivery>), (status = 403, body = Told), (status = 404, body = Told)))]
pub(crate) async fn deliveries(
    inside: Inside,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<Delivery>>> {
    if inside.workspace.find_webhook(&id).await?.is_none() {
        return Err(absent(&id));
    }
    let before = match asked.after() {
        "" => i64::MAX,
        text => text
            .parse()
            .map_err(|_| Error::invalid("`after` is the `next` of a page before").at("after"))?,
    };
    let found = inside.workspace.deliveries(&id, before, asked.limit()?).await?;
    Ok(Json(asked.page(found, |it| it.seq.to_string(), delivery)?))
}

/// Tells an endpoint again what it was told.
#[utoipa::path(post, path = "/api/v1/webhooks/{webhook}/deliveries/{delivery}/replay", tag = "webhooks",
    params(("webhook" = String, Path), ("delivery" = String, Path)),
    responses((status = 202), (status = 403, body = Told), (status = 404, body = Told)))]
pub(crate) async fn replay_delivery(
    State(app): State<App>,
    inside: Inside,
    Path((webhook, delivery)): Path<(String, String)>,
) -> Result<StatusCode> {
    if !inside.workspace.replay(&webhook, &delivery, &inside.deed(app.now())).await? {
        return Err(Error::not_found("delivery", &delivery));
    }
    app.wake();
    Ok(StatusCode::ACCEPTED)
}

fn absent(id: &str) -> Error {
    Error::not_found("webhook", id)
}

fn checked(app: &App, url: &str) -> Result<String> {
    let url = app.outbound().check(url).map_err(|why| Error::invalid(why).at("/url"))?;
    Ok(url.into())
}

fn names(events: &[Happening]) -> Result<Vec<String>> {
    if events.is_empty() {
        return Err(Error::invalid("an endpoint is told of one event at least").at("/events"));
    }
    let mut names: Vec<String> = events.iter().map(|event| event.name().to_owned()).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// 256 bits as Standard Webhooks writes them.
fn secret() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|cause| Error::Internal(cause.into()))?;
    Ok(format!("{}{}", signature::PREFIX, STANDARD.encode(bytes)))
}

fn endpoint(webhook: Webhook) -> Endpoint {
    Endpoint {
        id: webhook.id,
        url: webhook.url,
        events: webhook.events,
        created_by: webhook.created_by,
        created_at: moment(webhook.created_at),
        failing_since: webhook.failing_since.map(moment),
        disabled_at: webhook.disabled_at.map(moment),
        disabled_why: webhook.disabled_why,
        secret: None,
    }
}

fn delivery(it: store::Delivery) -> Delivery {
    Delivery {
        id: it.id,
        message: it.message,
        event: it.event,
        created_at: moment(it.created_at),
        attempts: it.attempts,
        tried_at: it.tried_at.map(moment),
        status: it.status,
        failure: it.failure,
        delivered_at: it.delivered_at.map(moment),
        body: it.body,
    }
}

#[cfg(test)]
mod tests {
    use super::Happening;

    #[test]
    fn a_happening_is_called_the_same_everywhere() {
        use Happening::{
            FindingChanged, FindingNew, FindingReopened, StandardDefective, StandardRecovered,
        };
        for it in
            [StandardDefective, StandardRecovered, FindingNew, FindingReopened, FindingChanged]
        {
            assert_eq!(serde_json::to_value(it).unwrap(), it.name());
        }
    }
}
