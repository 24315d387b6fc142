//! Patience with those who fail to prove who they are: by account and by address, kept here so that no restart forgets it.
//!
//! An attempt is counted before it is looked at, so that a thousand at the same time are a thousand.

use sqlx::{Any, Transaction};

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::pool::Store;

/// Whose attempts are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// An account or an address, as the server names it.
    pub name: String,
    /// So many failures are let pass; from then on the pause doubles.
    pub allowed: u32,
}

const SECOND: i64 = 1_000_000;
const LONGEST: i64 = 900 * SECOND;
/// Failures are forgotten after a day without another.
const MEMORY: i64 = 24 * 3600 * SECOND;

impl Store {
    /// Counts an attempt; it is a failure until [`Self::forgive`] is said. If one of the subjects has to wait, nothing is
    /// counted and the moment is told from which on it need not.
    pub async fn begin_attempt(
        &self,
        subjects: &[Subject],
        now: i64,
    ) -> Result<Option<i64>, Error> {
        let counting = Error::database("counting an attempt");
        let mut transaction = self.writer.begin().await.map_err(&counting)?;
        sqlx::query("delete from attempts where last_at < $1")
            .bind(now - MEMORY)
            .execute(&mut *transaction)
            .await
            .map_err(&counting)?;
        for subject in subjects {
            if let Some(free_at) = count(subject, now, &mut transaction).await? {
                return Ok(Some(free_at));
            }
        }
        transaction.commit().await.map_err(&counting)?;
        Ok(None)
    }

    /// Whoever tried is the one: the first subject, the account, begins anew, the others have one failure less.
    pub async fn forgive(&self, subjects: &[Subject]) -> Result<(), Error> {
        let forgiving = Error::database("forgiving an attempt");
        if let Some(account) = subjects.first() {
            sqlx::query("delete from attempts where subject = $1")
                .bind(&account.name)
                .execute(&self.writer)
                .await
                .map_err(&forgiving)?;
        }
        self.undo_attempt(subjects.get(1..).unwrap_or_default()).await
    }

    /// This attempt was no failure; those before it stay.
    pub async fn undo_attempt(&self, subjects: &[Subject]) -> Result<(), Error> {
        for subject in subjects {
            sqlx::query(
                "update attempts set failures = failures - 1, free_at = last_at where subject = $1 and failures > 0",
            )
            .bind(&subject.name)
            .execute(&self.writer)
            .await
            .map_err(Error::database("forgiving an attempt"))?;
        }
        Ok(())
    }

    /// Writes down that somebody was refused.
    pub async fn record_refusal(
        &self,
        action: &str,
        object: &str,
        why: &str,
        deed: &Deed,
    ) -> Result<(), Error> {
        let writing = Error::database("writing the audit log");
        let mut transaction = self.writer.begin().await.map_err(&writing)?;
        let done = Done { action, object, refused: Some(why), ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&writing)
    }
}

/// When the subject is free again, if it has to wait.
async fn count(
    subject: &Subject,
    now: i64,
    transaction: &mut Transaction<'_, Any>,
) -> Result<Option<i64>, Error> {
    let counting = Error::database("counting an attempt");
    let failures: Option<i64> = sqlx::query_scalar(
        "insert into attempts (subject, failures, last_at, free_at) values ($1, 1, $2, $2) \
         on conflict (subject) do update set last_at = $2, failures = attempts.failures + 1 \
         where attempts.free_at <= $2 returning failures",
    )
    .bind(&subject.name)
    .bind(now)
    .fetch_optional(&mut **transaction)
    .await
    .map_err(&counting)?;
    let Some(failures) = failures else {
        let free_at: i64 = sqlx::query_scalar("select free_at from attempts where subject = $1")
            .bind(&subject.name)
            .fetch_one(&mut **transaction)
            .await
            .map_err(&counting)?;
        return Ok(Some(free_at));
    };
    let pause = pause(failures - i64::from(subject.allowed));
    if pause > 0 {
        sqlx::query("update attempts set free_at = $2 where subject = $1")
            .bind(&subject.name)
            .bind(now + pause)
            .execute(&mut **transaction)
            .await
            .map_err(&counting)?;
    }
    Ok(None)
}

/// 1 s, 2 s, 4 s … 15 min, in µs.
fn pause(beyond: i64) -> i64 {
    match beyond {
        ..0 => 0,
        0..10 => SECOND << beyond,
        _ => LONGEST,
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, SECOND, pause};

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        let all = [-3, -1, 0, 1, 9, 10, 1000].map(pause);
        assert_eq!(all, [0, 0, SECOND, 2 * SECOND, 512 * SECOND, LONGEST, LONGEST]);
    }
}
