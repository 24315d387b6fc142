//! Journey documents made for one question, and the program's answer to them.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{footpath_in, text};

/// After every event of the corpus by more than [`AFTER_ALL`], so that everything is over and every deadline has passed.
pub(super) const LONG_AFTER: &str = "2199-01-01T00:00:00Z";
/// Longer than any pause in any log: nothing splits.
const AFTER_ALL: &str = "36500d";

/// The activity that ends an instance under [`Ends::ByEvent`].
pub(super) const END: &str = "over";

/// When instances are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ends {
    /// Each times out at last, long before [`LONG_AFTER`].
    Closed,
    /// Each ends with an event of its own, [`END`].
    ByEvent,
    /// None is over, at this horizon in seconds since 1970.
    OpenAt(i64),
    /// None is over.
    Open,
}

/// A document in which every activity is a touchpoint and all events of a customer are one instance.
pub(super) fn journey(activities: &[&str], ends: Ends) -> Value {
    let stop = |(number, activity): (usize, &&str)| json!({"id": touchpoint(number), "title": activity, "events": [activity], "optional": true, "repeatable": true});
    let touchpoints: Vec<Value> = activities.iter().enumerate().map(stop).collect();
    let instance = match ends {
        Ends::Closed => json!({"by": "customer", "closes_after": AFTER_ALL}),
        Ends::ByEvent => json!({"by": "customer", "ends": [END]}),
        Ends::OpenAt(_) | Ends::Open => json!({"by": "customer"}),
    };
    json!({
        "footpath": 1, "journey": "golden", "title": "I am measured", "instance": instance,
        "stages": [{"id": "all", "title": "All of it", "phase": "during", "owner": "desk", "touchpoints": touchpoints}],
    })
}

/// The id of the touchpoint of an activity, by its place in the list that the document was made of.
pub(super) fn touchpoint(number: usize) -> String {
    format!("t{number}")
}

/// The activities of a log by its golden numbers.
pub(super) fn activities(golden: &Value) -> Vec<&str> {
    golden["activity_counts"].as_object().unwrap().keys().map(String::as_str).collect()
}

/// A standard of the whole journey with this rule.
pub(super) fn standard(id: &str, rule: &str, of: Value) -> Value {
    json!({"id": id, "text": id, "owner": "desk", rule: of})
}

/// Measures events by a document; `more` are further arguments. Rows that cannot be used fail the test.
pub(super) fn measure(journey: &Value, events: &Path, more: &[&str]) -> Value {
    let folder = TempDir::new().unwrap();
    let document = folder.path().join("journey.json");
    std::fs::write(&document, journey.to_string()).unwrap();
    let (document, events) = (text(&document), text(events));
    let arguments = ["measure", &document, "--events", &events, "--format", "json"];
    answer(folder.path(), arguments.iter().chain(more))
}

/// What customers walk in these events.
pub(super) fn discover(events: &Path, more: &[&str]) -> Value {
    let folder = TempDir::new().unwrap();
    let events = text(events);
    let arguments = ["discover", "--events", &events, "--format", "json"];
    answer(folder.path(), arguments.iter().chain(more))
}

fn answer<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a &'a str>) -> Value {
    let ran = footpath_in(folder, arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["events"]["quarantined"], 0, "{}", ran.stderr);
    report
}

/// The standard of this id in a report.
pub(super) fn judged<'a>(report: &'a Value, id: &str) -> &'a Value {
    found(&report["standards"], "id", id)
}

/// The one of an array whose `key` is `value`.
pub(super) fn found<'a>(array: &'a Value, key: &str, value: &str) -> &'a Value {
    let mut entries = array.as_array().unwrap().iter();
    entries
        .find(|entry| entry[key] == value)
        .unwrap_or_else(|| panic!("no {key} {value} in {array}"))
}
