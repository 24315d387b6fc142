//! The first user: nobody has a password here before somebody with the console makes one.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use store::{Deed, FirstUser, LinkKind, NewLink};

use super::leaving::DAY;
use super::links::new_user;
use super::page::{Field, Page, gone};
use super::{address, cookies, rules, sign_in};
use crate::access::Visit;
use crate::app::App;
use crate::error::Result;
use crate::extract::{Form, Path};
use crate::token::{Token, hash};

#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct SetUpForm {
    workspace: String,
    name: String,
    email: String,
    password: String,
}

/// The link for the first user, to be shown on the console: a new one each time, none when somebody is there.
pub async fn set_up_link(app: &App) -> anyhow::Result<Option<String>> {
    if app.store().has_users().await? {
        return Ok(None);
    }
    let token = Token::new("").map_err(super::desk::told)?;
    let now = app.now();
    let link = NewLink {
        kind: LinkKind::SetUp,
        token_hash: &token.hash(),
        user: None,
        expires_at: now + DAY,
    };
    app.store().make_link(&link, &super::desk::deed(now)).await?;
    Ok(Some(address::whole(app, &format!("/setup/{}", token.text()))))
}

/// The page of the set-up.
#[utoipa::path(get, path = "/setup/{token}", tag = "pages", params(("token" = String, Path)),
    responses((status = 200, content_type = "text/html", body = String),
        (status = 404, content_type = "text/html", body = String)))]
pub(crate) async fn set_up_page(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response> {
    if !is_good(&app, &token).await? {
        return Ok(gone(&app, "set-up"));
    }
    Ok(page(&app, &token, ["", "", ""]).show())
}

/// Make the first user and the first workspace.
#[utoipa::path(post, path = "/setup/{token}", tag = "pages", params(("token" = String, Path)),
    request_body(content = SetUpForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303), (status = 400, content_type = "text/html", body = String),
        (status = 404, content_type = "text/html", body = String)))]
pub(crate) async fn set_up_form(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
    Form(given): Form<SetUpForm>,
) -> Result<Response> {
    if !is_good(&app, &token).await? {
        return Ok(gone(&app, "set-up"));
    }
    let before = [given.workspace.clone(), given.name.clone(), given.email.clone()];
    match make(&app, &visit, &token, given).await {
        Ok(Some(session)) => Ok(cookies::go(&app, "/", [cookies::session(&app, session.text())])),
        Ok(None) => Ok(gone(&app, "set-up")),
        Err(error) => Ok(page(&app, &token, [&before[0], &before[1], &before[2]]).refuse(error)),
    }
}

async fn is_good(app: &App, token: &str) -> Result<bool> {
    let link = app.store().find_link(LinkKind::SetUp, &hash(token), app.now()).await?;
    Ok(link.is_some() && !app.store().has_users().await?)
}

async fn make(app: &App, visit: &Visit, token: &str, given: SetUpForm) -> Result<Option<Token>> {
    let workspace_name = rules::name(&given.workspace).map_err(|error| error.at("/workspace"))?;
    let name = rules::name(&given.name)?;
    let email = rules::email(&given.email)?;
    rules::password(&given.password, &email)?;
    let password = app.hashing().hash(given.password).await?;
    let user = new_user(&email, &name, app.now());
    let deed: Deed = visit.deed(format!("user:{}", user.id), app.now());
    let first = FirstUser { user: &user, password: &password, workspace_name: &workspace_name };
    if !app.store().set_up(&hash(token), &first, &deed).await? {
        return Ok(None);
    }
    sign_in::begin(app, visit, &user.id).await.map(Some)
}

fn page(app: &App, token: &str, [workspace, name, email]: [&str; 3]) -> Page {
    let fields = [
        Field::WORKSPACE.with(workspace),
        Field::NAME.with(name),
        Field::EMAIL.with(email),
        Field::NEW_PASSWORD,
    ];
    Page::new(app, "Set up Footpath")
        .say("You become the owner of this installation and of its first workspace.")
        .form(format!("/setup/{token}"), fields, "Begin")
}
