//! From one state of a map to another by operations: how an earlier version is restored, and a part of it.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::{Map, Op, Restored};
use crate::diff::longest_rising;

/// Operations after which `from` shows what `to` shows, up to the texts of places. `from` may hold what is deleted, which
/// is then brought back rather than made anew.
pub fn changes(from: &Map, to: &Map) -> Vec<Op> {
    let mut work = Work { map: from.clone(), to: to.visible(), ops: Vec::new() };
    work.meta();
    work.lanes();
    work.stages();
    work.touchpoints();
    work.cards();
    work.remove();
    work.ops
}

struct Work {
    map: Map,
    to: Map,
    ops: Vec<Op>,
}

impl Work {
    /// What cannot be done, such as bringing back what was forgotten under an id that is taken, is left out.
    fn push(&mut self, op: Op) -> bool {
        let is_done = match self.map.apply(op.clone(), 0) {
            Ok(applied) => !applied.inverse.is_empty(),
            Err(_) => false,
        };
        if is_done {
            self.ops.push(op);
        }
        is_done
    }

    fn meta(&mut self) {
        if self.map.title != self.to.title {
            let value = Value::from(self.to.title.clone());
            self.push(Op::MetaSet { field: "title".to_owned(), value });
        }
        if self.map.scope != self.to.scope {
            let value = json!(self.to.scope);
            self.push(Op::MetaSet { field: "scope".to_owned(), value });
        }
        let (old, new) = (json!(self.map.settings), json!(self.to.settings));
        for (field, value) in differing(&old, &new, &[]) {
            self.push(Op::MetaSet { field, value });
        }
    }

    fn lanes(&mut self) {
        let mut after: Option<String> = None;
        for lane in self.to.lanes.clone() {
            let there = self.map.lanes.iter().find(|it| it.id == lane.id);
            let is_deleted = there.map(|it| it.deleted_at.is_some());
            let id = lane.id.clone();
            match is_deleted {
                None => {
                    let (title, kind, view) = (lane.title.clone(), lane.kind, lane.view);
                    let after = after.clone();
                    self.push(Op::LaneAdd { id, title, kind, view, after, order: None });
                }
                Some(true) => {
                    self.push(Op::LaneRestore { id, restored: Restored::default() });
                }
                Some(false) => {}
            }
            let there = self.map.lanes.iter().find(|it| it.id == lane.id).map(|it| json!(it));
            for (field, value) in differing(&there.unwrap_or_default(), &json!(lane), &PLACES) {
                self.push(Op::LaneSet { id: lane.id.clone(), field, value });
            }
            after = Some(lane.id);
        }
        let wanted: Vec<String> = self.to.lanes.iter().map(|it| it.id.clone()).collect();
        let there = self.map.visible().lanes.into_iter().map(|it| it.id).collect();
        for (id, after) in moves(&wanted, there) {
            self.push(Op::LaneMove { id, after, order: None });
        }
    }

    fn stages(&mut self) {
        let mut after: Option<String> = None;
        for stage in self.to.stages.clone() {
            let there = self.map.stages.iter().find(|it| it.id == stage.id);
            match there.map(|it| it.deleted_at.is_some()) {
                None => {
                    let (id, title, after) = (stage.id.clone(), stage.title.clone(), after.clone());
                    self.push(Op::StageAdd { id, title, after, order: None });
                }
                Some(true) => self.bring_stage(&stage.id),
                Some(false) => {}
            }
            let there = self.map.stages.iter().find(|it| it.id == stage.id).map(|it| json!(it));
            for (field, value) in differing(&there.unwrap_or_default(), &json!(stage), &PLACES) {
                self.push(Op::StageSet { id: stage.id.clone(), field, value });
            }
            after = Some(stage.id);
        }
        let wanted: Vec<String> = self.to.stages.iter().map(|it| it.id.clone()).collect();
        let there = self.map.visible().stages.into_iter().map(|it| it.id).collect();
        for (id, after) in moves(&wanted, there) {
            self.push(Op::StageMove { id, after, order: None });
        }
    }

