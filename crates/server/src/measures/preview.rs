//! What a document would have judged: measured like a published one, and kept nowhere.

use std::sync::Arc;

use axum::extract::State;
use engine::import::Watch;
use model::document;
use model::document::Problem;
use report::document::{Report, Share, Verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asking::{Asking, Nothing, Question};
use super::documents::Published;
use super::measured::{compute, key, measured};
use super::periods::Length;
use super::tagged::tag;
use super::trends::span;
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::schemas::PreviewBody;

/// What is to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tried {
    /// A journey document, YAML or JSON.
    document: String,
}

/// What the document would have judged, beside what the published one judges.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Preview {
    /// RFC 3339, half-open: the last month that is over, unless a period was asked for.
    from: Option<String>,
    to: Option<String>,
    /// Standards of either, by id.
    standards: Vec<Judged>,
    /// Visits of touchpoints of either, by id.
    touchpoints: Vec<Met>,
    /// Events that no touchpoint binds.
    unbound: u64,
    published_unbound: u64,
    report: Report,
}

/// A standard in both documents.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Judged {
    id: String,
    /// `null`: the document has no such standard.
    tried: Option<Outcome>,
    /// `null`: the published one has no such standard.
    published: Option<Outcome>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Outcome {
    kept_share: Share,
    pending: u64,
    verdict: Verdict,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Met {
    id: String,
    tried: Option<u64>,
    published: Option<u64>,
}

/// Measures a document without saving it: over the last month that is over, unless a period is asked for.
#[utoipa::path(post, path = "/api/v1/journeys/{id}/preview", tag = "measures", request_body = Tried,
    params(("id" = String, Path, description = "The journey"), Question),
    responses((status = 200, body = PreviewBody), (status = 400, body = crate::error::Told),
        (status = 404, body = crate::error::Told), (status = 409, body = crate::error::Told),
        (status = 429, body = crate::error::Told)))]
pub(crate) async fn preview(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    asking: Asking<Nothing>,
    Json(tried): Json<Tried>,
) -> Result<Json<Preview>> {
    let mut question = asking.question;
    let published =
        app.measures().documents.document_of(&inside.workspace, &id, question.version).await?;
    read(&tried.document)?;
    if question.from.is_none() && question.to.is_none() {
        let whole = measured(&app, &inside.workspace, &id, &question).await?;
        let ((first, last), zone) = (span(&whole.report)?, question.zone()?);
        let month = Length::Month.at(last, &zone);
        let over = month.and_then(|month| Length::Month.before(month, &zone));
        // Where there is no whole month yet, everything is tried.
        if let Some(over) = over.filter(|over| over.to > first) {
            question.from = Some(over.from.to_string());
            question.to = Some(over.to.to_string());
        }
    }
    let before = measured(&app, &inside.workspace, &id, &question).await?;
    let asked = question.asked(app.config())?;
    let text: Arc<str> = tried.document.into();
    let data = key(&inside.workspace, &id, published.version, &question).await?;
    let key = format!("preview {} {data}", tag(text.as_bytes()));
    let lake = app.lake(&inside.workspace).await?.lake;
    let document = Published { version: published.version, text };
    let work = move |watch: &Watch| {
        let measured = compute(&lake, &document, &asked, watch)?;
        let bytes = 3 * measured.text.len();
        Ok((measured, bytes))
    };
    let after = app.measures().reports.get(&key, work).await?;
    Ok(Json(told(&after.report, &before.report)))
}

fn read(text: &str) -> Result<()> {
    let reading = document::read(text);
    match reading.errors().next() {
        None => Ok(()),
        Some(Problem { message, .. }) => {
            let place = reading.errors().next().map(ToString::to_string).unwrap_or_default();
            let place: String = place.split(": ").next().unwrap_or_default().to_owned();
            Err(Error::invalid(message).at(format!("document {place}")))
        }
    }
}

fn told(tried: &Report, published: &Report) -> Preview {
    let outcome = |report: &Report, id: &str| {
        let standard = report.standards.iter().find(|standard| standard.id == id)?;
        Some(Outcome {
            kept_share: standard.kept_share.clone(),
            pending: standard.pending,
            verdict: standard.verdict,
        })
    };
    let visits = |report: &Report, id: &str| {
        report.touchpoints.iter().find(|it| it.id == id).map(|it| it.visits)
    };
    let standards = ids(tried.standards.iter().chain(&published.standards).map(|it| &it.id));
    let touchpoints = ids(tried.touchpoints.iter().chain(&published.touchpoints).map(|it| &it.id));
    let judged =
        |id: String| Judged { tried: outcome(tried, &id), published: outcome(published, &id), id };
    let met = |id: String| Met { tried: visits(tried, &id), published: visits(published, &id), id };
    Preview {
        from: tried.period.from.clone(),
        to: tried.period.to.clone(),
        standards: standards.into_iter().map(judged).collect(),
        touchpoints: touchpoints.into_iter().map(met).collect(),
        unbound: tried.events.unbound,
        published_unbound: published.events.unbound,
        report: Report { version: None, ..tried.clone() },
    }
}

fn ids<'a>(all: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut ids: Vec<String> = all.cloned().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
