//! Standards: checkable promises, and the rules that check them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::journey::Scalar;
use crate::span::Span;

/// A checkable promise on a touchpoint or on the whole journey.
///
/// In a document the rule's key stands beside the other keys: `{id: …, text: …, response: {…}, promise: 0.9}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(transform = crate::schema::rules_beside_the_other_keys)]
pub struct Standard {
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub id: String,
    /// The promise, in words.
    #[schemars(length(min = 1))]
    pub text: String,
    #[serde(flatten)]
    pub rule: Rule,
    /// Share of checks that must be kept.
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    #[schemars(range(max = 1), extend("exclusiveMinimum" = 0))]
    pub promise: f64,
    /// How far below the promise is still kept.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub tolerance: f64,
    /// Left out: the touchpoint's owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principle: Option<String>,
    /// In the currency of the journey's value outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub cost_of_defect: Option<f64>,
}

fn whole() -> f64 {
    1.0
}

fn is_whole(value: &f64) -> bool {
    *value == 1.0
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

/// One rule of the table in `docs/reference/journey-document.md`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    Response(Response),
    Precedence(Precedence),
    Count(Count),
    AtMost(AtMost),
    Required(Required),
    Never(Never),
    Order(Order),
    Wait(Wait),
    Cadence(Cadence),
    Channel(Channel),
    Due(Due),
    Consistent(Consistent),
    Value(ValueRange),
    Duration(Duration),
    Starts(Names),
    Ends(Names),
    Score(Score),
    Walked(Walked),
}

impl Rule {
    /// The key that stands for it in a document.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Response(_) => "response",
            Self::Precedence(_) => "precedence",
            Self::Count(_) => "count",
            Self::AtMost(_) => "at_most",
            Self::Required(_) => "required",
            Self::Never(_) => "never",
            Self::Order(_) => "order",
            Self::Wait(_) => "wait",
            Self::Cadence(_) => "cadence",
            Self::Channel(_) => "channel",
            Self::Due(_) => "due",
            Self::Consistent(_) => "consistent",
            Self::Value(_) => "value",
            Self::Duration(_) => "duration",
            Self::Starts(_) => "starts",
            Self::Ends(_) => "ends",
            Self::Score(_) => "score",
            Self::Walked(_) => "walked",
        }
    }

    /// The names that it uses, each with its key inside the rule (empty: the rule is the name itself).
    pub fn names(&self) -> Vec<(&'static str, &Names)> {
        let all = match self {
            Self::Response(rule) => vec![
                ("from", Some(&rule.from)),
                ("to", Some(&rule.to)),
                ("unless", rule.unless.as_ref()),
            ],
            Self::Precedence(rule) => {
                vec![("before", Some(&rule.before)), ("then", Some(&rule.then))]
            }
            Self::Count(rule) => vec![("of", Some(&rule.of))],
            Self::AtMost(rule) => vec![("of", Some(&rule.of))],
            Self::Required(rule) => {
                vec![("of", Some(&rule.of)), ("of_start", rule.of_start.as_ref())]
            }
            Self::Never(rule) => vec![("of", Some(&rule.of)), ("after", Some(&rule.after))],
            Self::Wait(rule) => vec![("from", Some(&rule.from)), ("to", Some(&rule.to))],
            Self::Cadence(rule) => vec![
                ("of", Some(&rule.of)),
                ("from", rule.from.as_ref()),
                ("until", rule.until.as_ref()),
            ],
            Self::Channel(rule) => vec![("of", Some(&rule.of))],
            Self::Due(rule) => vec![("from", Some(&rule.from)), ("to", Some(&rule.to))],
            Self::Consistent(rule) => {
                vec![("first", Some(&rule.first)), ("then", Some(&rule.then))]
            }
            Self::Value(rule) => vec![("of", Some(&rule.of))],
            Self::Duration(rule) => vec![("ends", rule.ends.as_ref())],
            Self::Starts(names) | Self::Ends(names) => vec![("", Some(names))],
            Self::Order(_) | Self::Score(_) | Self::Walked(_) => Vec::new(),
        };
        all.into_iter().filter_map(|(key, names)| Some((key, names?))).collect()
    }

    /// The span within which something must have come, with its key: it must be longer than nothing.
    pub fn limit(&self) -> Option<(&'static str, Span)> {
        let (key, span) = match self {
            Self::Response(rule) => ("within", rule.within),
            Self::Precedence(rule) => ("within", rule.within),
            Self::Required(rule) => ("within", rule.within),
            Self::Never(rule) => ("within", rule.within),
            Self::AtMost(rule) => ("per", Some(rule.per)),
            Self::Wait(rule) => ("at_most", Some(rule.at_most)),
            Self::Cadence(rule) => ("every", Some(rule.every)),
            Self::Duration(rule) => ("within", Some(rule.within)),
            _ => return None,
        };
        Some((key, span?))
    }
}

