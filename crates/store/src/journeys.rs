//! Journeys of a workspace: made, found, listed, put in their place. What their maps say is JSON here, and nobody's business.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::audit::{Deed, Done};
use crate::error::Error;
use crate::workspace::Workspace;

pub mod batches;
pub mod comments;
pub mod personas;
pub mod versions;

/// A journey without its map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourneyRow {
    pub id: String,
    pub name: String,
    pub title: String,
    pub scope: String,
    pub owner: Option<String>,
    pub parent: Option<String>,
    pub target_of: Option<String>,
    pub rev: i64,
    /// JSON.
    pub health: String,
    pub published: Option<i64>,
    pub published_rev: Option<i64>,
    pub created_at: i64,
    pub created_by: String,
    pub changed_at: i64,
    pub changed_by: String,
    pub retired_at: Option<i64>,
}

/// What is kept of a map beside it, so that lists need not read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub name: String,
    pub title: String,
    pub scope: String,
    pub owner: Option<String>,
    /// JSON.
    pub health: String,
    /// JSON.
    pub document: String,
}

/// Where a journey stands among others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Among {
    pub parent: Option<String>,
    pub target_of: Option<String>,
}

/// Which journeys of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// In the title, whatever the case.
    pub search: Option<String>,
    pub scope: Option<String>,
    pub parent: Option<String>,
    pub with_retired: bool,
    /// Folded title and id of the last one of the page before.
    pub after: Option<(String, String)>,
    pub limit: u32,
}

const COLUMNS: &str = "id, name, title, scope, owner, parent, target_of, rev, health, published, published_rev, \
    created_at, created_by, changed_at, changed_by, retired_at";

impl Workspace {
    /// Takes up a journey at rev 1.
    pub async fn create_journey(
        &self,
        id: &str,
        shown: &Shown,
        among: &Among,
        deed: &Deed,
    ) -> Result<(), Error> {
        let creating = Error::database("taking up a journey");
        let mut transaction = self.store.writer.begin().await.map_err(&creating)?;
        sqlx::query(
            "insert into journeys (workspace, id, name, title, title_folded, scope, owner, parent, target_of, rev, document, \
             health, created_at, created_by, changed_at, changed_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12, $13, $12, $13)",
        )
        .bind(&self.id)
        .bind(id)
        .bind(&shown.name)
        .bind(&shown.title)
        .bind(shown.title.to_lowercase())
        .bind(&shown.scope)
        .bind(&shown.owner)
        .bind(&among.parent)
        .bind(&among.target_of)
        .bind(&shown.document)
        .bind(&shown.health)
        .bind(deed.at)
        .bind(&deed.actor)
        .execute(&mut *transaction)
        .await
        .map_err(&creating)?;
        let object = format!("journey:{id}");
        let done = Done { action: "journey.created", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&creating)
    }

    /// A journey and its map.
    pub async fn find_journey(&self, id: &str) -> Result<Option<(JourneyRow, String)>, Error> {
        let finding = Error::database("finding a journey");
        let sql =
            format!("select {COLUMNS}, document from journeys where workspace = $1 and id = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(id)
            .fetch_optional(&self.store.readers)
            .await
            .map_err(&finding)?;
        let Some(row) = row else { return Ok(None) };
        let document: String = row.try_get("document").map_err(&finding)?;
        Ok(Some((journey(&row).map_err(&finding)?, document)))
    }

    /// Whether there is such a journey.
    pub async fn has_journey(&self, id: &str) -> Result<bool, Error> {
        let found: Option<String> =
            sqlx::query_scalar("select id from journeys where workspace = $1 and id = $2")
                .bind(&self.id)
                .bind(id)
                .fetch_optional(&self.store.readers)
                .await
                .map_err(Error::database("finding a journey"))?;
        Ok(found.is_some())
    }

    /// Journeys by title.
    pub async fn journeys(&self, sought: &Sought) -> Result<Vec<JourneyRow>, Error> {
        let listing = Error::database("listing journeys");
        let sql = format!(
            "select {COLUMNS} from journeys where workspace = $1 and ($2 = '' or title_folded like $2 escape '!') \
             and ($3 = '' or scope = $3) and ($4 = '' or parent = $4) and ($5 = 1 or retired_at is null) \
             and (title_folded > $6 or (title_folded = $6 and id > $7)) order by title_folded, id limit $8"
        );
        let like = sought.search.as_ref().map(|text| {
            let text = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
            format!("%{text}%")
        });
        let (title, id) = sought.after.clone().unwrap_or_default();
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&self.id)
            .bind(like.unwrap_or_default())
            .bind(sought.scope.clone().unwrap_or_default())
            .bind(sought.parent.clone().unwrap_or_default())
            .bind(i64::from(sought.with_retired))
            .bind(title)
            .bind(id)
            .bind(i64::from(sought.limit))
            .fetch_all(&self.store.readers)
            .await
            .map_err(&listing)?;
        rows.iter().map(journey).collect::<Result<_, _>>().map_err(&listing)
    }

    /// Puts a journey in another place, or out of use (`retired_at`) and back. False: there is none.
    pub async fn place_journey(
        &self,
        id: &str,
        among: &Among,
        retired_at: Option<i64>,
        deed: &Deed,
    ) -> Result<bool, Error> {
        let placing = Error::database("putting a journey in its place");
        let mut transaction = self.store.writer.begin().await.map_err(&placing)?;
        let placed = sqlx::query(
            "update journeys set parent = $3, target_of = $4, retired_at = $5 where workspace = $1 and id = $2",
        )
        .bind(&self.id)
        .bind(id)
        .bind(&among.parent)
        .bind(&among.target_of)
        .bind(retired_at)
        .execute(&mut *transaction)
        .await
        .map_err(&placing)?;
        if placed.rows_affected() == 0 {
            return Ok(false);
        }
        let object = format!("journey:{id}");
        let done = Done { action: "journey.placed", object: &object, ..Done::default() };
        self.record(deed, done, &mut transaction).await?;
        transaction.commit().await.map_err(&placing)?;
        Ok(true)
    }
}

fn journey(row: &AnyRow) -> Result<JourneyRow, sqlx::Error> {
    Ok(JourneyRow {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        title: row.try_get("title")?,
        scope: row.try_get("scope")?,
        owner: row.try_get("owner")?,
        parent: row.try_get("parent")?,
        target_of: row.try_get("target_of")?,
        rev: row.try_get("rev")?,
        health: row.try_get("health")?,
        published: row.try_get("published")?,
        published_rev: row.try_get("published_rev")?,
        created_at: row.try_get("created_at")?,
        created_by: row.try_get("created_by")?,
        changed_at: row.try_get("changed_at")?,
        changed_by: row.try_get("changed_by")?,
        retired_at: row.try_get("retired_at")?,
    })
}
