//! Versions of a journey: published with the checks, named, compared, brought back, and which touchpoint became which.

use axum::extract::State;
use axum::http::StatusCode;
use model::diff::{Diff, diff_maps};
use model::map::{Map, Op, changes};
use model::mapping::{Fate, Mapping};
use model::publish::readiness;
use serde::{Deserialize, Serialize};
use store::Workspace;
use store::journeys::batches::Head;
use store::journeys::versions::{NewVersion, VersionRow};
use utoipa::{IntoParams, ToSchema};

use super::edit::{Answer, Edit, hash};
use crate::access::Inside;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};

/// A version of a journey; it never changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Version {
    number: i64,
    /// `published` or `named`.
    kind: String,
    name: String,
    note: String,
    /// The rev whose state it is.
    rev: i64,
    created_at: String,
    created_by: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionWithMap {
    #[serde(flatten)]
    version: Version,
    /// As `docs/reference/map.schema.json` describes it.
    #[schema(value_type = Object)]
    doc: Map,
}

fn version(row: VersionRow) -> Version {
    let VersionRow { number, kind, name, note, rev, created_at, created_by } = row;
    Version { number, kind, name, note, rev, created_at: moment(created_at), created_by }
}

/// What a version is called.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Called {
    #[serde(default)]
    name: String,
    /// What is new in it.
    #[serde(default)]
    note: String,
}

impl Called {
    fn check(&self) -> Result<()> {
        if self.name.chars().count() > 200 || self.note.chars().count() > 10_000 {
            return Err(Error::invalid("a name has at most 200 characters, a note 10,000"));
        }
        Ok(())
    }
}

/// Publishes the present state, if nothing stands against it.
#[utoipa::path(post, path = "/api/v1/journeys/{id}/publish", tag = "journeys", request_body = Called,
    params(("id" = String, Path, description = "id of a journey")),
    responses((status = 201, body = Version), (status = 404, body = crate::error::Told),
        (status = 409, description = "something stands against it", body = crate::error::Told)))]
pub(crate) async fn publish_journey(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(called): Json<Called>,
) -> Result<(StatusCode, Json<Version>)> {
    called.check()?;
    let (row, _) = super::find(&inside, &id).await?;
    let published_rev = row.published_rev;
    let make = |head: &Head| -> Result<NewVersion> {
        if published_rev == Some(head.rev) {
            let message = "nothing has changed since this journey was published";
            return Err(Error::new(Code::Conflict, message));
        }
        let map = super::map_of(&head.document)?;
        let readiness = readiness(&map);
        if let Some(first) = readiness.problems.first() {
            let others = readiness.problems.len() - 1;
            let more = if others > 0 { format!(", and {others} more") } else { String::new() };
            let message = format!("{}: {}{more}", first.message, first.suggestion);
            return Err(Error::new(Code::Conflict, message).at(first.about.clone()));
        }
        kept(&map, &called, true)
    };
    let version_row = inside.workspace.keep_version(&id, &inside.deed(app.now()), make).await?;
    let row = version_row.ok_or_else(|| Error::not_found("journey", &id))?;
    app.measures().published.notify_one();
    Ok((StatusCode::CREATED, Json(version(row))))
}

fn kept(map: &Map, called: &Called, is_published: bool) -> Result<NewVersion> {
    let document =
        serde_json::to_string(&map.visible()).map_err(|cause| Error::Internal(cause.into()))?;
    let (name, note) = (called.name.clone(), called.note.clone());
    Ok(NewVersion { is_published, name, note, document })
}

/// Keeps the present state under a name.
#[utoipa::path(post, path = "/api/v1/journeys/{id}/versions", tag = "journeys", request_body = Called,
    params(("id" = String, Path, description = "id of a journey")),
    responses((status = 201, body = Version), (status = 404, body = crate::error::Told)))]
pub(crate) async fn name_version(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(called): Json<Called>,
) -> Result<(StatusCode, Json<Version>)> {
    called.check()?;
    let make = |head: &Head| -> Result<NewVersion> {
        kept(&super::map_of(&head.document)?, &called, false)
    };
    let row = inside.workspace.keep_version(&id, &inside.deed(app.now()), make).await?;
    let row = row.ok_or_else(|| Error::not_found("journey", &id))?;
    Ok((StatusCode::CREATED, Json(version(row))))
}

/// The versions of a journey, newest first.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/versions", tag = "journeys",
    params(("id" = String, Path, description = "id of a journey"), Asked),
    responses((status = 200, body = Page<Version>), (status = 404, body = crate::error::Told)))]
