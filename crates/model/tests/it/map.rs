//! The map: both ways between it and the document, and the laws of its operations.

use expect_test::expect_file;
use model::journey::Journey;
use model::map::{Map, Op, Restored, apply_all, changes};
use model::schema::{map_schema, operation_schema};
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, prop_assert_eq, proptest};
use serde_json::json;

use crate::arbitrary::journey;
use crate::every_key::EVERY_KEY;

mod batches;
mod compared;
mod ops;

use ops::random_op;

/// UUIDs in a row.
pub(crate) fn ids(from: u32) -> impl FnMut() -> String {
    let mut next = from;
    move || {
        next += 1;
        card(next)
    }
}

pub(crate) fn card(number: u32) -> String {
    format!("00000000-0000-7000-8000-{number:012x}")
}

pub(crate) fn every_key() -> Map {
    Map::of(&model::document::read(EVERY_KEY).journey.unwrap(), ids(0))
}

/// Without what operations are allowed to leave behind: the count of changes of a text.
fn shown(map: &Map) -> Map {
    let mut map = map.visible();
    map.cards.iter_mut().for_each(|card| card.text_rev = 0);
    map
}

/// The same for two maps that came here by different ways.
fn without_places(map: &Map) -> Map {
    let mut map = shown(map);
    map.lanes.iter_mut().for_each(|it| it.order.clear());
    map.stages.iter_mut().for_each(|it| it.order.clear());
    map.touchpoints.iter_mut().for_each(|it| it.order.clear());
    map.cards.iter_mut().for_each(|it| it.order.clear());
    map
}

/// References hold in what is shown.
fn check_references(map: &Map) {
    let map = map.visible();
    for touchpoint in &map.touchpoints {
        assert!(map.stages.iter().any(|stage| stage.id == touchpoint.stage), "{touchpoint:?}");
    }
    for card in &map.cards {
        assert!(map.touchpoints.iter().any(|it| it.id == card.touchpoint), "{card:?}");
        assert!(map.lanes.iter().any(|lane| lane.id == card.lane), "{card:?}");
    }
    let mut ids: Vec<&str> = map.cards.iter().map(|card| card.id.as_str()).collect();
    ids.sort_unstable();
    assert!(ids.is_sorted_by(|a, b| a < b), "two cards have one id");
}

#[test]
fn the_document_with_every_key_is_the_same_after_being_a_map() {
    let journey: Journey = model::document::read(EVERY_KEY).journey.unwrap();
    let map = Map::of(&journey, ids(0));
    let back = map.document();
    // Lanes that every map has and that the document does not name are named afterwards.
    assert_eq!(Map::of(&back, ids(0)), map);
    assert_eq!(Journey { lanes: Vec::new(), ..back }, Journey { lanes: Vec::new(), ..journey });
    let text = serde_json::to_string(&map).unwrap();
    assert_eq!(serde_json::from_str::<Map>(&text).unwrap(), map);
}

#[test]
fn the_published_schemas_are_current_and_accept_maps_and_operations() {
    let (map, operation) = (map_schema(), operation_schema());
    for (schema, file) in [
        (&map, expect_file!["../../../../docs/reference/map.schema.json"]),
        (&operation, expect_file!["../../../../docs/reference/map-operation.schema.json"]),
    ] {
        file.assert_eq(&format!("{}\n", serde_json::to_string_pretty(schema).unwrap()));
        assert!(jsonschema::meta::is_valid(schema));
    }
    let validator = jsonschema::validator_for(&map).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&json!(every_key())).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let validator = jsonschema::validator_for(&operation).unwrap();
    for op in [
        json!({"op": "card.set", "id": "x", "text_rev": 3, "text": "T", "grade": null}),
        json!({"op": "feel.set", "touchpoint": "parking", "feels": null}),
        json!({"op": "stage.add", "id": "pay", "title": "Pay", "after": null}),
        json!({"op": "meta.set", "field": "code", "value": null}),
    ] {
        assert!(validator.is_valid(&op), "{op}");
        assert!(serde_json::from_value::<Op>(op).is_ok());
    }
    for op in [
        json!({"op": "card.sett", "id": "x"}),
        json!({"op": "card.del", "id": "x", "why": "y"}),
        json!({"op": "stage.add", "id": "pay", "after": null}),
    ] {
        assert!(!validator.is_valid(&op), "{op}");
        assert!(serde_json::from_value::<Op>(op).is_err());
    }
}

#[test]
fn a_map_holds_its_lists_flat() {
    let map = every_key();
    assert_eq!(
        json!(map.lanes[1]),
        json!({"id": "weather", "title": "Weather", "kind": "tags", "view": "customer", "on": true, "order": "a1"})
    );
    assert_eq!(
        json!(map.stages[0]),
        json!({"id": "arrive", "title": "I arrive", "phase": "before", "owner": "store-operations", "goal": "Inside before the rain", "order": "a0"})
    );
    assert_eq!(json!(map.touchpoints[1])["stage"], json!("arrive"));
    let card = map.cards.iter().find(|card| card.text == "Shade for the car").unwrap();
    assert_eq!(json!(card)["links"][0]["kind"], json!("response"));
    assert_eq!(
        (card.lane.as_str(), card.touchpoint.as_str(), &*card.order),
        ("needs", "parking", "a1")
    );
}

