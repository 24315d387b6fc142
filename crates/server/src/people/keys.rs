//! API keys: for programs, shown once.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::ApiKey;
use utoipa::ToSchema;

use super::{authority, rules};
use crate::access::{Caller, Inside};
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Path, Query};
use crate::moment::moment;
use crate::page::{Asked, Page};
use crate::permissions::Scope;
use crate::token::Token;

#[derive(Serialize, ToSchema)]
pub(crate) struct Key {
    id: String,
    name: String,
    /// The first characters, to tell keys apart.
    prefix: String,
    scopes: Vec<String>,
    /// The user who answers for it.
    created_by: String,
    created_at: String,
    /// Written at most once a minute.
    used_at: Option<String>,
    ended_at: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    name: String,
    scopes: Vec<Scope>,
}

/// A key and its secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeyMade {
    #[serde(flatten)]
    key: Key,
    /// Shown once; only its hash is kept.
    secret: String,
}

/// Keys of the workspace, ended ones among them.
#[utoipa::path(get, path = "/api/v1/keys", tag = "people", params(Asked), responses((status = 200, body = Page<Key>)))]
pub(crate) async fn keys(inside: Inside, Query(asked): Query<Asked>) -> Result<Json<Page<Key>>> {
    let keys = inside.workspace.keys(asked.after(), asked.limit()?).await?;
    Ok(Json(asked.page(keys, |key| key.id.clone(), shown)?))
}

/// Make a key. It may no more than whoever makes it, who answers for it.
#[utoipa::path(post, path = "/api/v1/keys", tag = "people", request_body = NewKey,
    responses((status = 201, body = KeyMade), (status = 400, body = crate::error::Told),
        (status = 403, body = crate::error::Told)))]
pub(crate) async fn create_key(
    State(app): State<App>,
    inside: Inside,
    Json(given): Json<NewKey>,
) -> Result<(StatusCode, Json<KeyMade>)> {
    if given.scopes.is_empty() {
        return Err(Error::invalid("a key needs a scope, such as `collect`").at("/scopes"));
    }
    for scope in &given.scopes {
        authority::may_lend(&inside, *scope)?;
    }
    let created_by = answerable(&inside).await?;
    let (key, token) = new_key(&rules::name(&given.name)?, &given.scopes, created_by, app.now())?;
    inside.workspace.create_key(&key, &token.hash(), &inside.deed(app.now())).await?;
    let made = KeyMade { key: shown(key), secret: token.text().to_owned() };
    Ok((StatusCode::CREATED, Json(made)))
}

/// End a key, at once.
#[utoipa::path(delete, path = "/api/v1/keys/{key}", tag = "people", params(("key" = String, Path)),
    responses((status = 204), (status = 404, body = crate::error::Told)))]
pub(crate) async fn end_key(
    State(app): State<App>,
    inside: Inside,
    Path(key): Path<String>,
) -> Result<StatusCode> {
    if inside.workspace.end_key(&key, &inside.deed(app.now())).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Error::not_found("key", &key))
}

/// Who answers for a key that this caller makes: the user, or whoever answers for the key that asks.
async fn answerable(inside: &Inside) -> Result<String> {
    match &inside.caller {
        Caller::User { id, .. } => Ok(id.clone()),
        Caller::Key { id, .. } => {
            let asking = inside.workspace.find_key(id).await?;
            Ok(asking.ok_or_else(Error::unauthorized)?.created_by)
        }
        Caller::Anonymous => Err(Error::unauthorized()),
    }
}

/// A key and its token.
pub(super) fn new_key(
    name: &str,
    scopes: &[Scope],
    created_by: String,
    now: i64,
) -> Result<(ApiKey, Token)> {
    let token = Token::new("fp_")?;
    let mut names: Vec<String> = scopes.iter().map(|scope| scope.name().to_owned()).collect();
    names.sort_unstable();
    names.dedup();
    let key = ApiKey {
        id: uuid::Uuid::now_v7().to_string(),
        name: name.to_owned(),
        prefix: token.text()[..8].to_owned(),
        scopes: names,
        created_by,
        created_at: now,
        used_at: None,
        ended_at: None,
    };
    Ok((key, token))
}

fn shown(key: ApiKey) -> Key {
    Key {
        id: key.id,
        name: key.name,
        prefix: key.prefix,
        scopes: key.scopes,
        created_by: key.created_by,
        created_at: moment(key.created_at),
        used_at: key.used_at.map(moment),
        ended_at: key.ended_at.map(moment),
    }
}
