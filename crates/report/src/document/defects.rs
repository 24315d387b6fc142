//! Defects of all standards together, in the shape of the report: which ones most are of, and how many walks have none.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Share};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Defects {
    /// Broken checks of all standards.
    pub broken: u64,
    /// By count, and by cost where every standard that is listed as defective states one; empty with fewer than 30 broken
    /// checks.
    pub pareto: Vec<Pareto>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    /// `null` where no walk was checked.
    pub yields: Option<Yields>,
}

/// Standards by the size of their defects, the largest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pareto {
    pub sized_by: ParetoBy,
    /// What sizes are in, for cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    pub total: f64,
    pub items: Vec<ParetoItem>,
    /// So many of the first make up at least 80 % of the whole.
    pub vital_few: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParetoBy {
    /// Broken checks.
    Count,
    /// Broken checks × stated cost of one; of listed standards.
    Cost,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ParetoItem {
    /// Id of the standard.
    pub standard: String,
    pub broken: u64,
    pub size: f64,
    /// Of the whole; for a count with Wilson's interval.
    pub share: Estimate,
    /// Of this one and all larger ones.
    pub cumulative: f64,
    /// Whether it is larger than the next one for sure; `null` for the last.
    pub above_next: Option<bool>,
}

/// Walks that come through without a defect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Yields {
    /// Walks without a broken check, of those with a settled one: as seen.
    pub first_pass: Share,
    /// What the standards would give together if they broke independently: the product of the shares of these walks without
    /// a broken check of each, with limits of Fay and Feuer (1997).
    pub rolled: Estimate,
    /// First pass over rolled: above 1, defects hit the same walks.
    pub dependence_ratio: Option<f64>,
    /// Standards that were multiplied.
    pub standards: u64,
}
