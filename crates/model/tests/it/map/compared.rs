//! Two states of a map, and two versions of a journey, held beside each other.

use expect_test::{Expect, expect};
use model::diff::diff_maps;
use model::document::read;
use model::journey::Journey;
use model::map::{Op, apply_all};
use model::mapping::Mapping;

use super::every_key;

#[test]
fn cards_feelings_and_places_are_compared() {
    let old = every_key();
    let mut new = old.clone();
    let ops = r#"{"op":"card.set","id":"00000000-0000-7000-8000-000000000001","text_rev":1,"text":"Circles","grade":"observed"}
        {"op":"card.move","id":"00000000-0000-7000-8000-000000000004","touchpoint":"exit","lane":"pains","after":null}
        {"op":"card.del","id":"00000000-0000-7000-8000-000000000005"}
        {"op":"card.add","id":"018f0000-0000-7000-8000-000000000001","touchpoint":"exit","lane":"weather","after":null,"text":"Fog"}
        {"op":"feel.set","touchpoint":"parking","feels":{"label":"calm","valence":1,"grade":"told"}}
        {"op":"touchpoint.move","id":"news","stage":"arrive","after":null}
        {"op":"lane.move","id":"rules","after":null}
        {"op":"lane.set","id":"gains","field":"on","value":false}"#;
    let ops: Vec<Op> = ops.lines().map(|line| serde_json::from_str(line.trim()).unwrap()).collect();
    assert_eq!(apply_all(&mut new, ops, 1).rejected, []);
    expect![[r#"
        1 added, 1 removed, 3 changed, 3 moved

        > touchpoint news (arrive): I hear of offers
            moved: leave → arrive

        ~ touchpoint parking (arrive): I find a parking place
            feels.label: tense → calm
            feels.valence: -1 → 1
            feels.grade: assumed → told
            feels.intensity: - 2

        > lane rules: Rules and permits
            moved: behind weather → first

        ~ lane gains: Gains
            on: true → false

        ~ card 00000000-0000-7000-8000-000000000001 (parking/does): Circles
            text: Looks for a place near the door → Circles
            grade: + observed

        + card 018f0000-0000-7000-8000-000000000001 (exit/weather): Fog

        > card 00000000-0000-7000-8000-000000000004 (exit/pains): Fire lane stays free
            moved: parking/rules → exit/pains

        - card 00000000-0000-7000-8000-000000000005 (parking/systems): parking-db
    "#]]
    .assert_eq(&diff_maps(&old, &new).to_string());
    assert!(diff_maps(&new, &new).is_empty());
}

fn journey_of(touchpoints: &[(&str, &str, &str)]) -> Journey {
    let list: String = touchpoints
        .iter()
        .map(|(id, title, events)| {
            format!("      - {{id: {id}, title: {title}, events: [{events}]}}\n")
        })
        .collect();
    let text = format!(
        "footpath: 1\njourney: j\ntitle: J\nstages:\n  - id: s\n    title: S\n    touchpoints:\n{list}"
    );
    read(&text).journey.unwrap()
}

fn check(mapping: &Mapping, old: &Journey, new: &Journey, expected: Expect) {
    let fates = mapping.fates(old, new).into_iter();
    let told =
        fates.map(|it| format!("{:?}: {} → {}\n", it.kind, it.old.join(", "), it.new.join(", ")));
    expected.assert_eq(&told.collect::<String>());
}

#[test]
fn what_became_of_touchpoints_is_proposed_and_corrected() {
    let old = journey_of(&[
        ("park", "I park", "parked"),
        ("pay", "I pay", "\"paid\", receipt"),
        ("ask", "I ask", "asked"),
        ("wait", "I wait", "waited"),
        ("greet", "I am greeted at the door", ""),
        ("leave", "I leave", "left"),
        ("fax", "I send a fax", "faxed"),
    ]);
    let new = journey_of(&[
        ("park", "I find a place", "parked"),
        ("pay", "I pay", "\"paid\""),
        ("receipt", "I get a receipt", "receipt"),
        ("help", "I am helped", "asked, waited"),
        ("welcome", "I am greeted at the gate", ""),
        ("go", "I go", "left"),
        ("rate", "I say how it was", "rated"),
    ]);
    let mut mapping = Mapping::propose(&old, &new);
    check(
        &mapping,
        &old,
        &new,
        expect![[r#"
        Kept: park → park
        Split: pay → pay, receipt
        Merged: ask, wait → help
        Renamed: greet → welcome
        Renamed: leave → go
        Gone: fax → 
        New:  → rate
    "#]],
    );
    assert_eq!(mapping.problems(&old, &new), Vec::<String>::new());
    mapping
        .0
        .insert("fax".to_owned(), vec!["rate".to_owned(), "rate".to_owned(), "gone".to_owned()]);
    mapping.0.remove("park");
    mapping.0.insert("nowhere".to_owned(), Vec::new());
    expect![[r#"
        the new version has no touchpoint `gone`
        `fax` becomes one touchpoint twice
        the old version has no touchpoint `nowhere`
        nothing is said of `park`; an empty list means that it is gone"#]]
    .assert_eq(&mapping.problems(&old, &new).join("\n"));
    assert_eq!(
        serde_json::to_string(&Mapping::propose(&old, &old)).unwrap().matches("fax").count(),
        2
    );
}
