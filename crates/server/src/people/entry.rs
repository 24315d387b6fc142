//! The pages of the sign-in: address and password, then a code where there is one.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::page::{Field, Page};
use super::sign_in::{self, Step};
use super::{address, cookies};
use crate::access::{COOKIE, SignedIn, Visit, cookie};
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Form, Query};

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Onward {
    /// The path to go on to.
    #[serde(default)]
    pub(super) next: Option<String>,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct LoginForm {
    email: String,
    password: String,
    #[serde(default)]
    next: Option<String>,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct CodeForm {
    code: String,
    #[serde(default)]
    next: Option<String>,
}

/// The page of the sign-in.
#[utoipa::path(get, path = "/login", tag = "pages", params(Onward),
    responses((status = 200, content_type = "text/html", body = String), (status = 303)))]
pub(crate) async fn login_page(
    State(app): State<App>,
    signed_in: Option<SignedIn>,
    Query(onward): Query<Onward>,
) -> Response {
    let next = address::next(onward.next.as_deref());
    if signed_in.is_some() {
        return cookies::go(&app, next, []);
    }
    login(&app, "", next).show()
}

/// Address and password.
#[utoipa::path(post, path = "/login", tag = "pages",
    request_body(content = LoginForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303), (status = 400, content_type = "text/html", body = String),
        (status = 429, content_type = "text/html", body = String)))]
pub(crate) async fn login_form(
    State(app): State<App>,
    visit: Visit,
    before: Option<SignedIn>,
    Form(given): Form<LoginForm>,
) -> Response {
    let next = address::next(given.next.as_deref());
    let step = sign_in::with_password(&app, &visit, &given.email, given.password).await;
    match enter(&app, step, before, next).await {
        Ok(response) => response,
        Err(error) => login(&app, &given.email, next).refuse(error),
    }
}

/// The page for the code.
#[utoipa::path(get, path = "/login/code", tag = "pages", params(Onward),
    responses((status = 200, content_type = "text/html", body = String)))]
pub(crate) async fn code_page(State(app): State<App>, Query(onward): Query<Onward>) -> Response {
    code(&app, address::next(onward.next.as_deref())).show()
}

/// The code.
#[utoipa::path(post, path = "/login/code", tag = "pages",
    request_body(content = CodeForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303), (status = 400, content_type = "text/html", body = String),
        (status = 429, content_type = "text/html", body = String)))]
pub(crate) async fn code_form(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Form(given): Form<CodeForm>,
) -> Response {
    let next = address::next(given.next.as_deref());
    let half = cookie(&headers, cookies::CODE).unwrap_or_default();
    match sign_in::with_code(&app, &visit, half, &given.code).await {
        Ok(token) => {
            let session = cookies::session(&app, token.text());
            cookies::go(&app, next, [session, cookies::clear(&app, cookies::CODE)])
        }
        Err(error) => code(&app, next).refuse(error),
    }
}

/// Sign out, and back to the sign-in.
#[utoipa::path(post, path = "/logout", tag = "pages", responses((status = 303)))]
pub(crate) async fn logout_form(
    State(app): State<App>,
    signed_in: Option<SignedIn>,
) -> Result<Response> {
    sign_in::leave(&app, signed_in).await?;
    Ok(cookies::go(&app, "/login", [cookies::clear(&app, COOKIE)]))
}

/// Goes on from a first step that was taken.
pub(super) async fn enter(
    app: &App,
    step: Result<Step, Error>,
    before: Option<SignedIn>,
    next: &str,
) -> Result<Response> {
    let step = step?;
    sign_in::leave(app, before).await?;
    Ok(match step {
        Step::In(token) => cookies::go(app, next, [cookies::session(app, token.text())]),
        Step::Code(token) => {
            let half = cookies::set(app, cookies::CODE, token.text(), sign_in::PATIENCE);
            cookies::go(app, &with_next("/login/code", next), [half])
        }
    })
}

/// A path with the page to go on to.
pub(super) fn with_next(path: &str, next: &str) -> String {
    let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{path}?next={query}")
}

fn login(app: &App, email: &str, next: &str) -> Page {
    let fields = [Field::EMAIL.with(email), Field::PASSWORD];
    let page =
        Page::new(app, "Sign in").form("/login".to_owned(), fields, "Sign in").carry("next", next);
    let page = match app.config().oidc_issuer {
        Some(_) => page.link(with_next("/oidc/begin", next), "Sign in with your organisation"),
        None => page,
    };
    page.say("Without your password? An admin of your workspace can give you a link for a new one.")
}

fn code(app: &App, next: &str) -> Page {
    Page::new(app, "One more step")
        .form("/login/code".to_owned(), [Field::CODE], "Go on")
        .carry("next", next)
        .link(with_next("/login", next), "Begin again")
}
