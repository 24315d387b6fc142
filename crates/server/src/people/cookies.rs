//! What browsers keep for us: the session, and the half of a sign-in that waits for a code or a provider.

use axum::http::{HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use crate::access::COOKIE;
use crate::app::App;

/// The half of a sign-in that waits for a code.
pub(super) const CODE: &str = "footpath_code";

/// The half of a sign-in that waits for a provider.
pub(super) const DEPARTED: &str = "footpath_departed";

/// Sets a cookie for so many seconds; scripts do not see it, and other sites cannot use it but by a link.
pub(super) fn set(app: &App, name: &str, value: &str, seconds: i64) -> HeaderValue {
    let secure = if super::address::is_https(app) { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The cookie of a session.
pub(super) fn session(app: &App, token: &str) -> HeaderValue {
    set(app, COOKIE, token, i64::from(app.config().session_days) * 24 * 3600)
}

/// Takes a cookie away.
pub(super) fn clear(app: &App, name: &str) -> HeaderValue {
    set(app, name, "", 0)
}

/// Sends the browser to another page of ours, with these cookies.
pub(super) fn go<const N: usize>(app: &App, path: &str, cookies: [HeaderValue; N]) -> Response {
    let to = format!("{}{path}", super::address::base(app));
    let cookies = AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie)));
    (cookies, Redirect::to(&to)).into_response()
}

/// Sends the browser to another site, with this cookie.
pub(super) fn leave_for(url: &str, cookie: HeaderValue) -> Response {
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(url)).into_response()
}
