//! Journeys: listed, taken up, shown, put in their place.

use axum::extract::State;
use axum::http::StatusCode;
use model::map::Map;
use serde::{Deserialize, Serialize};
use store::journeys::{Among, JourneyRow, Shown, Sought};
use utoipa::{IntoParams, ToSchema};

use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};
use crate::schemas::MapBody;

pub(crate) mod carry;
pub(crate) mod comments;
pub(crate) mod edit;
pub(crate) mod events;
pub(crate) mod health;
pub(crate) mod personas;
pub(crate) mod rooms;
pub(crate) mod routes;
pub(crate) mod versions;

use carry::Source;
use health::Health;

/// A journey in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Journey {
    pub(crate) id: String,
    /// The id that its document carries.
    name: String,
    title: String,
    /// `current` or `target`.
    scope: String,
    owner: Option<String>,
    parent: Option<String>,
    /// Of a target: the journey whose present state it wants changed.
    target_of: Option<String>,
    pub(crate) rev: i64,
    status: Status,
    /// The version that holds.
    published: Option<i64>,
    /// Whether it was changed since.
    has_draft: bool,
    health: Health,
    created_at: String,
    created_by: String,
    changed_at: String,
    changed_by: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// Nobody has published it yet.
    Draft,
    Published,
    /// Out of use.
    Retired,
}

/// A journey with its map.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WithMap {
    #[serde(flatten)]
    journey: Journey,
    #[schema(value_type = MapBody)]
    doc: Map,
    /// What was not understood of a text that it was made from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

impl Journey {
    pub(crate) fn of(row: JourneyRow) -> Self {
        Self {
            status: match (row.retired_at, row.published) {
                (Some(_), _) => Status::Retired,
                (None, Some(_)) => Status::Published,
                (None, None) => Status::Draft,
            },
            has_draft: row.published_rev.is_none_or(|rev| rev < row.rev),
            health: Health::read(&row.health),
            created_at: moment(row.created_at),
            changed_at: moment(row.changed_at),
            id: row.id,
            name: row.name,
            title: row.title,
            scope: row.scope,
            owner: row.owner,
            parent: row.parent,
            target_of: row.target_of,
            rev: row.rev,
            published: row.published,
            created_by: row.created_by,
            changed_by: row.changed_by,
        }
    }
}

/// What a map shows in lists, with the map itself.
pub(crate) fn shown(map: &Map) -> Result<Shown> {
    Ok(Shown {
        name: map.id.clone(),
        title: map.title.clone(),
        scope: match map.scope {
            model::journey::Scope::Current => "current".to_owned(),
            model::journey::Scope::Target => "target".to_owned(),
        },
        owner: map.settings.owner.clone(),
        health: Health::of(map).write(),
        document: serde_json::to_string(map).map_err(|cause| Error::Internal(cause.into()))?,
    })
}

/// A map as it is kept.
pub(crate) fn map_of(document: &str) -> Result<Map> {
    serde_json::from_str(document).map_err(|cause| Error::Internal(cause.into()))
}

/// A journey of the caller's workspace.
pub(crate) async fn find(inside: &Inside, id: &str) -> Result<(JourneyRow, Map)> {
    let found = inside.workspace.find_journey(id).await?;
    let (row, document) = found.ok_or_else(|| Error::not_found("journey", id))?;
    Ok((row, map_of(&document)?))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// In the title.
    search: Option<String>,
    /// `current` or `target`.
    scope: Option<String>,
    /// Only parts of this journey.
    parent: Option<String>,
    /// Those out of use too.
    #[serde(default)]
    retired: bool,
    after: Option<String>,
    limit: Option<u32>,
}

/// The journeys of the workspace by title, with what their maps lack.
#[utoipa::path(get, path = "/api/v1/journeys", tag = "journeys", params(Filter),
    responses((status = 200, body = Page<Journey>), (status = 403, body = crate::error::Told)))]
pub(crate) async fn journeys(
    inside: Inside,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Journey>>> {
    let asked = Asked { after: filter.after, limit: filter.limit };
    let after =
        match asked.after() {
            "" => None,
            text => Some(text.rsplit_once('/').ok_or_else(|| {
                Error::invalid("`after` is the `next` of a page before").at("after")
            })?),
        };
    let sought = Sought {
        search: filter.search.filter(|text| !text.trim().is_empty()),
        scope: filter.scope,
        parent: filter.parent,
        with_retired: filter.retired,
        after: after.map(|(title, id)| (title.to_owned(), id.to_owned())),
        limit: asked.limit()?,
    };
    let rows = inside.workspace.journeys(&sought).await?;
    let mark = |row: &JourneyRow| format!("{}/{}", row.title.to_lowercase(), row.id);
    Ok(Json(asked.page(rows, mark, Journey::of)?))
}

/// A journey to be taken up: empty, from a text, or from another journey.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewJourney {
    /// In the customer's words; needed unless it is made from something.
    title: Option<String>,
    /// The id that its document carries; made from the title if it is left out.
    name: Option<String>,
    /// The journey that it is a part of.
    parent: Option<String>,
    /// A text that it is made from.
    source: Option<Source>,
    /// A journey that it begins as a copy of.
    copy_of: Option<String>,
    /// A journey whose target it is: it begins as a copy of it.
    target_of: Option<String>,
}

