//! Rows that could not become events: listed, taken out as CSV, mended, tried again, given up.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use engine::import::hash;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Done, KeptRow, Request};
use utoipa::{IntoParams, ToSchema};

use super::door::Told;
use super::happened::Happened;
use super::segment::Posted;
use super::{cloud_events, hooks, plain, segment};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};

/// A row that was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Refused {
    id: String,
    source: String,
    /// Line of the file, or place in the request, from 1.
    line: u64,
    reason: String,
    /// As it came.
    row: String,
    /// How a mended row is read: as the door understands it that it came by; `events`: as `/api/v1/events` does.
    form: String,
    at: String,
}

fn told(KeptRow { refused, at }: KeptRow) -> Refused {
    Refused {
        id: refused.id,
        source: refused.source,
        line: refused.line,
        reason: refused.reason,
        row: refused.row,
        form: refused.form,
        at: moment(at),
    }
}

/// Of which source.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfSource {
    /// `key:ID`, `hook:ID` or `upload:ID`; left out: of all.
    #[serde(default)]
    source: Option<String>,
    /// `next` of the page before; left out: from the beginning.
    #[serde(default)]
    after: Option<String>,
    /// At most so many, 1 to 500; left out: 100.
    #[serde(default)]
    limit: Option<u32>,
}

/// Rows that were refused and wait to be mended. They are as they were sent, so the reading is written down.
#[utoipa::path(get, path = "/api/v1/refused", tag = "collection", params(OfSource),
    responses((status = 200, body = Page<Refused>)))]
pub(crate) async fn refused(
    State(app): State<App>,
    inside: Inside,
    Query(of): Query<OfSource>,
) -> Result<Json<Page<Refused>>> {
    let asked = Asked { after: of.after, limit: of.limit };
    let source = of.source.as_deref();
    let rows = inside.workspace.refused(source, asked.after(), asked.limit()?).await?;
    if !rows.is_empty() {
        write_down(&app, &inside, "refused.read", source).await?;
    }
    Ok(Json(asked.page(rows, |it| it.refused.id.clone(), told)?))
}

/// Rows of a page when all are read.
const PAGE: u32 = 500;
/// Rows that one request takes out or tries again.
const MOST: usize = 50_000;

async fn all(inside: &Inside, source: Option<&str>) -> Result<Vec<KeptRow>> {
    let mut rows: Vec<KeptRow> = Vec::new();
    loop {
        let after = rows.last().map_or("", |it| &it.refused.id).to_owned();
        let page = inside.workspace.refused(source, &after, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        rows.extend(page);
        if is_last || rows.len() >= MOST {
            return Ok(rows);
        }
    }
}

/// The same rows as CSV: `id,source,line,reason,row`. The reading is written down.
#[utoipa::path(get, path = "/api/v1/refused.csv", tag = "collection", params(OfSource),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub(crate) async fn refused_csv(
    State(app): State<App>,
    inside: Inside,
    Query(of): Query<OfSource>,
) -> Result<impl IntoResponse> {
    let rows = all(&inside, of.source.as_deref()).await?;
    write_down(&app, &inside, "refused.exported", of.source.as_deref()).await?;
    let mut text = String::from("id,source,line,reason,row\n");
    for KeptRow { refused, .. } in rows {
        let line = refused.line.to_string();
        let fields = [&refused.id, &refused.source, &line, &refused.reason, &refused.row];
        text.push_str(&fields.map(|field| quoted(field)).join(","));
        text.push('\n');
    }
    let attachment = "attachment; filename=\"refused.csv\"";
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (header::CONTENT_DISPOSITION, attachment),
        ],
        text,
    ))
}

async fn write_down(app: &App, inside: &Inside, action: &str, source: Option<&str>) -> Result<()> {
    let object = format!("refused:{}", source.unwrap_or("all"));
    let done = Done { action, object: &object, ..Done::default() };
    Ok(inside.workspace.record_alone(&inside.deed(app.now()), done).await?)
}

/// A field that a spreadsheet takes as text, whatever it begins with.
fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let mark = if is_formula { "'" } else { "" };
    format!("\"{mark}{}\"", field.replace('"', "\"\""))
}

/// A row that was mended.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mended {
    /// As it should have come; left out: as it came, which helps when the mapping of its source was mended.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    row: Option<Value>,
}

