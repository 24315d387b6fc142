//! `footpath measure`: forms of the result, and what may be asked.

use std::fs;
use std::path::Path;

use expect_test::{expect, expect_file};
use serde_json::Value;

use super::{check, transcript};
use crate::cafe;
use crate::program::{fed, footpath, footpath_in, repository, text};

const ALL: &str = "measure journey.yaml --events events.csv --responses answers.csv";

/// The report in JSON on what is asked of the cafe.
fn report(folder: &Path, arguments: &str) -> Value {
    let ran = footpath_in(folder, format!("{ALL} {arguments} --format json").split_whitespace());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// An item of a list.
pub(crate) fn by_id<'a>(list: &'a Value, id: &str) -> &'a Value {
    let found = list.as_array().unwrap().iter().find(|it| it["id"] == id);
    found.unwrap_or_else(|| panic!("there is no `{id}`"))
}

fn total(report: &Value) -> u64 {
    report["instances"]["total"].as_u64().unwrap()
}

#[test]
fn as_a_table() {
    let folder = cafe::folder();
    let ran = footpath_in(folder.path(), ALL.split(' '));
    assert_eq!(ran.code, Some(0));
    expect_file!["measure.txt"].assert_eq(&transcript(&ran));
}

#[test]
fn tables_fit_a_hundred_columns() {
    for example in ["incident", "shop", "loyalty-visit", "seed-season", "fund-investing"] {
        let folder = repository("examples").join(example);
        let mut measure = vec!["measure", "journey.yaml", "--events", "events.csv.gz"];
        if folder.join("responses.csv").exists() {
            measure.extend(["--responses", "responses.csv"]);
        }
        for arguments in [measure, vec!["discover", "--events", "events.csv.gz"]] {
            let ran = footpath_in(&folder, &arguments);
            assert_eq!(ran.code, Some(0), "{example}: {}", ran.stderr);
            assert!(ran.stdout.lines().count() > 40, "{example}");
            for line in ran.stdout.lines() {
                assert!(columns(line) <= 100, "{example}: {} columns: {line}", columns(line));
            }
        }
    }
}

/// Columns of a terminal: none for marks that stand on the letter before, one for every other letter of our texts.
fn columns(line: &str) -> usize {
    line.chars().filter(|char| !('\u{300}'..='\u{36f}').contains(char)).count()
}

