//! Batches of operations: what two clients do at once, what comes twice, what is refused.

use model::map::{Map, Op};
use serde_json::{Value, json};
use server::Role;

use super::{doc, edit, first_card, small, uuid};
use crate::house::{HERE, House, on_both};

#[test]
fn two_clients_in_different_fields_of_one_card_both_survive() {
    on_both(|house| {
        let (ann, bob) = (house.signed_in(HERE, Role::Editor), house.signed_in(HERE, Role::Editor));
        let id = small(&ann);
        let card = first_card(&ann, &id);
        let (card_id, text_rev) = (&card["id"], &card["text_rev"]);
        let by_ann = edit(
            &ann,
            &id,
            1,
            json!([{"op": "card.set", "id": card_id, "text_rev": text_rev, "text": "Looks for shoes"}]),
        );
        let by_bob = edit(
            &bob,
            &id,
            2,
            json!([
                {"op": "card.set", "id": card_id, "text_rev": text_rev, "grade": "observed"},
                {"op": "card.add", "id": uuid(50), "touchpoint": "look", "lane": "does", "after": null, "text": "Asks"}
            ]),
        );
        assert_eq!((&by_ann["rev"], &by_bob["rev"]), (&json!(2), &json!(3)));
        let cards = doc(&ann, &id)["doc"]["cards"].clone();
        let told: Vec<(&Value, &Value)> =
            cards.as_array().unwrap().iter().map(|it| (&it["text"], &it["grade"])).collect();
        assert_eq!(
            told,
            [(&json!("Asks"), &json!(null)), (&json!("Looks for shoes"), &json!("observed"))]
        );
    });
}

#[test]
fn the_same_text_changed_by_two_is_a_conflict_and_nothing_is_lost() {
    on_both(|house| {
        let (ann, bob) = (house.signed_in(HERE, Role::Editor), house.signed_in(HERE, Role::Editor));
        let id = small(&ann);
        let card = first_card(&ann, &id);
        let set =
            |text: &str| json!([{"op": "card.set", "id": card["id"], "text_rev": 1, "text": text}]);
        edit(&ann, &id, 1, set("Ann's"));
        let refused = edit(&bob, &id, 2, set("Bob's"));
        assert_eq!((&refused["rev"], &refused["applied"]), (&json!(2), &json!([])));
        let rejected = &refused["rejected"][0];
        assert_eq!((&rejected["index"], &rejected["code"]), (&json!(0), &json!("conflict")));
        assert_eq!(
            (&rejected["current"]["text"], &rejected["current"]["text_rev"]),
            (&json!("Ann's"), &json!(2))
        );
        // Bob has seen it and decides.
        let both =
            json!([{"op": "card.set", "id": card["id"], "text_rev": 2, "text": "Ann's\nBob's"}]);
        assert_eq!(edit(&bob, &id, 3, both)["rev"], 3);
        assert_eq!(first_card(&ann, &id)["text"], "Ann's\nBob's");
    });
}

#[test]
fn the_same_batch_twice_is_one() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let id = small(&editor);
        let ops = json!([{"op": "stage.add", "id": "leave", "title": "I leave", "after": "shop"}]);
        let first = edit(&editor, &id, 7, ops.clone());
        assert_eq!(edit(&editor, &id, 7, ops), first);
        assert_eq!(doc(&editor, &id)["rev"], 2);
        // A batch that was refused is refused again, though it could be applied by now.
        let late = json!([{"op": "touchpoint.add", "id": "door", "stage": "out", "title": "Door", "after": null}]);
        let refused = edit(&editor, &id, 8, late.clone());
        assert_eq!(refused["rejected"][0]["code"], "not_found");
        edit(
            &editor,
            &id,
            9,
            json!([{"op": "stage.add", "id": "out", "title": "Out", "after": null}]),
        );
        assert_eq!(edit(&editor, &id, 8, late), refused);
        // Another body under the same id.
        let body = json!({"batch": uuid(7), "base_rev": 0, "ops": []});
        assert_eq!(editor.post(&format!("/api/v1/journeys/{id}/ops"), &body).code(), "conflict");
    });
}

#[test]
fn what_is_no_operation_is_told_beside_those_that_are_applied() {
    let house = House::on_sqlite();
    let editor = house.signed_in(HERE, Role::Editor);
    let id = small(&editor);
    let answer = edit(
        &editor,
        &id,
        1,
        json!([
            {"op": "card.dell", "id": uuid(1)}, 5,
            {"op": "touchpoint.set", "id": "look", "field": "owner", "value": "greeter"},
            {"op": "touchpoint.set", "id": "look", "field": "owner", "value": 7}
        ]),
    );
    assert_eq!(answer["applied"].as_array().unwrap().len(), 2);
    let rejected: Vec<(&Value, &Value)> = answer["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (&it["index"], &it["code"]))
        .collect();
    let invalid = json!("invalid_input");
    assert_eq!(rejected, [(&json!(0), &invalid), (&json!(1), &invalid)]);
    // A number where text is wanted is taken as text, as in a document.
    assert_eq!(doc(&editor, &id)["doc"]["touchpoints"][0]["owner"], "7");
    let path = format!("/api/v1/journeys/{id}/ops");
    for body in [
        json!({"batch": "1", "base_rev": 0, "ops": []}),
        json!({"batch": uuid(2), "base_rev": 99, "ops": []}),
        json!({"batch": uuid(2), "ops": []}),
    ] {
        assert_eq!(editor.post(&path, &body).code(), "invalid_input", "{body}");
    }
    let many = json!({"batch": uuid(3), "base_rev": 0, "ops": vec![json!({}); 5001]});
    assert_eq!(editor.post(&path, &many).code(), "too_large");
}

#[test]
fn what_was_deleted_is_hidden_told_and_restored() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let id = small(&editor);
        let before = doc(&editor, &id)["doc"].clone();
        edit(&editor, &id, 1, json!([{"op": "touchpoint.del", "id": "look"}]));
        assert_eq!(doc(&editor, &id)["doc"]["cards"], json!([]));
        let refused = edit(
            &editor,
            &id,
            2,
            json!([{"op": "touchpoint.set", "id": "look", "field": "owner", "value": "x"}]),
        );
        assert_eq!(refused["rejected"][0]["current"], json!({"deleted": true}));
        let back = edit(&editor, &id, 3, json!([{"op": "touchpoint.restore", "id": "look"}]));
        assert_eq!(back["applied"][0]["op"]["restored"]["cards"][0]["text"], "Looks around");
        assert_eq!(doc(&editor, &id)["doc"], before);
    });
}

