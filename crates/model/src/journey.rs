//! The journey document: what an organisation designed, in the types that everything else shares.
//!
//! The text form is described in `docs/reference/journey-document.md`; [`crate::document`] reads and checks it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rule::{Name, Names, Standard};
use crate::span::Span;

/// A journey: its map, its promise, its standards and the events that mean its touchpoints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Journey {
    /// Version of this format; always 1.
    pub footpath: u32,
    /// Id: lower-case words and hyphens.
    pub journey: String,
    /// What the customer sets out to do, in the customer's words.
    pub title: String,
    #[serde(default, skip_serializing_if = "Scope::is_current")]
    pub scope: Scope,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub personas: Vec<Persona>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<Statement>,
    #[serde(default, skip_serializing_if = "Instance::is_default")]
    pub instance: Instance,
    #[serde(default, skip_serializing_if = "Outcomes::is_empty")]
    pub outcomes: Outcomes,
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
        self.stages.iter().flat_map(|stage| stage.touchpoints.iter().map(move |touchpoint| (stage, touchpoint)))
    }

    /// Every standard with the touchpoint that it belongs to (`None`: the whole journey), in document order.
    pub fn all_standards(&self) -> impl Iterator<Item = (Option<&Touchpoint>, &Standard)> {
        let local = self.touchpoints().flat_map(|(_, t)| t.standards.iter().map(move |s| (Some(t), s)));
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
    pub id: String,
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
    pub attribute: String,
    #[serde(rename = "in")]
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
    pub text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emotions: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub principles: Vec<Principle>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Principle {
    pub id: String,
    pub text: String,
}

/// What one walk through the journey is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// `customer`, or the event attribute that carries the instance's id.
    #[serde(default = "Instance::by_customer")]
    pub by: String,
    /// Activities that begin an instance; empty: the first event does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<Name>,
    /// Activities that end it; empty: it ends by timeout.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<Name>,
    /// Nothing for so long: it is over. `None`: never.
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

    fn is_default(&self) -> bool {
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
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A survey question about the whole journey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Loyalty {
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
    pub attribute: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// A group of touchpoints, named in the customer's words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
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

/// One contact between the customer and the service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Touchpoint {
    pub id: String,
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
    /// Designed next touchpoints; `None`: the next one in the document. Empty: the journey ends here.
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
    Activity(String),
    Where(BindingWhere),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BindingWhere {
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
    Any(Vec<Scalar>),
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
    pub label: String,
    pub valence: f64,
    #[serde(default)]
    pub grade: Grade,
}

/// Evidence grade of a statement on the map, best first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
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
    pub customer: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
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

/// From one touchpoint to the next across owners.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Handoff {
    pub from: String,
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
    pub id: String,
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
    pub id: String,
    pub title: String,
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
    pub id: String,
    pub kind: String,
    pub value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
}