pub(crate) async fn journey_versions(
    inside: Inside,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<Version>>> {
    if !inside.workspace.has_journey(&id).await? {
        return Err(Error::not_found("journey", &id));
    }
    let before = match asked.after() {
        "" => i64::MAX,
        text => text
            .parse()
            .map_err(|_| Error::invalid("`after` is the `next` of a page before").at("after"))?,
    };
    let rows = inside.workspace.versions(&id, before, asked.limit()?).await?;
    Ok(Json(asked.page(rows, |row| row.number.to_string(), version)?))
}

/// A version with its map.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/versions/{number}", tag = "journeys",
    params(("id" = String, Path, description = "id of a journey"),
        ("number" = String, Path, description = "number of a version")),
    responses((status = 200, body = VersionWithMap), (status = 404, body = crate::error::Told)))]
pub(crate) async fn journey_version(
    inside: Inside,
    Path((id, number)): Path<(String, String)>,
) -> Result<Json<VersionWithMap>> {
    let (row, doc) = find_version(&inside, &id, &number).await?;
    Ok(Json(VersionWithMap { version: version(row), doc }))
}

async fn find_version(inside: &Inside, id: &str, number: &str) -> Result<(VersionRow, Map)> {
    let absent = || Error::not_found("version", number);
    let parsed: i64 = number.parse().map_err(|_| absent())?;
    let found = inside.workspace.find_version(id, parsed).await?;
    let (row, document) = found.ok_or_else(absent)?;
    Ok((row, super::map_of(&document)?))
}

/// The state of a journey that a word means: a number of a version, or `head`.
pub(super) async fn state(inside: &Inside, id: &str, word: &str) -> Result<Map> {
    match word {
        "head" => Ok(super::find(inside, id).await?.1.visible()),
        number => Ok(find_version(inside, id, number).await?.1),
    }
}

/// The document of a published version, the one that holds when none is named, with its number.
pub(crate) async fn published(
    workspace: &Workspace,
    id: &str,
    number: Option<i64>,
) -> Result<(i64, String)> {
    let found = workspace.find_journey(id).await?;
    let (row, _) = found.ok_or_else(|| Error::not_found("journey", id))?;
    let Some(number) = number.or(row.published) else {
        let message =
            format!("journey `{id}` has no published version; publish it, then measure it");
        return Err(Error::new(Code::NotFound, message));
    };
    let found = workspace.find_version(id, number).await?;
    let (_, document) = found
        .filter(|(row, _)| row.kind == "published")
        .ok_or_else(|| Error::not_found("version", &number.to_string()).at("version"))?;
    Ok((number, model::write::write(&super::map_of(&document)?.document())))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Compared {
    /// Number of a version, or `head`, which it is if it is left out.
    from: Option<String>,
    /// The same.
    to: Option<String>,
    /// The journey of `to`, if it is another one: the target of this one.
    with: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Comparison {
    #[schema(value_type = Object)]
    from: Map,
    #[schema(value_type = Object)]
    to: Map,
    /// `changes`: `kind`, `noun`, `id`, `title`, `within`, `moved`, `fields` with `old` and `new`.
    #[schema(value_type = Object)]
    diff: Diff,
    /// The same in words.
    text: String,
    /// What became of the touchpoints.
    #[schema(value_type = Vec<Object>)]
    fates: Vec<Fate>,
}

/// Two states of a journey, or of a journey and its target, side by side.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/compare", tag = "journeys",
    params(("id" = String, Path, description = "id of a journey"), Compared),
    responses((status = 200, body = Comparison), (status = 404, body = crate::error::Told)))]
pub(crate) async fn compare_journey(
    inside: Inside,
    Path(id): Path<String>,
    Query(compared): Query<Compared>,
) -> Result<Json<Comparison>> {
    let [old, new] = [&compared.from, &compared.to]
        .map(|word| word.clone().unwrap_or_else(|| "head".to_owned()));
    let from = state(&inside, &id, &old).await?;
    let to = state(&inside, compared.with.as_deref().unwrap_or(&id), &new).await?;
    let diff = diff_maps(&from, &to);
    let (before, after) = (from.document(), to.document());
    let settled = match (&compared.with, old.parse(), new.parse()) {
        (None, Ok(old), Ok(new)) => inside.workspace.find_mapping(&id, [old, new]).await?,
        _ => None,
    };
    let mapping = settled.and_then(|text| serde_json::from_str(&text).ok());
    let mapping = mapping.unwrap_or_else(|| Mapping::propose(&before, &after));
    let fates = mapping.fates(&before, &after);
    Ok(Json(Comparison { text: diff.to_string(), from, to, diff, fates }))
}

