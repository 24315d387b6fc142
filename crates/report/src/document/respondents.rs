//! Who answered and who did not, in the shape of the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Estimate;

/// Those who answered soon against those who answered late: the late resemble those who never did (Armstrong and Overton 1977).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EarlyLate {
    /// From the invitation to the answer; who took longer is late.
    pub median_delay_s: f64,
    pub early: Estimate,
    pub early_n: u64,
    pub late: Estimate,
    pub late_n: u64,
    /// Late less early.
    pub difference: Estimate,
    pub p: Option<f64>,
    /// Adjusted for all scores of the report that have one.
    pub q: Option<f64>,
    /// The adjusted p is at most 5 %: the score of everybody lies further in the direction of the late.
    pub supported: bool,
}
