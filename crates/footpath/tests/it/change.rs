//! What changed and what differs, on a small journey with answers from twelve shops over a year and a half.
//!
//! Answers are spread by a fixed pattern that looks like chance, so that what is planted is all there is.

use std::fmt::Write as _;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::Value;
use tempfile::TempDir;

use crate::cafe::write;
use crate::program::footpath_in;

const JOURNEY: &str = "\
footpath: 1
journey: parcel
title: I send a parcel
instance: {starts: [came], ends: [sent], closes_after: 12h}
outcomes: {loyalty: {question: nps}}
stages:
  - id: send
    title: I send it
    phase: during
    owner: counter
    touchpoints:
      - id: counter
        title: I hand it over
        owner: counter
        events: [came, sent]
        standards:
          - id: quick
            text: Sent within five minutes
            response: {from: came, to: sent, within: 5m}
            promise: 0.8
";

const MONDAY: Date = date(2025, 1, 6);
/// Weeks of data, from then on.
const WEEKS: u32 = 78;
const SHOPS: u32 = 12;

/// Numbers without a pattern that anybody would see, from 0 to below 1.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / (1_u64 << 24) as f64
    }
}

/// What is planted: what shops that change gain, and from which week on each of them does.
struct Planted {
    gain: f64,
    changes: fn(u32) -> Option<u32>,
}

const NOTHING: Planted = Planted { gain: 0.0, changes: |_| None };
/// Half of the shops change in week 40.
const AT_ONCE: Planted = Planted { gain: 0.8, changes: |shop| (shop < 6).then_some(40) };
/// One shop a month, the last four never.
const ONE_BY_ONE: Planted =
    Planted { gain: 0.8, changes: |shop| (shop < 8).then_some(22 + 4 * shop) };

fn day(week: u32, noise: &mut Noise) -> String {
    let days = i64::from(week) * 7 + (noise.next() * 7.0) as i64;
    MONDAY.saturating_add(days.days()).to_string()
}

/// Answers to csat at the counter: five a week and shop.
fn answers(planted: &Planted) -> Vec<String> {
    let mut noise = Noise(7);
    let mut rows = Vec::new();
    for week in 0..WEEKS {
        for shop in 0..SHOPS {
            let gain = match (planted.changes)(shop) {
                Some(from) if week >= from => planted.gain,
                _ => 0.0,
            };
            for of_shop in 0..5 {
                let truth = 3.0 + gain + 2.4 * (noise.next() + noise.next() - 1.0);
                let score = truth.round().clamp(1.0, 5.0);
                let (day, customer) = (day(week, &mut noise), week * 100 + shop * 5 + of_shop);
                rows.push(format!("C{customer},{day}T10:00:00Z,csat,counter,{score},shop-{shop}"));
            }
        }
    }
    rows
}

/// One visit a day: until week 40 one of ten is slow, from then on every second one.
fn events() -> String {
    let mut noise = Noise(3);
    let mut text = "customer_id,at,activity\n".to_owned();
    for week in 0..WEEKS {
        for visit in 0..20 {
            let slow = noise.next() < if week < 40 { 0.1 } else { 0.5 };
            let (day, sent) = (day(week, &mut noise), if slow { "10:09" } else { "10:03" });
            let customer = week * 100 + visit;
            writeln!(text, "C{customer},{day}T10:00:00Z,came\nC{customer},{day}T{sent}:00Z,sent")
                .unwrap();
        }
    }
    text
}

const HEADER: &str = "customer_id,at,question,touchpoint,score,shop\n";

fn folder(rows: &[String]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "journey.yaml", JOURNEY);
    write(folder.path(), "events.csv", events());
    write(folder.path(), "answers.csv", format!("{HEADER}{}\n", rows.join("\n")));
    folder
}

