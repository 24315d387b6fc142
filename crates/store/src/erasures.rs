//! Customers who asked to be forgotten.

use sqlx::{Row, query};

use crate::error::Error;
use crate::values::signed;
use crate::workspace::Workspace;

/// One customer's wish, until it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    pub customer: u64,
    /// Files that began later do not hold what was asked to be forgotten.
    pub snapshot: i64,
}

impl Workspace {
    /// Forgets a customer: invisible when this returns; [`Change::erased`](crate::Change) says when every file is rewritten.
    ///
    /// Answers and complaints go, and rows of the quarantine that hold the id. Gives back how many events of the tail went. `now` is in µs.
    pub async fn erase(&self, customer: u64, id: &str, now: i64) -> Result<u64, Error> {
        let erasing = Error::database("erasing a customer");
        let mut transaction = self.store.writer.begin().await.map_err(&erasing)?;
        query(
            "insert into erasures (workspace, customer, asked_at, snapshot) \
             select id, $2, $3, last_snapshot from workspaces where id = $1 \
             on conflict (workspace, customer) do update set asked_at = $3, done_at = null, snapshot = excluded.snapshot",
        )
        .bind(&self.id)
        .bind(signed(customer))
        .bind(now)
        .execute(&mut *transaction)
        .await
        .map_err(&erasing)?;
        let mut events = 0;
        for (number, sql) in [
            "delete from tail where workspace = $1 and customer = $2",
            "delete from event_ids where workspace = $1 and customer = $2",
            "delete from customers where workspace = $1 and customer = $2",
            "delete from responses where workspace = $1 and customer = $2",
            "delete from complaints where workspace = $1 and customer = $2",
        ]
        .into_iter()
        .enumerate()
        {
            let done = query(sql).bind(&self.id).bind(signed(customer)).execute(&mut *transaction);
            let gone = done.await.map_err(&erasing)?.rows_affected();
            events += if number == 0 { gone } else { 0 };
        }
        query("delete from quarantine where workspace = $1 and row_text like $2 escape '!'")
            .bind(&self.id)
            .bind(format!("%{}%", id.replace('!', "!!").replace('%', "!%").replace('_', "!_")))
            .execute(&mut *transaction)
            .await
            .map_err(&erasing)?;
        self.told_numbers(1, &mut transaction).await?;
        transaction.commit().await.map_err(&erasing)?;
        Ok(events)
    }

    /// Whether a wish of this moment or a later one is known.
    pub async fn was_erased(&self, customer: u64, asked_at: i64) -> Result<bool, Error> {
        let known: Option<i64> = sqlx::query_scalar(
            "select asked_at from erasures where workspace = $1 and customer = $2 and asked_at >= $3",
        )
        .bind(&self.id)
        .bind(signed(customer))
        .bind(asked_at)
        .fetch_optional(&self.store.readers)
        .await
        .map_err(Error::database("reading erasures"))?;
        Ok(known.is_some())
    }

    /// The id behind a key, if it is known.
    pub async fn identity(&self, customer: u64) -> Result<Option<String>, Error> {
        sqlx::query_scalar("select id from customers where workspace = $1 and customer = $2")
            .bind(&self.id)
            .bind(signed(customer))
            .fetch_optional(&self.store.readers)
            .await
            .map_err(Error::database("looking up a customer"))
    }

    /// Overwrites what deleted rows left behind in the database's own files, where it has files of its own.
    pub async fn shred(&self) -> Result<(), Error> {
        if !self.store.is_sqlite {
            return Ok(());
        }
        let shredding = Error::database("clearing the journal");
        query("pragma wal_checkpoint(truncate)")
            .fetch_all(&self.store.writer)
            .await
            .map(|_| ())
            .map_err(&shredding)
    }

    /// Wishes that files still have to follow.
    pub async fn erasures(&self) -> Result<Vec<Erasure>, Error> {
        let reading = Error::database("reading erasures");
        let rows = query(
            "select customer, snapshot from erasures where workspace = $1 and done_at is null order by customer",
        )
        .bind(&self.id)
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        let erasures = rows.iter().map(|row| {
            Ok(Erasure {
                customer: row.try_get::<i64, _>(0)?.cast_unsigned(),
                snapshot: row.try_get(1)?,
            })
        });
        erasures.collect::<Result<_, _>>().map_err(&reading)
    }
}
