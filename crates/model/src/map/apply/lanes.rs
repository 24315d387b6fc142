//! Lanes: added, moved, deleted and restored. Those that every map has are switched off, not deleted.

use serde_json::json;

use super::{
    Answer, Applied, Code, Edit, MOST_LANES, Place, Placed, Rejected, checked_id, checked_text,
    deleted, full, in_front, missing, reject, taken,
};
use crate::journey::find_standing;
use crate::map::{Lane, Op, Restored};

impl Edit<'_> {
    pub(super) fn lane(&mut self, op: Op) -> Answer {
        match op {
            Op::LaneAdd { id, title, kind, view, after, order } => {
                let (order, deleted_at) = (order.unwrap_or_default(), None);
                self.add_lane(Lane { id, title, kind, view, on: true, order, deleted_at }, after)
            }
            Op::LaneMove { id, after, order } => {
                let before = self.seen_lane(&id)?.order.clone();
                let row = || self.lanes_beside(&id);
                let order = self.key(row(), &Place { after: after.clone(), order })?;
                let inverse = vec![Op::LaneMove {
                    id: id.clone(),
                    after: in_front(row(), &before),
                    order: Some(before),
                }];
                self.lane_mut(&id)?.order.clone_from(&order);
                Ok(Applied { op: Op::LaneMove { id, after, order: Some(order) }, inverse })
            }
            Op::LaneDel { id } => {
                self.seen_lane(&id)?;
                if find_standing(&id).is_some() {
                    let message = format!("every map has the lane `{id}`; switch it off instead");
                    return Err(reject(Code::InvalidInput, message));
                }
                self.lane_mut(&id)?.deleted_at = Some(self.at);
                let restored = Restored::default();
                let inverse = vec![Op::LaneRestore { id: id.clone(), restored }];
                Ok(Applied { op: Op::LaneDel { id }, inverse })
            }
            Op::LaneRestore { id, restored } => {
                self.take_back(&restored);
                let was = self.lane_mut(&id)?.deleted_at.take();
                let inverse = was.map(|_| Op::LaneDel { id: id.clone() }).into_iter().collect();
                let mut part = self.map.visible();
                part.lanes.retain(|lane| lane.id == id);
                part.cards.retain(|card| card.lane == id);
                let restored =
                    Restored { lanes: part.lanes, cards: part.cards, ..Restored::default() };
                Ok(Applied { op: Op::LaneRestore { id, restored }, inverse })
            }
            op => Ok(Applied { op, inverse: Vec::new() }),
        }
    }

    fn add_lane(&mut self, mut lane: Lane, after: Option<String>) -> Answer {
        checked_id("lane", &lane.id)?;
        checked_text("the title", &lane.title)?;
        if !lane.kind.holds_cards() {
            let message = "a lane of your own holds `text` or `tags`";
            return Err(reject(Code::InvalidInput, message));
        }
        if let Some(there) = self.map.lanes.iter().find(|there| there.id == lane.id) {
            let current = match there.deleted_at {
                Some(_) => json!({ "deleted": true }),
                None => json!(there),
            };
            return Err(taken("lane", &lane.id, current));
        }
        if self.map.lanes.len() >= MOST_LANES {
            return Err(full("lanes", MOST_LANES));
        }
        let proposed = Some(std::mem::take(&mut lane.order)).filter(|order| !order.is_empty());
        let place = Place { after, order: proposed };
        lane.order = self.key(self.lanes_beside(&lane.id), &place)?;
        let op = Op::LaneAdd {
            id: lane.id.clone(),
            title: lane.title.clone(),
            kind: lane.kind,
            view: lane.view,
            after: place.after,
            order: Some(lane.order.clone()),
        };
        let inverse = vec![Op::LaneDel { id: lane.id.clone() }];
        self.map.lanes.push(lane);
        Ok(Applied { op, inverse })
    }

    pub(super) fn seen_lane(&self, id: &str) -> Result<&Lane, Rejected> {
        match self.map.lanes.iter().find(|lane| lane.id == id) {
            None => Err(missing("lane", id)),
            Some(lane) if lane.deleted_at.is_some() => Err(deleted("lane", id)),
            Some(lane) => Ok(lane),
        }
    }

    pub(super) fn lane_mut(&mut self, id: &str) -> Result<&mut Lane, Rejected> {
        let lane = self.map.lanes.iter_mut().find(|lane| lane.id == id);
        lane.ok_or_else(|| missing("lane", id))
    }

    fn lanes_beside(&self, without: &str) -> Vec<Placed> {
        let lanes = self.map.lanes.iter().filter(|lane| lane.id != without);
        lanes.map(|it| Placed { id: it.id.clone(), order: it.order.clone() }).collect()
    }
}
