//! Who is told of what, and how each wants to be told.

mod letters;
mod preferences;

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::error::Error;
use crate::ids::new_id;
use crate::jobs::{Job, enqueue_in};
use crate::workspace::Workspace;

pub use letters::LetterOut;
pub use preferences::PreferencesRow;

/// Something that a user is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub user: String,
    /// As the server names it.
    pub kind: String,
    /// What it is about: `finding:ID`.
    pub object: String,
    pub sentence: String,
    /// When it goes out by mail, µs; `None`: not by mail.
    pub letter_at: Option<i64>,
}

/// Something that a user was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub id: String,
    pub kind: String,
    pub object: String,
    pub sentence: String,
    pub at: i64,
    pub read_at: Option<i64>,
}

impl Notice {
    /// The kind of the job that brings notices by mail.
    pub const JOB: &str = "letters";
}

const READING: &str = "reading notifications";

impl Workspace {
    /// Tells users.
    pub async fn notify(&self, notices: &[Notice], now: i64) -> Result<(), Error> {
        let telling = Error::database("telling users");
        let mut transaction = self.store.writer.begin().await.map_err(&telling)?;
        for notice in notices {
            notify_in(self, notice, now, &mut transaction).await?;
        }
        transaction.commit().await.map_err(&telling)
    }

    /// What a user was told, newest first, at most `limit` before the one named (`""`: from the newest on).
    pub async fn inbox(
        &self,
        user: &str,
        is_unread: bool,
        before: &str,
        limit: u32,
    ) -> Result<Vec<Notification>, Error> {
        let reading = Error::database(READING);
        let rows = sqlx::query(
            "select id, kind, object, sentence, at, read_at from notifications \
             where workspace = $1 and user_id = $2 and ($3 = '' or id < $3) and ($4 = 0 or read_at is null) \
             order by id desc limit $5",
        )
        .bind(&self.id)
        .bind(user)
        .bind(before)
        .bind(i64::from(is_unread))
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(notification).collect::<Result<_, _>>().map_err(&reading)
    }

    pub async fn unread_count(&self, user: &str) -> Result<u64, Error> {
        let count: i64 = sqlx::query_scalar(
            "select count(*) from notifications where workspace = $1 and user_id = $2 and read_at is null",
        )
        .bind(&self.id)
        .bind(user)
        .fetch_one(&self.store.readers)
        .await
        .map_err(Error::database(READING))?;
        Ok(count.cast_unsigned())
    }

    /// A user has read one notification; `false` if it is not the user's.
    pub async fn mark_read(&self, user: &str, id: &str, now: i64) -> Result<bool, Error> {
        let marked = sqlx::query(
            "update notifications set read_at = coalesce(read_at, $4) where workspace = $1 and user_id = $2 and id = $3",
        )
        .bind(&self.id)
        .bind(user)
        .bind(id)
        .bind(now)
        .execute(&self.store.writer)
        .await
        .map_err(Error::database("marking what was read"))?;
        Ok(marked.rows_affected() == 1)
    }

    /// A user has read everything up to this notification.
    pub async fn mark_all_read(&self, user: &str, up_to: &str, now: i64) -> Result<(), Error> {
        sqlx::query(
            "update notifications set read_at = $4 where workspace = $1 and user_id = $2 and id <= $3 and read_at is null",
        )
        .bind(&self.id)
        .bind(user)
        .bind(up_to)
        .bind(now)
        .execute(&self.store.writer)
        .await
        .map(|_| ())
        .map_err(Error::database("marking what was read"))
    }
}

/// Tells a user in the transaction of what is told. What goes by mail has a job of its own, which comes too late for nothing:
/// whichever comes first takes all that waits.
pub(crate) async fn notify_in(
    workspace: &Workspace,
    notice: &Notice,
    now: i64,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    let id = new_id(now);
    sqlx::query(
        "insert into notifications (workspace, id, user_id, kind, object, sentence, at, by_mail) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&workspace.id)
    .bind(&id)
    .bind(&notice.user)
    .bind(&notice.kind)
    .bind(&notice.object)
    .bind(&notice.sentence)
    .bind(now)
    .bind(i64::from(notice.letter_at.is_some()))
    .execute(&mut **transaction)
    .await
    .map_err(Error::database("telling users"))?;
    if let Some(at) = notice.letter_at {
        enqueue_in(workspace, &letters_job(id, &notice.user), at, transaction).await?;
    }
    Ok(())
}

fn letters_job(id: String, user: &str) -> Job {
    Job { id, kind: Notice::JOB.to_owned(), input: format!("{{\"user\":\"{user}\"}}"), key: None }
}

fn notification(row: &AnyRow) -> Result<Notification, sqlx::Error> {
    Ok(Notification {
        id: row.try_get(0)?,
        kind: row.try_get(1)?,
        object: row.try_get(2)?,
        sentence: row.try_get(3)?,
        at: row.try_get(4)?,
        read_at: row.try_get(5)?,
    })
}
