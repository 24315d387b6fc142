//! Workspaces: those that one is in, another one, another name.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules;
use crate::access::{Inside, SignedIn};
use crate::app::App;
use crate::error::Result;
use crate::extract::Json;
use crate::permissions::Role;

#[derive(Serialize, ToSchema)]
pub(crate) struct Workspace {
    id: String,
    name: String,
    /// What the user is there.
    role: Option<Role>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Name {
    name: String,
}

/// The workspaces that I am in, by name.
#[utoipa::path(get, path = "/api/v1/workspaces", tag = "people", responses((status = 200, body = Vec<Workspace>)))]
pub(crate) async fn workspaces(
    State(app): State<App>,
    signed_in: SignedIn,
) -> Result<Json<Vec<Workspace>>> {
    let memberships = app.store().memberships(&signed_in.user).await?;
    let shown = memberships.into_iter().map(|it| Workspace {
        role: Role::named(&it.role),
        id: it.workspace,
        name: it.name,
    });
    Ok(Json(shown.collect()))
}

/// Make another workspace. Whoever makes it owns it.
#[utoipa::path(post, path = "/api/v1/workspaces", tag = "people", request_body = Name,
    responses((status = 201, body = Workspace), (status = 403, body = crate::error::Told)))]
pub(crate) async fn create_workspace(
    State(app): State<App>,
    signed_in: SignedIn,
    Json(given): Json<Name>,
) -> Result<(StatusCode, Json<Workspace>)> {
    let name = rules::name(&given.name)?;
    let id = uuid::Uuid::now_v7().to_string();
    let deed = signed_in.deed(app.now());
    app.store().create_workspace(&id, &name, &signed_in.user, &deed).await?;
    Ok((StatusCode::CREATED, Json(Workspace { id, name, role: Some(Role::Owner) })))
}

/// Give the workspace another name.
#[utoipa::path(patch, path = "/api/v1/workspace", tag = "people", request_body = Name,
    responses((status = 204), (status = 400, body = crate::error::Told)))]
pub(crate) async fn rename_workspace(
    State(app): State<App>,
    inside: Inside,
    Json(given): Json<Name>,
) -> Result<StatusCode> {
    let name = rules::name(&given.name)?;
    inside.workspace.rename(&name, &inside.deed(app.now())).await?;
    Ok(StatusCode::NO_CONTENT)
}
