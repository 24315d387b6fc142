//! Every route, in reading order.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::arrive::arrive;
use crate::error::{Told, tell};
use crate::metrics::count;
use crate::permissions::Right;
use crate::routes::{Line, Routes};
use crate::{
    audit, collect, findings, health, jobs, journeys, me, measures, notifications, pages, people,
    privacy, retaining, schemas, told, uploads, webhooks,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Footpath",
        description = "Journeys as designed, walked and told: their versions, events in, measures out.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Told))
)]
struct Document;

/// Without an application the routes are described and cannot be used.
fn routes(app: Option<&App>) -> Routes {
    Routes::new(app, OpenApiRouter::with_openapi(Document::openapi()))
        .public(routes!(health::healthz))
        .public(routes!(health::readyz))
        .public(routes!(health::openapi_document))
        .signed_in(routes!(me::me))
        .right(Right::ReadAudit, routes!(audit::audit_lines))
        .right(Right::ReadAudit, routes!(audit::verify_audit))
        .right(Right::ReadAudit, routes!(audit::export_audit))
        .right(Right::Collect, routes!(told::take_responses))
        .right(Right::Collect, routes!(told::take_complaints))
        .group(measures::routes)
        .group(collect::routes)
        .group(people::routes)
        .group(journeys::routes::routes)
        .group(uploads::routes)
        .group(findings::routes)
        .group(notifications::routes)
        .group(webhooks::routes)
        .group(jobs::routes)
        .group(privacy::routes)
        .group(retaining::routes)
}

/// The whole application.
pub fn router(app: &App) -> Router {
    let (router, _) = routes(Some(app)).done();
    let (router, _) = router.split_for_parts();
    let router = router.fallback(pages::page);
    let header = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    let layers = ServiceBuilder::new()
        .layer(from_fn(collect::cross_origin))
        .layer(from_fn_with_state(app.metrics().clone(), count))
        .layer(from_fn(tell))
        .layer(CatchPanicLayer::new())
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("x-frame-options", "DENY"))
        .layer(header("cache-control", "no-store"))
        .layer(header("content-security-policy", CONTENT_SECURITY))
        .layer(from_fn_with_state(app.clone(), arrive))
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(app.config().body_mib as usize * 1024 * 1024));
    router.layer(layers).with_state(app.clone())
}

/// Nothing but what is served here, and no script in the page itself.
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'self'; \
    frame-ancestors 'none'";

/// The description of every route.
pub fn openapi() -> serde_json::Value {
    let mut document = routes(None).done().0.into_openapi();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    let mut document = serde_json::to_value(document).unwrap_or_default();
    schemas::fill(&mut document);
    document
}

/// The same as JSON, a line for each value.
pub fn openapi_text() -> String {
    let mut text = serde_json::to_string_pretty(&openapi()).unwrap_or_default();
    text.push('\n');
    text
}

/// Every route and what it asks of its caller.
pub fn table() -> Vec<Line> {
    routes(None).done().1
}
