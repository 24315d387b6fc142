//! Keys of programs, found by the hash of their token.

use sqlx::Row;

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::pool::Store;
use crate::workspace::Workspace;

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
    /// The workspace and the key of this token, if the key is alive and whoever made it was not deactivated.
    pub async fn find_key(&self, token_hash: &str) -> Result<Option<(String, ApiKey)>, Error> {
        let finding = Error::database("finding a key");
        let row = sqlx::query(
            "select k.workspace, k.id, k.name, k.prefix, k.scopes, k.created_by, k.created_at, k.used_at, k.ended_at \
             from api_keys k left join users u on u.id = k.created_by \
             where k.token_hash = $1 and k.ended_at is null and u.deactivated_at is null",
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
        let after = format!("{{\"scopes\":\"{}\"}}", key.scopes.join(" "));
        let done =
            Done { action: "key.created", object: &object, after: Some(&after), ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&creating)
    }

    /// Keys by id, those that have ended among them; at most `limit` after the one named.
    pub async fn keys(&self, after: &str, limit: u32) -> Result<Vec<ApiKey>, Error> {
        let reading = Error::database("reading keys");
        let rows = sqlx::query(
            "select workspace, id, name, prefix, scopes, created_by, created_at, used_at, ended_at from api_keys \
             where workspace = $1 and id > $2 order by id limit $3",
        )
        .bind(&self.id)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(key).collect::<Result<_, _>>().map_err(&reading)
    }

    /// The key of this id, ended or not.
    pub async fn find_key(&self, id: &str) -> Result<Option<ApiKey>, Error> {
        let finding = Error::database("finding a key");
        let row = sqlx::query(
            "select workspace, id, name, prefix, scopes, created_by, created_at, used_at, ended_at from api_keys \
             where workspace = $1 and id = $2",
        )
        .bind(&self.id)
        .bind(id)
        .fetch_optional(&self.store.readers)
        .await
        .map_err(&finding)?;
        row.as_ref().map(key).transpose().map_err(&finding)
    }

    /// Ends a key; `false` if there is none that is alive.
    pub async fn end_key(&self, id: &str, deed: &Deed) -> Result<bool, Error> {
        let ending = Error::database("ending a key");
        let mut transaction = self.store.writer.begin().await.map_err(&ending)?;
        let ended = sqlx::query(
            "update api_keys set ended_at = $3 where workspace = $1 and id = $2 and ended_at is null",
        )
        .bind(&self.id)
        .bind(id)
        .bind(deed.at)
        .execute(&mut *transaction)
        .await
        .map_err(&ending)?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
        let object = format!("key:{id}");
        let done = Done { action: "key.ended", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&ending)?;
        Ok(true)
    }

    /// Says when a key was last used.
    pub async fn use_key(&self, id: &str, now: i64) -> Result<(), Error> {
        sqlx::query("update api_keys set used_at = $3 where workspace = $1 and id = $2")
            .bind(&self.id)
            .bind(id)
            .bind(now)
            .execute(&self.store.writer)
            .await
            .map(|_| ())
            .map_err(Error::database("saying when a key was used"))
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
