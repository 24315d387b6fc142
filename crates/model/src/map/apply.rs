//! Operations laid on a map, one after the other: each is applied whole, or rejected with what is there instead.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Map, Op, Restored, order};

mod cards;
mod columns;
mod fields;
mod lanes;

/// An operation that was applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// With the place that it was given, and with what it restored.
    pub op: Op,
    /// What takes it back, to be applied in this order; none: it changed nothing.
    pub inverse: Vec<Op>,
}

/// Why an operation was not applied. The map is as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[error("{message}")]
pub struct Rejected {
    pub code: Code,
    pub message: String,
    /// What is there: the card whose text has changed since, or `{"deleted": true}`.
    pub current: Option<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    InvalidInput,
    NotFound,
    Conflict,
    TooLarge,
}

/// What came of a batch; both lists by the position of the operation in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Done {
    pub applied: Vec<AppliedAt>,
    pub rejected: Vec<RejectedAt>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AppliedAt {
    pub index: usize,
    pub op: Op,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RejectedAt {
    pub index: usize,
    #[serde(flatten)]
    pub rejected: Rejected,
}

/// A text beyond this is not a card.
pub const MOST_TEXT: usize = 10_000;
/// With what is deleted and not yet forgotten.
const MOST_CARDS: usize = 20_000;
const MOST_TOUCHPOINTS: usize = 1_000;
const MOST_STAGES: usize = 300;
const MOST_LANES: usize = 150;
const MOST_VALUE_BYTES: usize = 512 << 10;

/// Applies what can be applied of a batch; `at` is the present, in µs.
pub fn apply_all(map: &mut Map, ops: Vec<Op>, at: i64) -> Done {
    let mut done = Done::default();
    for (index, op) in ops.into_iter().enumerate() {
        match map.apply(op, at) {
            Ok(Applied { op, .. }) => done.applied.push(AppliedAt { index, op }),
            Err(rejected) => done.rejected.push(RejectedAt { index, rejected }),
        }
    }
    done
}

impl Map {
    /// Applies an operation as a client sent it; `at` is the present, in µs.
    pub fn apply(&mut self, op: Op, at: i64) -> Result<Applied, Rejected> {
        Edit { map: self, at, trusted: false }.apply(op)
    }

    /// Applies an operation of the log again: its order and what it restored are taken as they stand.
    pub fn replay(&mut self, op: Op, at: i64) -> Result<Applied, Rejected> {
        Edit { map: self, at, trusted: true }.apply(op)
    }
}

struct Edit<'m> {
    map: &'m mut Map,
    at: i64,
    trusted: bool,
}

type Answer = Result<Applied, Rejected>;

/// Behind whom, and the key that was proposed.
struct Place {
    after: Option<String>,
    order: Option<String>,
}

/// One of a row.
struct Placed {
    id: String,
    order: String,
}

