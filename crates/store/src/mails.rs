//! Letters on their way: a row and a job in one transaction, so that none is forgotten and none is sent for what did not happen.

use sqlx::{Any, Row, Transaction};

use crate::error::Error;
use crate::jobs::{Job, enqueue_in};
use crate::workspace::Workspace;

/// A letter to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// A UUID of version 7; the job that sends it has the same.
    pub id: String,
    pub recipient: String,
    /// Whose quiet hours are kept; `None`: somebody waits for it.
    pub user: Option<String>,
    pub subject: String,
    pub plain: String,
    pub html: String,
    /// Where one request ends such letters.
    pub unsubscribe: Option<String>,
}

/// How a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    Waiting,
    Sent,
    Failed,
}

impl Mail {
    /// The kind of the job that sends letters.
    pub const JOB: &str = "mail";
}

impl Workspace {
    /// Takes a letter to be sent from `run_at` (µs) on.
    pub async fn post(&self, mail: &Mail, now: i64, run_at: i64) -> Result<(), Error> {
        let posting = Error::database("posting a letter");
        let mut transaction = self.store.writer.begin().await.map_err(&posting)?;
        post_in(self, mail, (now, run_at), &mut transaction).await?;
        transaction.commit().await.map_err(&posting)
    }

    /// A letter and how it stands.
    pub async fn find_mail(&self, id: &str) -> Result<Option<(Mail, MailState)>, Error> {
        let finding = Error::database("finding a letter");
        let row = sqlx::query(
            "select recipient, user_id, subject, plain, html, unsubscribe, sent_at, failed_at from mails \
             where workspace = $1 and id = $2",
        )
        .bind(&self.id)
        .bind(id)
        .fetch_optional(&self.store.writer)
        .await
        .map_err(&finding)?;
        let Some(row) = row else { return Ok(None) };
        let read = || {
            let mail = Mail {
                id: id.to_owned(),
                recipient: row.try_get(0)?,
                user: row.try_get(1)?,
                subject: row.try_get(2)?,
                plain: row.try_get(3)?,
                html: row.try_get(4)?,
                unsubscribe: row.try_get(5)?,
            };
            let state = match (row.try_get::<Option<i64>, _>(6)?, row.try_get::<Option<i64>, _>(7)?)
            {
                (Some(_), _) => MailState::Sent,
                (None, Some(_)) => MailState::Failed,
                (None, None) => MailState::Waiting,
            };
            Ok((mail, state))
        };
        read().map(Some).map_err(&finding)
    }

    /// A letter was taken by the mail server; what it said is not kept.
    pub async fn mail_sent(&self, id: &str, now: i64) -> Result<(), Error> {
        self.end_mail("sent_at = $3, failure = null", id, now, None).await
    }

    /// A letter was refused for good; what it said is not kept.
    pub async fn mail_failed(&self, id: &str, why: &str, now: i64) -> Result<(), Error> {
        self.end_mail("failed_at = $3, failure = $4", id, now, Some(why)).await
    }

    async fn end_mail(
        &self,
        set: &'static str,
        id: &str,
        now: i64,
        why: Option<&str>,
    ) -> Result<(), Error> {
        let sql = format!(
            "update mails set {set}, plain = '', html = '', unsubscribe = null \
             where workspace = $1 and id = $2 and sent_at is null"
        );
        let mut update = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&self.id).bind(id).bind(now);
        if let Some(why) = why {
            update = update.bind(why);
        }
        let ending = Error::database("saying how a letter stands");
        update.execute(&self.store.writer).await.map(|_| ()).map_err(ending)
    }

    /// Takes away letters that were posted before `before` (µs) and do not wait any more.
    pub async fn forget_mails(&self, before: i64) -> Result<u64, Error> {
        let gone = sqlx::query(
            "delete from mails where workspace = $1 and created_at < $2 and (sent_at is not null or failed_at is not null)",
        )
        .bind(&self.id)
        .bind(before)
        .execute(&self.store.writer)
        .await
        .map_err(Error::database("taking away letters"))?;
        Ok(gone.rows_affected())
    }
}

/// Posts a letter in the transaction of what it tells.
pub(crate) async fn post_in(
    workspace: &Workspace,
    mail: &Mail,
    (now, run_at): (i64, i64),
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    sqlx::query(
        "insert into mails (workspace, id, recipient, user_id, subject, plain, html, unsubscribe, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&workspace.id)
    .bind(&mail.id)
    .bind(&mail.recipient)
    .bind(&mail.user)
    .bind(&mail.subject)
    .bind(&mail.plain)
    .bind(&mail.html)
    .bind(&mail.unsubscribe)
    .bind(now)
    .execute(&mut **transaction)
    .await
    .map_err(Error::database("posting a letter"))?;
    let job =
        Job { id: mail.id.clone(), kind: Mail::JOB.to_owned(), input: "{}".to_owned(), key: None };
    enqueue_in(workspace, &job, run_at, transaction).await.map(|_| ())
}
