//! Walk sheets of people who invested their own money to see, and investors' complaints.

use super::super::Twin;
use super::super::calendar::business_hour;
use super::super::dice::Dice;
use super::super::rows::{Complaint, Rows, WalkLine};
use super::{CITIES, CUSTOMERS, SEED, investor};

const WALKERS: [&str; 4] = ["chief executive", "operations", "investor care", "mystery shopper"];

/// The number as the registry has it, and as the printer has it.
const RIGHT_NUMBER: &str = "+91 1800 266 4310";
const PRINTED_NUMBER: &str = "+91 1800 266 4130";

pub(super) fn walks(rows: &mut Rows, twin: Twin) {
    for number in 0..56 {
        let mut dice = Dice::of(SEED, 3, number);
        let (at, walker, unit) =
            (business_hour(&mut dice, 0), dice.pick(&WALKERS), dice.pick(&CITIES));
        let walk = format!("W{:03}", number + 1);
        let mut line = |minute: i64, touchpoint, check, passed, observed: String| {
            let (walk, at) = (walk.clone(), at + minute * 60);
            rows.walks.push(WalkLine {
                walk,
                at,
                walker,
                unit,
                touchpoint,
                check,
                passed,
                observed,
            });
        };
        let explained = dice.chance(0.97);
        let said = if explained {
            "costs named before they were asked for"
        } else {
            "costs named only when asked for"
        };
        line(0, "advice", "The adviser names the costs unasked", explained, said.to_owned());
        let printed_right = !twin.has_defects();
        let observed = if printed_right {
            format!("printed {RIGHT_NUMBER}, answered by investor care")
        } else {
            format!("printed {PRINTED_NUMBER}, answered by a tyre dealer")
        };
        line(
            25,
            "care",
            "The toll-free number on the statement is answered by us",
            printed_right,
            observed,
        );
        let polite = dice.chance(0.97);
        let said = if polite { "name asked for and used" } else { "no name" };
        line(32, "care", "The caller is greeted by name", polite, said.to_owned());
    }
}

/// Touchpoint, how often, with defects only, severity, and how it is said.
const SUBJECTS: [(&str, f64, bool, u8, [&str; 3]); 5] = [
    (
        "statement",
        0.42,
        true,
        3,
        [
            "My statement was promised for the 12th. It is the 30th.",
            "Where are my units? Nobody sends me a statement.",
            "I need the statement for the tax office and you are three weeks late.",
        ],
    ),
    (
        "care",
        0.28,
        true,
        4,
        [
            "The toll-free number on my statement, 1800 266 4130, belongs to a tyre shop.",
            "I called the number in your advertisement eleven times. It is not yours.",
            "1800 266 4130 is printed everywhere and it is wrong. Do you never call yourselves?",
        ],
    ),
    (
        "order-online",
        0.12,
        false,
        2,
        [
            "The page logged me out in the middle of the order.",
            "I cannot change my bank on the web site.",
            "Your site does not take my name as it is spelt on my papers.",
        ],
    ),
    (
        "advice",
        0.1,
        false,
        2,
        [
            "The adviser talked me into the more expensive plan.",
            "Nobody told me about the exit load.",
            "He came late and left early.",
        ],
    ),
    (
        "news",
        0.08,
        false,
        1,
        [
            "Please stop writing to me about new offers.",
            "I asked to be taken off the mailing list.",
            "Your mails do not say which fund they are about.",
        ],
    ),
];

pub(super) fn complaints(rows: &mut Rows, twin: Twin) {
    let weighted = SUBJECTS.map(|subject| (subject, subject.1));
    for number in 0..240 {
        let mut dice = Dice::of(SEED, 4, number);
        let (touchpoint, _, planted, severity, texts) = dice.weighted(&weighted);
        if planted && !twin.has_defects() {
            continue;
        }
        let investor = investor(dice.below(CUSTOMERS as usize) as u64, twin);
        let channel =
            dice.weighted(&[("e-mail", 0.45), ("letter", 0.2), ("branch", 0.25), ("social", 0.1)]);
        let (at, text) =
            (business_hour(&mut dice, investor.first_day + 12), dice.pick(&texts).to_owned());
        rows.complaints.push(Complaint {
            customer: investor.id,
            at,
            channel,
            touchpoint,
            severity,
            text,
        });
    }
}
