//! What stands between a draft and its publication.

use expect_test::{Expect, expect};
use model::map::{Map, Op};
use model::publish::readiness;

use crate::map::ids;

fn check(map: &Map, expected: Expect) {
    let readiness = readiness(map);
    let mut told = String::new();
    for (word, remarks) in [("problem", &readiness.problems), ("warning", &readiness.warnings)] {
        for remark in remarks {
            let rule = serde_json::to_value(remark.rule).unwrap();
            let rule = rule.as_str().unwrap();
            told += &format!(
                "{word} {rule} [{}] {}; {}\n",
                remark.about, remark.message, remark.suggestion
            );
        }
    }
    told += &format!("{} cells, {} assumed\n", readiness.cells, readiness.assumed);
    assert_eq!(readiness.may_publish(), readiness.problems.is_empty());
    expected.assert_eq(&told);
}

fn map_of(document: &str) -> Map {
    Map::of(&model::document::read(document).journey.unwrap(), ids(0))
}

const HALF: &str = "
footpath: 1
journey: a
title: I buy
stages:
  - id: look
    title: Marketing department
    touchpoints:
      - {id: see, title: I see it, does: Looks, thinks: [{text: Nice, grade: told}, Dear], feels: {label: keen, valence: 1, grade: measured}}
      - {id: ask, title: I ask, owner: shop, channels: [shop], no_standard: \" \"}
  - id: pay
    title: Till
    owner: till
    phase: during
    touchpoints:
      - {id: pay, title: I pay, channels: [\" \"], standards: [{id: quick, text: Quick, starts: x}], pains: [Queue], needs: Change}
handoffs: [{from: see, to: pay, giver: shop}]
standards: [{id: all, text: All, starts: x}]
";

#[test]
fn what_is_missing_is_told_with_what_to_do() {
    check(
        &map_of(HALF),
        expect![[r#"
        problem touchpoint_owner [see] nobody owns “I see it”; name its owner, or its stage's
        problem touchpoint_channel [see] “I see it” has no channel; say where it happens
        problem touchpoint_standard [see] “I see it” promises nothing; write a standard, or why there is none
        problem touchpoint_standard [ask] “I ask” promises nothing; write a standard, or why there is none
        problem touchpoint_channel [pay] “I pay” has no channel; say where it happens
        problem handoff_receiver [see → pay] the hand-off from see to pay has no receiver; name its receiver
        warning standard_owner [all] nobody owns the standard “All”; name its owner
        warning handoff_missing [ask → pay] “I ask” (shop) leads to “I pay” (till) without a hand-off; add the hand-off with what must be passed on
        warning stage_is_department [look] the stage “Marketing department” is named after a department; name it in the customer's words, such as “I pay”
        warning stage_is_department [pay] the stage “Till” is named after a department; name it in the customer's words, such as “I pay”
        warning stage_before [] no stage lies before the purchase; add one, or say of one that its phase is `before`
        warning stage_after [] no stage lies after the purchase; add one, or say of one that its phase is `after`
        5 cells, 3 assumed
    "#]],
    );
}

#[test]
fn an_empty_map_is_not_published() {
    check(
        &Map::new("a", "I begin"),
        expect![[r#"
        problem document [] `stages` is empty; add what is missing
        warning stage_before [] no stage lies before the purchase; add one, or say of one that its phase is `before`
        warning stage_after [] no stage lies after the purchase; add one, or say of one that its phase is `after`
        0 cells, 0 assumed
    "#]],
    );
}

#[test]
fn a_map_that_names_what_was_deleted_is_not_published() {
    let mut map = crate::map::every_key();
    check(
        &map,
        expect![[r#"
        problem touchpoint_channel [entrance] “I come in” has no channel; say where it happens
        problem touchpoint_channel [goods] “I find what I need” has no channel; say where it happens
        problem touchpoint_channel [redemption] “I redeem my points” has no channel; say where it happens
        problem touchpoint_channel [exit] “I drive home” has no channel; say where it happens
        problem touchpoint_channel [news] “I hear of offers” has no channel; say where it happens
        warning standard_owner [paid-once] nobody owns the standard “Paid once”; name its owner
        warning standard_owner [entered-soon] nobody owns the standard “Inside soon after the car stands”; name its owner
        warning standard_owner [no-return] nobody owns the standard “Nobody comes back for a forgotten thing”; name its owner
        warning standard_owner [designed-path] nobody owns the standard “Customers walk as designed”; name its owner
        warning standard_owner [listed-path] nobody owns the standard “Customers walk as listed”; name its owner
        warning standard_owner [starts-outside] nobody owns the standard “A visit starts at the car park”; name its owner
        warning standard_owner [ends-outside] nobody owns the standard “A visit ends at the gate”; name its owner
        warning handoff_missing [parking → entrance] “I find a parking place” (facilities) leads to “I come in” (store-operations) without a hand-off; add the hand-off with what must be passed on
        warning handoff_missing [parking → goods] “I find a parking place” (facilities) leads to “I find what I need” (store-operations) without a hand-off; add the hand-off with what must be passed on
        warning handoff_missing [redemption → exit] “I redeem my points” (store-operations) leads to “I drive home” (care) without a hand-off; add the hand-off with what must be passed on
        21 cells, 14 assumed
    "#]],
    );
    map.apply(Op::TouchpointDel { id: "redemption".to_owned() }, 1).unwrap();
    check(
        &map,
        expect![[r#"
        problem document [] no touchpoint `redemption`; there are `parking`, `entrance`, `goods`, `checkout`, `exit`, `news`
        problem touchpoint_channel [entrance] “I come in” has no channel; say where it happens
        problem touchpoint_channel [goods] “I find what I need” has no channel; say where it happens
        problem touchpoint_channel [exit] “I drive home” has no channel; say where it happens
        problem touchpoint_channel [news] “I hear of offers” has no channel; say where it happens
        warning standard_owner [paid-once] nobody owns the standard “Paid once”; name its owner
        warning standard_owner [entered-soon] nobody owns the standard “Inside soon after the car stands”; name its owner
        warning standard_owner [no-return] nobody owns the standard “Nobody comes back for a forgotten thing”; name its owner
        warning standard_owner [designed-path] nobody owns the standard “Customers walk as designed”; name its owner
        warning standard_owner [listed-path] nobody owns the standard “Customers walk as listed”; name its owner
        warning standard_owner [starts-outside] nobody owns the standard “A visit starts at the car park”; name its owner
        warning standard_owner [ends-outside] nobody owns the standard “A visit ends at the gate”; name its owner
        warning handoff_missing [parking → entrance] “I find a parking place” (facilities) leads to “I come in” (store-operations) without a hand-off; add the hand-off with what must be passed on
        warning handoff_missing [parking → goods] “I find a parking place” (facilities) leads to “I find what I need” (store-operations) without a hand-off; add the hand-off with what must be passed on
        warning handoff_missing [checkout → exit] “I pay” (store-operations) leads to “I drive home” (care) without a hand-off; add the hand-off with what must be passed on
        20 cells, 14 assumed
    "#]],
    );
}
