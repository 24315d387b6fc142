//! Activities, transitions with their waits, rework, variants and durations of ten logs, as pm4py and DuckDB have them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::corpus::{find, golden, say, texts};
use super::differences::Differences;
use super::journey::discover;

/// Golden file and the log without its ending.
const LOGS: [(&str, &str); 10] = [
    ("bpic2013_incidents", "pm4py_logs/bpic2013_incidents"),
    ("ecom_user", "retentioneering_ecom/ecom"),
    ("helpdesk", "pm4py_logs/helpdesk"),
    ("hospital_bpic2011", "eventdataR/hospital_bpic2011"),
    ("olist_events", "olist_sample/olist_events"),
    ("receipt", "pm4py_logs/receipt"),
    ("roadtraffic100traces", "pm4py_logs/roadtraffic100traces"),
    ("running-example", "pm4py_logs/running-example"),
    ("teleclaims", "pm4py_logs/teleclaims"),
    ("uci_incident", "uci_incident/incident_events"),
];

/// What a touchpoint of the report is called in the golden files: activities with a count of 0 are left out there.
const COUNTS: [(&str, &str); 7] = [
    ("visits", "activity_counts"),
    ("first", "start_activities"),
    ("last", "end_activities"),
    ("instances", "activity_presence_cases"),
    ("instances_with_repeats", "rework_cases_per_activity"),
    ("repeats", "rework_events_per_activity"),
    ("self_loops", "selfloop_pairs"),
];

#[test]
fn walked_paths_from_csv_are_those_of_pm4py() {
    compare_all("csv.gz");
}

#[test]
fn walked_paths_from_parquet_are_those_of_pm4py() {
    compare_all("parquet");
}

#[test]
fn walked_paths_from_xes_are_those_of_pm4py() {
    let Some(log) = find("pm4py_logs/orig/helpdesk.xes.gz") else { return };
    let numbers = compare(&log, &discover(&log, &[]), &golden("helpdesk"));
    say(&format!("walked paths from XES: helpdesk, {numbers} numbers"));
}

fn compare_all(ending: &str) {
    let mut ran = Vec::new();
    let mut numbers = 0;
    for (name, log) in LOGS {
        let Some(path) = find(&format!("{log}.{ending}")) else { continue };
        let report = discover(&path, &["--map", "customer_id=case_id,at=timestamp"]);
        numbers += compare(&path, &report, &golden(name));
        ran.push(name);
    }
    say(&format!("walked paths from {ending}: {}, {numbers} numbers", ran.join(", ")));
}

/// Everything that a golden file and a report both tell; how many numbers that is.
pub(super) fn compare(log: &Path, report: &Value, golden: &Value) -> usize {
    let mut differences = Differences::of(log.display().to_string());
    differences.exact("events", &report["events"]["read"], &golden["events"]);
    differences.exact("customers", &report["customers"], &golden["cases"]);
    activities(&mut differences, report, golden);
    transitions(&mut differences, report, golden);
    variants(&mut differences, report, golden);
    durations(&mut differences, report, golden);
    differences.none()
}

type Counts<'a> = BTreeMap<&'a str, u64>;

fn golden_counts(golden: &Value) -> Counts<'_> {
    golden
        .as_object()
        .unwrap()
        .iter()
        .map(|(activity, n)| (activity.as_str(), n.as_u64().unwrap()))
        .collect()
}

fn activities(differences: &mut Differences, report: &Value, golden: &Value) {
    let touchpoints = report["touchpoints"].as_array().unwrap();
    differences.exact(
        "activities",
        touchpoints.len() as u64,
        golden["activities"].as_u64().unwrap(),
    );
    for (ours, theirs) in COUNTS {
        let count = |touchpoint: &'_ Value| touchpoint[ours].as_u64().unwrap();
        let counted = touchpoints.iter().filter(|touchpoint| count(touchpoint) > 0);
        let counts: Counts<'_> = counted.map(|t| (t["id"].as_str().unwrap(), count(t))).collect();
        differences.exact(theirs, counts, golden_counts(&golden[theirs]));
    }
}

