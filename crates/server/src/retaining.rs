//! How long things are kept: said by the workspace, and followed once a day.

use std::time::Duration;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::{Deed, Retention, TooOld};
use tokio::time::Instant;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result, Told};
use crate::extract::Json;
use crate::permissions::Right;
use crate::routes::Routes;

/// Every route of this, in reading order.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .right(Right::ManageWorkspace, routes!(retention, set_retention))
        .right(Right::ManageWorkspace, routes!(preview_retention))
}

/// Whole months before the current one that things are kept; null: for ever.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetentionBody {
    /// By when they happened.
    #[serde(default)]
    events: Option<u32>,
    /// Answers and complaints, by when they were given. What has no time is kept.
    #[serde(default)]
    answers: Option<u32>,
    /// Refused rows, by when they came.
    #[serde(default)]
    refused: Option<u32>,
}

/// How much would go today.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TooOldTold {
    events: u64,
    answers: u64,
    refused: u64,
}

/// How long things are kept.
#[utoipa::path(get, path = "/api/v1/retention", tag = "privacy",
    responses((status = 200, body = RetentionBody), (status = 403, body = Told)))]
pub(crate) async fn retention(inside: Inside) -> Result<Json<RetentionBody>> {
    let Retention { events, answers, refused } = inside.workspace.retention().await?;
    Ok(Json(RetentionBody { events, answers, refused }))
}

/// Says how long things are kept. What is older goes within a day, for good.
#[utoipa::path(put, path = "/api/v1/retention", tag = "privacy", request_body = RetentionBody,
    responses((status = 200, body = RetentionBody), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn set_retention(
    State(app): State<App>,
    inside: Inside,
    Json(body): Json<RetentionBody>,
) -> Result<Json<RetentionBody>> {
    inside.workspace.set_retention(body.check()?, &inside.deed(app.now())).await?;
    Ok(Json(body))
}

/// How much would go today if things were kept that long; nothing goes.
#[utoipa::path(post, path = "/api/v1/retention/preview", tag = "privacy", request_body = RetentionBody,
    responses((status = 200, body = TooOldTold), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn preview_retention(
    State(app): State<App>,
    inside: Inside,
    Json(body): Json<RetentionBody>,
) -> Result<Json<TooOldTold>> {
    let retention = body.check()?;
    let lake = app.lake(&inside.workspace).await?.lake;
    let too_old = app.wait(move || Ok(lake.too_old(retention)?)).await?;
    let TooOld { events, answers, refused } = too_old;
    Ok(Json(TooOldTold { events, answers, refused }))
}

/// A hundred years; more is for ever.
const MOST_MONTHS: u32 = 1200;

impl RetentionBody {
    fn check(self) -> Result<Retention> {
        let Self { events, answers, refused } = self;
        let all = [("/events", events), ("/answers", answers), ("/refused", refused)];
        for (place, months) in all {
            if months.is_some_and(|months| !(1..=MOST_MONTHS).contains(&months)) {
                let message = format!("months are 1 to {MOST_MONTHS}, or null for ever");
                return Err(Error::invalid(message).at(place));
            }
        }
        Ok(Retention { events, answers, refused })
    }
}

/// When what is too old was last taken away.
#[derive(Debug, Default)]
pub(crate) struct Retaining {
    followed: Option<Instant>,
}

const DAY: Duration = Duration::from_secs(24 * 3600);

impl Retaining {
    /// Takes away what is too old in all workspaces, if it is time.
    pub(crate) async fn turn(&mut self, app: &App) {
        if self.followed.is_some_and(|at| at.elapsed() < DAY) {
            return;
        }
        self.followed = Some(Instant::now());
        if let Err(cause) = follow(app).await {
            tracing::warn!(?cause, "something that is too old is still there");
        }
    }
}

async fn follow(app: &App) -> Result<()> {
    for (id, _) in app.store().workspaces().await? {
        let Some(workspace) = app.store().find_workspace(&id).await? else { continue };
        let retention = workspace.retention().await?;
        if retention == Retention::default() {
            continue;
        }
        let lake = app.lake(&workspace).await?.lake;
        let deed = Deed {
            actor: "system".to_owned(),
            at: app.now(),
            origin: String::new(),
            request: String::new(),
        };
        app.wait(move || Ok(lake.retain(retention, &deed)?)).await?;
    }
    Ok(())
}
