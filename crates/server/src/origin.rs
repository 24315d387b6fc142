//! Requests that another site makes a browser send are refused: by `Sec-Fetch-Site`, and where that is missing by `Origin`.
//!
//! As in Go's `http.CrossOriginProtection`: browsers send `Sec-Fetch-Site` with every request to a trustworthy origin;
//! programs send neither header and are let through, because they hold no cookie of anybody.

use axum::http::{HeaderMap, Method, header};
use url::Url;

use crate::error::Error;

/// Whether a request changes something.
pub(crate) fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses an unsafe request that comes from a page of another origin.
pub(crate) fn check(method: &Method, headers: &HeaderMap) -> Result<(), Error> {
    if !is_unsafe(method) {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_own = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => text(header::HOST.as_str()).is_some_and(|host| is_at(origin, host)),
        // Neither may be there and unreadable.
        (None, None) => !headers.contains_key("sec-fetch-site") && !headers.contains_key("origin"),
    };
    if is_own {
        return Ok(());
    }
    Err(Error::forbidden(
        "this request came from a page of another site; open Footpath itself and try there",
    ))
}

/// Whether an origin is the host that the request went to.
fn is_at(origin: &str, host: &str) -> bool {
    let Ok(origin) = Url::parse(origin) else { return false };
    let Some(name) = origin.host_str() else { return false };
    let written = origin.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
    written.eq_ignore_ascii_case(host)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

    use super::check;

    fn is_let_through(method: Method, headers: &[(&'static str, &'static str)]) -> bool {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        check(&method, &headers).is_ok()
    }

    #[test]
    fn other_sites_are_refused() {
        let host = ("host", "journeys.example.org:7070");
        let post = |headers: &[(&'static str, &'static str)]| {
            is_let_through(Method::POST, &[&[host], headers].concat())
        };
        assert!(post(&[]));
        assert!(post(&[("sec-fetch-site", "same-origin")]));
        assert!(post(&[("sec-fetch-site", "none")]));
        assert!(!post(&[("sec-fetch-site", "cross-site")]));
        assert!(!post(&[("sec-fetch-site", "same-site")]));
        assert!(!post(&[("sec-fetch-site", "")]));
        assert!(post(&[("origin", "https://journeys.example.org:7070")]));
        assert!(!post(&[("origin", "https://journeys.example.org")]));
        assert!(!post(&[("origin", "https://evil.example.org:7070")]));
        assert!(!post(&[("origin", "null")]));
        assert!(!post(&[("origin", "https://journeys.example.org:7070.evil.org")]));
        // Where both are there, the one that a page cannot forge counts.
        assert!(!post(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://journeys.example.org:7070")
        ]));
        assert!(is_let_through(Method::GET, &[("sec-fetch-site", "cross-site")]));
    }
}
