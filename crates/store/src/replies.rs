//! Answers to requests that change something, so that the same request is answered the same way and done once.

use sqlx::Row;

use crate::error::Error;
use crate::pool::Store;

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// `None`: it held a secret, which is not kept.
    pub body: Option<String>,
}

/// What asking for a key came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The request is new: do it, then [`Store::answer`] or [`Store::release`].
    New,
    Answered(Reply),
    /// The first one was begun and has not been answered.
    Open,
    /// The key was used with another body.
    Other,
}

const CLAIMING: &str = "looking up a request";

impl Store {
    /// Takes a key for a request, if nobody has it. `now` is in µs.
    pub async fn claim_key(
        &self,
        (scope, key): (&str, &str),
        body_hash: &str,
        now: i64,
    ) -> Result<Claim, Error> {
        let claiming = Error::database(CLAIMING);
        let taken = sqlx::query(
            "insert into replies (scope, idempotency_key, body_hash, status, at) values ($1, $2, $3, 0, $4) \
             on conflict do nothing",
        )
        .bind(scope)
        .bind(key)
        .bind(body_hash)
        .bind(now)
        .execute(&self.writer)
        .await
        .map_err(&claiming)?;
        if taken.rows_affected() == 1 {
            return Ok(Claim::New);
        }
        let known = sqlx::query(
            "select body_hash, status, body from replies where scope = $1 and idempotency_key = $2",
        )
        .bind(scope)
        .bind(key)
        .fetch_optional(&self.writer)
        .await
        .map_err(&claiming)?;
        let Some(known) = known else { return Ok(Claim::Open) };
        if known.try_get::<String, _>(0).map_err(&claiming)? != body_hash {
            return Ok(Claim::Other);
        }
        let status: i64 = known.try_get(1).map_err(&claiming)?;
        match u16::try_from(status) {
            Ok(0) | Err(_) => Ok(Claim::Open),
            Ok(status) => {
                let body = known.try_get(2).map_err(&claiming)?;
                Ok(Claim::Answered(Reply { status, body }))
            }
        }
    }

    /// Keeps the answer to a request whose key was taken.
    pub async fn answer_key(&self, (scope, key): (&str, &str), reply: &Reply) -> Result<(), Error> {
        sqlx::query(
            "update replies set status = $3, body = $4 where scope = $1 and idempotency_key = $2 and status = 0",
        )
        .bind(scope)
        .bind(key)
        .bind(i64::from(reply.status))
        .bind(&reply.body)
        .execute(&self.writer)
        .await
        .map(|_| ())
        .map_err(Error::database("keeping an answer"))
    }

    /// Gives a key back, because the request was not done.
    pub async fn release_key(&self, (scope, key): (&str, &str)) -> Result<(), Error> {
        sqlx::query("delete from replies where scope = $1 and idempotency_key = $2 and status = 0")
            .bind(scope)
            .bind(key)
            .execute(&self.writer)
            .await
            .map(|_| ())
            .map_err(Error::database("giving a key back"))
    }

    /// Forgets answers from before this moment (µs); gives back how many.
    pub async fn forget_replies(&self, before: i64) -> Result<u64, Error> {
        sqlx::query("delete from replies where at < $1")
            .bind(before)
            .execute(&self.writer)
            .await
            .map(|done| done.rows_affected())
            .map_err(Error::database("forgetting old answers"))
    }
}
