//! The journey document: what an organisation designed, in the types that everything else shares.
//!
//! The text form is described in `docs/reference/journey-document.md`; [`crate::document`] reads and checks it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rule::{Name, Names, Standard};
use crate::span::Span;

mod cards;
mod lane;
mod touchpoint;

pub use cards::{Card, Cards, Link};
pub use lane::{Lane, LaneKind, LaneView, OwnKind, STANDING, Standing, find_standing};
pub use touchpoint::{
    Belief, Binding, BindingWhere, Feeling, Grade, Importance, Initiator, OneOf, TEXT_LANES,
    Touchpoint,
};

/// A journey: its map, its promise, its standards and the events that mean its touchpoints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Journey {
    /// Version of this format; always 1.
    #[schemars(extend("const" = 1))]
    pub footpath: u32,
    /// Id: lower-case words and hyphens.
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub journey: String,
    /// What the customer sets out to do, in the customer's words.
    #[schemars(length(min = 1))]
    pub title: String,
    #[serde(default, skip_serializing_if = "Scope::is_current")]
    pub scope: Scope,
    /// What the organisation files it under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the customer is after, and what happened before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// Who answers for the whole journey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sponsor: Option<String>,
    /// Such as brand, country, product: what a list of journeys can be sifted by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dimensions: BTreeMap<String, String>,
    /// How often the map is looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_every: Option<Span>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub personas: Vec<Persona>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<Statement>,
    #[serde(default, skip_serializing_if = "Instance::is_default")]
    pub instance: Instance,
    #[serde(default, skip_serializing_if = "Outcomes::is_empty")]
    pub outcomes: Outcomes,
    /// The rows of the map in their order; those that every map has follow if they are not named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lanes: Vec<Lane>,
    #[schemars(length(min = 1))]
    pub stages: Vec<Stage>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handoffs: Vec<Handoff>,
    /// Standards of the whole journey.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standards: Vec<Standard>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub funnels: Vec<Funnel>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<Theme>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contact_points: Vec<ContactPoint>,
}

impl Journey {
    /// Every touchpoint with its stage, in document order.
    pub fn touchpoints(&self) -> impl Iterator<Item = (&Stage, &Touchpoint)> {
        self.stages
            .iter()
            .flat_map(|stage| stage.touchpoints.iter().map(move |touchpoint| (stage, touchpoint)))
    }

    /// Every standard with the touchpoint that it belongs to (`None`: the whole journey), in document order.
    pub fn all_standards(&self) -> impl Iterator<Item = (Option<&Touchpoint>, &Standard)> {
        let local =
            self.touchpoints().flat_map(|(_, t)| t.standards.iter().map(move |s| (Some(t), s)));
        local.chain(self.standards.iter().map(|s| (None, s)))
    }
}

/// Whether the map shows what is, or what is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    #[default]
    Current,
    Target,
}

impl Scope {
    fn is_current(&self) -> bool {
        *self == Self::Current
    }
}

/// A kind of customer, with a rule that says which real customers it counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub id: String,
    #[schemars(length(min = 1))]
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<Segment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
}

/// Customers whose attribute has one of the values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    #[schemars(length(min = 1))]
    pub attribute: String,
    #[serde(rename = "in")]
    #[schemars(length(min = 1))]
    pub values: Vec<Scalar>,
}

/// A plain value of the document: text, number or yes/no.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Scalar {
    Bool(bool),
    Number(f64),
    Text(String),
}

impl Scalar {
    /// The value as an event file would spell it: `5`, `4.5`, `true`, `north`.
    pub fn text(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Text(value) => value.clone(),
        }
    }
}

/// The CX statement: what the organisation promises the customer to experience.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    #[schemars(length(min = 1))]
    pub text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emotions: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub principles: Vec<Principle>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Principle {
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub id: String,
    #[schemars(length(min = 1))]
    pub text: String,
}

/// What one walk through the journey is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// `customer`, or the event attribute that carries the instance's id.
    #[serde(default = "Instance::by_customer")]
    #[schemars(length(min = 1))]
    pub by: String,
    /// Activities that begin an instance; left out: the first event does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<Name>,
    /// Activities that end it; left out: it ends by timeout.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<Name>,
    /// Nothing for so long: it is over. Left out: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_after: Option<Span>,
}

impl Default for Instance {
    fn default() -> Self {
        Self { by: Self::by_customer(), starts: Vec::new(), ends: Vec::new(), closes_after: None }
    }
}

impl Instance {
    fn by_customer() -> String {
        "customer".to_owned()
    }

    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What the journey should bring about: for importance, and for the cost of defects.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcomes {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loyalty: Option<Loyalty>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retained: Option<Retained>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

impl Outcomes {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A survey question about the whole journey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Loyalty {
    #[schemars(length(min = 1))]
    pub question: String,
}

/// Behaviour: an activity again, counted from the instance's end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retained {
    pub again: Names,
    pub within: Span,
}

/// Money that an event carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Value {
    #[schemars(length(min = 1))]
    pub attribute: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// A group of touchpoints, named in the customer's words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub id: String,
    #[schemars(length(min = 1))]
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What the customer wants to have reached at its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    #[schemars(length(min = 1))]
    pub touchpoints: Vec<Touchpoint>,
}

/// Where a stage stands to the purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Before,
    During,
    After,
}

/// From one touchpoint to the next across owners.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Handoff {
    /// Id of a touchpoint.
    pub from: String,
    /// Id of a touchpoint.
    pub to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub giver: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passes: Vec<String>,
    /// Id of the standard that holds the hand-off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
}

/// A windowed funnel of steps; each step is any of its activities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Funnel {
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub id: String,
    #[schemars(length(min = 2, max = 32))]
    pub steps: Vec<Names>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    #[serde(default)]
    pub mode: FunnelMode,
}

/// How strictly a funnel's steps follow each other, as ClickHouse's `windowFunnel` names them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FunnelMode {
    #[default]
    Default,
    StrictOrder,
    StrictIncrease,
    StrictOnce,
}

/// What customers talk about, in seed sentences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub id: String,
    #[schemars(length(min = 1))]
    pub title: String,
    #[schemars(length(min = 1))]
    pub seeds: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub never: Vec<String>,
}

/// One entry of the registry for the contact audit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPoint {
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub id: String,
    /// Such as phone, mail, web or counter.
    #[schemars(length(min = 1))]
    pub kind: String,
    #[schemars(length(min = 1))]
    pub value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
}
