//! What an endpoint is to be told: rows in the transaction of what happened, delivered one after the other.

use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::Webhook;
use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::ids::new_id;
use crate::jobs::{Job, enqueue_in};
use crate::workspace::Workspace;

/// Something that happened, for whoever wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Such as `standard.defective`.
    pub event: String,
    /// JSON.
    pub body: String,
}

/// One thing that one endpoint is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: String,
    pub seq: i64,
    /// The same whenever it is delivered again.
    pub message: String,
    pub event: String,
    pub body: String,
    pub created_at: i64,
    pub attempts: u64,
    pub tried_at: Option<i64>,
    /// Of the last answer.
    pub status: Option<u16>,
    pub failure: Option<String>,
    pub delivered_at: Option<i64>,
}

const COLUMNS: &str =
    "id, seq, message, event, body, created_at, attempts, tried_at, status, failure, delivered_at";

impl Workspace {
    /// Tells every endpoint that wants to know.
    pub async fn tell_webhooks(&self, news: &News, now: i64) -> Result<(), Error> {
        let announcing = Error::database("announcing what happened");
        let mut transaction = self.store.writer.begin().await.map_err(&announcing)?;
        announce_in(self, news, now, &mut transaction).await?;
        transaction.commit().await.map_err(&announcing)
    }

    /// Tells one endpoint, whatever it wants to know; `false` if there is none.
    pub async fn tell_webhook(
        &self,
        webhook: &str,
        news: &News,
        deed: &Deed,
    ) -> Result<bool, Error> {
        let announcing = Error::database("announcing what happened");
        let mut transaction = self.store.writer.begin().await.map_err(&announcing)?;
        let message = format!("msg_{}", new_id(deed.at));
        if !add(self, (webhook, &message), news, deed.at, &mut transaction).await? {
            return Ok(false);
        }
        let object = format!("webhook:{webhook}");
        let done = Done { action: "webhook.tested", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&announcing)?;
        Ok(true)
    }

