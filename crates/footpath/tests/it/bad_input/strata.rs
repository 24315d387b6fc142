//! Strata that nobody can make, and money that no event carries.

use expect_test::expect;
use serde_json::Value;

use super::refused;
use crate::cafe;
use crate::program::footpath_in;

/// The café, with what it is to stay a customer.
const STAYING: &str = "outcomes:
  retained: {again: came-in, within: 2h}
  value: {attribute: bill, currency: EUR}
";

fn folder(staying: &str) -> tempfile::TempDir {
    let folder = cafe::folder();
    let journey = std::fs::read_to_string(folder.path().join("journey.yaml")).unwrap();
    let journey = journey.replacen("stages:", &format!("{staying}stages:"), 1);
    cafe::write(folder.path(), "journey.yaml", &journey);
    folder
}

#[test]
fn strata_that_nobody_can_make() {
    for (staying, strata, expected) in [
        (
            "",
            "channel=bar|terrace",
            expect![[r#"
            ! error: --strata channel=bar|terrace: the document does not say what it is to stay, so there is nothing to compare; write it under `outcomes`, such as `retained: {again: paid, within: 60d}`
            exit 2
        "#]],
        ),
        (
            STAYING,
            "channel",
            expect![[r#"
            ! error: --strata channel: no persona of the document names a value of `channel`; write the values, such as `channel=north|south`
            exit 2
        "#]],
        ),
        (
            STAYING,
            "=bar",
            expect![[r#"
            ! error: --strata: `=bar` names no attribute; write `attribute` or `attribute=value|value`
            exit 2
        "#]],
        ),
        (
            STAYING,
            "channel=",
            expect![[r#"
            ! error: --strata channel=: no persona of the document names a value of `channel`; write the values, such as `channel=north|south`
            exit 2
        "#]],
        ),
        (
            STAYING,
            "seat=bar|terrace",
            expect![[r#"
            ! error: --strata: no event file has the column `seat`. There are: activity, at, bill, channel, customer_id
            exit 2
        "#]],
        ),
    ] {
        let folder = folder(staying);
        let arguments = format!("measure journey.yaml --events events.csv --strata {strata}");
        refused(folder.path(), &arguments, &expected);
    }
}

#[test]
fn money_that_no_event_carries() {
    let folder = folder(&STAYING.replace("bill", "basket"));
    refused(
        folder.path(),
        "measure journey.yaml --events events.csv",
        &expect![[r#"
        ! error: journey.yaml:7:22: no event file has the column `basket`. There are: activity, at, bill, channel, customer_id
        exit 2
    "#]],
    );
}

#[test]
fn a_value_that_occurs_nowhere_is_a_stratum_without_customers() {
    let folder = folder(STAYING);
    let arguments = "measure journey.yaml --events events.csv --strata channel=moon --format json";
    let ran = footpath_in(folder.path(), arguments.split(' '));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let mut costs = report["standards"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|standard| standard["costs"].as_array().cloned().unwrap_or_default());
    assert!(costs.all(|cost| cost["stratified"]["strata"][0]["table"] == serde_json::json!([0, 0, 0, 0])));
}
