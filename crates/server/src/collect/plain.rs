//! Events in the words of our event files: `customer_id`, `at`, `activity`, `channel`, `event_id`; everything else is an
//! attribute.

use axum::extract::State;
use serde_json::Value;

use super::attributes::Attributes;
use super::body::Sent;
use super::door::{Sender, Told, take};
use super::happened::{Happened, moment, text, word};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::Json;

/// By which a refused row is known to be one of these.
pub(crate) const FORM: &str = "events";

/// The words that are no attributes.
const OWN: [&str; 6] = ["customer_id", "at", "activity", "channel", "event_id", "attributes"];

/// Events as `{"events":[{"customer_id":"…","at":"…","activity":"…","channel":"…","event_id":"…","attributes":{…}}]}`.
/// `channel`, `event_id` and `attributes` may be left out; an event with an id counts once, however often it is sent.
#[utoipa::path(post, path = "/api/v1/events", tag = "collection", request_body = serde_json::Value,
    responses((status = 200, body = Told), (status = 400, body = crate::error::Told),
        (status = 401, body = crate::error::Told), (status = 403, body = crate::error::Told),
        (status = 409, body = crate::error::Told), (status = 413, body = crate::error::Told),
        (status = 429, body = crate::error::Told), (status = 507, body = crate::error::Told)))]
pub(crate) async fn send_events(
    State(app): State<App>,
    inside: Inside,
    sent: Sent,
) -> Result<Json<Told>> {
    let mut body = sent.json()?;
    let Some(Value::Array(events)) = body.get_mut("events").map(Value::take) else {
        return Err(Error::invalid("the events are a list").at("/events"));
    };
    let source = inside.source();
    let sender =
        Sender { workspace: &inside.workspace, source: &source, key: inside.key(), form: FORM };
    take(&app, sender, &sent, &events, happened).await.map(Json)
}

/// The event that an object says, or why it says none.
pub(crate) fn happened(value: &Value) -> Result<Happened, String> {
    let Some(object) = value.as_object() else {
        return Err("the event is no JSON object".to_owned());
    };
    let said = |name: &str| text(object.get(name), name);
    let needed = |name: &str| said(name)?.ok_or_else(|| format!("the event has no `{name}`"));
    let mut attributes = Attributes::default();
    if let Some(inner) = object.get("attributes") {
        attributes.add_all("", inner);
    }
    for (name, value) in object.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
        attributes.add_one(name, value);
    }
    Ok(Happened {
        customer: word(&needed("customer_id")?)?,
        at: moment(&needed("at")?)?,
        activity: word(&needed("activity")?)?,
        channel: said("channel")?.map(|it| word(&it)).transpose()?,
        event_id: said("event_id")?.map(|it| word(&it)).transpose()?,
        attributes,
    })
}
