//! Everything that is known of one customer, for the customer to have.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use store::{About, Complaint, Deed, Done, KeptRow, Leaver, Response};

use super::Lake;
use super::holds::Sought;
use super::timeline::TimelineEvent;
use crate::error::Error;

/// What is known of a customer. Times are RFC 3339, UTC.
#[derive(Debug, Clone, Serialize)]
pub struct Known {
    /// As events carry it.
    pub customer: String,
    /// By which files know the customer, and the audit log.
    pub key: String,
    /// Whether the id itself is kept: customers who came in files alone are known by their key.
    pub is_named: bool,
    pub events: Vec<KnownEvent>,
    pub responses: Vec<KnownResponse>,
    pub complaints: Vec<KnownComplaint>,
    /// Rows that were sent, could not be used, and hold the id.
    pub refused: Vec<KnownRow>,
    /// When the customer last asked to be forgotten.
    pub asked_to_be_forgotten_at: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct KnownEvent {
    pub at: String,
    pub activity: String,
    pub channel: Option<String>,
    pub attributes: BTreeMap<String, String>,
}

/// Where something that was told belongs.
#[derive(Debug, Clone, Serialize)]
pub struct KnownAbout {
    pub at: Option<String>,
    pub journey: Option<String>,
    pub touchpoint: Option<String>,
    pub attributes: Option<serde_json::Value>,
    pub source: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct KnownResponse {
    #[serde(flatten)]
    pub about: KnownAbout,
    pub question: String,
    pub score: Option<f64>,
    pub comment: Option<String>,
    pub invited_at: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct KnownComplaint {
    #[serde(flatten)]
    pub about: KnownAbout,
    pub severity: Option<f64>,
    pub text: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct KnownRow {
    pub refused_at: String,
    pub source: String,
    pub reason: String,
    pub row: String,
}

impl Lake {
    /// Everything that is known of the customer with this id; that somebody asked is written down.
    pub fn export(&self, id: &str, deed: &Deed) -> Result<Known, Error> {
        let customer = self.key_of(id);
        let key = format!("{customer:016x}");
        let object = format!("customer:{key}");
        let done = Done { action: "customer.exported", object: &object, ..Done::default() };
        self.wait(self.workspace().record_alone(deed, done))?;
        let events = self.view(None, None)?.timeline_of(customer)?;
        let sought = Sought::named(id, self.keys());
        let is_in = |text: &str| sought.is_in(text);
        let whom = Leaver { customer, hint: sought.hint(), is_in: &is_in };
        let here = self.workspace();
        let (responses, complaints) = self.wait(here.told_by(customer))?;
        let refused = self.wait(here.refused_that_hold(&whom))?;
        Ok(Known {
            customer: id.to_owned(),
            key,
            is_named: self.wait(here.identity(customer))?.is_some(),
            events: events.into_iter().map(event).collect(),
            responses: responses.into_iter().map(|kept| response(kept.told)).collect(),
            complaints: complaints.into_iter().map(|kept| complaint(kept.told)).collect(),
            refused: refused.into_iter().map(row).collect(),
            asked_to_be_forgotten_at: self
                .wait(here.wish_of(customer))?
                .map(|wish| text(wish.asked_at)),
        })
    }

    /// As [`Self::export`], for whoever holds the data folder.
    pub fn export_by_ourselves(&self, id: &str) -> Result<Known, Error> {
        self.export(id, &self.by_ourselves(self.now()))
    }
}

fn event(event: TimelineEvent) -> KnownEvent {
    let TimelineEvent { at, activity, channel, attributes } = event;
    KnownEvent { at: text(at), activity, channel, attributes }
}

fn response(told: Response) -> KnownResponse {
    let Response { about: of, question, score, comment, invited_at } = told;
    KnownResponse { about: about(of), question, score, comment, invited_at: invited_at.map(text) }
}

fn complaint(told: Complaint) -> KnownComplaint {
    KnownComplaint { about: about(told.about), severity: told.severity, text: told.text }
}

fn about(about: About) -> KnownAbout {
    let About { journey, touchpoint, at, attributes, source, .. } = about;
    let attributes = attributes.and_then(|text| serde_json::from_str(&text).ok());
    KnownAbout { at: at.map(text), journey, touchpoint, attributes, source }
}

fn row(kept: KeptRow) -> KnownRow {
    KnownRow {
        refused_at: text(kept.at),
        source: kept.refused.source,
        reason: kept.refused.reason,
        row: kept.refused.row,
    }
}

/// µs since 1970 as RFC 3339.
fn text(at: i64) -> String {
    Timestamp::from_microsecond(at).unwrap_or_default().to_string()
}
