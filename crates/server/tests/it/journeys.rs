//! Journeys over HTTP: taken up, edited by two, pushed, published, compared, brought back, talked about.

use reqwest::Method;
use serde_json::{Value, json};
use server::{Role, Scope};

use crate::house::{Caller, ELSEWHERE, HERE, House, on_both};

mod edits;
mod pushes;
mod talk;
mod versions;

/// A UUID by its number.
pub(crate) fn uuid(number: u32) -> String {
    format!("018f0000-0000-7000-8000-{number:012x}")
}

/// A journey of two touchpoints with a card; its id.
pub(crate) fn small(caller: &Caller<'_>) -> String {
    let document = "footpath: 1\njourney: pay\ntitle: I pay\nstages:\n  - id: shop\n    title: I shop\n    phase: during\n    owner: shop\n    touchpoints:\n\
        \x20     - {id: look, title: I look, channels: [shop], does: Looks around, no_standard: Nothing to promise}\n\
        \x20     - {id: till, title: I pay, channels: [till], events: [paid], standards: [{id: quick, text: Quick, starts: paid}]}\n";
    let source = json!({"source": {"format": "yaml", "text": document}});
    let made = caller.post("/api/v1/journeys", &source).ok();
    made["id"].as_str().unwrap().to_owned()
}

pub(crate) fn doc(caller: &Caller<'_>, id: &str) -> Value {
    caller.get(&format!("/api/v1/journeys/{id}")).ok()
}

/// Sends a batch of operations.
pub(crate) fn edit(caller: &Caller<'_>, id: &str, batch: u32, ops: Value) -> Value {
    let body = json!({"batch": uuid(batch), "base_rev": 0, "ops": ops});
    caller.post(&format!("/api/v1/journeys/{id}/ops"), &body).ok()
}

/// The first card of a journey.
pub(crate) fn first_card(caller: &Caller<'_>, id: &str) -> Value {
    doc(caller, id)["doc"]["cards"][0].clone()
}

#[test]
fn a_journey_is_taken_up_empty_from_a_text_or_from_another_one() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let empty = editor.post("/api/v1/journeys", &json!({"title": "I renew my contract"}));
        assert_eq!(empty.status, 201);
        let empty = empty.json();
        assert_eq!(
            (&empty["name"], &empty["rev"], &empty["status"]),
            (&json!("i-renew-my-contract"), &json!(1), &json!("draft"))
        );
        assert_eq!(empty["doc"]["lanes"].as_array().unwrap().len(), 17);

        let id = small(&editor);
        let target = editor
            .post("/api/v1/journeys", &json!({"target_of": id, "title": "I pay by app"}))
            .ok();
        assert_eq!((&target["scope"], &target["target_of"]), (&json!("target"), &json!(id)));
        assert_eq!(target["doc"]["cards"], doc(&editor, &id)["doc"]["cards"]);

        let diagram =
            json!({"source": {"format": "mermaid", "text": "journey\nsection S\nPay: 2: Me"}});
        let drawn = editor.post("/api/v1/journeys", &diagram).ok();
        assert_eq!(drawn["warnings"], json!(["the diagram has no title"]));

        for (body, told) in [
            (json!({}), "what the customer sets out to do"),
            (json!({"title": " "}), "what the customer sets out to do"),
            (json!({"title": "T", "name": "No Id"}), "is no id"),
            (
                json!({"source": {"format": "yaml", "text": "footpath: 1\njourney: a\ntitle: A\nchanels: 2\nstages: [{id: s, title: S, touchpoints: [{id: t, title: T}]}]"}}),
                "unknown key `chanels`",
            ),
            (json!({"source": {"format": "tsv", "text": "x"}}), "no row of touchpoints"),
            (json!({"source": {"format": "outline", "text": "x"}}), "an outline is for reading"),
            (json!({"source": {"format": "json", "text": "{}"}}), "this is no map"),
            (json!({"title": "T", "colour": "green"}), "unknown field `colour`"),
        ] {
            let answer = editor.post("/api/v1/journeys", &body);
            assert_eq!(answer.code(), "invalid_input", "{body}");
            assert!(answer.text.contains(told), "{body}: {}", answer.text);
        }
        assert_eq!(editor.post("/api/v1/journeys", &json!({"target_of": uuid(1)})).status, 404);
    });
}

