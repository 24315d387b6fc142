//! Rows that could not become events, kept with the reason until somebody mends and sends them again.

use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use crate::append::{Receipt, Request};
use crate::audit::{Deed, Done};
use crate::erase::Leaver;
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
    /// By which door it may come again; empty: by none.
    pub form: String,
}

/// A refused row as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRow {
    pub refused: Refused,
    /// µs.
    pub at: i64,
}

const COLUMNS: &str = "id, source, line, reason, row_text, form, at";

pub(crate) async fn add(
    workspace: &Workspace,
    refused: &[Refused],
    now: i64,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    for refused in refused.chunks(ROWS) {
        let sql = format!(
            "insert into quarantine (workspace, id, source, line, reason, row_text, form, at) values {} on conflict do nothing",
            workspace.store.places(refused.len(), 8)
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
                .bind(&row.form)
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
    /// Refused rows by id, at most `limit` of them after the one named; of one source, or of all.
    pub async fn refused(
        &self,
        source: Option<&str>,
        after: &str,
        limit: u32,
    ) -> Result<Vec<KeptRow>, Error> {
        let reading = Error::database(READING);
        let sql = format!(
            "select {COLUMNS} from quarantine where workspace = $1 and id > $2 and (source = $3 or $3 = '') \
             order by id limit $4"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(after)
            .bind(source.unwrap_or_default())
            .bind(i64::from(limit))
            .fetch_all(&self.store.readers)
            .await
            .map_err(&reading)?;
        rows.iter().map(kept).collect::<Result<_, _>>().map_err(&reading)
    }

    /// One refused row.
    pub async fn find_refused(&self, id: &str) -> Result<Option<KeptRow>, Error> {
        let reading = Error::database(READING);
        let sql = format!("select {COLUMNS} from quarantine where workspace = $1 and id = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(id)
            .fetch_optional(&self.store.readers)
            .await
            .map_err(&reading)?;
        row.as_ref().map(kept).transpose().map_err(&reading)
    }

    /// Refused rows that hold a customer.
    pub async fn refused_that_hold(&self, whom: &Leaver<'_>) -> Result<Vec<KeptRow>, Error> {
        let (mut after, mut held) = (String::new(), Vec::new());
        loop {
            let rows = self.refused(None, &after, ROWS as u32).await?;
            let is_last = rows.len() < ROWS;
            if let Some(last) = rows.last() {
                after.clone_from(&last.refused.id);
            }
            held.extend(rows.into_iter().filter(|it| (whom.is_in)(&it.refused.row)));
            if is_last {
                return Ok(held);
            }
        }
    }

    /// Keeps rows that a file brought; each is there once, however often it is told.
    pub async fn refuse(&self, refused: &[Refused], now: i64) -> Result<(), Error> {
        let keeping = Error::database("keeping refused rows");
        let mut transaction = self.store.writer.begin().await.map_err(&keeping)?;
        add(self, refused, now, &mut transaction).await?;
        transaction.commit().await.map_err(&keeping)
    }

    /// A mended row becomes an event and leaves the quarantine, both or neither; `None`: it has left before, and nothing is
    /// done.
    pub async fn mend(
        &self,
        id: &str,
        request: &Request,
        deed: &Deed,
    ) -> Result<Option<Receipt>, Error> {
        let mending = Error::database("mending a refused row");
        let mut transaction = self.store.writer.begin().await.map_err(&mending)?;
        if !self.leave(id, &mut transaction).await? {
            return Ok(None);
        }
        let receipt = self.take(request, deed.at, &mut transaction).await?;
        let object = format!("refused:{id}");
        let done = Done { action: "refused.mended", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&mending)?;
        Ok(Some(receipt))
    }

    /// Gives a refused row up; `false`: it is not there.
    pub async fn discard(&self, id: &str, deed: &Deed) -> Result<bool, Error> {
        let discarding = Error::database("giving up a refused row");
        let mut transaction = self.store.writer.begin().await.map_err(&discarding)?;
        if !self.leave(id, &mut transaction).await? {
            return Ok(false);
        }
        let object = format!("refused:{id}");
        let done = Done { action: "refused.discarded", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&discarding)?;
        Ok(true)
    }

    async fn leave(&self, id: &str, transaction: &mut Transaction<'_, Any>) -> Result<bool, Error> {
        let gone = sqlx::query("delete from quarantine where workspace = $1 and id = $2")
            .bind(&self.id)
            .bind(id)
            .execute(&mut **transaction)
            .await
            .map_err(Error::database("taking a row out of the quarantine"))?;
        Ok(gone.rows_affected() == 1)
    }
}

const READING: &str = "reading refused rows";

fn kept(row: &AnyRow) -> Result<KeptRow, sqlx::Error> {
    let refused = Refused {
        id: row.try_get(0)?,
        source: row.try_get(1)?,
        line: row.try_get::<i64, _>(2)?.cast_unsigned(),
        reason: row.try_get(3)?,
        row: row.try_get(4)?,
        form: row.try_get(5)?,
    };
    Ok(KeptRow { refused, at: row.try_get(6)? })
}
