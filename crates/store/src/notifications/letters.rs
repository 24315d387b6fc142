//! Notices on their way into letters: each into one.

use super::{Notification, READING, notification};
use crate::error::Error;
use crate::mails::{Mail, post_in};
use crate::workspace::Workspace;

/// A letter of notices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterOut<'a> {
    pub mail: &'a Mail,
    pub user: &'a str,
    /// What stands in it.
    pub notices: &'a [Notification],
    /// The link at its foot.
    pub unsubscribe_hash: &'a str,
}

impl Workspace {
    /// What waits to be brought to a user by mail, oldest first.
    pub async fn unsent(&self, user: &str) -> Result<Vec<Notification>, Error> {
        let reading = Error::database(READING);
        let rows = sqlx::query(
            "select id, kind, object, sentence, at, read_at from notifications \
             where workspace = $1 and user_id = $2 and by_mail = 1 and mail is null order by at, id limit 1000",
        )
        .bind(&self.id)
        .bind(user)
        .fetch_all(&self.store.writer)
        .await
        .map_err(&reading)?;
        rows.iter().map(notification).collect::<Result<_, _>>().map_err(&reading)
    }

    /// Posts a letter of notices, none of which stands in another letter; an [`Error::Conflict`] if one does.
    pub async fn post_notices(&self, letter: &LetterOut<'_>, now: i64) -> Result<(), Error> {
        let posting = Error::database("posting notices");
        let mut transaction = self.store.writer.begin().await.map_err(&posting)?;
        for notice in letter.notices {
            let taken = sqlx::query(
                "update notifications set mail = $3 where workspace = $1 and id = $2 and mail is null",
            )
            .bind(&self.id)
            .bind(&notice.id)
            .bind(&letter.mail.id)
            .execute(&mut *transaction)
            .await
            .map_err(&posting)?;
            if taken.rows_affected() == 0 {
                return Err(Error::Conflict("another worker posts the same notices".to_owned()));
            }
        }
        sqlx::query(
            "insert into unsubscribes (token_hash, workspace, user_id, created_at) values ($1, $2, $3, $4)",
        )
        .bind(letter.unsubscribe_hash)
        .bind(&self.id)
        .bind(letter.user)
        .bind(now)
        .execute(&mut *transaction)
        .await
        .map_err(&posting)?;
        post_in(self, letter.mail, (now, now), &mut transaction).await?;
        transaction.commit().await.map_err(&posting)
    }

    /// Takes back that what waits goes by mail, because the user does not want that any more.
    pub async fn keep_from_mail(&self, user: &str, kinds: &[&str]) -> Result<(), Error> {
        for kind in kinds {
            sqlx::query(
                "update notifications set by_mail = 0 where workspace = $1 and user_id = $2 and kind = $3 and mail is null",
            )
            .bind(&self.id)
            .bind(user)
            .bind(kind)
            .execute(&self.store.writer)
            .await
            .map_err(Error::database("taking notices out of letters"))?;
        }
        Ok(())
    }
}
