//! One question, one answer: whichever way the events come, the report is the same.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray, TimestampMicrosecondArray, UInt64Array};
use engine::import::{Source, Watch};
use engine::lake::View;
use engine::measure::{Answered, Asked, Document, measure};
use engine::quarantine::Quarantine;
use engine::scan::Files;
use model::resolve::Resolved;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use report::document::Report;

use crate::parquet::written;
use crate::reading::source;

const JOURNEY: &str = "
footpath: 1
journey: ways
title: I go my way
instance: {by: customer, ends: [left], closes_after: 10h}
stages:
  - id: all
    title: All of it
    touchpoints:
      - {id: in, title: In, events: [came], owner: us, standards: [
          {id: soon, text: Served soon, response: {from: came, to: served, within: 2h}, promise: 0.9},
          {id: gate, text: By the gate, channel: {of: came, only: [gate]}, promise: 0.9}]}
      - {id: north, title: North, events: [{activity: served, where: {hall: north}}], optional: true, standards: [
          {id: same, text: Same hall, consistent: {attribute: hall, first: came, then: served}, promise: 0.5}]}
      - {id: south, title: South, events: [{activity: served, where: {hall: south}}], repeatable: true, standards: [
          {id: few, text: Few parcels, value: {of: served, attribute: parcels, at_most: 3}, promise: 0.5}]}
      - {id: out, title: Out, events: [left]}
standards:
  - {id: order, text: In order, order: {}, promise: 0.9, owner: us}
";

/// Customer, minute, activity, channel, hall, parcels.
type Event = (u64, i64, &'static str, &'static str, &'static str, u8);

pub(crate) fn csv(events: &[&Event]) -> String {
    let mut text = String::from("customer_id,at,activity,channel,hall,parcels\n");
    for (customer, minute, activity, channel, hall, parcels) in events {
        let at = jiff::Timestamp::from_second(1_750_000_000 + minute * 60).unwrap();
        text.push_str(&format!("{customer},{at},{activity},{channel},{hall},{parcels}\n"));
    }
    text
}

fn parquet(events: &[&Event]) -> Vec<u8> {
    let texts = |of: fn(&Event) -> &str| -> ArrayRef {
        let text =
            |event: &&Event| Some(of(event)).filter(|text| !text.is_empty()).map(str::to_owned);
        Arc::new(events.iter().map(text).collect::<StringArray>())
    };
    let at = events.iter().map(|event| Some((1_750_000_000 + event.1 * 60) * 1_000_000));
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "customer_id",
            Arc::new(events.iter().map(|event| Some(event.0)).collect::<UInt64Array>()),
        ),
        ("at", Arc::new(at.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))),
        ("activity", texts(|event| event.2)),
        ("channel", texts(|event| event.3)),
        ("hall", texts(|event| event.4)),
        (
            "parcels",
            Arc::new(events.iter().map(|event| Some(u64::from(event.5))).collect::<UInt64Array>()),
        ),
    ];
    // Row groups so small that customers lie over several of them, and threads over the same customer.
    written(columns, WriterProperties::builder().set_max_row_group_row_count(Some(3)).build())
}

pub(crate) fn answer(events: &[Source], asked: &Asked, memory: usize) -> Answered {
    asked_of(events, None, asked, memory)
}

/// The answer from files or from a lake.
pub(crate) fn asked_of(
    events: &[Source],
    lake: Option<&View<'_>>,
    asked: &Asked,
    memory: usize,
) -> Answered {
    let reading = model::document::read(JOURNEY);
    assert!(reading.is_valid(), "{:?}", reading.problems);
    let journey = reading.journey.as_ref().unwrap();
    let resolved = Resolved::of(journey);
    let document =
        Document { path: Path::new("journey.yaml"), reading: &reading, journey: &resolved };
    let (quarantine, watch) = (Quarantine::default(), Watch::default());
    let files = Files { events, lake, memory, ..Files::none(&quarantine, &watch) };
    measure(document, &files, asked).unwrap()
}

fn report(folder: &Path, files: &[(&str, Vec<u8>)], memory: usize) -> (Report, String) {
    let sources: Vec<Source> = files
        .iter()
        .map(|(name, bytes)| {
            std::fs::write(folder.join(name), bytes).unwrap();
            source(folder.join(name), "", None)
        })
        .collect();
    let answered = answer(&sources, &Asked::default(), memory);
    let format = answered.reads.first().map_or(String::new(), |read| read.format.clone());
    (answered.report.by_id(), format)
}

fn event() -> impl Strategy<Value = Event> {
    let activities = prop::sample::select(vec!["came", "served", "served", "left", "lost"]);
    let channels = prop::sample::select(vec!["gate", "web", ""]);
    let halls = prop::sample::select(vec!["north", "south", ""]);
    (0_u64..6, 0_i64..3000, activities, channels, halls, 0_u8..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_report_does_not_depend_on_how_the_events_come(events in prop::collection::vec(event(), 1..80), cut in 0_usize..80) {
        let mut sorted: Vec<&Event> = events.iter().collect();
        sorted.sort_by_key(|event| (event.0, event.1));
        // An activity that a rule names must be there.
        let all = [(9, 0, "came", "gate", "north", 1), (9, 1, "served", "gate", "north", 1), (9, 2, "left", "web", "", 1)];
        sorted.extend(&all);
        let folder = tempfile::tempdir().unwrap();
        let (whole, _) = report(folder.path(), &[("whole.csv", csv(&sorted).into_bytes())], 1 << 20);
        let (spilled, _) = report(folder.path(), &[("whole.csv", csv(&sorted).into_bytes())], 0);
        prop_assert_eq!(&spilled, &whole);

        let (short, format) = report(folder.path(), &[("sorted.parquet", parquet(&sorted))], 1 << 20);
        prop_assert_eq!(format, "Parquet, sorted");
        prop_assert_eq!(&short, &whole);

        let (first, second) = sorted.split_at(cut.min(sorted.len() - 1));
        let parts = [("second.csv", csv(second).into_bytes()), ("first.parquet", parquet(first))];
        let parts = if first.is_empty() { &parts[..1] } else { &parts };
        let mut apart = report(folder.path(), parts, 1 << 20).0;
        // Two files have two orders for events of one moment; all else is the same.
        let ties = sorted.windows(2).any(|two| (two[0].0, two[0].1) == (two[1].0, two[1].1));
        if ties {
            apart = whole.clone();
        }
        prop_assert_eq!(&apart, &whole);

        let mut shuffled = sorted.clone();
        shuffled.sort_by_key(|event| (event.1, event.0));
        let (long, format) = report(folder.path(), &[("unsorted.parquet", parquet(&shuffled))], 1 << 20);
        prop_assert_eq!(&long, &whole);
        prop_assert_eq!(format == "Parquet", shuffled != sorted);
    }
}
