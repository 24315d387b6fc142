//! Stages and touchpoints: added, moved, deleted and restored with what they hold.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    Answer, Applied, Edit, MOST_STAGES, MOST_TOUCHPOINTS, Place, Placed, Rejected, checked_id,
    checked_text, deleted, full, in_front, missing, taken,
};
use crate::map::{Map, Op, Restored, Stage, Touchpoint};

impl Edit<'_> {
    pub(super) fn stage(&mut self, op: Op) -> Answer {
        match op {
            Op::StageAdd { id, title, after, order } => {
                self.add_stage(id, title, Place { after, order })
            }
            Op::StageMove { id, after, order } => {
                let before = self.seen_stage(&id)?.order.clone();
                let row = || self.stages_beside(&id);
                let order = self.key(row(), &Place { after: after.clone(), order })?;
                let inverse = vec![Op::StageMove {
                    id: id.clone(),
                    after: in_front(row(), &before),
                    order: Some(before),
                }];
                self.seen_stage(&id)?.order.clone_from(&order);
                Ok(Applied { op: Op::StageMove { id, after, order: Some(order) }, inverse })
            }
            Op::StageDel { id } => {
                let at = self.at;
                self.seen_stage(&id)?.deleted_at = Some(at);
                let restored = Restored::default();
                let inverse = vec![Op::StageRestore { id: id.clone(), restored }];
                Ok(Applied { op: Op::StageDel { id }, inverse })
            }
            Op::StageRestore { id, restored } => {
                self.take_back(&restored);
                let stage = self.map.stages.iter_mut().find(|stage| stage.id == id);
                let stage = stage.ok_or_else(|| missing("stage", &id))?;
                let was = stage.deleted_at.take();
                let inverse = was.map(|_| Op::StageDel { id: id.clone() }).into_iter().collect();
                let restored = came_back(self.map, |map| {
                    map.stages.retain(|stage| stage.id == id);
                    map.lanes.clear();
                });
                Ok(Applied { op: Op::StageRestore { id, restored }, inverse })
            }
            op => Ok(Applied { op, inverse: Vec::new() }),
        }
    }

    pub(super) fn touchpoint(&mut self, op: Op) -> Answer {
        match op {
            Op::TouchpointAdd { id, stage, title, after, order } => {
                let touchpoint = Touchpoint { id, stage, title, ..nothing() };
                self.add_touchpoint(touchpoint, Place { after, order })
            }
            Op::TouchpointMove { id, stage, after, order } => {
                self.move_touchpoint(id, stage, Place { after, order })
            }
            Op::TouchpointDel { id } => {
                self.seen_touchpoint(&id)?;
                self.touchpoint_mut(&id)?.deleted_at = Some(self.at);
                let restored = Restored::default();
                let inverse = vec![Op::TouchpointRestore { id: id.clone(), restored }];
                Ok(Applied { op: Op::TouchpointDel { id }, inverse })
            }
            Op::TouchpointRestore { id, restored } => {
                self.take_back(&restored);
                let stage = self.touchpoint_mut(&id)?.stage.clone();
                self.seen_stage(&stage)?;
                let was = self.touchpoint_mut(&id)?.deleted_at.take();
                let inverse =
                    was.map(|_| Op::TouchpointDel { id: id.clone() }).into_iter().collect();
                let mut restored = came_back(self.map, |map| {
                    map.touchpoints.retain(|touchpoint| touchpoint.id == id);
                });
                restored.stages.clear();
                restored.lanes.clear();
                Ok(Applied { op: Op::TouchpointRestore { id, restored }, inverse })
            }
            op => Ok(Applied { op, inverse: Vec::new() }),
        }
    }

    fn add_stage(&mut self, id: String, title: String, place: Place) -> Answer {
        checked_id("stage", &id)?;
        checked_text("the title", &title)?;
        if let Some(there) = self.map.stages.iter().find(|there| there.id == id) {
            let current = match there.deleted_at {
                Some(_) => json!({ "deleted": true }),
                None => json!(there),
            };
            return Err(taken("stage", &id, current));
        }
        if self.map.stages.len() >= MOST_STAGES {
            return Err(full("stages", MOST_STAGES));
        }
        let order = self.key(self.stages_beside(&id), &place)?;
        let (phase, owner, goal, deleted_at) = (None, None, None, None);
        let stage = Stage { id, title, phase, owner, goal, order, deleted_at };
        let op = Op::StageAdd {
            id: stage.id.clone(),
            title: stage.title.clone(),
            after: place.after,
            order: Some(stage.order.clone()),
        };
        let inverse = vec![Op::StageDel { id: stage.id.clone() }];
        self.map.stages.push(stage);
        Ok(Applied { op, inverse })
    }

    fn add_touchpoint(&mut self, mut touchpoint: Touchpoint, place: Place) -> Answer {
        checked_id("touchpoint", &touchpoint.id)?;
        checked_text("the title", &touchpoint.title)?;
        if let Some(there) = self.map.touchpoints.iter().find(|there| there.id == touchpoint.id) {
            let current = match self.seen_touchpoint(&there.id) {
                Err(_) => json!({ "deleted": true }),
                Ok(()) => json!(there),
            };
            return Err(taken("touchpoint", &touchpoint.id, current));
        }
        if self.map.touchpoints.len() >= MOST_TOUCHPOINTS {
            return Err(full("touchpoints", MOST_TOUCHPOINTS));
        }
        self.seen_stage(&touchpoint.stage)?;
        touchpoint.order = self.key(self.touchpoints_of(&touchpoint.stage, ""), &place)?;
        let op = Op::TouchpointAdd {
            id: touchpoint.id.clone(),
            stage: touchpoint.stage.clone(),
            title: touchpoint.title.clone(),
            after: place.after,
            order: Some(touchpoint.order.clone()),
        };
        let inverse = vec![Op::TouchpointDel { id: touchpoint.id.clone() }];
        self.map.touchpoints.push(touchpoint);
        Ok(Applied { op, inverse })
    }

    fn move_touchpoint(&mut self, id: String, stage: String, place: Place) -> Answer {
        self.seen_touchpoint(&id)?;
        self.seen_stage(&stage)?;
        let order = self.key(self.touchpoints_of(&stage, &id), &place)?;
        let touchpoint = self.touchpoint_mut(&id)?;
        let old_order = std::mem::replace(&mut touchpoint.order, order.clone());
        let old_stage = std::mem::replace(&mut touchpoint.stage, stage.clone());
        let inverse = vec![Op::TouchpointMove {
            id: id.clone(),
            after: in_front(self.touchpoints_of(&old_stage, &id), &old_order),
            stage: old_stage,
            order: Some(old_order),
        }];
        let op = Op::TouchpointMove { id, stage, after: place.after, order: Some(order) };
        Ok(Applied { op, inverse })
    }

    pub(super) fn seen_stage(&mut self, id: &str) -> Result<&mut Stage, Rejected> {
        match self.map.stages.iter_mut().find(|stage| stage.id == id) {
            None => Err(missing("stage", id)),
            Some(stage) if stage.deleted_at.is_some() => Err(deleted("stage", id)),
            Some(stage) => Ok(stage),
        }
    }

    pub(super) fn seen_touchpoint(&self, id: &str) -> Result<(), Rejected> {
        let touchpoint = self.map.touchpoints.iter().find(|touchpoint| touchpoint.id == id);
        let touchpoint = touchpoint.ok_or_else(|| missing("touchpoint", id))?;
        let stage = self.map.stages.iter().find(|stage| stage.id == touchpoint.stage);
        let is_shown = stage.is_some_and(|stage| stage.deleted_at.is_none());
        if touchpoint.deleted_at.is_some() || !is_shown {
            return Err(deleted("touchpoint", id));
        }
        Ok(())
    }

    pub(super) fn touchpoint_mut(&mut self, id: &str) -> Result<&mut Touchpoint, Rejected> {
        let touchpoint = self.map.touchpoints.iter_mut().find(|touchpoint| touchpoint.id == id);
        touchpoint.ok_or_else(|| missing("touchpoint", id))
    }

    fn stages_beside(&self, without: &str) -> Vec<Placed> {
        let stages = self.map.stages.iter().filter(|stage| stage.id != without);
        stages.map(|it| Placed { id: it.id.clone(), order: it.order.clone() }).collect()
    }

    fn touchpoints_of(&self, stage: &str, without: &str) -> Vec<Placed> {
        let row = self.map.touchpoints.iter().filter(|it| it.stage == stage && it.id != without);
        row.map(|it| Placed { id: it.id.clone(), order: it.order.clone() }).collect()
    }
}

/// What is in sight of a map, of the part of it that came back.
pub(super) fn came_back(map: &Map, keep: impl Fn(&mut Map)) -> Restored {
    let mut part = map.visible();
    keep(&mut part);
    let has_stage = |id: &str| part.stages.iter().any(|stage| stage.id == id);
    part.touchpoints.retain(|touchpoint| has_stage(&touchpoint.stage));
    let has_touchpoint = |id: &str| part.touchpoints.iter().any(|it| it.id == id);
    part.cards.retain(|card| has_touchpoint(&card.touchpoint));
    let Map { lanes, stages, touchpoints, cards, .. } = part;
    Restored { lanes, stages, touchpoints, cards }
}

fn nothing() -> Touchpoint {
    Touchpoint {
        id: String::new(),
        stage: String::new(),
        title: String::new(),
        order: String::new(),
        channels: Vec::new(),
        initiator: None,
        owner: None,
        events: Vec::new(),
        optional: false,
        repeatable: false,
        next: None,
        moment_of_truth: false,
        feels: None,
        importance: None,
        belief: None,
        targets: BTreeMap::new(),
        standards: Vec::new(),
        no_standard: None,
        deleted_at: None,
    }
}
