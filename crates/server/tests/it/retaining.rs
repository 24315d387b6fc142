//! Retention: what is too old goes by whole months, and nothing else.

use reqwest::Method;
use serde_json::json;
use server::{Role, Scope};

use crate::house::{Caller, HERE, House};

fn set(caller: &Caller<'_>, body: &serde_json::Value) -> serde_json::Value {
    caller.send(Method::PUT, "/api/v1/retention", Some(body)).ok()
}

fn tell(house: &House) {
    let key = house.key(HERE, &[Scope::Collect]);
    let event = |at: &str| json!({ "customer_id": "ada", "at": at, "activity": "paid" });
    let response = |at: Option<&str>| json!({ "customer_id": "ada", "at": at, "question": "csat", "score": 4 });
    let old = json!({ "events": [event("2025-11-30T23:00:00Z"), event("2025-12-31T23:00:00Z")] });
    key.post("/api/v1/events", &old).ok();
    house.app.lake_of(&house.workspace(HERE)).unwrap().flush().unwrap();
    let more = json!({ "events": [event("2025-10-01T00:00:00Z"), event("2026-01-01T00:00:00Z")] });
    key.post("/api/v1/events", &more).ok();
    let told = json!({ "responses": [
        response(Some("2025-12-31T00:00:00Z")), response(Some("2026-02-01T00:00:00Z")), response(None),
    ] });
    key.post("/api/v1/responses", &told).ok();
    let complaint = json!({ "customer_id": "ada", "at": "2025-01-01T00:00:00Z", "text": "late" });
    key.post("/api/v1/complaints", &json!({ "complaints": [complaint] })).ok();
    key.post("/v1/track", &json!({ "event": "Paid" })).ok();
}

fn too_old_goes_once(house: House) {
    tell(&house);
    let admin = house.signed_in(HERE, Role::Admin);
    let forever = json!({ "events": null, "answers": null, "refused": null });
    assert_eq!(admin.get("/api/v1/retention").ok(), forever);
    // It is March: January and February are the last two whole months.
    let two = json!({ "events": 2, "answers": 2, "refused": 2 });
    let would = admin.post("/api/v1/retention/preview", &two).ok();
    assert_eq!(would, json!({ "events": 3, "answers": 2, "refused": 0 }));
    assert_eq!(admin.get("/api/v1/retention").ok(), forever, "a trial changes nothing");
    let none = json!({ "events": 0 });
    let refused = admin.send(Method::PUT, "/api/v1/retention", Some(&none));
    assert_eq!(refused.code(), "invalid_input");
    assert_eq!(set(&admin, &two), two);
    assert_eq!(admin.get("/api/v1/retention").ok(), two);

    // A server begins by taking away what is too old.
    let house = house.restart();
    let admin = house.signed_in(HERE, Role::Admin);
    let applied = || admin.get("/api/v1/audit?action=retention.applied").ok();
    house.wait_until("it goes", || !applied()["items"].as_array().unwrap().is_empty());
    let gone = r#"{"events":3,"answers":2,"refused":0}"#;
    assert_eq!(applied()["items"][0]["after"], gone);
    let set = admin.get("/api/v1/audit?action=retention.set").ok();
    let before = r#"{"events":null,"answers":null,"refused":null}"#;
    assert_eq!(set["items"][0]["before"], before);
    assert_eq!(house.timeline(HERE, "ada").len(), 1);
    let here = house.workspace(HERE);
    let left = house.runtime.block_on(here.responses("any", (0, i64::MAX), 10)).unwrap();
    assert_eq!(left.len(), 2, "what has no time has no age");
    let again = admin.post("/api/v1/retention/preview", &two).ok();
    assert_eq!(again, json!({ "events": 0, "answers": 0, "refused": 0 }));
}

#[test]
fn what_is_too_old_goes_by_whole_months() {
    too_old_goes_once(House::on_sqlite());
    if let Some(house) = House::on_postgres() {
        too_old_goes_once(house);
    }
}
