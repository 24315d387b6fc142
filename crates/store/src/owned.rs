//! What a user owns in a workspace, and that it goes to somebody else when the user leaves.
//!
//! Whoever adds a thing that has an owner adds a line to [`KINDS`].

use sqlx::{Any, Row, Transaction};

use crate::error::Error;
use crate::workspace::Workspace;

/// A thing and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    /// As the audit log names it.
    pub kind: &'static str,
    pub id: String,
    pub name: String,
}

/// A kind of thing that has an owner.
struct Kind {
    name: &'static str,
    /// Id and name of what the user `$2` owns in the workspace `$1`.
    list: &'static str,
    /// Gives it to `$3`.
    hand_over: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind {
        name: "key",
        list: "select id, name from api_keys where workspace = $1 and created_by = $2 and ended_at is null order by id",
        hand_over: "update api_keys set created_by = $3 where workspace = $1 and created_by = $2 and ended_at is null",
    },
    Kind {
        name: "finding",
        list: "select id, sentence from findings where workspace = $1 and owner = $2 and state <> 'resolved' order by id",
        hand_over: "update findings set owner = $3, owner_chosen = 1 where workspace = $1 and owner = $2",
    },
];

const READING: &str = "reading what a user owns";

impl Workspace {
    /// Everything that a user owns here.
    pub async fn owned(&self, user: &str) -> Result<Vec<Owned>, Error> {
        let reading = Error::database(READING);
        let mut all = Vec::new();
        for kind in &KINDS {
            let rows = sqlx::query(kind.list)
                .bind(&self.id)
                .bind(user)
                .fetch_all(&self.store.readers)
                .await
                .map_err(&reading)?;
            for row in rows {
                let id = row.try_get(0).map_err(&reading)?;
                all.push(Owned { kind: kind.name, id, name: row.try_get(1).map_err(&reading)? });
            }
        }
        Ok(all)
    }
}

/// Gives what a user owns in a workspace to a member there. Without one nothing may be owned.
pub(crate) async fn hand_over(
    workspace: &str,
    user: &str,
    successor: Option<&str>,
    transaction: &mut Transaction<'_, Any>,
) -> Result<(), Error> {
    let giving = Error::database("handing over what a user owns");
    let mut n_owned = 0;
    for kind in &KINDS {
        n_owned += sqlx::query(kind.list)
            .bind(workspace)
            .bind(user)
            .fetch_all(&mut **transaction)
            .await
            .map_err(&giving)?
            .len();
    }
    if n_owned == 0 {
        return Ok(());
    }
    let Some(successor) = successor else {
        return Err(Error::Conflict(format!(
            "the user owns {n_owned} {} in the workspace `{workspace}`; say in `hand_over_to` which member takes over",
            if n_owned == 1 { "thing" } else { "things" }
        )));
    };
    let alive: Option<String> = sqlx::query_scalar(
        "select u.id from members m join users u on u.id = m.user_id \
         where m.workspace = $1 and u.id = $2 and u.id <> $3 and u.deactivated_at is null",
    )
    .bind(workspace)
    .bind(successor)
    .bind(user)
    .fetch_optional(&mut **transaction)
    .await
    .map_err(&giving)?;
    if alive.is_none() {
        return Err(Error::Conflict(format!(
            "`hand_over_to` has to be another member of the workspace `{workspace}`, who is not deactivated"
        )));
    }
    for kind in &KINDS {
        sqlx::query(kind.hand_over)
            .bind(workspace)
            .bind(user)
            .bind(successor)
            .execute(&mut **transaction)
            .await
            .map_err(&giving)?;
    }
    Ok(())
}
