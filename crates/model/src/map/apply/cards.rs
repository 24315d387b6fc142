//! Cards: written, changed, moved, linked, deleted and restored.

use serde_json::{Value, json};

use super::{
    Answer, Applied, Code, Edit, MOST_CARDS, Place, Placed, Rejected, checked_text, deleted, full,
    in_front, missing, reject, taken,
};
use crate::journey::Link;
use crate::map::{Card, Op, Restored};

impl Edit<'_> {
    pub(super) fn card(&mut self, op: Op) -> Answer {
        match op {
            Op::CardAdd { id, touchpoint, lane, after, text, grade, order } => {
                let (order, text_rev) = (order.unwrap_or_default(), 1);
                let (owner, links, deleted_at) = (None, Vec::new(), None);
                self.add_card(
                    Card {
                        id,
                        touchpoint,
                        lane,
                        order,
                        text,
                        text_rev,
                        grade,
                        owner,
                        links,
                        deleted_at,
                    },
                    after,
                )
            }
            Op::CardSet { .. } => self.set_card(op),
            Op::CardMove { id, touchpoint, lane, after, order } => {
                self.move_card(&id, [touchpoint, lane], Place { after, order })
            }
            Op::CardDel { id } => {
                let at = self.at;
                self.seen_card(&id)?.deleted_at = Some(at);
                let inverse =
                    vec![Op::CardRestore { id: id.clone(), restored: Restored::default() }];
                Ok(Applied { op: Op::CardDel { id }, inverse })
            }
            Op::CardRestore { id, restored } => self.restore_card(id, &restored),
            Op::LinkAdd { card, link, at } => self.add_link(card, link, at),
            Op::LinkDel { card, link } => self.remove_link(card, link),
            op => Ok(Applied { op, inverse: Vec::new() }),
        }
    }

    fn add_card(&mut self, mut card: Card, after: Option<String>) -> Answer {
        if !is_uuid(&card.id) {
            let message = format!("`{}` is no id of a card: it must be a UUID", card.id);
            return Err(reject(Code::InvalidInput, message));
        }
        if let Some(there) = self.map.cards.iter().find(|there| there.id == card.id) {
            return Err(taken("card", &card.id, self.current(there)));
        }
        if self.map.cards.len() >= MOST_CARDS {
            return Err(full("cards", MOST_CARDS));
        }
        checked_text("the card", &card.text)?;
        self.cell(&card.touchpoint, &card.lane)?;
        let proposed = Some(std::mem::take(&mut card.order)).filter(|order| !order.is_empty());
        let place = Place { after, order: proposed };
        card.order = self.key(self.cards_of(&card.touchpoint, &card.lane, &card.id), &place)?;
        let op = Op::CardAdd {
            id: card.id.clone(),
            touchpoint: card.touchpoint.clone(),
            lane: card.lane.clone(),
            after: place.after,
            text: card.text.clone(),
            grade: card.grade,
            order: Some(card.order.clone()),
        };
        let inverse = vec![Op::CardDel { id: card.id.clone() }];
        self.map.cards.push(card);
        Ok(Applied { op, inverse })
    }

    fn set_card(&mut self, op: Op) -> Answer {
        let Op::CardSet { id, text_rev, text, grade, owner } = &op else {
            return Ok(Applied { op, inverse: Vec::new() });
        };
        let card = self.seen_card(id)?;
        let text = text.as_ref().filter(|text| **text != card.text);
        if let Some(text) = text {
            checked_text("the card", text)?;
            if *text_rev != Some(card.text_rev) {
                let message = match text_rev {
                    Some(_) => "somebody else has changed this text since; see what it says now",
                    None => "a change of `text` needs the `text_rev` that it was made from",
                };
                let code = text_rev.map_or(Code::InvalidInput, |_| Code::Conflict);
                let current = Some(json!(card));
                return Err(Rejected { code, message: message.to_owned(), current });
            }
        }
        let owner = owner.as_ref().map(|owner| owner.clone().filter(|it| !it.trim().is_empty()));
        let before = Op::CardSet {
            id: id.clone(),
            text_rev: text.map(|_| card.text_rev + 1),
            text: text.map(|_| card.text.clone()),
            grade: grade.filter(|grade| *grade != card.grade).map(|_| card.grade),
            owner: owner.as_ref().filter(|owner| **owner != card.owner).map(|_| card.owner.clone()),
        };
        if let Some(text) = text {
            card.text.clone_from(text);
            card.text_rev += 1;
        }
        card.grade = grade.unwrap_or(card.grade);
        if let Some(owner) = owner {
            card.owner = owner;
        }
        let changes = !matches!(&before, Op::CardSet { text: None, grade: None, owner: None, .. });
        Ok(Applied { op, inverse: if changes { vec![before] } else { Vec::new() } })
    }

    fn move_card(&mut self, id: &str, [touchpoint, lane]: [String; 2], place: Place) -> Answer {
        let before = self.seen_card(id)?.clone();
        self.cell(&touchpoint, &lane)?;
        let order = self.key(self.cards_of(&touchpoint, &lane, id), &place)?;
        let was = self.cards_of(&before.touchpoint, &before.lane, id);
        let inverse = vec![Op::CardMove {
            id: id.to_owned(),
            touchpoint: before.touchpoint,
            lane: before.lane,
            after: in_front(was, &before.order),
            order: Some(before.order),
        }];
        let card = self.seen_card(id)?;
        card.touchpoint.clone_from(&touchpoint);
        card.lane.clone_from(&lane);
        card.order.clone_from(&order);
        let (id, after) = (id.to_owned(), place.after);
        let op = Op::CardMove { id, touchpoint, lane, after, order: Some(order) };
        Ok(Applied { op, inverse })
    }

    fn restore_card(&mut self, id: String, restored: &Restored) -> Answer {
        self.take_back(restored);
        let card = self.map.cards.iter().find(|card| card.id == id);
        let card = card.ok_or_else(|| missing("card", &id))?.clone();
        self.cell(&card.touchpoint, &card.lane)?;
        let inverse = match card.deleted_at {
            Some(_) => vec![Op::CardDel { id: id.clone() }],
            None => Vec::new(),
        };
        let card = Card { deleted_at: None, ..card };
        super::put(&mut self.map.cards, std::slice::from_ref(&card), |card| &card.id);
        let restored = Restored { cards: vec![card], ..Restored::default() };
        Ok(Applied { op: Op::CardRestore { id, restored }, inverse })
    }

    fn add_link(&mut self, card: String, link: Link, at: Option<usize>) -> Answer {
        checked_text("the link's `kind`", &link.kind)?;
        checked_text("the link's `to`", &link.to)?;
        let links = &mut self.seen_card(&card)?.links;
        let is_same = |there: &Link| there.kind == link.kind && there.to == link.to;
        let (at, undo) = match links.iter().position(is_same) {
            Some(there) if links[there] == link => (there, None),
            Some(there) => {
                let old = std::mem::replace(&mut links[there], link.clone());
                (there, Some(Op::LinkAdd { card: card.clone(), link: old, at: Some(there) }))
            }
            None if links.len() >= 100 => {
                return Err(reject(Code::TooLarge, "a card holds at most 100 links"));
            }
            None => {
                let at = at.unwrap_or(links.len()).min(links.len());
                links.insert(at, link.clone());
                (at, Some(Op::LinkDel { card: card.clone(), link: link.clone() }))
            }
        };
        let op = Op::LinkAdd { card, link, at: Some(at) };
        Ok(Applied { op, inverse: undo.into_iter().collect() })
    }

    fn remove_link(&mut self, card: String, link: Link) -> Answer {
        let links = &mut self.seen_card(&card)?.links;
        let is_same = |there: &Link| there.kind == link.kind && there.to == link.to;
        let Some(at) = links.iter().position(is_same) else {
            let message = format!("the card has no link of kind `{}` to `{}`", link.kind, link.to);
            return Err(reject(Code::NotFound, message));
        };
        let was = links.remove(at);
        let inverse = vec![Op::LinkAdd { card: card.clone(), link: was, at: Some(at) }];
        Ok(Applied { op: Op::LinkDel { card, link }, inverse })
    }

    /// A cell that a card can stand in.
    fn cell(&self, touchpoint: &str, lane: &str) -> Result<(), Rejected> {
        self.seen_touchpoint(touchpoint)?;
        let lane = self.seen_lane(lane)?;
        if !lane.kind.holds_cards() {
            let message = format!("the lane `{}` holds no cards; choose one with text", lane.id);
            return Err(reject(Code::InvalidInput, message));
        }
        Ok(())
    }

    fn seen_card(&mut self, id: &str) -> Result<&mut Card, Rejected> {
        let is_seen = self.map.cards.iter().find(|card| card.id == id).map(|card| {
            card.deleted_at.is_none()
                && self.seen_touchpoint(&card.touchpoint).is_ok()
                && self.seen_lane(&card.lane).is_ok()
        });
        match is_seen {
            None => Err(missing("card", id)),
            Some(false) => Err(deleted("card", id)),
            Some(true) => self
                .map
                .cards
                .iter_mut()
                .find(|card| card.id == id)
                .ok_or_else(|| missing("card", id)),
        }
    }

    fn current(&self, card: &Card) -> Value {
        if card.deleted_at.is_some() { json!({ "deleted": true }) } else { json!(card) }
    }

    fn cards_of(&self, touchpoint: &str, lane: &str, without: &str) -> Vec<Placed> {
        let cards = self.map.cards.iter();
        cards
            .filter(|it| it.touchpoint == touchpoint && it.lane == lane && it.id != without)
            .map(|it| Placed { id: it.id.clone(), order: it.order.clone() })
            .collect()
    }
}

/// 32 hexadecimal digits in their five groups.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(|it| it.bytes().all(|b| b.is_ascii_hexdigit()))
}