#[test]
fn an_operation_of_the_log_needs_nothing_but_what_people_saw() {
    let mut server = every_key();
    let mut late = server.visible();
    for id in ["arrive", "shop"] {
        server.apply(Op::StageDel { id: id.to_owned() }, 1).unwrap();
    }
    let joined = server.visible();
    let ops = ["arrive", "shop"]
        .map(|id| Op::StageRestore { id: id.to_owned(), restored: Restored::default() });
    let done = apply_all(&mut server, ops.to_vec(), 2);
    let mut early = joined;
    for applied in done.applied {
        early.replay(applied.op.clone(), 2).unwrap();
        late.replay(applied.op, 2).unwrap();
    }
    assert_eq!(early.visible(), server.visible());
    assert_eq!(late.visible(), server.visible());
}

#[test]
fn what_was_deleted_long_ago_is_forgotten_with_all_it_held() {
    let mut map = every_key();
    map.apply(Op::StageDel { id: "arrive".to_owned() }, 1_000).unwrap();
    map.apply(Op::TouchpointDel { id: "exit".to_owned() }, 2_000).unwrap();
    let before = map.visible();
    map.forget(1_500);
    assert_eq!(map.visible(), before);
    assert!(!map.cards.iter().any(|card| card.touchpoint == "parking"));
    let restore =
        |id: &str| Op::TouchpointRestore { id: id.to_owned(), restored: Restored::default() };
    assert!(map.apply(restore("exit"), 3_000).is_ok());
    assert!(map.apply(restore("parking"), 3_000).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_journey_is_the_same_after_being_a_map(journey in journey()) {
        prop_assert_eq!(Map::of(&journey, ids(0)).document(), journey);
    }

    #[test]
    fn an_operation_followed_by_its_inverse_changes_nothing(
        before in prop::collection::vec(any::<[u16; 8]>(), 0..40), then in any::<[u16; 8]>()
    ) {
        let mut map = every_key();
        for seed in before {
            let op = random_op(&map, seed);
            map.apply(op, 1).ok();
        }
        let seen = shown(&map);
        let op = random_op(&map, then);
        let whole = map.clone();
        match map.apply(op.clone(), 2) {
            Err(_) => prop_assert_eq!(&map, &whole, "a rejected operation changed the map: {:?}", op),
            Ok(applied) => {
                let changed = shown(&map) != seen;
                prop_assert!(!changed || !applied.inverse.is_empty(), "no way back from {:?}", op);
                for inverse in applied.inverse {
                    let told = format!("{inverse:?}");
                    prop_assert!(map.apply(inverse, 3).is_ok(), "{} of {:?}", told, op);
                }
                prop_assert_eq!(shown(&map), seen, "{:?}", op);
            }
        }
    }

    #[test]
    fn the_log_laid_on_any_snapshot_gives_what_the_server_has(
        seeds in prop::collection::vec(any::<[u16; 8]>(), 1..80), snapshot_at in any::<prop::sample::Index>()
    ) {
        let mut server = every_key();
        let mut log: Vec<Op> = Vec::new();
        let snapshot_at = snapshot_at.index(seeds.len());
        let mut snapshot = None;
        for (at, seed) in seeds.into_iter().enumerate() {
            if at == snapshot_at {
                // As it goes over the wire.
                let text = serde_json::to_string(&server.visible()).unwrap();
                snapshot = Some(serde_json::from_str::<Map>(&text).unwrap());
                log.clear();
            }
            let op = random_op(&server, seed);
            if let Ok(applied) = server.apply(op, at as i64) {
                let text = serde_json::to_string(&applied.op).unwrap();
                log.push(serde_json::from_str(&text).unwrap());
            }
            check_references(&server);
        }
        let mut client = snapshot.unwrap();
        for op in log {
            let told = format!("{op:?}");
            prop_assert!(client.replay(op, 0).is_ok(), "{}", told);
        }
        prop_assert_eq!(client.visible(), server.visible());
    }

    #[test]
    fn any_state_is_reached_from_any_other(
        first in prop::collection::vec(any::<[u16; 8]>(), 0..40), second in prop::collection::vec(any::<[u16; 8]>(), 0..40)
    ) {
        let (mut from, mut to) = (every_key(), every_key());
        for (map, seeds) in [(&mut from, first), (&mut to, second)] {
            for seed in seeds {
                let op = random_op(map, seed);
                map.apply(op, 1).ok();
            }
        }
        let ops = changes(&from, &to);
        let told = format!("{ops:#?}");
        let done = apply_all(&mut from, ops, 2);
        prop_assert!(done.rejected.is_empty(), "{:?}\n{}", done.rejected, told);
        prop_assert_eq!(without_places(&from), without_places(&to), "{}", told);
        prop_assert!(changes(&from, &to).is_empty());
    }

    #[test]
    fn rows_stay_in_order_and_a_document_can_always_be_made(seeds in prop::collection::vec(any::<[u16; 8]>(), 1..60)) {
        let mut map = every_key();
        for seed in seeds {
            let op = random_op(&map, seed);
            map.apply(op, 1).ok();
        }
        let document = map.document();
        prop_assert_eq!(Map::of(&document, ids(9)).document(), document);
        let cards = &map.visible().cards;
        let cells = cards.iter().map(|card| (&card.touchpoint, &card.lane, &card.order));
        let mut keys: Vec<_> = cells.collect();
        keys.sort_unstable();
        prop_assert!(keys.is_sorted_by(|a, b| a < b), "two cards of a cell have one place");
    }
}
