//! Findings listed and read, with what became of them.

use serde::{Deserialize, Serialize};
use store::FindingFilter;
use utoipa::{IntoParams, ToSchema};

use super::{Finding, shown};
use crate::access::Inside;
use crate::error::{Error, Result, Told};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};

/// Which findings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    #[serde(default)]
    journey: Option<String>,
    /// `new`, `known`, `confirmed`, `accepted`, `resolved`, or `open` for all but the resolved ones.
    #[serde(default)]
    state: Option<String>,
    /// A user; `me` for who asks.
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    touchpoint: Option<String>,
    /// `next` of the page before; left out: from the beginning.
    #[serde(default)]
    after: Option<String>,
    /// At most so many, 1 to 500; left out: 100.
    #[serde(default)]
    limit: Option<u32>,
}

/// A line of a finding's history.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryLine {
    at: String,
    actor: String,
    /// `found`, `found_again`, `reopened`, `created`, `state`, `owner`, `note`, `merged` or `took`.
    what: String,
    before: Option<String>,
    after: Option<String>,
    note: Option<String>,
}

/// How large a finding was in a measurement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Size {
    /// The horizon of the measurement.
    at: String,
    version: Option<i64>,
    score: f64,
    customers: i64,
    /// What the following numbers count.
    what: String,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    n: i64,
}

/// Findings, the highest score first.
#[utoipa::path(get, path = "/api/v1/findings", tag = "findings", params(Which),
    responses((status = 200, body = Page<Finding>), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn findings(
    inside: Inside,
    Query(which): Query<Which>,
) -> Result<Json<Page<Finding>>> {
    let owner = match which.owner.as_deref() {
        Some("me") => Some(super::owned::user(&inside)?.to_owned()),
        _ => which.owner,
    };
    let filter = FindingFilter {
        journey: which.journey,
        state: which.state,
        owner,
        kind: which.kind,
        touchpoint: which.touchpoint,
    };
    let asked = Asked { after: which.after, limit: which.limit };
    let after = match asked.after() {
        "" => None,
        text => Some(mark(text).ok_or_else(|| not_a_page("after"))?),
    };
    let found = inside.workspace.findings(&filter, after, asked.limit()?).await?;
    Ok(Json(asked.page(found, |it| format!("{:?}_{}", it.score, it.id), shown)?))
}

/// `score_id` of the last finding of a page.
fn mark(text: &str) -> Option<(f64, &str)> {
    let (score, id) = text.split_once('_')?;
    Some((score.parse().ok()?, id))
}

fn not_a_page(place: &str) -> Error {
    Error::invalid("`after` is the `next` of a page before").at(place)
}

/// A finding.
#[utoipa::path(get, path = "/api/v1/findings/{finding}", tag = "findings", params(("finding" = String, Path)),
    responses((status = 200, body = Finding), (status = 403, body = Told), (status = 404, body = Told)))]
pub(crate) async fn finding(inside: Inside, Path(id): Path<String>) -> Result<Json<Finding>> {
    let found = inside.workspace.find_finding(&id).await?;
    found.map(shown).map(Json).ok_or_else(|| Error::not_found("finding", &id))
}

/// What became of a finding, newest first.
#[utoipa::path(get, path = "/api/v1/findings/{finding}/history", tag = "findings",
    params(("finding" = String, Path), Asked),
    responses((status = 200, body = Page<HistoryLine>), (status = 403, body = Told), (status = 404, body = Told)))]
pub(crate) async fn finding_history(
    inside: Inside,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<HistoryLine>>> {
    is_there(&inside, &id).await?;
    let lines = inside.workspace.finding_history(&id, before(&asked)?, asked.limit()?).await?;
    let line = |it: store::HistoryLine| HistoryLine {
        at: moment(it.at),
        actor: it.actor,
        what: it.what,
        before: it.before,
        after: it.after,
        note: it.note,
    };
    Ok(Json(asked.page(lines, |it| it.seq.to_string(), line)?))
}

/// How large a finding was, measurement by measurement, newest first.
#[utoipa::path(get, path = "/api/v1/findings/{finding}/sizes", tag = "findings",
    params(("finding" = String, Path), Asked),
    responses((status = 200, body = Page<Size>), (status = 403, body = Told), (status = 404, body = Told)))]
pub(crate) async fn finding_sizes(
    inside: Inside,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<Size>>> {
    is_there(&inside, &id).await?;
    let sizes = inside.workspace.finding_sizes(&id, before(&asked)?, asked.limit()?).await?;
    let size = |it: store::Size| Size {
        at: moment(it.at),
        version: it.version,
        score: it.score,
        customers: it.customers,
        what: it.what,
        value: it.value,
        low: it.low,
        high: it.high,
        n: it.n,
    };
    Ok(Json(asked.page(sizes, |it| it.at.to_string(), size)?))
}

async fn is_there(inside: &Inside, id: &str) -> Result<()> {
    let found = inside.workspace.find_finding(id).await?;
    found.map(|_| ()).ok_or_else(|| Error::not_found("finding", id))
}

fn before(asked: &Asked) -> Result<i64> {
    match asked.after() {
        "" => Ok(i64::MAX),
        text => text.parse().map_err(|_| not_a_page("after")),
    }
}
