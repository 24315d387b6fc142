//! Where events come from: who sends, since when, how far behind, and what was refused.

use axum::extract::State;
use serde::Serialize;
use store::SourceCount;
use utoipa::ToSchema;

use crate::access::Inside;
use crate::app::App;
use crate::error::Result;
use crate::extract::{Json, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};

/// A source and what came from it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Source {
    /// `key:ID`, `hook:ID` or `upload:ID`.
    source: String,
    /// As people call it.
    name: Option<String>,
    /// `flowing`: something came within a day; `quiet`: nothing did; `ended`: it can send no more.
    state: &'static str,
    first_at: String,
    /// When something came last.
    received_at: String,
    /// The time of the latest event.
    event_at: Option<String>,
    /// Seconds from the latest event to when something came last.
    lag_seconds: Option<i64>,
    accepted: u64,
    duplicate: u64,
    /// Rows that were refused so far.
    refused: u64,
    /// Refused rows that wait to be mended, and the reason of the first.
    waiting: u64,
    first_reason: Option<String>,
}

const DAY: i64 = 86_400_000_000;

/// Where events come from.
#[utoipa::path(get, path = "/api/v1/sources", tag = "collection", params(Asked),
    responses((status = 200, body = Page<Source>)))]
pub(crate) async fn sources(
    State(app): State<App>,
    inside: Inside,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<Source>>> {
    let counts = inside.workspace.source_counts(asked.after(), asked.limit()?).await?;
    let page = asked.page(counts, |it| it.source.clone(), |it| it)?;
    let mut items = Vec::with_capacity(page.items.len());
    for count in page.items {
        let (waiting, first_reason) = inside.workspace.waiting_rows(&count.source).await?;
        let named = inside.workspace.source_name(&count.source).await?;
        items.push(told(count, named, (waiting, first_reason), app.now()));
    }
    Ok(Json(Page { items, next: page.next }))
}

fn told(
    count: SourceCount,
    named: Option<(String, bool)>,
    (waiting, first_reason): (u64, Option<String>),
    now: i64,
) -> Source {
    let is_ended = named.as_ref().is_some_and(|(_, is_ended)| *is_ended);
    let state = match now - count.received_at < DAY {
        _ if is_ended => "ended",
        true => "flowing",
        false => "quiet",
    };
    Source {
        source: count.source,
        name: named.map(|(name, _)| name),
        state,
        first_at: moment(count.first_at),
        received_at: moment(count.received_at),
        event_at: count.event_at.map(moment),
        lag_seconds: count.event_at.map(|at| (count.received_at - at) / 1_000_000),
        accepted: count.accepted,
        duplicate: count.duplicate,
        refused: count.refused,
        waiting,
        first_reason,
    }
}

/// How the data folder stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Collection {
    /// Events in files, and bytes of these.
    events: u64,
    files: u64,
    bytes: u64,
    /// Events that are durable and in no file yet.
    tail: u64,
    /// Whether events are being moved into files.
    at_work: bool,
    flushed_at: Option<String>,
    flushed_events: u64,
    /// Why events could not be moved the last time.
    failure: Option<String>,
}

/// How the data folder stands: what is in files, and what is still to be moved there.
#[utoipa::path(get, path = "/api/v1/collection", tag = "collection", responses((status = 200, body = Collection)))]
pub(crate) async fn collection(State(app): State<App>, inside: Inside) -> Result<Json<Collection>> {
    let open = app.lake(&inside.workspace).await?;
    let contents = app.wait(move || Ok(open.lake.contents()?)).await?;
    let work = app.keeper().work(inside.workspace.id());
    Ok(Json(Collection {
        events: contents.events,
        files: contents.files,
        bytes: contents.bytes,
        tail: contents.tail,
        at_work: work.at_work,
        flushed_at: work.flushed_at.map(moment),
        flushed_events: work.flushed_events,
        failure: work.failure,
    }))
}
