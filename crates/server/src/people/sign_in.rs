//! Signing in: a password, then a code where the user has an authenticator; and signing out.
//!
//! Whoever is not there is told the same words, after the same work, as whoever gives a wrong password.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use store::{Account, LinkKind, NewLink, NewSession, Subject};
use utoipa::ToSchema;

use super::{cookies, second_factor};
use crate::access::{COOKIE, Caller, SignedIn, Visit};
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::Json;
use crate::token::{Token, hash};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    email: String,
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondFactor {
    /// `second_factor` of the answer to the password.
    token: String,
    /// Of the authenticator, or a recovery code.
    code: String,
}

/// How far a sign-in came.
#[derive(Serialize, ToSchema)]
pub(crate) struct Entry {
    /// The session is in the cookie.
    signed_in: bool,
    /// Send it with a code to `/api/v1/sign_in/code` within 5 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    second_factor: Option<String>,
}

/// Sign in with a password. The session comes as a cookie.
#[utoipa::path(post, path = "/api/v1/sign_in", tag = "people", request_body = Credentials,
    responses((status = 200, body = Entry), (status = 400, body = crate::error::Told),
        (status = 429, body = crate::error::Told)))]
pub(crate) async fn sign_in(
    State(app): State<App>,
    visit: Visit,
    before: Option<SignedIn>,
    Json(given): Json<Credentials>,
) -> Result<Response> {
    let step = with_password(&app, &visit, &given.email, given.password).await?;
    leave(&app, before).await?;
    Ok(match step {
        Step::In(token) => entered(&app, &token),
        Step::Code(token) => {
            let second_factor = Some(token.text().to_owned());
            Json(Entry { signed_in: false, second_factor }).into_response()
        }
    })
}

/// The second step of a sign-in: a code.
#[utoipa::path(post, path = "/api/v1/sign_in/code", tag = "people", request_body = SecondFactor,
    responses((status = 200, body = Entry), (status = 400, body = crate::error::Told),
        (status = 429, body = crate::error::Told)))]
pub(crate) async fn sign_in_with_code(
    State(app): State<App>,
    visit: Visit,
    Json(given): Json<SecondFactor>,
) -> Result<Response> {
    let token = with_code(&app, &visit, &given.token, &given.code).await?;
    Ok(entered(&app, &token))
}

/// Sign out: the session ends.
#[utoipa::path(post, path = "/api/v1/sign_out", tag = "people", responses((status = 204)))]
pub(crate) async fn sign_out(
    State(app): State<App>,
    signed_in: Option<SignedIn>,
) -> Result<Response> {
    leave(&app, signed_in).await?;
    let cookie = AppendHeaders([(SET_COOKIE, cookies::clear(&app, COOKIE))]);
    Ok((axum::http::StatusCode::NO_CONTENT, cookie).into_response())
}

fn entered(app: &App, token: &Token) -> Response {
    let cookie = AppendHeaders([(SET_COOKIE, cookies::session(app, token.text()))]);
    (cookie, Json(Entry { signed_in: true, second_factor: None })).into_response()
}

/// How far a sign-in came.
pub(super) enum Step {
    /// The token of the session.
    In(Token),
    /// A code has to come with this.
    Code(Token),
}

const SECOND: i64 = 1_000_000;

/// How long a code may take to come, in seconds.
pub(super) const PATIENCE: i64 = 300;

const WRONG: &str = "the address or the password is not right";

/// The first step.
pub(super) async fn with_password(
    app: &App,
    visit: &Visit,
    email: &str,
    password: String,
) -> Result<Step> {
    let email = email.trim().to_lowercase();
    let subjects = subjects(&email, visit);
    hold_back(app, &subjects).await?;
    let account = app.store().account_of(&email).await?;
    let account = account.filter(|account| account.user.deactivated_at.is_none());
    let kept = account.as_ref().and_then(|account| account.password.clone());
    let is_right = app.hashing().is_right(password, kept).await?;
    let Some(account) = account.filter(|_| is_right) else {
        let deed = visit.deed(Caller::Anonymous.name(), app.now());
        app.store().record_refusal("session.begun", &subjects[0].name, WRONG, &deed).await?;
        return Err(Error::invalid(WRONG));
    };
    // A code may have to follow; wrong codes before it are not forgiven.
    app.store().undo_attempt(&subjects).await?;
    proved(app, visit, &account).await
}

