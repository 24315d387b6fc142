//! Scores and standards over time: control charts in the shape of the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Estimate;

/// One series over time with the limits that tell chance from change, in a look back: every period helped to set the limits
/// that it is judged by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trend {
    /// Id of the touchpoint; `null`: the whole journey.
    pub touchpoint: Option<String>,
    /// The question whose score it is.
    pub question: String,
    /// `week` (from Monday) or `month`, UTC.
    pub period: String,
    /// `individuals`: single values with limits from their moving ranges (Shewhart 1931).
    pub chart: String,
    pub centre: Option<f64>,
    /// In time, without holes; a period with fewer than 5 answers has no value.
    pub points: Vec<TrendPoint>,
    /// Where the level changed (binary segmentation, by permutation), in time.
    pub changes: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrendPoint {
    /// First day of the period.
    pub from: String,
    pub n: u64,
    pub value: Option<f64>,
    /// Limits of what chance does.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Run rules that it breaks, in words.
    pub signals: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// First day of the new level.
    pub at: String,
    pub before: f64,
    pub after: f64,
    /// After less before.
    pub size: Estimate,
    /// How often a random order of the same periods has a change as large.
    pub p: f64,
}
