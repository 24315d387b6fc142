//! Who was heard: scores weighed to the customers there are, and what those who kept silent could make of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Estimate;

/// Scores weighed so that every value of an attribute counts as many customers as it has (post-stratification).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Weighed {
    pub attribute: String,
    /// Known customers, all values together.
    pub customers: u64,
    /// By value.
    pub strata: Vec<Stratum>,
    /// Answers without the attribute; they are in no weighed score.
    pub without: u64,
    /// The whole journey first, then in document order.
    pub scores: Vec<WeighedScore>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stratum {
    pub value: String,
    pub customers: u64,
    /// Share of all known customers.
    pub share: f64,
    /// Customers who answered anything; `null` where it is withheld because few did, here or elsewhere.
    pub answered: Option<u64>,
    /// Their share of all who answered.
    pub share_answered: Option<f64>,
}

/// A score before and after, from the latest answer of each customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WeighedScore {
    /// `null`: the whole journey.
    pub touchpoint: Option<String>,
    pub question: String,
    pub n: u64,
    /// What n is worth once weights are counted (Kish 1965).
    pub n_effective: Option<f64>,
    pub unweighed: Estimate,
    pub weighed: Estimate,
    /// Why there is no weighed score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
}

/// What the score of everybody asked could be, whatever those who did not answer think (Manski 1989).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Silence {
    pub invited: u64,
    pub answered: u64,
    pub response_rate: f64,
    /// NPS of those who answered.
    pub score: f64,
    /// If all who kept silent were detractors, or promoters.
    pub low: f64,
    pub high: f64,
    /// The NPS that the silent would need for the true one to be 0; `null` where no score would do, or nobody was silent.
    pub break_even: Option<f64>,
}
