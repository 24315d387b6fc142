//! One column of the map: what the customer meets, feels and is promised there, and which events mean it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Scalar;
use super::cards::{Cards, as_list};
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
    #[serde(default, skip_serializing_if = "Cards::is_empty")]
    pub does: Cards,
    #[serde(default, skip_serializing_if = "Cards::is_empty")]
    pub thinks: Cards,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feels: Option<Feeling>,
    #[serde(default, skip_serializing_if = "Cards::is_empty")]
    pub needs: Cards,
    #[serde(default, skip_serializing_if = "Cards::is_empty")]
    pub expects: Cards,
    #[serde(default, skip_serializing_if = "Cards::is_empty", serialize_with = "as_list")]
    pub pains: Cards,
    #[serde(default, skip_serializing_if = "Cards::is_empty", serialize_with = "as_list")]
    pub gains: Cards,
    /// In customers' own words.
    #[serde(default, skip_serializing_if = "Cards::is_empty", serialize_with = "as_list")]
    pub quotes: Cards,
    /// Blueprint lanes: props the customer meets, then what lies behind.
    #[serde(default, skip_serializing_if = "Cards::is_empty")]
    pub evidence: Cards,
    #[serde(default, skip_serializing_if = "Cards::is_empty")]
    pub frontstage: Cards,
    #[serde(default, skip_serializing_if = "Cards::is_empty")]
    pub technology: Cards,
    #[serde(default, skip_serializing_if = "Cards::is_empty")]
    pub backstage: Cards,
    #[serde(default, skip_serializing_if = "Cards::is_empty")]
    pub support: Cards,
    #[serde(default, skip_serializing_if = "Cards::is_empty")]
    pub systems: Cards,
    /// What could be made better here.
    #[serde(default, skip_serializing_if = "Cards::is_empty", serialize_with = "as_list")]
    pub opportunities: Cards,
    /// Cards of the journey's own lanes, by the id of the lane.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cards: BTreeMap<String, Cards>,
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
    /// Why there is no standard here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_standard: Option<String>,
}

/// The lanes with cards that every map has.
pub const TEXT_LANES: [&str; 14] = [
    "does",
    "thinks",
    "needs",
    "expects",
    "pains",
    "gains",
    "quotes",
    "evidence",
    "frontstage",
    "technology",
    "backstage",
    "support",
    "systems",
    "opportunities",
];

impl Touchpoint {
    /// The cards of a lane: one that every map has, or one of the journey's own.
    pub fn lane(&self, id: &str) -> Option<&Cards> {
        Some(match id {
            "does" => &self.does,
            "thinks" => &self.thinks,
            "needs" => &self.needs,
            "expects" => &self.expects,
            "pains" => &self.pains,
            "gains" => &self.gains,
            "quotes" => &self.quotes,
            "evidence" => &self.evidence,
            "frontstage" => &self.frontstage,
            "technology" => &self.technology,
            "backstage" => &self.backstage,
            "support" => &self.support,
            "systems" => &self.systems,
            "opportunities" => &self.opportunities,
            own => return self.cards.get(own),
        })
    }

    /// The same to be written to; a lane of the journey's own comes into being.
    pub fn lane_mut(&mut self, id: &str) -> &mut Cards {
        match id {
            "does" => &mut self.does,
            "thinks" => &mut self.thinks,
            "needs" => &mut self.needs,
            "expects" => &mut self.expects,
            "pains" => &mut self.pains,
            "gains" => &mut self.gains,
            "quotes" => &mut self.quotes,
            "evidence" => &mut self.evidence,
            "frontstage" => &mut self.frontstage,
            "technology" => &mut self.technology,
            "backstage" => &mut self.backstage,
            "support" => &mut self.support,
            "systems" => &mut self.systems,
            "opportunities" => &mut self.opportunities,
            own => self.cards.entry(own.to_owned()).or_default(),
        }
    }
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
    /// From 1 (faint) to 3 (strong).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 3))]
    pub intensity: Option<u8>,
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
