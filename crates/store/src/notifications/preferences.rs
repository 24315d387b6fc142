//! How each user wants to be told.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::letters_job;
use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::ids::new_id;
use crate::jobs::enqueue_in;
use crate::pool::Store;
use crate::workspace::Workspace;

/// How a user wants to be told, as the server writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreferencesRow {
    /// JSON.
    pub kinds: String,
    /// `immediately`, `daily` or `weekly`.
    pub digest: String,
    /// Minutes of the day.
    pub quiet_from: Option<i64>,
    pub quiet_to: Option<i64>,
    /// Of IANA's list.
    pub zone: String,
}

impl Store {
    /// The workspace and the user of a link at the foot of a letter.
    pub async fn find_unsubscribe(&self, hash: &str) -> Result<Option<(String, String)>, Error> {
        let finding = Error::database("finding a link");
        let row = sqlx::query("select workspace, user_id from unsubscribes where token_hash = $1")
            .bind(hash)
            .fetch_optional(&self.readers)
            .await
            .map_err(&finding)?;
        let Some(row) = row else { return Ok(None) };
        let read = || Ok((row.try_get(0)?, row.try_get(1)?));
        read().map(Some).map_err(&finding)
    }
}

impl Workspace {
    /// What a user said; `None`: nothing yet.
    pub async fn preferences(&self, user: &str) -> Result<Option<PreferencesRow>, Error> {
        let reading = Error::database("reading preferences");
        let found = sqlx::query(
            "select kinds, digest, quiet_from, quiet_to, zone from preferences where workspace = $1 and user_id = $2",
        )
        .bind(&self.id)
        .bind(user)
        .fetch_optional(&self.store.readers)
        .await
        .map_err(&reading)?;
        found.as_ref().map(row).transpose().map_err(&reading)
    }

    /// What each user said who said anything.
    pub async fn every_preferences(&self) -> Result<Vec<(String, PreferencesRow)>, Error> {
        let reading = Error::database("reading preferences");
        let rows = sqlx::query(
            "select kinds, digest, quiet_from, quiet_to, zone, user_id from preferences where workspace = $1 order by user_id",
        )
        .bind(&self.id)
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        let pair = |it: &AnyRow| Ok((it.try_get(5)?, row(it)?));
        rows.iter().map(pair).collect::<Result<_, _>>().map_err(&reading)
    }

    /// Keeps what a user said; what waits is looked at anew.
    pub async fn set_preferences(
        &self,
        user: &str,
        said: &PreferencesRow,
        deed: &Deed,
    ) -> Result<(), Error> {
        let setting = Error::database("keeping preferences");
        let mut transaction = self.store.writer.begin().await.map_err(&setting)?;
        sqlx::query(
            "insert into preferences (workspace, user_id, kinds, digest, quiet_from, quiet_to, zone, changed_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (workspace, user_id) do update set \
             kinds = excluded.kinds, digest = excluded.digest, quiet_from = excluded.quiet_from, \
             quiet_to = excluded.quiet_to, zone = excluded.zone, changed_at = excluded.changed_at",
        )
        .bind(&self.id)
        .bind(user)
        .bind(&said.kinds)
        .bind(&said.digest)
        .bind(said.quiet_from)
        .bind(said.quiet_to)
        .bind(&said.zone)
        .bind(deed.at)
        .execute(&mut *transaction)
        .await
        .map_err(&setting)?;
        let object = format!("user:{user}");
        let done = Done {
            action: "preferences.set",
            object: &object,
            after: Some(&said.kinds),
            ..Done::default()
        };
        self.record(deed, done, &mut transaction).await?;
        enqueue_in(self, &letters_job(new_id(deed.at), user), deed.at, &mut transaction).await?;
        transaction.commit().await.map_err(&setting)
    }
}

fn row(row: &AnyRow) -> Result<PreferencesRow, sqlx::Error> {
    Ok(PreferencesRow {
        kinds: row.try_get(0)?,
        digest: row.try_get(1)?,
        quiet_from: row.try_get(2)?,
        quiet_to: row.try_get(3)?,
        zone: row.try_get(4)?,
    })
}