#[test]
fn every_report_has_the_published_shape() {
    let schema = fs::read_to_string(repository("docs/reference/report.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let examples = repository("examples");
    for (folder, arguments) in [
        ("loyalty-visit", "measure journey.yaml --responses responses.csv"),
        ("seed-season", "measure journey.yaml --responses responses.csv --as-of 2025-09-01"),
        ("fund-investing", "measure journey.yaml --from 2031-01-01"),
        ("shop", "discover --funnel search>cart"),
    ] {
        let arguments = format!("{arguments} --events events.csv.gz --format json");
        let ran = footpath_in(&examples.join(folder), arguments.split(' '));
        let report = serde_json::from_str(&ran.stdout).unwrap();
        let problems: Vec<String> =
            validator.iter_errors(&report).map(|problem| problem.to_string()).collect();
        assert_eq!(problems, Vec::<String>::new(), "{folder}");
    }
}

#[test]
fn as_json_with_numbers_worked_out_by_hand() {
    let folder = cafe::folder();
    let report = report(folder.path(), "");
    // Every second customer waits too long, every tenth goes without a cup.
    assert_eq!((report["customers"].as_u64(), total(&report)), (Some(60), 60));
    let paid_soon = by_id(&report["standards"], "paid-soon");
    assert_eq!((&paid_soon["kept"], &paid_soon["broken"]), (&30.into(), &30.into()));
    assert_eq!(paid_soon["verdict"], "defective");
    assert_eq!(by_id(&report["standards"], "small-bills")["verdict"], "meets");
    let cup = by_id(&report["touchpoints"], "cup");
    assert_eq!(cup["reach"]["k"], 54);
    assert_eq!(
        cup["channels"],
        serde_json::json!([
            {"channel": "bar", "count": 36},
            {"channel": "table", "count": 18},
        ])
    );
    assert_eq!(cup["scores"]["csat"]["mean"], 3.5);
    assert_eq!(cup["belief_gap"]["csat"]["belief"], 4.6);
    assert_eq!(report["findings"][0]["kind"], "belief_gap");
}

#[test]
fn as_one_page_that_needs_no_network() {
    for example in ["loyalty-visit", "incident"] {
        let folder = repository("examples").join(example);
        let arguments = "measure journey.yaml --events events.csv.gz --format html";
        let page = footpath_in(&folder, arguments.split(' ')).stdout;
        assert!(page.starts_with("<!doctype html>") || page.starts_with("<!DOCTYPE html>"));
        let json = footpath_in(&folder, arguments.replace("html", "json").split(' ')).stdout;
        let report: Value = serde_json::from_str(&json).unwrap();
        for touchpoint in report["touchpoints"].as_array().unwrap() {
            let title = touchpoint["title"].as_str().unwrap().replace('\'', "&#39;");
            assert!(page.contains(&title), "{example}: {title}");
        }
        // Whatever a browser would fetch by itself; the names of namespaces are no addresses.
        for load in
            ["src=\"http", "href=\"http", "src=\"//", "href=\"//", "url(http", "url(//", "@import"]
        {
            assert!(!page.contains(load), "{example}: {load}");
        }
        let addresses = page.matches("://").count();
        let namespaces = page.matches("http://www.w3.org/").count();
        assert_eq!(addresses, namespaces, "{example}: an address that is no namespace");
    }
}

#[test]
fn as_markdown() {
    let folder = cafe::folder();
    let ran = footpath_in(folder.path(), format!("{ALL} --format markdown").split(' '));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(ran.stdout.starts_with("# I drink a coffee on my way to work\n"), "{}", ran.stdout);
    for text in ["I get my cup", "Paid within five minutes of coming in", "| --- |"] {
        assert!(ran.stdout.contains(text), "{text}: {}", ran.stdout);
    }
}

#[test]
fn a_defect_is_a_no_only_when_asked() {
    let folder = cafe::folder();
    let ended = |arguments: &str| {
        let ran = footpath_in(folder.path(), arguments.split(' '));
        (ran.code, ran.stderr)
    };
    let asked = format!("{ALL} --fail-on-defect");
    assert_eq!(ended(ALL), (Some(0), String::new()));
    assert_eq!(ended(&asked), (Some(1), "defective: paid-soon\n".to_owned()));
    cafe::write(folder.path(), "journey.yaml", cafe::JOURNEY.replace("within: 5m", "within: 9m"));
    assert_eq!(ended(&asked), (Some(0), String::new()));
}

#[test]
fn a_segment_is_a_part_of_all_walks() {
    let folder = cafe::folder();
    assert_eq!(total(&report(folder.path(), "--segment channel=table")), 18);
    assert_eq!(total(&report(folder.path(), "--segment channel=table|bar")), 54);
    assert_eq!(total(&report(folder.path(), "--segment channel=table|bar,bill=80|90|100")), 24);
    assert_eq!(total(&report(folder.path(), "--segment channel=terrace")), 0);
    let ran = footpath_in(folder.path(), format!("{ALL} --segment chanel=table").split(' '));
    expect![[r#"
        ! error: --segment: no event file has the column `chanel`; did you mean `channel`? There are: activity, at, bill, channel, customer_id
        exit 2
    "#]]
    .assert_eq(&transcript(&ran));
}

#[test]
fn a_period_and_a_horizon() {
    let folder = cafe::folder();
    let asked = |arguments: &str| report(folder.path(), arguments);
    // Customers come at 06:00, 06:10, …; who came before the beginning is not seen coming.
    assert_eq!(total(&asked("--from 2025-03-01T10:00:00Z")), 36);
    assert_eq!(total(&asked("--to 2025-03-01T10:00:00Z")), 24);
    assert_eq!(total(&asked("--from 2025-03-01T10:00:00Z --to 2025-03-01T11:00:00Z")), 6);
    let morning = asked("--as-of 2025-03-01T07:05:00Z");
    assert_eq!(morning["as_of"], "2025-03-01T07:05:00Z");
    // The seventh came at 07:00 and has paid; the sixth came at 06:50, paid at 06:58, and leaves at 07:08.
    assert_eq!(
        morning["instances"],
        serde_json::json!({
            "total": 7, "ended": 5, "timed_out": 0, "open": 2,
        })
    );
    // A date and a time without a zone are taken in the zone that was named.
    assert_eq!(total(&asked("--from 2025-03-01T15:30:00 --zone Asia/Kolkata")), 36);
    assert_eq!(total(&asked("--from 2025-03-02")), 0);
}

#[test]
fn times_without_a_zone_are_in_the_one_named() {
    let folder = cafe::folder();
    cafe::write(folder.path(), "events.csv", cafe::events(60).replace("Z,", ","));
    assert_eq!(report(folder.path(), "")["period"]["from"], "2025-03-01T06:00:00Z");
    let there = report(folder.path(), "--zone Asia/Kolkata");
    assert_eq!(there["period"]["from"], "2025-03-01T00:30:00Z");
}

#[test]
fn columns_are_named_for_all_files_or_for_each() {
    let folder = cafe::folder();
    let as_it_is = report(folder.path(), "");
    let renamed = cafe::events(60).replacen("customer_id,at,activity", "who,when,what", 1);
    cafe::write(folder.path(), "events.csv", renamed);
    let events = "customer_id=who,at=when,activity=what";
    let each = report(folder.path(), &format!("--map {events} --map customer_id=customer_id"));
    assert_eq!(each, as_it_is);
    let answers = cafe::answers(60).replacen("customer_id,at", "who,when", 1);
    cafe::write(folder.path(), "answers.csv", answers);
    assert_eq!(report(folder.path(), &format!("--map {events}")), as_it_is);
    check(
        folder.path(),
        &format!("{ALL} --map {events} --map at=when --map at=when"),
        &expect![[r#"
            ! error: --map is given 3 times for 2 files; give it once for all, or once for each, events first, complaints last
            exit 2
        "#]],
    );
}

#[test]
fn a_dash_is_standard_input() {
    let folder = cafe::folder();
    let whole = footpath_in(folder.path(), ALL.split(' ')).stdout;
    let events = ALL.replace("events.csv", "-");
    let ran = fed(folder.path(), events.split(' '), cafe::events(60).as_bytes());
    assert_eq!((ran.code, ran.stdout == whole), (Some(0), true), "{}", ran.stderr);
    let document = ALL.replace("journey.yaml", "-");
    let ran = fed(folder.path(), document.split(' '), cafe::JOURNEY.as_bytes());
    assert_eq!((ran.code, ran.stdout == whole), (Some(0), true), "{}", ran.stderr);
    let both = fed(folder.path(), "measure - --events -".split(' '), cafe::JOURNEY.as_bytes());
    expect![[r#"
        ! error: `-` stands for two files; standard input can be only one of them
        exit 2
    "#]]
    .assert_eq(&transcript(&both));
}

#[test]
fn little_memory_gives_the_same_report() {
    let folder = repository("examples/incident");
    let arguments = "measure journey.yaml --events events.csv.gz --format json";
    let plenty = footpath_in(&folder, arguments.split(' ')).stdout;
    let little = footpath_in(&folder, format!("{arguments} --memory 1").split(' ')).stdout;
    assert!(plenty == little);
    let path = text(&folder.join("journey.yaml"));
    assert_eq!(footpath(["check", &path]).code, Some(0));
}
