//! Other doors than Segment's: our own words, CloudEvents, webhooks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use expect_test::expect;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Method;
use serde_json::{Value, json};
use server::{Role, Scope};
use sha2::Sha256;

use crate::house::{Answer, HERE, House, now, on_both};

#[test]
fn events_in_our_own_words_are_stored() {
    on_both(|house| {
        let key = house.key(HERE, &[Scope::Collect]);
        let body = json!({ "events": [
            { "customer_id": "ada", "at": "2026-03-01T10:00:00Z", "activity": "Parked", "channel": "store",
              "event_id": "e1", "attributes": { "lot": "B" }, "minutes": 4 },
            { "customer_id": 7, "at": "2026-03-01 10:00:00", "activity": "Parked" },
            { "customer_id": "ada", "activity": "Parked" },
        ] });
        let told = key.post("/api/v1/events", &body).ok();
        assert_eq!(told, json!({ "accepted": 2, "duplicate": 0, "quarantined": 1 }));
        assert_eq!(house.timeline(HERE, "ada"), [r#"Parked store {"lot": "B", "minutes": "4"}"#]);
        assert_eq!(house.timeline(HERE, "7"), ["Parked - {}"]);
        assert_eq!(key.post("/api/v1/events", &json!([])).code(), "invalid_input");
    });
}

#[test]
fn cloud_events_are_stored_in_each_mode() {
    on_both(|house| {
        let key = house.key(HERE, &[Scope::Collect]);
        let event = |id: &str, source: &str| {
            json!({ "specversion": "1.0", "id": id, "source": source, "type": "paid",
                    "subject": "ada", "time": "2026-03-01T10:00:00Z", "data": { "sum": 9 } })
        };
        let send = |kind: &str, body: &Value| {
            let body = Some((kind, body.to_string().into_bytes()));
            key.send_bytes(Method::POST, "/v1/events", body).ok()
        };
        let told = send("application/cloudevents+json; charset=utf-8", &event("1", "/till"));
        assert_eq!(told["accepted"], 1);
        let batch = json!([event("1", "/till"), event("1", "/web"), { "specversion": "1.0" }]);
        let told = send("application/cloudevents-batch+json", &batch);
        assert_eq!(told, json!({ "accepted": 1, "duplicate": 1, "quarantined": 1 }));
        let binary = key
            .with("ce-specversion", "1.0")
            .with("ce-id", "2")
            .with("ce-source", "/till")
            .with("ce-type", "Points%20redeemed")
            .with("ce-subject", "ada")
            .with("ce-time", "2026-03-01T11:00:00Z");
        assert_eq!(binary.post("/v1/events", &json!({ "points": 250 })).ok()["accepted"], 1);
        assert_eq!(
            house.timeline(HERE, "ada"),
            [
                r#"paid - {"sum": "9"}"#,
                r#"paid - {"sum": "9"}"#,
                r#"Points redeemed - {"points": "250"}"#
            ]
        );
        assert_eq!(key.post("/v1/events", &json!({})).code(), "invalid_input");
    });
}

fn hmac(key: &[u8], parts: &[&str]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| mac.update(part.as_bytes()));
    mac.finalize().into_bytes().to_vec()
}

/// Sends a webhook as Standard Webhooks say.
fn send(house: &House, (path, secret): (&str, &str), id: &str, body: &str) -> Answer {
    let at = (now() / 1_000_000).to_string();
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let signature = STANDARD.encode(hmac(&key, &[id, ".", &at, ".", body]));
    let sender = house
        .anonymous()
        .with("webhook-id", id)
        .with("webhook-timestamp", &at)
        .with("webhook-signature", &format!("v1,{signature}"));
    sender.send_bytes(Method::POST, path, Some(("application/json", body.as_bytes().to_vec())))
}

#[test]
fn a_webhook_that_is_signed_brings_events() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let mapping = json!({
            "events": "/orders", "customer_id": "/buyer/id", "activity": "Bought", "at": "/time",
            "at_unit": "s", "event_id": "/id", "channel": "/via", "attributes": { "sum": "/sum" },
        });
        let body = json!({ "orders": [
            { "id": 1, "buyer": { "id": "ada" }, "time": 1_772_359_200, "sum": 9.5, "via": "web" },
            { "id": 2, "buyer": {}, "time": 1_772_359_200 },
        ] });
        let seen =
            editor.post("/api/v1/hooks/preview", &json!({ "mapping": mapping, "body": body }));
        expect![[r#"
            [
              {
                "event": {
                  "customer_id": "ada",
                  "at": "2026-03-01T10:00:00Z",
                  "activity": "Bought",
                  "channel": "web",
                  "event_id": "1",
                  "attributes": {
                    "sum": "9.5"
                  }
                }
              },
              {
                "refused": "there is nothing at `/buyer/id`"
              }
            ]"#]]
        .assert_eq(&serde_json::to_string_pretty(&seen.ok()).unwrap());
        assert_eq!(house.contents(HERE).tail, 0, "a look stores nothing");

        let new = json!({ "name": "shop", "signature": "standard", "mapping": mapping });
        let hook = editor.post("/api/v1/hooks", &new).ok();
        let (path, secret) = (hook["path"].as_str().unwrap(), hook["secret"].as_str().unwrap());
        let shown = editor.get("/api/v1/hooks").ok();
        assert!(shown["items"][0].get("secret").is_none(), "{shown}");
        let body = body.to_string();
        let told = send(house, (path, secret), "msg_1", &body);
        assert_eq!(told.ok(), json!({ "accepted": 1, "duplicate": 0, "quarantined": 1 }));
        // The sender did not hear the answer and sends it again.
        assert_eq!(send(house, (path, secret), "msg_1", &body).text, told.text);
        let forged = send(house, (path, "whsec_AAAAAAAAAAAAAAAAAAAAAAAA"), "msg_2", &body);
        assert_eq!((forged.status, forged.code().as_str()), (401, "unauthorized"));
        assert_eq!(house.anonymous().post(path, &json!({})).status, 401);
        assert_eq!(house.timeline(HERE, "ada"), [r#"Bought web {"sum": "9.5"}"#]);

        // The mapping was wrong: mended, the row that was refused becomes an event.
        let mut mapping = mapping.clone();
        mapping["customer_id"] = json!("nobody");
        let id = hook["id"].as_str().unwrap();
        editor.send(Method::PUT, &format!("/api/v1/hooks/{id}/mapping"), Some(&mapping)).ok();
        let replay = json!({ "source": format!("hook:{id}") });
        let told = editor.post("/api/v1/refused/replay", &replay).ok();
        assert_eq!(told, json!({ "mended": 1, "refused": 0 }));
        let told = editor.post("/api/v1/refused/replay", &replay).ok();
        assert_eq!(told, json!({ "mended": 0, "refused": 0 }));
        assert_eq!(house.timeline(HERE, "nobody"), ["Bought - {}"]);

        editor.send(Method::DELETE, &format!("/api/v1/hooks/{id}"), None).ok();
        assert_eq!(send(house, (path, secret), "msg_3", &body).status, 404);
    });
}

#[test]
fn a_webhook_may_be_signed_as_github_does() {
    on_both(|house| {
        let editor = house.signed_in(HERE, Role::Editor);
        let secret = "a secret of sixteen letters";
        let mapping = json!({ "customer_id": "/sender/login", "activity": "/action" });
        let new =
            json!({ "name": "forge", "signature": "hub", "secret": secret, "mapping": mapping });
        let hook = editor.post("/api/v1/hooks", &new).ok();
        let body = json!({ "action": "opened", "sender": { "login": "ada" } }).to_string();
        let hex: String =
            hmac(secret.as_bytes(), &[&body]).iter().map(|it| format!("{it:02x}")).collect();
        let sender = house.anonymous().with("x-hub-signature-256", &format!("sha256={hex}"));
        let post = |body: &str| {
            let body = Some(("application/json", body.as_bytes().to_vec()));
            sender.send_bytes(Method::POST, hook["path"].as_str().unwrap(), body)
        };
        assert_eq!(post(&body).ok()["accepted"], 1);
        assert_eq!(post("{}").status, 401);
        assert_eq!(house.timeline(HERE, "ada"), ["opened - {}"]);
        let short =
            json!({ "name": "forge", "signature": "hub", "secret": "short", "mapping": mapping });
        assert_eq!(editor.post("/api/v1/hooks", &short).code(), "invalid_input");
    });
}
