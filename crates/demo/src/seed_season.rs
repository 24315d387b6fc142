//! A seed company and its farmers, over a monsoon season and the winter crop after it.
//!
//! Planted: somebody comes once a year, when there is seed to sell; hardly anybody hears about weather, crop and prices
//! in the weeks when the crop stands in the field; and farmers stay with whoever talks to them.

mod answers;
mod field;
pub(super) mod truths;

pub(super) use answers::importance;

use super::Twin;
use super::calendar::{END, Second, midnight};
use super::dice::{DAY, Dice, HOUR, Spread};
use super::rows::{Event, Rows};

const SEED: u64 = 2_025_031_110;
const CUSTOMERS: u64 = 2_400;

const ATTRIBUTES: &[&str] = &["region", "crop", "ticket", "germination", "bill"];
const REGIONS: [&str; 5] = ["Akola", "Jalna", "Nanded", "Wardha", "Yavatmal"];

#[derive(Debug)]
struct Farmer {
    id: String,
    region: &'static str,
    crop: &'static str,
    contact: Contact,
    /// The day on which the season's seed is thought about.
    thinks_on: Second,
}

/// How often a farmer hears from the company while the crop stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contact {
    OnlyAtSaleTime,
    Monthly,
    Fortnightly,
    Weekly,
}

pub(super) fn rows(twin: Twin) -> Rows {
    let mut rows = Rows::new(ATTRIBUTES);
    for number in 0..CUSTOMERS {
        let (farmer, mut dice) = (farmer(number, twin), Dice::of(SEED, 2, number));
        let Some(met) = Season::of(&mut rows, &mut dice, &farmer, farmer.thinks_on).monsoon()
        else {
            continue;
        };
        answers::answer(&mut rows, &mut dice, &farmer, &met, twin);
        if dice.chance(farmer.contact.stays()) {
            let at = met.sold_at + dice.seconds(UNTIL_WINTER_SEED);
            Season::of(&mut rows, &mut dice, &farmer, at).winter();
        }
    }
    field::walks(&mut rows, twin);
    field::complaints(&mut rows, twin);
    rows.in_order()
}

fn farmer(number: u64, twin: Twin) -> Farmer {
    let mut dice = Dice::of(SEED, 1, number);
    let (region, crop) = (
        dice.pick(&REGIONS),
        dice.weighted(&[("cotton", 0.45), ("soybean", 0.35), ("maize", 0.2)]),
    );
    let thinks_on = midnight(2025, 4, 25) + dice.seconds(&[(0.0, 9.0 * HOUR), (1.0, 36.0 * DAY)]);
    let drawn = dice.weighted(&TALKED_TO);
    let contact = if twin.has_defects() { drawn } else { Contact::Weekly };
    Farmer { id: format!("F{:05}", 20_000 + number * 3), region, crop, contact, thinks_on }
}

const TALKED_TO: [(Contact, f64); 4] = [
    (Contact::OnlyAtSaleTime, 0.7),
    (Contact::Monthly, 0.17),
    (Contact::Fortnightly, 0.1),
    (Contact::Weekly, 0.03),
];

impl Contact {
    fn every(self) -> Option<Spread> {
        match self {
            Self::OnlyAtSaleTime => None,
            Self::Monthly => Some(&[(0.0, 24.0 * DAY), (0.5, 29.0 * DAY), (1.0, 36.0 * DAY)]),
            Self::Fortnightly => Some(&[(0.0, 11.0 * DAY), (0.5, 13.6 * DAY), (1.0, 17.0 * DAY)]),
            Self::Weekly => {
                Some(&[(0.0, 6.2 * DAY), (0.5, 6.9 * DAY), (0.985, 8.0 * DAY), (1.0, 12.0 * DAY)])
            }
        }
    }