/// What is to be brought back.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Restore {
    /// A UUID of the client's making, as of any batch.
    batch: String,
    version: i64,
    /// Only these cards; left out: everything.
    #[serde(default)]
    cards: Option<Vec<String>>,
}

/// Brings a version back, or some cards of it, by operations like any others.
#[utoipa::path(post, path = "/api/v1/journeys/{id}/restore", tag = "journeys", request_body = Restore,
    params(("id" = String, Path, description = "id of a journey")),
    responses((status = 200, body = Answer), (status = 404, body = crate::error::Told)))]
pub(crate) async fn restore_journey(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(restore): Json<Restore>,
) -> Result<Json<Answer>> {
    let (_, to) = find_version(&inside, &id, &restore.version.to_string()).await?;
    let edit = Edit { id: &id, batch: &restore.batch, body_hash: hash(&restore)? };
    let answer = edit
        .apply(&app, &inside, |_, map| {
            let mut ops = changes(map, &to);
            if let Some(cards) = &restore.cards {
                ops.retain(|op| card_of(op).is_some_and(|id| cards.iter().any(|it| it == id)));
            }
            Ok(ops.into_iter().map(Ok).collect())
        })
        .await?;
    Ok(Json(answer))
}

fn card_of(op: &Op) -> Option<&str> {
    match op {
        Op::CardAdd { id, .. }
        | Op::CardSet { id, .. }
        | Op::CardMove { id, .. }
        | Op::CardDel { id }
        | Op::CardRestore { id, .. } => Some(id),
        Op::LinkAdd { card, .. } | Op::LinkDel { card, .. } => Some(card),
        _ => None,
    }
}

/// Which touchpoint of one version is which of another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Mapped {
    /// Old ids, each with what it has become; none: it is gone.
    #[schema(value_type = Object)]
    mapping: Mapping,
    /// Nobody has settled it yet.
    is_proposed: bool,
    #[schema(value_type = Vec<Object>)]
    fates: Vec<Fate>,
}

/// Which touchpoint of a version is which of another: as people settled it, or a proposal.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/mappings/{from}/{to}", tag = "journeys",
    params(("id" = String, Path, description = "id of a journey"),
        ("from" = String, Path, description = "number of a version"),
        ("to" = String, Path, description = "number of a version")),
    responses((status = 200, body = Mapped), (status = 404, body = crate::error::Told)))]
pub(crate) async fn journey_mapping(
    inside: Inside,
    Path((id, from, to)): Path<(String, String, String)>,
) -> Result<Json<Mapped>> {
    let (from, old) = find_version(&inside, &id, &from).await?;
    let (to, new) = find_version(&inside, &id, &to).await?;
    let (old, new) = (old.document(), new.document());
    let settled = inside.workspace.find_mapping(&id, [from.number, to.number]).await?;
    let settled = settled.and_then(|text| serde_json::from_str::<Mapping>(&text).ok());
    let is_proposed = settled.is_none();
    let mapping = settled.unwrap_or_else(|| Mapping::propose(&old, &new));
    let fates = mapping.fates(&old, &new);
    Ok(Json(Mapped { mapping, is_proposed, fates }))
}

/// Settles which touchpoint of a version is which of another.
#[utoipa::path(put, path = "/api/v1/journeys/{id}/mappings/{from}/{to}", tag = "journeys",
    request_body(content = Object, description = "old ids, each with a list of what it has become"),
    params(("id" = String, Path, description = "id of a journey"),
        ("from" = String, Path, description = "number of a version"),
        ("to" = String, Path, description = "number of a version")),
    responses((status = 200, body = Mapped), (status = 404, body = crate::error::Told)))]
pub(crate) async fn set_journey_mapping(
    State(app): State<App>,
    inside: Inside,
    Path((id, from, to)): Path<(String, String, String)>,
    Json(mapping): Json<Mapping>,
) -> Result<Json<Mapped>> {
    let (from, old) = find_version(&inside, &id, &from).await?;
    let (to, new) = find_version(&inside, &id, &to).await?;
    let (old, new) = (old.document(), new.document());
    if let Some(problem) = mapping.problems(&old, &new).into_iter().next() {
        return Err(Error::invalid(problem));
    }
    let text = serde_json::to_string(&mapping).map_err(|cause| Error::Internal(cause.into()))?;
    let numbers = [from.number, to.number];
    inside.workspace.set_mapping(&id, numbers, &text, &inside.deed(app.now())).await?;
    let fates = mapping.fates(&old, &new);
    Ok(Json(Mapped { mapping, is_proposed: false, fates }))
}
