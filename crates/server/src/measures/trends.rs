//! A journey period by period: each one a measure of its own, with its n and its intervals.

use std::collections::BTreeMap;

use axum::extract::State;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use jiff::Timestamp;
use report::document::{Distribution, Report, Score, Share, Verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::asking::{Asking, Question};
use super::guard::is_withheld;
use super::measured::{is_without_events, measured};
use super::periods::{Length, Period};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::schemas::TrendsBody;

/// Which periods.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct By {
    /// `month` when left out.
    #[param(inline)]
    period: Length,
    /// At most so many, the last ones, 1 to 60; left out: 13.
    periods: Option<usize>,
}

/// A journey period by period.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Trends {
    pub(crate) version: Option<u64>,
    pub(crate) periods: Vec<InPeriod>,
}

/// One period. Instances that began before it or end after it are cut at its ends.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct InPeriod {
    /// First day, in the zone that was asked for.
    begin: String,
    /// RFC 3339, half-open.
    from: String,
    to: String,
    /// Whether events may still come: the last one lies in this period.
    is_open: bool,
    /// Too few customers, or so nearly all that the others would be told of: nothing is said of it.
    is_withheld: bool,
    customers: Option<u64>,
    instances: Option<u64>,
    duration_s: Option<Distribution>,
    fitting_instances: Option<Share>,
    standards: Vec<StandardIn>,
    /// Customers who met a touchpoint, by its id.
    reach: BTreeMap<String, Share>,
    /// Of the whole journey, by question.
    scores: BTreeMap<String, Score>,
    /// By touchpoint and question.
    touchpoint_scores: BTreeMap<String, BTreeMap<String, Score>>,
}

/// A standard in a period.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct StandardIn {
    id: String,
    kept_share: Share,
    pending: u64,
    verdict: Verdict,
}

/// Periods that are measured at the same time.
const AT_ONCE: usize = 2;

/// A journey by days, weeks or months of a calendar; each period is measured by itself.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/trends", tag = "measures",
    params(("id" = String, Path, description = "The journey"), Question, By),
    responses((status = 200, body = TrendsBody), (status = 400, body = crate::error::Told),
        (status = 404, body = crate::error::Told), (status = 409, body = crate::error::Told),
        (status = 429, body = crate::error::Told)))]
pub(crate) async fn trends(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    asking: Asking<By>,
) -> Result<Json<Trends>> {
    let Asking { question, further: By { period, periods } } = asking;
    let most = periods.unwrap_or(13);
    if !(1..=60).contains(&most) {
        return Err(Error::invalid(format!("periods is from 1 to 60, not {most}")).at("periods"));
    }
    let whole = measured(&app, &inside.workspace, &id, &question).await?;
    let zone = question.zone()?;
    let (first, last) = span(&whole.report)?;
    let all = period.between((first, last), &zone, most);
    // Names of segments and versions stay; the period takes the place of the question's own.
    let measuring = all.into_iter().map(|it| {
        let question = Question {
            version: whole.report.version,
            from: Some(it.from.max(first).to_string()),
            to: Some(it.to.to_string()),
            as_of: None,
            since: None,
            compare: None,
            ..question.clone()
        };
        let (app, workspace, id) = (&app, &inside.workspace, &id);
        async move {
            match measured(app, workspace, id, &question).await {
                Ok(measured) => Ok(in_period(it, last, Some(&measured.report))),
                Err(cause) if is_without_events(&cause) => Ok(in_period(it, last, None)),
                Err(cause) if is_withheld(&cause) => {
                    Ok(InPeriod { is_withheld: true, ..in_period(it, last, None) })
                }
                Err(cause) => Err(cause),
            }
        }
    });
    let periods = stream::iter(measuring).buffered(AT_ONCE).try_collect().await?;
    Ok(Json(Trends { version: whole.report.version, periods }))
}

/// From the first moment of a report to the last.
pub(crate) fn span(report: &Report) -> Result<(Timestamp, Timestamp)> {
    let moment = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
    let ends = moment(&report.period.from).zip(moment(&report.period.to));
    ends.ok_or_else(|| Error::invalid("no event lies in this period").at("from"))
}

fn in_period(period: Period, last: Timestamp, report: Option<&Report>) -> InPeriod {
    let empty = InPeriod {
        begin: period.begin.to_string(),
        from: period.from.to_string(),
        to: period.to.to_string(),
        is_open: period.to > last,
        is_withheld: false,
        customers: None,
        instances: None,
        duration_s: None,
        fitting_instances: None,
        standards: Vec::new(),
        reach: BTreeMap::new(),
        scores: BTreeMap::new(),
        touchpoint_scores: BTreeMap::new(),
    };
    let Some(report) = report else { return empty };
    let standards = report.standards.iter().map(|it| StandardIn {
        id: it.id.clone(),
        kept_share: it.kept_share.clone(),
        pending: it.pending,
        verdict: it.verdict,
    });
    let stops = || report.touchpoints.iter();
    let scored = stops().filter(|it| !it.scores.is_empty());
    InPeriod {
        customers: Some(report.customers),
        instances: Some(report.instances.total),
        duration_s: Some(report.duration_s.clone()),
        fitting_instances: Some(report.deviations.fitting_instances.clone()),
        standards: standards.collect(),
        reach: stops().map(|it| (it.id.clone(), it.reach.clone())).collect(),
        scores: report.scores.clone(),
        touchpoint_scores: scored.map(|it| (it.id.clone(), it.scores.clone())).collect(),
        ..empty
    }
}
