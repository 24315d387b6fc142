//! Measures each journey once a day, and when somebody asks, and keeps what is found.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use store::{Deed, Job, Workspace};

use super::keep::keep;
use crate::access::Inside;
use crate::app::App;
use crate::error::{Code, Error, Result, Told};
use crate::extract::Path;
use crate::jobs::{DAY, Ended, Failure, Kind, Work};
use crate::measures::{Question, measured};

/// Asks for each journey of a workspace.
pub(crate) const EACH: Kind =
    Kind { name: "measure_each", tries: 10, run: |work| Box::pin(measure_each(work)) };

/// Measures one.
pub(crate) const ONE: Kind =
    Kind { name: "measure_journey", tries: 10, run: |work| Box::pin(measure_journey(work)) };

/// What is older than this is no finding of today.
const PERIOD: i64 = 365 * DAY;

#[derive(Deserialize)]
struct Input {
    journey: String,
}

/// Measures a journey now and keeps what is found.
#[utoipa::path(post, path = "/api/v1/journeys/{id}/findings/refresh", tag = "findings",
    params(("id" = String, Path, description = "The journey")),
    responses((status = 202), (status = 403, body = Told), (status = 404, body = Told)))]
pub(crate) async fn refresh_findings(
    State(app): State<App>,
    inside: Inside,
    Path(journey): Path<String>,
) -> Result<StatusCode> {
    app.measures().documents.document_of(&inside.workspace, &journey, None).await?;
    ask(&app, &inside.workspace, &journey).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn ask(app: &App, workspace: &Workspace, journey: &str) -> Result<()> {
    let job = Job {
        id: uuid::Uuid::now_v7().to_string(),
        kind: ONE.name.to_owned(),
        input: serde_json::json!({ "journey": journey }).to_string(),
        key: Some(format!("{}:{journey}", ONE.name)),
    };
    workspace.enqueue(&job, app.now()).await?;
    app.wake();
    Ok(())
}

async fn measure_each(work: Work) -> Result<Ended, Failure> {
    let Work { app, workspace, .. } = work;
    for journey in app.measures().documents.published(&workspace).await? {
        ask(&app, &workspace, &journey).await?;
    }
    Ok(Ended::Done)
}

async fn measure_journey(work: Work) -> Result<Ended, Failure> {
    let Work { app, workspace, attempt } = work;
    let input: Input = serde_json::from_str(&attempt.input)
        .map_err(|cause| Failure::last(format!("reading what is to be done: {cause}")))?;
    let now = app.now();
    let from = Timestamp::from_microsecond(now - PERIOD).unwrap_or_default();
    let question = Question { from: Some(from.to_string()), ..Question::default() };
    let measured = match measured(&app, &workspace, &input.journey, &question).await {
        Ok(measured) => measured,
        // There is nothing to measure: no such journey any more, or no events.
        Err(Error::Caller { code: Code::NotFound | Code::Conflict, .. }) => return Ok(Ended::Done),
        Err(cause) => return Err(cause.into()),
    };
    let deed = Deed {
        actor: "system".to_owned(),
        at: now,
        origin: String::new(),
        request: attempt.id.clone(),
    };
    keep(&app, &workspace, &input.journey, &measured.report, &deed).await?;
    Ok(Ended::Done)
}
