//! CloudEvents 1.0 (<https://github.com/cloudevents/spec>): one in the body, a batch, or one in the headers.
//!
//! `type` is the activity, `subject` or the extension `customerid` the customer, `source` and `id` together the event's id,
//! `data` its attributes; the extension `channel` is its channel.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::attributes::Attributes;
use super::body::Sent;
use super::door::{Sender, Told, take};
use super::happened::{Happened, moment, text, word};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::Json;

/// By which a refused row is known to be one of these.
pub(crate) const FORM: &str = "cloud_events";

/// What is no extension.
const OWN: [&str; 11] = [
    "specversion",
    "id",
    "source",
    "type",
    "time",
    "subject",
    "datacontenttype",
    "dataschema",
    "data",
    "data_base64",
    "customerid",
];

/// CloudEvents 1.0, structured, batched or binary.
#[utoipa::path(post, path = "/v1/events", tag = "collection", request_body = serde_json::Value,
    responses((status = 200, body = Told), (status = 400, body = crate::error::Told),
        (status = 401, body = crate::error::Told), (status = 403, body = crate::error::Told),
        (status = 409, body = crate::error::Told), (status = 413, body = crate::error::Told),
        (status = 429, body = crate::error::Told), (status = 507, body = crate::error::Told)))]
pub(crate) async fn send_cloud_events(
    State(app): State<App>,
    inside: Inside,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Json<Told>> {
    let events = events(&headers, &sent)?;
    let source = inside.source();
    let sender =
        Sender { workspace: &inside.workspace, source: &source, key: inside.key(), form: FORM };
    let now = app.now();
    take(&app, sender, &sent, &events, |event| happened(event, now)).await.map(Json)
}

/// All events of a request, each as the JSON of the structured mode.
fn events(headers: &HeaderMap, sent: &Sent) -> Result<Vec<Value>> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or("");
    let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if kind == "application/cloudevents-batch+json" {
        return match sent.json()? {
            Value::Array(events) => Ok(events),
            _ => Err(Error::invalid("a batch of CloudEvents is a list")),
        };
    }
    if kind == "application/cloudevents+json" {
        return Ok(vec![sent.json()?]);
    }
    if !headers.contains_key("ce-specversion") {
        return Err(Error::invalid(
            "send `Content-Type: application/cloudevents+json`, the batch of it, or headers `ce-…`",
        ));
    }
    let mut event = Map::new();
    for (name, value) in headers {
        if let Some(name) = name.as_str().strip_prefix("ce-") {
            let text = value.to_str().map_err(|_| {
                Error::invalid("a header of a CloudEvent is text").at(format!("ce-{name}"))
            })?;
            event.insert(name.to_owned(), Value::String(unescaped(text)));
        }
    }
    if !sent.bytes().is_empty() && (kind == "application/json" || kind.ends_with("+json")) {
        event.insert("data".to_owned(), sent.json()?);
    }
    Ok(vec![Value::Object(event)])
}

/// The text of a header: `%20` is a space.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|it| std::str::from_utf8(it).ok());
        let byte = hex.and_then(|it| u8::from_str_radix(it, 16).ok());
        match (bytes[at], byte) {
            (b'%', Some(byte)) => {
                plain.push(byte);
                at += 3;
            }
            (byte, _) => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// The event that a CloudEvent says, or why it says none.
pub(crate) fn happened(value: &Value, received_at: i64) -> Result<Happened, String> {
    let Some(object) = value.as_object() else {
        return Err("the event is no JSON object".to_owned());
    };
    let said = |name: &str| text(object.get(name), name);
    let needed = |name: &str| said(name)?.ok_or_else(|| format!("the event has no `{name}`"));
    match &*needed("specversion")? {
        "1.0" => {}
        other => return Err(format!("`{other}` is no version that is known here; send 1.0")),
    }
    let customer = match said("customerid")? {
        Some(customer) => Some(customer),
        None => said("subject")?,
    };
    let customer = customer.ok_or("the event has neither `customerid` nor `subject`")?;
    let mut attributes = Attributes::default();
    if let Some(data) = object.get("data") {
        attributes.add_all("", data);
    }
    for (name, value) in object {
        if !OWN.contains(&name.as_str()) && name != "channel" {
            attributes.add_one(name, value);
        }
    }
    Ok(Happened {
        customer: word(&customer)?,
        at: said("time")?.map_or(Ok(received_at), |it| moment(&it))?,
        activity: word(&needed("type")?)?,
        channel: said("channel")?.map(|it| word(&it)).transpose()?,
        event_id: Some(word(&format!("{} {}", needed("source")?, needed("id")?))?),
        attributes,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{happened, unescaped};

    #[test]
    fn a_cloud_event_is_an_event_or_says_why_not() {
        let told = |text: &str| match happened(&serde_json::from_str(text).unwrap(), 1_000_000) {
            Ok(it) => format!(
                "{} {} {} {:?} {}\n",
                it.customer.as_str(),
                it.at,
                it.activity.as_str(),
                it.event_id.map(|it| it.into_string()),
                it.attributes.into_json().unwrap_or_default()
            ),
            Err(why) => format!("{why}\n"),
        };
        let lines = [
            r#"{"specversion":"1.0","id":"7","source":"/till","type":"com.shop.paid","subject":"ada","data":{"sum":9},"region":"eu"}"#,
            r#"{"specversion":"1.0","id":"7","source":"/till","type":"paid","subject":"order 3","customerid":"ada","time":"1970-01-01T00:00:02Z"}"#,
            r#"{"specversion":"0.3","id":"7","source":"/till","type":"paid","subject":"ada"}"#,
            r#"{"specversion":"1.0","source":"/till","type":"paid","subject":"ada"}"#,
            r#"{"specversion":"1.0","id":"7","source":"/till","type":"paid"}"#,
            "[]",
        ];
        expect![[r#"
            ada 1000000 com.shop.paid Some("/till 7") {"region":"eu","sum":"9"}
            ada 2000000 paid Some("/till 7") 
            `0.3` is no version that is known here; send 1.0
            the event has no `id`
            the event has neither `customerid` nor `subject`
            the event is no JSON object
        "#]]
        .assert_eq(&lines.map(told).concat());
        assert_eq!(unescaped("Euro%20%E2%82%AC %zz %"), "Euro € %zz %");
    }
}
