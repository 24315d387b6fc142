//! Pages of any site may send events: they hold a key that only collects, and no cookie is looked at.

use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Where pages may send to: the paths of the SDKs, nothing of ours.
const PLACES: &str = "/v1/";

/// Answers what a browser asks before it sends, and lets the page see the answer.
pub(crate) async fn cross_origin(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(PLACES) {
        return next.run(request).await;
    }
    let is_asked_before = *request.method() == Method::OPTIONS
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match is_asked_before {
        true => StatusCode::NO_CONTENT.into_response(),
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    let mut say = |name, value| headers.insert(name, HeaderValue::from_static(value));
    say(ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    say(ACCESS_CONTROL_EXPOSE_HEADERS, "retry-after, x-request-id");
    if is_asked_before {
        say(ACCESS_CONTROL_ALLOW_METHODS, "POST");
        say(
            ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization, content-type, content-encoding, idempotency-key",
        );
        say(ACCESS_CONTROL_MAX_AGE, "86400");
    }
    response
}
