//! A retail chain: members drive in, shop, pay, and redeem their points.
//!
//! Planted: too few bays at the hours when people come, points credited on a phone number and redeemed only against the
//! card, rice and its spices at the two ends of the hall, staff who were never shown round the shop; and a change for the
//! better, a third till that five of the twelve shops open in the evening from October on.

mod answers;
mod field;
pub(super) mod truths;

pub(super) use answers::{importance, themes};

use super::Twin;
use super::calendar::{Second, YEAR_DAYS};
use super::dice::{DAY, Dice, HOUR, Spread};
use super::rows::{Event, Rows};

const SEED: u64 = 2_025_031_100;
const CUSTOMERS: u64 = 2_000;

const ATTRIBUTES: &[&str] = &["store", "segment", "zone", "identifier", "basket", "price_errors"];
const STORES: [&str; 12] = [
    "Aundh",
    "Baner",
    "Hadapsar",
    "Kothrud",
    "Viman Nagar",
    "Wakad",
    "Bavdhan",
    "Camp",
    "Katraj",
    "Kharadi",
    "Pimpri",
    "Warje",
];

/// What stays with a member through the year; drawn apart from the visits, so that the twin has the same members.
#[derive(Debug)]
struct Member {
    id: String,
    store: &'static str,
    segment: &'static str,
    drives: f64,
    /// What the till is given to credit the points.
    identifier: &'static str,
    first_day: i64,
}

/// What one visit was like, as far as answers and the next visit depend on it.
#[derive(Debug, Default)]
struct Visit {
    drove: bool,
    slow_parking: bool,
    walked_back: bool,
    asked: bool,
    asked_to_redeem: bool,
    card_demanded: bool,
    paid: bool,
    over_at: Second,
}

pub(super) fn rows(twin: Twin) -> Rows {
    let mut rows = Rows { place: Some("store"), ..Rows::new(ATTRIBUTES) };
    for number in 0..CUSTOMERS {
        let member = member(number);
        let mut dice = Dice::of(SEED, 2, number);
        let mut day = member.first_day;
        while day < YEAR_DAYS {
            let at = day * 86_400 + dice.seconds(COMES_AT);
            let visit = Walk {
                rows: &mut rows,
                dice: &mut dice,
                member: &member,
                twin,
                at,
                visit: Visit::default(),
            }
            .go();
            answers::answer(&mut rows, &mut dice, &member, &visit, twin);
            // A member who waited for a bay is three times as likely not to come again.
            let lapses = if visit.slow_parking && twin.has_defects() { 0.21 } else { 0.07 };
            if dice.chance(lapses) {
                break;
            }
            day += dice.seconds(COMES_AGAIN) / 86_400;
        }
    }
    field::walks(&mut rows, twin);
    field::complaints(&mut rows, twin);
    rows.in_order()
}

fn member(number: u64) -> Member {
    let mut dice = Dice::of(SEED, 1, number);
    let segment = dice.weighted(&[("family", 0.45), ("young", 0.32), ("senior", 0.23)]);
    let drives = match segment {
        "family" => 0.9,
        "young" => 0.7,
        _ => 0.6,
    };
    Member {
        id: format!("M{:06}", 100_000 + number * 7),
        store: dice.pick(&STORES),
        segment,
        drives,
        identifier: dice.weighted(&[("phone", 0.88), ("card", 0.08), ("app", 0.04)]),
        first_day: dice.below(300) as i64,
    }
}

const COMES_AT: Spread =
    &[(0.0, 9.5 * HOUR), (0.4, 13.0 * HOUR), (0.9, 19.5 * HOUR), (1.0, 20.5 * HOUR)];
const COMES_AGAIN: Spread =
    &[(0.0, 13.0 * DAY), (0.5, 29.0 * DAY), (0.9, 46.0 * DAY), (1.0, 55.0 * DAY)];

