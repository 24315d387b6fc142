//! Who is what in a workspace, and how somebody leaves: never the last owner, and never with things in hand.

use sqlx::{Any, Row, Transaction};

use crate::audit::{Deed, Done, record};
use crate::error::Error;
use crate::owned::hand_over;
use crate::pool::Store;
use crate::sessions::end_all;
use crate::users::Member;
use crate::workspace::Workspace;

const CHANGING: &str = "changing a member";

impl Workspace {
    /// The member who is this user.
    pub async fn find_member(&self, user: &str) -> Result<Option<Member>, Error> {
        let finding = Error::database("finding a member");
        let row = sqlx::query(
            "select u.id, u.email, u.name, u.created_at, u.signed_in_at, u.deactivated_at, m.role, m.unit, m.added_at \
             from members m join users u on u.id = m.user_id where m.workspace = $1 and u.id = $2",
        )
        .bind(&self.id)
        .bind(user)
        .fetch_optional(&self.store.readers)
        .await
        .map_err(&finding)?;
        row.as_ref().map(crate::users::member).transpose().map_err(&finding)
    }

    /// Makes a member something else; `false` if the user is no member. A workspace keeps an owner.
    pub async fn change_member(
        &self,
        user: &str,
        role: &str,
        unit: Option<&str>,
        deed: &Deed,
    ) -> Result<bool, Error> {
        let changing = Error::database(CHANGING);
        let mut transaction = self.store.writer.begin().await.map_err(&changing)?;
        let object = format!("user:{user}");
        let after = format!("{{\"role\":\"{role}\"}}");
        let done =
            Done { action: "member.set", object: &object, after: Some(&after), ..Done::default() };
        // It holds the workspace's log until the commit, so that no two owners go at the same time.
        self.record(deed, done, &mut transaction).await?;
        let before = owners(&self.id, &mut transaction).await?;
        let changed = sqlx::query(
            "update members set role = $3, unit = $4 where workspace = $1 and user_id = $2",
        )
        .bind(&self.id)
        .bind(user)
        .bind(role)
        .bind(unit)
        .execute(&mut *transaction)
        .await
        .map_err(&changing)?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        keeps_owner(&self.id, before, &mut transaction).await?;
        transaction.commit().await.map_err(&changing)?;
        Ok(true)
    }

    /// Takes a member out; `false` if the user is none. What the user owns here goes to `successor`.
    pub async fn remove_member(
        &self,
        user: &str,
        successor: Option<&str>,
        deed: &Deed,
    ) -> Result<bool, Error> {
        let changing = Error::database(CHANGING);
        let mut transaction = self.store.writer.begin().await.map_err(&changing)?;
        let leaving = Leaving { workspace: &self.id, user, successor };
        leave("member.removed", leaving, deed, &mut transaction).await?;
        let before = owners(&self.id, &mut transaction).await?;
        let removed = sqlx::query("delete from members where workspace = $1 and user_id = $2")
            .bind(&self.id)
            .bind(user)
            .execute(&mut *transaction)
            .await
            .map_err(&changing)?;
        if removed.rows_affected() == 0 {
            return Ok(false);
        }
        keeps_owner(&self.id, before, &mut transaction).await?;
        transaction.commit().await.map_err(&changing)?;
        Ok(true)
    }
}

impl Store {
    /// Refuses a user everywhere from now on: every session ends, and what the user owns goes to `successor`, who has to
    /// be a member wherever something is owned. `false` if the user is not there or was deactivated before.
    pub async fn deactivate_user(
        &self,
        user: &str,
        successor: Option<&str>,
        deed: &Deed,
    ) -> Result<bool, Error> {
        let changing = Error::database("deactivating a user");
        let mut transaction = self.writer.begin().await.map_err(&changing)?;
        self.record_of_user("user.deactivated", user, deed, &mut transaction).await?;
        let owners_before = installation_owners(&mut transaction).await?;
        let rows =
            sqlx::query("select workspace from members where user_id = $1 order by workspace")
                .bind(user)
                .fetch_all(&mut *transaction)
                .await
                .map_err(&changing)?;
        let mut places: Vec<(String, i64)> = Vec::new();
        for row in rows {
            let id: String = row.try_get(0).map_err(&changing)?;
            let leaving = Leaving { workspace: &id, user, successor };
            leave("user.deactivated", leaving, deed, &mut transaction).await?;
            let before = owners(&id, &mut transaction).await?;
            places.push((id, before));
        }
        let changed = sqlx::query(
            "update users set deactivated_at = $2 where id = $1 and deactivated_at is null",
        )
        .bind(user)
        .bind(deed.at)
        .execute(&mut *transaction)
        .await
        .map_err(&changing)?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        for (id, before) in places {
            keeps_owner(&id, before, &mut transaction).await?;
        }
        if owners_before > 0 && installation_owners(&mut transaction).await? == 0 {
            let message =
                "this is the last owner of the whole installation; make somebody else one first";
            return Err(Error::Conflict(message.to_owned()));
        }
        end_all(user, "", &mut transaction).await?;
        transaction.commit().await.map_err(&changing)?;
        Ok(true)
    }
}

/// Who leaves what to whom.
struct Leaving<'a> {
    workspace: &'a str,
    user: &'a str,
    successor: Option<&'a str>,
}

/// What a user leaves behind in a workspace: things in other hands, no open invitation.
async fn leave(
    action: &str,
    Leaving { workspace, user, successor }: Leaving<'_>,
    deed: &Deed,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    let object = format!("user:{user}");
    let after = successor.map(|successor| format!("{{\"handed_over_to\":\"{successor}\"}}"));
    let done = Done { action, object: &object, after: after.as_deref(), ..Done::default() };
    record(workspace, deed, done, transaction).await?;
    hand_over(workspace, user, successor, transaction).await?;
    sqlx::query(
        "update invitations set ended_at = $3 where workspace = $1 and invited_by = $2 and accepted_at is null \
         and ended_at is null",
    )
    .bind(workspace)
    .bind(user)
    .bind(deed.at)
    .execute(&mut **transaction)
    .await
    .map(|_| ())
    .map_err(Error::database(CHANGING))
}

/// Owners of a workspace who can sign in.
async fn owners(workspace: &str, transaction: &mut Transaction<'_, Any>) -> Result<i64, Error> {
    sqlx::query_scalar(
        "select count(*) from members m join users u on u.id = m.user_id \
         where m.workspace = $1 and m.role = 'owner' and u.deactivated_at is null",
    )
    .bind(workspace)
    .fetch_one(&mut **transaction)
    .await
    .map_err(Error::database(CHANGING))
}

/// A workspace that lost its last owner could never be given one.
async fn keeps_owner(
    workspace: &str,
    before: i64,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    if before == 0 || owners(workspace, transaction).await? > 0 {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "this is the last owner of the workspace `{workspace}`; make somebody else an owner first"
    )))
}

/// Owners of the whole installation who can sign in.
async fn installation_owners(transaction: &mut Transaction<'_, Any>) -> Result<i64, Error> {
    sqlx::query_scalar(
        "select count(*) from users where owner_since is not null and deactivated_at is null",
    )
    .fetch_one(&mut **transaction)
    .await
    .map_err(Error::database(CHANGING))
}
