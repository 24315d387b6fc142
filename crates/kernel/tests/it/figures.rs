//! Small walks whose verdicts were worked out by hand: one table per rule and mode.
//!
//! `ad@0 pay@9 | 20` is one customer's walk and the moment as of which it is judged. `leave` ends a walk; without it the
//! walk is still open. `=` gives an event a value (a word, or a number that also serves as a time), `/` a channel, `#` an id.

mod progress;

use kernel::{FOREVER, Mode, Test, measure};

use crate::journeys::{Journey, Log, Row, Set, Standard};
use crate::oracle::Answer;

const WORDS: [&str; 6] = ["ad", "signup", "pay", "help", "cancel", "leave"];
const CHANNELS: [&str; 4] = ["", "app", "store", "phone"];

fn set(words: &str) -> Set {
    words
        .split_whitespace()
        .map(|word| WORDS.iter().position(|known| *known == word).unwrap() as u16)
        .collect()
}

/// A word's own number, so that equal words are equal values.
fn text(word: &str) -> u64 {
    word.bytes().fold(1, |hash, byte| hash * 31 + u64::from(byte))
}

fn row(place: usize, event: &str) -> Row {
    let (event, id) = event.split_once('#').unwrap_or((event, "0"));
    let (event, channel) = event.split_once('/').unwrap_or((event, ""));
    let (event, value) = event.split_once('=').unwrap_or((event, ""));
    let (word, at) = event.split_once('@').unwrap();
    let mut row = Row::new(place, 1, at.parse().unwrap(), set(word)[0]);
    row.id = id.parse().unwrap();
    row.channel = CHANNELS.iter().position(|known| *known == channel).unwrap() as u16;
    if let Ok(number) = value.parse::<i32>() {
        row.number = number.into();
        row.due = number.into();
    } else if !value.is_empty() {
        row.text = text(value);
    }
    row
}

fn answered(journey: &Journey, walk: &str) -> Answer {
    let (walk, as_of) = walk.split_once('|').unwrap();
    let rows: Vec<Row> =
        walk.split_whitespace().enumerate().map(|(place, event)| row(place, event)).collect();
    let journey = Journey { horizon: as_of.trim().parse().unwrap(), ..journey.clone() };
    let (log, plan) = (Log::of(&rows), journey.plan());
    Answer::read(&measure(&log.events(&log.columns()), &plan), &plan)
}

/// Walks that end when the customer leaves.
fn visit() -> Journey {
    Journey { ends: set("leave"), ..Journey::plain(WORDS.len() as u16) }
}

fn check(standard: Standard, figures: &[(&str, &str)]) {
    check_in(visit(), standard, figures);
}

fn check_in(journey: Journey, standard: Standard, figures: &[(&str, &str)]) {
    let journey = Journey { standards: vec![standard], ..journey };
    for (walk, expected) in figures {
        let tally = answered(&journey, walk).checks.remove(0);
        let mut words: Vec<String> = Vec::new();
        for (n, word) in [
            (tally.kept, "kept"),
            (tally.broken, "broken"),
            (tally.pending, "pending"),
            (tally.unknown, "unknown"),
            (tally.missed_beats, "missed"),
            (tally.too_soon, "too soon"),
        ] {
            words.extend((n > 0).then(|| format!("{n} {word}")));
        }
        words.extend(tally.overruns.iter().map(|over| format!("late by {over}")));
        assert_eq!(words.join(", "), *expected, "{:?}: {walk}", journey.standards);
    }
}

fn response(mode: Mode, within: i64) -> Standard {
    let (from, to) = (set("help"), set("pay"));
    Standard::Response { from, to, within, at_least: 0, mode, same: false, unless: None }
}

#[test]
fn response_each() {
    check(
        response(Mode::Each, 5),
        &[
            ("ad@0 leave@9 | 20", ""),
            ("help@0 pay@5 | 20", "1 kept"),
            ("help@0 pay@6 | 20", "1 broken, late by 1"),
            ("help@0 help@2 pay@4 | 20", "2 kept"),
            ("help@0 help@2 pay@6 | 20", "1 kept, 1 broken, late by 1"),
            ("pay@0 help@0 | 5", "1 pending"),
            ("pay@0 help@0 | 6", "1 broken"),
            ("help@0 leave@1 | 2", "1 broken"),
            ("help@0 leave@1 pay@2 | 9", "1 broken"),
        ],
    );
}