#[test]
fn a_restart_in_between_loses_nothing() {
    for begin in [|| Some(House::on_sqlite()), House::on_postgres] {
        let Some(house) = begin() else { continue };
        let user = house.user(HERE, Role::Editor).id;
        let editor = house.session(&user);
        let id = small(&editor);
        let ops = json!([{"op": "stage.set", "id": "shop", "field": "goal", "value": "Shoes"}]);
        let first = edit(&editor, &id, 1, ops.clone());
        let seen = doc(&editor, &id);
        let house = house.restart();
        let editor = house.session(&user);
        assert_eq!(doc(&editor, &id), seen);
        // The answer was lost on the way, so the client sends it again.
        assert_eq!(edit(&editor, &id, 1, ops), first);
        assert_eq!(edit(&editor, &id, 2, json!([{"op": "stage.del", "id": "shop"}]))["rev"], 3);
    }
}

#[test]
fn many_clients_at_once_are_put_in_one_order() {
    on_both(|house| {
        let user = house.user(HERE, Role::Editor).id;
        let id = small(&house.session(&user));
        let (clients, rounds) = (4, 6);
        std::thread::scope(|scope| {
            for client in 0..clients {
                let (user, id) = (&user, &id);
                scope.spawn(move || {
                    let editor = house.session(user);
                    for round in 0..rounds {
                        let number = 1_000 + client * 100 + round;
                        let ops = json!([{"op": "card.add", "id": uuid(number), "touchpoint": "till", "lane": "pains", "after": null, "text": "Slow"}]);
                        edit(&editor, id, number, ops);
                    }
                });
            }
        });
        let editor = house.session(&user);
        let there = doc(&editor, &id);
        assert_eq!(there["rev"], json!(1 + clients * rounds));
        let cards = there["doc"]["cards"].as_array().unwrap();
        let orders: Vec<&str> = cards
            .iter()
            .filter(|it| it["lane"] == "pains")
            .map(|it| it["order"].as_str().unwrap())
            .collect();
        assert_eq!(orders.len() as u32, clients * rounds);
        assert!(orders.is_sorted_by(|a, b| a < b), "{orders:?}");
        let log = house.runtime.block_on(house.workspace(HERE).journey_log(&id, 1, 1_000)).unwrap();
        let revs: Vec<i64> = log.iter().map(|it| it.rev).collect();
        assert_eq!(revs, (2..=1 + i64::from(clients * rounds)).collect::<Vec<_>>());
    });
}

/// What the server holds is what the model makes of the log, whatever was sent.
#[test]
fn the_log_laid_on_the_beginning_gives_the_present() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let id = small(&editor);
        let mut client: Map = serde_json::from_value(doc(&editor, &id)["doc"].clone()).unwrap();
        // The same every time; mostly right, partly not.
        let mut dice = 12_345_u64;
        let mut roll = |end: u64| {
            dice = dice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % end
        };
        for batch in 0..60 {
            let ops: Vec<Value> = (0..1 + roll(4)).map(|_| {
                let card = uuid(2_000 + roll(12) as u32);
                let touchpoint = ["look", "till", "new"][roll(3) as usize];
                let lane = ["does", "pains", "own"][roll(3) as usize];
                match roll(11) {
                    0..=2 => json!({"op": "card.add", "id": card, "touchpoint": touchpoint, "lane": lane, "after": null, "text": "T"}),
                    3 => json!({"op": "card.move", "id": card, "touchpoint": touchpoint, "lane": lane, "after": uuid(2_000)}),
                    4 => json!({"op": "card.del", "id": card}),
                    5 => json!({"op": "card.restore", "id": card}),
                    6 => json!({"op": "lane.add", "id": "own", "title": "Own", "kind": "text", "view": "both", "after": "does"}),
                    7 => json!({"op": "touchpoint.add", "id": "new", "stage": "shop", "title": "New", "after": "look"}),
                    8 => json!({"op": "touchpoint.move", "id": touchpoint, "stage": "shop", "after": null}),
                    9 => json!({"op": "touchpoint.del", "id": touchpoint}),
                    _ => json!({"op": "touchpoint.restore", "id": touchpoint}),
                }
            }).collect();
            edit(&editor, &id, 3_000 + batch, json!(ops));
        }
        let log = house.runtime.block_on(house.workspace(HERE).journey_log(&id, 1, 1_000)).unwrap();
        assert!(log.len() > 10, "only {} batches did anything", log.len());
        for batch in log {
            for op in serde_json::from_str::<Vec<Op>>(&batch.ops).unwrap() {
                client.replay(op, batch.at).unwrap();
            }
        }
        assert_eq!(json!(client.visible()), doc(&editor, &id)["doc"]);
    });
}
