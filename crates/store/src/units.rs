//! Departments, branches, dealers: a tree in each workspace.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::workspace::Workspace;

/// A part of the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub id: String,
    pub name: String,
    /// The unit that it is a part of.
    pub parent: Option<String>,
}

const CHANGING: &str = "changing a unit";

/// Units below units below units.
const DEEPEST: usize = 32;

impl Workspace {
    /// Units by id, at most `limit` after the one named.
    pub async fn units(&self, after: &str, limit: u32) -> Result<Vec<Unit>, Error> {
        let reading = Error::database("reading units");
        let rows = sqlx::query(
            "select id, name, parent from units where workspace = $1 and id > $2 order by id limit $3",
        )
        .bind(&self.id)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.store.readers)
        .await
        .map_err(&reading)?;
        rows.iter().map(unit).collect::<Result<_, _>>().map_err(&reading)
    }

    /// The unit of this id.
    pub async fn find_unit(&self, id: &str) -> Result<Option<Unit>, Error> {
        let finding = Error::database("finding a unit");
        let row =
            sqlx::query("select id, name, parent from units where workspace = $1 and id = $2")
                .bind(&self.id)
                .bind(id)
                .fetch_optional(&self.store.readers)
                .await
                .map_err(&finding)?;
        row.as_ref().map(unit).transpose().map_err(&finding)
    }

    /// Makes a unit, or changes its name and place. No unit is below itself.
    pub async fn set_unit(&self, unit: &Unit, deed: &Deed) -> Result<(), Error> {
        let changing = Error::database(CHANGING);
        let mut transaction = self.store.writer.begin().await.map_err(&changing)?;
        let object = format!("unit:{}", unit.id);
        // It holds the workspace's log until the commit: two moves cannot make a ring together.
        let done = Done { action: "unit.set", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        let mut above = unit.parent.clone();
        for _ in 0..DEEPEST {
            let Some(id) = above else { break };
            if id == unit.id {
                return Err(Error::Conflict("a unit cannot be a part of itself".to_owned()));
            }
            let parent: Option<Option<String>> =
                sqlx::query_scalar("select parent from units where workspace = $1 and id = $2")
                    .bind(&self.id)
                    .bind(&id)
                    .fetch_optional(&mut *transaction)
                    .await
                    .map_err(&changing)?;
            let Some(parent) = parent else {
                return Err(Error::Caller(format!("the unit `{id}` does not exist")));
            };
            above = parent;
        }
        if above.is_some() {
            return Err(Error::Caller(format!("units go at most {DEEPEST} deep")));
        }
        sqlx::query(
            "insert into units (workspace, id, name, parent) values ($1, $2, $3, $4) \
             on conflict (workspace, id) do update set name = excluded.name, parent = excluded.parent",
        )
        .bind(&self.id)
        .bind(&unit.id)
        .bind(&unit.name)
        .bind(&unit.parent)
        .execute(&mut *transaction)
        .await
        .map_err(&changing)?;
        transaction.commit().await.map_err(&changing)
    }

    /// Takes a unit away that nobody is in and nothing is below; `false` if there is none.
    pub async fn remove_unit(&self, id: &str, deed: &Deed) -> Result<bool, Error> {
        let changing = Error::database(CHANGING);
        let mut transaction = self.store.writer.begin().await.map_err(&changing)?;
        let object = format!("unit:{id}");
        let done = Done { action: "unit.removed", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        let used: i64 = sqlx::query_scalar(
            "select (select count(*) from units where workspace = $1 and parent = $2) \
             + (select count(*) from members where workspace = $1 and unit = $2)",
        )
        .bind(&self.id)
        .bind(id)
        .fetch_one(&mut *transaction)
        .await
        .map_err(&changing)?;
        if used > 0 {
            let message = format!(
                "{used} members and units are in the unit `{id}`; move them elsewhere first"
            );
            return Err(Error::Conflict(message));
        }
        let removed = sqlx::query("delete from units where workspace = $1 and id = $2")
            .bind(&self.id)
            .bind(id)
            .execute(&mut *transaction)
            .await
            .map_err(&changing)?;
        if removed.rows_affected() == 0 {
            return Ok(false);
        }
        transaction.commit().await.map_err(&changing)?;
        Ok(true)
    }
}

fn unit(row: &AnyRow) -> Result<Unit, sqlx::Error> {
    Ok(Unit { id: row.try_get(0)?, name: row.try_get(1)?, parent: row.try_get(2)? })
}
