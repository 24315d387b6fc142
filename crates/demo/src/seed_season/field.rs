//! Walk sheets of people who went along with a farmer, and farmers' complaints.

use super::super::Twin;
use super::super::calendar::business_hour;
use super::super::dice::Dice;
use super::super::rows::{Complaint, Rows, WalkLine};
use super::{CUSTOMERS, REGIONS, SEED, farmer};

const WALKERS: [&str; 4] = ["managing director", "regional sales", "agronomy", "call centre"];

/// Checks of the walk sheet: touchpoint, check, share passed with and without the defects.
const CHECKS: [(&str, &str, f64, f64); 3] = [
    ("dealer-advice", "The dealer names the variety for this soil", 0.97, 0.97),
    ("weekly-word", "A word on weather, crop or price came this week", 0.1, 0.98),
    ("trouble", "The number on the pack is answered by an agronomist", 0.97, 0.97),
];

pub(super) fn walks(rows: &mut Rows, twin: Twin) {
    for number in 0..50 {
        let mut dice = Dice::of(SEED, 3, number);
        let (at, walker, unit) =
            (business_hour(&mut dice, 30), dice.pick(&WALKERS), dice.pick(&REGIONS));
        for (minute, (touchpoint, check, broken, sound)) in (0_i64..).step_by(20).zip(CHECKS) {
            let passed = dice.chance(if twin.has_defects() { broken } else { sound });
            let observed = if passed { "as designed" } else { "nothing came, nobody knew" };
            let (walk, observed) = (format!("W{:03}", number + 1), observed.to_owned());
            rows.walks.push(WalkLine {
                walk,
                at: at + minute * 60,
                walker,
                unit,
                touchpoint,
                check,
                passed,
                observed,
            });
        }
    }
}

/// Touchpoint, how often, with defects only, severity, and how it is said.
const SUBJECTS: [(&str, f64, bool, u8, [&str; 3]); 4] = [
    (
        "weekly-word",
        0.55,
        true,
        3,
        [
            "Your man came in May, took the order and was never seen again.",
            "I lost half an acre to the worm and nobody had warned me.",
            "Why do I hear the price from the trader who buys from me?",
        ],
    ),
    (
        "purchase",
        0.2,
        false,
        3,
        [
            "The dealer charged more than the price on the pack.",
            "Two packs of the lot did not come up well.",
            "I got no bill for the seed.",
        ],
    ),
    (
        "dealer-advice",
        0.15,
        false,
        2,
        [
            "The dealer pushed a variety that is not for black soil.",
            "He told me your number is never answered, so I did not call.",
            "He had no leaflet in Marathi.",
        ],
    ),
    (
        "trouble",
        0.1,
        false,
        2,
        [
            "I had to explain the trouble twice.",
            "The agronomist spoke too fast.",
            "I called on a Sunday and had to wait until Monday.",
        ],
    ),
];

pub(super) fn complaints(rows: &mut Rows, twin: Twin) {
    let weighted = SUBJECTS.map(|subject| (subject, subject.1));
    for number in 0..180 {
        let mut dice = Dice::of(SEED, 4, number);
        let (touchpoint, _, planted, severity, texts) = dice.weighted(&weighted);
        if planted && !twin.has_defects() {
            continue;
        }
        let farmer = farmer(dice.below(CUSTOMERS as usize) as u64, twin);
        let channel = dice.weighted(&[("phone", 0.6), ("dealer", 0.3), ("letter", 0.1)]);
        let (at, text) = (
            business_hour(&mut dice, farmer.thinks_on / 86_400 + 40),
            dice.pick(&texts).to_owned(),
        );
        rows.complaints.push(Complaint {
            customer: farmer.id,
            at,
            channel,
            touchpoint,
            severity,
            text,
        });
    }
}
