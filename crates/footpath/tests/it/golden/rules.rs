//! The evaluations of rules that the executable specification made on real logs, each asked as a standard or a funnel of a
//! journey document.
//!
//! A case that is `closed` is asked with `closes_after` beyond every pause and a horizon beyond that, so that every instance
//! is over, or with an event that ends it; one with a horizon of its own is asked `--as-of` it, and nothing is ever over.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::DateTime;
use jiff::{Timestamp, ToSpan};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::corpus::{Rows, find, golden, say, texts};
use super::differences::Differences;
use super::journey::{
    END, Ends, LONG_AFTER, activities, found, journey, judged, measure, standard, touchpoint,
};

/// Name in the golden file, the log, its golden activities and the columns to read.
const LOGS: [(&str, &str, &str, &str); 7] = [
    ("helpdesk", "pm4py_logs/helpdesk.csv.gz", "helpdesk", "customer_id=case_id,at=timestamp"),
    (
        "uci_incident",
        "uci_incident/incident_events.csv.gz",
        "uci_incident",
        "customer_id=case_id,at=timestamp,channel=contact_type",
    ),
    (
        "olist_events",
        "olist_sample/olist_events.csv.gz",
        "olist_events",
        "customer_id=case_id,at=timestamp",
    ),
    ("cdnow", "cdnow/cdnow_purchases.csv.gz", "", "customer_id=case_id,at=timestamp"),
    ("receipt", "pm4py_logs/receipt.csv.gz", "receipt", "customer_id=case_id,at=timestamp"),
    (
        "ecom_session",
        "retentioneering_ecom/ecom.csv.gz",
        "ecom_user",
        "customer_id=session_id,at=timestamp",
    ),
    (
        "ecom_user",
        "retentioneering_ecom/ecom.csv.gz",
        "ecom_user",
        "customer_id=case_id,at=timestamp",
    ),
];

#[test]
fn rules_are_judged_as_the_specification_judges_them() {
    let cases = golden("rules_golden");
    let cases = cases.as_array().unwrap();
    assert_eq!(cases.len(), 53);
    let (mut ran, mut asked) = (Vec::new(), 0);
    for (name, log, numbers, map) in LOGS {
        let of_log: Vec<(usize, &Value)> =
            cases.iter().enumerate().filter(|(_, case)| case["dataset"] == name).collect();
        let n_cases = of_log.len();
        asked += n_cases;
        let Some(log) = find(log) else { continue };
        let folder = TempDir::new().unwrap();
        let events = if name == "olist_events" { with_due(&log, folder.path()) } else { log };
        let known = if numbers.is_empty() {
            json!({"activity_counts": {"purchase": 1}})
        } else {
            golden(numbers)
        };
        let activities = activities(&known);
        let ended = folder.path().join("ended.csv");
        for (over, cases) in by_end(of_log) {
            let events = if over == Ends::ByEvent { with_ends(&events, &ended) } else { &events };
            compare(name, (events, map), &activities, (over, &cases));
        }
        ran.push(format!("{n_cases} of {name}"));
    }
    assert_eq!(asked, cases.len(), "every case is of a log that is asked");
    say(&format!("rules: {}", ran.join(", ")));
}

/// Cases that can be asked in one run.
fn by_end(cases: Vec<(usize, &Value)>) -> BTreeMap<Ends, Vec<(usize, &Value)>> {
    let mut groups: BTreeMap<Ends, Vec<(usize, &Value)>> = BTreeMap::new();
    for (number, case) in cases {
        let horizon = case["H"].as_f64().map(|seconds| seconds as i64);
        assert_eq!(case["closed"], horizon.is_none(), "case {number}");
        let over = match horizon {
            Some(at) => Ends::OpenAt(at),
            // What timed out took until it was over (docs/adr/004-oracle.md); the specification's closed cases end with
            // their last event, and so do those that an event ends.
            None if case["rule"] == "total_duration" => Ends::ByEvent,
            None => Ends::Closed,
        };
        groups.entry(over).or_default().push((number, case));
    }
    groups
}

/// Asks all cases of one log and one horizon in one run.
fn compare(
    name: &str,
    (events, map): (&Path, &str),
    activities: &[&str],
    (over, cases): (Ends, &[(usize, &Value)]),
) {
    let mut document = journey(activities, over);
    let is_funnel = |case: &Value| case["rule"] == "window_funnel";
    let standards = cases.iter().filter(|(_, case)| !is_funnel(case)).map(|(number, case)| {
        let (rule, of) = rule(case, activities);
        standard(&id(*number), rule, of)
    });
    document["standards"] = standards.collect();
    let funnels = cases.iter().filter(|(_, case)| is_funnel(case)).map(|(number, case)| {
        without_nulls(json!({"id": id(*number), "steps": case["params"]["steps"], "within": seconds(&case["params"]["w"])}))
    });
    document["funnels"] = funnels.collect();
    let as_of = match over {
        Ends::OpenAt(at) => Timestamp::from_second(at).unwrap().to_string(),
        _ => LONG_AFTER.to_owned(),
    };
    let report = measure(&document, events, &["--map", map, "--as-of", &as_of]);

    let mut differences = Differences::of(format!("rules of {name} as of {as_of}"));
    for (number, case) in cases {
        if is_funnel(case) {
            funnel(
                &mut differences,
                found(&report["funnels"], "id", &id(*number)),
                &case["result"],
            );
        } else {
            checks(&mut differences, judged(&report, &id(*number)), case);
        }
    }
    differences.none();
}

fn id(number: usize) -> String {
    format!("case-{number}")
}

