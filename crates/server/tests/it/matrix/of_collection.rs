//! How the routes of collection are asked.

use reqwest::Method;
use serde_json::{Value, json};
use server::{Role, Scope};

use super::{Sample, get, of, post, without_body};
use crate::house::House;

pub(super) const SAMPLES: &[Sample] = &[
    post("/v1/track", r#"{"event":"Paid","userId":"ada"}"#),
    post("/v1/identify", r#"{"userId":"ada"}"#),
    post("/v1/page", r#"{"userId":"ada"}"#),
    post("/v1/screen", r#"{"userId":"ada"}"#),
    post("/v1/group", r#"{"userId":"ada"}"#),
    post("/v1/alias", r#"{"userId":"ada"}"#),
    post("/v1/batch", r#"{"batch":[]}"#),
    post("/v1/t", r#"{"event":"Paid","userId":"ada"}"#),
    post("/v1/i", r#"{"userId":"ada"}"#),
    post("/v1/p", r#"{"userId":"ada"}"#),
    post("/v1/s", r#"{"userId":"ada"}"#),
    post("/v1/g", r#"{"userId":"ada"}"#),
    post("/v1/a", r#"{"userId":"ada"}"#),
    post("/v1/b", r#"{"batch":[]}"#),
    post("/v1/events", "{}"),
    post("/api/v1/events", r#"{"events":[]}"#),
    of("POST", "/v1/hooks/{hook}", &[], "{}"),
    get("/api/v1/hooks"),
    post(
        "/api/v1/hooks",
        r#"{"name":"till","signature":"standard","mapping":{"customer_id":"/c","activity":"Paid"}}"#,
    ),
    post(
        "/api/v1/hooks/preview",
        r#"{"mapping":{"customer_id":"/c","activity":"Paid"},"body":{"c":"ada"}}"#,
    ),
    of(
        "PUT",
        "/api/v1/hooks/{hook}/mapping",
        &[("hook", "hook")],
        r#"{"customer_id":"/c","activity":"Paid"}"#,
    ),
    without_body("DELETE", "/api/v1/hooks/{hook}", &[("hook", "hook")]),
    get("/api/v1/sources"),
    get("/api/v1/collection"),
    get("/api/v1/refused"),
    get("/api/v1/refused.csv"),
    post("/api/v1/refused/replay", "{}"),
    of(
        "POST",
        "/api/v1/refused/{refused}/mend",
        &[("refused", "refused")],
        r#"{"row":{"type":"track","event":"Paid","userId":"ada"}}"#,
    ),
    without_body("DELETE", "/api/v1/refused/{refused}", &[("refused", "refused")]),
    post("/api/v1/uploads", "{}"),
    get("/api/v1/uploads"),
    without_body("GET", "/api/v1/uploads/{upload}", &[("upload", "upload")]),
    without_body("GET", "/api/v1/uploads/{upload}/preview", &[("upload", "upload")]),
    of("POST", "/api/v1/uploads/{upload}/import", &[("upload", "upload")], "{}"),
    of("POST", "/api/v1/uploads/{upload}/cancel", &[("upload", "upload")], "{}"),
    without_body("GET", "/api/v1/keys/{key}/quota", &[("key", "key")]),
    of("PUT", "/api/v1/keys/{key}/quota", &[("key", "key")], r#"{"events_a_minute":1000}"#),
];

/// One thing of each kind.
pub(super) fn things(house: &House, workspace: &str) -> [(&'static str, String); 3] {
    let sender = house.key(workspace, &[Scope::Collect]);
    sender.post("/v1/batch", &json!({ "batch": [7] })).ok();
    let editor = house.signed_in(workspace, Role::Editor);
    let id = |answer: &Value| answer["id"].as_str().unwrap().to_owned();
    let hook = json!({
        "name": "till", "signature": "standard",
        "mapping": { "customer_id": "/c", "activity": "Paid" },
    });
    let file = Some(("text/csv", b"customer_id,at,activity\n".to_vec()));
    let upload = editor.send_bytes(Method::POST, "/api/v1/uploads?name=a.csv", file);
    [
        ("hook", id(&editor.post("/api/v1/hooks", &hook).ok())),
        ("refused", id(&editor.get("/api/v1/refused").ok()["items"][0])),
        ("upload", id(&upload.ok())),
    ]
}
