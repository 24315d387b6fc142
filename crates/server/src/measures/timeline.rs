//! One customer: who it is, what it did and what it told. Every reading is written down.

use axum::extract::State;
use engine::import::hash;
use engine::lake::{Keys, TimelineEvent};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{About, Complaint, Done, Kept, Response};
use utoipa::{IntoParams, ToSchema};

use super::instances::CustomerBody;
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};
use crate::permissions::Right;

/// Whom somebody looks for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sought {
    /// As events carry it.
    id: String,
}

/// What happened to a customer, or what the customer told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Moment {
    Event {
        at: String,
        activity: String,
        channel: Option<String>,
        attributes: BTreeMap<String, String>,
    },
    Response {
        /// Absent where it is not known.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        question: String,
        journey: Option<String>,
        touchpoint: Option<String>,
        score: Option<f64>,
        /// Only for those who may read what customers wrote.
        #[serde(skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    Complaint {
        /// Absent where it is not known.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<String>,
        journey: Option<String>,
        touchpoint: Option<String>,
        severity: Option<f64>,
        /// Only for those who may read what customers wrote.
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
}

/// The key of a customer of whom there are events or answers.
#[utoipa::path(get, path = "/api/v1/customers", tag = "customers", params(Sought),
    responses((status = 200, body = CustomerBody), (status = 403, body = crate::error::Told),
        (status = 404, body = crate::error::Told)))]
pub(crate) async fn customer(
    State(app): State<App>,
    inside: Inside,
    Query(sought): Query<Sought>,
) -> Result<Json<CustomerBody>> {
    let key = Keys::new(inside.workspace.key()).of(hash(sought.id.trim().as_bytes()));
    if all(&app, &inside, key).await?.is_empty() {
        return Err(Error::not_found("customer", &sought.id));
    }
    write_down(&app, &inside, "customer.sought", key).await?;
    Ok(Json(CustomerBody { key: format!("{key:016x}"), id: Some(sought.id.trim().to_owned()) }))
}

/// What one customer did and told, in time.
#[utoipa::path(get, path = "/api/v1/customers/{key}/timeline", tag = "customers",
    params(("key" = String, Path, description = "The customer's key"), Asked),
    responses((status = 200, body = Page<Moment>), (status = 400, body = crate::error::Told),
        (status = 403, body = crate::error::Told), (status = 404, body = crate::error::Told)))]
pub(crate) async fn timeline(
    State(app): State<App>,
    inside: Inside,
    Path(name): Path<String>,
    Query(page): Query<Asked>,
) -> Result<Json<Page<Moment>>> {
    let gone = || Error::not_found("customer", &name);
    let is_key = name.len() == 16 && name.bytes().all(|it| it.is_ascii_hexdigit());
    let key = is_key.then(|| u64::from_str_radix(&name, 16).ok()).flatten().ok_or_else(gone)?;
    let after = match page.after() {
        "" => 0,
        mark => mark
            .parse::<usize>()
            .map_err(|_| Error::invalid("`after` is the `next` of a page before").at("after"))?,
    };
    let all = all(&app, &inside, key).await?;
    if all.is_empty() {
        return Err(gone());
    }
    write_down(&app, &inside, "customer.read", key).await?;
    let numbered = (after + 1..).zip(all.into_iter().skip(after));
    let some = numbered.take(page.limit()? as usize).collect();
    Ok(Json(page.page(some, |(number, _)| number.to_string(), |(_, it)| it)?))
}

async fn write_down(app: &App, inside: &Inside, action: &str, key: u64) -> Result<()> {
    let object = format!("customer:{key:016x}");
    let done = Done { action, object: &object, ..Done::default() };
    Ok(inside.workspace.record_alone(&inside.deed(app.now()), done).await?)
}

/// Everything of a customer, in time; what has no time comes first.
async fn all(app: &App, inside: &Inside, key: u64) -> Result<Vec<Moment>> {
    let lake = app.lake(&inside.workspace).await?.lake;
    let events = app.wait(move || Ok(lake.view(None, None)?.timeline_of(key)?)).await?;
    let (responses, complaints) = inside.workspace.told_by(key).await?;
    let may_read = inside.may(Right::ReadVerbatims);
    let events = events.into_iter().map(|it| (it.at, event(it)));
    let at = |about: &About| about.at.unwrap_or(i64::MIN);
    let responses =
        responses.into_iter().map(|kept| (at(&kept.told.about), response(kept, may_read)));
    let complaints =
        complaints.into_iter().map(|kept| (at(&kept.told.about), complaint(kept, may_read)));
    let mut all: Vec<(i64, Moment)> = events.chain(responses).chain(complaints).collect();
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, it)| it).collect())
}

fn event(event: TimelineEvent) -> Moment {
    let TimelineEvent { at, activity, channel, attributes } = event;
    Moment::Event { at: moment(at), activity, channel, attributes }
}

fn response(kept: Kept<Response>, may_read: bool) -> Moment {
    let Response { about, question, score, comment, .. } = kept.told;
    Moment::Response {
        at: about.at.map(moment),
        question,
        journey: about.journey,
        touchpoint: about.touchpoint,
        score,
        comment: comment.filter(|_| may_read),
    }
}

fn complaint(kept: Kept<Complaint>, may_read: bool) -> Moment {
    let Complaint { about, severity, text } = kept.told;
    Moment::Complaint {
        at: about.at.map(moment),
        journey: about.journey,
        touchpoint: about.touchpoint,
        severity,
        text: may_read.then_some(text),
    }
}