/// The rule of a document that asks what a case of the specification asks, and its key.
fn rule(case: &Value, activities: &[&str]) -> (&'static str, Value) {
    let given = &case["params"];
    let within = seconds(&given["d"]);
    let (key, rule) = match case["rule"].as_str().unwrap() {
        "response" => (
            "response",
            json!({"from": given["A"], "to": given["B"], "within": within, "mode": given["mode"]}),
        ),
        "precedence" => {
            ("precedence", json!({"before": given["A"], "then": given["B"], "within": within}))
        }
        "count_between" => {
            ("count", json!({"of": given["X"], "at_least": given["lo"], "at_most": given["hi"]}))
        }
        "init" => return ("starts", given["X"].clone()),
        "last" => return ("ends", given["X"].clone()),
        "total_duration" => ("duration", json!({"ends": given["end"], "within": within})),
        "max_wait" => ("wait", json!({"from": given["A"], "to": given["B"], "at_most": within})),
        "max_in_window" => {
            ("at_most", json!({"of": given["X"], "times": given["n"], "per": seconds(&given["w"])}))
        }
        "absence_after" => {
            ("never", json!({"of": given["X"], "after": given["Y"], "within": within}))
        }
        "edges" => ("order", json!({"allow": allowed(&given["allowed"], activities)})),
        "required_by" => ("required", json!({"of": given["X"], "within": within})),
        "channel_in" => ("channel", json!({"of": given["X"], "only": given["ok"]})),
        "promise" => ("due", json!({"from": given["A"], "to": given["B"], "by": "due"})),
        "same_value" => (
            "consistent",
            json!({"attribute": given["attr"], "first": given["A"], "then": given["B"]}),
        ),
        "cadence" => {
            let (every, grace) = (seconds(&given["P"]), seconds(&given["grace"]));
            (
                "cadence",
                json!({"of": given["X"], "every": every, "grace": grace, "at_least": seconds(&given["too_soon"])}),
            )
        }
        other => panic!("the rule {other} has no word in the document"),
    };
    (key, without_nulls(rule))
}

/// The same steps between touchpoints, which is what the order of a journey is about.
fn allowed(steps: &Value, activities: &[&str]) -> Value {
    let id = |activity: &str| {
        touchpoint(activities.iter().position(|known| *known == activity).unwrap())
    };
    let to = |to: &Value| -> Vec<String> { texts(to).into_iter().map(id).collect() };
    steps.as_object().unwrap().iter().map(|(from, next)| (id(from), json!(to(next)))).collect()
}

/// A number of seconds as a document writes it; nothing where there is no limit.
fn seconds(value: &Value) -> Value {
    value.as_f64().map_or(Value::Null, |seconds| json!(format!("{seconds}s")))
}

fn without_nulls(value: Value) -> Value {
    let Value::Object(entries) = value else { return value };
    Value::Object(entries.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
}

fn checks(differences: &mut Differences, ours: &Value, case: &Value) {
    let golden = &case["result"];
    let what = format!("{} {} {}", ours["id"], case["rule"], case["params"]["mode"]);
    let names = [
        ("checks", "instances"),
        ("kept", "S"),
        ("broken", "V"),
        ("pending", "P"),
        ("unknown", "U"),
        ("instances_broken", "cases_with_violation"),
        ("customers_broken", "cases_with_violation"),
    ];
    for (name, theirs) in names {
        differences.exact(format!("{what} {name}"), &ours[name], &golden[theirs]);
    }
    for name in ["missed_beats", "too_soon"] {
        if let Some(expected) = golden.get(name) {
            differences.exact(format!("{what} {name}"), &ours[name], expected);
        }
    }
    if let Some(expected) = golden.get("breach_s") {
        differences.close(
            format!("{what} overrun"),
            ours["overrun_s"]["sum"].as_f64(),
            expected.as_f64().unwrap(),
        );
    }
}

fn funnel(differences: &mut Differences, ours: &Value, golden: &Value) {
    let reached: Vec<&Value> =
        ours["steps"].as_array().unwrap().iter().map(|step| &step["reached"]).collect();
    let expected: Vec<&Value> = golden["reached"].as_array().unwrap().iter().collect();
    differences.exact(format!("{} reached", ours["id"]), reached, expected);
    let levels: u64 =
        golden["level_counts"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    differences.exact(
        format!("{} customers", ours["id"]),
        ours["customers"].as_u64().unwrap(),
        levels,
    );
}

/// The log with one more event of each customer, at the time of the last one: it is over.
fn with_ends<'a>(events: &Path, path: &'a Path) -> &'a Path {
    let mut events = Rows::of(events);
    let [customer, activity, timestamp] =
        ["case_id", "activity", "timestamp"].map(|name| events.column(name));
    let mut last: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in &events.rows {
        let known = last.entry(row[customer].clone()).or_insert_with(|| row.clone());
        if row[timestamp] >= known[timestamp] {
            known.clone_from(row);
        }
    }
    for mut row in last.into_values() {
        END.clone_into(&mut row[activity]);
        events.rows.push(row);
    }
    events.write(path);
    path
}

/// The log with a column `due`: the end of the day that was promised, which the specification computed on the way.
pub(super) fn with_due(log: &Path, folder: &Path) -> PathBuf {
    let mut events = Rows::of(log);
    let promised = events.column("order_estimated_delivery_date");
    events.header.push("due".to_owned());
    for row in &mut events.rows {
        let due = match row[promised].as_str() {
            "" => String::new(),
            day => (day.parse::<DateTime>().unwrap() + 1.day()).to_string(),
        };
        row.push(due);
    }
    let path = folder.join("events.csv");
    events.write(&path);
    path
}