/// Sends a refused row again, mended. It leaves the quarantine in the same step, so that it counts once.
#[utoipa::path(post, path = "/api/v1/refused/{refused}/mend", tag = "collection",
    params(("refused" = String, Path)), request_body = Mended,
    responses((status = 200, body = Told), (status = 400, body = crate::error::Told),
        (status = 404, body = crate::error::Told)))]
pub(crate) async fn mend_refused(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(mended): Json<Mended>,
) -> Result<Json<Told>> {
    let row = inside.workspace.find_refused(&id).await?;
    let row = row.ok_or_else(|| Error::not_found("refused row", &id))?;
    let told = again(&app, &inside, &row, mended.row).await?;
    match told {
        Again::Stored(told) => Ok(Json(told)),
        Again::Refused(why) => Err(Error::invalid(why).at("row")),
        Again::Gone => Err(Error::not_found("refused row", &id)),
    }
}

/// Which rows are tried again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Replay {
    /// `hook:ID` and the like; left out: of all sources.
    #[serde(default)]
    source: Option<String>,
}

/// What trying rows again came to.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Replayed {
    /// Events now.
    mended: u64,
    /// Refused as before.
    refused: u64,
}

/// Tries refused rows again as they came.
#[utoipa::path(post, path = "/api/v1/refused/replay", tag = "collection", request_body = Replay,
    responses((status = 200, body = Replayed)))]
pub(crate) async fn replay_refused(
    State(app): State<App>,
    inside: Inside,
    Json(replay): Json<Replay>,
) -> Result<Json<Replayed>> {
    let mut replayed = Replayed::default();
    for row in all(&inside, replay.source.as_deref()).await? {
        match again(&app, &inside, &row, None).await? {
            Again::Stored(_) => replayed.mended += 1,
            Again::Refused(_) => replayed.refused += 1,
            Again::Gone => {}
        }
    }
    Ok(Json(replayed))
}

/// Gives a refused row up.
#[utoipa::path(delete, path = "/api/v1/refused/{refused}", tag = "collection", params(("refused" = String, Path)),
    responses((status = 204), (status = 404, body = crate::error::Told)))]
pub(crate) async fn discard_refused(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    if !inside.workspace.discard(&id, &inside.deed(app.now())).await? {
        return Err(Error::not_found("refused row", &id));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What sending a row again came to.
enum Again {
    Stored(Told),
    Refused(String),
    /// Somebody else was faster.
    Gone,
}

async fn again(app: &App, inside: &Inside, kept: &KeptRow, mended: Option<Value>) -> Result<Again> {
    let row = &kept.refused;
    let value = match mended {
        Some(value) => value,
        None => match serde_json::from_str(&row.row) {
            Ok(value) => value,
            Err(_) => return Ok(Again::Refused(row.reason.clone())),
        },
    };
    let happened = match understand(inside, kept, &value).await? {
        Ok(happened) => happened,
        Err(why) => return Ok(Again::Refused(why)),
    };
    let open = app.lake(&inside.workspace).await?;
    let mut event = happened.event(&open.lake.keys());
    // One that has no id gets the row's.
    event.event_id.get_or_insert_with(|| hash(format!("refused {}", row.id).as_bytes()));
    let request = Request { source: row.source.clone(), events: vec![event], ..Request::default() };
    let deed = inside.deed(app.now());
    let Some(receipt) = inside.workspace.mend(&row.id, &request, &deed).await? else {
        return Ok(Again::Gone);
    };
    app.keeper().came(inside.workspace.id(), receipt.accepted, app.config().flush_events);
    Ok(Again::Stored(receipt.into()))
}

/// A row as the door understands it that it came by.
async fn understand(
    inside: &Inside,
    kept: &KeptRow,
    value: &Value,
) -> Result<Result<Happened, String>> {
    Ok(match &*kept.refused.form {
        plain::FORM => plain::happened(value),
        cloud_events::FORM => cloud_events::happened(value, kept.at),
        form => match form.strip_prefix("hook:") {
            Some(id) => match inside.workspace.find_hook(id).await? {
                Some(hook) => hooks::mapping(&hook)?.happened(value, kept.at),
                None => Err("the webhook that it came by is gone".to_owned()),
            },
            None => {
                let kind = Some(form).filter(|form| *form != "segment");
                segment::happened(value, Posted { kind, sent_at: None, received_at: kept.at })
            }
        },
    })
}