    /// Share that buys the winter seed from us as well.
    fn stays(self) -> f64 {
        match self {
            Self::OnlyAtSaleTime => 0.42,
            Self::Monthly => 0.62,
            Self::Fortnightly => 0.76,
            Self::Weekly => 0.88,
        }
    }
}

const UNTIL_VISIT: Spread = &[(0.0, 1.0 * HOUR), (0.5, 3.0 * DAY), (1.0, 9.0 * DAY)];
const UNTIL_DEALER: Spread = &[(0.0, 20.0 * HOUR), (0.5, 4.0 * DAY), (1.0, 12.0 * DAY)];
const UNTIL_BOUGHT: Spread = &[(0.0, 1.0 * HOUR), (0.5, 5.0 * DAY), (1.0, 16.0 * DAY)];
const UNTIL_SCANNED: Spread =
    &[(0.0, 120.0), (0.5, 600.0), (0.97, 20.0 * HOUR), (1.0, 60.0 * HOUR)];
const UNTIL_SOWN: Spread =
    &[(0.0, 4.0 * DAY), (0.5, 14.0 * DAY), (0.97, 33.0 * DAY), (1.0, 52.0 * DAY)];
const UNTIL_HARVEST: Spread = &[(0.0, 104.0 * DAY), (0.5, 116.0 * DAY), (1.0, 132.0 * DAY)];
const UNTIL_SOLD: Spread =
    &[(0.0, 3.0 * DAY), (0.5, 9.0 * DAY), (0.97, 19.0 * DAY), (1.0, 33.0 * DAY)];
const UNTIL_WINTER_SEED: Spread = &[(0.0, 2.0 * DAY), (0.5, 11.0 * DAY), (1.0, 32.0 * DAY)];
const UNTIL_TROUBLE: Spread = &[(0.0, 12.0 * DAY), (0.5, 45.0 * DAY), (1.0, 88.0 * DAY)];
const UNTIL_ANSWERED: Spread =
    &[(0.0, 1.0 * HOUR), (0.5, 14.0 * HOUR), (0.96, 46.0 * HOUR), (1.0, 120.0 * HOUR)];
const BILL: Spread = &[(0.0, 900.0), (0.5, 3_400.0), (0.9, 11_000.0), (1.0, 32_000.0)];

/// A season while it grows.
#[derive(Debug)]
struct Season<'a> {
    rows: &'a mut Rows,
    dice: &'a mut Dice,
    farmer: &'a Farmer,
    at: Second,
    met: Met,
}

/// What a farmer met in a season that came to its end: asked about afterwards.
#[derive(Debug, Clone, Copy, Default)]
struct Met {
    visit: bool,
    dealer: bool,
    trouble: bool,
    sold_at: Second,
}

impl<'a> Season<'a> {
    fn of(rows: &'a mut Rows, dice: &'a mut Dice, farmer: &'a Farmer, at: Second) -> Self {
        Self { rows, dice, farmer, at, met: Met::default() }
    }

    /// What was met, if the crop was sold.
    fn monsoon(mut self) -> Option<Met> {
        if self.dice.chance(0.9) {
            self.met.visit = true;
            let wait = self.dice.seconds(UNTIL_VISIT);
            let channel = self.dice.weighted(&[("field-visit", 0.55), ("phone-out", 0.45)]);
            self.event(wait, "sale-visit", channel);
        }
        if self.dice.chance(0.45) {
            self.met.dealer = true;
            let wait = self.dice.seconds(UNTIL_DEALER);
            self.event(wait, "dealer-asked", "dealer");
        }
        if self.dice.chance(0.05) {
            return None;
        }
        let wait = self.dice.seconds(UNTIL_BOUGHT);
        self.buy(wait);
        self.grow()
    }

    fn winter(mut self) {
        self.buy(0);
        self.grow();
    }

