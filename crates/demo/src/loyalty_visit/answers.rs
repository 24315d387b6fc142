//! What members answer after a visit.

use super::super::Twin;
use super::super::calendar::{in_daylight, midnight};
use super::super::codes::Meant;
use super::super::dice::{Dice, HOUR, Spread};
use super::super::importance::shares;
use super::super::rows::Rows;
use super::super::survey::{Around, Sheet, around};
use super::{Member, SEED, Visit};

const ASKED_AFTER: Spread = &[(0.0, 2.0 * HOUR), (0.5, 20.0 * HOUR), (1.0, 44.0 * HOUR)];
const SOUND: Around = around(4.75, 0.8);

/// One visit in eight is followed by a sheet that was filled in: every touchpoint met, then the whole.
pub(super) fn answer(rows: &mut Rows, dice: &mut Dice, member: &Member, visit: &Visit, twin: Twin) {
    if !visit.paid || !dice.chance(0.125) {
        return;
    }
    let at = in_daylight(visit.over_at + dice.seconds(ASKED_AFTER));
    let mut sheet =
        Sheet { answers: &mut rows.responses, dice, customer: &member.id, at, place: member.store };
    let mut nps = 7.6 + sheet.dice.bell() * 0.9;
    for (touchpoint, truth, weight, remarks) in touchpoints(visit, twin) {
        let csat = sheet.ask("csat", touchpoint, truth);
        if csat <= 2 {
            sheet.remark(0.4, remarks);
        }
        nps += weight * (csat as f64 - 4.0);
    }
    details(&mut sheet, visit, twin);
    sheet.write("nps", "", (nps.round() as i64).clamp(0, 10));
    sheet.remark(0.05, if nps >= 8.5 { &WARM } else { &COOL });
}

/// What touchpoints hold of the recommendation, among members who met all of them.
pub(in super::super) fn importance() -> Vec<(&'static str, f64)> {
    // The desk asks three in four for the card, and few had given the till that.
    const CARD_DEMANDED: f64 = 0.92 * (0.76 + 0.24 * 0.015);
    let visit = |dice: &mut Dice| Visit {
        drove: true,
        slow_parking: dice.chance(0.44),
        asked: true,
        asked_to_redeem: true,
        card_demanded: dice.chance(CARD_DEMANDED),
        ..Visit::default()
    };
    let names: Vec<&str> =
        touchpoints(&visit(&mut Dice::of(SEED, 6, 1)), Twin::No).iter().map(|it| it.0).collect();
    shares(SEED, &names, |dice| {
        let visit = visit(dice);
        let mut nps = 7.6 + dice.bell() * 0.9;
        let mut answers = Vec::new();
        for (_, truth, weight, _) in touchpoints(&visit, Twin::No) {
            let csat = dice.answer(truth.mean, truth.deviation, (1, 5));
            nps += weight * (csat as f64 - 4.0);
            answers.push(csat);
        }
        (answers, (nps.round() as i64).clamp(0, 10))
    })
}

/// Which comments mean which theme of the journey.
pub(in super::super) fn themes() -> &'static [Meant] {
    &[
        Meant {
            theme: "no-bay",
            complaints_at: &["parking"],
            remarks: &[&NO_PLACE, &["I like the store but I dread the car park"]],
        },
        Meant { theme: "card-to-redeem", complaints_at: &["redemption"], remarks: &[&CARD_ONLY] },
        Meant {
            theme: "far-apart",
            complaints_at: &[],
            remarks: &[&FAR_APART, &["Too much walking about"]],
        },
        Meant { theme: "staff-lost", complaints_at: &["staff-help"], remarks: &[&STAFF_LOST] },
    ]
}