#[test]
fn response_not_too_early_to_the_same_thing_and_unless_it_is_cancelled() {
    let (from, to, unless) = (set("help"), set("pay"), Some(set("cancel")));
    check(
        Standard::Response {
            from,
            to,
            within: 5,
            at_least: 2,
            mode: Mode::Each,
            same: true,
            unless,
        },
        &[
            ("help@0=tv pay@1=tv | 9", "1 broken"),
            ("help@0=tv pay@1=tv pay@2=tv | 9", "1 kept"),
            ("help@0=tv pay@3=radio pay@4=tv | 9", "1 kept"),
            ("help@0=tv pay@3=radio | 4", "1 pending"),
            ("help@0=tv cancel@1 pay@3=tv | 9", ""),
            ("help@0=tv pay@3=tv cancel@4 | 9", "1 kept"),
            ("help@0=tv cancel@6 | 9", "1 broken"),
        ],
    );
}

#[test]
fn response_first_of_a_run() {
    check(
        response(Mode::First, 5),
        &[
            ("help@0 help@2 pay@4 | 20", "1 kept"),
            ("help@0 help@2 pay@6 | 20", "1 broken, late by 1"),
            ("help@0 pay@4 help@6 | 8", "1 kept, 1 pending"),
        ],
    );
}

#[test]
fn response_consumed_one_for_one() {
    check(
        response(Mode::Consume, 5),
        &[
            ("help@0 help@1 pay@2 | 20", "1 kept, 1 broken"),
            ("help@0 help@1 pay@2 pay@3 | 20", "2 kept"),
            ("help@0 help@1 pay@2 | 4", "1 kept, 1 pending"),
            ("help@0 help@4 pay@6 | 20", "1 kept, 1 broken, late by 1"),
        ],
    );
}

#[test]
fn response_before_the_next_one() {
    check(
        response(Mode::Alternate, 5),
        &[
            ("help@0 help@1 pay@2 | 20", "1 kept, 1 broken"),
            ("help@0 pay@1 help@2 pay@3 | 20", "2 kept"),
            ("help@0 help@1 | 3", "1 broken, 1 pending"),
        ],
    );
}

#[test]
fn response_as_the_very_next_event() {
    check(
        response(Mode::Chain, 5),
        &[
            ("help@0 pay@5 | 20", "1 kept"),
            ("help@0 ad@1 pay@2 | 20", "1 broken"),
            ("help@0 pay@6 | 20", "1 broken, late by 1"),
            ("help@0 | 5", "1 pending"),
            ("help@0 | 6", "1 broken"),
        ],
    );
}

#[test]
fn precedence() {
    let rule = Standard::Precedence { before: set("signup"), then: set("pay"), within: 5 };
    check(
        rule.clone(),
        &[("signup@0 pay@5 pay@6 | 9", "1 kept, 1 broken"), ("pay@0 signup@0 | 9", "1 broken")],
    );
    // What happened before the moment 10 is not known: a sign-up may stand there.
    check_in(
        Journey { from: Some(10), ..visit() },
        rule,
        &[
            ("pay@14 | 20", "1 unknown"),
            ("pay@15 | 20", "1 broken"),
            ("signup@9 pay@11 | 20", "1 unknown"),
            ("signup@10 pay@15 | 20", "1 kept"),
        ],
    );
}

#[test]
fn count() {
    check(
        Standard::Count { of: set("help"), at_least: 1, at_most: 2 },
        &[
            ("ad@0 | 9", "1 pending"),
            ("ad@0 leave@1 | 9", "1 broken"),
            ("help@0 | 9", "1 pending"),
            ("help@0 leave@1 | 9", "1 kept"),
            ("help@0 help@1 help@2 | 9", "1 broken"),
        ],
    );
    check(
        Standard::Count { of: set("help"), at_least: 1, at_most: u64::MAX },
        &[("help@0 | 9", "1 kept")],
    );
}

