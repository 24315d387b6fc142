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
    /// Small lasting shifts since a baseline; absent where there are too few periods, and for other questions than NPS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
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

/// Scores in standard errors from the baseline's: an average that remembers (EWMA, Roberts 1959), and sums of what is above and
/// below it (CUSUM, Page 1954), which find a small lasting shift soonest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Drift {
    /// Periods with a value that set what is usual; they are not judged.
    pub baseline: u64,
    /// The score that they had, in points.
    pub centre: f64,
    /// The periods after them.
    pub points: Vec<DriftPoint>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DriftPoint {
    /// First day of the period.
    pub from: String,
    /// In standard errors.
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Beyond its limits.
    pub out: bool,
    /// What added up above the baseline, half a standard error being forgiven in each period; 0 or more.
    pub above: Option<f64>,
    /// The same below it; 0 or less.
    pub below: Option<f64>,
    /// One of the sums is beyond 5.
    pub adds_up: bool,
}

/// The share of a standard's checks that were kept, period by period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KeptTrend {
    /// Id of the standard.
    pub standard: String,
    /// Id of the touchpoint; `null`: the whole journey.
    pub touchpoint: Option<String>,
    /// `week` (from Monday) or `month`, UTC. A check belongs to the period in which it began.
    pub period: String,
    /// `p`: shares with binomial limits (Shewhart 1931); `laney_p`: wider ones, where periods differ more than that (Laney 2002).
    pub chart: String,
    /// How much periods differ, 1 being what chance alone does.
    pub sigma_z: Option<f64>,
    pub limits: Limits,
    pub centre: Option<f64>,
    /// In time, without holes.
    pub points: Vec<KeptPoint>,
    /// Where the level changed (binary segmentation, by permutation), in time.
    pub changes: Vec<Change>,
}

/// Complaints for each walk that began, period by period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComplaintTrend {
    /// Id of the touchpoint; `null`: the whole journey, with complaints that are about no touchpoint.
    pub touchpoint: Option<String>,
    /// `week` (from Monday) or `month`, UTC.
    pub period: String,
    /// `u`: counts for each unit, with Poisson limits (Shewhart 1931).
    pub chart: String,
    pub limits: Limits,
    pub centre: Option<f64>,
    /// In time, without holes.
    pub points: Vec<ComplaintPoint>,
    /// Where the level changed (binary segmentation, by permutation), in time.
    pub changes: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComplaintPoint {
    /// First day of the period.
    pub from: String,
    pub complaints: u64,
    /// Walks that began.
    pub n: u64,
    /// Complaints for each of them; `null` with fewer than 5 walks, and behind the last event.
    pub value: Option<f64>,
    /// Limits of what chance does.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// It helped to set the limits.
    pub in_baseline: bool,
    /// Run rules that it breaks, in words.
    pub signals: Vec<String>,
}

/// Which periods set the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Limits {
    /// The first twenty with a value; all others are judged by what these were.
    Frozen,
    /// All of them, each judged by limits that it helped to set, because there are no more than twenty.
    Provisional,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KeptPoint {
    /// First day of the period.
    pub from: String,
    pub kept: u64,
    /// Kept and broken.
    pub n: u64,
    /// Not settled yet.
    pub pending: u64,
    /// `null` with fewer than 5 settled checks, and from the first period on in which what is pending could move the share.
    pub value: Option<f64>,
    /// Limits of what chance does.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// It helped to set the limits.
    pub in_baseline: bool,
    /// Run rules that it breaks, in words.
    pub signals: Vec<String>,
}
