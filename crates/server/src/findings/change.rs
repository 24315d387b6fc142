//! What people do with findings.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Deserializer};
use store::{FindingChange, Tell};
use utoipa::ToSchema;

use super::keep::data;
use super::{Finding, FindingState, shown};
use crate::access::{Caller, Inside};
use crate::app::App;
use crate::error::{Error, Result, Told};
use crate::extract::{Json, Path};
use crate::notifications::{Message, People, Topic};
use crate::webhooks::Happening;

/// A finding that somebody made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFinding {
    journey: String,
    /// Such as `defective_standard` or `experience_gap`; left out: `observed`.
    #[serde(default = "observed")]
    kind: String,
    #[serde(default)]
    touchpoint: Option<String>,
    /// What was seen.
    sentence: String,
    /// How many customers a year it touches, if that is known.
    #[serde(default)]
    customers: u32,
    /// A user.
    #[serde(default)]
    owner: Option<String>,
}

fn observed() -> String {
    "observed".to_owned()
}

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    #[serde(default)]
    state: Option<FindingState>,
    /// Why it is accepted or resolved: needed then.
    #[serde(default)]
    reason: Option<String>,
    /// A user, or `null` for nobody.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    owner: Option<Option<String>>,
    #[serde(default)]
    note: Option<String>,
}

/// Where a finding goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Merge {
    /// The finding that stays.
    into: String,
}

/// `null` is something else than nothing.
fn given<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(input).map(Some)
}

const LONGEST: usize = 2000;

/// Adds a finding that somebody made.
#[utoipa::path(post, path = "/api/v1/findings", tag = "findings", request_body = NewFinding,
    responses((status = 201, body = Finding), (status = 400, body = Told), (status = 403, body = Told)))]
pub(crate) async fn create_finding(
    State(app): State<App>,
    inside: Inside,
    Json(new): Json<NewFinding>,
) -> Result<impl IntoResponse> {
    let text = |text: &str, place: &str| match text.trim() {
        "" => Err(Error::invalid("a finding needs words").at(place)),
        long if long.len() > LONGEST => {
            Err(Error::invalid(format!("at most {LONGEST} bytes")).at(place))
        }
        fit => Ok(fit.to_owned()),
    };
    let people = People::of(&inside.workspace).await?;
    known_owner(&people, new.owner.as_deref())?;
    let now = app.now();
    let finding = store::Finding {
        id: uuid::Uuid::now_v7().to_string(),
        journey: text(&new.journey, "/journey")?,
        version: None,
        kind: text(&new.kind, "/kind")?,
        about: new.touchpoint.clone().unwrap_or_default(),
        touchpoint: new.touchpoint,
        state: FindingState::Confirmed.name().to_owned(),
        reason: None,
        owner: new.owner,
        owner_name: None,
        sentence: text(&new.sentence, "/sentence")?,
        customers: new.customers.into(),
        score: new.customers.into(),
        snapshot: "{}".to_owned(),
        source: "manual".to_owned(),
        found_at: now,
        seen_at: now,
        absences: 0,
        reopened: 0,
        merged_into: None,
    };
    let mut tell = assigned(&inside, &people, &finding, now);
    tell.news.push(Happening::FindingNew.news(now, &data(&finding)));
    inside.workspace.create_finding(&finding, None, &inside.deed(now), tell).await?;
    app.wake();
    Ok((StatusCode::CREATED, Json(shown(finding))))
}

/// Says what became of a finding, gives it to somebody, adds a note.
#[utoipa::path(patch, path = "/api/v1/findings/{finding}", tag = "findings", params(("finding" = String, Path)),
    request_body = Change,
    responses((status = 200, body = Finding), (status = 400, body = Told), (status = 403, body = Told),
        (status = 404, body = Told), (status = 409, body = Told)))]
pub(crate) async fn change_finding(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(change): Json<Change>,
) -> Result<Json<Finding>> {
    let people = People::of(&inside.workspace).await?;
    known_owner(&people, change.owner.as_ref().and_then(|owner| owner.as_deref()))?;
    let reason = change.reason.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    let is_ended = matches!(change.state, Some(FindingState::Accepted | FindingState::Resolved));
    if is_ended && reason.is_none() {
        return Err(Error::invalid("say why it is accepted or resolved").at("/reason"));
    }
    if change.state == Some(FindingState::New) {
        return Err(
            Error::invalid("a finding that somebody looked at is not new any more").at("/state")
        );
    }
    let long = [&reason, &change.note].into_iter().flatten().any(|it| it.len() > LONGEST);
    if long {
        return Err(Error::invalid(format!("a reason or note has at most {LONGEST} bytes")));
    }
    let change = FindingChange {
        state: change.state.map(|state| state.name().to_owned()),
        reason,
        owner: change.owner,
        note: change.note.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()),
    };
    let now = app.now();
    let tell = |before: &store::Finding, after: &store::Finding| {
        let mut tell = Tell::default();
        if before.owner != after.owner {
            tell = assigned(&inside, &people, after, now);
        }
        if before != after {
            tell.news.push(Happening::FindingChanged.news(now, &data(after)));
        }
        tell
    };
    let changed = inside.workspace.change_finding(&id, &change, &inside.deed(now), tell).await?;
    app.wake();
    changed.map(shown).map(Json).ok_or_else(|| Error::not_found("finding", &id))
}

/// Takes a finding for the same as another one of its journey.
#[utoipa::path(post, path = "/api/v1/findings/{finding}/merge", tag = "findings", params(("finding" = String, Path)),
    request_body = Merge,
    responses((status = 204), (status = 400, body = Told), (status = 403, body = Told), (status = 404, body = Told),
        (status = 409, body = Told)))]
pub(crate) async fn merge_finding(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(merge): Json<Merge>,
) -> Result<StatusCode> {
    match inside.workspace.merge_findings(&id, &merge.into, &inside.deed(app.now())).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Error::not_found("finding", &format!("{id}` or `{}", merge.into))),
    }
}

fn known_owner(people: &People, owner: Option<&str>) -> Result<()> {
    match owner {
        Some(owner) if !people.has(owner) => {
            Err(Error::invalid(format!("`{owner}` is no user of this workspace")).at("/owner"))
        }
        _ => Ok(()),
    }
}

/// Who is given something is told, but not by oneself.
fn assigned(inside: &Inside, people: &People, finding: &store::Finding, now: i64) -> Tell {
    let is_own = |owner: &str| matches!(&inside.caller, Caller::User { id, .. } if id == owner);
    let owner = finding.owner.as_deref().filter(|owner| !is_own(owner));
    let object = format!("finding:{}", finding.id);
    let sentence = format!("Yours now: {}", finding.sentence);
    let message = Message { topic: Topic::FindingAssigned, object: &object, sentence: &sentence };
    let notice = owner.and_then(|owner| people.notice(owner, &message, now));
    Tell { notices: notice.into_iter().collect(), ..Tell::default() }
}
