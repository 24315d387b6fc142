//! One's own password: another one, and a proof of being the one before what is hard to take back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::sign_in::{hold_back, subjects};
use super::{cookies, rules, second_factor};
use crate::access::SignedIn;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::Json;
use crate::token::Token;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// The one that is in use; left out by who has none.
    #[serde(default)]
    current: Option<String>,
    /// At least 12 characters.
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proof {
    #[serde(default)]
    password: Option<String>,
    /// Of the authenticator, by who has one.
    #[serde(default)]
    code: Option<String>,
}

/// Change one's password. Every other session ends; this one goes on under a new cookie.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "people", request_body = NewPassword,
    responses((status = 204), (status = 400, body = crate::error::Told), (status = 429, body = crate::error::Told)))]
pub(crate) async fn change_password(
    State(app): State<App>,
    signed_in: SignedIn,
    Json(given): Json<NewPassword>,
) -> Result<Response> {
    let account = app.store().account(&signed_in.user).await?.ok_or_else(Error::unauthorized)?;
    rules::password(&given.password, &account.user.email)?;
    if account.password.is_some() {
        let subjects = subjects(&account.user.email, signed_in.visit());
        hold_back(&app, &subjects).await?;
        let current = given.current.unwrap_or_default();
        if !app.hashing().is_right(current, account.password).await? {
            return Err(Error::invalid("the password in use is not right").at("/current"));
        }
        app.store().forgive(&subjects).await?;
    } else {
        forbid_stale(&app, &signed_in)?;
    }
    let kept = app.hashing().hash(given.password).await?;
    let token = Token::new("")?;
    let renewed = (&*signed_in.token_hash, &*token.hash());
    let deed = signed_in.deed(app.now());
    app.store().set_password(&signed_in.user, &kept, Some(renewed), &deed).await?;
    let cookie = AppendHeaders([(SET_COOKIE, cookies::session(&app, token.text()))]);
    Ok((StatusCode::NO_CONTENT, cookie).into_response())
}

/// Prove again to be the one: good for 15 minutes. The session goes on under a new cookie.
#[utoipa::path(post, path = "/api/v1/me/prove", tag = "people", request_body = Proof,
    responses((status = 204), (status = 400, body = crate::error::Told), (status = 429, body = crate::error::Told)))]
pub(crate) async fn prove(
    State(app): State<App>,
    signed_in: SignedIn,
    Json(given): Json<Proof>,
) -> Result<Response> {
    let account = app.store().account(&signed_in.user).await?.ok_or_else(Error::unauthorized)?;
    let subjects = subjects(&account.user.email, signed_in.visit());
    hold_back(&app, &subjects).await?;
    let wrong =
        |what: &str, at: &str| Err(Error::invalid(format!("the {what} is not right")).at(at));
    let has_totp = account.totp.as_ref().is_some_and(|totp| totp.is_confirmed);
    if account.password.is_none() && !has_totp {
        return Err(Error::invalid("you have no password here; sign out and in again instead"));
    }
    if account.password.is_some() {
        let password = given.password.unwrap_or_default();
        if !app.hashing().is_right(password, account.password.clone()).await? {
            return wrong("password", "/password");
        }
    }
    let deed = signed_in.deed(app.now());
    let code = given.code.unwrap_or_default();
    if has_totp && !second_factor::is_right(&app, &account, &code, &deed).await? {
        return wrong("code", "/code");
    }
    app.store().forgive(&subjects).await?;
    renewed(&app, &signed_in, StatusCode::NO_CONTENT).await
}

/// Refuses what is hard to take back if the proof of being the one is old.
pub(super) fn forbid_stale(app: &App, signed_in: &SignedIn) -> Result<()> {
    if signed_in.is_fresh(app.now()) {
        return Ok(());
    }
    Err(Error::forbidden("prove first that it is you: send your password to `/api/v1/me/prove`"))
}

/// The answer, with the session under a new token.
pub(super) async fn renewed(
    app: &App,
    signed_in: &SignedIn,
    answer: impl IntoResponse,
) -> Result<Response> {
    let token = Token::new("")?;
    let deed = signed_in.deed(app.now());
    if !app.store().renew_session(&signed_in.token_hash, &token.hash(), &deed).await? {
        return Err(Error::unauthorized());
    }
    let cookie = AppendHeaders([(SET_COOKIE, cookies::session(app, token.text()))]);
    Ok((cookie, answer).into_response())
}
