//! How a cadence was kept up, in the shape of the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Share};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CadenceKept {
    /// Customers to whom contact was owed.
    pub customers: u64,
    /// The longest gap that is promised, its grace included.
    pub promised_s: f64,
    /// 1 − time beyond the longest gap promised / time in which contact was owed.
    pub adherence: Estimate,
    /// Beats that a contact fell into, of those that fell due.
    pub beats: Share,
    pub gaps: CadenceGap,
    /// Customers who have waited longer than promised at the horizon, of those to whom contact is owed then.
    pub overdue_now: Share,
}

/// Gaps between contacts; one that no contact ended is longer than it was seen to be (Kaplan and Meier 1958).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CadenceGap {
    pub ended: u64,
    pub not_ended: u64,
    /// Counted in parts, at least 32 to the gap promised; limits are `null` where the curve does not reach them.
    pub median_s: Estimate,
    /// Share of gaps that are no longer than promised.
    pub within_promise: Estimate,
    /// `log_log`, or `bootstrap` over customers with fewer than 50 of them.
    pub method: String,
    /// Rounds of the bootstrap and the seed that makes them again; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounds: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}
