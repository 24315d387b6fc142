//! The schema, step by step. A step that was released never changes; a new one is a file and a line here.

use std::borrow::Cow;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyPool, SqlStr};

use crate::error::Error;

const STEPS: &[(i64, &str, &str)] = &[
    (1, "lake", include_str!("../migrations/001_lake.sql")),
    (2, "jobs", include_str!("../migrations/002_jobs.sql")),
    (3, "people", include_str!("../migrations/003_people.sql")),
    (4, "accounts", include_str!("../migrations/004_accounts.sql")),
    (5, "attempts", include_str!("../migrations/005_attempts.sql")),
    (6, "collection", include_str!("../migrations/006_collection.sql")),
    (8, "told", include_str!("../migrations/008_told.sql")),
    (9, "verdicts", include_str!("../migrations/009_verdicts.sql")),
    (10, "outbox", include_str!("../migrations/010_outbox.sql")),
    (11, "findings", include_str!("../migrations/011_findings.sql")),
    (12, "journeys", include_str!("../migrations/012_journeys.sql")),
    (13, "retention", include_str!("../migrations/013_retention.sql")),
];

const UPDATING: &str = "bringing the database up to date";

/// Brings the database up to this version, or up to one step, each step in a transaction of its own.
pub(crate) async fn migrate(pool: &AnyPool, up_to: Option<i64>) -> Result<(), Error> {
    let step = |(version, name, sql): (i64, &'static str, &'static str)| {
        let sql = SqlStr::from_static(sql);
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
    };
    let wanted = STEPS.iter().copied().filter(|step| up_to.is_none_or(|up_to| step.0 <= up_to));
    let migrator = Migrator::with_migrations(wanted.map(step).collect());
    migrator.run(pool).await.map_err(|cause| match cause {
        MigrateError::VersionMissing(version) => Error::Newer(version),
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => {
            Error::database(UPDATING)(cause)
        }
        other => Error::Database { context: UPDATING, cause: other.into() },
    })
}

/// Each step: its number, and its statements with a `;` behind each.
pub fn steps() -> impl Iterator<Item = (i64, &'static str)> {
    STEPS.iter().copied().map(|(number, _, sql)| (number, sql))
}

/// The number of the last step.
pub(crate) fn last() -> i64 {
    STEPS.iter().map(|step| step.0).max().unwrap_or_default()
}

/// The last step that a database has; `None`: it is empty.
pub(crate) async fn found(pool: &AnyPool) -> Result<Option<i64>, Error> {
    // A database without the table of steps has none.
    let found =
        sqlx::query_scalar("select max(version) from _sqlx_migrations").fetch_one(pool).await;
    match found {
        Ok(step) => Ok(step),
        Err(sqlx::Error::Database(_)) => Ok(None),
        Err(cause) => Err(Error::database("looking at the database")(cause)),
    }
}

/// The tables that there are after a step, in an order in which they can be filled: as they were made.
pub(crate) fn tables(step: i64) -> impl Iterator<Item = &'static str> {
    let steps = STEPS.iter().copied().filter(move |it| it.0 <= step);
    let lines = steps.flat_map(|(_, _, sql)| sql.lines());
    lines.filter_map(|line| line.strip_prefix("create table ")?.split([' ', '(']).next())
}
