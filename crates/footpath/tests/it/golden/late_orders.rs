//! Orders of a market place: whether a late delivery goes along with a low score, and how long delivery takes when some
//! orders still wait.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use kernel::time_to;
use serde_json::{Value, json};
use stats::{Confidence, Lifetime, TwoByTwo, kaplan_meier};
use tempfile::TempDir;

use super::columns::Columns;
use super::corpus::{Rows, find, golden, say};
use super::differences::Differences;
use super::journey::{Ends, activities, journey, judged, measure, standard};
use super::rules::with_due;

const ORDERS: &str = "olist_sample/olist_events.csv.gz";

/// Six orders were answered twice with scores that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AnsweredTwice {
    /// As the golden table was made.
    BestCounts,
    /// Every answer is in the file, and the program takes the latest.
    LatestCounts,
}

#[test]
fn a_late_delivery_goes_along_with_a_low_score() {
    let Some(log) = find(ORDERS) else { return };
    let numbers = golden("drivers_km_misc");
    let expected = &numbers["olist_late_vs_low_score_2x2"];
    let cost = cost_of_lateness(&log, AnsweredTwice::BestCounts);
    let mut differences = Differences::of("late against low score");
    let table = ["late_low", "late_ok", "ontime_low", "ontime_ok"]
        .map(|cell| expected[cell].as_u64().unwrap());
    differences.exact("table", &cost["table"], &json!(table));
    differences.exact("outcome", &cost["outcome"], &json!("loyalty"));
    let ratio = [
        ("value", &expected["risk_ratio"]),
        ("low", &expected["rr_ci95"][0]),
        ("high", &expected["rr_ci95"][1]),
    ];
    for (part, golden) in ratio {
        differences.close(
            format!("risk ratio {part}"),
            cost["risk_ratio"][part].as_f64(),
            golden.as_f64().unwrap(),
        );
    }
    let attributable = expected["attributable_fraction_population"].as_f64().unwrap();
    differences.close(
        "attributable share",
        cost["attributable_share"]["value"].as_f64(),
        attributable,
    );

    let [exposed_bad, exposed_good, unexposed_bad, unexposed_good] = table;
    let table = TwoByTwo { exposed_bad, exposed_good, unexposed_bad, unexposed_good };
    let association = table.association(Confidence::default());
    differences.close(
        "risk if late",
        association.risk_exposed.share,
        expected["risk_late"].as_f64().unwrap(),
    );
    differences.close(
        "risk if on time",
        association.risk_unexposed.share,
        expected["risk_ontime"].as_f64().unwrap(),
    );
    differences.close(
        "risk difference",
        association.risk_difference.value,
        expected["risk_difference"].as_f64().unwrap(),
    );
    differences.close(
        "risk ratio",
        association.risk_ratio.value,
        expected["risk_ratio"].as_f64().unwrap(),
    );
    differences.close(
        "attributable share of the table",
        association.attributable_fraction.value,
        attributable,
    );
    say(&format!("late orders against low scores: {} numbers", differences.none()));
}

#[test]
fn who_answered_twice_counts_with_the_latest_answer() {
    let Some(log) = find(ORDERS) else { return };
    let cost = cost_of_lateness(&log, AnsweredTwice::LatestCounts);
    // One of the six turned low on a late order, one turned low and two rose on orders in time.
    assert_eq!(cost["table"], json!([118, 73, 266, 2433]));
    say("late orders against the latest scores: ran");
}

/// What the report says of the outcome of late deliveries, over the orders that were delivered at all.
fn cost_of_lateness(log: &Path, twice: AnsweredTwice) -> Value {
    let folder = TempDir::new().unwrap();
    let events = with_due(log, folder.path());
    let responses = responses(log, twice, folder.path());
    let numbers = golden("olist_events");
    let mut document = journey(&activities(&numbers), Ends::Open);
    document["outcomes"] = json!({"loyalty": {"question": "csat"}});
    document["standards"] = vec![standard(
        "in-time",
        "due",
        json!({"from": "purchase", "to": "delivered", "by": "due"}),
    )]
    .into();
    let responses = responses.to_str().unwrap();
    let map = "customer_id=case_id,at=timestamp";
    let more = ["--responses", responses, "--map", map, "--segment", "order_status=delivered"];
    let report = measure(&document, &events, &more);
    judged(&report, "in-time")["cost"].clone()
}

/// The scores of a log as a file of answers.
fn responses(log: &Path, twice: AnsweredTwice, folder: &Path) -> PathBuf {
    let events = Rows::of(log);
    let [order, at, activity, score] =
        ["case_id", "timestamp", "activity", "review_score"].map(|name| events.column(name));
    let answered = events
        .rows
        .iter()
        .filter(|row| row[activity] == "survey_answered" && !row[score].is_empty());
    let mut rows: Vec<[&str; 4]> =
        answered.map(|row| [row[order].as_str(), &row[at], "csat", &row[score]]).collect();
    if twice == AnsweredTwice::BestCounts {
        let mut best: BTreeMap<&str, [&str; 4]> = BTreeMap::new();
        for row in rows {
            let known = best.entry(row[0]).or_insert(row);
            if row[3].parse::<f64>().unwrap() > known[3].parse::<f64>().unwrap() {
                *known = row;
            }
        }
        rows = best.into_values().collect();
    }
    let header = ["case_id", "timestamp", "question", "score"].map(str::to_owned).to_vec();
    let rows = rows.into_iter().map(|row| row.map(str::to_owned).to_vec()).collect();
    let path = folder.join("answers.csv");
    Rows { header, rows }.write(&path);
    path
}

#[test]
fn orders_that_still_wait_count_in_the_time_to_delivery() {
    let Some(log) = find(ORDERS) else { return };
    let numbers = golden("drivers_km_misc");
    let expected = &numbers["olist_km_purchase_to_delivered_asof_2018-01-01"];
    let columns = Columns::of(&log, "case_id");
    let horizon = "2018-01-01T00:00:00Z".parse::<Timestamp>().unwrap().as_microsecond();
    let times =
        time_to(&columns.events(), &columns.is("purchase"), &columns.is("delivered"), horizon);
    let arrived = times.arrived.sorted().unwrap();
    let waiting = times.waiting.sorted().unwrap();
    let days = |micros: i64| micros as f64 / 86_400e6;
    let mut lifetimes: Vec<Lifetime> =
        arrived.iter().map(|took| Lifetime { time: days(*took), event: true }).collect();
    lifetimes.extend(waiting.iter().map(|waited| Lifetime { time: days(*waited), event: false }));
    let curve = kaplan_meier(&lifetimes, Confidence::default());

    let mut differences = Differences::of("time from purchase to delivery");
    differences.exact("n", curve.n, expected["n"].as_u64().unwrap());
    differences.exact("events", curve.events, expected["events"].as_u64().unwrap());
    differences.exact("censored", waiting.len() as u64, expected["censored"].as_u64().unwrap());
    differences.close("median", curve.median().value, expected["median_days"].as_f64().unwrap());
    for (day, share) in expected["S"].as_object().unwrap() {
        let ours = curve.survival_at(day.parse::<f64>().unwrap()).value;
        differences.close(format!("waiting after {day} days"), ours, share.as_f64().unwrap());
    }
    let only_completed = times.arrived.quantiles(&[0.5])[0] / 86_400e6;
    differences.close(
        "median of those done",
        Some(only_completed),
        expected["naive_completed_only_median"].as_f64().unwrap(),
    );
    say(&format!("time to delivery: {} numbers", differences.none()));
}
