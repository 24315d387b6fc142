//! Walk sheets filled in by the company's own people, and complaints that members took the trouble to make.

use super::super::Twin;
use super::super::calendar::business_hour;
use super::super::dice::Dice;
use super::super::rows::{Complaint, Rows, WalkLine};
use super::{CUSTOMERS, SEED, STORES, member};

const WALKERS: [&str; 4] =
    ["chief executive", "store operations", "loyalty desk", "mystery shopper"];

/// Checks of the walk sheet: touchpoint, check, share passed with and without the defects.
const CHECKS: [(&str, &str, f64, f64); 5] = [
    ("access", "The sign at the turn can be read from the road", 0.96, 0.96),
    ("parking", "A guard shows the next free bay", 0.3, 0.97),
    ("entrance", "Greeted within a minute", 0.97, 0.97),
    ("spices", "The spice wall is full", 0.96, 0.96),
    ("staff-help", "The first person asked knows the aisle", 0.3, 0.97),
];

pub(super) fn walks(rows: &mut Rows, twin: Twin) {
    for number in 0..60 {
        let mut dice = Dice::of(SEED, 3, number);
        let (at, walker, unit) =
            (business_hour(&mut dice, 0), dice.pick(&WALKERS), dice.pick(&STORES));
        for (minute, (touchpoint, check, broken, sound)) in (0_i64..).step_by(9).zip(CHECKS) {
            let passed = dice.chance(if twin.has_defects() { broken } else { sound });
            let observed = if passed { "as designed" } else { "not so on this visit" };
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
const SUBJECTS: [(&str, f64, bool, u8, [&str; 3]); 5] = [
    (
        "parking",
        0.3,
        true,
        3,
        [
            "I waited a quarter of an hour for a bay and then drove to the other shop.",
            "There is no place to park after six. Either build a deck or tell us when to come.",
            "Your guard let three cars in before me although I was first at the gate.",
        ],
    ),
    (
        "redemption",
        0.3,
        true,
        4,
        [
            "You credit my points on my mobile number and refuse to redeem them without the card. Explain that to me.",
            "I have 4,200 points on my phone and was sent home to fetch a card I lost two years ago.",
            "The till finds me by phone, the desk does not. Are these two companies?",
        ],
    ),
    (
        "staff-help",
        0.15,
        true,
        2,
        [
            "I asked four of your people for asafoetida. Nobody knew where it was.",
            "Your staff send customers through the hall at random.",
            "Please show your new people the shop before you let them loose on us.",
        ],
    ),
    (
        "checkout",
        0.15,
        false,
        2,
        [
            "The offer on the shelf was not the price on the bill.",
            "I was charged for a bag that I brought myself.",
            "Two tills open at seven in the evening.",
        ],
    ),
    (
        "household",
        0.1,
        false,
        1,
        [
            "The detergent on offer was sold out at ten in the morning.",
            "Please bring the small pack back.",
            "One bottle leaked over everything in my bag.",
        ],
    ),
];

pub(super) fn complaints(rows: &mut Rows, twin: Twin) {
    let weighted = SUBJECTS.map(|subject| (subject, subject.1));
    for number in 0..260 {
        let mut dice = Dice::of(SEED, 4, number);
        let (touchpoint, _, planted, severity, texts) = dice.weighted(&weighted);
        if planted && !twin.has_defects() {
            continue;
        }
        let member = member(dice.below(CUSTOMERS as usize) as u64);
        let channel =
            dice.weighted(&[("shop", 0.4), ("phone", 0.3), ("e-mail", 0.2), ("social", 0.1)]);
        let (at, text) =
            (business_hour(&mut dice, member.first_day + 1), dice.pick(&texts).to_owned());
        rows.complaints.push(Complaint {
            customer: member.id,
            at,
            channel,
            touchpoint,
            severity,
            text,
        });
    }
}
