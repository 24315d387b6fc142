//! Events at rest: whatever way they came in, the answer is that of a file with each of them once.

mod clocks;
mod copies;
mod erasing;
mod guarding;
mod hostile;
mod objects;
mod same;
mod syncing;

use std::path::Path;

use engine::import::{Source, Watch, hash};
use engine::lake::{Lake, Place};
use engine::quarantine::Quarantine;
use engine::scan::Files;
use store::{Event, Request};

/// Customer, minute, activity, channel, hall, id.
pub(crate) type Happened = (u64, i64, &'static str, &'static str, &'static str, u64);

/// µs of a minute; a year of them passes over month after month.
pub(crate) fn micros(minute: i64) -> i64 {
    (1_750_000_000 + minute * 60) * 1_000_000
}

/// The columns of an event with its id.
pub(crate) fn csv(events: &[Happened]) -> String {
    let mut text = String::from("customer_id,at,activity,channel,hall,parcels,event_id\n");
    for (customer, minute, activity, channel, hall, id) in events {
        let at = jiff::Timestamp::from_microsecond(micros(*minute)).unwrap();
        let id = if *id == 0 { String::new() } else { format!("e{id}") };
        text.push_str(&format!(
            "{customer},{at},{activity},{channel},{hall},{},{id}\n",
            minute % 5
        ));
    }
    text
}

/// The same event as the door takes it.
pub(crate) fn event(lake: &Lake, happened: &Happened) -> Event {
    let (customer, minute, activity, channel, hall, id) = happened;
    let identity = customer.to_string();
    let mut attributes = serde_json::Map::new();
    if !hall.is_empty() {
        attributes.insert("hall".to_owned(), (*hall).into());
    }
    attributes.insert("parcels".to_owned(), (minute % 5).to_string().into());
    Event {
        customer: lake.keys().of(hash(identity.as_bytes())),
        identity,
        at: micros(*minute),
        activity: (*activity).to_owned(),
        channel: Some((*channel).to_owned()).filter(|channel| !channel.is_empty()),
        event_id: (*id != 0).then(|| hash(format!("e{id}").as_bytes())),
        attributes: Some(serde_json::Value::Object(attributes).to_string()),
    }
}

pub(crate) fn request(lake: &Lake, events: &[Happened]) -> Request {
    Request { events: events.iter().map(|it| event(lake, it)).collect(), ..Request::default() }
}

/// How many cases a property is tried on: more before a release, by a variable of this name.
#[expect(clippy::disallowed_methods, reason = "a test has no binary that could read it")]
pub(crate) fn cases(name: &str, usual: u32) -> u32 {
    std::env::var(name).ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

/// The moment at which everything in these tests is stored.
pub(crate) fn clock() -> i64 {
    micros(1_000_000)
}

pub(crate) fn open(folder: &Path) -> Lake {
    Lake::open(&Place::folder(folder, clock)).unwrap()
}

/// Imports files; all of their rows are good, or repeat others.
pub(crate) fn import(lake: &Lake, events: &[Source]) -> Vec<engine::lake::Imported> {
    let (quarantine, watch) = (Quarantine::default(), Watch::default());
    lake.import(&Files {
        events,
        bad_share: 1.0,
        memory: 1 << 20,
        ..Files::none(&quarantine, &watch)
    })
    .unwrap()
}
