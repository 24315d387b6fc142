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
    has_password: bool,
    /// Sign-ins ask for a code.
    has_second_factor: bool,
    /// Recovery codes that were not used.
    recovery_codes: u64,
    /// Looks after the whole installation.
    is_owner: bool,
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
    let account = app.store().account(&signed_in.user).await?.ok_or_else(Error::unauthorized)?;
    let user = account.user;
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
        has_password: account.password.is_some(),
        has_second_factor: account.totp.is_some_and(|totp| totp.is_confirmed),
        recovery_codes: app.store().recovery_codes(&signed_in.user).await?,
        is_owner: account.is_owner,
    }))
}
