//! Requests of the program to itself: by the same routes, rights and checks as those of anybody, without a network.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::app::App;
use crate::router::router;

/// The most that an answer may hold.
const MOST: usize = 64 << 20;

/// Posts as the holder of a key; an answer that is no success is an error in its words.
pub async fn ask(app: &App, key: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))?;
    let response = router(app).oneshot(request).await?;
    let is_success = response.status().is_success();
    let answer: Value = serde_json::from_slice(&to_bytes(response.into_body(), MOST).await?)?;
    if is_success {
        return Ok(answer);
    }
    let (message, at) = (answer["message"].as_str(), answer["at"].as_str().unwrap_or_default());
    anyhow::bail!("{path}: {} ({at})", message.unwrap_or("it was refused"))
}
