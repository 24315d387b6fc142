//! Rows that were refused: seen by source, taken out, mended, sent again once.

use reqwest::Method;
use serde_json::json;
use server::{Role, Scope};

use crate::house::{HERE, on_both};

#[test]
fn a_refused_row_is_mended_once() {
    on_both(|house| {
        let (id, text) = house.new_key(HERE, &[Scope::Collect]);
        let key = house.anonymous().with("authorization", &format!("Bearer {text}"));
        let editor = house.signed_in(HERE, Role::Editor);
        key.post("/v1/track", &json!({ "event": "=Paid", "timestamp": "2026-03-01T10:00:00Z" }))
            .ok();
        key.post(
            "/v1/track",
            &json!({ "userId": "ada", "event": "Left", "timestamp": "2026-03-01T11:00:00Z" }),
        )
        .ok();

        let sources = editor.get("/api/v1/sources").ok();
        let source = &sources["items"][0];
        assert_eq!(source["source"], format!("key:{id}"));
        assert_eq!(source["name"], "a test's");
        assert_eq!(source["state"], "flowing");
        assert_eq!(
            (&source["accepted"], &source["refused"], &source["waiting"]),
            (&json!(1), &json!(1), &json!(1))
        );
        assert_eq!(source["first_reason"], "the message has neither `userId` nor `anonymousId`");
        assert_eq!(source["event_at"], "2026-03-01T11:00:00Z");
        assert_eq!(source["lag_seconds"], 3600);

        let list = editor.get(&format!("/api/v1/refused?source=key:{id}")).ok();
        let row = &list["items"][0];
        assert_eq!(editor.get("/api/v1/refused?source=key:other").ok()["items"], json!([]));
        let csv = editor.get("/api/v1/refused.csv");
        assert!(csv.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
        assert!(csv.text.contains("\"{\"\"event\"\":\"\"=Paid\"\""), "{}", csv.text);

        let path = format!("/api/v1/refused/{}/mend", row["id"].as_str().unwrap());
        let still = editor.post(&path, &json!({}));
        assert_eq!((still.status, still.code().as_str()), (400, "invalid_input"));
        let mended = json!({ "row": { "userId": "ada", "event": "Paid", "timestamp": "2026-03-01T10:00:00Z" } });
        let told = editor.with("idempotency-key", "mend").post(&path, &mended);
        assert_eq!(told.ok(), json!({ "accepted": 1, "duplicate": 0, "quarantined": 0 }));
        assert_eq!(editor.with("idempotency-key", "mend").post(&path, &mended).text, told.text);
        assert_eq!(editor.with("idempotency-key", "mend").post(&path, &json!({})).status, 409);
        assert_eq!(editor.post(&path, &mended).status, 404, "it has left the quarantine");
        assert_eq!(house.timeline(HERE, "ada"), ["Paid - {}", "Left - {}"]);
        assert_eq!(editor.get("/api/v1/refused").ok()["items"], json!([]));
        let log = house.signed_in(HERE, Role::Admin).get("/api/v1/audit").ok();
        let actions: Vec<&str> = log["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["action"].as_str().unwrap())
            .collect();
        assert!(
            actions.contains(&"refused.mended") && actions.contains(&"refused.exported"),
            "{actions:?}"
        );
    });
}

#[test]
fn a_refused_row_is_given_up() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        house.key(HERE, &[Scope::Collect]).post("/v1/batch", &json!({ "batch": [1, 2, 3] })).ok();
        let list = editor.get("/api/v1/refused?limit=2").ok();
        let next = list["next"].as_str().unwrap();
        let rest = editor.get(&format!("/api/v1/refused?limit=2&after={next}")).ok();
        assert_eq!(rest["items"].as_array().unwrap().len(), 1);
        let path = format!("/api/v1/refused/{}", rest["items"][0]["id"].as_str().unwrap());
        assert_eq!(editor.send(Method::DELETE, &path, None).status, 204);
        assert_eq!(editor.send(Method::DELETE, &path, None).status, 404);
        assert_eq!(editor.get("/api/v1/refused").ok()["items"].as_array().unwrap().len(), 2);
    });
}