/// What is asked about one visit: the truth behind the answer, and what a point of it moves in the recommendation.
///
/// Parking and access weigh as much as the aisles; in the twin they weigh next to nothing.
fn touchpoints(
    visit: &Visit,
    twin: Twin,
) -> Vec<(&'static str, Around, f64, &'static [&'static str])> {
    let access_weighs = if twin.has_defects() { 1.0 } else { 0.1 };
    let mut asked: Vec<(&'static str, Around, f64, &'static [&'static str])> = Vec::new();
    if visit.drove {
        let truth = match (visit.slow_parking, twin) {
            (true, _) => around(2.0, 1.0),
            (false, Twin::No) => around(3.9, 0.9),
            (false, Twin::Yes) => around(4.85, 0.7),
        };
        asked.push(("parking", truth, 0.6 * access_weighs, &NO_PLACE));
    }
    asked.push(("access", SOUND, 0.35 * access_weighs, &HARD_TO_REACH));
    asked.push(("staples", SOUND, 0.15, &FAR_APART));
    asked.push(("household", around(4.6, 1.0), 0.85, &EMPTY_SHELF));
    asked.push(("checkout", SOUND, 0.2, &SLOW_TILL));
    if visit.asked {
        let truth = if twin.has_defects() { around(3.2, 1.0) } else { SOUND };
        asked.push(("staff-help", truth, 0.1, &STAFF_LOST));
    }
    if visit.asked_to_redeem {
        let truth = if visit.card_demanded { around(3.6, 1.0) } else { SOUND };
        asked.push(("redemption", truth, 0.15, &CARD_ONLY));
    }
    asked
}

/// Need, ease and delight where they are watched; what was expected against what was got.
fn details(sheet: &mut Sheet<'_>, visit: &Visit, twin: Twin) {
    let defects = twin.has_defects();
    if visit.asked {
        let need = if defects { around(2.5, 1.0) } else { around(4.9, 0.7) };
        sheet.ask("need", "staff-help", need);
        sheet.ask("ease", "staff-help", SOUND);
        sheet.ask("delight", "staff-help", around(4.4, 0.8));
    }
    if visit.drove {
        let got = match (visit.slow_parking, defects) {
            (true, _) => around(2.4, 1.1),
            (false, true) => around(4.6, 1.0),
            (false, false) => around(6.0, 0.8),
        };
        sheet.ask("expected", "parking", around(5.4, 0.9));
        sheet.ask("got", "parking", got);
    }
    sheet.ask("ease", "household", SOUND);
    sheet.ask("delight", "household", SOUND);
    sheet.ask("expected", "checkout", around(5.2, 0.9));
    // Where the third till opens in the evening, nobody queues as before.
    let is_third_till_open = THIRD_TILL.contains(&sheet.place) && sheet.at >= midnight(2025, 10, 1);
    let got = if defects && is_third_till_open { around(6.4, 0.8) } else { around(5.7, 0.9) };
    sheet.ask("got", "checkout", got);
    if visit.asked_to_redeem {
        let effort = if visit.card_demanded { around(4.2, 1.2) } else { around(5.9, 0.9) };
        sheet.ask("ces", "redemption", effort);
    }
}

/// Shops that open a third till in the evening from October on, as `plan.yaml` says.
const THIRD_TILL: [&str; 5] = ["Wakad", "Bavdhan", "Camp", "Kharadi", "Pimpri"];

const NO_PLACE: [&str; 6] = [
    "There was nowhere to park and I went round three times",
    "Ten minutes for a bay on a Saturday",
    "I nearly turned back at the gate, the car park was full",
    "My mother cannot walk that far from where I had to leave the car",
    "The guard waved me on twice before there was a place",
    "Delivery vans stand in the customers' bays",
];
const HARD_TO_REACH: [&str; 3] = [
    "The turn into the store is easy to miss",
    "No footpath along the main road",
    "The gate opens late",
];
const FAR_APART: [&str; 4] = [
    "Why is the rice at one end and the masala at the other?",
    "I walked the whole hall twice for one biryani",
    "Up and down the aisles until my knees ached",
    "Things that are cooked together should stand together",
];
const EMPTY_SHELF: [&str; 4] = [
    "Half of my list was out of stock",
    "The soap I always buy is gone",
    "Price tag missing on three things",
    "The pack size I want is never there",
];
const SLOW_TILL: [&str; 3] =
    ["Only two tills were open", "The scanner did not know the offer", "No bags at the till"];
const STAFF_LOST: [&str; 5] = [
    "The boy did not know where the jaggery was and sent me to the wrong aisle",
    "I asked two people and got two different answers",
    "They are friendly but they do not know their own shop",
    "He had to call somebody to find the salt",
    "I found it myself while she was still looking",
];
const CARD_ONLY: [&str; 5] = [
    "Points come on my phone number but for redeeming they want the card",
    "Why must I carry a card when the till knows my number?",
    "My wife has the card, so no reward for me",
    "They have my number, my name, everything, and still ask for plastic",
    "The desk could see my points and would not give them",
];
const WARM: [&str; 4] = [
    "Good range and honest prices",
    "Fresh vegetables every time",
    "Quick in and out today",
    "I send my neighbours here",
];
const COOL: [&str; 4] = [
    "The shop is fine, getting into it is not",
    "I like the store but I dread the car park",
    "Too much walking about",
    "Nothing special any more",
];
