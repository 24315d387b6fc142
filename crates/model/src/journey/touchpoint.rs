//! One column of the map: what the customer meets, feels and is promised there, and which events mean it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Scalar;
use crate::rule::Standard;

/// One contact between the customer and the service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Touchpoint {
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub id: String,
    #[schemars(length(min = 1))]
    pub title: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiator: Option<Initiator>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Which events mean this touchpoint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Binding>,
    /// A walk without it is no deviation.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub repeatable: bool,
    /// Designed next touchpoints; left out: the next one in the document. `[]`: the journey ends here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub moment_of_truth: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub does: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thinks: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feels: Option<Feeling>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expects: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pains: Vec<String>,
    /// Blueprint lanes: props the customer meets, then what lies behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frontstage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technology: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backstage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub systems: Option<String>,
    /// Stated importance, 1..5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importance: Option<Importance>,
    /// The company's view of the customers' scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub belief: Option<Belief>,
    /// The statement's numbers, question by question; gap = target − present.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub targets: BTreeMap<String, f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standards: Vec<Standard>,
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// Who begins the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Initiator {
    Customer,
    Company,
    Partner,
    System,
}

/// Which events mean a touchpoint: an activity, or an activity with attribute conditions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Binding {
    Activity(#[schemars(length(min = 1))] String),
    Where(BindingWhere),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BindingWhere {
    #[schemars(length(min = 1))]
    pub activity: String,
    /// Attribute → the value, or one of the values, that it must have; all conditions must hold.
    #[serde(rename = "where", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conditions: BTreeMap<String, OneOf>,
}

/// One value, or any of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOf {
    One(Scalar),
    Any(#[schemars(length(min = 1))] Vec<Scalar>),
}

impl OneOf {
    pub fn values(&self) -> &[Scalar] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Any(values) => values,
        }
    }
}

impl Binding {
    pub fn activity(&self) -> &str {
        match self {
            Self::Activity(activity) => activity,
            Self::Where(binding) => &binding.activity,
        }
    }

    pub fn conditions(&self) -> impl Iterator<Item = (&String, &OneOf)> {
        let conditions = match self {
            Self::Activity(_) => None,
            Self::Where(binding) => Some(&binding.conditions),
        };
        conditions.into_iter().flatten()
    }
}

/// What the customer feels, on −2..2, and how well that is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feeling {
    #[schemars(length(min = 1))]
    pub label: String,
    /// From -2 (very bad) to 2 (very good).
    #[schemars(range(min = -2, max = 2))]
    pub valence: f64,
    #[serde(default)]
    pub grade: Grade,
}

/// Evidence grade of a statement on the map, best first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    Measured,
    Observed,
    Told,
    Staff,
    #[default]
    Assumed,
}

/// Stated importance, 1..5, of the customer and of the company.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Importance {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 5))]
    pub customer: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 5))]
    pub company: Option<f64>,
}

/// What a department thinks that customers would score, question by question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Belief {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(flatten)]
    pub scores: BTreeMap<String, f64>,
}
