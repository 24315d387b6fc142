//! What customers tell, in: answers and complaints, each stored once or kept aside with the reason.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use engine::import::hash;
use engine::lake::{Keys, Refusal};
use jiff::tz::TimeZone;
use model::moment::moment;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{About, Complaint, Person, Receipt, Refused, Request, Response};
use utoipa::ToSchema;

use crate::access::Inside;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::extract::Json;

/// Answers of customers, in the order in which they count.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Responses {
    /// At most 5,000. One that cannot be used is kept aside with the reason, and the others are stored.
    #[schema(value_type = Vec<NewResponse>)]
    responses: Vec<Value>,
}

/// Complaints of customers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Complaints {
    /// At most 5,000. One that cannot be used is kept aside with the reason, and the others are stored.
    #[schema(value_type = Vec<NewComplaint>)]
    complaints: Vec<Value>,
}

/// One answer to one question; with a score, a comment, or at least the moment when somebody was asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewResponse {
    /// The same id again is the same answer.
    id: Option<String>,
    /// As events carry it. Left out: anonymous, and then only the day of a time is kept.
    customer_id: Option<String>,
    /// RFC 3339, or a date.
    at: Option<String>,
    /// The id that the journey document gives itself; left out: of any journey.
    journey: Option<String>,
    /// Left out: the journey as a whole.
    touchpoint: Option<String>,
    /// Such as `nps`, `csat`, `ces`.
    question: String,
    score: Option<f64>,
    comment: Option<String>,
    /// RFC 3339, or a date: when the customer was asked for it.
    invited_at: Option<String>,
    /// Texts, numbers and yes or no, by name.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    attributes: BTreeMap<String, Value>,
}

/// What a customer complained of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewComplaint {
    /// The same id again is the same complaint.
    id: Option<String>,
    /// As events carry it. Left out: anonymous, and then only the day of a time is kept.
    customer_id: Option<String>,
    /// RFC 3339, or a date.
    at: Option<String>,
    /// The id that the journey document gives itself; left out: of any journey.
    journey: Option<String>,
    /// Left out: nobody said.
    touchpoint: Option<String>,
    /// As the organisation graded it, 1 to 5.
    severity: Option<f64>,
    text: String,
    /// Texts, numbers and yes or no, by name.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    attributes: BTreeMap<String, Value>,
}

/// What became of what was sent; it is durable.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Taken {
    accepted: u64,
    /// Known by their ids.
    duplicate: u64,
    /// Kept aside with the reason.
    quarantined: u64,
}

/// As many as one request may bring.
const MOST: usize = 5000;
const MOST_ATTRIBUTES: usize = 50;
const LONGEST_NAME: usize = 200;
const LONGEST_VALUE: usize = 1000;
const LONGEST_TEXT: usize = 10_000;

/// Answers of customers, in.
#[utoipa::path(post, path = "/api/v1/responses", tag = "collection", request_body = Responses,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key again is the same request.")),
    responses((status = 202, body = Taken), (status = 400, body = crate::error::Told),
        (status = 409, body = crate::error::Told), (status = 413, body = crate::error::Told),
        (status = 429, body = crate::error::Told), (status = 507, body = crate::error::Told)))]
pub(crate) async fn take_responses(
    State(app): State<App>,
    inside: Inside,
    headers: HeaderMap,
    Json(body): Json<Responses>,
) -> Result<(StatusCode, Json<Taken>)> {
    let mut request = begin("responses", &headers, &body.responses)?;
    let keys = Keys::new(inside.workspace.key());
    for (position, value) in (1..).zip(body.responses) {
        match response(&value, keys) {
            Ok(response) => request.responses.push(response),
            Err(reason) => request.refused.push(refused("responses", position, reason, &value)),
        }
    }
    store(&app, &inside, request).await
}

