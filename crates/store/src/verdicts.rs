//! How standards were judged when a period was over.

use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::error::Error;
use crate::workspace::Workspace;

/// A standard in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptVerdict {
    pub journey: String,
    pub version: i64,
    pub standard: String,
    /// µs, half-open.
    pub period: (i64, i64),
    /// `meets`, `defective` or `not_proven`.
    pub verdict: String,
    pub kept: i64,
    /// Settled checks.
    pub n: i64,
    /// Of the kept share.
    pub interval: Option<(f64, f64)>,
    pub decided_at: i64,
}

impl Workspace {
    /// Keeps verdicts, all or none; of one that is kept already the first stays. Gives back how many are new.
    pub async fn keep_verdicts(&self, verdicts: &[KeptVerdict]) -> Result<u64, Error> {
        let keeping = Error::database("keeping verdicts");
        let mut transaction = self.store.writer.begin().await.map_err(&keeping)?;
        let mut new = 0;
        for it in verdicts {
            let done = query(
                "insert into verdicts (workspace, journey, version, standard, from_at, to_at, verdict, kept, n, low, high, \
                 decided_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing",
            )
            .bind(&self.id)
            .bind(&it.journey)
            .bind(it.version)
            .bind(&it.standard)
            .bind(it.period.0)
            .bind(it.period.1)
            .bind(&it.verdict)
            .bind(it.kept)
            .bind(it.n)
            .bind(it.interval.map(|interval| interval.0))
            .bind(it.interval.map(|interval| interval.1))
            .bind(it.decided_at)
            .execute(&mut *transaction)
            .await
            .map_err(&keeping)?;
            new += done.rows_affected();
        }
        transaction.commit().await.map_err(&keeping)?;
        Ok(new)
    }

    /// Whether a version of a journey was judged for a period.
    pub async fn is_judged(
        &self,
        (journey, version): (&str, i64),
        (from, to): (i64, i64),
    ) -> Result<bool, Error> {
        let known: i64 = sqlx::query_scalar(
            "select case when exists (select 1 from verdicts where workspace = $1 and journey = $2 and version = $3 \
             and from_at = $4 and to_at = $5) then 1 else 0 end",
        )
        .bind(&self.id)
        .bind(journey)
        .bind(version)
        .bind(from)
        .bind(to)
        .fetch_one(&self.store.readers)
        .await
        .map_err(Error::database("reading verdicts"))?;
        Ok(known == 1)
    }

    /// Verdicts on a journey's standards, by standard and then in time.
    pub async fn verdicts(&self, journey: &str) -> Result<Vec<KeptVerdict>, Error> {
        let reading = Error::database("reading verdicts");
        let rows = query(
            "select journey, version, standard, from_at, to_at, verdict, kept, n, low, high, decided_at from verdicts \
             where workspace = $1 and journey = $2 order by standard, to_at, from_at, version",
        )
        .bind(&self.id)
        .bind(journey)
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(verdict).collect::<Result<_, _>>().map_err(&reading)
    }
}

fn verdict(row: &AnyRow) -> Result<KeptVerdict, sqlx::Error> {
    let (low, high): (Option<f64>, Option<f64>) = (row.try_get(8)?, row.try_get(9)?);
    Ok(KeptVerdict {
        journey: row.try_get(0)?,
        version: row.try_get(1)?,
        standard: row.try_get(2)?,
        period: (row.try_get(3)?, row.try_get(4)?),
        verdict: row.try_get(5)?,
        kept: row.try_get(6)?,
        n: row.try_get(7)?,
        interval: low.zip(high),
        decided_at: row.try_get(10)?,
    })
}
