//! Users as a provider of identities knows them, and sign-ins that wait for its answer.

use sqlx::Row;

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::pool::Store;

/// A sign-in that was sent to a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// The provider's answer has to carry it.
    pub nonce: String,
    /// Proves that whoever brings the answer is who asked.
    pub verifier: String,
    /// Where the browser goes afterwards.
    pub next: String,
}

impl Store {
    /// Keeps what the answer will be held against.
    pub async fn depart(
        &self,
        state_hash: &str,
        departure: &Departure,
        now: i64,
        expires_at: i64,
    ) -> Result<(), Error> {
        let keeping = Error::database("sending a sign-in to a provider");
        sqlx::query("delete from departures where expires_at <= $1")
            .bind(now)
            .execute(&self.writer)
            .await
            .map_err(&keeping)?;
        sqlx::query(
            "insert into departures (state_hash, nonce, verifier, next, expires_at) values ($1, $2, $3, $4, $5)",
        )
        .bind(state_hash)
        .bind(&departure.nonce)
        .bind(&departure.verifier)
        .bind(&departure.next)
        .bind(expires_at)
        .execute(&self.writer)
        .await
        .map(|_| ())
        .map_err(&keeping)
    }

    /// What an answer is held against, once.
    pub async fn arrive(&self, state_hash: &str, now: i64) -> Result<Option<Departure>, Error> {
        let arriving = Error::database("taking a provider's answer");
        let row = sqlx::query(
            "delete from departures where state_hash = $1 and expires_at > $2 returning nonce, verifier, next",
        )
        .bind(state_hash)
        .bind(now)
        .fetch_optional(&self.writer)
        .await
        .map_err(&arriving)?;
        let Some(row) = row else { return Ok(None) };
        let departure = || {
            Ok(Departure {
                nonce: row.try_get(0)?,
                verifier: row.try_get(1)?,
                next: row.try_get(2)?,
            })
        };
        departure().map(Some).map_err(&arriving)
    }

    /// The user whom a provider knows by this subject.
    pub async fn identified(&self, issuer: &str, subject: &str) -> Result<Option<String>, Error> {
        sqlx::query_scalar("select user_id from identities where issuer = $1 and subject = $2")
            .bind(issuer)
            .bind(subject)
            .fetch_optional(&self.readers)
            .await
            .map_err(Error::database("finding an identity"))
    }

    /// Links a subject of a provider to a user. A subject is linked once; the first user stays.
    pub async fn link_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: &str,
        deed: &Deed,
    ) -> Result<(), Error> {
        let linking = Error::database("linking an identity");
        let mut transaction = self.writer.begin().await.map_err(&linking)?;
        sqlx::query(
            "insert into identities (issuer, subject, user_id, linked_at) values ($1, $2, $3, $4) on conflict do nothing",
        )
        .bind(issuer)
        .bind(subject)
        .bind(user)
        .bind(deed.at)
        .execute(&mut *transaction)
        .await
        .map_err(&linking)?;
        let object = format!("user:{user}");
        let done = Done { action: "identity.linked", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&linking)
    }
}
