//! Customers who asked to be forgotten: their wishes, until nothing is left to be done.

use sqlx::any::AnyRow;
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

/// A wish as it is told: of whom it is nobody can say any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    pub customer: u64,
    /// µs.
    pub asked_at: i64,
    /// When the last file was rewritten.
    pub done_at: Option<i64>,
}

const READING: &str = "reading erasures";

impl Workspace {
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
        .map_err(Error::database(READING))?;
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

    /// Overwrites what deleted rows left behind in the database's own files, where it has files of its own. `false`: somebody
    /// was reading them; it has to be done again.
    pub async fn shred(&self) -> Result<bool, Error> {
        if !self.store.is_sqlite {
            return Ok(true);
        }
        let shredding = Error::database("clearing the journal");
        let row = query("pragma wal_checkpoint(truncate)").fetch_one(&self.store.writer).await;
        let is_busy: i64 = row.and_then(|row| row.try_get(0)).map_err(&shredding)?;
        Ok(is_busy == 0)
    }

    /// Wishes that files still have to follow.
    pub async fn erasures(&self) -> Result<Vec<Erasure>, Error> {
        let reading = Error::database(READING);
        let rows = query(
            "select customer, snapshot from erasures where workspace = $1 and done_at is null order by customer",
        )
        .bind(&self.id)
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(erasure).collect::<Result<_, _>>().map_err(&reading)
    }

    /// All wishes, the latest first, at most `limit` of those behind the one of this moment and customer.
    pub async fn wishes(&self, behind: (i64, u64), limit: u32) -> Result<Vec<Wish>, Error> {
        let reading = Error::database(READING);
        let rows = query(
            "select customer, asked_at, done_at from erasures where workspace = $1 \
             and (asked_at < $2 or (asked_at = $2 and customer > $3)) order by asked_at desc, customer limit $4",
        )
        .bind(&self.id)
        .bind(behind.0)
        .bind(signed(behind.1))
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        let wish = |row: &AnyRow| {
            Ok(Wish {
                customer: row.try_get::<i64, _>(0)?.cast_unsigned(),
                asked_at: row.try_get(1)?,
                done_at: row.try_get(2)?,
            })
        };
        rows.iter().map(wish).collect::<Result<_, _>>().map_err(&reading)
    }

    /// The wish of one customer.
    pub async fn wish_of(&self, customer: u64) -> Result<Option<Wish>, Error> {
        let reading = Error::database(READING);
        let row =
            query("select asked_at, done_at from erasures where workspace = $1 and customer = $2")
                .bind(&self.id)
                .bind(signed(customer))
                .fetch_optional(&self.store.readers)
                .await
                .map_err(&reading)?;
        let wish = |row: &AnyRow| {
            Ok(Wish { customer, asked_at: row.try_get(0)?, done_at: row.try_get(1)? })
        };
        row.as_ref().map(wish).transpose().map_err(&reading)
    }
}

pub(crate) fn erasure(row: &AnyRow) -> Result<Erasure, sqlx::Error> {
    Ok(Erasure { customer: row.try_get::<i64, _>(0)?.cast_unsigned(), snapshot: row.try_get(1)? })
}