/// What a rule calls events by: an activity, or `touchpoint:parking` for all activities bound to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Name {
    Activity(String),
    Touchpoint(String),
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        match text.strip_prefix("touchpoint:") {
            Some(id) => Self::Touchpoint(id.trim().to_owned()),
            None => Self::Activity(text),
        }
    }
}

impl JsonSchema for Name {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "minLength": 1,
            "description": "An activity, or `touchpoint:` and an id for all activities bound to that touchpoint.",
            "examples": ["parked", "touchpoint:parking"]
        })
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        match name {
            Name::Activity(activity) => activity,
            Name::Touchpoint(id) => format!("touchpoint:{id}"),
        }
    }
}

/// One name, or any of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Names {
    One(Name),
    Any(#[schemars(length(min = 1))] Vec<Name>),
}

impl Names {
    pub fn names(&self) -> &[Name] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Any(names) => names,
        }
    }
}

/// Every `from` is answered by a `to`, no earlier than `at_least` and no later than `within`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Response {
    pub from: Names,
    pub to: Names,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Span>,
    #[serde(default)]
    pub mode: ResponseMode,
    /// Attribute whose value must be the same on both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same: Option<String>,
    /// Activities that cancel the obligation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless: Option<Names>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// One `to` may discharge many `from`.
    #[default]
    Each,
    /// Only the first `from` of a pending run is a check.
    First,
    /// One `to` for one `from`.
    Consume,
    /// A `to` before the next `from`.
    Alternate,
    /// The `to` is the very next event.
    Chain,
}

/// Every `then` has a `before` within the time in front of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Precedence {
    pub before: Names,
    pub then: Names,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
}

/// How often something happens in an instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Count {
    pub of: Names,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u64>,
}

/// At most `times` in any window of length `per`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AtMost {
    pub of: Names,
    #[schemars(range(min = 1))]
    pub times: u64,
    pub per: Span,
}

/// At least one, no later than `within` after the start (or after the first of `of_start`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Required {
    pub of: Names,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_start: Option<Names>,
}

/// No `of` within the time after an `after`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Never {
    pub of: Names,
    pub after: Names,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
}

/// Steps go only where the design leads: the map's own arrows, or the ones listed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Touchpoint → touchpoints that may follow it directly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow: Option<BTreeMap<String, Vec<String>>>,
}

/// A `to` that directly follows a `from` comes no later than `at_most`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    pub from: Names,
    pub to: Names,
    pub at_most: Span,
}

/// A rhythm: `of` at least every `every`, with `grace`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cadence {
    pub of: Names,
    pub every: Span,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<Span>,
    /// Sooner than this is too soon; counted apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Names>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Names>,
}

/// Only on these channels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    pub of: Names,
    #[schemars(length(min = 1))]
    pub only: Vec<String>,
}

/// `to` comes no later than the time that `from` carries in the attribute `by`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Due {
    pub from: Names,
    pub to: Names,
    #[schemars(length(min = 1))]
    pub by: String,
}

/// The attribute has the same value at `then` as at the latest `first`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consistent {
    #[schemars(length(min = 1))]
    pub attribute: String,
    pub first: Names,
    pub then: Names,
}

/// The attribute's value is inside a range, or one of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueRange {
    pub of: Names,
    #[schemars(length(min = 1))]
    pub attribute: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<Scalar>,
    #[serde(rename = "in", default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub one_of: Option<Vec<Scalar>>,
}

/// From the start of the instance to the first of `ends` (none: its last event).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Duration {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Names>,
    pub within: Span,
}

/// Every answer to the question is at least so high (or at most, where low is good).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Score {
    #[schemars(length(min = 1))]
    pub question: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
}

/// A line of the walk sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Walked {
    #[schemars(length(min = 1))]
    pub check: String,
}