/// Complaints of customers, in.
#[utoipa::path(post, path = "/api/v1/complaints", tag = "collection", request_body = Complaints,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key again is the same request.")),
    responses((status = 202, body = Taken), (status = 400, body = crate::error::Told),
        (status = 409, body = crate::error::Told), (status = 413, body = crate::error::Told),
        (status = 429, body = crate::error::Told), (status = 507, body = crate::error::Told)))]
pub(crate) async fn take_complaints(
    State(app): State<App>,
    inside: Inside,
    headers: HeaderMap,
    Json(body): Json<Complaints>,
) -> Result<(StatusCode, Json<Taken>)> {
    let mut request = begin("complaints", &headers, &body.complaints)?;
    let keys = Keys::new(inside.workspace.key());
    for (position, value) in (1..).zip(body.complaints) {
        match complaint(&value, keys) {
            Ok(complaint) => request.complaints.push(complaint),
            Err(reason) => request.refused.push(refused("complaints", position, reason, &value)),
        }
    }
    store(&app, &inside, request).await
}

fn begin(what: &str, headers: &HeaderMap, values: &[Value]) -> Result<Request> {
    if values.len() > MOST {
        let message = format!("{} {what} in one request; send at most {MOST}", values.len());
        return Err(Error::new(Code::TooLarge, message).at(format!("/{what}")));
    }
    let key = headers.get("idempotency-key").map(|key| key.to_str().unwrap_or_default());
    if key.is_some_and(|key| key.is_empty() || key.len() > LONGEST_NAME) {
        let message = format!("a key has 1 to {LONGEST_NAME} visible characters");
        return Err(Error::invalid(message).at("Idempotency-Key"));
    }
    let body = serde_json::to_vec(values).map_err(|cause| Error::Internal(cause.into()))?;
    let mut digest = Sha256::new();
    digest.update(what);
    digest.update(body);
    Ok(Request {
        idempotency_key: key.map(str::to_owned),
        body_hash: digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
        ..Request::default()
    })
}

async fn store(app: &App, inside: &Inside, request: Request) -> Result<(StatusCode, Json<Taken>)> {
    let open = app.lake(&inside.workspace).await?;
    let receipt = open.ingest.append(request).await.map_err(not_taken)?;
    let Receipt { accepted, duplicate, quarantined } = receipt;
    Ok((StatusCode::ACCEPTED, Json(Taken { accepted, duplicate, quarantined })))
}

fn not_taken(refusal: Refusal) -> Error {
    let Refusal::Stored(cause) = &refusal else {
        return Error::new(Code::Busy, refusal.to_string());
    };
    match &**cause {
        store::Error::Caller(message) => Error::invalid(message),
        store::Error::Conflict(message) => Error::new(Code::Conflict, message),
        full if full.is_full() => Error::new(Code::Full, full.to_string()),
        _ => Error::Internal(refusal.into()),
    }
}

fn refused(source: &str, line: u64, reason: String, value: &Value) -> Refused {
    let row = value.to_string();
    Refused {
        id: uuid::Uuid::now_v7().to_string(),
        source: source.to_owned(),
        form: String::new(),
        line,
        reason,
        row: row.chars().take(4 * LONGEST_TEXT).collect(),
    }
}

fn response(value: &Value, keys: Keys) -> Result<Response, String> {
    let NewResponse {
        id,
        customer_id,
        at,
        journey,
        touchpoint,
        question,
        score,
        comment,
        invited_at,
        attributes,
    } = read(value)?;
    let is_anonymous = customer_id.as_deref().is_none_or(|id| id.trim().is_empty());
    let mut about = about((id, customer_id, journey, touchpoint), keys, "responses")?;
    about.at = micros("at", at, is_anonymous)?;
    about.attributes = texts(attributes)?;
    let comment = long("comment", comment)?;
    let invited_at = micros("invited_at", invited_at, is_anonymous)?;
    if score.is_none() && comment.is_none() && invited_at.is_none() {
        return Err(
            "it has no score, no comment and no `invited_at`, so nothing is said".to_owned()
        );
    }
    let question = name("question", Some(question))?.ok_or("it has no question")?;
    Ok(Response { about, question, score, comment, invited_at })
}

