//! Links that are good for one use, found by the hash of their token.

use sqlx::{Any, Row, Transaction};

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::pool::Store;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// The first user makes itself.
    SetUp,
    /// A user chooses a password.
    Password,
    /// A user who gave the right password gives a code too.
    Code,
}

/// A link as it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink<'a> {
    pub kind: LinkKind,
    /// SHA-256 of the token, hexadecimal.
    pub token_hash: &'a str,
    /// Nobody for [`LinkKind::SetUp`].
    pub user: Option<&'a str>,
    pub expires_at: i64,
}

impl LinkKind {
    fn name(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::Password => "password",
            Self::Code => "code",
        }
    }
}

impl Store {
    /// Makes a link; an earlier one of the same kind and user is no good any more, but for codes, of which several may wait.
    pub async fn make_link(&self, link: &NewLink<'_>, deed: &Deed) -> Result<(), Error> {
        let making = Error::database("making a link");
        let mut transaction = self.writer.begin().await.map_err(&making)?;
        sqlx::query(
            "delete from links where expires_at <= $1 or (kind = $2 and kind <> 'code' and (user_id = $3 or kind = 'set_up'))",
        )
        .bind(deed.at)
        .bind(link.kind.name())
        .bind(link.user)
        .execute(&mut *transaction)
        .await
        .map_err(&making)?;
        sqlx::query(
            "insert into links (token_hash, kind, user_id, created_at, expires_at) values ($1, $2, $3, $4, $5)",
        )
        .bind(link.token_hash)
        .bind(link.kind.name())
        .bind(link.user)
        .bind(deed.at)
        .bind(link.expires_at)
        .execute(&mut *transaction)
        .await
        .map_err(&making)?;
        if link.kind == LinkKind::Password {
            let object = link.user.map_or_else(String::new, |user| format!("user:{user}"));
            let done = Done { action: "password.link_made", object: &object, ..Done::default() };
            self.record(deed, done, &mut transaction).await?;
        }
        transaction.commit().await.map_err(&making)
    }

    /// Whose link this is; `None` if it is not good. The link stays good.
    pub async fn find_link(
        &self,
        kind: LinkKind,
        token_hash: &str,
        now: i64,
    ) -> Result<Option<Option<String>>, Error> {
        let finding = Error::database("finding a link");
        let row = sqlx::query(
            "select user_id from links where kind = $1 and token_hash = $2 and expires_at > $3",
        )
        .bind(kind.name())
        .bind(token_hash)
        .bind(now)
        .fetch_optional(&self.readers)
        .await
        .map_err(&finding)?;
        row.map(|row| row.try_get(0)).transpose().map_err(&finding)
    }

    /// Uses a link up: whose it was; `None` if it was not good.
    pub async fn take_link(
        &self,
        kind: LinkKind,
        token_hash: &str,
        now: i64,
    ) -> Result<Option<Option<String>>, Error> {
        let taking = Error::database("using a link");
        let mut transaction = self.writer.begin().await.map_err(&taking)?;
        let taken = take(kind, token_hash, now, &mut transaction).await?;
        transaction.commit().await.map_err(&taking)?;
        Ok(taken)
    }
}

/// Uses a link up in a transaction: of two that try, one has it.
pub(crate) async fn take(
    kind: LinkKind,
    token_hash: &str,
    now: i64,
    transaction: &mut Transaction<'_, Any>,
) -> Result<Option<Option<String>>, Error> {
    let taking = Error::database("using a link");
    let row = sqlx::query(
        "delete from links where kind = $1 and token_hash = $2 and expires_at > $3 returning user_id",
    )
    .bind(kind.name())
    .bind(token_hash)
    .bind(now)
    .fetch_optional(&mut **transaction)
    .await
    .map_err(&taking)?;
    row.map(|row| row.try_get(0)).transpose().map_err(&taking)
}
