//! Operations by chance, mostly on what is there, sometimes on what is deleted or never was.

use model::journey::{Feeling, Grade, LaneKind, LaneView, Link};
use model::map::{Map, Op, Restored};
use serde_json::{Value, json};

use super::card;

pub(crate) fn random_op(map: &Map, seed: [u16; 8]) -> Op {
    let mut dice = Dice { map, seed, at: 0 };
    match dice.below(27) {
        0..=3 => dice.card_add(),
        4 | 5 => dice.card_set(),
        6..=8 => {
            let (id, touchpoint, lane) = (dice.card(), dice.touchpoint(), dice.lane());
            Op::CardMove { id, touchpoint, lane, after: dice.after_card(), order: dice.order() }
        }
        9 => Op::CardDel { id: dice.card() },
        10 => Op::CardRestore { id: dice.card(), restored: Restored::default() },
        11 => Op::StageAdd {
            id: format!("new-{}", dice.below(5)),
            title: dice.text(),
            after: dice.after(Dice::stage),
            order: dice.order(),
        },
        12 => dice.set(),
        13 => {
            Op::StageMove { id: dice.stage(), after: dice.after(Dice::stage), order: dice.order() }
        }
        14 => Op::StageDel { id: dice.stage() },
        15 => Op::StageRestore { id: dice.stage(), restored: Restored::default() },
        16 => Op::TouchpointAdd {
            id: format!("new-{}", dice.below(5)),
            stage: dice.stage(),
            title: dice.text(),
            after: dice.after(Dice::touchpoint),
            order: dice.order(),
        },
        17 => {
            let (id, stage) = (dice.touchpoint(), dice.stage());
            Op::TouchpointMove { id, stage, after: dice.after(Dice::touchpoint), order: None }
        }
        18 => Op::TouchpointDel { id: dice.touchpoint() },
        19 => Op::TouchpointRestore { id: dice.touchpoint(), restored: Restored::default() },
        20 => Op::LaneAdd {
            id: format!("new-{}", dice.below(4)),
            title: dice.text(),
            kind: [LaneKind::Text, LaneKind::Tags, LaneKind::Measure][dice.below(3)],
            view: LaneView::Both,
            after: dice.after(Dice::lane),
            order: None,
        },
        21 => Op::LaneMove { id: dice.lane(), after: dice.after(Dice::lane), order: None },
        22 => Op::LaneDel { id: dice.lane() },
        23 => Op::LaneRestore { id: dice.lane(), restored: Restored::default() },
        24 => {
            let feels = Feeling {
                label: dice.text(),
                valence: [-2.0, 0.25, 3.0][dice.below(3)],
                intensity: None,
                grade: Grade::Told,
            };
            let feels = Some(feels).filter(|_| dice.below(3) > 0);
            Op::FeelSet { touchpoint: dice.touchpoint(), feels }
        }
        25 => {
            let at = Some(dice.below(3)).filter(|_| dice.below(2) > 0);
            Op::LinkAdd { card: dice.card(), link: dice.link(), at }
        }
        _ => Op::LinkDel { card: dice.card(), link: dice.link() },
    }
}

struct Dice<'m> {
    map: &'m Map,
    seed: [u16; 8],
    at: usize,
}

