//! Journeys in from other forms, and out in them.

use axum::extract::State;
use model::exchange::{Export, Import, Unreadable, cjml, mermaid, outline, sheet};
use model::map::Map;
use serde::{Deserialize, Serialize};
use store::Done;
use utoipa::{IntoParams, ToSchema};

use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::schemas::MapBody;

/// A form of a journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// The journey document.
    Yaml,
    /// The map with the ids of its cards.
    Json,
    Mermaid,
    /// CJML 2.0.
    Cjml,
    /// The grid, as a spreadsheet copies it.
    Tsv,
    /// Text to read; it is not read back.
    Outline,
}

/// A text that a journey is made from.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    format: Format,
    text: String,
}

impl Source {
    /// The map that it says, and what was not understood. `title`: of a form that has none.
    pub(crate) fn map(&self, title: Option<&str>) -> Result<(Map, Vec<String>)> {
        let new_id = || uuid::Uuid::now_v7().to_string();
        let Import { journey, warnings } = match self.format {
            Format::Yaml => {
                let reading = model::document::read(&self.text);
                let first = reading.errors().next().cloned();
                let Some(journey) = reading.journey else { return Err(refused(first)) };
                Import { journey, warnings: reading.problems.iter().map(told).collect() }
            }
            Format::Json => {
                let map: Map = serde_json::from_str(&self.text).map_err(|cause| {
                    let message = format!("this is no map: {cause}");
                    Error::invalid(message).at("/source/text")
                })?;
                return Ok((with_valid_parts(&map)?, Vec::new()));
            }
            Format::Mermaid => mermaid::import(&self.text).map_err(unreadable)?,
            Format::Cjml => cjml::import(&self.text).map_err(unreadable)?,
            Format::Tsv => {
                let title = title.unwrap_or("A journey to be named");
                sheet::import(&self.text, title).map_err(unreadable)?
            }
            Format::Outline => {
                let message = "an outline is for reading; send yaml, json, mermaid, cjml or tsv";
                return Err(Error::invalid(message).at("/source/format"));
            }
        };
        Ok((Map::of(&journey, new_id), warnings))
    }
}

/// A map of unknown origin: taken apart and put together by operations, so that nothing in it escapes the checks.
fn with_valid_parts(map: &Map) -> Result<Map> {
    let mut checked = Map::new(map.id.clone(), map.title.clone());
    if !model::id::is_id(&map.id) || map.title.trim().is_empty() {
        return Err(Error::invalid("a map needs an id and a title").at("/source/text"));
    }
    let ops = model::map::changes(&checked, map);
    let done = model::map::apply_all(&mut checked, ops, 0);
    if let Some(first) = done.rejected.first() {
        return Err(Error::invalid(first.rejected.message.clone()).at("/source/text"));
    }
    let is_whole = said(map) == said(&checked);
    if !is_whole {
        let message = "this map has parts that cannot be; check their ids, what they belong to, and their values";
        return Err(Error::invalid(message).at("/source/text"));
    }
    Ok(checked)
}

/// All that a map says, whatever keys its places have. What hangs on nothing counts too.
fn said(map: &Map) -> (Map, [usize; 4]) {
    let mut said = map.visible();
    said.lanes.iter_mut().for_each(|it| it.order.clear());
    said.stages.iter_mut().for_each(|it| it.order.clear());
    said.touchpoints.iter_mut().for_each(|it| it.order.clear());
    for card in &mut said.cards {
        card.order.clear();
        card.text_rev = 1;
    }
    let there = |deleted_at: Option<i64>| usize::from(deleted_at.is_none());
    let counts = [
        map.lanes.iter().map(|it| there(it.deleted_at)).sum(),
        map.stages.iter().map(|it| there(it.deleted_at)).sum(),
        map.touchpoints.iter().map(|it| there(it.deleted_at)).sum(),
        map.cards.iter().map(|it| there(it.deleted_at)).sum(),
    ];
    (said, counts)
}

fn refused(first: Option<model::document::Problem>) -> Error {
    match first {
        Some(problem) => Error::invalid(told(&problem)).at("/source/text"),
        None => Error::invalid("this is no journey document").at("/source/text"),
    }
}

/// `12:9: error: …`, and what to do, in one line.
fn told(problem: &model::document::Problem) -> String {
    problem.to_string().replace("\n  help: ", "; ")
}

fn unreadable(cause: Unreadable) -> Error {
    Error::invalid(cause.to_string()).at("/source/text")
}

/// What would come of a text, before anything is taken up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Preview {
    #[schema(value_type = MapBody)]
    doc: Map,
    warnings: Vec<String>,
}

/// Reads a text and takes nothing up.
#[utoipa::path(post, path = "/api/v1/journeys/preview", tag = "journeys", request_body = Source,
    responses((status = 200, body = Preview), (status = 400, body = crate::error::Told)))]
pub(crate) async fn preview_journey(
    _: Inside,
    Json(source): Json<Source>,
) -> Result<Json<Preview>> {
    let (doc, warnings) = source.map(None)?;
    Ok(Json(Preview { doc, warnings }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Carried {
    format: Format,
    /// Number of a version; left out: the present state.
    version: Option<String>,
}

/// A journey in another form.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Exported {
    /// A name for the file.
    file: String,
    text: String,
    /// What the form cannot hold.
    warnings: Vec<String>,
}

/// A journey in another form.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/export", tag = "journeys",
    params(("id" = String, Path, description = "id of a journey"), Carried),
    responses((status = 200, body = Exported), (status = 404, body = crate::error::Told)))]
pub(crate) async fn export_journey(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Query(carried): Query<Carried>,
) -> Result<Json<Exported>> {
    let word = carried.version.as_deref().unwrap_or("head");
    let map = super::versions::state(&inside, &id, word).await?;
    let journey = map.document();
    let (ending, Export { text, warnings }) = match carried.format {
        Format::Yaml => ("yaml", plain(model::write::write(&journey))),
        Format::Json => {
            let text = serde_json::to_string_pretty(&map);
            ("json", plain(text.map_err(|cause| Error::Internal(cause.into()))?))
        }
        Format::Mermaid => ("mmd", mermaid::export(&journey)),
        Format::Cjml => ("xml", cjml::export(&journey)),
        Format::Tsv => ("tsv", sheet::export(&journey)),
        Format::Outline => ("txt", plain(outline::export(&journey))),
    };
    let object = format!("journey:{id}");
    let done = Done { action: "journey.exported", object: &object, ..Done::default() };
    inside.workspace.record_alone(&inside.deed(app.now()), done).await?;
    Ok(Json(Exported { file: format!("{}.{ending}", map.id), text, warnings }))
}

fn plain(text: String) -> Export {
    Export { text, warnings: Vec::new() }
}
