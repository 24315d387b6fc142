//! What a defect goes along with in customers and money, in the shape of the report. Associations all.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Estimate;

/// How a defect goes along with an outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cost {
    /// `retained` or `loyalty`.
    pub outcome: String,
    /// Customers with the defect and a bad outcome, with the defect and a good one, without and bad, without and good. For
    /// `retained`: by the first closed walk that the standard was judged in, and whether they came back in time after it.
    pub table: [u64; 4],
    /// Bad outcomes among those with the defect less those among the others, Newcombe's interval.
    pub risk_difference: Estimate,
    pub risk_ratio: Estimate,
    pub odds_ratio: Estimate,
    /// Of all bad outcomes; shares of several defects do not add up.
    pub attributable_share: Estimate,
    /// How strongly an unmeasured cause would have to raise both defect and outcome to explain the risk ratio away, and
    /// the same for the limit nearer 1 (`VanderWeele` and Ding 2017).
    pub e_value: Option<f64>,
    pub e_value_of_limit: Option<f64>,
    /// Customers hit a year × risk difference, where that is above zero for sure.
    pub customers_lost_per_year: Option<Estimate>,
    /// The same within strata, where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stratified: Option<Stratified>,
    /// What mending the defect would keep if it is the cause, for `retained`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<Money>,
    /// Broken checks a year × the stated cost of one.
    pub value_per_year: Option<Estimate>,
    pub currency: Option<String>,
    /// `association`, until a change with a comparison group confirms it.
    pub caveat: String,
}

/// What mending a defect would keep, if the defect is the cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// Customers with at least one broken check, a year.
    pub hit_per_year: f64,
    /// With half of the defect mended and with all of it; empty where no effect can be shown.
    pub kept: Vec<Kept>,
    /// What the events of a customer who came back carried a year since, with customers as clusters; `null` where the
    /// document names no such attribute or nobody came back.
    pub value_per_customer: Option<Estimate>,
    pub currency: Option<String>,
    /// What may be said of it.
    pub says: String,
}

/// A year, if so much of the defect is mended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Kept {
    /// 0..1.
    pub mended: f64,
    /// Customers hit × mended × risk difference, with the limits of the risk difference.
    pub customers: Estimate,
    /// The same × value of a customer a year; limits multiplied, which is wider than need be.
    pub value: Option<Estimate>,
}

/// The association within strata, pooled (Mantel and Haenszel 1959).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stratified {
    pub attribute: String,
    pub risk_ratio: Estimate,
    pub risk_difference: Estimate,
    /// Cochran–Mantel–Haenszel test.
    pub p: Option<f64>,
    /// As asked for; what has none of the values is last.
    pub strata: Vec<RiskStratum>,
    /// Strata that contributed nothing, because nobody in them had the defect or everybody had; withheld ones are not named.
    pub silent: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RiskStratum {
    /// `null`: none of the values that were named.
    pub value: Option<String>,
    /// `null` where the stratum is withheld because few customers are in it, or in another.
    pub table: Option<[u64; 4]>,
    pub risk_ratio: Estimate,
}

/// What a finding goes along with a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingMoney {
    /// Customers kept with half of the defect mended and with all of it.
    pub kept: Vec<Kept>,
    /// Defects × their stated cost.
    pub stated: Option<Estimate>,
    pub currency: Option<String>,
    pub says: String,
    /// `association`, until a change with a comparison group confirms it.
    pub caveat: String,
}
