//! The map of a journey as it is edited: flat lists with stable ids, so that every change is a small operation.
//!
//! It says the same as a journey document ([`crate::journey`]); `document` goes both ways. What was deleted stays in it,
//! hidden, until it is forgotten.

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::journey::{
    Belief, Binding, ContactPoint, Feeling, Funnel, Grade, Handoff, Importance, Initiator,
    Instance, LaneKind, LaneView, Link, Outcomes, Persona, Phase, Scope, Statement, Theme,
};
use crate::rule::Standard;
use crate::span::Span;

mod apply;
mod changes;
mod document;
mod op;
pub mod order;

pub use apply::{Applied, AppliedAt, Code, Done, MOST_TEXT, Rejected, RejectedAt, apply_all};
pub use changes::changes;
pub use op::{Op, Restored};

/// A map with everything on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Id of the journey.
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub id: String,
    #[schemars(length(min = 1))]
    pub title: String,
    #[serde(default)]
    pub scope: Scope,
    #[serde(default)]
    pub settings: Settings,
    #[serde(default)]
    pub lanes: Vec<Lane>,
    #[serde(default)]
    pub stages: Vec<Stage>,
    #[serde(default)]
    pub touchpoints: Vec<Touchpoint>,
    #[serde(default)]
    pub cards: Vec<Card>,
}

/// What a journey document says beside its stages; the keys are those of the document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sponsor: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dimensions: BTreeMap<String, String>,
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handoffs: Vec<Handoff>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standards: Vec<Standard>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub funnels: Vec<Funnel>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<Theme>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contact_points: Vec<ContactPoint>,
}

/// A row of the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub id: String,
    #[schemars(length(min = 1))]
    pub title: String,
    pub kind: LaneKind,
    pub view: LaneView,
    /// Whether it is shown.
    pub on: bool,
    pub order: String,
    /// When it was deleted, in µs; what is shown has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<i64>,
}

/// A group of columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    pub order: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<i64>,
}

/// A column of the map. `next` may name touchpoints that are deleted; a document made of the map does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Touchpoint {
    #[schemars(extend("pattern" = crate::id::PATTERN))]
    pub id: String,
    /// Id of a stage.
    pub stage: String,
    #[schemars(length(min = 1))]
    pub title: String,
    pub order: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiator: Option<Initiator>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Binding>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub repeatable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub moment_of_truth: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feels: Option<Feeling>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importance: Option<Importance>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub belief: Option<Belief>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub targets: BTreeMap<String, f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standards: Vec<Standard>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_standard: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<i64>,
}

/// One statement in a cell of the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// A UUID, made by whoever wrote it.
    pub id: String,
    /// Id of a touchpoint.
    pub touchpoint: String,
    /// Id of a lane.
    pub lane: String,
    pub order: String,
    pub text: String,
    /// Counts the changes of the text; an edit says which it has seen.
    pub text_rev: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<i64>,
}

fn is_false(value: &bool) -> bool {
    !*value
}

impl Map {
    /// An empty map with the lanes that every map has.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            scope: Scope::default(),
            settings: Settings::default(),
            lanes: document::standing_lanes(),
            stages: Vec::new(),
            touchpoints: Vec::new(),
            cards: Vec::new(),
        }
    }

    /// What people see: without what is deleted, and in the order of the map.
    pub fn visible(&self) -> Self {
        let seen = self.seen();
        let mut map = self.clone();
        map.lanes.retain(|lane| lane.deleted_at.is_none());
        map.stages.retain(|stage| stage.deleted_at.is_none());
        map.touchpoints.retain(|touchpoint| seen.touchpoint(touchpoint));
        map.cards.retain(|card| seen.card(card));
        map.sort();
        map
    }

    /// Forgets for good what was deleted before a moment, and what is hidden with it.
    pub fn forget(&mut self, before: i64) {
        let old = |deleted_at: Option<i64>| deleted_at.is_some_and(|at| at < before);
        self.lanes.retain(|lane| !old(lane.deleted_at));
        self.stages.retain(|stage| !old(stage.deleted_at));
        let stages: Vec<&str> = self.stages.iter().map(|stage| stage.id.as_str()).collect();
        self.touchpoints.retain(|touchpoint| {
            !old(touchpoint.deleted_at) && stages.contains(&touchpoint.stage.as_str())
        });
        let touchpoints: Vec<&str> = self.touchpoints.iter().map(|it| it.id.as_str()).collect();
        let lanes: Vec<&str> = self.lanes.iter().map(|lane| lane.id.as_str()).collect();
        self.cards.retain(|card| {
            !old(card.deleted_at)
                && touchpoints.contains(&card.touchpoint.as_str())
                && lanes.contains(&card.lane.as_str())
        });
    }

    /// Lists in the order of the map: of stages, of touchpoints along them, of cards along both.
    fn sort(&mut self) {
        self.lanes.sort_by(|a, b| (&a.order, &a.id).cmp(&(&b.order, &b.id)));
        self.stages.sort_by(|a, b| (&a.order, &a.id).cmp(&(&b.order, &b.id)));
        let at = positions(self.stages.iter().map(|stage| stage.id.clone()));
        self.touchpoints
            .sort_by_cached_key(|it| (at.get(&it.stage).copied(), it.order.clone(), it.id.clone()));
        let column = positions(self.touchpoints.iter().map(|it| it.id.clone()));
        let row = positions(self.lanes.iter().map(|lane| lane.id.clone()));
        self.cards.sort_by_cached_key(|card| {
            let cell = (column.get(&card.touchpoint).copied(), row.get(&card.lane).copied());
            (cell, card.order.clone(), card.id.clone())
        });
    }

    fn seen(&self) -> Seen<'_> {
        let lanes = self.lanes.iter().map(|lane| (&*lane.id, lane.deleted_at.is_none()));
        let stages: HashMap<&str, bool> =
            self.stages.iter().map(|stage| (&*stage.id, stage.deleted_at.is_none())).collect();
        let touchpoints = self.touchpoints.iter().map(|it| {
            let in_stage = stages.get(&*it.stage).copied().unwrap_or(false);
            (&*it.id, it.deleted_at.is_none() && in_stage)
        });
        let (lanes, touchpoints) = (lanes.collect(), touchpoints.collect());
        Seen { lanes, touchpoints }
    }
}

/// What is shown: not deleted, and nothing that holds it is.
struct Seen<'a> {
    lanes: HashMap<&'a str, bool>,
    touchpoints: HashMap<&'a str, bool>,
}

impl Seen<'_> {
    fn touchpoint(&self, touchpoint: &Touchpoint) -> bool {
        self.touchpoints.get(&*touchpoint.id).copied().unwrap_or(false)
    }

    fn card(&self, card: &Card) -> bool {
        card.deleted_at.is_none()
            && self.touchpoints.get(&*card.touchpoint).copied().unwrap_or(false)
            && self.lanes.get(&*card.lane).copied().unwrap_or(false)
    }
}

fn positions(ids: impl Iterator<Item = String>) -> HashMap<String, usize> {
    ids.enumerate().map(|(at, id)| (id, at)).collect()
}
