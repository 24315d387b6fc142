//! What a defect goes along with in customers and money, in the shape of the report. Associations all.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Estimate;

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
    pub strata: Vec<Stratum>,
    /// Strata that contributed nothing, because nobody in them had the defect or everybody had.
    pub silent: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stratum {
    /// `null`: none of the values that were named.
    pub value: Option<String>,
    pub table: [u64; 4],
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
