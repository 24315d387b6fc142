//! Windowed funnels as ClickHouse counts them, and the funnels and transitions of retentioneering, on a web shop's log by
//! session and by user.

use serde_json::{Value, json};

use super::corpus::{find, golden, say, texts};
use super::differences::Differences;
use super::journey::{Ends, activities, discover, found, journey, measure};

const SHOP: &str = "retentioneering_ecom/ecom.csv.gz";

/// The modes of ClickHouse that the document has a word for; `strict_deduplication` is the other one.
const MODES: [&str; 4] = ["default", "strict_order", "strict_increase", "strict_once"];

#[test]
fn windowed_funnels_are_those_of_clickhouse() {
    let log = find(SHOP).unwrap();
    let numbers = golden("clickhouse_funnels_ecom");
    let shop = golden("ecom_user");
    let has_word = |case: &&Value| MODES.iter().any(|mode| case["mode"] == *mode);
    let cases: Vec<&Value> =
        numbers["results"].as_array().unwrap().iter().filter(has_word).collect();
    assert_eq!(cases.len(), 2 * 5 * MODES.len(), "grains × windows × modes");
    for grain in ["session_id", "case_id"] {
        let mut document = journey(&activities(&shop), Ends::Open);
        let of_grain: Vec<&&Value> = cases.iter().filter(|case| case["grain"] == grain).collect();
        let funnels = of_grain.iter().map(|case| {
            let within = format!("{}s", case["window_s"]);
            json!({"id": id(case), "steps": case["steps"], "within": within, "mode": case["mode"]})
        });
        document["funnels"] = funnels.collect();
        let report =
            measure(&document, &log, &["--map", &format!("customer_id={grain},at=timestamp")]);
        let mut differences = Differences::of(format!("funnels of {SHOP} by {grain}"));
        for case in of_grain {
            let ours = levels(found(&report["funnels"], "id", &id(case)));
            let golden = |level: usize| {
                case["level_counts"].get(level.to_string()).map_or(0, |n| n.as_u64().unwrap())
            };
            differences.exact(id(case), &ours, &(0..ours.len()).map(golden).collect());
        }
        differences.none();
    }
    say(&format!("windowed funnels: {} of ClickHouse's", cases.len()));
}

fn id(case: &Value) -> String {
    format!("{}-{}", case["mode"].as_str().unwrap().replace('_', "-"), case["window_s"])
}

/// Customers by the step that they got to and no further; 0 is none.
fn levels(funnel: &Value) -> Vec<u64> {
    let mut reached = vec![funnel["customers"].as_u64().unwrap()];
    reached.extend(
        funnel["steps"].as_array().unwrap().iter().map(|step| step["reached"].as_u64().unwrap()),
    );
    reached.push(0);
    reached.windows(2).map(|step| step[0] - step[1]).collect()
}

#[test]
fn funnels_without_a_window_are_those_of_retentioneering() {
    let log = find(SHOP).unwrap();
    let numbers = golden("retentioneering_ecom");
    let mut differences = Differences::of(format!("funnels of {SHOP}"));
    for (grain, column) in [("funnel_session_id", "session_id"), ("funnel_user_id", "case_id")] {
        let steps = &numbers[grain]["steps"];
        let names: Vec<&str> =
            steps.as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
        let asked = names.join(" > ");
        let report = discover(
            &log,
            &["--map", &format!("customer_id={column},at=timestamp"), "--funnel", &asked],
        );
        let funnel = found(&report["funnels"], "id", &asked);
        for (ours, theirs) in
            funnel["steps"].as_array().unwrap().iter().zip(steps.as_array().unwrap())
        {
            let step = format!("{grain} {}", ours["step"]);
            differences.exact(format!("{step} name"), &ours["step"], &theirs["step"]);
            differences.exact(format!("{step} reached"), &ours["reached"], &theirs["unique_paths"]);
            let share = theirs["conversion_rate"].as_f64().unwrap();
            differences.near(
                format!("{step} share"),
                ours["share"]["share"].as_f64(),
                share,
                1e-15,
            );
        }
        differences.exact(
            format!("{grain} steps"),
            funnel["steps"].as_array().unwrap().len(),
            names.len(),
        );
    }
    say(&format!("funnels: retentioneering's, {} numbers", differences.none()));
}

#[test]
fn transitions_of_sessions_are_those_of_retentioneering() {
    let log = find(SHOP).unwrap();
    let numbers = golden("retentioneering_ecom");
    let report = discover(&log, &["--map", "customer_id=session_id,at=timestamp"]);
    let mut differences = Differences::of(format!("transitions of {SHOP} by session"));
    let (counts, shares) =
        (&numbers["transition_count_session"], &numbers["transition_proba_out_session"]);
    let medians = &numbers["transition_time_median_session"];
    let names = texts(&counts["index"]);
    assert!(
        [shares, medians]
            .iter()
            .all(|matrix| texts(&matrix["index"]) == names && texts(&matrix["columns"]) == names)
    );
    for (row, from) in names.iter().enumerate() {
        let steps: Vec<Option<&Value>> = names.iter().map(|to| step(&report, from, to)).collect();
        let count = |step: &Option<&Value>| step.map_or(0, |step| step["count"].as_u64().unwrap());
        let all: u64 = steps.iter().map(count).sum();
        for (column, to) in names.iter().enumerate() {
            let (what, step) = (format!("{from} > {to}"), &steps[column]);
            differences.exact(
                format!("{what} count"),
                count(step),
                counts["data"][row][column].as_u64().unwrap(),
            );
            let share = if all == 0 { 0.0 } else { count(step) as f64 / all as f64 };
            // Rounded to the tenth decimal there.
            differences.near(
                format!("{what} share"),
                Some(share),
                shares["data"][row][column].as_f64().unwrap(),
                5e-11,
            );
            // In milliseconds there, and 0 from the start to the first event and from the last to the end.
            let inner = *from != "path_start" && *to != "path_end";
            if let (true, Some(median)) = (inner, medians["data"][row][column].as_f64()) {
                let ours = step.and_then(|step| step["wait_s"]["median"].as_f64());
                differences.close(
                    format!("{what} median"),
                    ours.map(|seconds| seconds * 1000.0),
                    median,
                );
            }
        }
    }
    say(&format!("transitions: retentioneering's, {} numbers", differences.none()));
}

/// The step between two activities by their names there.
fn step<'a>(report: &'a Value, from: &str, to: &str) -> Option<&'a Value> {
    let from = if from == "path_start" { "^" } else { from };
    let to = if to == "path_end" { "$" } else { to };
    let mut steps = report["transitions"].as_array().unwrap().iter();
    steps.find(|step| step["from"] == from && step["to"] == to)
}
