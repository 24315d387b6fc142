//! Events that are durable and not yet in a file.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::Error;
use crate::workspace::Workspace;

#[derive(Debug, Clone, PartialEq)]
pub struct TailEvent {
    /// Rises with the order in which events were accepted.
    pub seq: i64,
    pub customer: u64,
    /// µs, UTC.
    pub at: i64,
    pub activity: String,
    pub channel: Option<String>,
    pub event_id: Option<u64>,
    /// A JSON object of texts.
    pub attributes: Option<String>,
}

impl Workspace {
    /// The oldest events of the tail after `seq`, at most `limit`.
    ///
    /// Read it before the snapshot: what is flushed in between is told by the snapshot's `tail_seq`, so that nothing is
    /// missed and nothing is counted twice.
    pub async fn tail(&self, after: i64, limit: i64) -> Result<Vec<TailEvent>, Error> {
        let reading = Error::database("reading the tail");
        let rows = sqlx::query(
            "select seq, customer, at, activity, channel, event_id, attributes from tail \
             where workspace = $1 and seq > $2 order by seq limit $3",
        )
        .bind(&self.id)
        .bind(after)
        .bind(limit)
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(event).collect::<Result<_, _>>().map_err(&reading)
    }

    /// How many events wait in the tail.
    pub async fn tail_len(&self) -> Result<u64, Error> {
        let counted: i64 = sqlx::query_scalar("select count(*) from tail where workspace = $1")
            .bind(&self.id)
            .fetch_one(&self.store.readers)
            .await
            .map_err(Error::database("counting the tail"))?;
        Ok(counted.cast_unsigned())
    }
}

fn event(row: &AnyRow) -> Result<TailEvent, sqlx::Error> {
    Ok(TailEvent {
        seq: row.try_get(0)?,
        customer: row.try_get::<i64, _>(1)?.cast_unsigned(),
        at: row.try_get(2)?,
        activity: row.try_get(3)?,
        channel: row.try_get(4)?,
        event_id: row.try_get::<Option<i64>, _>(5)?.map(i64::cast_unsigned),
        attributes: row.try_get(6)?,
    })
}
