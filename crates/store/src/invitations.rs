//! Invitations: one link, for one address, into one workspace.

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::audit::{Deed, Done, record};
use crate::error::Error;
use crate::pool::Store;
use crate::users::User;
use crate::workspace::Workspace;

/// An invitation into a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub workspace: String,
    pub id: String,
    /// Lower case.
    pub email: String,
    pub role: String,
    pub unit: Option<String>,
    /// The id of a user or key.
    pub invited_by: String,
    pub created_at: i64,
    pub expires_at: i64,
    pub accepted_at: Option<i64>,
    /// Taken back.
    pub ended_at: Option<i64>,
}

const COLUMNS: &str =
    "workspace, id, email, role, unit, invited_by, created_at, expires_at, accepted_at, ended_at";

const INVITING: &str = "inviting somebody";

impl Workspace {
    /// Invites somebody; an open invitation of the same address is taken back.
    pub async fn invite(
        &self,
        invitation: &Invitation,
        token_hash: &str,
        deed: &Deed,
    ) -> Result<(), Error> {
        let inviting = Error::database(INVITING);
        let mut transaction = self.store.writer.begin().await.map_err(&inviting)?;
        let object = format!("invitation:{}", invitation.id);
        let after = format!("{{\"role\":\"{}\"}}", invitation.role);
        let done = Done {
            action: "invitation.made",
            object: &object,
            after: Some(&after),
            ..Done::default()
        };
        self.record(deed, done, &mut transaction).await?;
        sqlx::query(
            "update invitations set ended_at = $3 where workspace = $1 and email = $2 and accepted_at is null \
             and ended_at is null",
        )
        .bind(&self.id)
        .bind(&invitation.email)
        .bind(deed.at)
        .execute(&mut *transaction)
        .await
        .map_err(&inviting)?;
        sqlx::query(
            "insert into invitations (workspace, id, email, role, unit, token_hash, invited_by, created_at, expires_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&self.id)
        .bind(&invitation.id)
        .bind(&invitation.email)
        .bind(&invitation.role)
        .bind(&invitation.unit)
        .bind(token_hash)
        .bind(&invitation.invited_by)
        .bind(deed.at)
        .bind(invitation.expires_at)
        .execute(&mut *transaction)
        .await
        .map_err(&inviting)?;
        transaction.commit().await.map_err(&inviting)
    }

    /// Invitations by id, those that are over among them; at most `limit` after the one named.
    pub async fn invitations(&self, after: &str, limit: u32) -> Result<Vec<Invitation>, Error> {
        let reading = Error::database("reading invitations");
        let sql = format!(
            "select {COLUMNS} from invitations where workspace = $1 and id > $2 order by id limit $3"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&self.store.readers)
            .await
            .map_err(&reading)?;
        rows.iter().map(invitation).collect::<Result<_, _>>().map_err(&reading)
    }

    /// The invitation of this id.
    pub async fn find_invitation(&self, id: &str) -> Result<Option<Invitation>, Error> {
        let finding = Error::database("finding an invitation");
        let sql = format!("select {COLUMNS} from invitations where workspace = $1 and id = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(id)
            .fetch_optional(&self.store.readers)
            .await
            .map_err(&finding)?;
        row.as_ref().map(invitation).transpose().map_err(&finding)
    }

    /// Gives an open invitation another link and more time; the old link is no good any more. `false` if it is not open.
    pub async fn renew_invitation(
        &self,
        id: &str,
        token_hash: &str,
        expires_at: i64,
        deed: &Deed,
    ) -> Result<bool, Error> {
        let sql = "update invitations set token_hash = $3, expires_at = $4 where workspace = $1 and id = $2 \
                   and accepted_at is null and ended_at is null";
        self.change_invitation(sql, ("invitation.renewed", id), (token_hash, expires_at), deed)
            .await
    }

    /// Takes an open invitation back; `false` if it is not open.
    pub async fn end_invitation(&self, id: &str, deed: &Deed) -> Result<bool, Error> {
        let sql = "update invitations set token_hash = $3, ended_at = $4 where workspace = $1 and id = $2 \
                   and accepted_at is null and ended_at is null";
        // The hash of no token.
        let gone = format!("ended {} {id}", self.id);
        self.change_invitation(sql, ("invitation.ended", id), (&gone, deed.at), deed).await
    }

    async fn change_invitation(
        &self,
        sql: &'static str,
        (action, id): (&str, &str),
        (token_hash, at): (&str, i64),
        deed: &Deed,
    ) -> Result<bool, Error> {
        let inviting = Error::database(INVITING);
        let mut transaction = self.store.writer.begin().await.map_err(&inviting)?;
        let object = format!("invitation:{id}");
        let done = Done { action, object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        let changed = sqlx::query(sql)
            .bind(&self.id)
            .bind(id)
            .bind(token_hash)
            .bind(at)
            .execute(&mut *transaction)
            .await
            .map_err(&inviting)?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        transaction.commit().await.map_err(&inviting)?;
        Ok(true)
    }
}

impl Store {
    /// The open invitation of this token.
    pub async fn open_invitation(
        &self,
        token_hash: &str,
        now: i64,
    ) -> Result<Option<Invitation>, Error> {
        let finding = Error::database("finding an invitation");
        let sql = format!(
            "select {COLUMNS} from invitations where token_hash = $1 and expires_at > $2 and accepted_at is null \
             and ended_at is null"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(token_hash)
            .bind(now)
            .fetch_optional(&self.readers)
            .await
            .map_err(&finding)?;
        row.as_ref().map(invitation).transpose().map_err(&finding)
    }

    /// Whether an address has an open invitation into any workspace.
    pub async fn is_invited(&self, email: &str, now: i64) -> Result<bool, Error> {
        let found: Option<String> = sqlx::query_scalar(
            "select id from invitations where email = $1 and expires_at > $2 and accepted_at is null \
             and ended_at is null limit 1",
        )
        .bind(email)
        .bind(now)
        .fetch_optional(&self.readers)
        .await
        .map_err(Error::database("finding an invitation"))?;
        Ok(found.is_some())
    }

    /// A new user comes in by an invitation; `false` if it is not open.
    pub async fn join_as_new(
        &self,
        token_hash: &str,
        user: &User,
        password: &str,
        deed: &Deed,
    ) -> Result<bool, Error> {
        let joining = Error::database("joining a workspace");
        let mut transaction = self.writer.begin().await.map_err(&joining)?;
        crate::users::create(self, user, deed, &mut transaction).await?;
        sqlx::query("update users set password = $2 where id = $1")
            .bind(&user.id)
            .bind(password)
            .execute(&mut *transaction)
            .await
            .map_err(&joining)?;
        let by = ("token_hash", token_hash);
        if accept(by, &user.id, deed, &mut transaction).await? == 0 {
            return Ok(false);
        }
        transaction.commit().await.map_err(&joining)?;
        Ok(true)
    }

    /// A user comes in by an invitation; `false` if it is not open.
    pub async fn join(&self, token_hash: &str, user: &str, deed: &Deed) -> Result<bool, Error> {
        let joining = Error::database("joining a workspace");
        let mut transaction = self.writer.begin().await.map_err(&joining)?;
        let by = ("token_hash", token_hash);
        let joined = accept(by, user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&joining)?;
        Ok(joined > 0)
    }

    /// A user whose address was proved comes in by every open invitation of it; how many there were.
    pub async fn join_by_address(
        &self,
        email: &str,
        user: &str,
        deed: &Deed,
    ) -> Result<u64, Error> {
        let joining = Error::database("joining a workspace");
        let mut transaction = self.writer.begin().await.map_err(&joining)?;
        let joined = accept(("email", email), user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&joining)?;
        Ok(joined)
    }
}

/// Uses invitations up. Whoever is a member already stays what it is.
async fn accept(
    (column, value): (&'static str, &str),
    user: &str,
    deed: &Deed,
    transaction: &mut Transaction<'_, Any>,
) -> Result<u64, Error> {
    let joining = Error::database("joining a workspace");
    let sql = format!(
        "update invitations set accepted_at = $2 where {column} = $1 and expires_at > $2 and accepted_at is null \
         and ended_at is null returning {COLUMNS}"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(value)
        .bind(deed.at)
        .fetch_all(&mut **transaction)
        .await
        .map_err(&joining)?;
    let taken: Vec<Invitation> =
        rows.iter().map(invitation).collect::<Result<_, _>>().map_err(&joining)?;
    for invitation in &taken {
        sqlx::query(
            "insert into members (workspace, user_id, role, unit, added_at) values ($1, $2, $3, $4, $5) \
             on conflict do nothing",
        )
        .bind(&invitation.workspace)
        .bind(user)
        .bind(&invitation.role)
        .bind(&invitation.unit)
        .bind(deed.at)
        .execute(&mut **transaction)
        .await
        .map_err(&joining)?;
        let object = format!("user:{user}");
        let after = format!("{{\"invitation\":\"{}\"}}", invitation.id);
        let done = Done {
            action: "member.joined",
            object: &object,
            after: Some(&after),
            ..Done::default()
        };
        record(&invitation.workspace, deed, done, transaction).await?;
    }
    Ok(taken.len() as u64)
}

fn invitation(row: &AnyRow) -> Result<Invitation, sqlx::Error> {
    Ok(Invitation {
        workspace: row.try_get(0)?,
        id: row.try_get(1)?,
        email: row.try_get(2)?,
        role: row.try_get(3)?,
        unit: row.try_get(4)?,
        invited_by: row.try_get(5)?,
        created_at: row.try_get(6)?,
        expires_at: row.try_get(7)?,
        accepted_at: row.try_get(8)?,
        ended_at: row.try_get(9)?,
    })
}
