//! Sessions of users, found by the hash of their token. They end when they are not used, and at the latest at their end.

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::pool::Store;

/// A session as it is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession<'a> {
    /// SHA-256 of the token, hexadecimal.
    pub token_hash: &'a str,
    pub user: &'a str,
    pub expires_at: i64,
}

/// A session that is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub token_hash: String,
    pub user: String,
    pub created_at: i64,
    pub seen_at: i64,
    /// When the user last proved to be the one.
    pub proved_at: i64,
    pub expires_at: i64,
    /// From where it was begun.
    pub origin: String,
}

impl Session {
    /// By which its user names it; nobody gets in with it.
    pub fn id(&self) -> &str {
        &self.token_hash[..32.min(self.token_hash.len())]
    }
}

const COLUMNS: &str = "s.token_hash, s.user_id, s.created_at, s.seen_at, coalesce(s.proved_at, s.created_at), s.expires_at, s.origin";

impl Store {
    /// Begins a session: its user has just proved to be the one.
    pub async fn begin_session(&self, session: &NewSession<'_>, deed: &Deed) -> Result<(), Error> {
        let beginning = Error::database("beginning a session");
        let mut transaction = self.writer.begin().await.map_err(&beginning)?;
        sqlx::query(
            "insert into sessions (token_hash, user_id, created_at, seen_at, proved_at, expires_at, origin) \
             values ($1, $2, $3, $3, $3, $4, $5)",
        )
        .bind(session.token_hash)
        .bind(session.user)
        .bind(deed.at)
        .bind(session.expires_at)
        .bind(&deed.origin)
        .execute(&mut *transaction)
        .await
        .map_err(&beginning)?;
        sqlx::query("update users set signed_in_at = $2 where id = $1")
            .bind(session.user)
            .bind(deed.at)
            .execute(&mut *transaction)
            .await
            .map_err(&beginning)?;
        sqlx::query("delete from sessions where user_id = $1 and expires_at <= $2")
            .bind(session.user)
            .bind(deed.at)
            .execute(&mut *transaction)
            .await
            .map_err(&beginning)?;
        self.record_of_user("session.begun", session.user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&beginning)
    }

    /// The session of this token if it is alive and its user is; one that was not seen since `seen_after` is not.
    pub async fn session(
        &self,
        token_hash: &str,
        now: i64,
        seen_after: i64,
    ) -> Result<Option<Session>, Error> {
        let finding = Error::database("finding a session");
        let sql = format!(
            "select {COLUMNS} from sessions s join users u on u.id = s.user_id \
             where s.token_hash = $1 and s.expires_at > $2 and s.seen_at > $3 and u.deactivated_at is null"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(token_hash)
            .bind(now)
            .bind(seen_after)
            .fetch_optional(&self.readers)
            .await
            .map_err(&finding)?;
        row.as_ref().map(session).transpose().map_err(&finding)
    }

    /// Sessions of a user that are alive, the one that was seen last first.
    pub async fn sessions(
        &self,
        user: &str,
        now: i64,
        seen_after: i64,
    ) -> Result<Vec<Session>, Error> {
        let reading = Error::database("reading sessions");
        let sql = format!(
            "select {COLUMNS} from sessions s where s.user_id = $1 and s.expires_at > $2 and s.seen_at > $3 \
             order by s.seen_at desc, s.token_hash limit 200"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(user)
            .bind(now)
            .bind(seen_after)
            .fetch_all(&self.readers)
            .await
            .map_err(&reading)?;
        rows.iter().map(session).collect::<Result<_, _>>().map_err(&reading)
    }

    /// Says that a session was seen.
    pub async fn see_session(&self, token_hash: &str, now: i64) -> Result<(), Error> {
        sqlx::query("update sessions set seen_at = $2 where token_hash = $1")
            .bind(token_hash)
            .bind(now)
            .execute(&self.writer)
            .await
            .map(|_| ())
            .map_err(Error::database("saying that a session was seen"))
    }

    /// Gives a session another token, because its user has proved again to be the one; `false` if it is gone.
    pub async fn renew_session(&self, old: &str, new: &str, deed: &Deed) -> Result<bool, Error> {
        let renewing = Error::database("renewing a session");
        let mut transaction = self.writer.begin().await.map_err(&renewing)?;
        let user: Option<String> = sqlx::query_scalar(
            "update sessions set token_hash = $2, proved_at = $3, seen_at = $3 where token_hash = $1 returning user_id",
        )
        .bind(old)
        .bind(new)
        .bind(deed.at)
        .fetch_optional(&mut *transaction)
        .await
        .map_err(&renewing)?;
        let Some(user) = user else { return Ok(false) };
        self.record_of_user("session.proved", &user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&renewing)?;
        Ok(true)
    }

    /// Ends one session of a user by its id; `false` if there is none.
    pub async fn end_session(&self, user: &str, id: &str, deed: &Deed) -> Result<bool, Error> {
        let sql =
            "delete from sessions where user_id = $1 and substr(token_hash, 1, length($2)) = $2";
        Ok(id.len() >= 32 && self.end_sessions(sql, user, id, deed).await? > 0)
    }

    /// Ends every session of a user but the one with this hash; how many those were.
    pub async fn end_other_sessions(
        &self,
        user: &str,
        kept: &str,
        deed: &Deed,
    ) -> Result<u64, Error> {
        let sql = "delete from sessions where user_id = $1 and token_hash <> $2";
        self.end_sessions(sql, user, kept, deed).await
    }

    async fn end_sessions(
        &self,
        sql: &'static str,
        user: &str,
        named: &str,
        deed: &Deed,
    ) -> Result<u64, Error> {
        let ending = Error::database("ending sessions");
        let mut transaction = self.writer.begin().await.map_err(&ending)?;
        let ended = sqlx::query(sql)
            .bind(user)
            .bind(named)
            .execute(&mut *transaction)
            .await
            .map_err(&ending)?
            .rows_affected();
        if ended > 0 {
            self.record_of_user("session.ended", user, deed, &mut transaction).await?;
        }
        transaction.commit().await.map_err(&ending)?;
        Ok(ended)
    }

    /// Writes down what happened to a user.
    pub(crate) async fn record_of_user(
        &self,
        action: &str,
        user: &str,
        deed: &Deed,
        transaction: &mut Transaction<'_, Any>,
    ) -> Result<(), Error> {
        let object = format!("user:{user}");
        self.record(deed, Done { action, object: &object, ..Done::default() }, transaction).await
    }
}

/// Every session of a user goes, and every link that would bring one.
pub(crate) async fn end_all(
    user: &str,
    kept: &str,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    let ending = Error::database("ending sessions");
    sqlx::query("delete from sessions where user_id = $1 and token_hash <> $2")
        .bind(user)
        .bind(kept)
        .execute(&mut **transaction)
        .await
        .map_err(&ending)?;
    sqlx::query("delete from links where user_id = $1")
        .bind(user)
        .execute(&mut **transaction)
        .await
        .map(|_| ())
        .map_err(&ending)
}

fn session(row: &AnyRow) -> Result<Session, sqlx::Error> {
    Ok(Session {
        token_hash: row.try_get(0)?,
        user: row.try_get(1)?,
        created_at: row.try_get(2)?,
        seen_at: row.try_get(3)?,
        proved_at: row.try_get(4)?,
        expires_at: row.try_get(5)?,
        origin: row.try_get(6)?,
    })
}
