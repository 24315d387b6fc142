//! What the command line does with people, on a data folder that no server holds.

use store::{Deed, FIRST_WORKSPACE, User};

use super::links::new_user;
use super::{keys, leaving, rules};
use crate::app::App;
use crate::error::Error;
use crate::permissions::{Role, Scope};

/// People as whoever has the data folder reaches them.
#[derive(Debug)]
pub struct Desk<'a> {
    app: &'a App,
}

/// A user, and where it is what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserLine {
    pub email: String,
    pub name: String,
    pub is_deactivated: bool,
    /// Workspace and role.
    pub memberships: Vec<(String, String)>,
}

/// A key as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub id: String,
    pub prefix: String,
    pub name: String,
    pub scopes: Vec<String>,
    pub is_ended: bool,
}

/// A key that was made.
#[derive(Clone, PartialEq, Eq)]
pub struct Made {
    pub id: String,
    /// Shown once.
    pub secret: String,
}

/// The secret is one, in messages too.
impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Made({})", self.id)
    }
}

impl<'a> Desk<'a> {
    pub fn new(app: &'a App) -> Self {
        Self { app }
    }

    /// Every user.
    pub async fn users(&self) -> anyhow::Result<Vec<UserLine>> {
        let mut all = Vec::new();
        let mut after = String::new();
        loop {
            let users = self.app.store().users(&after, 500).await?;
            let Some(last) = users.last() else { return Ok(all) };
            after.clone_from(&last.id);
            for user in users {
                let memberships = self.app.store().memberships(&user.id).await?;
                let places = memberships.into_iter().map(|it| (it.workspace, it.role));
                all.push(UserLine {
                    email: user.email,
                    name: user.name,
                    is_deactivated: user.deactivated_at.is_some(),
                    memberships: places.collect(),
                });
            }
        }
    }

    /// Takes up a user with a role in a workspace; the link by which the user chooses a password.
    pub async fn add(
        &self,
        email: &str,
        name: &str,
        role: Role,
        workspace: Option<&str>,
    ) -> anyhow::Result<String> {
        let (email, name) = (rules::email(email).map_err(told)?, rules::name(name).map_err(told)?);
        let workspace = self.workspace(workspace).await?;
        let user = new_user(&email, &name, self.app.now());
        let deed = deed(self.app.now());
        self.app.store().create_user(&user, &deed).await?;
        workspace.set_member(&user.id, role.name(), None, &deed).await?;
        if role == Role::Owner && workspace.id() == FIRST_WORKSPACE {
            self.app.store().make_owner(&user.id, &deed).await?;
        }
        let made = leaving::password_link(self.app, &user.id, &deed).await.map_err(told)?;
        Ok(made.link)
    }

    /// Deactivates a user; what it owns goes to another one.
    pub async fn deactivate(&self, email: &str, hand_over_to: Option<&str>) -> anyhow::Result<()> {
        let user = self.user(email).await?;
        let successor = match hand_over_to {
            Some(email) => Some(self.user(email).await?.id),
            None => None,
        };
        let deed = deed(self.app.now());
        if !self.app.store().deactivate_user(&user.id, successor.as_deref(), &deed).await? {
            anyhow::bail!("`{email}` was deactivated before");
        }
        Ok(())
    }

    /// The link by which a user chooses a new password.
    pub async fn reset(&self, email: &str) -> anyhow::Result<String> {
        let user = self.user(email).await?;
        if user.deactivated_at.is_some() {
            anyhow::bail!("`{email}` is deactivated");
        }
        let deed = deed(self.app.now());
        Ok(leaving::password_link(self.app, &user.id, &deed).await.map_err(told)?.link)
    }

    /// Keys of a workspace.
    pub async fn keys(&self, workspace: Option<&str>) -> anyhow::Result<Vec<Standing>> {
        let workspace = self.workspace(workspace).await?;
        let mut all = Vec::new();
        let mut after = String::new();
        loop {
            let keys = workspace.keys(&after, 500).await?;
            let Some(last) = keys.last() else { return Ok(all) };
            after.clone_from(&last.id);
            all.extend(keys.into_iter().map(|key| Standing {
                id: key.id,
                prefix: key.prefix,
                name: key.name,
                scopes: key.scopes,
                is_ended: key.ended_at.is_some(),
            }));
        }
    }

    /// Makes a key.
    pub async fn create_key(
        &self,
        name: &str,
        scopes: &[Scope],
        workspace: Option<&str>,
    ) -> anyhow::Result<Made> {
        let name = rules::name(name).map_err(told)?;
        let workspace = self.workspace(workspace).await?;
        let now = self.app.now();
        let made = keys::new_key(&name, scopes, "system".to_owned(), now);
        let (key, token) = made.map_err(told)?;
        workspace.create_key(&key, &token.hash(), &deed(now)).await?;
        Ok(Made { id: key.id, secret: token.text().to_owned() })
    }

    /// Ends a key by its id.
    pub async fn end_key(&self, id: &str, workspace: Option<&str>) -> anyhow::Result<()> {
        let workspace = self.workspace(workspace).await?;
        if !workspace.end_key(id, &deed(self.app.now())).await? {
            anyhow::bail!("there is no key `{id}` that is alive; `footpath token list` shows all");
        }
        Ok(())
    }

    async fn user(&self, email: &str) -> anyhow::Result<User> {
        let found = self.app.store().find_user_by_email(email).await?;
        found.ok_or_else(|| {
            anyhow::anyhow!("there is no user `{email}`; `footpath user list` shows all")
        })
    }

    /// The workspace of this id; the first one is made when nobody did yet.
    async fn workspace(&self, id: Option<&str>) -> anyhow::Result<store::Workspace> {
        let Some(id) = id else {
            return Ok(self.app.store().workspace(FIRST_WORKSPACE, self.app.now()).await?);
        };
        let found = self.app.store().find_workspace(id).await?;
        found.ok_or_else(|| anyhow::anyhow!("there is no workspace `{id}`"))
    }
}

/// Done by whoever has the data folder.
pub(super) fn deed(at: i64) -> Deed {
    let (origin, request) = ("console".to_owned(), String::new());
    Deed { actor: "system".to_owned(), at, origin, request }
}

/// An error for the terminal.
pub(super) fn told(error: Error) -> anyhow::Error {
    match error {
        Error::Caller { message, .. } | Error::Later { message, .. } => anyhow::Error::msg(message),
        Error::Internal(cause) => cause,
    }
}
