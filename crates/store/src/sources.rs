//! Where events come from: what each source has sent, and what it may send.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::append::{Receipt, Request};
use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::workspace::Workspace;

/// What a source has sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceCount {
    /// `key:ID`, `hook:ID`, `upload:ID`.
    pub source: String,
    /// µs.
    pub first_at: i64,
    /// µs: the last time when something came.
    pub received_at: i64,
    /// µs: the time of the latest event.
    pub event_at: Option<i64>,
    pub accepted: u64,
    pub duplicate: u64,
    pub refused: u64,
}

/// What a group of requests adds to the counts of its sources.
#[derive(Debug, Default)]
pub(crate) struct Tallies<'a> {
    by_source: BTreeMap<&'a str, (Receipt, Option<i64>)>,
}

impl<'a> Tallies<'a> {
    pub(crate) fn count(&mut self, request: &'a Request, receipt: Receipt) {
        if request.source.is_empty() {
            return;
        }
        let (sum, latest) = self.by_source.entry(&request.source).or_default();
        sum.accepted += receipt.accepted;
        sum.duplicate += receipt.duplicate;
        sum.quarantined += receipt.quarantined;
        *latest = request.events.iter().map(|event| event.at).max().max(*latest);
    }
}

impl Workspace {
    /// Adds what came to the counts, in the transaction that stores it.
    pub(crate) async fn tally(
        &self,
        tallies: &Tallies<'_>,
        now: i64,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        for (source, (sum, latest)) in &tallies.by_source {
            sqlx::query(
                "insert into source_counts (workspace, source, first_at, received_at, event_at, accepted, duplicate, refused) \
                 values ($1, $2, $3, $3, $4, $5, $6, $7) on conflict (workspace, source) do update set \
                 received_at = excluded.received_at, \
                 event_at = case when source_counts.event_at is null or source_counts.event_at < excluded.event_at \
                 then excluded.event_at else source_counts.event_at end, \
                 accepted = source_counts.accepted + excluded.accepted, \
                 duplicate = source_counts.duplicate + excluded.duplicate, \
                 refused = source_counts.refused + excluded.refused",
            )
            .bind(&self.id)
            .bind(*source)
            .bind(now)
            .bind(*latest)
            .bind(sum.accepted.cast_signed())
            .bind(sum.duplicate.cast_signed())
            .bind(sum.quarantined.cast_signed())
            .execute(&mut **transaction)
            .await
            .map_err(Error::database("counting what came"))?;
        }
        Ok(())
    }

    /// Counts a file that became events past the tail.
    pub async fn count_file(
        &self,
        source: &str,
        receipt: Receipt,
        latest: Option<i64>,
        now: i64,
    ) -> Result<(), Error> {
        let counting = Error::database("counting what came");
        let mut tallies = Tallies::default();
        tallies.by_source.insert(source, (receipt, latest));
        let mut transaction = self.store.writer.begin().await.map_err(&counting)?;
        self.tally(&tallies, now, &mut transaction).await?;
        transaction.commit().await.map_err(&counting)
    }

    /// What each source has sent, by its name; at most `limit` after the one named.
    pub async fn source_counts(&self, after: &str, limit: u32) -> Result<Vec<SourceCount>, Error> {
        let reading = Error::database("reading sources");
        let rows = sqlx::query(
            "select source, first_at, received_at, event_at, accepted, duplicate, refused from source_counts \
             where workspace = $1 and source > $2 order by source limit $3",
        )
        .bind(&self.id)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(count).collect::<Result<_, _>>().map_err(&reading)
    }

    /// The first row of a source that waits in the quarantine: its reason; and how many wait.
    pub async fn waiting_rows(&self, source: &str) -> Result<(u64, Option<String>), Error> {
        let reading = Error::database("counting refused rows");
        let waiting: i64 = sqlx::query_scalar(
            "select count(*) from quarantine where workspace = $1 and source = $2",
        )
        .bind(&self.id)
        .bind(source)
        .fetch_one(&self.store.readers)
        .await
        .map_err(&reading)?;
        let reason = sqlx::query_scalar(
            "select reason from quarantine where workspace = $1 and source = $2 order by id limit 1",
        )
        .bind(&self.id)
        .bind(source)
        .fetch_optional(&self.store.readers)
        .await
        .map_err(&reading)?;
        Ok((waiting.cast_unsigned(), reason))
    }

    /// What people call a source, and whether it can send no more; `None` if it was never theirs to name.
    pub async fn source_name(&self, source: &str) -> Result<Option<(String, bool)>, Error> {
        let reading = Error::database("naming a source");
        let (sql, id) = match source.split_once(':') {
            Some(("key", id)) => (
                "select name, cast(case when ended_at is null then 0 else 1 end as bigint) from api_keys where workspace = $1 and id = $2",
                id,
            ),
            Some(("hook", id)) => (
                "select name, cast(case when ended_at is null then 0 else 1 end as bigint) from hooks where workspace = $1 and id = $2",
                id,
            ),
            Some(("upload", id)) => {
                ("select name, cast(1 as bigint) from uploads where workspace = $1 and id = $2", id)
            }
            _ => return Ok(None),
        };
        let row = sqlx::query(sql)
            .bind(&self.id)
            .bind(id)
            .fetch_optional(&self.store.readers)
            .await
            .map_err(&reading)?;
        let Some(row) = row else { return Ok(None) };
        let is_ended: i64 = row.try_get(1).map_err(&reading)?;
        Ok(Some((row.try_get(0).map_err(&reading)?, is_ended == 1)))
    }

    /// Events a minute that a key may send, if that was said of this key.
    pub async fn quota(&self, key: &str) -> Result<Option<u64>, Error> {
        let said: Option<i64> = sqlx::query_scalar(
            "select events_a_minute from key_quotas where workspace = $1 and key_id = $2",
        )
        .bind(&self.id)
        .bind(key)
        .fetch_optional(&self.store.readers)
        .await
        .map_err(Error::database("reading a quota"))?;
        Ok(said.map(i64::cast_unsigned))
    }

    /// Says how many events a minute a key may send; `false`: there is no such key.
    pub async fn set_quota(&self, key: &str, quota: u64, deed: &Deed) -> Result<bool, Error> {
        let setting = Error::database("setting a quota");
        let mut transaction = self.store.writer.begin().await.map_err(&setting)?;
        let set = sqlx::query(
            "insert into key_quotas (workspace, key_id, events_a_minute) \
             select workspace, id, $3 from api_keys where workspace = $1 and id = $2 \
             on conflict (workspace, key_id) do update set events_a_minute = excluded.events_a_minute",
        )
        .bind(&self.id)
        .bind(key)
        .bind(quota.cast_signed())
        .execute(&mut *transaction)
        .await
        .map_err(&setting)?;
        if set.rows_affected() == 0 {
            return Ok(false);
        }
        let (object, after) = (format!("key:{key}"), format!("{{\"events_a_minute\":{quota}}}"));
        let done =
            Done { action: "quota.set", object: &object, after: Some(&after), ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&setting)?;
        Ok(true)
    }
}

fn count(row: &AnyRow) -> Result<SourceCount, sqlx::Error> {
    let number = |at| row.try_get::<i64, _>(at).map(i64::cast_unsigned);
    Ok(SourceCount {
        source: row.try_get(0)?,
        first_at: row.try_get(1)?,
        received_at: row.try_get(2)?,
        event_at: row.try_get(3)?,
        accepted: number(4)?,
        duplicate: number(5)?,
        refused: number(6)?,
    })
}
