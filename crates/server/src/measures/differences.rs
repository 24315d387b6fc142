//! Two segments or two periods of a journey against each other.

use axum::extract::State;
use report::differences::{Differences, differences};
use serde::Deserialize;
use utoipa::IntoParams;

use super::asking::{Asking, Question};
use super::measured::measured;
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path};
use crate::schemas::DifferencesBody;

/// The other side; what is left out is as in the question.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Against {
    against_segment: Option<String>,
    against_from: Option<String>,
    against_to: Option<String>,
}

/// Shares of two segments or of two periods, with the interval of each difference, judged all at once.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/differences", tag = "measures",
    params(("id" = String, Path, description = "The journey"), Question, Against),
    responses((status = 200, body = DifferencesBody), (status = 400, body = crate::error::Told),
        (status = 404, body = crate::error::Told), (status = 409, body = crate::error::Told),
        (status = 429, body = crate::error::Told)))]
pub(crate) async fn journey_differences(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    asking: Asking<Against>,
) -> Result<Json<Differences>> {
    let Asking { question, further: against } = asking;
    let documents = &app.measures().documents;
    documents.document_of(&inside.workspace, &id, question.version).await?;
    let other = Question {
        segment: against.against_segment.or_else(|| question.segment.clone()),
        from: against.against_from.or_else(|| question.from.clone()),
        to: against.against_to.or_else(|| question.to.clone()),
        ..question.clone()
    };
    let (ours, theirs) = (question.asked(app.config())?, other.asked(app.config())?);
    let are_other_times = match (ours.from, ours.to, theirs.from, theirs.to) {
        (_, Some(end), Some(begin), _) if end <= begin => true,
        (Some(begin), _, _, Some(end)) if end <= begin => true,
        _ => false,
    };
    // Values of one attribute: an instance has one of them.
    let are_other_walks = ours.segment.iter().any(|(name, values)| {
        let same = theirs.segment.iter().filter(|(other, _)| other == name);
        same.clone().count() > 0
            && same.flat_map(|(_, others)| others).all(|other| !values.contains(other))
    });
    if !are_other_times && !are_other_walks {
        let message =
            "name two periods that do not meet, or two segments without a value in common";
        return Err(Error::invalid(message).at("against_segment"));
    }
    let report = measured(&app, &inside.workspace, &id, &question).await?;
    let other = Question { version: report.report.version, ..other };
    let against = measured(&app, &inside.workspace, &id, &other).await?;
    Ok(Json(differences(&report.report, &against.report)))
}
