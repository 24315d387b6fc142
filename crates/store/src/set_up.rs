//! The first user, and workspaces with their first owner.

use sqlx::{Any, Transaction};

use crate::audit::{Deed, Done, record};
use crate::error::Error;
use crate::pool::Store;
use crate::users::User;
use crate::workspace::Workspace;
use crate::{LinkKind, links};

/// Who sets an installation up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstUser<'a> {
    pub user: &'a User,
    /// In PHC form.
    pub password: &'a str,
    pub workspace_name: &'a str,
}

/// The workspace that programs use when none is named, and the first one of an installation.
pub const FIRST_WORKSPACE: &str = "default";

const SETTING_UP: &str = "setting up";

impl Store {
    /// Makes the first user, who owns the installation and every workspace that is there, and the first workspace. `false`
    /// if the link is no good, or somebody is there already.
    pub async fn set_up(
        &self,
        link: &str,
        first: &FirstUser<'_>,
        deed: &Deed,
    ) -> Result<bool, Error> {
        let setting_up = Error::database(SETTING_UP);
        self.workspace(FIRST_WORKSPACE, deed.at).await?;
        let workspaces = self.workspaces().await?;
        let mut transaction = self.writer.begin().await.map_err(&setting_up)?;
        if links::take(LinkKind::SetUp, link, deed.at, &mut transaction).await?.is_none() {
            return Ok(false);
        }
        let known: Option<String> = sqlx::query_scalar("select id from users limit 1")
            .fetch_optional(&mut *transaction)
            .await
            .map_err(&setting_up)?;
        if known.is_some() {
            return Ok(false);
        }
        crate::users::create(self, first.user, deed, &mut transaction).await?;
        sqlx::query("update users set password = $2, owner_since = $3 where id = $1")
            .bind(&first.user.id)
            .bind(first.password)
            .bind(deed.at)
            .execute(&mut *transaction)
            .await
            .map_err(&setting_up)?;
        sqlx::query("update workspaces set name = $2 where id = $1")
            .bind(FIRST_WORKSPACE)
            .bind(first.workspace_name)
            .execute(&mut *transaction)
            .await
            .map_err(&setting_up)?;
        for (id, _) in &workspaces {
            own(id, &first.user.id, deed, &mut transaction).await?;
        }
        transaction.commit().await.map_err(&setting_up)?;
        Ok(true)
    }

    /// Makes a user an owner of the whole installation.
    pub async fn make_owner(&self, user: &str, deed: &Deed) -> Result<(), Error> {
        let making = Error::database("making an owner");
        let mut transaction = self.writer.begin().await.map_err(&making)?;
        sqlx::query("update users set owner_since = $2 where id = $1 and owner_since is null")
            .bind(user)
            .bind(deed.at)
            .execute(&mut *transaction)
            .await
            .map_err(&making)?;
        self.record_of_user("user.made_owner", user, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&making)
    }

    /// Makes a workspace with an owner.
    pub async fn create_workspace(
        &self,
        id: &str,
        name: &str,
        owner: &str,
        deed: &Deed,
    ) -> Result<Workspace, Error> {
        let workspace = self.workspace(id, deed.at).await?;
        let creating = Error::database("making a workspace");
        let mut transaction = self.writer.begin().await.map_err(&creating)?;
        name_it(&workspace, "workspace.created", name, deed, &mut transaction).await?;
        own(id, owner, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&creating)?;
        Ok(workspace)
    }
}

impl Workspace {
    /// What people call it.
    pub async fn name(&self) -> Result<String, Error> {
        sqlx::query_scalar("select name from workspaces where id = $1")
            .bind(&self.id)
            .fetch_one(&self.store.readers)
            .await
            .map_err(Error::database("reading the name of a workspace"))
    }

    /// Gives it another name.
    pub async fn rename(&self, name: &str, deed: &Deed) -> Result<(), Error> {
        let naming = Error::database("naming a workspace");
        let mut transaction = self.store.writer.begin().await.map_err(&naming)?;
        name_it(self, "workspace.renamed", name, deed, &mut transaction).await?;
        transaction.commit().await.map_err(&naming)
    }
}

async fn name_it(
    workspace: &Workspace,
    action: &str,
    name: &str,
    deed: &Deed,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    let object = format!("workspace:{}", workspace.id);
    workspace
        .record(deed, Done { action, object: &object, ..Done::default() }, transaction)
        .await?;
    sqlx::query("update workspaces set name = $2 where id = $1")
        .bind(&workspace.id)
        .bind(name)
        .execute(&mut **transaction)
        .await
        .map(|_| ())
        .map_err(Error::database("naming a workspace"))
}

async fn own(
    workspace: &str,
    user: &str,
    deed: &Deed,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    sqlx::query(
        "insert into members (workspace, user_id, role, added_at) values ($1, $2, 'owner', $3) \
         on conflict (workspace, user_id) do update set role = 'owner'",
    )
    .bind(workspace)
    .bind(user)
    .bind(deed.at)
    .execute(&mut **transaction)
    .await
    .map_err(Error::database(SETTING_UP))?;
    let object = format!("user:{user}");
    let done = Done { action: "member.set", object: &object, ..Done::default() };
    record(workspace, deed, done, transaction).await
}
