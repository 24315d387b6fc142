//! How long a workspace keeps what, and what is too old goes.

use std::fmt::Write as _;

use sqlx::{Any, AssertSqlSafe, Row, Transaction, query, query_scalar};

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::workspace::Workspace;

/// Whole months that each kind of data is kept; `None`: for ever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retention {
    pub events: Option<u32>,
    /// Answers and complaints.
    pub answers: Option<u32>,
    /// Refused rows.
    pub refused: Option<u32>,
}

/// What is from before a moment (µs); of each kind `None` where nothing is too old.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Before {
    pub events: Option<i64>,
    pub answers: Option<i64>,
    pub refused: Option<i64>,
}

/// How much is too old.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TooOld {
    pub events: u64,
    /// Answers and complaints.
    pub answers: u64,
    pub refused: u64,
}

const SETTING: &str = "setting how long things are kept";
const READING: &str = "reading how long things are kept";
const DROPPING: &str = "dropping what is too old";

/// Tables, which rows of them are older than `$2`, and of which kind they are.
const OLD: [(&str, &str); 4] = [
    ("tail", "at < $2"),
    // What has no time of its own is as old as its invitation; without that it has no age.
    ("responses", "coalesce(at, invited_at) < $2"),
    ("complaints", "at < $2"),
    ("quarantine", "at < $2"),
];

impl Retention {
    fn kinds(self) -> [(&'static str, Option<u32>); 3] {
        [("events", self.events), ("answers", self.answers), ("refused", self.refused)]
    }

    /// As the audit log has it.
    fn to_json(self) -> String {
        let mut text = String::new();
        for (kind, months) in self.kinds() {
            let comma = if text.is_empty() { "{" } else { "," };
            let months = months.map_or_else(|| "null".to_owned(), |it| it.to_string());
            // Writing into a text cannot fail.
            let _ = write!(text, "{comma}\"{kind}\":{months}");
        }
        text + "}"
    }
}

impl Before {
    fn of(self, table: &str) -> Option<i64> {
        match table {
            "tail" => self.events,
            "quarantine" => self.refused,
            _ => self.answers,
        }
    }
}

impl TooOld {
    fn add(&mut self, table: &str, rows: u64) {
        match table {
            "tail" => self.events += rows,
            "quarantine" => self.refused += rows,
            _ => self.answers += rows,
        }
    }
}

impl Workspace {
    /// How long things are kept.
    pub async fn retention(&self) -> Result<Retention, Error> {
        let reading = Error::database(READING);
        let rows = query("select kind, months from retention where workspace = $1")
            .bind(&self.id)
            .fetch_all(&self.store.readers)
            .await
            .map_err(&reading)?;
        let mut retention = Retention::default();
        for row in rows {
            let months = u32::try_from(row.try_get::<i64, _>(1).map_err(&reading)?).ok();
            match row.try_get::<String, _>(0).map_err(&reading)?.as_str() {
                "events" => retention.events = months,
                "answers" => retention.answers = months,
                "refused" => retention.refused = months,
                _ => {}
            }
        }
        Ok(retention)
    }

    /// Says how long things are kept from now on.
    pub async fn set_retention(&self, retention: Retention, deed: &Deed) -> Result<(), Error> {
        let setting = Error::database(SETTING);
        let before = self.retention().await?.to_json();
        let mut transaction = self.store.writer.begin().await.map_err(&setting)?;
        query("delete from retention where workspace = $1")
            .bind(&self.id)
            .execute(&mut *transaction)
            .await
            .map_err(&setting)?;
        for (kind, months) in retention.kinds() {
            let Some(months) = months else { continue };
            query("insert into retention (workspace, kind, months) values ($1, $2, $3)")
                .bind(&self.id)
                .bind(kind)
                .bind(i64::from(months))
                .execute(&mut *transaction)
                .await
                .map_err(&setting)?;
        }
        let done = Done {
            action: "retention.set",
            object: "retention",
            before: Some(&before),
            after: Some(&retention.to_json()),
            refused: None,
        };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&setting)
    }

    /// How many rows of the database are too old.
    pub async fn too_old(&self, before: Before) -> Result<TooOld, Error> {
        let mut too_old = TooOld::default();
        for (table, is_old) in OLD {
            let Some(moment) = before.of(table) else { continue };
            // The names are ours.
            let sql = format!("select count(*) from {table} where workspace = $1 and {is_old}");
            let rows: i64 = query_scalar(AssertSqlSafe(sql))
                .bind(&self.id)
                .bind(moment)
                .fetch_one(&self.store.readers)
                .await
                .map_err(Error::database(READING))?;
            too_old.add(table, rows.cast_unsigned());
        }
        Ok(too_old)
    }

    /// Drops rows of the database that are too old; `in_files` events went from files before. If anything went, the audit
    /// log has it.
    pub async fn drop_old(
        &self,
        before: Before,
        in_files: u64,
        deed: &Deed,
    ) -> Result<TooOld, Error> {
        let dropping = Error::database(DROPPING);
        let mut transaction = self.store.writer.begin().await.map_err(&dropping)?;
        let mut gone = TooOld { events: in_files, ..TooOld::default() };
        for (table, is_old) in OLD {
            let Some(moment) = before.of(table) else { continue };
            gone.add(table, self.drop_from(table, (is_old, moment), &mut transaction).await?);
        }
        if gone == TooOld::default() {
            return Ok(gone);
        }
        // Answers to questions change with it.
        self.told_numbers(1, &mut transaction).await?;
        let after = format!(
            r#"{{"events":{},"answers":{},"refused":{}}}"#,
            gone.events, gone.answers, gone.refused
        );
        let (action, object) = ("retention.applied", "retention");
        let done = Done { action, object, after: Some(&after), ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&dropping)?;
        Ok(gone)
    }

    async fn drop_from(
        &self,
        table: &str,
        (is_old, moment): (&str, i64),
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<u64, Error> {
        let sql = format!("delete from {table} where workspace = $1 and {is_old}");
        let done = query(AssertSqlSafe(sql)).bind(&self.id).bind(moment);
        let done = done.execute(&mut **transaction).await.map_err(Error::database(DROPPING))?;
        Ok(done.rows_affected())
    }
}
