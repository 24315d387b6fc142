//! Users who leave, or have lost their password: deactivated with their things in other hands, or given a link.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{Deed, LinkKind, NewLink};
use utoipa::ToSchema;

use super::password::forbid_stale;
use super::{address, authority};
use crate::access::{Inside, SignedIn};
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};
use crate::token::Token;

/// Something that a user owns.
#[derive(Serialize, ToSchema)]
pub(crate) struct Owned {
    kind: &'static str,
    id: String,
    name: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Farewell {
    /// The user who takes over; needed if anything is owned.
    #[serde(default)]
    hand_over_to: Option<String>,
}

/// A link that is to be given to somebody. No mail is sent: whoever made it hands it over.
#[derive(Serialize, ToSchema)]
pub(crate) struct HandOver {
    /// Shown once, good for one use.
    pub(super) link: String,
    pub(super) expires_at: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct UserLine {
    id: String,
    email: String,
    name: String,
    created_at: String,
    signed_in_at: Option<String>,
    deactivated_at: Option<String>,
}

/// What a member owns here, and would have to hand over.
#[utoipa::path(get, path = "/api/v1/members/{user}/owned", tag = "people", params(("user" = String, Path)),
    responses((status = 200, body = Vec<Owned>), (status = 404, body = crate::error::Told)))]
pub(crate) async fn owned(inside: Inside, Path(user): Path<String>) -> Result<Json<Vec<Owned>>> {
    if inside.workspace.find_member(&user).await?.is_none() {
        return Err(Error::not_found("member", &user));
    }
    let owned = inside.workspace.owned(&user).await?;
    let shown = owned.into_iter().map(|it| Owned { kind: it.kind, id: it.id, name: it.name });
    Ok(Json(shown.collect()))
}

/// Deactivate a member: refused everywhere from now on, every session ends, and what the user owns goes to another member.
#[utoipa::path(post, path = "/api/v1/members/{user}/deactivate", tag = "people", params(("user" = String, Path)),
    request_body = Farewell, responses((status = 204), (status = 403, body = crate::error::Told),
        (status = 404, body = crate::error::Told), (status = 409, body = crate::error::Told)))]
pub(crate) async fn deactivate_member(
    State(app): State<App>,
    inside: Inside,
    Path(user): Path<String>,
    Json(given): Json<Farewell>,
) -> Result<StatusCode> {
    authority::whole_user(&app, &inside, &user).await?;
    deactivate(&app, &user, given, &inside.deed(app.now())).await
}

/// Make a link by which a member chooses a new password, to hand it over: no mail is sent.
#[utoipa::path(post, path = "/api/v1/members/{user}/password_link", tag = "people", params(("user" = String, Path)),
    responses((status = 201, body = HandOver), (status = 403, body = crate::error::Told),
        (status = 404, body = crate::error::Told)))]
pub(crate) async fn make_password_link(
    State(app): State<App>,
    inside: Inside,
    signed_in: Option<SignedIn>,
    Path(user): Path<String>,
) -> Result<(StatusCode, Json<HandOver>)> {
    authority::whole_user(&app, &inside, &user).await?;
    // A key that leaks shall not become a user.
    let signed_in = signed_in.ok_or_else(|| Error::forbidden("a key may not do this; sign in"))?;
    forbid_stale(&app, &signed_in)?;
    let made = password_link(&app, &user, &inside.deed(app.now())).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Every user of the installation.
#[utoipa::path(get, path = "/api/v1/users", tag = "people", params(Asked), responses((status = 200, body = Page<UserLine>)))]
pub(crate) async fn users(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<UserLine>>> {
    let users = app.store().users(asked.after(), asked.limit()?).await?;
    let shown = |user: store::User| UserLine {
        id: user.id,
        email: user.email,
        name: user.name,
        created_at: moment(user.created_at),
        signed_in_at: user.signed_in_at.map(moment),
        deactivated_at: user.deactivated_at.map(moment),
    };
    Ok(Json(asked.page(users, |user| user.id.clone(), shown)?))
}

/// Deactivate a user, whatever the workspaces. Whoever takes over has to be a member wherever something is owned.
#[utoipa::path(post, path = "/api/v1/users/{user}/deactivate", tag = "people", params(("user" = String, Path)),
    request_body = Farewell, responses((status = 204), (status = 404, body = crate::error::Told),
        (status = 409, body = crate::error::Told)))]
pub(crate) async fn deactivate_user(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(user): Path<String>,
    Json(given): Json<Farewell>,
) -> Result<StatusCode> {
    deactivate(&app, &user, given, &signed_in.deed(app.now())).await
}

/// Make a user another owner of the whole installation.
#[utoipa::path(post, path = "/api/v1/users/{user}/owner", tag = "people", params(("user" = String, Path)),
    responses((status = 204), (status = 404, body = crate::error::Told)))]
pub(crate) async fn make_installation_owner(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(user): Path<String>,
) -> Result<StatusCode> {
    let found = app.store().find_user(&user).await?;
    found
        .filter(|it| it.deactivated_at.is_none())
        .ok_or_else(|| Error::not_found("user", &user))?;
    app.store().make_owner(&user, &signed_in.deed(app.now())).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn deactivate(app: &App, user: &str, given: Farewell, deed: &Deed) -> Result<StatusCode> {
    if app.store().deactivate_user(user, given.hand_over_to.as_deref(), deed).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Error::not_found("user", user))
}

/// A day, in µs.
pub(super) const DAY: i64 = 24 * 3600 * 1_000_000;

/// A link by which a user chooses a password within a day.
pub(super) async fn password_link(app: &App, user: &str, deed: &Deed) -> Result<HandOver> {
    let token = Token::new("")?;
    let expires_at = app.now() + DAY;
    let (kind, token_hash) = (LinkKind::Password, &*token.hash());
    let link = NewLink { kind, token_hash, user: Some(user), expires_at };
    app.store().make_link(&link, deed).await?;
    Ok(HandOver {
        link: address::whole(app, &format!("/reset/{}", token.text())),
        expires_at: moment(expires_at),
    })
}
