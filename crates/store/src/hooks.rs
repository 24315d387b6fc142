//! Doors for the webhooks of others: how their requests are signed, and which part of a body is what.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::pool::Store;
use crate::workspace::Workspace;

/// A door.
#[derive(Clone, PartialEq, Eq)]
pub struct Hook {
    pub id: String,
    pub name: String,
    /// `standard` or `hub`.
    pub signature: String,
    pub secret: String,
    /// JSON.
    pub mapping: String,
    pub created_by: String,
    /// µs.
    pub created_at: i64,
    pub ended_at: Option<i64>,
}

/// The secret is one in messages too.
impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hook")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

const COLUMNS: &str = "id, name, signature, secret, mapping, created_by, created_at, ended_at";

impl Store {
    /// The workspace of a door that is open, and the door: whoever knocks names nothing but its id.
    pub async fn find_open_hook(&self, id: &str) -> Result<Option<(String, Hook)>, Error> {
        let finding = Error::database("finding a webhook");
        let sql =
            format!("select {COLUMNS}, workspace from hooks where id = $1 and ended_at is null");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id)
            .fetch_optional(&self.readers)
            .await
            .map_err(&finding)?;
        let Some(row) = row else { return Ok(None) };
        let workspace = row.try_get(8).map_err(&finding)?;
        Ok(Some((workspace, hook(&row).map_err(&finding)?)))
    }
}

impl Workspace {
    pub async fn create_hook(&self, hook: &Hook, deed: &Deed) -> Result<(), Error> {
        let creating = Error::database("making a webhook");
        let mut transaction = self.store.writer.begin().await.map_err(&creating)?;
        sqlx::query(
            "insert into hooks (workspace, id, name, signature, secret, mapping, created_by, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&self.id)
        .bind(&hook.id)
        .bind(&hook.name)
        .bind(&hook.signature)
        .bind(&hook.secret)
        .bind(&hook.mapping)
        .bind(&hook.created_by)
        .bind(hook.created_at)
        .execute(&mut *transaction)
        .await
        .map_err(&creating)?;
        let object = format!("hook:{}", hook.id);
        let after = Some(hook.mapping.as_str());
        let done = Done { action: "hook.created", object: &object, after, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&creating)
    }

    /// Says anew which part of a body is what; `false`: there is no such door.
    pub async fn map_hook(&self, id: &str, mapping: &str, deed: &Deed) -> Result<bool, Error> {
        let sql =
            "update hooks set mapping = $3 where workspace = $1 and id = $2 and ended_at is null";
        self.change_hook((sql, "hook.mapped"), id, mapping, deed).await
    }

    /// Closes a door for good; `false`: there is none.
    pub async fn end_hook(&self, id: &str, deed: &Deed) -> Result<bool, Error> {
        let sql = "update hooks set ended_at = cast($3 as bigint) where workspace = $1 and id = $2 and ended_at is null";
        self.change_hook((sql, "hook.ended"), id, &deed.at.to_string(), deed).await
    }

    async fn change_hook(
        &self,
        (sql, action): (&'static str, &str),
        id: &str,
        value: &str,
        deed: &Deed,
    ) -> Result<bool, Error> {
        let changing = Error::database("changing a webhook");
        let mut transaction = self.store.writer.begin().await.map_err(&changing)?;
        let changed = sqlx::query(sql)
            .bind(&self.id)
            .bind(id)
            .bind(value)
            .execute(&mut *transaction)
            .await
            .map_err(&changing)?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        let object = format!("hook:{id}");
        let done = Done { action, object: &object, after: Some(value), ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&changing)?;
        Ok(true)
    }

    pub async fn find_hook(&self, id: &str) -> Result<Option<Hook>, Error> {
        let finding = Error::database("finding a webhook");
        let sql = format!("select {COLUMNS} from hooks where workspace = $1 and id = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(id)
            .fetch_optional(&self.store.readers)
            .await
            .map_err(&finding)?;
        row.as_ref().map(hook).transpose().map_err(&finding)
    }

    /// Doors by id, closed ones among them; at most `limit` after the one named.
    pub async fn hooks(&self, after: &str, limit: u32) -> Result<Vec<Hook>, Error> {
        let reading = Error::database("reading webhooks");
        let sql = format!(
            "select {COLUMNS} from hooks where workspace = $1 and id > $2 order by id limit $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&self.store.readers)
            .await
            .map_err(&reading)?;
        rows.iter().map(hook).collect::<Result<_, _>>().map_err(&reading)
    }
}

fn hook(row: &AnyRow) -> Result<Hook, sqlx::Error> {
    Ok(Hook {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        signature: row.try_get(2)?,
        secret: row.try_get(3)?,
        mapping: row.try_get(4)?,
        created_by: row.try_get(5)?,
        created_at: row.try_get(6)?,
        ended_at: row.try_get(7)?,
    })
}