#[test]
fn at_most_so_many_in_a_time() {
    check(
        Standard::AtMost { of: set("ad"), times: 2, per: 10 },
        &[
            ("ad@0 ad@5 ad@9 | 20", "2 kept, 1 broken"),
            ("ad@0 ad@5 ad@10 | 20", "3 kept"),
            ("ad@0 ad@0 ad@0 ad@9 | 20", "2 kept, 2 broken"),
        ],
    );
}

#[test]
fn required() {
    check(
        Standard::Required { of: set("pay"), within: 5, of_start: None },
        &[
            ("ad@0 pay@5 | 20", "1 kept"),
            ("ad@0 pay@7 | 20", "1 broken, late by 2"),
            ("ad@0 | 5", "1 pending"),
            ("ad@0 | 6", "1 broken"),
            ("ad@0 leave@1 | 2", "1 broken"),
        ],
    );
    check(
        Standard::Required { of: set("pay"), within: 5, of_start: Some(set("signup")) },
        &[
            ("ad@0 | 20", ""),
            ("pay@0 signup@1 | 9", "1 broken"),
            ("pay@1 signup@1 | 9", "1 kept"),
            ("signup@1 signup@3 pay@6 | 9", "1 kept"),
        ],
    );
}

#[test]
fn never_after() {
    check(
        Standard::Never { of: set("ad"), after: set("cancel"), within: 5 },
        &[
            ("ad@0 cancel@1 | 6", "1 pending"),
            ("ad@0 cancel@1 | 7", "1 kept"),
            ("cancel@1 ad@6 | 9", "1 broken"),
            ("cancel@1 ad@7 | 9", "1 kept"),
            ("cancel@1 leave@2 | 3", "1 pending"),
        ],
    );
    check(
        Standard::Never { of: set("ad"), after: set("cancel"), within: FOREVER },
        &[("cancel@1 | 1000", "1 pending"), ("cancel@1 leave@2 | 3", "1 kept")],
    );
}

#[test]
fn designed_order() {
    // Help is bound to no touchpoint, so the step from the ad to the sign-up leads over it.
    let mut journey = visit();
    journey.touchpoint_of[3] = kernel::UNBOUND;
    check_in(
        journey,
        Standard::Order { allowed: vec![(0, 1), (1, 2)] },
        &[
            ("ad@0 signup@1 pay@2 | 9", "2 kept"),
            ("ad@0 help@1 signup@2 pay@3 | 9", "2 kept"),
            ("ad@0 pay@1 signup@2 | 9", "2 broken"),
            ("ad@0 | 9", ""),
        ],
    );
}

#[test]
fn wait() {
    check(
        Standard::Wait { from: set("signup"), to: set("pay"), at_most: 5 },
        &[
            ("signup@0 pay@5 | 9", "1 kept"),
            ("signup@0 pay@8 | 9", "1 broken, late by 3"),
            ("signup@0 ad@1 pay@8 | 9", ""),
            ("signup@0 | 99", ""),
        ],
    );
}

#[test]
fn cadence() {
    let rule = |from: Option<&str>, until: Option<&str>| Standard::Cadence {
        of: set("ad"),
        every: 7,
        grace: 1,
        at_least: 2,
        from: from.map(set),
        until: until.map(set),
    };
    check(
        rule(None, None),
        &[
            ("ad@0 ad@7 ad@15 | 20", "2 kept, 1 pending"),
            ("ad@0 ad@9 | 10", "1 broken, 1 pending, 1 missed, late by 1"),
            ("ad@0 ad@1 | 2", "1 kept, 1 pending, 1 too soon"),
            ("ad@0 | 30", "1 broken, 4 missed, late by 22"),
            ("ad@0 leave@7 | 30", "1 kept"),
        ],
    );
    check(
        rule(Some("signup"), Some("cancel")),
        &[
            ("ad@0 pay@1 | 99", ""),
            ("ad@0 signup@10 ad@12 cancel@15 | 99", "2 kept"),
            ("signup@0 cancel@9 ad@9 | 99", "1 broken, 1 missed, late by 1"),
        ],
    );
    // Left alone until the walk timed out at 20, ten after the last event.
    check_in(
        Journey { closes_after: Some(10), ..visit() },
        rule(None, None),
        &[
            ("ad@0 pay@10 | 20", "1 broken, 2 missed, late by 12"),
            ("ad@0 pay@10 | 21", "1 broken, 2 missed, late by 12"),
            ("ad@0 pay@10 | 99", "1 broken, 2 missed, late by 12"),
        ],
    );
}

