//! Codes of an authenticator, and the codes for the day when it is lost. Each works once.

use sqlx::{Any, Transaction};

use crate::audit::Deed;
use crate::error::Error;
use crate::pool::Store;

const KEEPING: &str = "keeping a second factor";

impl Store {
    /// Keeps the secret of an authenticator, which counts once it is confirmed; `false` if one is confirmed already.
    pub async fn begin_totp(&self, user: &str, secret: &str, deed: &Deed) -> Result<bool, Error> {
        let keeping = Error::database(KEEPING);
        let mut transaction = self.writer.begin().await.map_err(&keeping)?;
        let begun = sqlx::query(
            "update users set totp_secret = $2, totp_step = 0 where id = $1 and totp_confirmed_at is null",
        )
        .bind(user)
        .bind(secret)
        .execute(&mut *transaction)
        .await
        .map_err(&keeping)?;
        if begun.rows_affected() == 0 {
            return Ok(false);
        }
        self.record_of_user("second_factor.begun", user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&keeping)?;
        Ok(true)
    }

    /// From now on codes of this secret are asked for. `step` is that of the code which confirmed it; `codes` are hashes
    /// for the day when the authenticator is lost. `false` if the secret is another one by now, or confirmed.
    pub async fn confirm_totp(
        &self,
        user: &str,
        (secret, step): (&str, i64),
        codes: &[String],
        deed: &Deed,
    ) -> Result<bool, Error> {
        let keeping = Error::database(KEEPING);
        let mut transaction = self.writer.begin().await.map_err(&keeping)?;
        let confirmed = sqlx::query(
            "update users set totp_confirmed_at = $4, totp_step = $3 where id = $1 and totp_secret = $2 \
             and totp_confirmed_at is null",
        )
        .bind(user)
        .bind(secret)
        .bind(step)
        .bind(deed.at)
        .execute(&mut *transaction)
        .await
        .map_err(&keeping)?;
        if confirmed.rows_affected() == 0 {
            return Ok(false);
        }
        replace_codes(user, codes, &mut transaction).await?;
        self.record_of_user("second_factor.confirmed", user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&keeping)?;
        Ok(true)
    }

    /// Takes the code of a step; `false` if it, or a later one, was taken before.
    pub async fn use_totp_step(&self, user: &str, step: i64) -> Result<bool, Error> {
        let used = sqlx::query(
            "update users set totp_step = $2 where id = $1 and totp_confirmed_at is not null and totp_step < $2",
        )
        .bind(user)
        .bind(step)
        .execute(&self.writer)
        .await
        .map_err(Error::database(KEEPING))?;
        Ok(used.rows_affected() == 1)
    }

    /// Takes a recovery code by its hash; `false` if there is none or it was used.
    pub async fn use_recovery_code(
        &self,
        user: &str,
        code_hash: &str,
        deed: &Deed,
    ) -> Result<bool, Error> {
        let keeping = Error::database(KEEPING);
        let mut transaction = self.writer.begin().await.map_err(&keeping)?;
        let used = sqlx::query("delete from recovery_codes where user_id = $1 and code_hash = $2")
            .bind(user)
            .bind(code_hash)
            .execute(&mut *transaction)
            .await
            .map_err(&keeping)?;
        if used.rows_affected() == 0 {
            return Ok(false);
        }
        self.record_of_user("recovery_code.used", user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&keeping)?;
        Ok(true)
    }

    /// How many recovery codes are left.
    pub async fn recovery_codes(&self, user: &str) -> Result<u64, Error> {
        let left: i64 =
            sqlx::query_scalar("select count(*) from recovery_codes where user_id = $1")
                .bind(user)
                .fetch_one(&self.readers)
                .await
                .map_err(Error::database("counting recovery codes"))?;
        Ok(left.cast_unsigned())
    }

    /// New recovery codes by their hashes; the old ones are no good any more.
    pub async fn renew_recovery_codes(
        &self,
        user: &str,
        codes: &[String],
        deed: &Deed,
    ) -> Result<(), Error> {
        let keeping = Error::database(KEEPING);
        let mut transaction = self.writer.begin().await.map_err(&keeping)?;
        replace_codes(user, codes, &mut transaction).await?;
        self.record_of_user("recovery_codes.renewed", user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&keeping)
    }

    /// No codes are asked for any more.
    pub async fn end_totp(&self, user: &str, deed: &Deed) -> Result<(), Error> {
        let keeping = Error::database(KEEPING);
        let mut transaction = self.writer.begin().await.map_err(&keeping)?;
        sqlx::query(
            "update users set totp_secret = null, totp_confirmed_at = null, totp_step = null where id = $1",
        )
        .bind(user)
        .execute(&mut *transaction)
        .await
        .map_err(&keeping)?;
        replace_codes(user, &[], &mut transaction).await?;
        self.record_of_user("second_factor.ended", user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&keeping)
    }
}

async fn replace_codes(
    user: &str,
    codes: &[String],
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    let keeping = Error::database(KEEPING);
    sqlx::query("delete from recovery_codes where user_id = $1")
        .bind(user)
        .execute(&mut **transaction)
        .await
        .map_err(&keeping)?;
    for code in codes {
        sqlx::query("insert into recovery_codes (user_id, code_hash) values ($1, $2)")
            .bind(user)
            .bind(code)
            .execute(&mut **transaction)
            .await
            .map_err(&keeping)?;
    }
    Ok(())
}