impl Edit<'_> {
    fn apply(&mut self, op: Op) -> Answer {
        match op {
            Op::CardAdd { .. }
            | Op::CardSet { .. }
            | Op::CardMove { .. }
            | Op::CardDel { .. }
            | Op::CardRestore { .. }
            | Op::LinkAdd { .. }
            | Op::LinkDel { .. } => self.card(op),
            Op::StageAdd { .. }
            | Op::StageMove { .. }
            | Op::StageDel { .. }
            | Op::StageRestore { .. } => self.stage(op),
            Op::TouchpointAdd { .. }
            | Op::TouchpointMove { .. }
            | Op::TouchpointDel { .. }
            | Op::TouchpointRestore { .. } => self.touchpoint(op),
            Op::LaneAdd { .. }
            | Op::LaneMove { .. }
            | Op::LaneDel { .. }
            | Op::LaneRestore { .. } => self.lane(op),
            Op::StageSet { .. }
            | Op::TouchpointSet { .. }
            | Op::LaneSet { .. }
            | Op::FeelSet { .. }
            | Op::MetaSet { .. } => self.field(op),
        }
    }

    /// The key of a place in a row, which does not hold the one to be placed.
    fn key(&self, mut row: Vec<Placed>, place: &Place) -> Result<String, Rejected> {
        if let Some(order) = place.order.as_ref().filter(|_| self.trusted) {
            return Ok(order.clone());
        }
        row.sort_by(|a, b| (&a.order, &a.id).cmp(&(&b.order, &b.id)));
        let (low, high) = match &place.after {
            None => (None, row.first()),
            Some(after) => {
                let at = row.iter().position(|placed| placed.id == *after);
                if at.is_none() && !self.knows(after) {
                    let message = format!("there is no `{after}` to stand behind");
                    return Err(reject(Code::NotFound, message));
                }
                // It was moved elsewhere meanwhile: then the end of the row is as good as any place.
                let low = at.map_or(row.last(), |at| row.get(at));
                let is_behind = |placed: &&Placed| low.is_some_and(|low| placed.order > low.order);
                (low, row.iter().find(is_behind))
            }
        };
        let (low, high) = (low.map(|it| it.order.as_str()), high.map(|it| it.order.as_str()));
        Ok(match &place.order {
            Some(order) if order::fits(order, low, high) => order.clone(),
            _ => order::between(low, high),
        })
    }

    fn knows(&self, id: &str) -> bool {
        self.map.cards.iter().any(|it| it.id == id)
            || self.map.touchpoints.iter().any(|it| it.id == id)
            || self.map.stages.iter().any(|it| it.id == id)
            || self.map.lanes.iter().any(|it| it.id == id)
    }

    /// Takes over what the log says came back into sight.
    fn take_back(&mut self, restored: &Restored) {
        if !self.trusted {
            return;
        }
        put(&mut self.map.lanes, &restored.lanes, |it| &it.id);
        put(&mut self.map.stages, &restored.stages, |it| &it.id);
        put(&mut self.map.touchpoints, &restored.touchpoints, |it| &it.id);
        put(&mut self.map.cards, &restored.cards, |it| &it.id);
    }
}

fn put<T: Clone>(list: &mut Vec<T>, came: &[T], id: impl Fn(&T) -> &str) {
    for thing in came {
        match list.iter_mut().find(|there| id(there) == id(thing)) {
            Some(there) => *there = thing.clone(),
            None => list.push(thing.clone()),
        }
    }
}

/// Whom a thing stands behind in its row, hidden ones counted.
fn in_front(mut row: Vec<Placed>, order: &str) -> Option<String> {
    row.retain(|placed| placed.order.as_str() < order);
    row.into_iter().max_by(|a, b| (&a.order, &a.id).cmp(&(&b.order, &b.id))).map(|it| it.id)
}

fn reject(code: Code, message: impl Into<String>) -> Rejected {
    Rejected { code, message: message.into(), current: None }
}

fn deleted(what: &str, id: &str) -> Rejected {
    let message = format!("{what} `{id}` is deleted; restore it first");
    Rejected { code: Code::NotFound, message, current: Some(json!({ "deleted": true })) }
}

fn missing(what: &str, id: &str) -> Rejected {
    reject(Code::NotFound, format!("there is no {what} `{id}`"))
}

fn taken(what: &str, id: &str, current: Value) -> Rejected {
    let message = format!("there is a {what} `{id}` already; choose another id");
    Rejected { code: Code::Conflict, message, current: Some(current) }
}

fn full(what: &str, most: usize) -> Rejected {
    reject(Code::TooLarge, format!("a map holds at most {most} {what}; delete some first"))
}

/// Text for a card or a title.
fn checked_text(what: &str, text: &str) -> Result<(), Rejected> {
    if text.trim().is_empty() {
        return Err(reject(Code::InvalidInput, format!("{what} is empty; write what it says")));
    }
    let length = text.chars().count();
    if length > MOST_TEXT {
        let message = format!("{what} has {length} characters; {MOST_TEXT} are the most");
        return Err(reject(Code::TooLarge, message));
    }
    Ok(())
}

fn checked_id(what: &str, id: &str) -> Result<(), Rejected> {
    if crate::id::is_id(id) && id.len() <= 100 {
        return Ok(());
    }
    let message = format!("`{id}` is no id of a {what}: an id is lower-case words and hyphens");
    Err(reject(Code::InvalidInput, message))
}
