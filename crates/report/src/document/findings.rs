//! Ranked statements of defects and gaps, in the shape of the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FindingMoney;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub rank: u32,
    pub kind: Kind,
    /// Id of the standard, touchpoint, transition or pair that it is about.
    pub about: String,
    pub touchpoint: Option<String>,
    pub owner: Option<String>,
    pub sentence: String,
    /// Customers touched by it in the period; of deviations of walks, at most so many.
    pub customers: u64,
    /// reach per year × importance × size.
    pub score: f64,
    pub parts: ScoreParts,
    pub evidence: Vec<Evidence>,
    /// What it goes along with in money, where that is known; no part of the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<FindingMoney>,
}

/// The parts of a finding's score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreParts {
    /// Customers reached per year.
    pub reached_per_year: f64,
    /// 0..1.
    pub importance: f64,
    pub importance_from: ImportanceFrom,
    /// Defect share, or gap in standard deviations.
    pub size: f64,
}

/// Where the importance in a finding's score is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportanceFrom {
    /// Derived from answers: a share of the touchpoint that moves customers most.
    Derived,
    /// Stated in the document, of 5: by customers, or by the company where its effort is what is judged.
    Stated,
    /// Nothing is known: the middle.
    Assumed,
}

/// A number behind a finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// What was counted or scored.
    pub what: String,
    /// What value, low and high are in.
    pub unit: Unit,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: u64,
    /// `events`, `responses` or `document`.
    pub source: String,
}

/// What a number is in, so that it can be written as its readers would.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 0..1.
    Share,
    /// Of NPS, −100..100.
    Points,
    Seconds,
    /// On the scale of the question.
    Score,
    Count,
    Ratio,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    DefectiveStandard,
    ExperienceGap,
    TargetGap,
    BeliefGap,
    MisplacedImportance,
    LowReach,
    Skipped,
    UndesignedPath,
    BackAndForth,
    Repeat,
    Abandonment,
    SlowHandoff,
    Inconsistent,
    Cadence,
    ComplaintTheme,
    ContactPoint,
    NoStandard,
    NoOwner,
    StaleEvidence,
}