    fn buy(&mut self, wait: i64) {
        let channel =
            self.dice.weighted(&[("dealer", 0.86), ("depot", 0.135), ("roadside", 0.005)]);
        let germination = if self.dice.chance(0.992) {
            86 + self.dice.below(12)
        } else {
            74 + self.dice.below(10)
        };
        let bill = self.dice.seconds(BILL);
        self.event(wait, "seed-bought", channel);
        self.set("germination", germination.to_string());
        self.set("bill", bill.to_string());
        if self.dice.chance(0.4) {
            let wait = self.dice.seconds(UNTIL_SCANNED);
            self.event(wait, "pack-scanned", "app");
        }
        if self.dice.chance(0.004) {
            self.event(9 * 86_400, "sale-visit", "field-visit");
        }
    }

    /// From sowing to the sale of the crop; the words that reach the farmer lie in between.
    fn grow(&mut self) -> Option<Met> {
        let wait = self.dice.seconds(UNTIL_SOWN);
        let channel = self.dice.weighted(&[("missed-call", 0.6), ("dealer", 0.25), ("app", 0.15)]);
        self.event(wait, "sown", channel);
        let sown_at = self.at;
        if self.dice.chance(0.025) {
            return None;
        }
        let harvested_at = sown_at + self.dice.seconds(UNTIL_HARVEST);
        let sold_at = harvested_at + self.dice.seconds(UNTIL_SOLD);
        self.words(sown_at, harvested_at);
        self.trouble(sown_at);
        self.push(harvested_at, "harvested", "missed-call");
        self.push(sold_at, "crop-sold", "market-yard");
        self.met.sold_at = sold_at;
        Some(self.met)
    }

    fn words(&mut self, sown_at: Second, harvested_at: Second) {
        let Some(every) = self.farmer.contact.every() else { return };
        let kinds = [("weather-word", 0.4), ("agronomy-word", 0.35), ("price-word", 0.25)];
        let mut at = sown_at + self.dice.seconds(every) * 4 / 5;
        while at < harvested_at && at < END {
            let kind = self.dice.weighted(&kinds);
            let channel = self.dice.weighted(&[
                ("sms", 0.5),
                ("whatsapp", 0.35),
                ("voice", 0.145),
                ("poster", 0.005),
            ]);
            self.push(at, kind, channel);
            at += self.dice.seconds(every);
        }
    }

    fn trouble(&mut self, sown_at: Second) {
        if !self.dice.chance(0.36) {
            return;
        }
        self.met.trouble = true;
        let mut at = sown_at + self.dice.seconds(UNTIL_TROUBLE);
        let times = if self.dice.chance(0.12) { 2 } else { 1 };
        for _ in 0..times {
            let ticket = format!("T{:06}", 100_000 + self.dice.below(900_000));
            self.push(at, "problem-reported", "phone-in");
            self.set("ticket", ticket.clone());
            let answered_at = at + self.dice.seconds(UNTIL_ANSWERED);
            let activity =
                if self.dice.chance(0.03) { "problem-withdrawn" } else { "problem-answered" };
            self.push(answered_at, activity, "phone-out");
            self.set("ticket", ticket);
            at = answered_at + 86_400 + self.dice.seconds(UNTIL_ANSWERED);
        }
    }

    fn event(&mut self, wait: i64, activity: &'static str, channel: &'static str) {
        if wait > 3600 && self.dice.chance(0.012) {
            let half = self.at + wait / 2;
            let noise = self.dice.weighted(&[("dealer-stock-checked", 0.7), ("app-updated", 0.3)]);
            self.push(half, noise, "system");
        }
        self.at += wait;
        self.push(self.at, activity, channel);
    }

    fn push(&mut self, at: Second, activity: &'static str, channel: &'static str) {
        let mut attributes = vec![String::new(); ATTRIBUTES.len()];
        self.farmer.region.clone_into(&mut attributes[0]);
        self.farmer.crop.clone_into(&mut attributes[1]);
        self.rows.events.push(Event {
            customer: self.farmer.id.clone(),
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
