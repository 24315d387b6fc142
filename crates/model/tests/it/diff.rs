//! Two versions of a journey, and what is said of their difference.

use expect_test::{Expect, expect};
use model::diff::diff;
use model::document::read;
use model::journey::Journey;
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};
use serde_json::Value;

use crate::arbitrary::journey;
use crate::every_key::EVERY_KEY;

fn journey_of(text: &str) -> Journey {
    let reading = read(text);
    assert!(reading.is_valid(), "{:?}", reading.problems);
    reading.journey.unwrap()
}

/// Changes are given as (what stands there, what stands there instead).
fn check(changes: &[(&str, &str)], expected: Expect) {
    let mut text = EVERY_KEY.to_owned();
    for (from, to) in changes {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    expected.assert_eq(&diff(&journey_of(EVERY_KEY), &journey_of(&text)).to_string());
}

#[test]
fn nothing_changed() {
    check(
        &[],
        expect![[r#"
        no changes
    "#]],
    );
    check(
        &[("within: 60d", "within: 1440h"), ("promise: 0.90", "promise: 0.9")],
        expect![[r#"
        no changes
    "#]],
    );
}

#[test]
fn fields_change_from_old_to_new() {
    check(
        &[
            ("title: I shop and redeem my points", "title: I shop and use my points"),
            ("scope: current", "scope: target"),
            ("closes_after: 12h", "closes_after: 1d"),
            ("loyalty: {question: nps}", "loyalty: {question: csat}"),
            (
                "owner: facilities\n        events: [arrived, parked]",
                "owner: city\n        events: [arrived, stopped, parked-late]",
            ),
            ("csat: 4.4, need: 4.5", "csat: 4.6"),
            ("optional: true\n        repeatable: false", "repeatable: true"),
            ("thinks: Will I be late?", "thinks: \"Where, please?\""),
            ("        evidence: Ticket, signs\n", ""),
            ("next: [entrance, goods]", "next: [goods, entrance]"),
            (
                "response: {from: arrived, to: parked, within: 5m}\n            promise: 0.90",
                "response: {from: arrived, to: parked, within: 4m}",
            ),
            ("starts: [parked, arrived], promise: 0.5", "ends: parked, promise: 0.5"),
            ("giver: store-operations, receiver", "giver: tills, receiver"),
            ("within: 3d, mode: default", "mode: strict_once"),
            ("hours: \"Mo-Sa 09:00-18:00\"", "hours: always"),
            ("text: We never ask for what", "text: We do not ask for what"),
            ("title: Weekly family shopper", "title: Family"),
            ("must: [park]", "must: [park, place]"),
            ("owner: care\n", "owner: care-desk\n"),
        ],
        expect![[r#"
            11 changed

            ~ journey loyalty-visit: I shop and use my points
                title: I shop and redeem my points → I shop and use my points
                scope: current → target
                instance.closes_after: 12h → 1d
                outcomes.loyalty.question: nps → csat

            ~ persona family: Family
                title: Weekly family shopper → Family

            ~ principle ask-once: We do not ask for what we already know
                text: We never ask for what we already know → We do not ask for what we already know

            ~ stage leave: I leave
                owner: care → care-desk

            ~ touchpoint parking (arrive): I find a parking place
                owner: facilities → city
                events: + stopped, + parked-late, - parked
                repeatable: false → true
                next: entrance, goods → goods, entrance
                thinks: "Will I be late?" → "Where, please?"
                targets.csat: 4.4 → 4.6
                optional: true → false
                evidence: - "Ticket, signs"
                targets.need: - 4.5

            ~ standard parked-quickly (parking): Parked within five minutes
                response.within: 5m → 4m
                promise: 0.9 → 1

            ~ standard starts-outside (whole journey): A visit starts at the car park
                rule: starts → ends
                ends: + parked
                starts: - parked, arrived

            ~ hand-off checkout → redemption
                giver: store-operations → tills

            ~ funnel redeem
                mode: default → strict_once
                within: - 3d

            ~ theme parking-full: No place to park
                must: + place

            ~ contact point care-line
                hours: Mo-Sa 09:00-18:00 → always
        "#]],
    );
}

#[test]
fn things_come_go_and_move() {
    check(
        &[
            // a touchpoint renamed: one gone, one new
            (
                "- id: redemption\n        title: I redeem my points",
                "- id: redeeming\n        title: I redeem my points",
            ),
            ("{from: checkout, to: redemption,", "{from: checkout, to: redeeming,"),
            ("\"touchpoint:redemption\"", "\"touchpoint:redeeming\""),
            // a standard moved from a touchpoint to the whole journey
            (
                "          - {id: short-queue, text: Three minutes in the queue, wait: {from: queued, to: [paid, paid-by-app], at_most: 3m}, promise: 0.85}\n",
                "",
            ),
            (
                "standards:\n  - {id: whole-visit,",
                "standards:\n  - {id: short-queue, text: Three minutes in the queue, wait: {from: queued, to: [paid, paid-by-app], at_most: 3m}, promise: 0.85}\n  - {id: whole-visit,",
            ),
            (
                "  - {id: designed-path, text: Customers walk as designed, order: {}, promise: 0.6}\n",
                "",
            ),
            ("funnels:\n", "funnels:\n  - {id: quick, steps: [parked, left]}\n"),
            ("  - {id: anybody, title: Everybody else}\n", ""),
        ],
        expect![[r#"
            3 added, 4 removed, 1 changed, 3 moved

            - persona anybody: Everybody else

            + touchpoint redeeming (shop): I redeem my points

            - touchpoint redemption (shop): I redeem my points

            > standard same-id (redeeming): The id that was good for earning is good for redeeming
                moved: redemption → redeeming

            > standard redeemed-by-date (redeeming): Redeemed by the promised date
                moved: redemption → redeeming

            > standard short-queue (whole journey): Three minutes in the queue
                moved: checkout → the whole journey

            - standard designed-path (whole journey): Customers walk as designed

            + hand-off checkout → redeeming

            - hand-off checkout → redemption

            + funnel quick

            ~ funnel redeem-once
                steps: + touchpoint:redeeming, - touchpoint:redemption
        "#]],
    );
}

#[test]
fn touchpoints_and_stages_move() {
    let list = |stages: &[(&str, &[&str])]| {
        let stages = stages.iter().map(|(stage, touchpoints)| {
            let touchpoints =
                touchpoints.iter().map(|id| format!("      - {{id: {id}, title: {id}}}\n"));
            format!(
                "  - id: {stage}\n    title: {stage}\n    touchpoints:\n{}",
                touchpoints.collect::<String>()
            )
        });
        journey_of(&format!(
            "footpath: 1\njourney: a\ntitle: A\nstages:\n{}",
            stages.collect::<String>()
        ))
    };
    let old = list(&[("one", &["a", "b", "c", "d"]), ("two", &["e", "f"]), ("three", &["g"])]);
    let new = list(&[("three", &["g", "b"]), ("one", &["d", "a", "c"]), ("two", &["f", "e"])]);
    expect![[r#"
        4 moved

        > stage three: three
            moved: behind two → first

        > touchpoint b (three): b
            moved: one → three

        > touchpoint d (one): d
            moved: behind c → first

        > touchpoint f (two): f
            moved: behind e → first
    "#]]
    .assert_eq(&diff(&old, &new).to_string());
    expect![[r#"
        {
          "kind": "moved",
          "noun": "touchpoint",
          "id": "b",
          "title": "b",
          "within": "three",
          "moved": {
            "by": "parent",
            "from": "one",
            "to": "three"
          }
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&diff(&old, &new).changes[1]).unwrap());
}

/// Every value of the document with every key, changed alone, is seen.
#[test]
fn no_change_goes_unseen() {
    let old = journey_of(EVERY_KEY);
    let whole = serde_json::to_value(&old).unwrap();
    let mut leaves = Vec::new();
    collect_leaves(&whole, String::new(), &mut leaves);
    let mut seen = 0;
    for leaf in &leaves {
        let mut changed = whole.clone();
        let value = changed.pointer_mut(leaf).unwrap();
        *value = match &*value {
            Value::Bool(flag) => Value::from(!flag),
            Value::Number(number) => Value::from(number.as_f64().unwrap() as i64 + 1),
            Value::String(text) => Value::from(format!("1{text}")),
            _ => continue,
        };
        // Not every word may be changed to any other: `1each` is no mode.
        let Ok(new) = serde_json::from_value::<Journey>(changed) else { continue };
        assert_ne!(old, new, "{leaf}");
        assert!(!diff(&old, &new).is_empty(), "{leaf}");
        seen += 1;
    }
    assert!(seen > 200, "only {seen} of {} values could be changed", leaves.len());
}

fn collect_leaves(value: &Value, pointer: String, leaves: &mut Vec<String>) {
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| collect_leaves(value, format!("{pointer}/{key}"), leaves)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(at, item)| collect_leaves(item, format!("{pointer}/{at}"), leaves));
        }
        _ => leaves.push(pointer),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_difference_is_empty_only_between_equals_and_mirrors_itself(old in journey(), new in journey()) {
        prop_assert!(diff(&old, &old).is_empty());
        let (there, back) = (diff(&old, &new), diff(&new, &old));
        // What is new one way is gone the other way.
        let of = |diff: &model::diff::Diff, kind| {
            let mut ids: Vec<_> = diff.changes.iter().filter(|c| c.kind == kind).map(|c| (c.noun.word(), c.id.clone())).collect();
            ids.sort();
            ids
        };
        prop_assert_eq!(of(&there, model::diff::Kind::Added), of(&back, model::diff::Kind::Removed));
        prop_assert_eq!(of(&there, model::diff::Kind::Removed), of(&back, model::diff::Kind::Added));
        prop_assert_eq!(there.is_empty(), old == new, "{}", there);
    }
}
