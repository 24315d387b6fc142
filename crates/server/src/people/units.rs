//! Units: departments, branches, dealers.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules;
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::page::{Asked, Page};

#[derive(Serialize, ToSchema)]
pub(crate) struct Unit {
    id: String,
    name: String,
    /// The unit that it is a part of.
    parent: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitGiven {
    name: String,
    #[serde(default)]
    parent: Option<String>,
}

/// Units of the workspace.
#[utoipa::path(get, path = "/api/v1/units", tag = "people", params(Asked), responses((status = 200, body = Page<Unit>)))]
pub(crate) async fn units(inside: Inside, Query(asked): Query<Asked>) -> Result<Json<Page<Unit>>> {
    let units = inside.workspace.units(asked.after(), asked.limit()?).await?;
    Ok(Json(asked.page(units, |unit| unit.id.clone(), shown)?))
}

/// Make a unit.
#[utoipa::path(post, path = "/api/v1/units", tag = "people", request_body = UnitGiven,
    responses((status = 201, body = Unit), (status = 400, body = crate::error::Told)))]
pub(crate) async fn create_unit(
    State(app): State<App>,
    inside: Inside,
    Json(given): Json<UnitGiven>,
) -> Result<(StatusCode, Json<Unit>)> {
    let id = uuid::Uuid::now_v7().to_string();
    let unit = store::Unit { id, name: rules::name(&given.name)?, parent: given.parent };
    inside.workspace.set_unit(&unit, &inside.deed(app.now())).await?;
    Ok((StatusCode::CREATED, Json(shown(unit))))
}

/// Give a unit another name or place.
#[utoipa::path(put, path = "/api/v1/units/{unit}", tag = "people", params(("unit" = String, Path)),
    request_body = UnitGiven, responses((status = 200, body = Unit), (status = 404, body = crate::error::Told),
        (status = 409, body = crate::error::Told)))]
pub(crate) async fn change_unit(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(given): Json<UnitGiven>,
) -> Result<Json<Unit>> {
    if inside.workspace.find_unit(&id).await?.is_none() {
        return Err(Error::not_found("unit", &id));
    }
    let unit = store::Unit { id, name: rules::name(&given.name)?, parent: given.parent };
    inside.workspace.set_unit(&unit, &inside.deed(app.now())).await?;
    Ok(Json(shown(unit)))
}

/// Take a unit away in which nobody is and below which nothing is.
#[utoipa::path(delete, path = "/api/v1/units/{unit}", tag = "people", params(("unit" = String, Path)),
    responses((status = 204), (status = 404, body = crate::error::Told), (status = 409, body = crate::error::Told)))]
pub(crate) async fn remove_unit(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    if inside.workspace.remove_unit(&id, &inside.deed(app.now())).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Error::not_found("unit", &id))
}

/// Refuses a unit that is not of the workspace.
pub(super) async fn check(inside: &Inside, unit: Option<&str>) -> Result<()> {
    let Some(id) = unit else { return Ok(()) };
    if inside.workspace.find_unit(id).await?.is_some() {
        return Ok(());
    }
    Err(Error::invalid(format!("the unit `{id}` does not exist")).at("/unit"))
}

fn shown(unit: store::Unit) -> Unit {
    Unit { id: unit.id, name: unit.name, parent: unit.parent }
}
