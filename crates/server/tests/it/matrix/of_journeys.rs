//! How the routes of journeys are asked.

use serde_json::{Value, json};
use server::Role;

use super::{Sample, get, post};
use crate::house::House;

pub(super) const SAMPLES: &[Sample] = &[
    get("/api/v1/journeys"),
    post("/api/v1/journeys", r#"{"title": "I try it"}"#),
    post(
        "/api/v1/journeys/preview",
        r#"{"format": "mermaid", "text": "journey\nsection S\nPay: 3: Me"}"#,
    ),
    of_map("GET", "/api/v1/journeys/{id}", None),
    of_map("PATCH", "/api/v1/journeys/{id}", Some("{}")),
    of_map("POST", "/api/v1/journeys/{id}/ops", Some(BATCH)),
    of_map("GET", "/api/v1/journeys/{id}/events", None),
    of_map("POST", "/api/v1/journeys/{id}/presence", Some(r#"{"cell": null}"#)),
    of_map("GET", "/api/v1/journeys/{id}/readiness", None),
    of_map("POST", "/api/v1/journeys/{id}/publish", Some("{}")),
    of_map("GET", "/api/v1/journeys/{id}/versions", None),
    of_map("POST", "/api/v1/journeys/{id}/versions", Some("{}")),
    Sample {
        method: "GET",
        path: "/api/v1/journeys/{id}/versions/{number}",
        names: &[("id", "map"), ("number", "version")],
        body: None,
    },
    of_map("GET", "/api/v1/journeys/{id}/compare", None),
    of_map("POST", "/api/v1/journeys/{id}/restore", Some(RESTORE)),
    of_mapping("GET", None),
    of_mapping("PUT", Some("{}")),
    of_map("GET", "/api/v1/journeys/{id}/export?format=yaml", None),
    of_map("GET", "/api/v1/journeys/{id}/comments", None),
    of_map(
        "POST",
        "/api/v1/journeys/{id}/comments",
        Some(r#"{"text": "Hi", "about": {"kind": "map"}}"#),
    ),
    of_comment("PATCH", Some("{}")),
    of_comment("DELETE", None),
    get("/api/v1/personas"),
    post("/api/v1/personas", r#"{"title": "Family"}"#),
    of_persona("GET", None),
    of_persona("PUT", Some(r#"{"title": "Family"}"#)),
    of_persona("DELETE", None),
];

const BATCH: &str =
    r#"{"batch": "01900000-0000-7000-8000-000000000001", "base_rev": 0, "ops": []}"#;
const RESTORE: &str = r#"{"batch": "01900000-0000-7000-8000-000000000001", "version": 1}"#;

const fn of_map(method: &'static str, path: &'static str, body: Option<&'static str>) -> Sample {
    Sample { method, path, names: &[("id", "map")], body }
}

const fn of_mapping(method: &'static str, body: Option<&'static str>) -> Sample {
    let path = "/api/v1/journeys/{id}/mappings/{from}/{to}";
    Sample { method, path, names: &[("id", "map"), ("from", "version"), ("to", "version")], body }
}

const fn of_comment(method: &'static str, body: Option<&'static str>) -> Sample {
    let path = "/api/v1/journeys/{id}/comments/{comment}";
    Sample { method, path, names: &[("id", "map"), ("comment", "comment")], body }
}

const fn of_persona(method: &'static str, body: Option<&'static str>) -> Sample {
    Sample { method, path: "/api/v1/personas/{id}", names: &[("id", "persona")], body }
}

/// One thing of each kind in a workspace, by what it is.
pub(super) fn things(house: &House, workspace: &str) -> Vec<(&'static str, String)> {
    let owner = house.signed_in(workspace, Role::Owner);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let map = text(&owner.post("/api/v1/journeys", &json!({"title": "I pay"})).ok()["id"]);
    let path = format!("/api/v1/journeys/{map}");
    let version = owner.post(&format!("{path}/versions"), &json!({})).ok();
    let comment = json!({"text": "Hi", "about": {"kind": "map"}});
    let comment = owner.post(&format!("{path}/comments"), &comment).ok();
    // Ids of personas are made from titles, so each workspace has its own.
    let persona = json!({"title": format!("Of {workspace}")});
    let persona = owner.post("/api/v1/personas", &persona).ok();
    vec![
        ("version", text(&version["number"])),
        ("comment", text(&comment["id"])),
        ("persona", text(&persona["id"])),
        ("map", map),
    ]
}
