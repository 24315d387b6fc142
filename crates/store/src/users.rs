//! People who sign in, and in which workspaces they are what.

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::pool::Store;
use crate::workspace::Workspace;

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// A UUID of version 7.
    pub id: String,
    /// Lower case.
    pub email: String,
    pub name: String,
    pub created_at: i64,
    pub signed_in_at: Option<i64>,
    pub deactivated_at: Option<i64>,
}

/// A user in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub user: User,
    /// As the server names it.
    pub role: String,
    pub unit: Option<String>,
    pub added_at: i64,
}

/// A workspace that a user is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub workspace: String,
    pub name: String,
    pub role: String,
    pub unit: Option<String>,
}

impl Store {
    /// Takes up a user; a [`Error::Conflict`] if the address is known.
    pub async fn create_user(&self, user: &User, deed: &Deed) -> Result<(), Error> {
        let creating = Error::database("taking up a user");
        let mut transaction = self.writer.begin().await.map_err(&creating)?;
        create(self, user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&creating)
    }

    /// The user of this id.
    pub async fn find_user(&self, id: &str) -> Result<Option<User>, Error> {
        self.find_user_by("id", id).await
    }

    /// The user of this address.
    pub async fn find_user_by_email(&self, email: &str) -> Result<Option<User>, Error> {
        self.find_user_by("email", &email.to_lowercase()).await
    }

    async fn find_user_by(&self, column: &'static str, value: &str) -> Result<Option<User>, Error> {
        let finding = Error::database("finding a user");
        let sql = format!(
            "select id, email, name, created_at, signed_in_at, deactivated_at from users where {column} = $1"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(value)
            .fetch_optional(&self.readers)
            .await
            .map_err(&finding)?;
        row.as_ref().map(user).transpose().map_err(&finding)
    }

    /// Whether anybody was taken up yet.
    pub async fn has_users(&self) -> Result<bool, Error> {
        let known: Option<String> = sqlx::query_scalar("select id from users limit 1")
            .fetch_optional(&self.readers)
            .await
            .map_err(Error::database("looking for users"))?;
        Ok(known.is_some())
    }

    /// Every user by id, at most `limit` after the one named.
    pub async fn users(&self, after: &str, limit: u32) -> Result<Vec<User>, Error> {
        let reading = Error::database("reading users");
        let rows = sqlx::query(
            "select id, email, name, created_at, signed_in_at, deactivated_at from users where id > $1 order by id limit $2",
        )
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(user).collect::<Result<_, _>>().map_err(&reading)
    }

    /// The workspaces that a user is in, by name.
    pub async fn memberships(&self, user: &str) -> Result<Vec<Membership>, Error> {
        let reading = Error::database("reading memberships");
        let rows = sqlx::query(
            "select w.id, w.name, m.role, m.unit from members m join workspaces w on w.id = m.workspace \
             where m.user_id = $1 order by w.name, w.id",
        )
        .bind(user)
        .fetch_all(&self.readers)
        .await
        .map_err(&reading)?;
        let membership = |row: &AnyRow| {
            Ok(Membership {
                workspace: row.try_get(0)?,
                name: row.try_get(1)?,
                role: row.try_get(2)?,
                unit: row.try_get(3)?,
            })
        };
        rows.iter().map(membership).collect::<Result<_, _>>().map_err(&reading)
    }
}

impl Workspace {
    /// Members by the id of the user, at most `limit` after the one named.
    pub async fn members(&self, after: &str, limit: u32) -> Result<Vec<Member>, Error> {
        let reading = Error::database("reading members");
        let rows = sqlx::query(
            "select u.id, u.email, u.name, u.created_at, u.signed_in_at, u.deactivated_at, m.role, m.unit, m.added_at \
             from members m join users u on u.id = m.user_id where m.workspace = $1 and u.id > $2 order by u.id limit $3",
        )
        .bind(&self.id)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(member).collect::<Result<_, _>>().map_err(&reading)
    }

    /// Makes a user a member, or changes what the member is.
    pub async fn set_member(
        &self,
        user: &str,
        role: &str,
        unit: Option<&str>,
        deed: &Deed,
    ) -> Result<(), Error> {
        let setting = Error::database("setting a member");
        let mut transaction = self.store.writer.begin().await.map_err(&setting)?;
        sqlx::query(
            "insert into members (workspace, user_id, role, unit, added_at) values ($1, $2, $3, $4, $5) \
             on conflict (workspace, user_id) do update set role = excluded.role, unit = excluded.unit",
        )
        .bind(&self.id)
        .bind(user)
        .bind(role)
        .bind(unit)
        .bind(deed.at)
        .execute(&mut *transaction)
        .await
        .map_err(&setting)?;
        let object = format!("user:{user}");
        let after = format!("{{\"role\":\"{role}\"}}");
        let done =
            Done { action: "member.set", object: &object, after: Some(&after), ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&setting)
    }
}

/// Takes up a user in a transaction.
pub(crate) async fn create(
    store: &Store,
    user: &User,
    deed: &Deed,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    let created = sqlx::query(
        "insert into users (id, email, name, created_at) values ($1, $2, $3, $4) on conflict do nothing",
    )
    .bind(&user.id)
    .bind(&user.email)
    .bind(&user.name)
    .bind(user.created_at)
    .execute(&mut **transaction)
    .await
    .map_err(Error::database("taking up a user"))?;
    if created.rows_affected() == 0 {
        return Err(Error::Conflict(format!(
            "there is a user with the address `{}` already",
            user.email
        )));
    }
    store.record_of_user("user.created", &user.id, deed, transaction).await
}

/// Of columns that begin with those of the user.
pub(crate) fn member(row: &AnyRow) -> Result<Member, sqlx::Error> {
    Ok(Member {
        user: user(row)?,
        role: row.try_get(6)?,
        unit: row.try_get(7)?,
        added_at: row.try_get(8)?,
    })
}

pub(crate) fn user(row: &AnyRow) -> Result<User, sqlx::Error> {
    Ok(User {
        id: row.try_get(0)?,
        email: row.try_get(1)?,
        name: row.try_get(2)?,
        created_at: row.try_get(3)?,
        signed_in_at: row.try_get(4)?,
        deactivated_at: row.try_get(5)?,
    })
}
