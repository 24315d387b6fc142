//! Random logs and journeys: few symbols, so that they meet; ties, gaps, and now and then a very long walk.

use kernel::{Design, FOREVER, FunnelMode, Mode, NO_TIME, Test, UNBOUND};
use proptest::prelude::*;

use crate::journeys::{Journey, Row, Set, Standard, Steppings};

const SYMBOLS: u16 = 6;
const TOUCHPOINTS: u16 = 4;
const CHANNELS: u16 = 3;

/// Rows of up to twelve customers, in order.
pub(crate) fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(run(), 1..=12).prop_map(|runs| {
        let mut rows = Vec::new();
        for (customer, run) in runs.into_iter().enumerate() {
            let mut at = 0;
            for (gap, symbol, mut row) in run {
                at += gap;
                row.due = if row.due == NO_TIME { NO_TIME } else { at + row.due };
                rows.push(Row {
                    place: rows.len(),
                    customer: 3 * customer as u64 + 5,
                    at,
                    symbol,
                    ..row
                });
            }
        }
        rows
    })
}

fn run() -> impl Strategy<Value = Vec<(i64, u16, Row)>> {
    let any = || (0..SYMBOLS).boxed();
    // Symbols that are rare enough to be whole words apart.
    let rare = prop_oneof![60 => Just(0), 1 => 0..SYMBOLS].boxed();
    prop_oneof![
        14 => prop::collection::vec(event(any()), 1..=7),
        8 => prop::collection::vec(event(any()), 1..=24),
        1 => prop::collection::vec(event(any()), 62..=70),
        1 => prop::collection::vec(event(any()), 125..=200),
        1 => prop::collection::vec(event(rare), 190..=270),
    ]
}

/// The time since the event before, the symbol, and a row to be completed: `due` counts from the event.
fn event(symbol: BoxedStrategy<u16>) -> impl Strategy<Value = (i64, u16, Row)> {
    let gap = prop_oneof![3 => Just(0_i64), 8 => 1..=4_i64, 1 => 5..=30_i64];
    let facts = (
        0..CHANNELS,
        0..4_u64,
        0..6_u64,
        0..3_u64,
        0..7_u8,
        prop_oneof![Just(NO_TIME), -2..=12_i64],
    );
    (gap, symbol, facts).prop_map(|(gap, symbol, (channel, id, segment, text, number, due))| {
        let number = if number == 6 { f64::NAN } else { f64::from(number) };
        let segment = if segment > 3 { 0 } else { segment };
        (gap, symbol, Row { channel, id, segment, text, number, due, ..Row::new(0, 0, 0, 0) })
    })
}

/// A journey with everything drawn at random; its horizon lies in or after the log.
pub(crate) fn journey() -> impl Strategy<Value = Journey> {
    let bound = prop_oneof![2 => Just(UNBOUND), 5 => 0..TOUCHPOINTS];
    let touchpoints = prop::collection::vec(bound, usize::from(SYMBOLS));
    let bounds = (few(), few(), set());
    let closes_after = prop_oneof![2 => Just(None), 3 => (1..=9_i64).prop_map(Some)];
    let from = prop_oneof![3 => Just(None), 1 => (0..=15_i64).prop_map(Some)];
    let segment = prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(1..4_u64, 1..3)];
    let horizon = prop_oneof![4 => 0..=60_i64, 2 => 60..=700_i64];
    let times = (closes_after, prop::option::of(0..=20_i64), horizon, from);
    let questions = (
        prop::collection::vec(standard(), 0..=9),
        prop::collection::vec(funnel(), 0..=3),
        prop::option::of(design()),
    );
    let others = (
        prop::bool::weighted(0.3),
        prop::bool::weighted(0.2),
        segment,
        any::<bool>(),
        prop::collection::btree_set(0..40_u64, 0..6),
        (prop::collection::btree_set(1..4_u64, 0..3), any::<bool>()),
    );
    (touchpoints, bounds, times, questions, others).prop_map(
        |(touchpoint_of, bounds, times, questions, others)| {
            let (never_closes, by_id, segment, channels, watched, (strata, has_value)) = others;
            let bounds = if never_closes { (Vec::new(), Vec::new(), bounds.2) } else { bounds };
            Journey {
                touchpoint_of,
                touchpoints: TOUCHPOINTS.into(),
                starts: bounds.0,
                ends: bounds.1,
                again: bounds.2,
                by_id,
                segment,
                closes_after: times.0.filter(|_| !never_closes),
                again_within: times.1,
                strata: strata.into_iter().collect(),
                has_value,
                horizon: times.2,
                from: times.3,
                channels: if channels { CHANNELS.into() } else { 0 },
                watched: watched.into_iter().collect(),
                standards: questions.0,
                funnels: questions.1,
                design: questions.2,
            }
        },
    )
}

/// Any set of symbols, the empty one included; sets overlap.
fn set() -> impl Strategy<Value = Set> {
    prop_oneof![
        4 => (0..SYMBOLS).prop_map(|symbol| vec![symbol]),
        4 => prop::collection::btree_set(0..SYMBOLS, 0..4).prop_map(|symbols| symbols.into_iter().collect::<Set>()),
    ]
}

