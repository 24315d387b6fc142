//! The change plan: what is to be changed, where and when, and by what it will be judged. A document of its own, because it
//! should be written before the change is made.
//!
//! [`crate::document::read_change_plan`] reads and checks it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A change, and what it is to bring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePlan {
    /// Version of this format; always 1.
    #[schemars(extend("const" = 1))]
    pub footpath: u32,
    /// Id: lower-case words and hyphens.
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub plan: String,
    /// What is changed, in a few words.
    #[schemars(length(min = 1))]
    pub title: String,
    /// Id of the journey that it is a change of.
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub journey: String,
    /// When everything changes at once: a date, or a time. Left out where units change, each at its own time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Who gets the change, and who does not yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<Units>,
    /// What is to become better.
    pub measure: Measure,
    /// Which way is better.
    pub direction: Direction,
    /// The smallest effect worth having: points of NPS, of another question's scale, or of a share from 0 to 1.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub smallest: f64,
    /// Whether it is decided by lot who gets the change.
    #[serde(default, skip_serializing_if = "is_no")]
    pub randomised: bool,
    /// Whether those who get it were chosen because they did badly, or well. The worst improve by themselves.
    #[serde(default, skip_serializing_if = "is_no")]
    pub selected_for_being_bad: bool,
    /// Decides what rests on chance, so that the same question has the same answer.
    #[serde(default = "ChangePlan::usual_seed")]
    #[schemars(range(min = 0))]
    pub seed: u64,
}

/// Units by an attribute of answers, such as the shop or the region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Units {
    /// The column of the response files that says which unit an answer is from.
    #[schemars(length(min = 1))]
    pub attribute: String,
    /// When each unit changes; units that are not named are the comparison.
    pub changed: BTreeMap<String, String>,
    /// To whom the change was given.
    #[serde(default)]
    pub given_to: GivenTo,
}

/// What the change was given to as one, and so what has to be counted: ten shops are ten, however many customers they have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GivenTo {
    /// Whole units, such as shops or regions.
    #[default]
    Units,
    /// Customers one by one, as in a pilot that some of them are in.
    Customers,
}

/// A question, at a touchpoint or about the whole journey; or a standard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Id of a touchpoint; left out: the whole journey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touchpoint: Option<String>,
    /// The question whose score it is, such as `csat`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Id of the standard whose kept share it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Higher,
    Lower,
}

impl ChangePlan {
    fn usual_seed() -> u64 {
        20_250_301
    }
}

fn is_no(value: &bool) -> bool {
    !value
}
