//! Bodies that a browser may keep, as long as it asks each time whether they still hold.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// What stands for a body: the same tag, the same bytes.
pub(crate) fn tag(body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    let hex: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("W/\"{hex}\"")
}

/// The body, or word that the one which the caller has is still right.
pub(crate) fn tagged(
    asked: &HeaderMap,
    (tag, kind): (&str, &'static str),
    body: impl Into<Body>,
) -> Response {
    let is_known = asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| [tag, "*"].contains(&known.trim()));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body.into()).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static(VARY));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(HeaderName::from_static("etag"), tag);
    }
    response
}

const VARY: &str = "cookie, authorization, footpath-workspace, accept-encoding";
