//! Sessions of users and keys of programs, found by the hash of their token.

use sqlx::Row;

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::pool::Store;
use crate::workspace::Workspace;

/// A session as it is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession<'a> {
    /// SHA-256 of the token, hexadecimal.
    pub token_hash: &'a str,
    pub user: &'a str,
    pub expires_at: i64,
}

/// A key for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: String,
    pub name: String,
    /// The first characters of the token.
    pub prefix: String,
    /// As the server names them.
    pub scopes: Vec<String>,
    pub created_by: String,
    pub created_at: i64,
    pub used_at: Option<i64>,
    pub ended_at: Option<i64>,
}

impl Store {
    /// Begins a session.
    pub async fn begin_session(&self, session: &NewSession<'_>, deed: &Deed) -> Result<(), Error> {
        let beginning = Error::database("beginning a session");
        let mut transaction = self.writer.begin().await.map_err(&beginning)?;
        sqlx::query(
            "insert into sessions (token_hash, user_id, created_at, seen_at, expires_at, origin) values ($1, $2, $3, $3, $4, $5)",
        )
        .bind(session.token_hash)
        .bind(session.user)
        .bind(deed.at)
        .bind(session.expires_at)
        .bind(&deed.origin)
        .execute(&mut *transaction)
        .await
        .map_err(&beginning)?;
        let object = format!("user:{}", session.user);
        let done = Done { action: "session.begun", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&beginning)
    }

    /// Whose session this is, if it is alive and its user is.
    pub async fn session(&self, token_hash: &str, now: i64) -> Result<Option<String>, Error> {
        sqlx::query_scalar(
            "select s.user_id from sessions s join users u on u.id = s.user_id \
             where s.token_hash = $1 and s.expires_at > $2 and u.deactivated_at is null",
        )
        .bind(token_hash)
        .bind(now)
        .fetch_optional(&self.readers)
        .await
        .map_err(Error::database("finding a session"))
    }

    /// Ends a session, if it is there.
    pub async fn end_session(&self, token_hash: &str) -> Result<(), Error> {
        sqlx::query("delete from sessions where token_hash = $1")
            .bind(token_hash)
            .execute(&self.writer)
            .await
            .map(|_| ())
            .map_err(Error::database("ending a session"))
    }

    /// The workspace and the key of this token, if the key is alive.
    pub async fn find_key(&self, token_hash: &str) -> Result<Option<(String, ApiKey)>, Error> {
        let finding = Error::database("finding a key");
        let row = sqlx::query(
            "select workspace, id, name, prefix, scopes, created_by, created_at, used_at, ended_at from api_keys \
             where token_hash = $1 and ended_at is null",
        )
        .bind(token_hash)
        .fetch_optional(&self.readers)
        .await
        .map_err(&finding)?;
        let Some(row) = row else { return Ok(None) };
        let workspace = row.try_get(0).map_err(&finding)?;
        Ok(Some((workspace, key(&row).map_err(&finding)?)))
    }
}

impl Workspace {
    /// Keeps a new key by the hash of its token.
    pub async fn create_key(
        &self,
        key: &ApiKey,
        token_hash: &str,
        deed: &Deed,
    ) -> Result<(), Error> {
        let creating = Error::database("making a key");
        let mut transaction = self.store.writer.begin().await.map_err(&creating)?;
        sqlx::query(
            "insert into api_keys (workspace, id, name, prefix, token_hash, scopes, created_by, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&self.id)
        .bind(&key.id)
        .bind(&key.name)
        .bind(&key.prefix)
        .bind(token_hash)
        .bind(key.scopes.join(" "))
        .bind(&key.created_by)
        .bind(deed.at)
        .execute(&mut *transaction)
        .await
        .map_err(&creating)?;
        let object = format!("key:{}", key.id);
        let done = Done { action: "key.created", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&creating)
    }
}

fn key(row: &sqlx::any::AnyRow) -> Result<ApiKey, sqlx::Error> {
    let scopes: String = row.try_get(4)?;
    Ok(ApiKey {
        id: row.try_get(1)?,
        name: row.try_get(2)?,
        prefix: row.try_get(3)?,
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        created_by: row.try_get(5)?,
        created_at: row.try_get(6)?,
        used_at: row.try_get(7)?,
        ended_at: row.try_get(8)?,
    })
}
