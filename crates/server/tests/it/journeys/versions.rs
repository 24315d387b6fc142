//! Versions: published when nothing stands against it, never changed, compared, brought back.

use reqwest::Method;
use serde_json::{Value, json};
use server::Role;

use super::{doc, edit, first_card, small, uuid};
use crate::house::{HERE, on_both};
use crate::measures::{CAFE, cafe};

#[test]
fn a_journey_is_published_when_nothing_stands_against_it() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let id = small(&editor);
        let path = format!("/api/v1/journeys/{id}");
        edit(
            &editor,
            &id,
            1,
            json!([{"op": "touchpoint.add", "id": "bag", "stage": "shop", "title": "I pack", "after": "till"}]),
        );
        let lacking = editor.get(&format!("{path}/readiness")).ok();
        assert_eq!((&lacking["may_publish"], &lacking["rev"]), (&json!(false), &json!(2)));
        let rules: Vec<&Value> =
            lacking["problems"].as_array().unwrap().iter().map(|it| &it["rule"]).collect();
        assert_eq!(rules, ["touchpoint_channel", "touchpoint_standard"]);
        let refused = editor.post(&format!("{path}/publish"), &json!({}));
        assert_eq!(refused.code(), "conflict");
        assert!(
            refused.text.contains("“I pack” has no channel: say where it happens, and 1 more"),
            "{}",
            refused.text
        );

        edit(
            &editor,
            &id,
            2,
            json!([
                {"op": "touchpoint.set", "id": "bag", "field": "channels", "value": ["shop"]},
                {"op": "touchpoint.set", "id": "bag", "field": "no_standard", "value": "Customers do it themselves"}
            ]),
        );
        let version =
            editor.post(&format!("{path}/publish"), &json!({"name": "First", "note": "All of it"}));
        assert_eq!(version.status, 201);
        assert_eq!((&version.json()["number"], &version.json()["rev"]), (&json!(1), &json!(3)));
        let there = doc(&editor, &id);
        assert_eq!(
            (&there["status"], &there["published"], &there["has_draft"]),
            (&json!("published"), &json!(1), &json!(false))
        );
        assert_eq!(editor.post(&format!("{path}/publish"), &json!({})).code(), "conflict");

        // What is edited afterwards leaves the version as it is.
        let frozen = editor.get(&format!("{path}/versions/1")).ok();
        edit(&editor, &id, 3, json!([{"op": "stage.del", "id": "shop"}]));
        assert_eq!(editor.get(&format!("{path}/versions/1")).ok(), frozen);
        let there = doc(&editor, &id);
        assert_eq!((&there["published"], &there["has_draft"]), (&json!(1), &json!(true)));
        for absent in ["2", "0", "x", "99999999999999999999"] {
            assert_eq!(editor.get(&format!("{path}/versions/{absent}")).status, 404);
        }
        let analyst = house.signed_in(HERE, Role::Analyst);
        assert_eq!(analyst.post(&format!("{path}/publish"), &json!({})).code(), "forbidden");
    });
}

#[test]
fn versions_are_named_listed_compared_and_brought_back() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let id = small(&editor);
        let path = format!("/api/v1/journeys/{id}");
        let before = doc(&editor, &id)["doc"].clone();
        let card = first_card(&editor, &id)["id"].clone();
        editor.post(&format!("{path}/versions"), &json!({"name": "Before the workshop"})).ok();
        edit(
            &editor,
            &id,
            1,
            json!([
                {"op": "card.set", "id": card, "text_rev": 1, "text": "Runs"},
                {"op": "card.add", "id": uuid(60), "touchpoint": "till", "lane": "pains", "after": null, "text": "Queue"},
                {"op": "touchpoint.move", "id": "till", "stage": "shop", "after": null},
                {"op": "feel.set", "touchpoint": "till", "feels": {"label": "tense", "valence": -1, "grade": "told"}},
                {"op": "stage.add", "id": "out", "title": "I leave", "after": "shop"},
                {"op": "touchpoint.move", "id": "look", "stage": "out", "after": null}
            ]),
        );
        editor.post(&format!("{path}/versions"), &json!({"name": "After"})).ok();
        let list = editor.get(&format!("{path}/versions?limit=1")).ok();
        assert_eq!((&list["items"][0]["name"], &list["next"]), (&json!("After"), &json!("2")));
        assert_eq!(
            editor.get(&format!("{path}/versions?after=2")).ok()["items"][0]["name"],
            "Before the workshop"
        );

        let compared = editor.get(&format!("{path}/compare?from=1")).ok();
        let kinds: Vec<(&str, &str)> = compared["diff"]["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["kind"].as_str().unwrap(), it["noun"].as_str().unwrap()))
            .collect();
        assert_eq!(
            kinds,
            [
                ("added", "stage"),
                ("changed", "touchpoint"),
                ("moved", "touchpoint"),
                ("added", "card"),
                ("changed", "card")
            ]
        );
        assert!(compared["text"].as_str().unwrap().contains("Looks around → Runs"));
        let nothing = editor.get(&format!("{path}/compare?from=2&to=head")).ok();
        assert_eq!(nothing["diff"]["changes"], json!([]));

        // One card of it, then all.
        let restore = |batch: u32, cards: Value| {
            let body = json!({"batch": uuid(batch), "version": 1, "cards": cards});
            editor.post(&format!("{path}/restore"), &body).ok()
        };
        restore(10, json!([card]));
        let cards = doc(&editor, &id)["doc"]["cards"].clone();
        let texts: Vec<&Value> = cards.as_array().unwrap().iter().map(|it| &it["text"]).collect();
        assert_eq!(texts, ["Queue", "Looks around"]);
        let answer = restore(11, json!(null));
        assert_eq!(answer["rejected"], json!([]));
        assert_eq!(restore(11, json!(null)), answer);
        let after = doc(&editor, &id)["doc"].clone();
        let plain = |mut map: Value| {
            for list in ["stages", "touchpoints", "cards"] {
                for thing in map[list].as_array_mut().unwrap() {
                    thing
                        .as_object_mut()
                        .unwrap()
                        .retain(|key, _| key != "order" && key != "text_rev");
                }
            }
            map
        };
        assert_eq!(plain(after), plain(before));
        assert_eq!(
            editor.get(&format!("{path}/compare?from=1&to=head")).ok()["diff"]["changes"],
            json!([])
        );
        let absent = json!({"batch": uuid(12), "version": 9});
        assert_eq!(editor.post(&format!("{path}/restore"), &absent).status, 404);
    });
}

