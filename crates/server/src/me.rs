//! Who is signed in, and what that user may where.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::SignedIn;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::Json;
use crate::permissions::Role;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    id: String,
    email: String,
    name: String,
    workspaces: Vec<InWorkspace>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InWorkspace {
    id: String,
    name: String,
    role: Role,
    unit: Option<String>,
}

/// The user who is signed in.
#[utoipa::path(get, path = "/api/v1/me", tag = "people",
    responses((status = 200, body = Me), (status = 401, body = crate::error::Told)))]
pub(crate) async fn me(State(app): State<App>, signed_in: SignedIn) -> Result<Json<Me>> {
    let user = app.store().find_user(&signed_in.user).await?.ok_or_else(Error::unauthorized)?;
    let memberships = app.store().memberships(&user.id).await?;
    let workspaces = memberships.into_iter().filter_map(|it| {
        Some(InWorkspace {
            role: Role::named(&it.role)?,
            id: it.workspace,
            name: it.name,
            unit: it.unit,
        })
    });
    Ok(Json(Me {
        id: user.id,
        email: user.email,
        name: user.name,
        workspaces: workspaces.collect(),
    }))
}
