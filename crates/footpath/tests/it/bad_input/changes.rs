//! Comparisons and change plans that ask for what is not there.

use expect_test::{Expect, expect};

use super::refused;
use crate::cafe;

const MEASURE: &str = "measure journey.yaml --events events.csv --responses answers.csv";

fn compare_refused(arguments: &str, expected: &Expect) {
    let folder = cafe::folder();
    refused(folder.path(), &format!("{MEASURE} {arguments}"), expected);
}

#[test]
fn a_column_that_no_answer_has_or_that_is_no_group() {
    compare_refused(
        "--compare tochpoint",
        &expect![[r#"
        ! error: --compare: no file of answers has the column `tochpoint`; did you mean `touchpoint`? There are: at, comment, customer_id, question, score, touchpoint
        exit 2
    "#]],
    );
    compare_refused(
        "--compare customer_id",
        &expect![[r#"
        ! error: --compare: `customer_id` has 60 different values, and 24 are the most that can be compared; take a coarser column
        exit 2
    "#]],
    );
    compare_refused(
        "--compare-period soon",
        &expect![[r#"
        ! error: --compare-period soon: write a time such as `2026-03-01` or `2026-03-01T12:00:00Z`
        exit 2
    "#]],
    );
    let folder = cafe::folder();
    refused(
        folder.path(),
        "measure journey.yaml --events events.csv --compare shop",
        &expect![[r#"
            ! error: --compare: answers are asked for their `shop`; give them with --responses
            exit 2
        "#]],
    );
}

const PLAN: &str = "\
footpath: 1
plan: second-machine
title: A second machine
journey: cafe-visit
units: {attribute: shop, changed: {north: 2025-03-02}}
measure: {touchpoint: cup, question: csat}
direction: higher
smallest: 0.2
";

/// The plan with a text in it changed, and answers that come from two shops.
fn plan_refused(change: [&str; 2], expected: &Expect) {
    let folder = cafe::folder();
    let answers = cafe::answers(60);
    let (header, rows) = answers.split_once('\n').unwrap();
    let shops = ["north", "south"].iter().cycle();
    let rows: Vec<String> =
        rows.lines().zip(shops).map(|(row, shop)| format!("{row},{shop}")).collect();
    cafe::write(folder.path(), "answers.csv", format!("{header},shop\n{}\n", rows.join("\n")));
    assert!(PLAN.contains(change[0]));
    cafe::write(folder.path(), "plan.yaml", PLAN.replace(change[0], change[1]));
    refused(folder.path(), &format!("{MEASURE} --plan plan.yaml"), expected);
}

#[test]
fn a_plan_that_is_none_or_does_not_fit() {
    plan_refused(
        ["units", "unit"],
        &expect![[r#"
        ! plan.yaml:5:1: error: unknown key `unit`
        !   help: did you mean `units`?
        ! error: plan.yaml is no valid change plan; mend it and try again
        exit 2
    "#]],
    );
    plan_refused(
        ["cafe-visit", "caffe-visit"],
        &expect![[r#"
        ! plan.yaml:4:10: error: the plan is for the journey `caffe-visit`
        !   help: this one is `cafe-visit`
        ! error: plan.yaml does not fit this journey; mend it and try again
        exit 2
    "#]],
    );
    plan_refused(
        ["touchpoint: cup", "touchpoint: cups"],
        &expect![[r#"
        ! plan.yaml:6:23: error: the journey has no touchpoint `cups`
        !   help: did you mean `cup`?
        ! error: plan.yaml does not fit this journey; mend it and try again
        exit 2
    "#]],
    );
    plan_refused(
        ["shop", "shops"],
        &expect![[r#"
        ! error: plan.yaml:5:20: no file of answers has the column `shops`; did you mean `shop`? There are: at, comment, customer_id, question, score, shop, touchpoint
        exit 2
    "#]],
    );
    plan_refused(
        ["{north", "{nroth"],
        &expect![[r#"
        ! error: plan.yaml:5:43: no answer has the shop `nroth`; did you mean `north`?
        exit 2
    "#]],
    );
    plan_refused(
        ["2025-03-02", "02.03.2025"],
        &expect![[r#"
        ! plan.yaml:5:43: error: `02.03.2025` is no date and no time
        !   help: write one such as `2026-03-01` or `2026-03-01T12:00:00Z`
        ! error: plan.yaml is no valid change plan; mend it and try again
        exit 2
    "#]],
    );
}

#[test]
fn a_plan_that_is_not_there() {
    compare_refused(
        "--plan missing.yaml",
        &expect![[r#"
        ! error: missing.yaml: there is no such file
        exit 2
    "#]],
    );
}

#[test]
fn an_invitation_without_a_time() {
    let folder = cafe::folder();
    let rows = "customer_id,at,question,touchpoint,score,invited_at\nC1,2025-03-01T08:00:00Z,csat,cup,4,yesterday\n";
    cafe::write(folder.path(), "answers.csv", rows);
    refused(
        folder.path(),
        MEASURE,
        &expect![[r#"
        ! error: 1 of 1 rows cannot be used, more than the 1% that are allowed; mend them, or allow more with --max-bad. Nothing was written.
        !   1 × the time cannot be read
        !       answers.csv:2: the time `yesterday` cannot be read: write it as 2024-03-31 18:05:00 or 2024-03-31T18:05:00Z
        exit 2
    "#]],
    );
}