impl Dice<'_> {
    fn card_add(&mut self) -> Op {
        Op::CardAdd {
            id: card(1000 + self.below(60) as u32),
            touchpoint: self.touchpoint(),
            lane: self.lane(),
            after: self.after_card(),
            text: self.text(),
            grade: None,
            order: self.order(),
        }
    }

    fn card_set(&mut self) -> Op {
        let id = self.card();
        let current = self.map.cards.iter().find(|card| card.id == id);
        let text_rev = current.map(|card| card.text_rev - self.below(2) as u64);
        let what = self.below(8);
        Op::CardSet {
            id,
            text_rev,
            text: Some(self.text()).filter(|_| what & 1 > 0),
            grade: Some([None, Some(Grade::Staff)][self.below(2)]).filter(|_| what & 2 > 0),
            owner: Some([None, Some("care".to_owned())][self.below(2)].clone())
                .filter(|_| what & 4 > 0),
        }
    }

    /// A field of a stage, a touchpoint, a lane or the map, rightly or wrongly.
    fn set(&mut self) -> Op {
        const STAGE: [(&str, &str); 4] =
            [("title", "\"T\""), ("phase", "\"after\""), ("owner", "null"), ("colour", "1")];
        const TOUCHPOINT: [(&str, &str); 6] = [
            ("channels", "[\"app\",\"till\"]"),
            ("next", "[]"),
            ("optional", "true"),
            ("importance", "{\"customer\":9}"),
            ("targets", "{\"csat\":4.5}"),
            ("title", "null"),
        ];
        const LANE: [(&str, &str); 3] =
            [("on", "false"), ("kind", "\"tags\""), ("view", "\"company\"")];
        const MAP: [(&str, &str); 6] = [
            ("title", "\"Other\""),
            ("scope", "\"target\""),
            ("handoffs", "[{\"from\":\"exit\",\"to\":\"news\"}]"),
            ("instance", "{\"by\":\"order\"}"),
            ("dimensions", "{\"brand\":\"B\"}"),
            ("review_every", "\"soon\""),
        ];
        let own = |(field, value): (&str, &str)| -> (String, Value) {
            (field.to_owned(), serde_json::from_str(value).unwrap_or(json!(null)))
        };
        match self.below(4) {
            0 => {
                let (field, value) = own(STAGE[self.below(4)]);
                Op::StageSet { id: self.stage(), field, value }
            }
            1 => {
                let (field, value) = own(TOUCHPOINT[self.below(6)]);
                Op::TouchpointSet { id: self.touchpoint(), field, value }
            }
            2 => {
                let (field, value) = own(LANE[self.below(3)]);
                Op::LaneSet { id: self.lane(), field, value }
            }
            _ => {
                let (field, value) = own(MAP[self.below(6)]);
                Op::MetaSet { field, value }
            }
        }
    }

    fn link(&mut self) -> Link {
        let title = Some("T".to_owned()).filter(|_| self.below(2) > 0);
        Link { kind: "web".to_owned(), to: format!("r-{}", self.below(3)), title }
    }

    fn card(&mut self) -> String {
        let at = self.below(self.map.cards.len() + 1);
        self.map.cards.get(at).map_or(card(77_777), |card| card.id.clone())
    }

    fn touchpoint(&mut self) -> String {
        let at = self.below(self.map.touchpoints.len().max(1));
        self.map.touchpoints.get(at).map_or("none".to_owned(), |it| it.id.clone())
    }

    fn stage(&mut self) -> String {
        let at = self.below(self.map.stages.len() + 1);
        self.map.stages.get(at).map_or("none".to_owned(), |it| it.id.clone())
    }

    fn lane(&mut self) -> String {
        // Own lanes are few, so they come up more often than their share.
        let mut lanes: Vec<&str> = self.map.lanes.iter().map(|lane| lane.id.as_str()).collect();
        let own: Vec<&str> =
            lanes.iter().copied().filter(|id| id.contains('-') || *id == "weather").collect();
        lanes.extend(own.iter().chain(&own));
        lanes[self.below(lanes.len())].to_owned()
    }

    fn after_card(&mut self) -> Option<String> {
        self.after(Dice::card)
    }

    fn after(&mut self, pick: impl Fn(&mut Self) -> String) -> Option<String> {
        (self.below(3) > 0).then(|| pick(self))
    }

    fn order(&mut self) -> Option<String> {
        const PROPOSED: [&str; 5] = ["a0", "a1V", "Zz", "nonsense", "a0"];
        (self.below(4) == 0).then(|| PROPOSED[self.below(5)].to_owned())
    }

    fn text(&mut self) -> String {
        const TEXTS: [&str; 6] = ["Looks around", "a\nb", " ", "ما هذا", "x: y", "I wait"];
        TEXTS[self.below(6)].to_owned()
    }

    fn below(&mut self, end: usize) -> usize {
        let number = self.seed[self.at % 8].rotate_left((self.at / 8) as u32 * 3);
        self.at += 1;
        usize::from(number) % end
    }
}
