//! Changes of a journey in the order of the server: the log and the state that it leads to, in one transaction.

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use super::Shown;
use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::workspace::Workspace;

/// A batch as a client sends it.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// The client's id of it.
    pub id: &'a str,
    /// Tells another body under the same id.
    pub body_hash: &'a str,
}

/// The state that a batch meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub rev: i64,
    /// JSON.
    pub document: String,
}

/// What a batch makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// `None`: nothing was applied.
    pub shown: Option<Shown>,
    /// How many operations were applied.
    pub applied: u32,
    /// JSON, as applied.
    pub ops: String,
    /// JSON, for the client, now and when the batch comes again.
    pub answer: String,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// At this rev; of one that changed nothing it is the one from before.
    Done { rev: i64, edited: Edited },
    /// It came before, with this answer.
    Repeated { answer: String },
    /// Another batch came under the same id.
    OtherBody,
    /// There is no such journey.
    Missing,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedBatch {
    pub rev: i64,
    pub batch: String,
    pub actor: String,
    pub at: i64,
    /// JSON.
    pub ops: String,
}

impl Workspace {
    /// Edits a journey; `edit` is given the state and the rev that comes next, while nobody else changes it.
    pub async fn edit_journey<E: From<Error>>(
        &self,
        id: &str,
        batch: Batch<'_>,
        deed: &Deed,
        edit: impl FnOnce(&Head) -> Result<Edited, E>,
    ) -> Result<Outcome, E> {
        let editing = Error::database("editing a journey");
        let mut transaction = self.store.writer.begin().await.map_err(&editing)?;
        let Some(head) = self.lock_journey(id, &mut transaction).await? else {
            return Ok(Outcome::Missing);
        };
        let known = sqlx::query(
            "select body_hash, answer from journey_batches where workspace = $1 and journey = $2 and batch = $3",
        )
        .bind(&self.id)
        .bind(id)
        .bind(batch.id)
        .fetch_optional(&mut *transaction)
        .await
        .map_err(&editing)?;
        if let Some(row) = known {
            let body_hash: String = row.try_get(0).map_err(&editing)?;
            let answer: String = row.try_get(1).map_err(&editing)?;
            let is_same = body_hash == batch.body_hash;
            return Ok(if is_same { Outcome::Repeated { answer } } else { Outcome::OtherBody });
        }
        let edited = edit(&head)?;
        let mut rev = head.rev;
        if let Some(shown) = &edited.shown {
            rev += 1;
            self.show((id, rev), shown, deed, &mut transaction).await?;
            let (object, after) = (format!("journey:{id}"), format!("{{\"rev\":{rev}}}"));
            let done = Done {
                action: "journey.edited",
                object: &object,
                after: Some(&after),
                ..Done::default()
            };
            self.record(deed, done, &mut transaction).await?;
        }
        sqlx::query(
            "insert into journey_batches (workspace, journey, batch, body_hash, rev, applied, actor, at, ops, answer) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&self.id)
        .bind(id)
        .bind(batch.id)
        .bind(batch.body_hash)
        .bind(rev)
        .bind(i64::from(edited.applied))
        .bind(&deed.actor)
        .bind(deed.at)
        .bind(&edited.ops)
        .bind(&edited.answer)
        .execute(&mut *transaction)
        .await
        .map_err(&editing)?;
        transaction.commit().await.map_err(&editing)?;
        Ok(Outcome::Done { rev, edited })
    }

    /// The state of a journey, which nobody else changes until the transaction ends.
    pub(super) async fn lock_journey(
        &self,
        id: &str,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<Option<Head>, Error> {
        let locking = Error::database("editing a journey");
        let row = sqlx::query(
            "update journeys set rev = rev where workspace = $1 and id = $2 returning rev, document",
        )
        .bind(&self.id)
        .bind(id)
        .fetch_optional(&mut **transaction)
        .await
        .map_err(&locking)?;
        let head = |row: &AnyRow| Ok(Head { rev: row.try_get(0)?, document: row.try_get(1)? });
        row.as_ref().map(head).transpose().map_err(&locking)
    }

    async fn show(
        &self,
        (id, rev): (&str, i64),
        shown: &Shown,
        deed: &Deed,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        sqlx::query(
            "update journeys set rev = $3, document = $4, name = $5, title = $6, title_folded = $7, scope = $8, owner = $9, \
             health = $10, changed_at = $11, changed_by = $12 where workspace = $1 and id = $2",
        )
        .bind(&self.id)
        .bind(id)
        .bind(rev)
        .bind(&shown.document)
        .bind(&shown.name)
        .bind(&shown.title)
        .bind(shown.title.to_lowercase())
        .bind(&shown.scope)
        .bind(&shown.owner)
        .bind(&shown.health)
        .bind(deed.at)
        .bind(&deed.actor)
        .execute(&mut **transaction)
        .await
        .map(|_| ())
        .map_err(Error::database("editing a journey"))
    }

    /// The log behind a rev, in its order, at most `limit` batches.
    pub async fn journey_log(
        &self,
        id: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<LoggedBatch>, Error> {
        let reading = Error::database("reading the log of a journey");
        let rows = sqlx::query(
            "select rev, batch, actor, at, ops from journey_batches \
             where workspace = $1 and journey = $2 and rev > $3 and applied > 0 order by rev limit $4",
        )
        .bind(&self.id)
        .bind(id)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        let batch = |row: &AnyRow| {
            Ok(LoggedBatch {
                rev: row.try_get(0)?,
                batch: row.try_get(1)?,
                actor: row.try_get(2)?,
                at: row.try_get(3)?,
                ops: row.try_get(4)?,
            })
        };
        rows.iter().map(batch).collect::<Result<_, _>>().map_err(&reading)
    }
}
