//! Rows that could not become events, kept with the reason until somebody mends and sends them again.

use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use crate::error::Error;
use crate::values::ROWS;
use crate::workspace::Workspace;

/// A row that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Sorts by the time when it was given; a row refused twice is there once.
    pub id: String,
    /// The file or the request that it came with.
    pub source: String,
    /// Line or position, from 1.
    pub line: u64,
    pub reason: String,
    /// As it came.
    pub row: String,
}

pub(crate) async fn add(
    workspace: &Workspace,
    refused: &[Refused],
    now: i64,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    for refused in refused.chunks(ROWS) {
        let sql = format!(
            "insert into quarantine (workspace, id, source, line, reason, row_text, at) values {} on conflict do nothing",
            workspace.store.places(refused.len(), 7)
        );
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for row in refused {
            insert = insert
                .bind(&workspace.id)
                .bind(&row.id)
                .bind(&row.source)
                .bind(row.line as i64)
                .bind(&row.reason)
                .bind(&row.row)
                .bind(now);
        }
        insert
            .execute(&mut **transaction)
            .await
            .map_err(Error::database("keeping refused rows"))?;
    }
    Ok(())
}

impl Workspace {
    /// Refused rows by id, at most `limit` of them after the one named.
    pub async fn refused(&self, after: &str, limit: u32) -> Result<Vec<Refused>, Error> {
        let reading = Error::database("reading refused rows");
        let rows = sqlx::query(
            "select id, source, line, reason, row_text from quarantine where workspace = $1 and id > $2 order by id limit $3",
        )
        .bind(&self.id)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        let refused = rows.iter().map(|row| {
            Ok(Refused {
                id: row.try_get(0)?,
                source: row.try_get(1)?,
                line: row.try_get::<i64, _>(2)?.cast_unsigned(),
                reason: row.try_get(3)?,
                row: row.try_get(4)?,
            })
        });
        refused.collect::<Result<_, _>>().map_err(&reading)
    }
}
