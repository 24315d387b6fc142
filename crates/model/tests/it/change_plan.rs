//! The change plan: its schema is published, its page names every key, and what is wrong with one is told with its place.

use expect_test::{Expect, expect, expect_file};
use model::document::{read, read_change_plan};
use model::schema::change_plan_schema;

const PAGE: &str = include_str!("../../../../docs/reference/change-plan.md");

#[test]
fn the_published_schema_is_current() {
    let text = serde_json::to_string_pretty(&change_plan_schema()).unwrap();
    expect_file!["../../../../docs/reference/change-plan.schema.json"]
        .assert_eq(&format!("{text}\n"));
    assert!(jsonschema::meta::is_valid(&change_plan_schema()));
}

#[test]
fn the_page_names_every_key_and_its_plans_are_valid() {
    let schema = change_plan_schema();
    let definitions = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    for definition in definitions {
        for key in definition["properties"].as_object().into_iter().flatten().map(|(key, _)| key) {
            assert!(PAGE.contains(&format!("`{key}`")), "`{key}` is not on the page");
        }
    }
    let blocks = PAGE.split("```yaml\n").skip(1).map(|block| block.split("```").next().unwrap());
    let plans: Vec<&str> = blocks.collect();
    assert_eq!(plans.len(), 2);
    for plan in plans {
        let reading = read_change_plan(plan.as_bytes());
        assert_eq!(reading.problems, [], "{plan}");
        let value = serde_json::to_value(reading.plan.unwrap()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        assert!(validator.is_valid(&value), "{value}");
    }
}

const PLAN: &str = "footpath: 1
plan: third-till
title: A third till
journey: visit
at: 2025-10-01
measure: {touchpoint: checkout, question: got}
direction: higher
smallest: 0.3
";

/// The plan with a text in it changed.
fn check(change: [&str; 2], expected: Expect) {
    assert!(PLAN.contains(change[0]));
    let text = PLAN.replace(change[0], change[1]);
    let reading = read_change_plan(text.as_bytes());
    let told: Vec<String> = reading.problems.iter().map(|problem| problem.to_string()).collect();
    assert_eq!(reading.plan.is_none(), !told.is_empty());
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    check(["", ""], expect![""]);
    check(
        ["direction", "direktion"],
        expect![[r#"
        7:1: error: unknown key `direktion`
          help: did you mean `direction`?"#]],
    );
    check(
        ["measure: {touchpoint: checkout, question: got}\n", ""],
        expect![[r#"
        1:1: error: missing key `measure`
          help: add `measure:` (a mapping (`key: value`)): What is to become better."#]],
    );
    check(
        ["2025-10-01", "1.10.2025"],
        expect![[r#"
        5:5: error: `1.10.2025` is no date and no time
          help: write one such as `2026-03-01` or `2026-03-01T12:00:00Z`"#]],
    );
    check(
        ["at: 2025-10-01\n", ""],
        expect![[r#"
        1:1: error: the plan does not say when
          help: add `at:`, or `units:` with the units that change, each with its time"#]],
    );
    check(["0.3", "-1"], expect!["8:11: error: `smallest` must be above 0, not -1"]);
    check(["0.3", "9"], expect!["8:11: error: `got` goes from 1 to 7: no effect is that large"]);
    check(
        ["question: got", "question: gott"],
        expect![[r#"
        6:43: error: `gott` has no scale that is known
          help: did you mean `got`?"#]],
    );
    check(
        ["touchpoint: checkout, question: got", "touchpoint: checkout"],
        expect![[r#"
        6:1: error: nothing is measured
          help: add `question:` or `standard:`"#]],
    );
    check(
        ["question: got", "question: got, standard: queue-short"],
        expect![[r#"
        6:58: error: a plan has one measure, and this has both a question and a standard
          help: write a plan for each"#]],
    );
    check(
        [
            "{touchpoint: checkout, question: got}",
            "{standard: queue-short}\nunits: {attribute: store, changed: {a: 2025-10-01}}",
        ],
        expect![[r#"
            5:5: error: each unit has its own time, so `at` says nothing
              help: leave it out, or leave `units` out
            7:1: error: checks of a standard are not counted by unit
              help: measure a question, or give `at` instead of units"#]],
    );
    check(
        ["at: 2025-10-01", "units: {attribute: store, changed: {}}"],
        expect![[r#"
        5:27: error: no unit changes
          help: name the units that change, each with its time"#]],
    );
    check(
        ["at: 2025-10-01", "units: {attribute: store, changed: {a: soon}, given_to: shops}"],
        expect!["5:57: error: `given_to` must be one of `units`, `customers`, not `shops`"],
    );
    check(
        ["at: 2025-10-01", "units: {attribute: store, changed: {a: soon}}"],
        expect![[r#"
        5:40: error: `soon` is no date and no time
          help: write one such as `2026-03-01` or `2026-03-01T12:00:00Z`"#]],
    );
    check(
        ["higher", "higher\nrandomised: true"],
        expect![[r#"
        8:13: error: a lot decides between those who get the change and those who do not
          help: say under `units` who they are"#]],
    );
}

#[test]
fn an_empty_file_and_one_that_is_no_text_are_told() {
    for (bytes, told) in [
        (&b""[..], "begin with `footpath: 1`, `plan:`"),
        (&b"plan: \xff"[..], "save it as UTF-8"),
        (&b"[a]"[..], "must be a mapping"),
    ] {
        let reading = read_change_plan(bytes);
        assert!(reading.plan.is_none());
        let all: Vec<String> = reading.problems.iter().map(|it| it.to_string()).collect();
        assert!(all.join("\n").contains(told), "{all:?}");
    }
}

#[test]
fn a_plan_for_another_journey_or_for_nothing_in_it_is_told() {
    let journey = read(
        "footpath: 1\njourney: visits\ntitle: I shop\nstages:\n  - id: pay\n    title: I pay\n    touchpoints:\n      \
         - {id: check-out, title: I pay, events: [paid]}\n",
    );
    let reading = read_change_plan(PLAN.as_bytes());
    let told: Vec<String> = reading
        .problems_with(&journey.journey.unwrap())
        .iter()
        .map(|problem| problem.to_string())
        .collect();
    expect![[r#"
        4:10: error: the plan is for the journey `visit`
          help: this one is `visits`
        6:23: error: the journey has no touchpoint `checkout`
          help: did you mean `check-out`?"#]]
    .assert_eq(&told.join("\n"));
}
