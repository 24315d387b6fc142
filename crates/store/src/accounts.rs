//! How a user signs in: password, second factor, identity at a provider.

use sqlx::{Any, Row, Transaction};

use crate::audit::Deed;
use crate::error::Error;
use crate::pool::Store;
use crate::sessions::end_all;
use crate::users::{User, user};

/// A user with what proves who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub user: User,
    /// In PHC form.
    pub password: Option<String>,
    pub totp: Option<TotpState>,
    /// Looks after the whole installation.
    pub is_owner: bool,
}

/// What is kept for codes of an authenticator.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpState {
    /// Base 32.
    pub secret: String,
    /// Codes count.
    pub is_confirmed: bool,
    /// The last step whose code was taken; 0: none yet.
    pub last_step: i64,
}

/// The secret is one, in messages too.
impl std::fmt::Debug for TotpState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TotpState({})", if self.is_confirmed { "confirmed" } else { "begun" })
    }
}

impl Store {
    /// The account of this user.
    pub async fn account(&self, user: &str) -> Result<Option<Account>, Error> {
        self.account_by("id", user).await
    }

    /// The account of this address.
    pub async fn account_of(&self, email: &str) -> Result<Option<Account>, Error> {
        self.account_by("email", &email.to_lowercase()).await
    }

    async fn account_by(
        &self,
        column: &'static str,
        value: &str,
    ) -> Result<Option<Account>, Error> {
        let finding = Error::database("finding an account");
        let sql = format!(
            "select id, email, name, created_at, signed_in_at, deactivated_at, password, totp_secret, totp_confirmed_at, \
             coalesce(totp_step, 0), owner_since from users where {column} = $1"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(value)
            .fetch_optional(&self.readers)
            .await
            .map_err(&finding)?;
        let Some(row) = row else { return Ok(None) };
        let account = || {
            let secret: Option<String> = row.try_get(7)?;
            let is_confirmed = row.try_get::<Option<i64>, _>(8)?.is_some();
            let last_step = row.try_get(9)?;
            Ok(Account {
                user: user(&row)?,
                password: row.try_get(6)?,
                totp: secret.map(|secret| TotpState { secret, is_confirmed, last_step }),
                is_owner: row.try_get::<Option<i64>, _>(10)?.is_some(),
            })
        };
        account().map(Some).map_err(&finding)
    }

    /// Keeps a new password. Every session of the user ends but the one that asks, which goes on under another token:
    /// `renewed` is the hash of the old one and that of the new one.
    pub async fn set_password(
        &self,
        user: &str,
        password: &str,
        renewed: Option<(&str, &str)>,
        deed: &Deed,
    ) -> Result<(), Error> {
        let setting = Error::database("setting a password");
        let mut transaction = self.writer.begin().await.map_err(&setting)?;
        let kept = renewed.map_or("", |(_, new)| new);
        if let Some((old, new)) = renewed {
            sqlx::query(
                "update sessions set token_hash = $3, proved_at = $4 where user_id = $1 and token_hash = $2",
            )
            .bind(user)
            .bind(old)
            .bind(new)
            .bind(deed.at)
            .execute(&mut *transaction)
            .await
            .map_err(&setting)?;
        }
        put_password(user, password, kept, &mut transaction).await?;
        self.record_of_user("password.set", user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&setting)
    }

    /// Keeps a new password for whoever holds a link of this hash; whose it is, and `None` if the link is not good.
    pub async fn reset_password(
        &self,
        link: &str,
        password: &str,
        deed: &Deed,
    ) -> Result<Option<String>, Error> {
        let setting = Error::database("setting a password");
        let mut transaction = self.writer.begin().await.map_err(&setting)?;
        let taken = crate::links::take(crate::LinkKind::Password, link, deed.at, &mut transaction);
        let Some(Some(user)) = taken.await? else { return Ok(None) };
        let alive: Option<String> =
            sqlx::query_scalar("select id from users where id = $1 and deactivated_at is null")
                .bind(&user)
                .fetch_optional(&mut *transaction)
                .await
                .map_err(&setting)?;
        if alive.is_none() {
            return Ok(None);
        }
        put_password(&user, password, "", &mut transaction).await?;
        self.record_of_user("password.set", &user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&setting)?;
        Ok(Some(user))
    }
}

/// Keeps a password and ends every session but one.
async fn put_password(
    user: &str,
    password: &str,
    kept: &str,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    sqlx::query("update users set password = $2 where id = $1")
        .bind(user)
        .bind(password)
        .execute(&mut **transaction)
        .await
        .map_err(Error::database("setting a password"))?;
    end_all(user, kept, transaction).await
}
