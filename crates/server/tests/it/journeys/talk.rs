//! Comments and personas.

use reqwest::Method;
use serde_json::{Value, json};
use server::Role;

use super::{small, uuid};
use crate::house::{Caller, ELSEWHERE, HERE, on_both};

fn patch(caller: &Caller<'_>, path: &str, body: Value) -> crate::house::Answer {
    caller.send(Method::PATCH, path, Some(&body))
}

#[test]
fn threads_are_begun_answered_settled_and_taken_away() {
    on_both(|house| {
        let (ann, bob) = (house.signed_in(HERE, Role::Editor), house.signed_in(HERE, Role::Viewer));
        let mate = house.user(HERE, Role::Agent).id;
        let id = small(&ann);
        let path = format!("/api/v1/journeys/{id}/comments");
        let about = json!({"kind": "cell", "id": "look/does"});
        let first =
            bob.post(&path, &json!({"text": "Really?", "about": about, "mentions": [mate]})).ok();
        assert_eq!((&first["about"], &first["mentions"]), (&about, &json!([mate])));
        let first_id = first["id"].as_str().unwrap();
        let inbox = house.session(&mate).get("/api/v1/notifications").ok();
        assert_eq!(inbox["items"][0]["topic"], "mentioned", "{inbox}");
        assert_eq!(inbox["items"][0]["object"], format!("comment:{id}/{first_id}"));
        assert!(!inbox["items"][0]["sentence"].as_str().unwrap().contains("Really"), "{inbox}");
        let answer = ann.post(&path, &json!({"text": "Yes", "thread": first_id})).ok();
        assert_eq!((&answer["thread"], &answer["about"]), (&json!(first_id), &about));
        // An answer to an answer stands in the same thread.
        let deeper = bob.post(&path, &json!({"text": "Oh", "thread": answer["id"]})).ok();
        assert_eq!(deeper["thread"], json!(first_id));

        let one = format!("{path}/{first_id}");
        assert_eq!(patch(&ann, &one, json!({"text": "Mine"})).code(), "forbidden");
        assert_eq!(patch(&bob, &one, json!({"text": "Is it so?"})).ok()["text"], "Is it so?");
        let settled = patch(&ann, &one, json!({"resolved": true})).ok();
        assert!(settled["resolved_by"].as_str().unwrap().starts_with("user:"));
        assert_eq!(patch(&ann, &one, json!({"resolved": false})).ok()["resolved_at"], json!(null));
        let of_answer = format!("{path}/{}", answer["id"].as_str().unwrap());
        assert_eq!(patch(&ann, &of_answer, json!({"resolved": true})).code(), "invalid_input");

        let list = bob.get(&format!("{path}?limit=2")).ok();
        let texts: Vec<&Value> =
            list["items"].as_array().unwrap().iter().map(|it| &it["text"]).collect();
        assert_eq!(texts, ["Is it so?", "Yes"]);
        let next = list["next"].as_str().unwrap();
        assert_eq!(bob.get(&format!("{path}?after={next}")).ok()["items"][0]["text"], "Oh");

        assert_eq!(bob.send(Method::DELETE, &of_answer, None).code(), "forbidden");
        let admin = house.signed_in(HERE, Role::Admin);
        assert_eq!(admin.send(Method::DELETE, &of_answer, None).status, 204);
        assert_eq!(bob.get(&path).ok()["items"].as_array().unwrap().len(), 2);
        assert_eq!(patch(&ann, &of_answer, json!({"resolved": true})).status, 404);
    });
}

#[test]
fn nobody_is_meant_who_is_not_here_and_nothing_is_said_of_nothing() {
    on_both(|house| {
        let ann = house.signed_in(HERE, Role::Editor);
        let path = format!("/api/v1/journeys/{}/comments", small(&ann));
        let stranger = house.user(ELSEWHERE, Role::Viewer).id;
        let about = json!({"kind": "map"});
        for body in [
            json!({"text": "Hi", "about": about, "mentions": [stranger]}),
            json!({"text": " ", "about": about}),
            json!({"text": "Hi"}),
            json!({"text": "Hi", "about": {"kind": "card"}}),
            json!({"text": "Hi", "about": {"kind": "smell", "id": "x"}}),
        ] {
            assert_eq!(ann.post(&path, &body).code(), "invalid_input", "{body}");
        }
        assert_eq!(ann.post(&path, &json!({"text": "Hi", "thread": uuid(1)})).status, 404);
        assert_eq!(ann.get(&format!("{path}?after=x")).code(), "invalid_input");
    });
}

#[test]
fn personas_are_shared_in_a_workspace() {
    on_both(|house| {
        let (ann, bob) = (house.signed_in(HERE, Role::Editor), house.signed_in(HERE, Role::Viewer));
        let family = json!({"title": "Weekly family", "segment": {"attribute": "kind", "in": ["family", true]}, "needs": ["One trip"], "grade": "told"});
        let made = ann.post("/api/v1/personas", &family).ok();
        assert_eq!(made["id"], "weekly-family");
        assert_eq!(
            ann.post("/api/v1/personas", &json!({"title": "Weekly family"})).ok()["id"],
            "weekly-family-2"
        );
        assert_eq!(bob.post("/api/v1/personas", &family).code(), "forbidden");
        assert_eq!(bob.get("/api/v1/personas/weekly-family").ok()["segment"], family["segment"]);
        let put = |path: &str, body: &Value| ann.send(Method::PUT, path, Some(body));
        assert_eq!(
            put("/api/v1/personas/weekly-family", &json!({"title": "Family"})).ok()["needs"],
            json!(null)
        );
        assert_eq!(put("/api/v1/personas/nobody", &family).status, 404);
        assert_eq!(
            put("/api/v1/personas/weekly-family", &json!({"title": ""})).code(),
            "invalid_input"
        );
        assert_eq!(bob.get("/api/v1/personas?limit=1").ok()["next"], "weekly-family");
        assert_eq!(ann.send(Method::DELETE, "/api/v1/personas/weekly-family-2", None).status, 204);
        assert_eq!(ann.send(Method::DELETE, "/api/v1/personas/weekly-family-2", None).status, 404);
        let stranger = house.signed_in(ELSEWHERE, Role::Owner);
        assert_eq!(stranger.get("/api/v1/personas/weekly-family").status, 404);
    });
}
