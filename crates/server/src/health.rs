//! Whether the server lives and can work, and what it can be asked.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::extract::Json;

/// What runs here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    footpath: &'static str,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "server", responses((status = 200, body = Health)))]
pub(crate) async fn healthz() -> Json<Health> {
    Json(Health { footpath: env!("CARGO_PKG_VERSION") })
}

/// Whether it can work: the database answers.
#[utoipa::path(get, path = "/readyz", tag = "server",
    responses((status = 200, body = Health), (status = 429, body = crate::error::Told)))]
pub(crate) async fn readyz(State(app): State<App>) -> Result<Json<Health>> {
    app.store().has_users().await.map_err(|cause| {
        tracing::warn!(cause = %cause, "not ready");
        Error::new(Code::Busy, "the database does not answer")
    })?;
    Ok(healthz().await)
}

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "server",
    responses((status = 200, description = "The OpenAPI document", body = serde_json::Value)))]
pub(crate) async fn openapi_document() -> impl IntoResponse {
    // The same as long as the program runs, and asked for with every page of the documentation.
    static TEXT: LazyLock<Bytes> = LazyLock::new(|| crate::router::openapi().to_string().into());
    ([(header::CONTENT_TYPE, "application/json")], TEXT.clone())
}