fn report(folder: &Path, further: &str) -> Value {
    let arguments =
        "measure journey.yaml --events events.csv --responses answers.csv --format json";
    let ran = footpath_in(folder, format!("{arguments} {further}").split_whitespace());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(!ran.stdout.contains("NaN"));
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The proof of a plan with these lines.
fn proof(planted: &Planted, lines: &str) -> Value {
    let folder = folder(&answers(planted));
    let head = "footpath: 1\nplan: change\ntitle: A change\njourney: parcel\ndirection: higher\n";
    write(folder.path(), "plan.yaml", format!("{head}{lines}"));
    let report = report(folder.path(), "--plan plan.yaml");
    let text = footpath_in(
        folder.path(),
        "measure journey.yaml --events events.csv --responses answers.csv --plan plan.yaml"
            .split(' '),
    );
    assert!(text.stdout.contains("VERDICTS ON PLANNED CHANGES"));
    report["proofs"][0].clone()
}

/// Shops by week of their change, as a plan writes them.
fn units(planted: &Planted, shops: std::ops::Range<u32>) -> String {
    let changed = shops.filter_map(|shop| {
        let week = (planted.changes)(shop)?;
        let day = MONDAY.saturating_add(i64::from(week).weeks());
        Some(format!("shop-{shop}: {day}"))
    });
    let changed: Vec<String> = changed.collect();
    format!(
        "units: {{attribute: shop, changed: {{{}}}}}\nmeasure: {{touchpoint: counter, question: csat}}\nsmallest: 0.3\n",
        changed.join(", ")
    )
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn shops_that_change_at_once_are_held_against_the_others() {
    let units = units(&AT_ONCE, 0..12);
    let found = proof(&AT_ONCE, &units);
    assert_eq!(found["approach"], "difference_in_differences");
    assert_eq!((&found["proof"], &found["rank"]), (&"improved".into(), &"B".into()), "{found:#}");
    assert!((number(&found["effect"]["value"]) - 0.75).abs() < 0.15, "{found:#}");
    assert_eq!((&found["units_changed"], &found["units_compared"]), (&6.into(), &6.into()));
    let twin = proof(&NOTHING, &units);
    assert_eq!(twin["proof"], "no_change_shown", "{twin:#}");
    let chosen = proof(&AT_ONCE, &format!("{units}selected_for_being_bad: true\n"));
    assert_eq!((&chosen["proof"], &chosen["rank"]), (&"improved".into(), &"D".into()));
    let by_lot = proof(&AT_ONCE, &format!("{units}randomised: true\n"));
    assert_eq!(by_lot["rank"], "A");
}

#[test]
fn shops_that_change_one_after_another_are_held_against_those_that_have_not_yet() {
    let found = proof(&ONE_BY_ONE, &units(&ONE_BY_ONE, 0..12));
    assert_eq!((&found["approach"], &found["counted"]), (&"staggered".into(), &"units".into()));
    assert_eq!((&found["proof"], &found["rank"]), (&"improved".into(), &"B".into()), "{found:#}");
    assert!((number(&found["effect"]["value"]) - 0.75).abs() < 0.2, "{found:#}");
    let twin = proof(&NOTHING, &units(&ONE_BY_ONE, 0..12));
    assert_eq!(twin["proof"], "no_change_shown", "{twin:#}");
}

#[test]
fn four_shops_prove_nothing_and_say_so() {
    let rows: Vec<String> = answers(&AT_ONCE)
        .into_iter()
        .filter(|row| {
            ["shop-0", "shop-1", "shop-6", "shop-7"].iter().any(|shop| row.ends_with(shop))
        })
        .collect();
    let folder = folder(&rows);
    let head = "footpath: 1\nplan: change\ntitle: A change\njourney: parcel\ndirection: higher\n";
    write(folder.path(), "plan.yaml", format!("{head}{}", units(&AT_ONCE, 0..2)));
    let found = report(folder.path(), "--plan plan.yaml")["proofs"][0].clone();
    assert_eq!(found["proof"], "not_enough_data", "{found:#}");
    assert!(found["why_not"].as_str().unwrap().contains("2 changed and 2 unchanged units"));
    assert_eq!((&found["effect"]["low"], &found["needed"]), (&Value::Null, &Value::Null));
}

#[test]
fn customers_by_lot_are_adjusted_by_what_they_answered_before() {
    // Four hundred customers who answer twice, the second time after the change.
    let mut noise = Noise(11);
    let mut rows = Vec::new();
    for customer in 0..400 {
        let own = 3.0 + 2.0 * (noise.next() + noise.next() - 1.0);
        let arm = if customer % 2 == 0 { "new" } else { "old" };
        for (month, gain) in [("02", 0.0), ("09", if arm == "new" { 0.4 } else { 0.0 })] {
            let score = (own + gain + 1.2 * (noise.next() - 0.5)).round().clamp(1.0, 5.0);
            let day = 1 + customer % 28;
            rows.push(format!(
                "K{customer},2025-{month}-{day:02}T10:00:00Z,csat,counter,{score},{arm}"
            ));
        }
    }
    let folder = folder(&rows);
    let plan = "footpath: 1\nplan: pilot\ntitle: A pilot\njourney: parcel\ndirection: higher\nrandomised: true\nsmallest: 0.2\n\
                units: {attribute: shop, changed: {new: 2025-08-01}, given_to: customers}\n\
                measure: {touchpoint: counter, question: csat}\n";
    write(folder.path(), "plan.yaml", plan);
    let found = report(folder.path(), "--plan plan.yaml")["proofs"][0].clone();
    assert_eq!((&found["approach"], &found["counted"]), (&"cuped".into(), &"customers".into()));
    assert_eq!(
        (&found["proof"], &found["rank"], &found["n"]),
        (&"improved".into(), &"A".into(), &400.into()),
        "{found:#}"
    );
    assert!(number(&found["variance_ratio"]) < 0.5, "{found:#}");
}

#[test]
fn a_standard_that_falls_is_a_series_and_a_chart_and_a_difference() {
    let lines = "at: 2025-10-13\nmeasure: {standard: quick}\nsmallest: 0.1\n";
    let found = proof(&NOTHING, lines);
    assert_eq!(
        (&found["approach"], &found["counted"]),
        (&"interrupted_series".into(), &"weeks".into())
    );
    assert_eq!((&found["proof"], &found["rank"]), (&"worse".into(), &"C".into()), "{found:#}");
    assert!((number(&found["level_change"]["value"]) + 0.4).abs() < 0.15, "{found:#}");
    let folder = folder(&answers(&NOTHING));
    let report = report(folder.path(), "--compare-period 2025-10-13");
    let trend = &report["kept_trends"][0];
    assert_eq!((&trend["standard"], &trend["limits"]), (&"quick".into(), &"frozen".into()));
    assert_eq!(trend["changes"][0]["at"], "2025-10-13", "{trend:#}");
    assert_eq!(trend["changes"].as_array().unwrap().len(), 1);
    let rows = report["comparisons"][0]["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["standard"] == "quick").unwrap();
    assert_eq!((&row["verdict"], &row["unit"]), (&"lower".into(), &"share".into()), "{row:#}");
    let others = rows.iter().filter(|row| row["standard"].is_null());
    assert!(others.clone().count() > 0);
    assert!(
        others.into_iter().all(|row| row["verdict"] == "no_detectable_difference"),
        "{rows:#?}"
    );
}

#[test]
fn groups_are_compared_with_all_others_and_small_ones_are_withheld() {
    let mut rows = answers(&Planted { gain: 0.8, changes: |shop| (shop == 0).then_some(0) });
    for customer in 0..4 {
        rows.push(format!("X{customer},2025-06-01T10:00:00Z,csat,counter,1,tiny"));
    }
    rows.push("X9,2025-06-01T10:00:00Z,csat,counter,1,".to_owned());
    let folder = folder(&rows);
    let report = report(folder.path(), "--compare shop");
    let comparison = &report["comparisons"][0];
    assert_eq!((&comparison["attribute"], &comparison["unknown"]), (&"shop".into(), &1.into()));
    // The tiny one, and another shop that would tell of it.
    assert_eq!(comparison["withheld"], 2);
    let groups = comparison["rows"].as_array().unwrap();
    assert_eq!(groups.len(), 11);
    assert!(groups.iter().all(|row| row["group"] != "tiny" && row["against"] == "all others"));
    for row in groups {
        let is_better = row["group"] == "shop-0";
        let verdict = if is_better { "higher" } else { "no_detectable_difference" };
        assert_eq!(row["verdict"], verdict, "{row:#}");
        assert!(number(&row["detectable"]) > 0.0 && number(&row["q"]) >= number(&row["p"]));
    }
    // No order of rows matters.
    rows.reverse();
    write(folder.path(), "answers.csv", format!("{HEADER}{}\n", rows.join("\n")));
    assert_eq!(self::report(folder.path(), "--compare shop"), report);
}

/// Where events say the shop as well, standards are compared by it: one visit in four to shop 3 is slow, one in ten elsewhere.
#[test]
fn a_shop_that_breaks_a_standard_is_told_where_events_name_it() {
    let folder = folder(&answers(&NOTHING));
    let (mut noise, mut text) = (Noise(5), "customer_id,at,activity,shop\n".to_owned());
    for visit in 0..6000 {
        let shop = visit % SHOPS;
        let slow = noise.next() < if shop == 3 { 0.25 } else { 0.1 };
        let (day, sent) = (day(visit % WEEKS, &mut noise), if slow { "10:09" } else { "10:03" });
        // Only the first event says where; one shop, that nobody answers from, is in no row.
        let name = if shop == 4 { "elsewhere".to_owned() } else { format!("shop-{shop}") };
        writeln!(text, "C{visit},{day}T10:00:00Z,came,{name}\nC{visit},{day}T{sent}:00Z,sent,")
            .unwrap();
    }
    write(folder.path(), "events.csv", text);
    let report = report(folder.path(), "--compare shop");
    let rows = report["comparisons"][0]["rows"].as_array().unwrap();
    let of_standard: Vec<&Value> = rows.iter().filter(|row| row["standard"] == "quick").collect();
    assert_eq!(of_standard.len(), 11);
    for row in of_standard {
        let is_worse = row["group"] == "shop-3";
        let verdict = if is_worse { "lower" } else { "no_detectable_difference" };
        assert_eq!((&row["verdict"], &row["n"]), (&verdict.into(), &500.into()), "{row:#}");
        assert_eq!(row["against_n"], 5000);
    }
}

#[test]
fn late_answers_and_silence_are_told_where_they_are_known() {
    let mut text = "customer_id,at,question,touchpoint,score,invited_at\n".to_owned();
    for customer in 0..200 {
        let is_late = customer % 2 == 0;
        let (day, score) = if is_late { (9, customer % 7) } else { (2, 8 + customer % 3) };
        writeln!(text, "K{customer},2025-06-{day:02}T10:00:00Z,nps,,{score},2025-06-01T10:00:00Z")
            .unwrap();
    }
    for customer in 200..500 {
        writeln!(text, "K{customer},,nps,,,2025-06-01T10:00:00Z").unwrap();
    }
    let folder = folder(&[]);
    write(folder.path(), "answers.csv", text);
    let score = report(folder.path(), "")["scores"]["nps"].clone();
    assert_eq!((&score["n"], &score["invalid"]), (&200.into(), &0.into()));
    assert_eq!(score["early_late"]["supported"], true);
    assert!(number(&score["early_late"]["difference"]["high"]) < 0.0, "{score:#}");
    assert_eq!(
        (&score["silence"]["invited"], &score["silence"]["answered"]),
        (&500.into(), &200.into())
    );
    let nps = number(&score["score"]) / 100.0;
    assert!((number(&score["silence"]["low"]) - 100.0 * (0.4 * nps - 0.6)).abs() < 1e-9);
    let arguments =
        "measure journey.yaml --events events.csv --responses answers.csv --format markdown";
    let markdown = footpath_in(folder.path(), arguments.split(' ')).stdout;
    for told in ["late answers are lower", "200 of 500 invited", "\n- **Who answered**: "] {
        assert!(markdown.contains(told), "{told}");
    }
}

#[test]
fn nothing_is_told_of_what_is_not_there() {
    let folder = folder(&["K1,2025-06-01T10:00:00Z,csat,counter,4,shop-1".to_owned()]);
    let report = report(folder.path(), "--compare shop");
    assert_eq!(report["comparisons"][0]["rows"], serde_json::json!([]));
    for absent in ["proofs", "trends"] {
        assert!(report.get(absent).is_none(), "{absent}");
    }
    let score = &report["touchpoints"][0]["scores"]["csat"];
    assert!(score.get("early_late").is_none() && score.get("silence").is_none());
}
