//! Versions of a journey: snapshots that never change, and which touchpoint of one is which of another.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::batches::Head;
use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::workspace::Workspace;

/// A version without its map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    pub number: i64,
    /// `published` or `named`.
    pub kind: String,
    pub name: String,
    pub note: String,
    pub rev: i64,
    pub created_at: i64,
    pub created_by: String,
}

/// A version to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVersion {
    pub is_published: bool,
    pub name: String,
    pub note: String,
    /// The map as people see it, JSON.
    pub document: String,
}

const COLUMNS: &str = "number, kind, name, note, rev, created_at, created_by";

impl Workspace {
    /// Keeps the present state as a version, which `make` decides about; `None`: there is no such journey.
    pub async fn keep_version<E: From<Error>>(
        &self,
        journey: &str,
        deed: &Deed,
        make: impl FnOnce(&Head) -> Result<NewVersion, E>,
    ) -> Result<Option<VersionRow>, E> {
        let keeping = Error::database("keeping a version");
        let mut transaction = self.store.writer.begin().await.map_err(&keeping)?;
        let Some(head) = self.lock_journey(journey, &mut transaction).await? else {
            return Ok(None);
        };
        let new = make(&head)?;
        let last: Option<i64> = sqlx::query_scalar(
            "select max(number) from journey_versions where workspace = $1 and journey = $2",
        )
        .bind(&self.id)
        .bind(journey)
        .fetch_one(&mut *transaction)
        .await
        .map_err(&keeping)?;
        let version = VersionRow {
            number: last.unwrap_or(0) + 1,
            kind: if new.is_published { "published" } else { "named" }.to_owned(),
            name: new.name,
            note: new.note,
            rev: head.rev,
            created_at: deed.at,
            created_by: deed.actor.clone(),
        };
        sqlx::query(
            "insert into journey_versions (workspace, journey, number, kind, name, note, rev, document, created_at, created_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&self.id)
        .bind(journey)
        .bind(version.number)
        .bind(&version.kind)
        .bind(&version.name)
        .bind(&version.note)
        .bind(version.rev)
        .bind(&new.document)
        .bind(version.created_at)
        .bind(&version.created_by)
        .execute(&mut *transaction)
        .await
        .map_err(&keeping)?;
        if new.is_published {
            sqlx::query(
                "update journeys set published = $3, published_rev = $4 where workspace = $1 and id = $2",
            )
            .bind(&self.id)
            .bind(journey)
            .bind(version.number)
            .bind(version.rev)
            .execute(&mut *transaction)
            .await
            .map_err(&keeping)?;
        }
        let (object, after) =
            (format!("journey:{journey}"), format!("{{\"version\":{}}}", version.number));
        let action = if new.is_published { "journey.published" } else { "journey.version_named" };
        let done = Done { action, object: &object, after: Some(&after), ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&keeping)?;
        Ok(Some(version))
    }

    /// Journeys of which a version was published, by id.
    pub async fn published_journeys(&self) -> Result<Vec<String>, Error> {
        sqlx::query_scalar(
            "select distinct journey from journey_versions where workspace = $1 and kind = 'published' order by journey",
        )
        .bind(&self.id)
        .fetch_all(&self.store.readers)
        .await
        .map_err(Error::database("reading which journeys are published"))
    }

    /// Versions of a journey, newest first.
    pub async fn versions(
        &self,
        journey: &str,
        before: i64,
        limit: u32,
    ) -> Result<Vec<VersionRow>, Error> {
        let listing = Error::database("listing versions");
        let sql = format!(
            "select {COLUMNS} from journey_versions where workspace = $1 and journey = $2 and number < $3 \
             order by number desc limit $4"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(journey)
            .bind(before)
            .bind(i64::from(limit))
            .fetch_all(&self.store.readers)
            .await
            .map_err(&listing)?;
        rows.iter().map(version).collect::<Result<_, _>>().map_err(&listing)
    }

    /// A version and its map.
    pub async fn find_version(
        &self,
        journey: &str,
        number: i64,
    ) -> Result<Option<(VersionRow, String)>, Error> {
        let finding = Error::database("finding a version");
        let sql = format!(
            "select {COLUMNS}, document from journey_versions where workspace = $1 and journey = $2 and number = $3"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(journey)
            .bind(number)
            .fetch_optional(&self.store.readers)
            .await
            .map_err(&finding)?;
        let Some(row) = row else { return Ok(None) };
        let document: String = row.try_get("document").map_err(&finding)?;
        Ok(Some((version(&row).map_err(&finding)?, document)))
    }

    /// What people settled about two versions, JSON.
    pub async fn find_mapping(
        &self,
        journey: &str,
        [from, to]: [i64; 2],
    ) -> Result<Option<String>, Error> {
        sqlx::query_scalar(
            "select mapping from journey_mappings where workspace = $1 and journey = $2 and from_number = $3 and to_number = $4",
        )
        .bind(&self.id)
        .bind(journey)
        .bind(from)
        .bind(to)
        .fetch_optional(&self.store.readers)
        .await
        .map_err(Error::database("finding a mapping"))
    }

    /// Settles which touchpoint of one version is which of another.
    pub async fn set_mapping(
        &self,
        journey: &str,
        [from, to]: [i64; 2],
        mapping: &str,
        deed: &Deed,
    ) -> Result<(), Error> {
        let setting = Error::database("setting a mapping");
        let mut transaction = self.store.writer.begin().await.map_err(&setting)?;
        sqlx::query(
            "insert into journey_mappings (workspace, journey, from_number, to_number, mapping, set_at, set_by) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (workspace, journey, from_number, to_number) \
             do update set mapping = excluded.mapping, set_at = excluded.set_at, set_by = excluded.set_by",
        )
        .bind(&self.id)
        .bind(journey)
        .bind(from)
        .bind(to)
        .bind(mapping)
        .bind(deed.at)
        .bind(&deed.actor)
        .execute(&mut *transaction)
        .await
        .map_err(&setting)?;
        let object = format!("journey:{journey}");
        let after = format!("{{\"from\":{from},\"to\":{to}}}");
        let done = Done {
            action: "journey.mapped",
            object: &object,
            after: Some(&after),
            ..Done::default()
        };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&setting)
    }
}

fn version(row: &AnyRow) -> Result<VersionRow, sqlx::Error> {
    Ok(VersionRow {
        number: row.try_get("number")?,
        kind: row.try_get("kind")?,
        name: row.try_get("name")?,
        note: row.try_get("note")?,
        rev: row.try_get("rev")?,
        created_at: row.try_get("created_at")?,
        created_by: row.try_get("created_by")?,
    })
}
