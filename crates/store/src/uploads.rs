//! Files that were sent, from then on until they are events or given up.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::pool::Store;
use crate::workspace::Workspace;

/// A file that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: String,
    pub name: String,
    /// `events`, `responses` or `complaints`.
    pub kind: String,
    /// SHA-256, hexadecimal.
    pub content: String,
    pub bytes: u64,
    /// `kept`, `waiting`, `running`, `done`, `failed` or `cancelled`.
    pub state: String,
    /// JSON; empty: nobody has said how it shall be read.
    pub asked: String,
    pub created_by: String,
    /// µs.
    pub created_at: i64,
    pub ended_at: Option<i64>,
    /// JSON.
    pub result: Option<String>,
}

const COLUMNS: &str =
    "id, name, kind, content, bytes, state, asked, created_by, created_at, ended_at, result";

impl Store {
    /// Imports that wait or were begun, with their workspace, the oldest first. `was_begun` is for a process that has just
    /// begun: nobody works on them any more.
    pub async fn uploads_due(&self, was_begun: bool) -> Result<Vec<(String, String)>, Error> {
        let reading = Error::database("looking for imports");
        let rows = sqlx::query(
            "select workspace, id from uploads where state = 'waiting' or (state = 'running' and $1 = 1) order by id",
        )
        .bind(i64::from(was_begun))
        .fetch_all(&self.readers)
        .await
        .map_err(&reading)?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect::<Result<_, _>>()
            .map_err(&reading)
    }
}

impl Workspace {
    pub async fn create_upload(&self, upload: &Upload, deed: &Deed) -> Result<(), Error> {
        let creating = Error::database("keeping a file");
        let mut transaction = self.store.writer.begin().await.map_err(&creating)?;
        let sql = format!(
            "insert into uploads (workspace, {COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null)"
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(&upload.id)
            .bind(&upload.name)
            .bind(&upload.kind)
            .bind(&upload.content)
            .bind(upload.bytes.cast_signed())
            .bind(&upload.state)
            .bind(&upload.asked)
            .bind(&upload.created_by)
            .bind(upload.created_at)
            .execute(&mut *transaction)
            .await
            .map_err(&creating)?;
        self.record_upload("upload.created", &upload.id, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&creating)
    }

    /// A file that was kept shall become events; `false`: it is not one that waits to be told so.
    pub async fn ask_for_import(&self, id: &str, asked: &str, deed: &Deed) -> Result<bool, Error> {
        let asking = Error::database("asking for an import");
        let mut transaction = self.store.writer.begin().await.map_err(&asking)?;
        let asked = sqlx::query(
            "update uploads set state = 'waiting', asked = $3, result = null, ended_at = null \
             where workspace = $1 and id = $2 and state in ('kept', 'failed')",
        )
        .bind(&self.id)
        .bind(id)
        .bind(asked)
        .execute(&mut *transaction)
        .await
        .map_err(&asking)?;
        if asked.rows_affected() == 0 {
            return Ok(false);
        }
        self.record_upload("upload.asked", id, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&asking)?;
        Ok(true)
    }

    /// The import is given up, if it has not ended; `false`: there is nothing to give up.
    pub async fn cancel_import(&self, id: &str, deed: &Deed) -> Result<bool, Error> {
        let cancelling = Error::database("giving up an import");
        let mut transaction = self.store.writer.begin().await.map_err(&cancelling)?;
        let cancelled = sqlx::query(
            "update uploads set state = 'cancelled', ended_at = $3 \
             where workspace = $1 and id = $2 and state in ('kept', 'failed', 'waiting', 'running')",
        )
        .bind(&self.id)
        .bind(id)
        .bind(deed.at)
        .execute(&mut *transaction)
        .await
        .map_err(&cancelling)?;
        if cancelled.rows_affected() == 0 {
            return Ok(false);
        }
        self.record_upload("upload.cancelled", id, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&cancelling)?;
        Ok(true)
    }

    /// From one state to the next; `false`: it was in another one. A state that ends carries what came of it.
    pub async fn step_upload(
        &self,
        id: &str,
        (from, to): (&str, &str),
        result: Option<&str>,
        now: i64,
    ) -> Result<bool, Error> {
        let stepped = sqlx::query(
            "update uploads set state = $4, result = $5, ended_at = case when $5 is null then null else $6 end \
             where workspace = $1 and id = $2 and state = $3",
        )
        .bind(&self.id)
        .bind(id)
        .bind(from)
        .bind(to)
        .bind(result)
        .bind(now)
        .execute(&self.store.writer)
        .await
        .map_err(Error::database("saying how an import stands"))?;
        Ok(stepped.rows_affected() == 1)
    }

    pub async fn find_upload(&self, id: &str) -> Result<Option<Upload>, Error> {
        let finding = Error::database("finding a file");
        let sql = format!("select {COLUMNS} from uploads where workspace = $1 and id = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(id)
            .fetch_optional(&self.store.readers)
            .await
            .map_err(&finding)?;
        row.as_ref().map(upload).transpose().map_err(&finding)
    }

    /// Files by id; at most `limit` after the one named.
    pub async fn uploads(&self, after: &str, limit: u32) -> Result<Vec<Upload>, Error> {
        let reading = Error::database("reading files that were sent");
        let sql = format!(
            "select {COLUMNS} from uploads where workspace = $1 and id > $2 order by id limit $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&self.store.readers)
            .await
            .map_err(&reading)?;
        rows.iter().map(upload).collect::<Result<_, _>>().map_err(&reading)
    }

    async fn record_upload(
        &self,
        action: &str,
        id: &str,
        deed: &Deed,
        transaction: &mut sqlx::Transaction<'_, sqlx::Any>,
    ) -> Result<(), Error> {
        let object = format!("upload:{id}");
        self.record(deed, Done { action, object: &object, ..Done::default() }, transaction).await
    }
}

fn upload(row: &AnyRow) -> Result<Upload, sqlx::Error> {
    Ok(Upload {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        kind: row.try_get(2)?,
        content: row.try_get(3)?,
        bytes: row.try_get::<i64, _>(4)?.cast_unsigned(),
        state: row.try_get(5)?,
        asked: row.try_get(6)?,
        created_by: row.try_get(7)?,
        created_at: row.try_get(8)?,
        ended_at: row.try_get(9)?,
        result: row.try_get(10)?,
    })
}
