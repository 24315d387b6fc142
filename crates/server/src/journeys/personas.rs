//! Kinds of customers that the journeys of a workspace share.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::journeys::personas::PersonaRow;
use utoipa::ToSchema;

use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};

/// What is known of a kind of customers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Persona {
    title: String,
    /// `customer`, `non_customer`, `employee` or `partner`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// The customers that it counts: those whose attribute has one of the values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    segment: Option<model::journey::Segment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    goals: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    needs: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    frustrations: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    channels: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quote: Option<String>,
    /// How well it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    grade: Option<model::journey::Grade>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeptPersona {
    id: String,
    #[serde(flatten)]
    persona: Persona,
    changed_at: String,
}

fn kept(row: PersonaRow) -> Result<KeptPersona> {
    let persona =
        serde_json::from_str(&row.document).map_err(|cause| Error::Internal(cause.into()))?;
    Ok(KeptPersona { id: row.id, persona, changed_at: moment(row.changed_at) })
}

/// The personas of the workspace, by id.
#[utoipa::path(get, path = "/api/v1/personas", tag = "personas", params(Asked),
    responses((status = 200, body = Page<KeptPersona>), (status = 403, body = crate::error::Told)))]
pub(crate) async fn personas(
    inside: Inside,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<KeptPersona>>> {
    let rows = inside.workspace.personas(asked.after(), asked.limit()?).await?;
    let Page { items, next } = asked.page(rows, |row| row.id.clone(), kept)?;
    Ok(Json(Page { items: items.into_iter().collect::<Result<_>>()?, next }))
}

/// A persona.
#[utoipa::path(get, path = "/api/v1/personas/{id}", tag = "personas",
    params(("id" = String, Path, description = "id of a persona")),
    responses((status = 200, body = KeptPersona), (status = 404, body = crate::error::Told)))]
pub(crate) async fn persona(inside: Inside, Path(id): Path<String>) -> Result<Json<KeptPersona>> {
    Ok(Json(kept(find(&inside, &id).await?)?))
}

async fn find(inside: &Inside, id: &str) -> Result<PersonaRow> {
    inside.workspace.find_persona(id).await?.ok_or_else(|| Error::not_found("persona", id))
}

/// Takes up a persona; its id is made from its title.
#[utoipa::path(post, path = "/api/v1/personas", tag = "personas", request_body = Persona,
    responses((status = 201, body = KeptPersona), (status = 400, body = crate::error::Told)))]
pub(crate) async fn create_persona(
    State(app): State<App>,
    inside: Inside,
    Json(persona): Json<Persona>,
) -> Result<(StatusCode, Json<KeptPersona>)> {
    let name = model::id::id_of(&persona.title).unwrap_or_else(|| "persona".to_owned());
    let mut id = name.clone();
    let mut number = 1;
    while inside.workspace.find_persona(&id).await?.is_some() {
        number += 1;
        id = format!("{name}-{number}");
    }
    Ok((StatusCode::CREATED, Json(set(&app, &inside, id, &persona).await?)))
}

/// Changes a persona; it says then what is sent, and nothing else.
#[utoipa::path(put, path = "/api/v1/personas/{id}", tag = "personas", request_body = Persona,
    params(("id" = String, Path, description = "id of a persona")),
    responses((status = 200, body = KeptPersona), (status = 404, body = crate::error::Told)))]
pub(crate) async fn set_persona(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(persona): Json<Persona>,
) -> Result<Json<KeptPersona>> {
    find(&inside, &id).await?;
    Ok(Json(set(&app, &inside, id, &persona).await?))
}

async fn set(app: &App, inside: &Inside, id: String, persona: &Persona) -> Result<KeptPersona> {
    if persona.title.trim().is_empty() || persona.title.chars().count() > 200 {
        return Err(Error::invalid("a persona has a title of 1 to 200 characters").at("/title"));
    }
    let document = serde_json::to_string(persona).map_err(|cause| Error::Internal(cause.into()))?;
    let deed = inside.deed(app.now());
    let row = PersonaRow { id, title: persona.title.clone(), document, changed_at: deed.at };
    inside.workspace.set_persona(&row, &deed).await?;
    kept(row)
}

/// Takes a persona away; journeys keep what they say of it.
#[utoipa::path(delete, path = "/api/v1/personas/{id}", tag = "personas",
    params(("id" = String, Path, description = "id of a persona")),
    responses((status = 204), (status = 404, body = crate::error::Told)))]
pub(crate) async fn delete_persona(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    if inside.workspace.delete_persona(&id, &inside.deed(app.now())).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::not_found("persona", &id))
    }
}