fn transitions(differences: &mut Differences, report: &Value, golden: &Value) {
    let mut steps: BTreeMap<(&str, &str), &Value> = BTreeMap::new();
    for step in report["transitions"].as_array().unwrap() {
        steps.insert((step["from"].as_str().unwrap(), step["to"].as_str().unwrap()), step);
    }
    let count = |step: &Value| step["count"].as_u64().unwrap();
    let begins: Counts<'_> = steps
        .iter()
        .filter(|((a, _), _)| *a == "^")
        .map(|((_, b), step)| (*b, count(step)))
        .collect();
    differences.exact("steps from ^", begins, golden_counts(&golden["start_activities"]));
    let ends: Counts<'_> = steps
        .iter()
        .filter(|((_, b), _)| *b == "$")
        .map(|((a, _), step)| (*a, count(step)))
        .collect();
    differences.exact("steps to $", ends, golden_counts(&golden["end_activities"]));

    let edges = golden["dfg"].as_array().unwrap();
    let pair = |edge: &'_ Value| {
        (edge["a"].as_str().unwrap().to_owned(), edge["b"].as_str().unwrap().to_owned())
    };
    let pairs: BTreeSet<(String, String)> = edges.iter().map(pair).collect();
    let inner = steps.keys().filter(|(a, b)| *a != "^" && *b != "$");
    differences.exact(
        "pairs",
        inner.map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
        pairs,
    );
    for edge in edges {
        let (a, b) = (edge["a"].as_str().unwrap(), edge["b"].as_str().unwrap());
        let Some(step) = steps.get(&(a, b)) else { continue };
        differences.exact(format!("{a} > {b} count"), &step["count"], &edge["n"]);
        differences.exact(format!("{a} > {b} instances"), &step["instances"], &edge["cases"]);
        differences.exact(format!("{a} > {b} waits"), &step["wait_s"]["n"], &edge["n"]);
        for measure in ["sum", "mean", "median", "min", "max"] {
            let expected = edge[format!("{measure}_s")].as_f64().unwrap();
            differences.close(
                format!("{a} > {b} {measure}"),
                step["wait_s"][measure].as_f64(),
                expected,
            );
        }
    }
}

/// Variants by how often they were walked. Where as many were walked equally often as the list has no room for, which of
/// them are listed is a matter of taste, so there only their number is compared.
fn variants(differences: &mut Differences, report: &Value, golden: &Value) {
    let ours = &report["variants"];
    differences.exact("variants", &ours["total"], &golden["variants_total"]);
    differences.exact("variants walked once", &ours["singletons"], &golden["variants_singletons"]);
    let (ours, theirs) =
        (by_count(&ours["top"], "count", "path"), by_count(&golden["variants_top"], "n", "seq"));
    let listed: usize = theirs.values().map(BTreeSet::len).sum();
    let is_cut = golden["variants_total"].as_u64().unwrap() > listed as u64;
    let last = theirs.keys().next().copied().filter(|_| is_cut);
    let sizes = |variants: &BTreeMap<u64, BTreeSet<Vec<&str>>>| -> Vec<(u64, usize)> {
        variants.iter().map(|(count, paths)| (*count, paths.len())).collect()
    };
    differences.exact("variants by count", sizes(&ours), sizes(&theirs));
    for (count, paths) in theirs.iter().filter(|(count, _)| Some(**count) != last) {
        differences.exact(format!("variants walked {count} times"), ours.get(count), Some(paths));
    }
}

fn by_count<'a>(
    variants: &'a Value,
    count: &str,
    path: &str,
) -> BTreeMap<u64, BTreeSet<Vec<&'a str>>> {
    let mut paths: BTreeMap<u64, BTreeSet<Vec<&str>>> = BTreeMap::new();
    for variant in variants.as_array().unwrap() {
        paths.entry(variant[count].as_u64().unwrap()).or_default().insert(texts(&variant[path]));
    }
    paths
}

fn durations(differences: &mut Differences, report: &Value, golden: &Value) {
    differences.exact("durations", &report["duration_s"]["n"], &golden["cases"]);
    let names = [
        ("min", "min"),
        ("p25", "q1"),
        ("median", "median"),
        ("mean", "mean"),
        ("p75", "q3"),
        ("max", "max"),
    ];
    for (ours, theirs) in names {
        let expected = golden["case_duration_s"][theirs].as_f64().unwrap();
        differences.close(
            format!("duration {ours}"),
            report["duration_s"][ours].as_f64(),
            expected,
        );
    }
}