/// Takes up a journey.
#[utoipa::path(post, path = "/api/v1/journeys", tag = "journeys", request_body = NewJourney,
    responses((status = 201, body = WithMap), (status = 400, body = crate::error::Told)))]
pub(crate) async fn create_journey(
    State(app): State<App>,
    inside: Inside,
    Json(new): Json<NewJourney>,
) -> Result<(StatusCode, Json<WithMap>)> {
    let (mut map, warnings) = begun(&inside, &new).await?;
    if let Some(title) = new.title.as_ref().filter(|title| !title.trim().is_empty()) {
        map.title.clone_from(title);
    }
    match &new.name {
        Some(name) if model::id::is_id(name) => map.id.clone_from(name),
        Some(name) => {
            let message = format!("`{name}` is no id: an id is lower-case words and hyphens");
            return Err(Error::invalid(message).at("/name"));
        }
        None => {}
    }
    if new.target_of.is_some() {
        map.scope = model::journey::Scope::Target;
    }
    let among = Among { parent: new.parent, target_of: new.target_of };
    check_place(&inside, None, &among).await?;
    let id = uuid::Uuid::now_v7().to_string();
    inside.workspace.create_journey(&id, &shown(&map)?, &among, &inside.deed(app.now())).await?;
    let (row, map) = find(&inside, &id).await?;
    let body = WithMap { journey: Journey::of(row), doc: map.visible(), warnings };
    Ok((StatusCode::CREATED, Json(body)))
}

/// The map that a new journey begins with.
async fn begun(inside: &Inside, new: &NewJourney) -> Result<(Map, Vec<String>)> {
    let template = new.copy_of.as_ref().or(new.target_of.as_ref());
    match (&new.source, template, &new.title) {
        (Some(_), Some(_), _) => {
            Err(Error::invalid("a journey is made from a text or from another one, not from both"))
        }
        (Some(source), None, title) => source.map(title.as_deref()),
        // With the ids of its cards, so that the two can be compared.
        (None, Some(id), _) => Ok((find(inside, id).await?.1.visible(), Vec::new())),
        (None, None, Some(title)) if !title.trim().is_empty() => {
            let name = model::id::id_of(title).unwrap_or_else(|| "journey".to_owned());
            Ok((Map::new(name, title.clone()), Vec::new()))
        }
        (None, None, _) => {
            let message = "say what the customer sets out to do, such as “I renew my contract”";
            Err(Error::invalid(message).at("/title"))
        }
    }
}

/// A parent is another journey, and none of its own parts.
async fn check_place(inside: &Inside, id: Option<&str>, among: &Among) -> Result<()> {
    if let Some(other) = &among.target_of {
        if id == Some(other) {
            return Err(Error::invalid("a journey is not its own target").at("/target_of"));
        }
        if !inside.workspace.has_journey(other).await? {
            return Err(Error::not_found("journey", other).at("/target_of"));
        }
    }
    let mut above = among.parent.clone();
    let mut seen: Vec<String> = id.map(str::to_owned).into_iter().collect();
    while let Some(parent) = above {
        if seen.contains(&parent) {
            let message = "a journey cannot be a part of itself or of its own parts";
            return Err(Error::invalid(message).at("/parent"));
        }
        let found = inside.workspace.find_journey(&parent).await?;
        let (row, _) = found.ok_or_else(|| Error::not_found("journey", &parent).at("/parent"))?;
        seen.push(parent);
        above = row.parent;
    }
    Ok(())
}

/// A journey with its map.
#[utoipa::path(get, path = "/api/v1/journeys/{id}", tag = "journeys",
    params(("id" = String, Path, description = "id of a journey")),
    responses((status = 200, body = WithMap), (status = 404, body = crate::error::Told)))]
pub(crate) async fn journey(inside: Inside, Path(id): Path<String>) -> Result<Json<WithMap>> {
    let (row, map) = find(&inside, &id).await?;
    let (journey, doc) = (Journey::of(row), map.visible());
    Ok(Json(WithMap { journey, doc, warnings: Vec::new() }))
}

/// What changes about a journey's place; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Placed {
    /// `null`: it stands alone.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = Option<String>)]
    parent: Option<Option<String>>,
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = Option<String>)]
    target_of: Option<Option<String>>,
    /// Out of use, or back in.
    #[serde(default)]
    retired: Option<bool>,
}

/// A key that is there, be it `null`, is something.
fn some<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// Puts a journey in another place, or out of use.
#[utoipa::path(patch, path = "/api/v1/journeys/{id}", tag = "journeys", request_body = Placed,
    params(("id" = String, Path, description = "id of a journey")),
    responses((status = 200, body = Journey), (status = 404, body = crate::error::Told)))]
pub(crate) async fn place_journey(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(placed): Json<Placed>,
) -> Result<Json<Journey>> {
    let (row, _) = find(&inside, &id).await?;
    let among = Among {
        parent: placed.parent.unwrap_or(row.parent),
        target_of: placed.target_of.unwrap_or(row.target_of),
    };
    check_place(&inside, Some(&id), &among).await?;
    let retired_at = match placed.retired {
        Some(true) => row.retired_at.or(Some(app.now())),
        Some(false) => None,
        None => row.retired_at,
    };
    let deed = inside.deed(app.now());
    inside.workspace.place_journey(&id, &among, retired_at, &deed).await?;
    Ok(Json(Journey::of(find(&inside, &id).await?.0)))
}
