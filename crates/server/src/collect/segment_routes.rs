//! The paths that Segment's SDKs send to. Point an SDK here and give it a key with the scope `collect` as its write key.

use axum::extract::State;
use serde_json::Value;

use super::body::Sent;
use super::door::{Sender, Told, take};
use super::happened::{moment, text};
use super::segment::{Posted, happened};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::Json;

async fn one(app: &App, inside: &Inside, sent: &Sent, kind: &str) -> Result<Json<Told>> {
    let message = sent.json()?;
    if !message.is_object() {
        return Err(Error::invalid("the body is no JSON object"));
    }
    store(app, inside, sent, (Some(kind), &[message], None)).await
}

async fn many(app: &App, inside: &Inside, sent: &Sent) -> Result<Json<Told>> {
    let mut body = sent.json()?;
    let sent_at = text(body.get("sentAt"), "sentAt").ok().flatten();
    let sent_at = sent_at.and_then(|it| moment(&it).ok());
    let Some(Value::Array(messages)) = body.get_mut("batch").map(Value::take) else {
        return Err(Error::invalid("a batch has its messages in a list").at("/batch"));
    };
    store(app, inside, sent, (None, &messages, sent_at)).await
}

async fn store(
    app: &App,
    inside: &Inside,
    sent: &Sent,
    (kind, messages, sent_at): (Option<&str>, &[Value], Option<i64>),
) -> Result<Json<Told>> {
    let source = inside.source();
    let sender = Sender {
        workspace: &inside.workspace,
        source: &source,
        key: inside.key(),
        form: kind.unwrap_or("segment"),
    };
    let posted = Posted { kind, sent_at, received_at: app.now() };
    take(app, sender, sent, messages, |message| happened(message, posted)).await.map(Json)
}

/// Routes that differ by their path and kind alone.
macro_rules! segment_route {
    ($name:ident, $path:literal, $kind:literal, $sentence:literal) => {
        #[doc = $sentence]
        #[utoipa::path(post, path = $path, tag = "collection", request_body = serde_json::Value,
            responses((status = 200, body = Told), (status = 400, body = crate::error::Told),
                (status = 401, body = crate::error::Told), (status = 403, body = crate::error::Told),
                (status = 409, body = crate::error::Told), (status = 413, body = crate::error::Told),
                (status = 429, body = crate::error::Told), (status = 507, body = crate::error::Told)))]
        pub(crate) async fn $name(
            State(app): State<App>,
            inside: Inside,
            sent: Sent,
        ) -> Result<Json<Told>> {
            one(&app, &inside, &sent, $kind).await
        }
    };
}

/// The same for several messages.
macro_rules! batch_route {
    ($name:ident, $path:literal, $sentence:literal) => {
        #[doc = $sentence]
        #[utoipa::path(post, path = $path, tag = "collection", request_body = serde_json::Value,
            responses((status = 200, body = Told), (status = 400, body = crate::error::Told),
                (status = 401, body = crate::error::Told), (status = 403, body = crate::error::Told),
                (status = 409, body = crate::error::Told), (status = 413, body = crate::error::Told),
                (status = 429, body = crate::error::Told), (status = 507, body = crate::error::Told)))]
        pub(crate) async fn $name(
            State(app): State<App>,
            inside: Inside,
            sent: Sent,
        ) -> Result<Json<Told>> {
            many(&app, &inside, &sent).await
        }
    };
}

segment_route!(track, "/v1/track", "track", "Something that a customer did.");
segment_route!(identify, "/v1/identify", "identify", "Who a customer is.");
segment_route!(page, "/v1/page", "page", "A page that a customer viewed.");
segment_route!(screen, "/v1/screen", "screen", "A screen of an app that a customer viewed.");
segment_route!(group, "/v1/group", "group", "What a customer belongs to.");
segment_route!(alias, "/v1/alias", "alias", "Two ids of one customer.");
batch_route!(batch, "/v1/batch", "Several messages at once.");
segment_route!(short_track, "/v1/t", "track", "As `/v1/track`, for SDKs in pages.");
segment_route!(short_identify, "/v1/i", "identify", "As `/v1/identify`, for SDKs in pages.");
segment_route!(short_page, "/v1/p", "page", "As `/v1/page`, for SDKs in pages.");
segment_route!(short_screen, "/v1/s", "screen", "As `/v1/screen`, for SDKs in pages.");
segment_route!(short_group, "/v1/g", "group", "As `/v1/group`, for SDKs in pages.");
segment_route!(short_alias, "/v1/a", "alias", "As `/v1/alias`, for SDKs in pages.");
batch_route!(short_batch, "/v1/b", "As `/v1/batch`, for SDKs in pages.");
