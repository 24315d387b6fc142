//! A mutual fund and its investors: they order, pay, get units and wait for the statement.
//!
//! Planted: the proud way of buying by SMS that hardly anybody takes, statements that come after the day they were
//! promised for, and a toll-free number with two digits exchanged on everything that is printed.

mod answers;
mod field;
pub(super) mod truths;

pub(super) use answers::importance;

use super::Twin;
use super::calendar::{Second, YEAR_DAYS, written};
use super::dice::{DAY, Dice, HOUR, MINUTE, Spread};
use super::rows::{Event, Rows};

const SEED: u64 = 2_025_030_103;
const CUSTOMERS: u64 = 3_600;

const ATTRIBUTES: &[&str] =
    &["city", "plan", "folio", "amount", "nav_error", "statement_due", "call"];
const CITIES: [&str; 7] = ["Bhopal", "Jaipur", "Kochi", "Lucknow", "Mumbai", "Nagpur", "Pune"];

#[derive(Debug)]
struct Investor {
    id: String,
    city: &'static str,
    plan: &'static str,
    folio: String,
    /// How this investor orders.
    orders_by: Way,
    is_new: bool,
    first_day: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Distributor,
    Online,
    Branch,
    Sms,
}

impl Way {
    fn activity(self) -> (&'static str, &'static str) {
        match self {
            Self::Distributor => ("ordered-by-distributor", "distributor"),
            Self::Online => ("ordered-online", "web"),
            Self::Branch => ("ordered-at-branch", "branch"),
            Self::Sms => ("ordered-by-sms", "sms"),
        }
    }
}

/// What one order was like, as far as answers and the next order depend on it.
#[derive(Debug, Clone, Copy)]
struct Order {
    way: Way,
    advised: bool,
    called: bool,
    late: bool,
    paper: bool,
    /// False: the statement was lost on the way.
    received: bool,
    received_at: Second,
}

pub(super) fn rows(twin: Twin) -> Rows {
    let mut rows = Rows::new(ATTRIBUTES);
    for number in 0..CUSTOMERS {
        let (investor, mut dice) = (investor(number, twin), Dice::of(SEED, 2, number));
        let mut day = investor.first_day;
        let mut is_first = investor.is_new;
        while day < YEAR_DAYS {
            let at = day * 86_400 + dice.seconds(OFFICE_HOURS);
            let placed =
                Placing { rows: &mut rows, dice: &mut dice, investor: &investor, twin, at }
                    .go(is_first);
            is_first = false;
            let Some(order) = placed else { break };
            if order.received {
                answers::answer(&mut rows, &mut dice, &investor, &order, twin);
            }
            // Money that went silent for weeks is not followed by more money.
            if dice.chance(if order.late && twin.has_defects() { 0.42 } else { 0.2 }) {
                break;
            }
            let gap = dice.seconds(UNTIL_NEXT_ORDER) / 86_400;
            // A lost statement is waited for until its order is timed out.
            day = order.received_at / 86_400 + if order.received { gap } else { 46 + gap / 2 };
        }
    }
    field::walks(&mut rows, twin);
    field::complaints(&mut rows, twin);
    rows.in_order()
}

fn investor(number: u64, twin: Twin) -> Investor {
    let mut dice = Dice::of(SEED, 1, number);
    let (city, plan) =
        (dice.pick(&CITIES), dice.weighted(&[("equity", 0.5), ("balanced", 0.3), ("liquid", 0.2)]));
    let folio = format!("{}/{:02}", 4_000_000 + number * 13, dice.below(90) + 10);
    let (is_new, first_day) = (dice.chance(0.3), dice.below(300) as i64);
    let sms = if twin.has_defects() { 0.015 } else { 0.38 };
    let rest = 1.0 - sms;
    let ways = [
        (Way::Sms, sms),
        (Way::Distributor, 0.47 * rest),
        (Way::Online, 0.4 * rest),
        (Way::Branch, 0.13 * rest),
    ];
    let orders_by = dice.weighted(&ways);
    Investor {
        id: format!("V{:06}", 300_000 + number * 11),
        city,
        plan,
        folio,
        orders_by,
        is_new,
        first_day,
    }
}

const OFFICE_HOURS: Spread = &[(0.0, 9.0 * HOUR), (0.5, 12.5 * HOUR), (1.0, 18.0 * HOUR)];
const UNTIL_NEXT_ORDER: Spread = &[(0.0, 8.0 * DAY), (0.5, 40.0 * DAY), (1.0, 95.0 * DAY)];
const UNTIL_READ: Spread = &[(0.0, 10.0 * MINUTE), (0.5, 9.0 * HOUR), (1.0, 5.0 * DAY)];
const UNTIL_PROVED: Spread = &[(0.0, 1.0 * HOUR), (0.5, 20.0 * HOUR), (1.0, 4.0 * DAY)];
const UNTIL_ORDERED: Spread = &[(0.0, 5.0 * MINUTE), (0.5, 12.0 * HOUR), (1.0, 6.0 * DAY)];
const UNTIL_PAID: Spread =
    &[(0.0, 40.0), (0.6, 10.0 * MINUTE), (0.965, 22.0 * HOUR), (1.0, 60.0 * HOUR)];
const UNTIL_ALLOTTED: Spread =
    &[(0.0, 18.0 * HOUR), (0.5, 30.0 * HOUR), (0.965, 70.0 * HOUR), (1.0, 120.0 * HOUR)];
const IN_TIME: Spread = &[(0.0, 1.0 * DAY), (0.5, 2.5 * DAY), (1.0, 4.9 * DAY)];
const TOO_LATE: Spread =
    &[(0.0, 6.2 * DAY), (0.5, 11.0 * DAY), (0.9, 21.0 * DAY), (1.0, 31.0 * DAY)];
