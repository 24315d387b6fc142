//! `footpath discover`: what customers walk when nobody has drawn a map.

use std::path::Path;

use expect_test::{expect, expect_file};
use serde_json::Value;

use super::{check, transcript};
use crate::cafe;
use crate::program::{footpath, footpath_in, repository, text};

fn report(folder: &Path, arguments: &[&str]) -> Value {
    let all = ["discover", "--events", "events.csv", "--format", "json"];
    let ran = footpath_in(folder, all.iter().chain(arguments));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn as_a_table() {
    let folder = cafe::folder();
    let ran = footpath_in(folder.path(), ["discover", "--events", "events.csv"]);
    assert_eq!(ran.code, Some(0));
    expect_file!["discover.txt"].assert_eq(&transcript(&ran));
}

#[test]
fn as_json_and_as_a_page() {
    let folder = cafe::folder();
    let report = report(folder.path(), &[]);
    assert_eq!(report["journey"], Value::Null);
    let titles: Vec<&str> = report["touchpoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["came-in", "left", "paid", "served"]);
    let page =
        footpath_in(folder.path(), ["discover", "--events", "events.csv", "--format", "html"]);
    assert_eq!((page.code, page.stderr.as_str()), (Some(0), ""));
    assert!(titles.iter().all(|title| page.stdout.contains(title)));
}

#[test]
fn funnels() {
    let folder = cafe::folder();
    let funnel = "came-in > paid > served,left within 9m";
    let reached = |report: &Value| -> Vec<u64> {
        let steps = report["funnels"][0]["steps"].as_array().unwrap().iter();
        steps.map(|step| step["reached"].as_u64().unwrap()).collect()
    };
    // The slow ones are served nine minutes after they came, which is within nine minutes; who goes without a cup leaves
    // later than that.
    let report = report(folder.path(), &["--funnel", funnel, "--funnel", "paid > left"]);
    assert_eq!(reached(&report), [60, 60, 60 - 6]);
    assert_eq!(report["funnels"][1]["id"], "paid > left");
    for wrong in ["came-in > payed", "came-in", "came-in > paid within soon", "came-in > > paid"] {
        let ran =
            footpath_in(folder.path(), ["discover", "--events", "events.csv", "--funnel", wrong]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{wrong}");
    }
    let ran = footpath_in(
        folder.path(),
        ["discover", "--events", "events.csv", "--funnel", "came-in > payed"],
    );
    expect![[r#"
        ! error: --funnel: no event carries the activity `payed`. There are: came-in, left, paid, served
        exit 2
    "#]]
    .assert_eq(&transcript(&ran));
}

#[test]
fn a_draft_is_valid_and_can_be_measured() {
    for example in ["incident", "shop", "loyalty-visit", "seed-season", "fund-investing"] {
        let folder = tempfile::tempdir().unwrap();
        let events = text(&repository("examples").join(example).join("events.csv.gz"));
        let drafted = footpath_in(
            folder.path(),
            ["discover", "--events", &events, "--format", "yaml", "-o", "draft.yaml"],
        );
        assert_eq!(
            (drafted.code, drafted.stdout.as_str(), drafted.stderr.as_str()),
            (Some(0), "", "")
        );
        assert_eq!(cafe::names(folder.path()), ["draft.yaml"]);
        let draft = text(&folder.path().join("draft.yaml"));
        let checked = footpath(["check", "--quiet", &draft]);
        assert_eq!((checked.code, checked.stderr.as_str()), (Some(0), ""), "{example}");
        let measured = footpath(["measure", &draft, "--events", &events, "--format", "json"]);
        assert_eq!((measured.code, measured.stderr.as_str()), (Some(0), ""), "{example}");
        let report: Value = serde_json::from_str(&measured.stdout).unwrap();
        // Every activity is bound, and a draft drawn from the log is close to it.
        assert_eq!(report["events"]["unbound"], 0, "{example}");
        assert_eq!(report["events"]["bound"], report["events"]["read"], "{example}");
        let fitness = report["deviations"]["fitness"].as_f64().unwrap();
        assert!(fitness > 0.5, "{example}: {fitness}");
    }
}

#[test]
fn a_draft_for_a_beginner() {
    let folder = cafe::folder();
    check(
        folder.path(),
        "discover --events events.csv --format yaml",
        &expect![[r#"
        footpath: 1
        journey: events
        title: A journey to be named in the customer's words
        stages:
          - id: begin
            title: I begin
            phase: before
            touchpoints:
              - id: came-in
                title: came-in
                events: [came-in]
                next: [paid]
              - id: paid
                title: paid
                events: [paid]
                next: [served, left]
          - id: on-the-way
            title: I am on my way
            phase: during
            touchpoints:
              - id: served
                title: served
                events: [served]
                next: [left]
              - id: left
                title: left
                events: [left]
                next: []
        exit 0
    "#]],
    );
}
