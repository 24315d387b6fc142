//! What people say of a journey, in threads about a thing on its map.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::journeys::comments::{Comment as Row, CommentChange};
use utoipa::ToSchema;

use super::rooms::Signal;
use crate::access::Inside;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::notifications::{Message, Topic, notify};
use crate::page::{Asked, Page};
use crate::permissions::Right;

const MOST_TEXT: usize = 10_000;
const MOST_MENTIONS: usize = 50;

/// What a comment is about; ids stay when cards move.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    kind: AboutKind,
    /// Empty: the map. Of a cell `touchpoint/lane`.
    #[serde(default)]
    id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AboutKind {
    Map,
    Stage,
    Touchpoint,
    Lane,
    Cell,
    Card,
    Measure,
}

/// A comment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Comment {
    id: String,
    /// The first comment of its thread; of that itself none.
    thread: Option<String>,
    about: About,
    text: String,
    author: String,
    created_at: String,
    edited_at: Option<String>,
    /// Of the first comment: when its thread was settled, and by whom.
    resolved_at: Option<String>,
    resolved_by: Option<String>,
    /// Ids of users.
    mentions: Vec<String>,
}

fn comment(row: Row) -> Comment {
    let kind = serde_json::from_value(row.about_kind.into()).unwrap_or(AboutKind::Map);
    Comment {
        id: row.id,
        thread: row.thread,
        about: About { kind, id: row.about_id },
        text: row.text,
        author: row.author,
        created_at: moment(row.created_at),
        edited_at: row.edited_at.map(moment),
        resolved_at: row.resolved_at.map(moment),
        resolved_by: row.resolved_by,
        mentions: row.mentions,
    }
}

/// Comments of a journey, oldest first.
#[utoipa::path(get, path = "/api/v1/journeys/{id}/comments", tag = "comments",
    params(("id" = String, Path, description = "id of a journey"), Asked),
    responses((status = 200, body = Page<Comment>), (status = 404, body = crate::error::Told)))]
pub(crate) async fn journey_comments(
    inside: Inside,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<Comment>>> {
    exists(&inside, &id).await?;
    let after = match asked.after().split_once('/') {
        None if asked.after().is_empty() => Some((i64::MIN, "")),
        None => None,
        Some((at, id)) => at.parse().ok().map(|at| (at, id)),
    };
    let after = after
        .ok_or_else(|| Error::invalid("`after` is the `next` of a page before").at("after"))?;
    let rows = inside.workspace.comments(&id, after, asked.limit()?).await?;
    Ok(Json(asked.page(rows, |row| format!("{}/{}", row.created_at, row.id), comment)?))
}

async fn exists(inside: &Inside, id: &str) -> Result<()> {
    if inside.workspace.has_journey(id).await? {
        Ok(())
    } else {
        Err(Error::not_found("journey", id))
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewComment {
    text: String,
    /// Needed of the first comment of a thread; an answer is about what its thread is about.
    about: Option<About>,
    /// The comment that it answers.
    thread: Option<String>,
    /// Ids of users who are meant.
    #[serde(default)]
    mentions: Vec<String>,
}

/// Says something of a journey.
#[utoipa::path(post, path = "/api/v1/journeys/{id}/comments", tag = "comments", request_body = NewComment,
    params(("id" = String, Path, description = "id of a journey")),
    responses((status = 201, body = Comment), (status = 404, body = crate::error::Told)))]
pub(crate) async fn add_comment(
    State(app): State<App>,
    inside: Inside,
    Path(id): Path<String>,
    Json(new): Json<NewComment>,
) -> Result<(StatusCode, Json<Comment>)> {
    exists(&inside, &id).await?;
    check(&app, &inside, &new.text, &new.mentions).await?;
    let (thread, about) = match (&new.thread, new.about) {
        (Some(answered), _) => {
            let answered = find(&inside, &id, answered).await?;
            let root = answered.thread.clone().unwrap_or_else(|| answered.id.clone());
            (Some(root), comment(answered).about)
        }
        (None, Some(about)) => (None, about),
        (None, None) => return Err(Error::invalid("say what the comment is about").at("/about")),
    };
    if about.id.len() > 250 || (about.id.is_empty() != (about.kind == AboutKind::Map)) {
        return Err(Error::invalid("`id` names what the comment is about").at("/about/id"));
    }
    let kind = serde_json::to_value(about.kind).unwrap_or_default();
    let deed = inside.deed(app.now());
    let row = Row {
        id: uuid::Uuid::now_v7().to_string(),
        thread,
        about_kind: kind.as_str().unwrap_or_default().to_owned(),
        about_id: about.id,
        text: new.text,
        author: deed.actor.clone(),
        created_at: deed.at,
        edited_at: None,
        resolved_at: None,
        resolved_by: None,
        mentions: new.mentions,
    };
    inside.workspace.add_comment(&id, &row, &deed).await?;
    tell(&app, &inside, (&id, &row.id), &row.mentions).await?;
    app.rooms().signal(inside.workspace.id(), &id, &Signal::Comments);
    Ok((StatusCode::CREATED, Json(comment(find(&inside, &id, &row.id).await?))))
}

/// Text that says something, and people who are in the workspace.
/// Whoever is meant is told, but for the author. Not the words: they stay where they can be taken away.
async fn tell(
    app: &App,
    inside: &Inside,
    (journey, comment): (&str, &str),
    mentions: &[String],
) -> Result<()> {
    let author = inside.caller.name();
    let meant: Vec<&str> = mentions
        .iter()
        .map(String::as_str)
        .filter(|user| author != format!("user:{user}"))
        .collect();
    if meant.is_empty() {
        return Ok(());
    }
    let object = format!("comment:{journey}/{comment}");
    let sentence = format!("You are named in a comment on the journey `{journey}`.");
    let message = Message { topic: Topic::Mentioned, object: &object, sentence: &sentence };
    notify(app, &inside.workspace, &meant, message).await
}

async fn check(app: &App, inside: &Inside, text: &str, mentions: &[String]) -> Result<()> {
    if text.trim().is_empty() || text.chars().count() > MOST_TEXT {
        let message = format!("a comment has from 1 to {MOST_TEXT} characters");
        return Err(Error::invalid(message).at("/text"));
    }
    if mentions.len() > MOST_MENTIONS {
        let message = format!("at most {MOST_MENTIONS} people can be meant");
        return Err(Error::invalid(message).at("/mentions"));
    }
    for user in mentions {
        let memberships = app.store().memberships(user).await?;
        if !memberships.iter().any(|it| it.workspace == inside.workspace.id()) {
            return Err(Error::invalid(format!("nobody here has the id `{user}`")).at("/mentions"));
        }
    }
    Ok(())
}

async fn find(inside: &Inside, journey: &str, id: &str) -> Result<Row> {
    let found = inside.workspace.find_comment(journey, id).await?;
    found.ok_or_else(|| Error::not_found("comment", id))
}

/// What changes about a comment; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Changed {
    /// By its author.
    text: Option<String>,
    #[serde(default)]
    mentions: Vec<String>,
    /// Of the first comment of a thread: whether it is settled.
    resolved: Option<bool>,
}