/// Often no symbol at all.
fn few() -> impl Strategy<Value = Set> {
    prop_oneof![2 => Just(Vec::new()), 3 => set()]
}

fn maybe() -> impl Strategy<Value = Option<Set>> {
    prop::option::of(set())
}

fn limit() -> impl Strategy<Value = i64> {
    prop_oneof![5 => 0..=14_i64, 1 => Just(FOREVER)]
}

fn standard() -> impl Strategy<Value = Standard> {
    prop_oneof![8 => what_follows(), 4 => how_often(), 4 => what_it_is()]
}

fn what_follows() -> impl Strategy<Value = Standard> {
    let mode = prop::sample::select(vec![
        Mode::Each,
        Mode::First,
        Mode::Consume,
        Mode::Alternate,
        Mode::Chain,
    ]);
    let at_least = prop_oneof![2 => Just(0_i64), 1 => 1..=5_i64];
    prop_oneof![
        5 => (set(), set(), limit(), at_least, mode, any::<bool>(), maybe()).prop_map(
            |(from, to, within, at_least, mode, same, unless)| Standard::Response {
                from, to, within, at_least, mode, same, unless,
            }
        ),
        1 => (set(), set(), limit()).prop_map(|(before, then, within)| Standard::Precedence { before, then, within }),
        1 => (set(), limit(), maybe()).prop_map(|(of, within, of_start)| Standard::Required { of, within, of_start }),
        1 => (set(), set(), limit()).prop_map(|(of, after, within)| Standard::Never { of, after, within }),
        1 => (set(), set(), limit()).prop_map(|(from, to, at_most)| Standard::Wait { from, to, at_most }),
        1 => (set(), set()).prop_map(|(from, to)| Standard::Due { from, to }),
    ]
}

fn how_often() -> impl Strategy<Value = Standard> {
    let at_most = prop_oneof![Just(u64::MAX), 0..=4_u64];
    let cadence = (set(), 1..=6_i64, 0..=2_i64, 0..=3_i64, maybe(), maybe());
    prop_oneof![
        (set(), 0..=3_u64, at_most).prop_map(|(of, at_least, at_most)| Standard::Count {
            of,
            at_least,
            at_most
        }),
        (set(), 0..=3_u64, limit()).prop_map(|(of, times, per)| Standard::AtMost {
            of,
            times,
            per
        }),
        cadence.prop_map(|(of, every, grace, at_least, from, until)| Standard::Cadence {
            of,
            every,
            grace,
            at_least,
            from,
            until
        }),
        (maybe(), limit()).prop_map(|(ends, within)| Standard::Duration { ends, within }),
    ]
}

fn what_it_is() -> impl Strategy<Value = Standard> {
    let step = (0..TOUCHPOINTS, 0..TOUCHPOINTS);
    let test = prop_oneof![
        (0..6_u8, 0..6_u8).prop_map(|(low, high)| Test::Within(low.into(), high.into())),
        prop::collection::vec(0..6_u8, 0..3)
            .prop_map(|all| Test::Numbers(all.into_iter().map(f64::from).collect())),
        prop::collection::vec(1..3_u64, 0..2).prop_map(Test::Texts),
    ];
    prop_oneof![
        prop::collection::vec(step, 0..10).prop_map(|allowed| Standard::Order { allowed }),
        (set(), prop::collection::vec(0..CHANNELS, 0..3))
            .prop_map(|(of, only)| Standard::Channel { of, only }),
        (set(), set()).prop_map(|(first, then)| Standard::Consistent { first, then }),
        (set(), test).prop_map(|(of, test)| Standard::Value { of, test }),
        set().prop_map(|of| Standard::Starts { of }),
        set().prop_map(|of| Standard::Ends { of }),
    ]
}

fn funnel() -> impl Strategy<Value = Steppings> {
    let modes = vec![
        FunnelMode::Default,
        FunnelMode::StrictOrder,
        FunnelMode::StrictIncrease,
        FunnelMode::StrictOnce,
    ];
    (prop::collection::vec(set(), 1..=4), limit(), prop::sample::select(modes))
        .prop_map(|(steps, within, mode)| Steppings { steps, within, mode })
}

/// A chain of touchpoints with a few arrows more.
fn design() -> impl Strategy<Value = Design> {
    let n = usize::from(TOUCHPOINTS);
    let arrows = prop::collection::vec((0..TOUCHPOINTS - 1, 0..TOUCHPOINTS), 0..4);
    let flags = || prop::collection::vec(any::<bool>(), n);
    (arrows, flags(), flags()).prop_map(move |(arrows, optional, repeatable)| {
        let mut next: Vec<Vec<u16>> = (1..=TOUCHPOINTS).map(|to| vec![to]).collect();
        next[n - 1].clear();
        for (from, to) in arrows {
            if from != to && !next[usize::from(from)].contains(&to) {
                next[usize::from(from)].push(to);
            }
        }
        Design::new(next, optional, repeatable)
    })
}