const PARKS_AT_ONCE: Spread = &[(0.0, 30.0), (0.5, 110.0), (0.9, 200.0), (1.0, 285.0)];
const CIRCLES_FOR_A_BAY: Spread = &[(0.0, 310.0), (0.5, 560.0), (0.9, 1100.0), (1.0, 1700.0)];
const TO_THE_DOOR: Spread = &[(0.0, 40.0), (0.5, 110.0), (0.97, 300.0), (1.0, 500.0)];
const IN_AN_AISLE: Spread = &[(0.0, 60.0), (0.5, 200.0), (0.9, 480.0), (1.0, 900.0)];
const FOR_AN_ANSWER: Spread = &[(0.0, 15.0), (0.5, 70.0), (0.965, 230.0), (1.0, 600.0)];
const IN_THE_QUEUE: Spread = &[(0.0, 30.0), (0.5, 170.0), (0.965, 470.0), (1.0, 900.0)];
const FOR_THE_REWARD: Spread = &[(0.0, 60.0), (0.5, 200.0), (0.965, 590.0), (1.0, 1200.0)];
const BASKET: Spread = &[(0.0, 180.0), (0.25, 620.0), (0.5, 1240.0), (0.9, 4100.0), (1.0, 9800.0)];

/// A visit while it happens.
#[derive(Debug)]
struct Walk<'a> {
    rows: &'a mut Rows,
    dice: &'a mut Dice,
    member: &'a Member,
    twin: Twin,
    at: Second,
    visit: Visit,
}