fn complaint(value: &Value, keys: Keys) -> Result<Complaint, String> {
    let NewComplaint { id, customer_id, at, journey, touchpoint, severity, text, attributes } =
        read(value)?;
    let is_anonymous = customer_id.as_deref().is_none_or(|id| id.trim().is_empty());
    let mut about = about((id, customer_id, journey, touchpoint), keys, "complaints")?;
    about.at = micros("at", at, is_anonymous)?;
    about.attributes = texts(attributes)?;
    if severity.is_some_and(|severity| !(1.0..=5.0).contains(&severity)) {
        return Err("`severity` is from 1 to 5".to_owned());
    }
    let text = long("text", Some(text))?.ok_or("it has no text")?;
    Ok(Complaint { about, severity, text })
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, String> {
    // One of the databases has no such character.
    if value.to_string().contains("\\u0000") {
        return Err("it holds the character U+0000; take it out".to_owned());
    }
    serde_json::from_value(value.clone()).map_err(|cause| cause.to_string())
}

type Named = (Option<String>, Option<String>, Option<String>, Option<String>);

fn about(
    (id, customer_id, journey, touchpoint): Named,
    keys: Keys,
    source: &str,
) -> Result<About, String> {
    let person = name("customer_id", customer_id)?
        .map(|id| Person { key: keys.of(hash(id.as_bytes())), id });
    Ok(About {
        id: name("id", id)?,
        person,
        journey: name("journey", journey)?,
        touchpoint: name("touchpoint", touchpoint)?,
        source: source.to_owned(),
        ..About::default()
    })
}

/// A short text without the spaces around it; nothing when nothing is left.
fn name(field: &str, text: Option<String>) -> Result<Option<String>, String> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.len() > LONGEST_NAME => {
            Err(format!("`{field}` is longer than {LONGEST_NAME} bytes"))
        }
        text => Ok(text),
    }
}

fn long(field: &str, text: Option<String>) -> Result<Option<String>, String> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > LONGEST_TEXT => {
            Err(format!("`{field}` is longer than {LONGEST_TEXT} characters"))
        }
        text => Ok(text),
    }
}

const DAY: i64 = 86_400_000_000;
/// The year 2100; what comes later is a unit that was taken for another.
const LAST: i64 = 4_102_444_800_000_000;

/// µs of a time; of somebody who is anonymous only the day.
fn micros(field: &str, text: Option<String>, is_anonymous: bool) -> Result<Option<i64>, String> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let at = moment(text.trim(), &TimeZone::UTC).map(jiff::Timestamp::as_microsecond);
    let at = at.filter(|at| (0..LAST).contains(at)).ok_or_else(|| {
        format!("`{field}` is no time from 1970 to 2100; write one as 2026-03-01T12:00:00Z")
    })?;
    Ok(Some(if is_anonymous { at - at.rem_euclid(DAY) } else { at }))
}

/// A JSON object of texts; what is not told is left out.
fn texts(attributes: BTreeMap<String, Value>) -> Result<Option<String>, String> {
    if attributes.len() > MOST_ATTRIBUTES {
        return Err(format!("it has more than {MOST_ATTRIBUTES} attributes"));
    }
    let mut texts = BTreeMap::new();
    for (name, value) in attributes {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(is) => is.to_string(),
            Value::Array(_) | Value::Object(_) => {
                return Err(format!("the attribute `{name}` is a list or an object; send texts"));
            }
        };
        if name.len() > LONGEST_NAME || text.len() > LONGEST_VALUE {
            return Err(format!("the attribute `{name}` is too long"));
        }
        if !text.is_empty() {
            texts.insert(name, text);
        }
    }
    let json = || serde_json::to_string(&texts).map_err(|cause| cause.to_string());
    (!texts.is_empty()).then(json).transpose()
}
