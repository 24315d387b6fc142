//! Findings kept over time: what measurements found, who owns it, what became of it.

mod change;
mod keep;
mod listing;
mod measure;
mod owned;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::moment::moment;
use crate::permissions::Right;
use crate::routes::Routes;

pub use keep::keep;
pub(crate) use measure::{EACH, ONE};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .right(Right::ReadMeasures, routes!(listing::findings))
        .right(Right::HandleFindings, routes!(change::create_finding))
        .right(Right::ReadMeasures, routes!(listing::finding))
        .right(Right::HandleFindings, routes!(change::change_finding))
        .right(Right::HandleFindings, routes!(change::merge_finding))
        .right(Right::ReadMeasures, routes!(listing::finding_history))
        .right(Right::ReadMeasures, routes!(listing::finding_sizes))
        .right(Right::ReadMeasures, routes!(owned::owned))
        .right(Right::HandleFindings, routes!(measure::refresh_findings))
}

/// What a finding is after somebody looked at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FindingState {
    /// Found by one measurement.
    New,
    /// Found again, or seen.
    Known,
    /// Somebody looked, and it is so.
    Confirmed,
    /// It is so, and stays.
    Accepted,
    /// It is over; found again it is known again.
    Resolved,
}

impl FindingState {
    fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known => "known",
            Self::Confirmed => "confirmed",
            Self::Accepted => "accepted",
            Self::Resolved => "resolved",
        }
    }
}

/// A finding.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Finding {
    id: String,
    journey: String,
    /// The published version that it was last measured against; absent: none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    kind: String,
    about: String,
    touchpoint: Option<String>,
    state: String,
    reason: Option<String>,
    /// A user.
    owner: Option<String>,
    /// As the journey's document has it.
    owner_name: Option<String>,
    sentence: String,
    customers: i64,
    score: f64,
    /// `measured` or `manual`.
    source: String,
    /// The horizon of the measurement that first found it.
    found_at: String,
    /// The horizon of the measurement that last found it.
    seen_at: String,
    /// Measurements in a row that did not find it.
    absences: i64,
    /// How often it was resolved and found again.
    reopened: i64,
    merged_into: Option<String>,
    /// As it was last found: the parts of its score, and its evidence with n and interval.
    snapshot: Value,
}

fn shown(it: store::Finding) -> Finding {
    Finding {
        snapshot: serde_json::from_str(&it.snapshot).unwrap_or_default(),
        id: it.id,
        journey: it.journey,
        version: it.version,
        kind: it.kind,
        about: it.about,
        touchpoint: it.touchpoint,
        state: it.state,
        reason: it.reason,
        owner: it.owner,
        owner_name: it.owner_name,
        sentence: it.sentence,
        customers: it.customers,
        score: it.score,
        source: it.source,
        found_at: moment(it.found_at),
        seen_at: moment(it.seen_at),
        absences: it.absences,
        reopened: it.reopened,
        merged_into: it.merged_into,
    }
}