#[test]
fn channel() {
    check(
        Standard::Channel { of: set("pay"), only: vec![1, 2] },
        &[
            ("pay@0/app pay@1/store ad@2/phone | 9", "2 kept"),
            ("pay@0/phone pay@1 | 9", "2 broken"),
        ],
    );
}

#[test]
fn due_when_it_was_promised() {
    check(
        Standard::Due { from: set("signup"), to: set("pay") },
        &[
            ("signup@0=5 pay@5 | 9", "1 kept"),
            ("signup@0=5 pay@8 | 9", "1 broken, late by 3"),
            ("signup@0 pay@8 | 9", ""),
            ("signup@0=5 | 5", "1 pending"),
            ("signup@0=5 | 6", "1 broken"),
            ("signup@0=5 leave@1 | 2", "1 broken"),
        ],
    );
}

#[test]
fn consistent() {
    check(
        Standard::Consistent { first: set("signup"), then: set("pay") },
        &[
            ("pay@0=card signup@1=phone | 9", ""),
            ("signup@0=phone pay@1=phone pay@2=card | 9", "1 kept, 1 broken"),
            ("signup@0=phone signup@1=card pay@2=card | 9", "1 kept"),
            ("signup@0=phone signup@1 pay@2=phone | 9", "1 kept"),
            ("signup@0=phone pay@1 | 9", "1 broken"),
        ],
    );
}

#[test]
fn value() {
    let within = Standard::Value { of: set("pay"), test: Test::Within(1.0, 5.0) };
    check(within, &[("pay@0=1 pay@1=5 pay@2=6 pay@3 | 9", "2 kept, 1 broken")]);
    let numbers = Standard::Value { of: set("pay"), test: Test::Numbers(vec![3.0]) };
    check(numbers, &[("pay@0=3 pay@1=4 pay@2 | 9", "1 kept, 1 broken")]);
    let texts = Standard::Value { of: set("pay"), test: Test::Texts(vec![text("card")]) };
    check(texts, &[("pay@0=card pay@1=cash pay@2 | 9", "1 kept, 1 broken")]);
}

#[test]
fn duration() {
    check(
        Standard::Duration { ends: Some(set("pay")), within: 5 },
        &[
            ("ad@0 pay@5 help@9 | 20", "1 kept"),
            ("ad@0 pay@8 | 20", "1 broken, late by 3"),
            ("ad@0 help@3 | 5", "1 pending"),
            ("ad@0 help@3 | 6", "1 broken"),
            ("ad@0 leave@4 | 20", "1 kept"),
        ],
    );
    // Quiet for four, so over at 7: longer than five, and open until then.
    check_in(
        Journey { closes_after: Some(4), ..visit() },
        Standard::Duration { ends: None, within: 5 },
        &[
            ("ad@0 help@3 | 5", "1 pending"),
            ("ad@0 help@3 | 6", "1 broken"),
            ("ad@0 help@3 | 20", "1 broken, late by 2"),
            ("ad@0 help@1 | 20", "1 kept"),
        ],
    );
}

#[test]
fn starts_and_ends() {
    check(
        Standard::Starts { of: set("ad help") },
        &[("ad@0 pay@1 | 9", "1 kept"), ("pay@0 ad@0 | 9", "1 broken")],
    );
    check(
        Standard::Ends { of: set("pay") },
        &[("ad@0 pay@1 | 9", "1 pending"), ("ad@0 leave@1 | 9", "1 broken")],
    );
    check_in(
        Journey { closes_after: Some(4), ..visit() },
        Standard::Ends { of: set("pay") },
        &[("ad@0 pay@1 | 5", "1 pending"), ("ad@0 pay@1 | 6", "1 kept")],
    );
}