const ON_HOLD: Spread = &[(0.0, 10.0), (0.5, 60.0), (0.96, 175.0), (1.0, 900.0)];
const AMOUNT: Spread = &[(0.0, 500.0), (0.5, 5_000.0), (0.9, 50_000.0), (1.0, 400_000.0)];
/// Statements are promised for the fifth day after the units were allotted.
const PROMISED_AFTER: i64 = 5 * 86_400;

/// An order while it is placed and carried out.
#[derive(Debug)]
struct Placing<'a> {
    rows: &'a mut Rows,
    dice: &'a mut Dice,
    investor: &'a Investor,
    twin: Twin,
    at: Second,
}

impl Placing<'_> {
    /// The order, if it was paid.
    fn go(mut self, is_first: bool) -> Option<Order> {
        let advised = self.decide(is_first);
        let way = self.order();
        if self.dice.chance(0.02) {
            return None;
        }
        let wait = self.dice.seconds(UNTIL_PAID);
        let amount = self.dice.seconds(AMOUNT).to_string();
        let gateway = self.dice.weighted(&[
            ("netbanking", 0.5),
            ("upi", 0.35),
            ("cheque", 0.147),
            ("cash", 0.003),
        ]);
        self.event(wait, "paid", gateway);
        self.set("folio", self.investor.folio.clone());
        self.set("amount", amount);
        let allotted_at = self.allot();
        Some(self.wait_for_statement(allotted_at, way, advised))
    }

    fn decide(&mut self, is_first: bool) -> bool {
        let advised = self.dice.chance(0.3);
        if advised {
            let channel =
                self.dice.weighted(&[("branch", 0.3), ("phone", 0.3), ("distributor", 0.4)]);
            self.event(0, "adviser-met", channel);
        }
        if self.dice.chance(0.35) {
            let wait = self.dice.seconds(UNTIL_READ);
            self.event(wait, "factsheet-opened", "web");
        }
        if is_first {
            let times = if self.dice.chance(0.01) { 2 } else { 1 };
            for _ in 0..times {
                let wait = self.dice.seconds(UNTIL_PROVED);
                self.event(wait, "kyc-done", "branch");
            }
        }
        advised
    }

    fn order(&mut self) -> Way {
        let usual = self.investor.orders_by;
        // Whoever orders by SMS now and then goes to the branch; the others never try the SMS.
        let way = if usual == Way::Sms && self.dice.chance(0.2) { Way::Branch } else { usual };
        let (activity, channel) = way.activity();
        let wait = self.dice.seconds(UNTIL_ORDERED);
        self.event(wait, activity, channel);
        if self.dice.chance(0.012) {
            self.event(20 * 60, "factsheet-opened", "web");
        }
        way
    }

    fn allot(&mut self) -> Second {
        let wait = self.dice.seconds(UNTIL_ALLOTTED);
        self.event(wait, "allotted", "system");
        let slip = self.dice.chance(0.006);
        let folio =
            if slip { format!("{}9", self.investor.folio) } else { self.investor.folio.clone() };
        self.set("folio", folio);
        let error = if self.dice.chance(0.993) { "0" } else { "1" };
        self.set("nav_error", error.to_owned());
        self.set("statement_due", written(self.at + PROMISED_AFTER));
        self.at
    }

    /// Ends with the statement; in between come news and, if it takes long, a call.
    fn wait_for_statement(&mut self, allotted_at: Second, way: Way, advised: bool) -> Order {
        let late = self.dice.chance(if self.twin.has_defects() { 0.57 } else { 0.02 });
        let takes = self.dice.seconds(if late { TOO_LATE } else { IN_TIME });
        for _ in 0..self.dice.weighted(&[(0, 0.6), (1, 0.3), (2, 0.1)]) {
            let part = self.dice.unit();
            self.push(allotted_at + (takes as f64 * part) as i64, "news-sent", "e-mail");
        }
        let called = self.dice.chance(if late { 0.24 } else { 0.05 });
        if called {
            let at = allotted_at + takes * 3 / 4;
            let call = format!("C{:06}", self.dice.below(1_000_000));
            let hold = self.dice.seconds(ON_HOLD);
            self.push(at, "care-called", "phone");
            self.set("call", call.clone());
            self.push(at + hold, "care-answered", "phone");
            self.set("call", call);
        }
        let received_at = allotted_at + takes.max(takes * 3 / 4 + 1_000);
        let (received, paper) = (!self.dice.chance(0.012), self.dice.chance(0.4));
        if received {
            self.push(received_at, "statement-received", if paper { "letter" } else { "e-mail" });
        }
        Order { way, advised, called, late, paper, received, received_at }
    }

    fn event(&mut self, wait: i64, activity: &'static str, channel: &'static str) {
        if wait > 3600 && self.dice.chance(0.018) {
            let half = self.at + wait / 2;
            let noise = self.dice.weighted(&[
                ("batch-run", 0.5),
                ("session-expired", 0.35),
                ("otp-sent", 0.15),
            ]);
            self.push(half, noise, "system");
        }
        self.at += wait;
        self.push(self.at, activity, channel);
    }

    fn push(&mut self, at: Second, activity: &'static str, channel: &'static str) {
        let mut attributes = vec![String::new(); ATTRIBUTES.len()];
        self.investor.city.clone_into(&mut attributes[0]);
        self.investor.plan.clone_into(&mut attributes[1]);
        self.rows.events.push(Event {
            customer: self.investor.id.clone(),
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
