//! Kinds of customers that the journeys of a workspace share.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::workspace::Workspace;

/// A persona; what it says is JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonaRow {
    pub id: String,
    pub title: String,
    pub document: String,
    pub changed_at: i64,
}

impl Workspace {
    /// Personas behind an id, by id.
    pub async fn personas(&self, after: &str, limit: u32) -> Result<Vec<PersonaRow>, Error> {
        let listing = Error::database("listing personas");
        let rows = sqlx::query(
            "select id, title, document, changed_at from personas where workspace = $1 and id > $2 order by id limit $3",
        )
        .bind(&self.id)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&listing)?;
        rows.iter().map(persona).collect::<Result<_, _>>().map_err(&listing)
    }

    /// The persona of this id.
    pub async fn find_persona(&self, id: &str) -> Result<Option<PersonaRow>, Error> {
        let finding = Error::database("finding a persona");
        let row = sqlx::query(
            "select id, title, document, changed_at from personas where workspace = $1 and id = $2",
        )
        .bind(&self.id)
        .bind(id)
        .fetch_optional(&self.store.readers)
        .await
        .map_err(&finding)?;
        row.as_ref().map(persona).transpose().map_err(&finding)
    }

    /// Takes up a persona, or changes it.
    pub async fn set_persona(&self, persona: &PersonaRow, deed: &Deed) -> Result<(), Error> {
        let setting = Error::database("setting a persona");
        let mut transaction = self.store.writer.begin().await.map_err(&setting)?;
        sqlx::query(
            "insert into personas (workspace, id, title, document, changed_at, changed_by) values ($1, $2, $3, $4, $5, $6) \
             on conflict (workspace, id) do update set title = excluded.title, document = excluded.document, \
             changed_at = excluded.changed_at, changed_by = excluded.changed_by",
        )
        .bind(&self.id)
        .bind(&persona.id)
        .bind(&persona.title)
        .bind(&persona.document)
        .bind(deed.at)
        .bind(&deed.actor)
        .execute(&mut *transaction)
        .await
        .map_err(&setting)?;
        let object = format!("persona:{}", persona.id);
        let done = Done { action: "persona.set", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&setting)
    }

    /// Takes a persona away; false: there was none.
    pub async fn delete_persona(&self, id: &str, deed: &Deed) -> Result<bool, Error> {
        let deleting = Error::database("taking a persona away");
        let mut transaction = self.store.writer.begin().await.map_err(&deleting)?;
        let gone = sqlx::query("delete from personas where workspace = $1 and id = $2")
            .bind(&self.id)
            .bind(id)
            .execute(&mut *transaction)
            .await
            .map_err(&deleting)?;
        if gone.rows_affected() == 0 {
            return Ok(false);
        }
        let object = format!("persona:{id}");
        let done = Done { action: "persona.deleted", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&deleting)?;
        Ok(true)
    }
}

fn persona(row: &AnyRow) -> Result<PersonaRow, sqlx::Error> {
    Ok(PersonaRow {
        id: row.try_get(0)?,
        title: row.try_get(1)?,
        document: row.try_get(2)?,
        changed_at: row.try_get(3)?,
    })
}
