//! Events with numbers: what a trial sends to a lake, and whether each of them is there once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use engine::import::{Mapping, Source, Watch, hash};
use engine::lake::Lake;
use engine::quarantine::Quarantine;
use engine::scan::Files;
use store::{Event, Request};

use crate::random::Random;

/// µs; no event is earlier.
const FIRST: i64 = 1_740_000_000_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbered {
    pub(crate) number: u64,
    pub(crate) customer: u64,
    /// µs.
    pub(crate) at: i64,
}

/// Events with the numbers from `first` on, of so many customers within so many µs.
pub(crate) fn draw(
    (first, count): (u64, u64),
    (customers, span): (u64, u64),
    random: &mut Random,
) -> Vec<Numbered> {
    let mut event = |number| {
        let at = FIRST + random.below(span) as i64;
        Numbered { number, customer: random.below(customers), at }
    };
    (first..first + count).map(&mut event).collect()
}

/// The request that brings these events; the same events under the same key are the same request.
pub(crate) fn request(lake: &Lake, key: Option<&str>, events: &[Numbered]) -> Request {
    let event = |it: &Numbered| {
        let identity = customer(it.customer);
        Event {
            customer: lake.keys().of(hash(identity.as_bytes())),
            identity,
            at: it.at,
            activity: "paid".to_owned(),
            channel: Some("web".to_owned()),
            event_id: Some(id(it.number)),
            attributes: Some(format!("{{\"basket\":\"basket number {}\"}}", it.number)),
        }
    };
    Request {
        idempotency_key: key.map(str::to_owned),
        body_hash: format!("{:016x}", hash(format!("{events:?}").as_bytes())),
        events: events.iter().map(event).collect(),
        ..Request::default()
    }
}

/// Sends them; what is `Ok` is acknowledged.
pub(crate) fn append(
    lake: &Lake,
    key: Option<&str>,
    events: &[Numbered],
) -> Result<(), engine::Error> {
    for receipt in lake.append(&[request(lake, key, events)])? {
        receipt?;
    }
    Ok(())
}

/// A file of them, whole or not at all; `scratch` is a folder for it.
pub(crate) fn import(
    lake: &Lake,
    scratch: &Path,
    events: &[Numbered],
) -> anyhow::Result<Result<(), engine::Error>> {
    let mut text = String::from("customer_id,at,activity,channel,event_id,basket\n");
    for Numbered { number, customer: of, at } in events {
        let (at, of) = (jiff::Timestamp::from_microsecond(*at)?, customer(*of));
        text.push_str(&format!("{of},{at},paid,web,event {number},basket number {number}\n"));
    }
    let path = scratch.join("events.csv");
    fs::write(&path, text)?;
    let source = Source { path, mapping: Mapping::default(), zone: None };
    let (quarantine, watch) = (Quarantine::default(), Watch::default());
    let files = Files {
        events: std::slice::from_ref(&source),
        memory: 1 << 20,
        ..Files::none(&quarantine, &watch)
    };
    Ok(lake.import(&files).map(drop))
}

/// The id by which events name this customer.
pub(crate) fn customer(number: u64) -> String {
    format!("customer {number}")
}

/// The hash of the id of the event with this number.
pub(crate) fn id(number: u64) -> u64 {
    hash(format!("event {number}").as_bytes())
}

/// How many events with these numbers a lake does not tell, and how many it tells too many.
pub(crate) fn lost_and_doubled(
    lake: &Lake,
    numbers: impl Iterator<Item = u64>,
) -> Result<(u64, u64), engine::Error> {
    Ok(compare(numbers.map(id), lake.view(None, None)?.ids()?.into_iter()))
}

/// How many of `expected` are not found, and how many found are too many.
pub(crate) fn compare<T: Ord>(
    expected: impl Iterator<Item = T>,
    found: impl Iterator<Item = T>,
) -> (u64, u64) {
    let mut counts: BTreeMap<T, i64> = BTreeMap::new();
    expected.for_each(|it| *counts.entry(it).or_default() += 1);
    found.for_each(|it| *counts.entry(it).or_default() -= 1);
    let sum = |sign: i64| counts.values().map(|count| (count * sign).max(0) as u64).sum();
    (sum(1), sum(-1))
}
