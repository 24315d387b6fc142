//! How long customers stay with a defect and without it, in the shape of the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Estimate;

/// Leaving by time; an association.
///
/// A customer leaves with the first closed walk after which the activity of `outcomes.retained` does not come in time, on the day
/// of that walk's end, counted from the end of the first closed walk that the standard was judged in. A customer is with the
/// defect from the day of the first broken check on, and without it before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Leaving {
    /// Customers followed.
    pub customers: u64,
    /// From the first day until they left, met the defect or were last seen.
    pub without: StayingCurve,
    /// From the day on which they met the defect.
    pub with: StayingCurve,
    /// `null` where too few are followed long enough.
    pub stayed_longer: Option<StayedLonger>,
    /// Log-rank test in which customers change sides (Mantel and Byar 1974), one degree of freedom.
    pub chi2: Option<f64>,
    pub p: Option<f64>,
    /// With the defect against without, on the same day (Cox 1972, ties by Efron 1977).
    pub hazard_ratio: Estimate,
    /// Why there is no hazard ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_estimable: Option<String>,
    /// `association`, until a change with a comparison group confirms it.
    pub caveat: String,
}

/// Who is still there (Kaplan and Meier 1958).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StayingCurve {
    /// Customers who were on this side at any time, and those of them who left.
    pub customers: u64,
    pub left: u64,
    /// Share still there after a week, a month, a quarter, half a year and a year; as far as ten customers are followed.
    pub points: Vec<CurvePoint>,
    /// Every day on which somebody left, at most sixty of them; of standards that are listed, the worst few.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<CurvePoint>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CurvePoint {
    pub day: u64,
    /// Customers followed up to that day.
    pub at_risk: u64,
    /// Share still there at its end; the interval is the log–log one.
    pub stayed: Estimate,
}

/// Mean time stayed, up to a day that enough customers of both sides are followed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StayedLonger {
    pub up_to_days: u64,
    pub without_days: Estimate,
    pub with_days: Estimate,
    /// Without less with: positive where those without the defect stay longer.
    pub difference_days: Estimate,
}