    /// What an endpoint is to be told next; `None` also if it is disabled.
    pub async fn next_delivery(&self, webhook: &str) -> Result<Option<Delivery>, Error> {
        let reading = Error::database("reading deliveries");
        let sql = format!(
            "select {COLUMNS} from deliveries where workspace = $1 and webhook = $2 and delivered_at is null \
             and exists (select 1 from webhooks where workspace = $1 and id = $2 and disabled_at is null) \
             order by seq limit 1"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(webhook)
            .fetch_optional(&self.store.writer)
            .await
            .map_err(&reading)?;
        row.as_ref().map(delivery).transpose().map_err(&reading)
    }

    /// What an endpoint was and is to be told, newest first, at most `limit` before the one of this number.
    pub async fn deliveries(
        &self,
        webhook: &str,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Delivery>, Error> {
        let reading = Error::database("reading deliveries");
        let sql = format!(
            "select {COLUMNS} from deliveries where workspace = $1 and webhook = $2 and seq < $3 \
             order by seq desc limit $4"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(webhook)
            .bind(before)
            .bind(i64::from(limit))
            .fetch_all(&self.store.readers)
            .await
            .map_err(&reading)?;
        rows.iter().map(delivery).collect::<Result<_, _>>().map_err(&reading)
    }

    /// An endpoint took it.
    pub async fn delivered(
        &self,
        webhook: &str,
        delivery: &Delivery,
        status: u16,
        now: i64,
    ) -> Result<(), Error> {
        let saying = Error::database("saying how a delivery stands");
        let mut transaction = self.store.writer.begin().await.map_err(&saying)?;
        sqlx::query(
            "update deliveries set attempts = attempts + 1, tried_at = $3, status = $4, failure = null, delivered_at = $3 \
             where workspace = $1 and id = $2",
        )
        .bind(&self.id)
        .bind(&delivery.id)
        .bind(now)
        .bind(i64::from(status))
        .execute(&mut *transaction)
        .await
        .map_err(&saying)?;
        sqlx::query("update webhooks set failures = 0, failing_since = null where workspace = $1 and id = $2")
            .bind(&self.id)
            .bind(webhook)
            .execute(&mut *transaction)
            .await
            .map_err(&saying)?;
        transaction.commit().await.map_err(&saying)
    }

    /// An endpoint did not take it; says how the endpoint stands then.
    pub async fn not_delivered(
        &self,
        webhook: &str,
        delivery: &Delivery,
        (status, why): (Option<u16>, &str),
        now: i64,
    ) -> Result<Option<Webhook>, Error> {
        let saying = Error::database("saying how a delivery stands");
        let mut transaction = self.store.writer.begin().await.map_err(&saying)?;
        sqlx::query(
            "update deliveries set attempts = attempts + 1, tried_at = $3, status = $4, failure = $5 \
             where workspace = $1 and id = $2",
        )
        .bind(&self.id)
        .bind(&delivery.id)
        .bind(now)
        .bind(status.map(i64::from))
        .bind(why)
        .execute(&mut *transaction)
        .await
        .map_err(&saying)?;
        sqlx::query(
            "update webhooks set failures = failures + 1, failing_since = coalesce(failing_since, $3) \
             where workspace = $1 and id = $2",
        )
        .bind(&self.id)
        .bind(webhook)
        .bind(now)
        .execute(&mut *transaction)
        .await
        .map_err(&saying)?;
        transaction.commit().await.map_err(&saying)?;
        self.find_webhook(webhook).await
    }

    /// Tells an endpoint again what it was told, under the same message; `false` if there is no such delivery.
    pub async fn replay(&self, webhook: &str, delivery: &str, deed: &Deed) -> Result<bool, Error> {
        let replaying = Error::database("telling an endpoint again");
        let mut transaction = self.store.writer.begin().await.map_err(&replaying)?;
        let told = sqlx::query(
            "select message, event, body from deliveries where workspace = $1 and webhook = $2 and id = $3",
        )
        .bind(&self.id)
        .bind(webhook)
        .bind(delivery)
        .fetch_optional(&mut *transaction)
        .await
        .map_err(&replaying)?;
        let Some(told) = told else { return Ok(false) };
        let read = || {
            let message: String = told.try_get(0)?;
            Ok((message, News { event: told.try_get(1)?, body: told.try_get(2)? }))
        };
        let (message, news) = read().map_err(&replaying)?;
        add(self, (webhook, &message), &news, deed.at, &mut transaction).await?;
        let object = format!("webhook:{webhook}");
        let after = format!("{{\"delivery\":\"{delivery}\"}}");
        let done = Done {
            action: "webhook.replayed",
            object: &object,
            after: Some(&after),
            ..Done::default()
        };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&replaying)?;
        Ok(true)
    }

    /// Asks that an endpoint is told what it was not told yet, if there is anything.
    pub async fn ask_to_deliver(&self, webhook: &str, now: i64) -> Result<bool, Error> {
        if self.next_delivery(webhook).await?.is_none() {
            return Ok(false);
        }
        let asking = Error::database("asking for a delivery");
        let mut transaction = self.store.writer.begin().await.map_err(&asking)?;
        ask(self, webhook, now, &mut transaction).await?;
        transaction.commit().await.map_err(&asking)?;
        Ok(true)
    }

    /// Takes away what was delivered before `before` (µs).
    pub async fn forget_deliveries(&self, before: i64) -> Result<u64, Error> {
        let gone = sqlx::query("delete from deliveries where workspace = $1 and delivered_at < $2")
            .bind(&self.id)
            .bind(before)
            .execute(&self.store.writer)
            .await
            .map_err(Error::database("taking away deliveries"))?;
        Ok(gone.rows_affected())
    }
}

/// Tells every endpoint that wants to know, in the transaction of what happened.
pub(crate) async fn announce_in(
    workspace: &Workspace,
    news: &News,
    now: i64,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    let announcing = Error::database("announcing what happened");
    let rows = sqlx::query(
        "select id, events from webhooks where workspace = $1 and disabled_at is null order by id",
    )
    .bind(&workspace.id)
    .fetch_all(&mut **transaction)
    .await
    .map_err(&announcing)?;
    let message = format!("msg_{}", new_id(now));
    for row in rows {
        let id: String = row.try_get(0).map_err(&announcing)?;
        let events: String = row.try_get(1).map_err(&announcing)?;
        if events.split_whitespace().any(|event| event == news.event) {
            add(workspace, (&id, &message), news, now, transaction).await?;
        }
    }
    Ok(())
}

/// The endpoint's row is held until the end of the transaction, so that numbers are given in the order of commits.
async fn add(
    workspace: &Workspace,
    (webhook, message): (&str, &str),
    news: &News,
    now: i64,
    transaction: &mut Transaction<'_, Any>,
) -> Result<bool, Error> {
    let adding = Error::database("announcing what happened");
    let seq: Option<i64> = sqlx::query_scalar(
        "update webhooks set last_seq = last_seq + 1 where workspace = $1 and id = $2 returning last_seq",
    )
    .bind(&workspace.id)
    .bind(webhook)
    .fetch_optional(&mut **transaction)
    .await
    .map_err(&adding)?;
    let Some(seq) = seq else { return Ok(false) };
    sqlx::query(
        "insert into deliveries (workspace, id, webhook, seq, message, event, body, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&workspace.id)
    .bind(new_id(now))
    .bind(webhook)
    .bind(seq)
    .bind(message)
    .bind(&news.event)
    .bind(&news.body)
    .bind(now)
    .execute(&mut **transaction)
    .await
    .map_err(&adding)?;
    ask(workspace, webhook, now, transaction).await?;
    Ok(true)
}

/// One job for an endpoint at a time. If there is one, its row is held until this transaction ends: it cannot end before, and
/// whoever ends it looks once more for what was added.
pub(super) async fn ask(
    workspace: &Workspace,
    webhook: &str,
    now: i64,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    let key = format!("webhook:{webhook}");
    let there = sqlx::query("update jobs set run_at = run_at where workspace = $1 and key = $2")
        .bind(&workspace.id)
        .bind(&key)
        .execute(&mut **transaction)
        .await
        .map_err(Error::database("asking for a delivery"))?;
    if there.rows_affected() > 0 {
        return Ok(());
    }
    let job = Job {
        id: new_id(now),
        kind: Webhook::JOB.to_owned(),
        input: format!("{{\"webhook\":\"{webhook}\"}}"),
        key: Some(key),
    };
    enqueue_in(workspace, &job, now, transaction).await.map(|_| ())
}

fn delivery(row: &AnyRow) -> Result<Delivery, sqlx::Error> {
    Ok(Delivery {
        id: row.try_get(0)?,
        seq: row.try_get(1)?,
        message: row.try_get(2)?,
        event: row.try_get(3)?,
        body: row.try_get(4)?,
        created_at: row.try_get(5)?,
        attempts: row.try_get::<i64, _>(6)?.cast_unsigned(),
        tried_at: row.try_get(7)?,
        status: row.try_get::<Option<i64>, _>(8)?.and_then(|it| u16::try_from(it).ok()),
        failure: row.try_get(9)?,
        delivered_at: row.try_get(10)?,
    })
}