#[test]
fn lists_are_paged_searched_and_nested() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let life = editor.post("/api/v1/journeys", &json!({"title": "All my life"})).ok();
        let life = life["id"].as_str().unwrap();
        let new = |title: &str| {
            let made =
                editor.post("/api/v1/journeys", &json!({"title": title, "parent": life})).ok();
            made["id"].as_str().unwrap().to_owned()
        };
        let (_, second) = (new("Buying 100%"), new("buying_again"));
        let titles = |path: &str| -> Vec<String> {
            let list = editor.get(path).ok();
            let items = list["items"].as_array().unwrap().iter();
            items.map(|it| it["title"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(titles("/api/v1/journeys").len(), 3);
        assert_eq!(titles("/api/v1/journeys?search=BUYING"), ["Buying 100%", "buying_again"]);
        assert_eq!(titles("/api/v1/journeys?search=0%25"), ["Buying 100%"]);
        assert_eq!(titles("/api/v1/journeys?search=g_a"), ["buying_again"]);
        assert_eq!(titles(&format!("/api/v1/journeys?parent={life}")).len(), 2);
        assert_eq!(titles("/api/v1/journeys?scope=target"), Vec::<String>::new());
        let first = editor.get("/api/v1/journeys?limit=2").ok();
        let next = first["next"].as_str().unwrap().replace(' ', "%20").replace("100%/", "100%25/");
        assert_eq!(titles(&format!("/api/v1/journeys?limit=2&after={next}")), ["buying_again"]);

        let place = |id: &str, body: Value| {
            editor.send(Method::PATCH, &format!("/api/v1/journeys/{id}"), Some(&body))
        };
        assert_eq!(place(life, json!({"parent": second})).code(), "invalid_input");
        assert_eq!(place(&second, json!({"parent": second})).code(), "invalid_input");
        assert_eq!(place(&second, json!({"parent": uuid(9)})).status, 404);
        assert_eq!(place(&second, json!({"parent": null})).ok()["parent"], json!(null));
        assert_eq!(place(&second, json!({"retired": true})).ok()["status"], "retired");
        assert_eq!(titles("/api/v1/journeys").len(), 2);
        assert_eq!(titles("/api/v1/journeys?retired=true").len(), 3);
    });
}

#[test]
fn a_journey_leaves_in_every_form_and_comes_back() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let id = small(&editor);
        for (format, ending) in [
            ("yaml", "yaml"),
            ("json", "json"),
            ("mermaid", "mmd"),
            ("cjml", "xml"),
            ("tsv", "tsv"),
            ("outline", "txt"),
        ] {
            let out = editor.get(&format!("/api/v1/journeys/{id}/export?format={format}")).ok();
            assert_eq!(out["file"], json!(format!("pay.{ending}")));
            if format == "outline" {
                assert!(out["text"].as_str().unwrap().contains("Does: Looks around"));
                continue;
            }
            let source = json!({"format": format, "text": out["text"]});
            let back = editor.post("/api/v1/journeys/preview", &source).ok();
            let titles: Vec<&Value> = back["doc"]["touchpoints"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| &it["title"])
                .collect();
            assert_eq!(titles, ["I look", "I pay"], "{format}");
            if format == "json" {
                assert_eq!(back["doc"]["cards"], doc(&editor, &id)["doc"]["cards"]);
            }
        }
        assert_eq!(
            editor.get(&format!("/api/v1/journeys/{id}/export?format=pdf")).code(),
            "invalid_input"
        );
        let (viewer, owner) =
            (house.signed_in(HERE, Role::Viewer), house.signed_in(HERE, Role::Owner));
        assert_eq!(viewer.get(&format!("/api/v1/journeys/{id}/export?format=yaml")).status, 200);
        let audit = owner.get("/api/v1/audit?limit=1").ok();
        assert_eq!(audit["items"][0]["action"], "journey.exported");
    });
}

#[test]
fn a_map_that_cannot_be_is_not_taken_in() {
    let house = House::on_sqlite();
    let editor = house.signed_in(HERE, Role::Editor);
    let id = small(&editor);
    let whole = doc(&editor, &id)["doc"].clone();
    let broken: [fn(&mut Value); 6] = [
        |map| map["cards"][0]["id"] = json!("1"),
        |map| map["cards"][0]["touchpoint"] = json!("nowhere"),
        |map| map["touchpoints"][0]["stage"] = json!("nowhere"),
        |map| map["touchpoints"][0]["importance"] = json!({"customer": 99}),
        |map| map["stages"][0]["id"] = json!("Not An Id"),
        |map| map["title"] = json!(""),
    ];
    for (at, change) in broken.into_iter().enumerate() {
        let mut map = whole.clone();
        change(&mut map);
        let source = json!({"source": {"format": "json", "text": map.to_string()}});
        assert_eq!(editor.post("/api/v1/journeys", &source).code(), "invalid_input", "{at}");
    }
}

#[test]
fn another_workspace_sees_nothing_of_it() {
    on_both(|house| {
        let id = small(&house.signed_in(HERE, Role::Editor));
        let stranger = house.signed_in(ELSEWHERE, Role::Owner);
        assert_eq!(stranger.get("/api/v1/journeys").ok()["items"], json!([]));
        assert_eq!(stranger.get(&format!("/api/v1/journeys/{id}")).status, 404);
        assert_eq!(stranger.post("/api/v1/journeys", &json!({"copy_of": id})).status, 404);
        assert_eq!(
            stranger.post("/api/v1/journeys", &json!({"title": "T", "parent": id})).status,
            404
        );
        let key = house.key(HERE, &[Scope::Collect]);
        assert_eq!(key.get(&format!("/api/v1/journeys/{id}")).status, 403);
    });
}