/// Changes a comment, or settles its thread.
#[utoipa::path(patch, path = "/api/v1/journeys/{id}/comments/{comment}", tag = "comments", request_body = Changed,
    params(("id" = String, Path, description = "id of a journey"),
        ("comment" = String, Path, description = "id of a comment")),
    responses((status = 200, body = Comment), (status = 404, body = crate::error::Told)))]
pub(crate) async fn change_comment(
    State(app): State<App>,
    inside: Inside,
    Path((id, comment_id)): Path<(String, String)>,
    Json(changed): Json<Changed>,
) -> Result<Json<Comment>> {
    let row = find(&inside, &id, &comment_id).await?;
    let deed = inside.deed(app.now());
    if let Some(text) = &changed.text {
        if row.author != deed.actor {
            return Err(Error::forbidden("only its author changes a comment"));
        }
        check(&app, &inside, text, &changed.mentions).await?;
        let change = CommentChange::Text { text, mentions: &changed.mentions };
        inside.workspace.change_comment(&comment_id, &change, &deed).await?;
        let fresh: Vec<String> =
            changed.mentions.iter().filter(|user| !row.mentions.contains(user)).cloned().collect();
        tell(&app, &inside, (&id, &comment_id), &fresh).await?;
    }
    if let Some(resolved) = changed.resolved {
        if row.thread.is_some() {
            let message = "a thread is settled by its first comment";
            return Err(Error::invalid(message).at("/resolved"));
        }
        let change = CommentChange::Resolved(resolved);
        inside.workspace.change_comment(&comment_id, &change, &deed).await?;
    }
    app.rooms().signal(inside.workspace.id(), &id, &Signal::Comments);
    Ok(Json(comment(find(&inside, &id, &comment_id).await?)))
}

/// Takes a comment away; its author may, and who manages people.
#[utoipa::path(delete, path = "/api/v1/journeys/{id}/comments/{comment}", tag = "comments",
    params(("id" = String, Path, description = "id of a journey"),
        ("comment" = String, Path, description = "id of a comment")),
    responses((status = 204), (status = 404, body = crate::error::Told)))]
pub(crate) async fn delete_comment(
    State(app): State<App>,
    inside: Inside,
    Path((id, comment_id)): Path<(String, String)>,
) -> Result<StatusCode> {
    let row = find(&inside, &id, &comment_id).await?;
    let deed = inside.deed(app.now());
    if row.author != deed.actor && !inside.may(Right::ManagePeople) {
        return Err(Error::forbidden("only its author, or an admin, takes a comment away"));
    }
    inside.workspace.change_comment(&comment_id, &CommentChange::Deleted, &deed).await?;
    app.rooms().signal(inside.workspace.id(), &id, &Signal::Comments);
    Ok(StatusCode::NO_CONTENT)
}
