//! No journey yet: what customers walk, and a draft document to begin from.

use axum::extract::State;
use engine::discover::{Discovered, FunnelAsked, discover, parse_funnel};
use engine::import::Watch;
use engine::quarantine::Quarantine;
use engine::scan::Files;
use report::document::Report;
use report::render;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asking::{Question, refused};
use super::measured::{Measured, nothing};
use super::tagged::tag;
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::Json;
use crate::schemas::DiscoveryBody;

/// What is looked at.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Sought {
    /// What the draft is to be called; a short id.
    name: String,
    /// A date or RFC 3339.
    from: Option<String>,
    to: Option<String>,
    /// Such as `visit > cart,basket > pay within 3d`.
    funnels: Vec<String>,
}

/// What customers walk.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Discovery {
    report: Report,
    /// A journey document, YAML: stages are guessed, every activity is bound.
    draft: String,
}

/// Takes every activity as a touchpoint and all of a customer's events as one instance.
#[utoipa::path(post, path = "/api/v1/discover", tag = "measures", request_body = Sought,
    responses((status = 200, body = DiscoveryBody), (status = 400, body = crate::error::Told),
        (status = 409, body = crate::error::Told), (status = 429, body = crate::error::Told)))]
pub(crate) async fn discover_journey(
    State(app): State<App>,
    inside: Inside,
    Json(sought): Json<Sought>,
) -> Result<Json<Discovery>> {
    let question =
        Question { from: sought.from.clone(), to: sought.to.clone(), ..Question::default() };
    let asked = question.asked(app.config())?;
    let funnels: Vec<FunnelAsked> = sought
        .funnels
        .iter()
        .map(|text| parse_funnel(text).map_err(|why| Error::invalid(why).at("/funnels")))
        .collect::<Result<_>>()?;
    let data = inside.workspace.data_version().await?;
    let key = format!("{} discover {data} {sought:?}", inside.workspace.id());
    let lake = app.lake(&inside.workspace).await?.lake;
    let name = if sought.name.is_empty() { "draft".to_owned() } else { sought.name.clone() };
    let work = move |watch: &Watch| {
        let view = asked.view(&lake).map_err(refused)?;
        if view.events() == 0 {
            return Err(nothing());
        }
        let quarantine = Quarantine::default();
        let files = Files { lake: Some(&view), ..Files::none(&quarantine, watch) };
        let discovered = discover(&files, &asked, &funnels, &name).map_err(refused)?;
        let Discovered { answered, draft } = discovered;
        let text = render::json(&answered.report);
        let bytes = 3 * text.len();
        let tag = tag(text.as_bytes());
        Ok((Measured { journey: draft, report: answered.report, tag, text }, bytes))
    };
    let found = app.measures().reports.get(&key, work).await?;
    let draft = model::write::write(&found.journey);
    Ok(Json(Discovery { report: found.report.clone(), draft }))
}
