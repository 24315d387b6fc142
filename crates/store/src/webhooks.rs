//! Endpoints of others that are told what happens here, and what each of them is to be told, in order.

mod deliveries;

use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::workspace::Workspace;

pub(crate) use deliveries::announce_in;
pub use deliveries::{Delivery, News};

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: String,
    pub url: String,
    /// What it is told of.
    pub events: Vec<String>,
    pub created_by: String,
    pub created_at: i64,
    /// Since when nothing came through; `None`: it works.
    pub failing_since: Option<i64>,
    /// Failures in a row.
    pub failures: u64,
    pub disabled_at: Option<i64>,
    pub disabled_why: Option<String>,
}

impl Webhook {
    /// The kind of the job that delivers.
    pub const JOB: &str = "webhook";
}

/// What changes of an endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookChange {
    pub url: Option<String>,
    pub events: Option<Vec<String>>,
    pub is_enabled: Option<bool>,
}

const COLUMNS: &str =
    "id, url, events, created_by, created_at, failing_since, failures, disabled_at, disabled_why";

impl Workspace {
    /// Takes up an endpoint with the secret that signs what it is told.
    pub async fn create_webhook(
        &self,
        webhook: &Webhook,
        secret: &str,
        deed: &Deed,
    ) -> Result<(), Error> {
        let creating = Error::database("taking up a webhook");
        let mut transaction = self.store.writer.begin().await.map_err(&creating)?;
        sqlx::query(
            "insert into webhooks (workspace, id, url, events, secret, created_by, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&self.id)
        .bind(&webhook.id)
        .bind(&webhook.url)
        .bind(webhook.events.join(" "))
        .bind(secret)
        .bind(&webhook.created_by)
        .bind(webhook.created_at)
        .execute(&mut *transaction)
        .await
        .map_err(&creating)?;
        self.record_webhook("webhook.created", &webhook.id, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&creating)
    }

    /// Endpoints by id, at most `limit` after the one named.
    pub async fn webhooks(&self, after: &str, limit: u32) -> Result<Vec<Webhook>, Error> {
        let reading = Error::database("reading webhooks");
        let sql = format!(
            "select {COLUMNS} from webhooks where workspace = $1 and id > $2 order by id limit $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&self.store.readers)
            .await
            .map_err(&reading)?;
        rows.iter().map(webhook).collect::<Result<_, _>>().map_err(&reading)
    }

    pub async fn find_webhook(&self, id: &str) -> Result<Option<Webhook>, Error> {
        let finding = Error::database("finding a webhook");
        let sql = format!("select {COLUMNS} from webhooks where workspace = $1 and id = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(id)
            .fetch_optional(&self.store.readers)
            .await
            .map_err(&finding)?;
        row.as_ref().map(webhook).transpose().map_err(&finding)
    }

    /// What signs what an endpoint is told.
    pub async fn webhook_secret(&self, id: &str) -> Result<Option<String>, Error> {
        sqlx::query_scalar("select secret from webhooks where workspace = $1 and id = $2")
            .bind(&self.id)
            .bind(id)
            .fetch_optional(&self.store.readers)
            .await
            .map_err(Error::database("finding a webhook"))
    }

    /// Changes an endpoint; one that is enabled goes on with what it was not told yet. `false` if there is none.
    pub async fn change_webhook(
        &self,
        id: &str,
        change: &WebhookChange,
        deed: &Deed,
    ) -> Result<bool, Error> {
        let changing = Error::database("changing a webhook");
        let mut transaction = self.store.writer.begin().await.map_err(&changing)?;
        let disabled = match change.is_enabled {
            None => "",
            Some(true) => {
                ", disabled_at = null, disabled_why = null, failing_since = null, failures = 0"
            }
            Some(false) => ", disabled_at = $5, disabled_why = 'by hand'",
        };
        let sql = format!(
            "update webhooks set url = coalesce($3, url), events = coalesce($4, events){disabled} \
             where workspace = $1 and id = $2"
        );
        let mut update = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(id)
            .bind(&change.url)
            .bind(change.events.as_ref().map(|events| events.join(" ")));
        if change.is_enabled == Some(false) {
            update = update.bind(deed.at);
        }
        let changed = update.execute(&mut *transaction).await.map_err(&changing)?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        self.record_webhook("webhook.changed", id, deed, &mut transaction).await?;
        if change.is_enabled == Some(true) {
            deliveries::ask(self, id, deed.at, &mut transaction).await?;
        }
        transaction.commit().await.map_err(&changing)?;
        Ok(true)
    }

    /// Takes an endpoint away with everything that it was to be told; `false` if there is none.
    pub async fn remove_webhook(&self, id: &str, deed: &Deed) -> Result<bool, Error> {
        let removing = Error::database("taking away a webhook");
        let mut transaction = self.store.writer.begin().await.map_err(&removing)?;
        sqlx::query("delete from deliveries where workspace = $1 and webhook = $2")
            .bind(&self.id)
            .bind(id)
            .execute(&mut *transaction)
            .await
            .map_err(&removing)?;
        let removed = sqlx::query("delete from webhooks where workspace = $1 and id = $2")
            .bind(&self.id)
            .bind(id)
            .execute(&mut *transaction)
            .await
            .map_err(&removing)?;
        if removed.rows_affected() == 0 {
            return Ok(false);
        }
        self.record_webhook("webhook.removed", id, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&removing)?;
        Ok(true)
    }

    /// Tells an endpoint nothing more; `false` if that was so already.
    pub async fn disable_webhook(&self, id: &str, why: &str, deed: &Deed) -> Result<bool, Error> {
        let disabling = Error::database("disabling a webhook");
        let mut transaction = self.store.writer.begin().await.map_err(&disabling)?;
        let disabled = sqlx::query(
            "update webhooks set disabled_at = $3, disabled_why = $4 \
             where workspace = $1 and id = $2 and disabled_at is null",
        )
        .bind(&self.id)
        .bind(id)
        .bind(deed.at)
        .bind(why)
        .execute(&mut *transaction)
        .await
        .map_err(&disabling)?;
        if disabled.rows_affected() == 0 {
            return Ok(false);
        }
        self.record_webhook("webhook.disabled", id, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&disabling)?;
        Ok(true)
    }

    async fn record_webhook(
        &self,
        action: &str,
        id: &str,
        deed: &Deed,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        let object = format!("webhook:{id}");
        self.record(deed, Done { action, object: &object, ..Done::default() }, transaction).await
    }
}

fn webhook(row: &AnyRow) -> Result<Webhook, sqlx::Error> {
    let events: String = row.try_get(2)?;
    Ok(Webhook {
        id: row.try_get(0)?,
        url: row.try_get(1)?,
        events: events.split_whitespace().map(str::to_owned).collect(),
        created_by: row.try_get(3)?,
        created_at: row.try_get(4)?,
        failing_since: row.try_get(5)?,
        failures: row.try_get::<i64, _>(6)?.cast_unsigned(),
        disabled_at: row.try_get(7)?,
        disabled_why: row.try_get(8)?,
    })
}
