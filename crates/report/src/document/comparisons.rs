//! Differences between groups and between periods, in the shape of the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Unit};

/// Everything that was compared in one way; all rows are judged at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The attribute of answers, and of events where they carry it, whose values are compared; absent where periods are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// `month`, `week`, or `since`: everything from a moment on against everything before it. Absent where groups are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The whole journey first, then in document order; standards last.
    pub rows: Vec<ComparedRow>,
    /// Rows that are not told, because a group has fewer than 5 customers or would tell of one that has.
    pub withheld: u64,
    /// Answers that carry no value of the attribute, or no time: on neither side.
    pub unknown: u64,
}

/// One group against all others together, or one period against another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedRow {
    /// Id of the touchpoint; `null`: the whole journey.
    pub touchpoint: Option<String>,
    /// The question whose score it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Id of the standard whose kept share it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
    /// The value of the attribute, or the first day of the period.
    pub group: String,
    /// What it is held against: `all others`, or the first day of the other period.
    pub against: String,
    /// What values and differences are in.
    pub unit: Unit,
    pub value: Option<f64>,
    /// Customers (the latest answer of each counts); of standards settled checks, and where groups are compared walks in which a
    /// check was settled.
    pub n: u64,
    pub against_value: Option<f64>,
    pub against_n: u64,
    /// The group less the other side; the interval is that of the row alone.
    pub difference: Estimate,
    /// Of the row alone.
    pub p: Option<f64>,
    /// Adjusted for all rows (Benjamini and Hochberg 1995).
    pub q: Option<f64>,
    pub verdict: Compared,
    /// The smallest difference that would have been found, in four of five times, among as many rows.
    pub detectable: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    Higher,
    Lower,
    NoDetectableDifference,
}