    fn touchpoints(&mut self) {
        let stages: Vec<String> = self.to.stages.iter().map(|it| it.id.clone()).collect();
        for it in self.to.touchpoints.clone() {
            if self.map.touchpoints.iter().any(|there| there.id == it.id) {
                self.bring_touchpoint(&it.id);
            } else {
                let (id, stage, title) = (it.id.clone(), it.stage.clone(), it.title.clone());
                self.push(Op::TouchpointAdd { id, stage, title, after: None, order: None });
            }
            let there = self.map.touchpoints.iter().find(|there| there.id == it.id);
            let (old, feels) = (there.map(|it| json!(it)), there.and_then(|it| it.feels.clone()));
            for (field, value) in differing(&old.unwrap_or_default(), &json!(it), &PLACES) {
                self.push(Op::TouchpointSet { id: it.id.clone(), field, value });
            }
            if feels != it.feels {
                self.push(Op::FeelSet { touchpoint: it.id, feels: it.feels });
            }
        }
        for stage in stages {
            let of_stage = |map: &Map| -> Vec<String> {
                let row = map.touchpoints.iter().filter(|it| it.stage == stage);
                row.map(|it| it.id.clone()).collect()
            };
            for (id, after) in moves(&of_stage(&self.to), of_stage(&self.map.visible())) {
                self.push(Op::TouchpointMove { id, stage: stage.clone(), after, order: None });
            }
        }
    }

    fn cards(&mut self) {
        for card in self.to.cards.clone() {
            if self.map.cards.iter().any(|there| there.id == card.id) {
                self.bring_card(&card.id);
            } else {
                self.push(Op::CardAdd {
                    id: card.id.clone(),
                    touchpoint: card.touchpoint.clone(),
                    lane: card.lane.clone(),
                    after: None,
                    text: card.text.clone(),
                    grade: card.grade,
                    order: None,
                });
            }
            let Some(there) = self.map.cards.iter().find(|there| there.id == card.id).cloned()
            else {
                continue;
            };
            let text = Some(card.text).filter(|text| *text != there.text);
            let grade = Some(card.grade).filter(|grade| *grade != there.grade);
            let owner = Some(card.owner).filter(|owner| *owner != there.owner);
            if text.is_some() || grade.is_some() || owner.is_some() {
                let (id, text_rev) = (card.id.clone(), Some(there.text_rev));
                self.push(Op::CardSet { id, text_rev, text, grade, owner });
            }
            if there.links != card.links {
                for link in there.links {
                    self.push(Op::LinkDel { card: card.id.clone(), link });
                }
                for link in card.links {
                    self.push(Op::LinkAdd { card: card.id.clone(), link, at: None });
                }
            }
        }
        let mut cells: Vec<((String, String), Vec<String>)> = Vec::new();
        for card in &self.to.cards {
            let cell = (card.touchpoint.clone(), card.lane.clone());
            match cells.last_mut() {
                Some((last, row)) if *last == cell => row.push(card.id.clone()),
                _ => cells.push((cell, vec![card.id.clone()])),
            }
        }
        for ((touchpoint, lane), wanted) in cells {
            for (id, after) in moves(&wanted, self.cell(&touchpoint, &lane)) {
                let (touchpoint, lane) = (touchpoint.clone(), lane.clone());
                self.push(Op::CardMove { id, touchpoint, lane, after, order: None });
            }
        }
    }

    /// The cards of a cell that is shown, in their order.
    fn cell(&self, touchpoint: &str, lane: &str) -> Vec<String> {
        let cards =
            self.map.cards.iter().filter(|it| {
                it.touchpoint == touchpoint && it.lane == lane && it.deleted_at.is_none()
            });
        let mut row: Vec<(&str, &str)> = cards.map(|it| (&*it.order, &*it.id)).collect();
        row.sort_unstable();
        row.into_iter().map(|(_, id)| id.to_owned()).collect()
    }

