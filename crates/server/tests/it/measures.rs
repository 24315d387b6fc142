//! Measures over HTTP: the report that files give, found once and kept until the data changes; and its drawings.

use engine::measure::Asked;
use report::render;
use serde_json::{Value, json};
use server::{Role, Scope};

use crate::examples::{fill, import, journey, reported};
use crate::house::{Caller, ELSEWHERE, HERE, House, on_both};

/// A journey of two touchpoints.
pub(crate) const CAFE: &str = "\
footpath: 1
journey: cafe
title: I have a coffee
stages:
  - id: inside
    title: Inside
    owner: house
    touchpoints:
      - id: order
        title: I order
        channels: [till]
        events: [ordered]
      - id: drink
        title: I drink
        channels: [table]
        events: [served]
        standards:
          - id: quickly
            text: Served within five minutes
            response: {from: ordered, to: served, within: 5m}
            promise: 0.9
";

/// Events of the café: so many customers, each of whom orders and is served after so many minutes.
pub(crate) fn cafe(house: &House, workspace: &str, customers: u32) {
    let mut text = String::from("customer_id,at,activity,channel,region\n");
    for n in 0..customers {
        let (day, wait) = (1 + n % 27, if n % 3 == 0 { 9 } else { 3 });
        let region = if n % 2 == 0 { "north" } else { "south" };
        text.push_str(&format!("C{n},2026-01-{day:02}T10:00:00Z,ordered,till,{region}\n"));
        text.push_str(&format!("C{n},2026-01-{day:02}T10:{wait:02}:00Z,served,table,{region}\n"));
    }
    let path = house.folder.path().join(format!("cafe-{workspace}-{customers}.csv"));
    std::fs::write(&path, text).unwrap();
    import(house, workspace, path);
}

