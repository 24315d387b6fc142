//! Events in, through every door.

use std::io::Write as _;

use expect_test::expect;
use flate2::{Compression, write::GzEncoder};
use reqwest::Method;
use serde_json::{Value, json};
use server::{Config, Role, Scope};

use crate::house::{HERE, House, on_both};

#[test]
fn messages_are_in_the_lake_once() {
    on_both(|house| {
        let key = house.key(HERE, &[Scope::Collect]);
        let body = json!({
            "sentAt": "2026-03-01T12:00:00Z",
            "batch": [
                { "type": "track", "userId": "ada", "event": "Paid", "messageId": "m1",
                  "timestamp": "2026-03-01T11:00:00Z", "properties": { "sum": 9.5, "cart": { "size": 2 } } },
                { "type": "page", "userId": "ada", "name": "Thanks", "messageId": "m2",
                  "timestamp": "2026-03-01T11:01:00Z" },
                { "type": "track", "userId": "ada", "event": "Paid", "messageId": "m1",
                  "timestamp": "2026-03-01T11:00:00Z" },
                { "type": "track", "event": "Paid" },
                7,
            ],
        });
        let told = key.post("/v1/batch", &body).ok();
        assert_eq!(told, json!({ "accepted": 2, "duplicate": 1, "quarantined": 2 }));
        let told = key.post("/v1/b", &body).ok();
        assert_eq!(told, json!({ "accepted": 0, "duplicate": 3, "quarantined": 2 }));
        expect![[r#"
            [
                "Paid - {\"cart.size\": \"2\", \"sum\": \"9.5\"}",
                "Viewed Thanks Page web {}",
            ]
        "#]]
        .assert_debug_eq(&house.timeline(HERE, "ada"));
        let refused = house.runtime.block_on(house.workspace(HERE).refused(None, "", 10)).unwrap();
        let told: Vec<_> = refused
            .iter()
            .map(|it| format!("{} {} {}", it.refused.line, it.refused.reason, it.refused.row))
            .collect();
        assert_eq!(told[..2], told[2..]);
        expect![[r#"
            4 the message has neither `userId` nor `anonymousId` {"type":"track","event":"Paid"}
            5 the message is no JSON object 7"#]]
        .assert_eq(&told[..2].join("\n"));
    });
}

#[test]
fn a_write_key_is_taken_wherever_an_sdk_has_it() {
    on_both(|house| {
        let text = house.key_text(HERE, &[Scope::Collect]);
        let mut body = json!({ "userId": "ada", "event": "Paid" });
        let stranger = house.anonymous();
        assert_eq!(stranger.post("/v1/t", &body).status, 401);
        let basic = base64(&format!("{text}:"));
        let with = |value: String| stranger.with("authorization", &value);
        assert_eq!(with(format!("Basic {basic}")).post("/v1/t", &body).ok()["accepted"], 1);
        assert_eq!(with(format!("Bearer {text}")).post("/v1/t", &body).ok()["accepted"], 1);
        body["writeKey"] = Value::String(text);
        // As pages send it, so that a browser does not ask before.
        let plain = Some(("text/plain", body.to_string().into_bytes()));
        let answer = stranger.with("origin", "https://shop.example").send_bytes(
            Method::POST,
            "/v1/t",
            plain,
        );
        assert_eq!(answer.ok()["accepted"], 1);
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        body["writeKey"] = Value::String("fp_forged".to_owned());
        assert_eq!(stranger.post("/v1/t", &body).status, 401);
        // A cookie is not looked at.
        body["writeKey"] = Value::Null;
        assert_eq!(house.signed_in(HERE, Role::Owner).post("/v1/t", &body).status, 401);
        assert_eq!(house.timeline(HERE, "ada").len(), 3);
    });
}

#[test]
fn a_browser_that_asks_before_it_sends_may() {
    let house = House::on_sqlite();
    let asked = house
        .anonymous()
        .with("origin", "https://shop.example")
        .with("access-control-request-method", "POST");
    let answer = asked.send(Method::OPTIONS, "/v1/batch", None);
    assert_eq!(answer.status, 204);
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    assert!(
        answer.headers["access-control-allow-headers"].to_str().unwrap().contains("authorization")
    );
    let elsewhere = asked.send(Method::OPTIONS, "/api/v1/me", None);
    assert!(!elsewhere.headers.contains_key("access-control-allow-origin"), "{elsewhere:?}");
}

#[test]
fn packed_bodies_are_unpacked_and_bombs_are_not() {
    let house = House::on_sqlite();
    let key = house.key(HERE, &[Scope::Collect]).with("content-encoding", "gzip");
    let send = |bytes: &[u8]| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(bytes).unwrap();
        let packed = packer.finish().unwrap();
        key.send_bytes(Method::POST, "/v1/track", Some(("application/json", packed)))
    };
    assert_eq!(send(br#"{"userId":"ada","event":"Paid"}"#).ok()["accepted"], 1);
    assert_eq!(send(&vec![b' '; 64 << 20]).code(), "too_large");
    let unpacked = Some(("application/json", b"{}".to_vec()));
    assert_eq!(key.send_bytes(Method::POST, "/v1/track", unpacked).code(), "invalid_input");
    let odd = house.key(HERE, &[Scope::Collect]).with("content-encoding", "br");
    assert_eq!(odd.post("/v1/track", &json!({})).code(), "invalid_input");
}

#[test]
fn what_is_no_request_is_told_and_changes_nothing() {
    let house =
        House::begin(tempfile::tempdir().unwrap(), Config { body_mib: 1, ..Config::default() });
    let key = house.key(HERE, &[Scope::Collect]);
    let send = |path: &str, bytes: Vec<u8>| {
        key.send_bytes(Method::POST, path, Some(("application/json", bytes))).code()
    };
    assert_eq!(send("/v1/track", b"{".to_vec()), "invalid_input");
    assert_eq!(send("/v1/track", b"[]".to_vec()), "invalid_input");
    assert_eq!(send("/v1/track", br#"{"userId":"\ud800"}"#.to_vec()), "invalid_input");
    assert_eq!(send("/v1/track", vec![b'['; 100_000]), "invalid_input");
    assert_eq!(send("/v1/batch", b"{}".to_vec()), "invalid_input");
    assert_eq!(send("/v1/batch", b"7".to_vec()), "invalid_input");
    assert_eq!(send("/v1/batch", vec![b' '; (1 << 20) + 1]), "too_large");
    let many = format!("{{\"batch\":[{}7]}}", "7,".repeat(5000));
    assert_eq!(send("/v1/batch", many.into_bytes()), "too_large");
    assert_eq!(house.contents(HERE).tail, 0);
}

#[test]
fn a_key_sends_what_its_quota_allows() {
    on_both(|house| {
        let admin = house.signed_in(HERE, Role::Admin);
        let (id, text) = house.new_key(HERE, &[Scope::Collect]);
        let path = format!("/api/v1/keys/{id}/quota");
        let key = house.anonymous().with("authorization", &format!("Bearer {text}"));
        let paid = json!({ "userId": "ada", "event": "Paid" });
        assert_eq!(key.post("/v1/track", &paid).ok()["accepted"], 1);
        let two = json!({ "events_a_minute": 2 });
        assert_eq!(admin.send(Method::PUT, &path, Some(&two)).ok(), two);
        assert_eq!(admin.get(&path).ok(), two);
        for _ in 0..2 {
            key.post("/v1/track", &paid).ok();
        }
        let refused = key.post("/v1/track", &paid);
        assert_eq!((refused.status, refused.code().as_str()), (429, "busy"));
        assert_eq!(refused.headers["retry-after"], "30");
        // Another key is another one's.
        house.key(HERE, &[Scope::Collect]).post("/v1/track", &paid).ok();
        assert_eq!(house.timeline(HERE, "ada").len(), 4);
    });
}

#[test]
fn events_move_into_files_by_themselves_and_are_still_there() {
    let config = Config { flush_events: 3, ..Config::default() };
    let house = House::begin(tempfile::tempdir().unwrap(), config);
    let key = house.key(HERE, &[Scope::Collect]);
    for number in 0..10 {
        let id = format!("m{number}");
        key.post("/v1/track", &json!({ "userId": "ada", "event": "Paid", "messageId": id })).ok();
    }
    let editor = house.signed_in(HERE, Role::Editor);
    let standing = || editor.get("/api/v1/collection").ok();
    house.wait_until("events are in files", || standing()["files"].as_u64() > Some(0));
    let told = standing();
    assert_eq!(told["events"].as_u64().unwrap() + told["tail"].as_u64().unwrap(), 10, "{told}");
    assert!(told["flushed_at"].is_string() && told["failure"].is_null(), "{told}");
    assert_eq!(house.timeline(HERE, "ada").len(), 10);
    let house = house.restart();
    assert_eq!(house.timeline(HERE, "ada").len(), 10);
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
