//! The one door: values that may be events are told apart, what is one is stored, what is none is kept with its reason.

use std::sync::Arc;

use engine::lake::{Keys, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{MOST_EVENTS, Receipt, Refused, Request, Workspace};
use utoipa::ToSchema;

use super::body::Sent;
use super::happened::Happened;
use crate::access::{Caller, Inside};
use crate::app::App;
use crate::error::{Code, Error};
use crate::metrics::Counter;

/// What became of the events of a request. All of it is durable when it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Told {
    /// Stored now.
    accepted: u64,
    /// Stored before, by their ids.
    duplicate: u64,
    /// No events; kept with their reason in the quarantine.
    quarantined: u64,
}

impl From<Receipt> for Told {
    fn from(receipt: Receipt) -> Self {
        let Receipt { accepted, duplicate, quarantined } = receipt;
        Self { accepted, duplicate, quarantined }
    }
}

/// Who sends, and by which door.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sender<'a> {
    pub(crate) workspace: &'a Workspace,
    /// `key:ID`, `hook:ID`.
    pub(crate) source: &'a str,
    /// The key whose quota is used; a webhook has none.
    pub(crate) key: Option<&'a str>,
    /// By which door a refused row may come again.
    pub(crate) form: &'a str,
}

impl Inside {
    /// Where what this caller sends comes from.
    pub(crate) fn source(&self) -> String {
        self.caller.name()
    }

    pub(crate) fn key(&self) -> Option<&str> {
        match &self.caller {
            Caller::Key { id, .. } => Some(id),
            Caller::User { .. } | Caller::Anonymous => None,
        }
    }
}

/// Bytes of a refused row that are kept.
const LONGEST_ROW: usize = 64 * 1024;

/// Stores what of these values are events.
pub(crate) async fn take(
    app: &App,
    sender: Sender<'_>,
    sent: &Sent,
    values: &[Value],
    understand: impl Fn(&Value) -> Result<Happened, String>,
) -> Result<Told, Error> {
    if values.len() > MOST_EVENTS {
        let message = format!(
            "a request has {MOST_EVENTS} events at most, this one {}; send them in parts",
            values.len()
        );
        return Err(Error::new(Code::TooLarge, message));
    }
    let open = app.lake(sender.workspace).await?;
    let keys = open.lake.keys();
    let mut request = sort_out(sender, values, &keys, understand);
    // The same word of two callers is two words.
    request.idempotency_key =
        sent.idempotency_key.as_ref().map(|key| format!("{} {key}", sender.source));
    request.body_hash.clone_from(&sent.hash);
    if let Some(key) = sender.key {
        let otherwise = (app.config().key_events, app.now());
        app.quotas().take((sender.workspace, key), values.len() as u64, otherwise).await?;
    }
    let receipt = open.ingest.append(request).await.map_err(refused)?;
    for (counter, count) in [
        (Counter::EventsAccepted, receipt.accepted),
        (Counter::EventsDuplicate, receipt.duplicate),
        (Counter::EventsQuarantined, receipt.quarantined),
    ] {
        app.metrics().add(counter, count);
    }
    app.keeper().came(sender.workspace.id(), receipt.accepted, app.config().flush_events);
    Ok(receipt.into())
}

fn sort_out(
    sender: Sender<'_>,
    values: &[Value],
    keys: &Keys,
    understand: impl Fn(&Value) -> Result<Happened, String>,
) -> Request {
    let mut request = Request { source: sender.source.to_owned(), ..Request::default() };
    for (line, value) in (1..).zip(values) {
        match understand(value) {
            Ok(happened) => request.events.push(happened.event(keys)),
            Err(reason) => request.refused.push(Refused {
                id: uuid::Uuid::now_v7().to_string(),
                source: sender.source.to_owned(),
                line,
                reason,
                row: row(value),
                form: sender.form.to_owned(),
            }),
        }
    }
    request
}

/// A value as it is kept: text that any database takes. What is cut off is there to be recognised, not to be restored.
fn row(value: &Value) -> String {
    let mut text = value.to_string();
    if text.len() > LONGEST_ROW {
        let end = (0..=LONGEST_ROW).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
    }
    text
}

/// Why the lake did not take a request, in the caller's words.
pub(crate) fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Busy | Refusal::Closed => {
            Error::Later { message: refusal.to_string(), seconds: 1 }
        }
        Refusal::Stored(cause) => stored(cause),
    }
}

fn stored(cause: Arc<store::Error>) -> Error {
    match &*cause {
        store::Error::Conflict(_) => Error::new(
            Code::Conflict,
            "this idempotency key was used before with another body; use a new key for a new request",
        )
        .at("Idempotency-Key"),
        full if full.is_full() => Error::new(Code::Full, full.to_string()),
        down if down.is_out_of_reach() => Error::Later {
            message: "the database does not answer; send this request again in a moment".to_owned(),
            seconds: 2,
        },
        store::Error::Caller(message) => Error::invalid(message.clone()),
        _ => Error::Internal(anyhow::Error::new(cause)),
    }
}
