//! Codes of an authenticator as the second factor, and recovery codes for the day when it is lost.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use store::{Account, Deed};
use totp_rs::{Builder, Secret, Totp};
use utoipa::ToSchema;

use super::password::{forbid_stale, renewed};
use super::sign_in::{hold_back, subjects};
use crate::access::SignedIn;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::extract::Json;
use crate::token::{Token, hash};

/// Shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct Enrolment {
    /// Base 32, to be typed in.
    secret: String,
    /// `otpauth://…`, to be shown as a picture.
    url: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    /// The six digits that the authenticator shows.
    code: String,
}

/// Shown once; each is good for one sign-in.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    codes: Vec<String>,
}

/// Begin to use an authenticator: the secret counts once a code has confirmed it.
#[utoipa::path(post, path = "/api/v1/me/second_factor", tag = "people",
    responses((status = 200, body = Enrolment), (status = 403, body = crate::error::Told),
        (status = 409, body = crate::error::Told)))]
pub(crate) async fn begin_second_factor(
    State(app): State<App>,
    signed_in: SignedIn,
) -> Result<Json<Enrolment>> {
    forbid_stale(&app, &signed_in)?;
    let account = app.store().account(&signed_in.user).await?.ok_or_else(Error::unauthorized)?;
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).map_err(|cause| Error::Internal(cause.into()))?;
    let secret = Secret::new_stack(bytes);
    let text = secret.to_base32();
    let url = totp(secret, &account.user.email)?
        .to_url()
        .map_err(|cause| Error::Internal(anyhow::anyhow!("writing an address: {cause}")))?;
    let deed = signed_in.deed(app.now());
    if !app.store().begin_totp(&signed_in.user, &text, &deed).await? {
        return Err(Error::new(
            Code::Conflict,
            "an authenticator is in use; take it out before you take another one",
        ));
    }
    Ok(Json(Enrolment { secret: text, url }))
}

/// Confirm the authenticator by a code: from now on every sign-in asks for one. The session goes on under a new cookie.
#[utoipa::path(post, path = "/api/v1/me/second_factor/confirm", tag = "people", request_body = Confirmation,
    responses((status = 200, body = RecoveryCodes), (status = 400, body = crate::error::Told)))]
pub(crate) async fn confirm_second_factor(
    State(app): State<App>,
    signed_in: SignedIn,
    Json(given): Json<Confirmation>,
) -> Result<Response> {
    let account = app.store().account(&signed_in.user).await?.ok_or_else(Error::unauthorized)?;
    let begun = account.totp.as_ref().filter(|totp| !totp.is_confirmed);
    let begun = begun.ok_or_else(|| {
        Error::invalid("nothing waits to be confirmed; begin with `POST /api/v1/me/second_factor`")
    })?;
    hold_back(&app, &subjects(&account.user.email, signed_in.visit())).await?;
    let step = step(&begun.secret, &given.code, app.now())?.ok_or_else(wrong)?;
    let codes = new_codes()?;
    let hashes: Vec<String> = codes.iter().map(|code| hash(&plain(code))).collect();
    let deed = signed_in.deed(app.now());
    let what = (&*begun.secret, step);
    if !app.store().confirm_totp(&signed_in.user, what, &hashes, &deed).await? {
        return Err(Error::new(Code::Conflict, "another secret was begun meanwhile; begin again"));
    }
    app.store().forgive(&subjects(&account.user.email, signed_in.visit())).await?;
    renewed(&app, &signed_in, Json(RecoveryCodes { codes })).await
}

/// Stop using an authenticator.
#[utoipa::path(delete, path = "/api/v1/me/second_factor", tag = "people",
    responses((status = 204), (status = 403, body = crate::error::Told)))]
pub(crate) async fn end_second_factor(
    State(app): State<App>,
    signed_in: SignedIn,
) -> Result<axum::http::StatusCode> {
    forbid_stale(&app, &signed_in)?;
    app.store().end_totp(&signed_in.user, &signed_in.deed(app.now())).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

/// Get new recovery codes; the old ones are no good any more.
#[utoipa::path(post, path = "/api/v1/me/second_factor/recovery_codes", tag = "people",
    responses((status = 200, body = RecoveryCodes), (status = 400, body = crate::error::Told)))]
pub(crate) async fn renew_recovery_codes(
    State(app): State<App>,
    signed_in: SignedIn,
) -> Result<Json<RecoveryCodes>> {
    forbid_stale(&app, &signed_in)?;
    let account = app.store().account(&signed_in.user).await?.ok_or_else(Error::unauthorized)?;
    if account.totp.is_none_or(|totp| !totp.is_confirmed) {
        return Err(Error::invalid("recovery codes stand in for an authenticator; none is in use"));
    }
    let codes = new_codes()?;
    let hashes: Vec<String> = codes.iter().map(|code| hash(&plain(code))).collect();
    let deed = signed_in.deed(app.now());
    app.store().renew_recovery_codes(&signed_in.user, &hashes, &deed).await?;
    Ok(Json(RecoveryCodes { codes }))
}

/// Whether a code is the user's; it is used up by this.
pub(super) async fn is_right(
    app: &App,
    account: &Account,
    code: &str,
    deed: &Deed,
) -> Result<bool> {
    let Some(totp) = account.totp.as_ref().filter(|totp| totp.is_confirmed) else {
        return Ok(false);
    };
    if let Some(step) = step(&totp.secret, code, app.now())? {
        return Ok(app.store().use_totp_step(&account.user.id, step).await?);
    }
    Ok(app.store().use_recovery_code(&account.user.id, &hash(&plain(code)), deed).await?)
}

/// The step of 30 seconds that a code belongs to, if it is one of now, of just before or of just after.
fn step(secret: &str, code: &str, now: i64) -> Result<Option<i64>> {
    let secret = Secret::try_from_base32(secret)
        .map_err(|cause| Error::Internal(anyhow::anyhow!("a kept secret: {cause}")))?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp(secret, "")?.check(&code, (now / 1_000_000).max(0).unsigned_abs());
    Ok(step.map(u64::cast_signed))
}

fn totp(secret: Secret, account: &str) -> Result<Totp> {
    Builder::new()
        .with_secret(secret)
        .with_account_name(account)
        .with_issuer(Some("Footpath"))
        .build()
        .map_err(|cause| Error::Internal(anyhow::anyhow!("codes of an authenticator: {cause}")))
}

fn wrong() -> Error {
    Error::invalid("the code is not right; look at the authenticator and at its clock").at("/code")
}

const RECOVERY_CODES: usize = 10;

/// 80 bits each, four by four.
fn new_codes() -> Result<Vec<String>> {
    let code = || {
        let text = hash(Token::new("")?.text());
        let parts: Vec<&str> = (0..5).map(|part| &text[part * 4..part * 4 + 4]).collect();
        Ok(parts.join("-"))
    };
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

/// As it is hashed, however it was typed.
fn plain(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