    /// What is shown and not wanted, inner things first, so that it can be told what went.
    fn remove(&mut self) {
        let shown = self.map.visible();
        let wanted = Wanted::of(&self.to);
        for card in shown.cards.iter().filter(|card| !wanted.cards.contains(&*card.id)) {
            // What goes with its touchpoint or lane needs no word of its own.
            let stays = wanted.touchpoints.contains(&*card.touchpoint)
                && wanted.lanes.contains(&*card.lane);
            if stays {
                self.ops.push(Op::CardDel { id: card.id.clone() });
            }
        }
        for it in shown.touchpoints.iter().filter(|it| !wanted.touchpoints.contains(&*it.id)) {
            if wanted.stages.contains(&*it.stage) {
                self.ops.push(Op::TouchpointDel { id: it.id.clone() });
            }
        }
        for stage in shown.stages.iter().filter(|stage| !wanted.stages.contains(&*stage.id)) {
            self.ops.push(Op::StageDel { id: stage.id.clone() });
        }
        for lane in shown.lanes.iter().filter(|lane| !wanted.lanes.contains(&*lane.id)) {
            self.ops.push(Op::LaneDel { id: lane.id.clone() });
        }
    }

    fn bring_stage(&mut self, id: &str) {
        let stage = self.map.stages.iter().find(|stage| stage.id == id);
        if stage.is_none_or(|stage| stage.deleted_at.is_none()) {
            return;
        }
        let restored = Restored::default();
        self.push(Op::StageRestore { id: id.to_owned(), restored });
    }

    fn bring_touchpoint(&mut self, id: &str) {
        let Some(it) = self.map.touchpoints.iter().find(|it| it.id == id).cloned() else { return };
        self.bring_stage(&it.stage);
        if it.deleted_at.is_some() {
            let restored = Restored::default();
            self.push(Op::TouchpointRestore { id: id.to_owned(), restored });
        }
    }

    fn bring_card(&mut self, id: &str) {
        let Some(card) = self.map.cards.iter().find(|it| it.id == id).cloned() else { return };
        self.bring_touchpoint(&card.touchpoint);
        let lane = self.map.lanes.iter().find(|lane| lane.id == card.lane);
        if lane.is_some_and(|lane| lane.deleted_at.is_some()) {
            self.push(Op::LaneRestore { id: card.lane, restored: Restored::default() });
        }
        if card.deleted_at.is_some() {
            self.push(Op::CardRestore { id: id.to_owned(), restored: Restored::default() });
        }
    }
}

/// Keys that other operations set.
const PLACES: [&str; 5] = ["id", "stage", "order", "deleted_at", "feels"];

/// Keys whose values differ, with the new ones; `null` where there is none any more.
fn differing(old: &Value, new: &Value, without: &[&str]) -> Vec<(String, Value)> {
    let keys = |value: &Value| -> Vec<String> {
        value.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
    };
    let mut all = keys(new);
    all.extend(keys(old).into_iter().filter(|key| new.get(key).is_none()));
    all.retain(|key| !without.contains(&key.as_str()) && old.get(key) != new.get(key));
    all.into_iter().map(|key| (key.clone(), new.get(&key).cloned().unwrap_or_default())).collect()
}

/// The fewest of a row to be moved, each with whom it then stands behind.
fn moves(wanted: &[String], there: Vec<String>) -> Vec<(String, Option<String>)> {
    let at: HashMap<&str, usize> =
        there.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let present: Vec<&String> = wanted.iter().filter(|id| at.contains_key(id.as_str())).collect();
    let order: Vec<usize> = present.iter().filter_map(|id| at.get(id.as_str()).copied()).collect();
    let still = longest_rising(&order);
    let still: HashSet<&str> = still.into_iter().map(|at| present[at].as_str()).collect();
    let mut moves = Vec::new();
    let mut after = None;
    for id in wanted {
        if !still.contains(id.as_str()) {
            moves.push((id.clone(), after.clone()));
        }
        after = Some(id.clone());
    }
    moves
}

struct Wanted<'a> {
    lanes: HashSet<&'a str>,
    stages: HashSet<&'a str>,
    touchpoints: HashSet<&'a str>,
    cards: HashSet<&'a str>,
}

impl<'a> Wanted<'a> {
    fn of(map: &'a Map) -> Self {
        Self {
            lanes: map.lanes.iter().map(|it| it.id.as_str()).collect(),
            stages: map.stages.iter().map(|it| it.id.as_str()).collect(),
            touchpoints: map.touchpoints.iter().map(|it| it.id.as_str()).collect(),
            cards: map.cards.iter().map(|it| it.id.as_str()).collect(),
        }
    }
}