#[test]
fn the_present_and_what_is_wanted_stand_side_by_side() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let id = small(&editor);
        let target = editor.post("/api/v1/journeys", &json!({"target_of": id})).ok();
        let target = target["id"].as_str().unwrap();
        edit(
            &editor,
            target,
            1,
            json!([{"op": "touchpoint.add", "id": "app", "stage": "shop", "title": "I pay by app", "after": "look"}]),
        );
        let compared = editor.get(&format!("/api/v1/journeys/{id}/compare?with={target}")).ok();
        let fates: Vec<(&str, &Value)> = compared["fates"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["kind"].as_str().unwrap(), &it["new"]))
            .collect();
        assert_eq!(
            fates,
            [("kept", &json!(["look"])), ("kept", &json!(["till"])), ("new", &json!(["app"]))]
        );
        assert_eq!(
            (&compared["from"]["scope"], &compared["to"]["scope"]),
            (&json!("current"), &json!("target"))
        );
        assert_eq!(
            editor.get(&format!("/api/v1/journeys/{id}/compare?with={}", uuid(1))).status,
            404
        );
    });
}

#[test]
fn what_became_of_touchpoints_is_proposed_and_settled() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let id = small(&editor);
        let path = format!("/api/v1/journeys/{id}");
        editor.post(&format!("{path}/versions"), &json!({"name": "1"})).ok();
        edit(
            &editor,
            &id,
            1,
            json!([
                {"op": "touchpoint.del", "id": "till"},
                {"op": "touchpoint.add", "id": "app", "stage": "shop", "title": "Paying in the app", "after": "look"}
            ]),
        );
        editor.post(&format!("{path}/versions"), &json!({"name": "2"})).ok();
        let mapping = format!("{path}/mappings/1/2");
        let proposed = editor.get(&mapping).ok();
        assert_eq!(
            (&proposed["mapping"], &proposed["is_proposed"]),
            (&json!({"look": ["look"], "till": []}), &json!(true))
        );
        let put = |body: Value| editor.send(Method::PUT, &mapping, Some(&body));
        assert_eq!(put(json!({"look": ["look"]})).code(), "invalid_input");
        assert_eq!(put(json!({"look": ["nowhere"], "till": []})).code(), "invalid_input");
        let settled = put(json!({"look": ["look"], "till": ["app"]})).ok();
        assert_eq!(
            settled["fates"][1],
            json!({"kind": "renamed", "old": ["till"], "new": ["app"]})
        );
        assert_eq!(editor.get(&mapping).ok()["is_proposed"], json!(false));
        let compared = editor.get(&format!("{path}/compare?from=1&to=2")).ok();
        assert_eq!(compared["fates"][1]["kind"], "renamed");
        assert_eq!(editor.get(&format!("{path}/mappings/1/3")).status, 404);
    });
}

#[test]
fn what_is_measured_is_a_published_version() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let source = json!({"format": "yaml", "text": CAFE.replace(
            "        channels: [till]\n",
            "        channels: [till]\n        no_standard: Nothing to promise\n",
        )});
        let made = editor.post("/api/v1/journeys", &json!({"source": source})).ok();
        let id = made["id"].as_str().unwrap();
        let path = format!("/api/v1/journeys/{id}");
        cafe(house, HERE, 12);
        let draft = editor.get(&format!("{path}/measures"));
        assert_eq!((draft.status, draft.code().as_str()), (404, "not_found"));
        assert!(draft.text.contains("publish it"), "{}", draft.text);
        editor.post(&format!("{path}/publish"), &json!({})).ok();
        let first = editor.get(&format!("{path}/measures")).ok();
        assert_eq!((&first["version"], &first["journey"]), (&json!(1), &json!("cafe")));
        assert_eq!(first["touchpoints"].as_array().unwrap().len(), 2);

        edit(
            &editor,
            id,
            1,
            json!([{"op": "touchpoint.set", "id": "drink", "field": "owner", "value": "waiter"}]),
        );
        editor.post(&format!("{path}/versions"), &json!({"name": "Not published"})).ok();
        assert_eq!(editor.get(&format!("{path}/measures?version=2")).status, 404);
        editor.post(&format!("{path}/publish"), &json!({})).ok();
        assert_eq!(editor.get(&format!("{path}/measures")).ok()["version"], 3);
        assert_eq!(editor.get(&format!("{path}/measures?version=1")).ok()["version"], 1);
    });
}