impl Walk<'_> {
    fn go(mut self) -> Visit {
        let stayed = self.arrive();
        if stayed {
            self.shop();
            if !self.dice.chance(0.03) {
                self.pay();
                self.redeem();
                self.leave();
            }
        }
        self.visit.over_at = self.at;
        self.visit
    }

    /// Whether the member came in at all.
    fn arrive(&mut self) -> bool {
        if self.dice.chance(self.member.drives) {
            self.visit.drove = true;
            self.visit.slow_parking =
                self.dice.chance(if self.twin.has_defects() { 0.44 } else { 0.03 });
            self.event(0, "drove-in", "gate");
            if self.visit.slow_parking && self.dice.chance(0.03) {
                return false;
            }
            let wait = self.dice.seconds(if self.visit.slow_parking {
                CIRCLES_FOR_A_BAY
            } else {
                PARKS_AT_ONCE
            });
            self.event(wait, "parked", "car-park");
        } else {
            self.event(0, "walked-up", "street");
        }
        let wait = self.dice.seconds(TO_THE_DOOR);
        self.event(wait, "entered", "shop");
        true
    }

    fn shop(&mut self) {
        let (staples, spices) = (self.dice.chance(0.9), self.dice.chance(0.82));
        if staples {
            self.aisle("staples");
        }
        if spices {
            self.aisle("spices");
        }
        // Rice stands by the door and its spices at the far end: whoever forgot one walks the hall again.
        let far_apart = if self.twin.has_defects() { 0.66 } else { 0.015 };
        if staples && spices && self.dice.chance(far_apart) {
            self.visit.walked_back = true;
            self.aisle("staples");
            if self.dice.chance(0.4) {
                self.aisle("spices");
            }
        }
        if self.dice.chance(0.96) {
            self.aisle("household");
        }
        if self.dice.chance(0.36) {
            self.ask_staff();
        }
        if self.dice.chance(0.55) {
            let wait = self.dice.seconds(IN_AN_AISLE);
            self.event(wait, "weighed", "shop");
        }
    }

    fn ask_staff(&mut self) {
        self.visit.asked = true;
        let times = self.dice.weighted(&[(1, 0.84), (2, 0.15), (3, 0.01)]);
        for _ in 0..times {
            let (wait, answer) =
                (self.dice.seconds(IN_AN_AISLE) / 2, self.dice.seconds(FOR_AN_ANSWER));
            self.event(wait, "asked", "shop");
            self.event(answer, "helped", "shop");
        }
    }

    fn pay(&mut self) {
        let (wait, queue) = (self.dice.seconds(IN_AN_AISLE), self.dice.seconds(IN_THE_QUEUE));
        self.event(wait, "queued", "shop");
        let till = [("till", 0.7), ("self-checkout", 0.24), ("app", 0.055), ("handwritten", 0.005)];
        let channel = self.dice.weighted(&till);
        let factor = if self.member.segment == "family" { 1.5 } else { 1.0 };
        let basket = (self.dice.seconds(BASKET) as f64 * factor) as i64;
        let errors = self.dice.weighted(&[("0", 0.988), ("1", 0.01), ("2", 0.002)]);
        self.event(queue, "paid", channel);
        self.set("basket", basket.to_string());
        self.set("price_errors", errors.to_owned());
        self.visit.paid = true;
        if self.dice.chance(0.985) {
            let wait = 8 + self.dice.below(30) as i64;
            self.event(wait, "points-credited", "till");
            self.set("identifier", self.member.identifier.to_owned());
        }
    }

    fn redeem(&mut self) {
        if !self.dice.chance(0.42) {
            return;
        }
        self.visit.asked_to_redeem = true;
        // The desk's old terminal reads nothing but the magnetic card.
        let demands_card = self.twin.has_defects() && self.dice.chance(0.76);
        let honest_slip = self.dice.chance(0.015);
        let identifier = match (demands_card, honest_slip, self.member.identifier) {
            (true, _, _) | (false, true, "phone" | "app") => "card",
            (false, true, _) => "phone",
            (false, false, own) => own,
        };
        self.visit.card_demanded = identifier == "card" && self.member.identifier != "card";
        let (wait, reward) = (30 + self.dice.below(240) as i64, self.dice.seconds(FOR_THE_REWARD));
        self.event(wait, "redeem-asked", "loyalty-desk");
        self.set("identifier", identifier.to_owned());
        if !self.dice.chance(0.015) {
            self.event(reward, "redeemed", "loyalty-desk");
        }
    }

    fn leave(&mut self) {
        if self.dice.chance(0.985) {
            let wait = self.dice.seconds(TO_THE_DOOR);
            self.event(wait, "left", if self.visit.drove { "gate" } else { "street" });
        }
    }

    fn aisle(&mut self, zone: &'static str) {
        let wait = self.dice.seconds(IN_AN_AISLE);
        self.event(wait, "aisle", "trolley");
        self.set("zone", zone.to_owned());
    }

    /// Something happens `wait` seconds later; now and then a machine logs something that is nobody's touchpoint.
    fn event(&mut self, wait: i64, activity: &'static str, channel: &'static str) {
        if activity != "points-credited" && wait > 20 && self.dice.chance(0.01) {
            let half = self.at + wait / 2;
            let machine = self.dice.weighted(&[
                ("screen-touched", 0.6),
                ("trolley-docked", 0.3),
                ("beacon-reset", 0.1),
            ]);
            self.push(half, machine, "device");
        }
        self.at += wait;
        self.push(self.at, activity, channel);
    }

    fn push(&mut self, at: Second, activity: &'static str, channel: &'static str) {
        let mut attributes = vec![String::new(); ATTRIBUTES.len()];
        self.member.store.clone_into(&mut attributes[0]);
        self.member.segment.clone_into(&mut attributes[1]);
        self.rows.events.push(Event {
            customer: self.member.id.clone(),
            at,
            activity,
            channel,
            attributes,
        });
    }

    /// Gives the last event an attribute.
    fn set(&mut self, attribute: &str, value: String) {
        let place = ATTRIBUTES.iter().position(|name| *name == attribute);
        if let (Some(place), Some(event)) = (place, self.rows.events.last_mut()) {
            event.attributes[place] = value;
        }
    }
}