/// Whoever proved the first factor is in, or has a code to give.
pub(super) async fn proved(app: &App, visit: &Visit, account: &Account) -> Result<Step> {
    if account.totp.as_ref().is_some_and(|totp| totp.is_confirmed) {
        let token = Token::new("")?;
        let link = NewLink {
            kind: LinkKind::Code,
            token_hash: &token.hash(),
            user: Some(&account.user.id),
            expires_at: app.now() + PATIENCE * SECOND,
        };
        let deed = visit.deed(format!("user:{}", account.user.id), app.now());
        app.store().make_link(&link, &deed).await?;
        return Ok(Step::Code(token));
    }
    app.store().forgive(&subjects(&account.user.email, visit)).await?;
    Ok(Step::In(begin(app, visit, &account.user.id).await?))
}

/// The second step.
pub(super) async fn with_code(app: &App, visit: &Visit, token: &str, code: &str) -> Result<Token> {
    let over = || Error::invalid("this sign-in took too long; begin again with the password");
    let link = hash(token);
    let found = app.store().find_link(LinkKind::Code, &link, app.now()).await?;
    let user = found.flatten().ok_or_else(over)?;
    let account = app.store().account(&user).await?.ok_or_else(over)?;
    let subjects = subjects(&account.user.email, visit);
    hold_back(app, &subjects).await?;
    let deed = visit.deed(format!("user:{user}"), app.now());
    if !second_factor::is_right(app, &account, code, &deed).await? {
        let why = "the code is not right";
        app.store().record_refusal("session.begun", &subjects[0].name, why, &deed).await?;
        return Err(Error::invalid("the code is not right, or was used already").at("/code"));
    }
    app.store().take_link(LinkKind::Code, &link, app.now()).await?.ok_or_else(over)?;
    app.store().forgive(&subjects).await?;
    begin(app, visit, &user).await
}

/// Begins a session.
pub(super) async fn begin(app: &App, visit: &Visit, user: &str) -> Result<Token> {
    let token = Token::new("")?;
    let days = i64::from(app.config().session_days);
    let session = NewSession {
        token_hash: &token.hash(),
        user,
        expires_at: app.now() + days * 24 * 3600 * SECOND,
    };
    let deed = visit.deed(format!("user:{user}"), app.now());
    app.store().begin_session(&session, &deed).await?;
    Ok(token)
}

/// Ends the session that a browser had before.
pub(super) async fn leave(app: &App, before: Option<SignedIn>) -> Result<()> {
    if let Some(before) = before {
        let deed = before.deed(app.now());
        app.store().end_session(&before.user, &before.token_hash, &deed).await?;
    }
    Ok(())
}

/// Whose failures count: the account first, then the address; neither is kept in clear.
pub(super) fn subjects(email: &str, visit: &Visit) -> [Subject; 2] {
    let address = match visit.origin {
        std::net::IpAddr::V4(address) => address.to_string(),
        // A house has a /64 of its own.
        std::net::IpAddr::V6(address) => {
            address.segments()[..4].iter().map(|part| format!("{part:x}:")).collect()
        }
    };
    [
        Subject { name: format!("account:{}", &hash(email)[..32]), allowed: 5 },
        Subject { name: format!("address:{address}"), allowed: 50 },
    ]
}

/// Counts an attempt, and refuses it if too many failed.
pub(super) async fn hold_back(app: &App, subjects: &[Subject]) -> Result<()> {
    let now = app.now();
    let Some(free_at) = app.store().begin_attempt(subjects, now).await? else { return Ok(()) };
    let seconds = ((free_at - now).max(1) as u64).div_ceil(SECOND.unsigned_abs());
    let message = format!("too many attempts failed; try again in {seconds} s");
    Err(Error::Later { message, seconds })
}
