//! What became of planned changes, in the shape of the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Unit};

/// A change that was planned, and what the data say of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proof {
    /// Id of the change plan.
    pub plan: String,
    pub title: String,
    /// Id of the touchpoint; `null`: the whole journey.
    pub touchpoint: Option<String>,
    /// The question whose score is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Id of the standard whose kept share is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
    /// What effect, smallest and detectable are in.
    pub unit: Unit,
    pub proof: ProofVerdict,
    /// What kept the data from saying more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    pub approach: ProofMethod,
    /// The first moment of the change, RFC 3339.
    pub at: Option<String>,
    pub effect: Estimate,
    /// How the interval was made.
    pub interval: String,
    /// What n counts: `answers`, `customers`, `checks`, `units`, `weeks` or `months`.
    pub counted: String,
    pub n: u64,
    pub units_changed: u64,
    pub units_compared: u64,
    /// A to D: how much it says about the cause.
    pub rank: String,
    /// What may be said of an effect that is shown.
    pub wording: String,
    pub direction: Direction,
    /// The smallest effect worth having.
    pub smallest: f64,
    /// The smallest effect that would be found in four of five times, with the data there are.
    pub detectable: Option<f64>,
    /// So much n it takes to find the smallest effect worth having.
    pub needed: Option<u64>,
    /// The day on which there is as much, if it goes on to come as it came; read the result then, not every day until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<String>,
    /// Trend of the changed less trend of the others before the change, per period. An interval that holds 0 does not
    /// prove a parallel history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pre_trend: Option<Estimate>,
    /// Of a series: the break of the level at the change, and that of the trend per period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level_change: Option<Estimate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend_change: Option<Estimate>,
    /// Of a series: 2 when neighbouring periods are independent (Durbin and Watson 1950).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub durbin_watson: Option<f64>,
    /// With what is known from before: this part of the customers would have been enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variance_ratio: Option<f64>,
    /// By permutation, where units were dealt anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// Decides what rests on chance.
    pub seed: u64,
    /// `week` or `month`.
    pub period: String,
    /// In time, without holes.
    pub points: Vec<ProofPoint>,
}

/// One period of both sides. A side with fewer than 5 answers has no value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProofPoint {
    /// First day of the period.
    pub from: String,
    pub changed: Option<f64>,
    pub changed_n: u64,
    pub compared: Option<f64>,
    pub compared_n: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProofVerdict {
    Improved,
    NoChangeShown,
    Worse,
    NotEnoughData,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProofMethod {
    /// Changed units against the others, after against before.
    DifferenceInDifferences,
    /// Units changed at different times, each against those not changed yet (Callaway and Sant'Anna 2021).
    Staggered,
    /// Dealt by lot, with what is known of each customer from before taken out (Deng, Xu, Kohavi and Walker 2013).
    Cuped,
    /// A series that took another course (Wagner et al. 2002).
    InterruptedSeries,
    BeforeAfter,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Higher,
    Lower,
}
