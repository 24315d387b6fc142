//! A journey's report: measured when it is first asked for, and again when the data has changed.

use std::path::Path as FilePath;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use engine::import::Watch;
use engine::lake::Lake;
use engine::measure::{Answered, Asked, Document, measure};
use engine::quarantine::Quarantine;
use engine::scan::Files;
use model::document;
use model::journey::Journey;
use model::resolve::Resolved;
use report::document::Report;
use report::render;
use store::Workspace;

use super::asking::{Asking, Nothing, Question, refused};
use super::documents::Published;
use super::guard::guard;
use super::tagged::{tag, tagged};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::extract::Path;
use crate::schemas::ReportBody;

/// A report as it is kept.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) journey: Journey,
    pub(crate) report: Report,
    /// As JSON.
    pub(crate) text: String,
    pub(crate) tag: String,
}

/// The whole report on a journey: what `footpath measure --format json` gives for the same events and answers.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/measures", tag = "measures",
    params(("id" = String, Path, description = "The journey"), Question),
    responses((status = 200, body = ReportBody), (status = 304, description = "The caller has it already"),
        (status = 400, body = crate::error::Told), (status = 404, body = crate::error::Told),
        (status = 409, body = crate::error::Told), (status = 429, body = crate::error::Told)))]
pub(crate) async fn measures(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    asking: Asking<Nothing>,
    headers: HeaderMap,
) -> Result<Response> {
    let measured = measured(&app, &inside.workspace, &id, &asking.question).await?;
    Ok(tagged(&headers, (&measured.tag, "application/json"), measured.text.clone()))
}

/// The report that a question asks for.
pub(crate) async fn measured(
    app: &App,
    workspace: &Workspace,
    id: &str,
    question: &Question,
) -> Result<Arc<Measured>> {
    let measures = app.measures();
    let published = measures.documents.document_of(workspace, id, question.version).await?;
    let asked = question.asked(app.config())?;
    let key = key(workspace, id, published.version, question).await?;
    let lake = app.lake(workspace).await?.lake;
    let work = move |watch: &Watch| {
        let measured = compute(&lake, &published, &asked, watch)?;
        let bytes = 3 * measured.text.len();
        Ok((measured, bytes))
    };
    measures.reports.get(&key, work).await
}

/// What tells one question from another, the state of the data included.
pub(crate) async fn key(
    workspace: &Workspace,
    id: &str,
    version: u64,
    question: &Question,
) -> Result<String> {
    let data = workspace.data_version().await?;
    let question = Question { version: Some(version), ..question.clone() };
    Ok(format!("{} {id} {data} {question:?}", workspace.id()))
}

/// Measures a version, whether it is published or only tried.
pub(crate) fn compute(
    lake: &Lake,
    published: &Published,
    asked: &Asked,
    watch: &Watch,
) -> Result<Measured> {
    let (journey, mut report) = report_of(lake, &published.text, asked, watch)?;
    report.version = Some(published.version);
    let text = render::json(&report);
    Ok(Measured { journey, report, tag: tag(text.as_bytes()), text })
}

const NOTHING: &str = "there are no events in this period; send some, or ask for another period";

/// There is nothing to measure.
pub(crate) fn nothing() -> Error {
    Error::new(Code::Conflict, NOTHING)
}

/// Whether that is the reason.
pub(crate) fn is_without_events(cause: &Error) -> bool {
    matches!(cause, Error::Caller { message, .. } if message == NOTHING)
}

/// Measures a document.
fn report_of(lake: &Lake, text: &str, asked: &Asked, watch: &Watch) -> Result<(Journey, Report)> {
    let reading = document::read(text);
    let Some(journey) = reading.journey.as_ref() else {
        let problems = reading.errors().map(ToString::to_string).collect::<Vec<_>>();
        let message = format!("the journey cannot be measured: {}", problems.join("; "));
        return Err(Error::new(Code::Conflict, message));
    };
    let resolved = Resolved::of(journey);
    let document =
        Document { path: FilePath::new("journey"), reading: &reading, journey: &resolved };
    let view = asked.view(lake).map_err(refused)?;
    if view.events() == 0 {
        return Err(nothing());
    }
    guard(lake, asked, watch)?;
    let quarantine = Quarantine::default();
    let files = Files { lake: Some(&view), ..Files::none(&quarantine, watch) };
    let Answered { report, .. } = measure(document, &files, asked).map_err(refused)?;
    Ok((journey.clone(), report))
}
