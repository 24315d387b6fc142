//! Members of a workspace: who is what, and where in the organisation.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{authority, units};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};
use crate::permissions::{Right, Role};

#[derive(Serialize, ToSchema)]
pub(crate) struct Member {
    /// The id of the user.
    id: String,
    name: String,
    /// For those who may manage people.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    role: String,
    unit: Option<String>,
    added_at: String,
    /// When the user last signed in, for those who may manage people.
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_in_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deactivated_at: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    role: Role,
    #[serde(default)]
    unit: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Successor {
    /// The member who takes over what the one who leaves owns.
    #[serde(default)]
    hand_over_to: Option<String>,
}

/// Members of the workspace.
#[utoipa::path(get, path = "/api/v1/members", tag = "people", params(Asked),
    responses((status = 200, body = Page<Member>)))]
pub(crate) async fn members(
    inside: Inside,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<Member>>> {
    let members = inside.workspace.members(asked.after(), asked.limit()?).await?;
    let sees_all = inside.may(Right::ManagePeople);
    Ok(Json(asked.page(members, |it| it.user.id.clone(), |it| shown(it, sees_all))?))
}

/// Make a member something else, or put it elsewhere.
#[utoipa::path(put, path = "/api/v1/members/{user}", tag = "people", params(("user" = String, Path)),
    request_body = Place, responses((status = 200, body = Member), (status = 403, body = crate::error::Told),
        (status = 404, body = crate::error::Told), (status = 409, body = crate::error::Told)))]
pub(crate) async fn change_member(
    State(app): State<App>,
    inside: Inside,
    Path(user): Path<String>,
    Json(given): Json<Place>,
) -> Result<Json<Member>> {
    let member = authority::member(&inside, &user).await?;
    authority::may_give(&inside, given.role)?;
    units::check(&inside, given.unit.as_deref()).await?;
    let (role, unit) = (given.role.name(), given.unit.as_deref());
    if !inside.workspace.change_member(&user, role, unit, &inside.deed(app.now())).await? {
        return Err(Error::not_found("member", &user));
    }
    let member = store::Member { role: role.to_owned(), unit: given.unit, ..member };
    Ok(Json(shown(member, true)))
}

/// Take a member out of the workspace. What the member owns goes to another one.
#[utoipa::path(delete, path = "/api/v1/members/{user}", tag = "people", params(("user" = String, Path), Successor),
    responses((status = 204), (status = 403, body = crate::error::Told), (status = 404, body = crate::error::Told),
        (status = 409, body = crate::error::Told)))]
pub(crate) async fn remove_member(
    State(app): State<App>,
    inside: Inside,
    Path(user): Path<String>,
    Query(given): Query<Successor>,
) -> Result<StatusCode> {
    authority::member(&inside, &user).await?;
    let successor = given.hand_over_to.as_deref();
    if inside.workspace.remove_member(&user, successor, &inside.deed(app.now())).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Error::not_found("member", &user))
}

fn shown(member: store::Member, sees_all: bool) -> Member {
    let store::Member { user, role, unit, added_at } = member;
    Member {
        id: user.id,
        name: user.name,
        email: Some(user.email).filter(|_| sees_all),
        role,
        unit,
        added_at: moment(added_at),
        signed_in_at: user.signed_in_at.filter(|_| sees_all).map(moment),
        deactivated_at: user.deactivated_at.map(moment),
    }
}
