//! Invitations into a workspace: a link for one address, good for a week and one use.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::leaving::{DAY, HandOver};
use super::{address, authority, rules, units};
use crate::access::{Caller, Inside, SignedIn};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};
use crate::permissions::Role;
use crate::token::{Token, hash};

#[derive(Serialize, ToSchema)]
pub(crate) struct Invitation {
    id: String,
    email: String,
    role: String,
    unit: Option<String>,
    created_at: String,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted_at: Option<String>,
    /// Taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    email: String,
    role: Role,
    #[serde(default)]
    unit: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    /// The last part of the link.
    token: String,
}

/// An invitation and its link.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invited {
    #[serde(flatten)]
    invitation: Invitation,
    /// No mail is sent: hand the link over. It is shown once.
    #[serde(flatten)]
    hand_over: HandOver,
}

/// Invitations of the workspace, those that are over among them.
#[utoipa::path(get, path = "/api/v1/invitations", tag = "people", params(Asked),
    responses((status = 200, body = Page<Invitation>)))]
pub(crate) async fn invitations(
    inside: Inside,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<Invitation>>> {
    let all = inside.workspace.invitations(asked.after(), asked.limit()?).await?;
    Ok(Json(asked.page(all, |it| it.id.clone(), shown)?))
}

/// Invite somebody: the answer has the link to hand over, because no mail is sent.
#[utoipa::path(post, path = "/api/v1/invitations", tag = "people", request_body = NewInvitation,
    responses((status = 201, body = Invited), (status = 400, body = crate::error::Told),
        (status = 403, body = crate::error::Told)))]
pub(crate) async fn invite(
    State(app): State<App>,
    inside: Inside,
    Json(given): Json<NewInvitation>,
) -> Result<(StatusCode, Json<Invited>)> {
    let email = rules::email(&given.email)?;
    authority::may_give(&inside, given.role)?;
    units::check(&inside, given.unit.as_deref()).await?;
    let token = Token::new("")?;
    let now = app.now();
    let invited_by = match &inside.caller {
        Caller::User { id, .. } | Caller::Key { id, .. } => id.clone(),
        Caller::Anonymous => return Err(Error::unauthorized()),
    };
    let invitation = store::Invitation {
        workspace: inside.workspace.id().to_owned(),
        id: uuid::Uuid::now_v7().to_string(),
        email,
        role: given.role.name().to_owned(),
        unit: given.unit,
        invited_by,
        created_at: now,
        expires_at: now + 7 * DAY,
        accepted_at: None,
        ended_at: None,
    };
    inside.workspace.invite(&invitation, &token.hash(), &inside.deed(now)).await?;
    Ok((StatusCode::CREATED, Json(invited(&app, invitation, &token))))
}

/// Make another link for an open invitation, good for a week from now; the old one is no good any more.
#[utoipa::path(post, path = "/api/v1/invitations/{invitation}/renew", tag = "people",
    params(("invitation" = String, Path)),
    responses((status = 200, body = Invited), (status = 404, body = crate::error::Told)))]
pub(crate) async fn renew_invitation(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
) -> Result<Json<Invited>> {
    let absent = || Error::not_found("open invitation", &id);
    let found = inside.workspace.find_invitation(&id).await?.ok_or_else(absent)?;
    if let Some(role) = Role::named(&found.role) {
        authority::may_give(&inside, role)?;
    }
    let (token, now) = (Token::new("")?, app.now());
    let expires_at = now + 7 * DAY;
    let deed = inside.deed(now);
    if !inside.workspace.renew_invitation(&id, &token.hash(), expires_at, &deed).await? {
        return Err(absent());
    }
    Ok(Json(invited(&app, store::Invitation { expires_at, ..found }, &token)))
}

/// Take an open invitation back.
#[utoipa::path(delete, path = "/api/v1/invitations/{invitation}", tag = "people",
    params(("invitation" = String, Path)),
    responses((status = 204), (status = 404, body = crate::error::Told)))]
pub(crate) async fn end_invitation(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    if inside.workspace.end_invitation(&id, &inside.deed(app.now())).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Error::not_found("open invitation", &id))
}

/// Accept an invitation as the user who is signed in, whose address has to be the one invited.
#[utoipa::path(post, path = "/api/v1/me/invitations", tag = "people", request_body = Acceptance,
    responses((status = 204), (status = 400, body = crate::error::Told), (status = 409, body = crate::error::Told)))]
pub(crate) async fn accept_invitation(
    State(app): State<App>,
    signed_in: SignedIn,
    Json(given): Json<Acceptance>,
) -> Result<StatusCode> {
    accept(&app, &signed_in, &given.token).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn accept(app: &App, signed_in: &SignedIn, token: &str) -> Result<()> {
    let over = || Error::invalid("this invitation is over, or was never made; ask for another one");
    let token_hash = hash(token);
    let open = app.store().open_invitation(&token_hash, app.now()).await?.ok_or_else(over)?;
    let user = app.store().find_user(&signed_in.user).await?.ok_or_else(Error::unauthorized)?;
    if user.email != open.email {
        return Err(Error::new(
            Code::Conflict,
            "this invitation is for another address than yours; sign out and open the link again",
        ));
    }
    if !app.store().join(&token_hash, &user.id, &signed_in.deed(app.now())).await? {
        return Err(over());
    }
    Ok(())
}

fn invited(app: &App, invitation: store::Invitation, token: &Token) -> Invited {
    let link = address::whole(app, &format!("/invite/{}", token.text()));
    let hand_over = HandOver { link, expires_at: moment(invitation.expires_at) };
    Invited { invitation: shown(invitation), hand_over }
}

fn shown(invitation: store::Invitation) -> Invitation {
    Invitation {
        id: invitation.id,
        email: invitation.email,
        role: invitation.role,
        unit: invitation.unit,
        created_at: moment(invitation.created_at),
        expires_at: moment(invitation.expires_at),
        accepted_at: invitation.accepted_at.map(moment),
        ended_at: invitation.ended_at.map(moment),
    }
}
