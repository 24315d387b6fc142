//! The pages behind links that are good for one use: an invitation, a new password. Opening one changes nothing, so that
//! programs which look at links cannot use them up.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use store::LinkKind;

use super::page::{Field, Page, gone};
use super::{cookies, entry, invitations, rules, sign_in};
use crate::access::{SignedIn, Visit};
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Form, Path};
use crate::token::hash;

#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct InviteForm {
    /// Left out by who has an account.
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct ResetForm {
    password: String,
}

/// The page of an invitation.
#[utoipa::path(get, path = "/invite/{token}", tag = "pages", params(("token" = String, Path)),
    responses((status = 200, content_type = "text/html", body = String),
        (status = 404, content_type = "text/html", body = String)))]
pub(crate) async fn invite_page(
    State(app): State<App>,
    signed_in: Option<SignedIn>,
    Path(token): Path<String>,
) -> Result<Response> {
    let Some(open) = app.store().open_invitation(&hash(&token), app.now()).await? else {
        return Ok(gone(&app, "invitation"));
    };
    Ok(invite(&app, &open, signed_in.as_ref(), &token).await?.show())
}

/// Come in by an invitation.
#[utoipa::path(post, path = "/invite/{token}", tag = "pages", params(("token" = String, Path)),
    request_body(content = InviteForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303), (status = 400, content_type = "text/html", body = String),
        (status = 404, content_type = "text/html", body = String)))]
pub(crate) async fn invite_form(
    State(app): State<App>,
    visit: Visit,
    signed_in: Option<SignedIn>,
    Path(token): Path<String>,
    Form(given): Form<InviteForm>,
) -> Result<Response> {
    let Some(open) = app.store().open_invitation(&hash(&token), app.now()).await? else {
        return Ok(gone(&app, "invitation"));
    };
    let came = match &signed_in {
        Some(signed_in) => {
            let accepted = invitations::accept(&app, signed_in, &token).await;
            accepted.map(|()| cookies::go(&app, "/", []))
        }
        None => join(&app, &visit, &open, &token, given).await,
    };
    match came {
        Ok(response) => Ok(response),
        Err(error) => Ok(invite(&app, &open, signed_in.as_ref(), &token).await?.refuse(error)),
    }
}

/// The page for a new password.
#[utoipa::path(get, path = "/reset/{token}", tag = "pages", params(("token" = String, Path)),
    responses((status = 200, content_type = "text/html", body = String),
        (status = 404, content_type = "text/html", body = String)))]
pub(crate) async fn reset_page(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response> {
    Ok(match whose(&app, &token).await? {
        Some(user) => reset(&app, &user.email, &token).show(),
        None => gone(&app, "user"),
    })
}

/// Choose a new password: every session of the user ends.
#[utoipa::path(post, path = "/reset/{token}", tag = "pages", params(("token" = String, Path)),
    request_body(content = ResetForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303), (status = 400, content_type = "text/html", body = String),
        (status = 404, content_type = "text/html", body = String)))]
pub(crate) async fn reset_form(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
    Form(given): Form<ResetForm>,
) -> Result<Response> {
    let Some(user) = whose(&app, &token).await? else { return Ok(gone(&app, "user")) };
    if let Err(error) = rules::password(&given.password, &user.email) {
        return Ok(reset(&app, &user.email, &token).refuse(error));
    }
    let kept = app.hashing().hash(given.password).await?;
    let deed = visit.deed(format!("user:{}", user.id), app.now());
    if app.store().reset_password(&hash(&token), &kept, &deed).await?.is_none() {
        return Ok(gone(&app, "user"));
    }
    // Whoever has an authenticator still needs it.
    Ok(cookies::go(&app, "/login", []))
}

async fn whose(app: &App, token: &str) -> Result<Option<store::User>> {
    let link = app.store().find_link(LinkKind::Password, &hash(token), app.now()).await?;
    let Some(user) = link.flatten() else { return Ok(None) };
    let user = app.store().find_user(&user).await?;
    Ok(user.filter(|user| user.deactivated_at.is_none()))
}

async fn join(
    app: &App,
    visit: &Visit,
    open: &store::Invitation,
    token: &str,
    given: InviteForm,
) -> Result<Response> {
    let name = rules::name(&given.name)?;
    rules::password(&given.password, &open.email)?;
    let kept = app.hashing().hash(given.password).await?;
    let user = new_user(&open.email, &name, app.now());
    let deed = visit.deed(format!("user:{}", user.id), app.now());
    if !app.store().join_as_new(&hash(token), &user, &kept, &deed).await? {
        return Err(Error::invalid("this invitation was used meanwhile"));
    }
    let session = sign_in::begin(app, visit, &user.id).await?;
    Ok(cookies::go(app, "/", [cookies::session(app, session.text())]))
}

/// A user who is not kept yet.
pub(super) fn new_user(email: &str, name: &str, now: i64) -> store::User {
    store::User {
        id: uuid::Uuid::now_v7().to_string(),
        email: email.to_owned(),
        name: name.to_owned(),
        created_at: now,
        signed_in_at: None,
        deactivated_at: None,
    }
}

async fn invite(
    app: &App,
    open: &store::Invitation,
    signed_in: Option<&SignedIn>,
    token: &str,
) -> Result<Page> {
    let action = format!("/invite/{token}");
    let workspace = app.store().find_workspace(&open.workspace).await?;
    let name = match workspace {
        Some(workspace) => workspace.name().await?,
        None => open.workspace.clone(),
    };
    let lead = format!("You are invited to the workspace “{name}” as {}.", open.role);
    let page = Page::new(app, "Join a workspace").say(lead);
    if signed_in.is_some() {
        return Ok(page.form(action, [], "Join"));
    }
    if app.store().find_user_by_email(&open.email).await?.is_some() {
        return Ok(page
            .say("You have an account already; sign in first.")
            .link(entry::with_next("/login", &action), "Sign in and join"));
    }
    let fields = [Field::EMAIL.fixed(&open.email), Field::NAME, Field::NEW_PASSWORD];
    let page = page.form(action, fields, "Join");
    Ok(match app.config().oidc_issuer {
        Some(_) => page.link("/oidc/begin".to_owned(), "Join with your organisation's sign-in"),
        None => page,
    })
}

fn reset(app: &App, email: &str, token: &str) -> Page {
    let fields = [Field::EMAIL.fixed(email), Field::NEW_PASSWORD];
    Page::new(app, "Choose a new password").say("You will be signed out everywhere.").form(
        format!("/reset/{token}"),
        fields,
        "Keep this password",
    )
}
