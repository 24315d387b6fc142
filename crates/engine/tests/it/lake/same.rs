//! Late, repeated, split, retried, flushed and compacted: equal to the set of events.

use engine::measure::Asked;
use proptest::prelude::*;
use report::document::Report;

use super::{Happened, csv, import, open, request};
use crate::reading::source;
use crate::ways::{answer, asked_of};

/// What is done with a handful of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Import,
    Append,
    Flush,
    Compact,
    Reopen,
}

fn event() -> impl Strategy<Value = (u64, &'static str, &'static str, &'static str, bool)> {
    let activities = prop::sample::select(vec!["came", "served", "served", "left", "lost"]);
    let channels = prop::sample::select(vec!["gate", "web", ""]);
    let halls = prop::sample::select(vec!["north", "south", ""]);
    (0_u64..9, activities, channels, halls, any::<bool>())
}

/// Events that happened, each at a minute of its own, some in other months than others.
fn events() -> impl Strategy<Value = Vec<Happened>> {
    prop::collection::vec((event(), 1_i64..9000), 1..60).prop_map(|events| {
        let mut minute = 0;
        let mut happened: Vec<Happened> = vec![
            (90, 0, "came", "gate", "north", 1),
            (90, 1, "served", "gate", "north", 2),
            (90, 2, "left", "web", "", 3),
        ];
        for (number, ((customer, activity, channel, hall, has_id), wait)) in
            events.into_iter().enumerate()
        {
            minute += 3 + wait;
            let id = if has_id { 10 + number as u64 } else { 0 };
            happened.push((customer, minute, activity, channel, hall, id));
        }
        happened
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop::sample::select(vec![
        Step::Import,
        Step::Append,
        Step::Append,
        Step::Flush,
        Step::Compact,
        Step::Reopen,
    ]);
    prop::collection::vec(step, 1..12)
}

/// The report, without what says how the events came.
fn told(mut report: Report) -> Report {
    report.events.read = 0;
    report.events.quarantined = 0;
    report.by_id()
}

/// The events cut into pieces, in an order of arrival, some of those with an id twice.
fn arrivals(events: &[Happened], seed: u64, pieces: usize) -> Vec<Vec<Happened>> {
    let mixed = |number: usize| (number as u64 + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 7;
    let mut arriving: Vec<(u64, Happened)> = Vec::new();
    for (number, event) in events.iter().enumerate() {
        arriving.push((mixed(number), *event));
        if event.5 != 0 && mixed(number) % 3 == 0 {
            arriving.push((mixed(number + 1000), *event));
        }
    }
    arriving.sort_by_key(|(when, _)| *when);
    let each = arriving.len().div_ceil(pieces);
    arriving.chunks(each).map(|piece| piece.iter().map(|(_, event)| *event).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(super::cases("FOOTPATH_LAKE_CASES", 40)))]
    #[test]
    fn a_lake_answers_as_a_file_with_each_event_once(events in events(), steps in steps(), seed in any::<u64>()) {
        let folder = tempfile::tempdir().unwrap();
        let whole = folder.path().join("whole.csv");
        std::fs::write(&whole, csv(&events)).unwrap();
        let expected = told(answer(&[source(whole, "", None)], &Asked::default(), 1 << 20).report);

        let data = folder.path().join("data");
        let mut lake = open(&data);
        let arriving = arrivals(&events, seed, steps.len());
        for (number, step) in steps.iter().enumerate() {
            let piece = arriving.get(number).map_or(&[][..], Vec::as_slice);
            if *step == Step::Import && !piece.is_empty() {
                let path = folder.path().join(format!("{number}.csv"));
                std::fs::write(&path, csv(piece)).unwrap();
                let file = source(path, "", None);
                import(&lake, std::slice::from_ref(&file));
                let again = import(&lake, &[file]);
                prop_assert!(again[0].read.is_none(), "a file is imported once");
            } else {
                let receipts = lake.append(&[request(&lake, piece)]).unwrap();
                prop_assert!(receipts[0].is_ok());
            }
            match step {
                Step::Flush => drop(lake.flush().unwrap()),
                Step::Compact => drop(lake.compact().unwrap()),
                Step::Reopen => {
                    drop(lake);
                    lake = open(&data);
                }
                Step::Import | Step::Append => {}
            }
        }
        let view = lake.view(None, None).unwrap();
        let given = told(asked_of(&[], Some(&view), &Asked::default(), 1 << 20).report);
        prop_assert_eq!(&given, &expected);
        drop(view);
        lake.flush().unwrap();
        lake.compact().unwrap();
        let view = lake.view(None, None).unwrap();
        // Each file of a month and bucket is larger than all smaller ones together, so there are no more than doublings.
        let doublings = events.len().max(1).ilog2() as usize + 1;
        prop_assert!(view.months().len() * 16 * doublings >= lake.contents().unwrap().files as usize);
        prop_assert_eq!(lake.compact().unwrap(), 0);
        let given = told(asked_of(&[], Some(&view), &Asked::default(), 1 << 20).report);
        prop_assert_eq!(&given, &expected);
        prop_assert_eq!(lake.verify(&Default::default()).unwrap().damage, Vec::<String>::new());
    }
}

#[test]
fn a_period_reads_only_the_months_that_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(&folder.path().join("data"));
    let month = 31 * 24 * 60;
    let events: Vec<Happened> = (0..120)
        .map(|n| {
            (
                n % 7,
                n as i64 * month / 10,
                ["came", "served", "left"][n as usize % 3],
                "web",
                "north",
                0,
            )
        })
        .collect();
    let path = folder.path().join("all.csv");
    std::fs::write(&path, csv(&events)).unwrap();
    let file = source(path, "", None);
    import(&lake, std::slice::from_ref(&file));
    let at = |minute: i64| jiff::Timestamp::from_microsecond(super::micros(minute)).unwrap();
    let asked = Asked { from: Some(at(3 * month)), to: Some(at(5 * month)), ..Asked::default() };
    let view = asked.view(&lake).unwrap();
    assert!(view.months().len() <= 3, "{:?}", view.months());
    let mut given = told(asked_of(&[], Some(&view), &asked, 1 << 20).report);
    let mut expected = told(answer(&[file], &asked, 1 << 20).report);
    // Events outside of the period are counted by whoever reads them.
    (given.events, expected.events) = (expected.events.clone(), expected.events.clone());
    assert_eq!(given, expected);
    assert!(given.instances.total > 0);
}

#[test]
fn the_first_of_two_events_with_one_id_counts_even_months_apart() {
    let folder = tempfile::tempdir().unwrap();
    let lake = open(&folder.path().join("data"));
    let month = 31 * 24 * 60;
    let first = [(1, 2 * month, "served", "web", "north", 7), (1, 0, "came", "gate", "", 8)];
    let later = [(1, month, "left", "gate", "south", 7), (1, 3 * month, "left", "web", "", 9)];
    for (name, events) in [("first", first), ("later", later)] {
        let path = folder.path().join(name);
        std::fs::write(&path, csv(&events)).unwrap();
        import(&lake, &[source(path, "", None)]);
    }
    let path = folder.path().join("whole");
    std::fs::write(&path, csv(&[first[0], first[1], later[1]])).unwrap();
    let expected = told(answer(&[source(path, "", None)], &Asked::default(), 1 << 20).report);
    let view = lake.view(None, None).unwrap();
    assert_eq!(told(asked_of(&[], Some(&view), &Asked::default(), 1 << 20).report), expected);
}
