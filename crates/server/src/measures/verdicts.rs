//! How each standard was judged, month after month: the first verdict, and every change of it.

use std::time::Duration;

use axum::extract::State;
use jiff::tz::TimeZone;
use report::document::{Report, Verdict};
use serde::Serialize;
use store::{KeptVerdict, Workspace};
use tokio::sync::watch;
use utoipa::ToSchema;

use super::asking::Question;
use super::guard::is_withheld;
use super::measured::{is_without_events, measured};
use super::periods::{Length, Period};
use super::trends::span;
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};

/// A standard through time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct History {
    standard: String,
    /// The first that was kept, and then each that differs from the one before, in time.
    changes: Vec<Judgement>,
    latest: Judgement,
    /// Periods that were judged.
    periods: u64,
}

/// A standard in a period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Judgement {
    version: i64,
    from: String,
    to: String,
    /// `meets`, `defective` or `not_proven`.
    verdict: String,
    kept: i64,
    /// Settled checks.
    n: i64,
    low: Option<f64>,
    high: Option<f64>,
    decided_at: String,
}

/// How the standards of a journey were judged, by standard. A month is judged when it is over, by the version published then.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/verdicts", tag = "measures",
    params(("id" = String, Path, description = "The journey"), Asked),
    responses((status = 200, body = Page<History>), (status = 400, body = crate::error::Told),
        (status = 404, body = crate::error::Told)))]
pub(crate) async fn verdicts(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Query(page): Query<Asked>,
) -> Result<Json<Page<History>>> {
    app.measures().documents.document_of(&inside.workspace, &id, None).await?;
    let all = inside.workspace.verdicts(&id).await?;
    let standards = all.chunk_by(|a, b| a.standard == b.standard);
    let after = standards.filter(|some| some[0].standard.as_str() > page.after());
    let some = after.take(page.limit()? as usize).filter_map(history).collect();
    Ok(Json(page.page(some, |it: &History| it.standard.clone(), |it| it)?))
}

fn history(of_standard: &[KeptVerdict]) -> Option<History> {
    let mut changes: Vec<Judgement> = Vec::new();
    for verdict in of_standard {
        if changes.last().is_none_or(|last| last.verdict != verdict.verdict) {
            changes.push(judgement(verdict));
        }
    }
    let latest = of_standard.last()?;
    Some(History {
        standard: latest.standard.clone(),
        changes,
        latest: judgement(latest),
        periods: of_standard.len() as u64,
    })
}

fn judgement(verdict: &KeptVerdict) -> Judgement {
    Judgement {
        version: verdict.version,
        from: moment(verdict.period.0),
        to: moment(verdict.period.1),
        verdict: verdict.verdict.clone(),
        kept: verdict.kept,
        n: verdict.n,
        low: verdict.interval.map(|interval| interval.0),
        high: verdict.interval.map(|interval| interval.1),
        decided_at: moment(verdict.decided_at),
    }
}

/// How often it is looked whether a month is over.
const EVERY: Duration = Duration::from_secs(600);

/// Judges what is over until `told` says that it is enough.
pub(crate) async fn keep(app: App, mut told: watch::Receiver<bool>) {
    loop {
        let over = async { told.wait_for(|is_over| *is_over).await.is_ok() };
        tokio::select! {
            _ = over => return,
            () = tokio::time::sleep(EVERY) => {}
            () = app.measures().published.notified() => {}
        }
        if let Err(cause) = judge(&app).await {
            tracing::warn!(?cause, "months that are over wait to be judged");
        }
    }
}

/// Judges every published journey over its last month that is over, where that is not done; gives back how many verdicts
/// are new.
pub(crate) async fn judge(app: &App) -> Result<u64> {
    let mut new = 0;
    for (workspace, journey) in app.measures().documents.all_published(app.store()).await? {
        let workspace = app.store().find_workspace(&workspace).await?;
        if let Some(workspace) = workspace {
            new += judge_one(app, &workspace, &journey).await?;
        }
    }
    Ok(new)
}

/// The same for one journey, such as one that was published just now.
pub(crate) async fn judge_one(app: &App, workspace: &Workspace, journey: &str) -> Result<u64> {
    let whole = match measured(app, workspace, journey, &Question::default()).await {
        Err(cause) if is_without_events(&cause) => return Ok(0),
        measured => measured?,
    };
    let Some(month) = last_over(&whole.report)? else { return Ok(0) };
    let period = (month.from.as_microsecond(), month.to.as_microsecond());
    let version = whole.report.version.unwrap_or_default();
    if workspace.is_judged((journey, version.cast_signed()), period).await? {
        return Ok(0);
    }
    let question = Question {
        version: Some(version),
        from: Some(month.from.to_string()),
        to: Some(month.to.to_string()),
        ..Question::default()
    };
    let report = match measured(app, workspace, journey, &question).await {
        Err(cause) if is_without_events(&cause) || is_withheld(&cause) => return Ok(0),
        measured => measured?,
    };
    let kept = report.report.standards.iter().map(|standard| KeptVerdict {
        journey: journey.to_owned(),
        version: version.cast_signed(),
        standard: standard.id.clone(),
        period,
        verdict: name(standard.verdict).to_owned(),
        kept: standard.kept.cast_signed(),
        n: standard.kept_share.n.cast_signed(),
        interval: standard.kept_share.low.zip(standard.kept_share.high),
        decided_at: app.now(),
    });
    Ok(workspace.keep_verdicts(&kept.collect::<Vec<_>>()).await?)
}

/// The month before the one that the last event lies in; `None` where no event is as old.
fn last_over(report: &Report) -> Result<Option<Period>, Error> {
    let (first, last) = span(report)?;
    let month = Length::Month.at(last, &TimeZone::UTC);
    let over = month.and_then(|month| Length::Month.before(month, &TimeZone::UTC));
    Ok(over.filter(|over| over.to > first))
}

fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Meets => "meets",
        Verdict::Defective => "defective",
        Verdict::NotProven => "not_proven",
    }
}
