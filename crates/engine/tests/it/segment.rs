//! A part of the customers: it alone is counted, and the report says so.

use std::collections::BTreeMap;

use engine::measure::Asked;
use report::document::Report;

use crate::reading::source;
use crate::ways::{answer, csv};

/// The report on three kinds of walk, six times each: two of them through the northern hall, one of these without a channel.
fn report(segment: &[(&str, &[&str])]) -> Report {
    let walks = (0..6).flat_map(|group| {
        [
            (3 * group + 1, 0, "came", "gate", "north", 1),
            (3 * group + 1, 9, "served", "gate", "north", 1),
            (3 * group + 2, 0, "came", "web", "south", 1),
            (3 * group + 2, 9, "served", "web", "south", 1),
            (3 * group + 3, 0, "came", "", "north", 1),
            (3 * group + 3, 9, "left", "", "", 1),
        ]
    });
    let events: Vec<_> = walks.collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.csv");
    std::fs::write(&path, csv(&events.iter().collect::<Vec<_>>())).unwrap();
    let condition = |(name, values): &(&str, &[&str])| {
        ((*name).to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
    };
    let asked = Asked { segment: segment.iter().map(condition).collect(), ..Asked::default() };
    answer(&[source(path, "", None)], &asked, 1 << 20).report
}

#[test]
fn a_report_says_which_part_it_counts() {
    let everybody = report(&[]);
    assert_eq!((everybody.customers, everybody.segment), (18, BTreeMap::new()));
    let north = report(&[("hall", &["north"])]);
    let said = BTreeMap::from([("hall".to_owned(), vec!["north".to_owned()])]);
    assert_eq!((north.customers, north.segment), (12, said));
}

#[test]
fn conditions_on_one_attribute_hold_at_once() {
    let both = report(&[("hall", &["north", "south"]), ("hall", &["south", "west"])]);
    let said = BTreeMap::from([("hall".to_owned(), vec!["south".to_owned()])]);
    assert_eq!((both.customers, both.segment), (6, said));
}