#[track_caller]
fn text(caller: &Caller<'_>, path: &str) -> String {
    let answer = caller.get(path);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

/// Answers that are kept give what the same answers in files give, to the last byte.
#[test]
fn the_report_over_http_is_the_report_of_the_files() {
    for example in ["loyalty-visit", "seed-season", "fund-investing", "incident", "shop"] {
        let house = House::on_sqlite();
        fill(&house, example, "ours");
        let viewer = house.signed_in(HERE, Role::Viewer);
        let told = text(&viewer, "/api/v1/journeys/ours/measures");
        let expected = render::json(&reported(example, &Asked::default()));
        assert!(told == expected, "{example}");
    }
}

#[test]
fn a_period_and_a_comparison_are_those_of_the_files_on_postgres_too() {
    let Some(house) = House::on_postgres() else { return };
    fill(&house, "loyalty-visit", "ours");
    let viewer = house.signed_in(HERE, Role::Viewer);
    let path = "/api/v1/journeys/ours/measures?from=2025-06-01&to=2025-12-01&zone=Asia/Kolkata";
    let time = |text: &str| Some(text.parse().unwrap());
    let asked = Asked {
        from: time("2025-05-31T18:30:00Z"),
        to: time("2025-11-30T18:30:00Z"),
        zone: Some(jiff::tz::TimeZone::get("Asia/Kolkata").unwrap()),
        ..Asked::default()
    };
    // Of a lake only the months of the period are read, so fewer events are.
    let without_events = |text: &str| {
        let mut report: Value = serde_json::from_str(text).unwrap();
        report.as_object_mut().unwrap().remove("events");
        report
    };
    let expected = render::json(&reported("loyalty-visit", &asked));
    assert!(without_events(&text(&viewer, path)) == without_events(&expected));
}

#[test]
fn a_report_is_kept_until_the_data_changes() {
    on_both(|house| {
        cafe(house, HERE, 40);
        house.app.publish(HERE, "cafe", CAFE);
        let viewer = house.signed_in(HERE, Role::Viewer);
        let first = viewer.get("/api/v1/journeys/cafe/measures");
        let report = first.ok();
        assert_eq!((&report["version"], &report["customers"]), (&json!(1), &json!(40)));
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        let known = viewer.with("if-none-match", &tag).get("/api/v1/journeys/cafe/measures");
        assert_eq!((known.status, known.text.as_str()), (304, ""));
        // An answer came: the report is another one.
        let answer =
            json!({"responses": [{"question": "csat", "touchpoint": "drink", "score": 5}]});
        house.key(HERE, &[Scope::Collect]).post("/api/v1/responses", &answer).ok();
        let changed = viewer.with("if-none-match", &tag).get("/api/v1/journeys/cafe/measures");
        assert_eq!(changed.status, 200);
        assert_eq!(changed.ok()["touchpoints"][0]["scores"]["csat"]["n"], 1);
        // A second version does not change what the first one says.
        house.app.publish(HERE, "cafe", &CAFE.replace("within: 5m", "within: 10m"));
        let kept = |version: &str| {
            let path = format!("/api/v1/journeys/cafe/measures{version}");
            viewer.get(&path).ok()["standards"][0]["kept"].clone()
        };
        assert_eq!(
            (kept("?version=1"), kept("?version=2"), kept("")),
            (json!(26), json!(40), json!(40))
        );
        assert_eq!(viewer.get("/api/v1/journeys/cafe/measures?version=3").status, 404);
    });
}

#[test]
fn a_question_that_cannot_be_meant_is_refused_with_its_place() {
    let house = &House::on_sqlite();
    {
        house.app.publish(HERE, "cafe", CAFE);
        let viewer = house.signed_in(HERE, Role::Viewer);
        let told = |query: &str| {
            let answer = viewer.get(&format!("/api/v1/journeys/cafe/measures?{query}"));
            let body = answer.json();
            format!(
                "{} {} {}",
                answer.status,
                body["at"].as_str().unwrap_or("–"),
                body["message"].as_str().unwrap()
            )
        };
        let empty = told("");
        cafe(house, HERE, 40);
        let all = [
            empty,
            told("from=soon"),
            told("from=2026-02-01&to=2026-01-01"),
            told("form=2026-02-01"),
            told("segment=north"),
            told("segment=regoin=north"),
            told("zone=Berlin"),
            told("compare=region"),
            told("version=x"),
        ];
        expect_test::expect![[r#"
            [
                "409 – there are no events in this period; send some, or ask for another period",
                "400 from `soon` is no time; write one such as `2026-03-01` or `2026-03-01T12:00:00Z`",
                "400 from 2026-02-01T00:00:00Z is not before 2026-01-01T00:00:00Z: no event could be in between",
                "400 query form: unknown field `form`, there are no fields",
                "400 segment `north` is no condition; write `attribute=value`",
                "400 segment no event file has the column `regoin`; did you mean `region`? There are: region",
                "400 zone there is no time zone `Berlin`; write a name such as `Europe/Berlin`",
                "400 compare answers are asked for their `region`, and there are none",
                "400 query version: invalid digit found in string",
            ]
        "#]]
        .assert_debug_eq(&all);
    }
}

#[test]
fn a_report_is_read_as_a_page_as_markdown_and_as_text() {
    on_both(|house| {
        cafe(house, HERE, 40);
        house.app.publish(HERE, "cafe", CAFE);
        let viewer = house.signed_in(HERE, Role::Viewer);
        let page = viewer.get("/api/v1/journeys/cafe/report");
        assert!(page.text.starts_with("<!doctype html>"), "{}", page.text);
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("sha256-") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
        let text = text(&viewer, "/api/v1/journeys/cafe/report?format=table");
        assert!(text.contains("quickly") || text.contains("Served within"), "{text}");
        let markdown = viewer.get("/api/v1/journeys/cafe/report?format=markdown");
        assert!(markdown.text.starts_with("# I have a coffee"), "{}", markdown.text);
        assert_eq!(viewer.get("/api/v1/journeys/cafe/report?format=pdf").status, 400);
    });
}

#[test]
fn every_drawing_is_given_with_its_table() {
    let house = House::on_sqlite();
    fill(&house, "loyalty-visit", "ours");
    let viewer = house.signed_in(HERE, Role::Viewer);
    let charts = viewer.get("/api/v1/journeys/ours/charts").ok();
    let mut drawn = Vec::new();
    for kind in charts["charts"].as_array().unwrap() {
        let (name, captions) =
            (kind["name"].as_str().unwrap(), kind["captions"].as_array().unwrap());
        drawn.push(format!("{name} {}", captions.len()));
        for (number, caption) in (1..).zip(captions) {
            let path = format!("/api/v1/journeys/ours/charts/{name}?number={number}");
            let svg = viewer.get(&format!("{path}&theme=dark&width=900"));
            assert_eq!(
                (svg.status, svg.headers["content-type"].to_str().unwrap()),
                (200, "image/svg+xml")
            );
            assert!(svg.text.starts_with("<svg"), "{}", svg.text);
            let table = viewer.get(&format!("{path}&format=table")).ok();
            assert_eq!(&table["caption"], caption);
            let columns = table["columns"].as_array().unwrap().len();
            let rows = table["rows"].as_array().unwrap();
            assert!(
                !rows.is_empty() && rows.iter().all(|row| row.as_array().unwrap().len() == columns)
            );
        }
        let beyond = format!("/api/v1/journeys/ours/charts/{name}?number={}", captions.len() + 1);
        assert_eq!(viewer.get(&beyond).status, 404);
    }
    expect_test::expect![[r#"
        [
            "map 1",
            "flow 1",
            "gaps 1",
            "matrix 1",
            "pareto 2",
            "staying 2",
            "trends 18",
            "kept_trends 14",
            "complaint_trends 6",
            "themes 4",
        ]
    "#]]
    .assert_debug_eq(&drawn);
    assert_eq!(viewer.get("/api/v1/journeys/ours/charts/pie").status, 404);
    assert_eq!(viewer.get("/api/v1/journeys/ours/charts/map?width=9").status, 400);
}

/// S2: ids of one workspace, nested ones too, asked from another one.
#[test]
fn s2_a_journey_of_another_workspace_is_not_there() {
    on_both(|house| {
        cafe(house, HERE, 40);
        house.app.publish(HERE, "cafe", CAFE);
        house.app.publish(ELSEWHERE, "theirs", &journey("shop"));
        let stranger = house.signed_in(ELSEWHERE, Role::Owner);
        for path in ["measures", "report", "charts", "charts/map", "measures?version=1"] {
            let answer = stranger.get(&format!("/api/v1/journeys/cafe/{path}"));
            assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{path}");
        }
    });
}
