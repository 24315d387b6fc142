//! The schema, step by step. A step that was released never changes; a new one is a file and a line here.

use std::borrow::Cow;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyPool, SqlStr};

use crate::error::Error;

const STEPS: [(i64, &str, &str); 4] = [
    (1, "lake", include_str!("../migrations/001_lake.sql")),
    (2, "jobs", include_str!("../migrations/002_jobs.sql")),
    (3, "people", include_str!("../migrations/003_people.sql")),
    (4, "accounts", include_str!("../migrations/004_accounts.sql")),
];

const UPDATING: &str = "bringing the database up to date";

/// Brings the database up to this version, each step in a transaction of its own.
pub(crate) async fn migrate(pool: &AnyPool) -> Result<(), Error> {
    let step = |(version, name, sql): (i64, &'static str, &'static str)| {
        let sql = SqlStr::from_static(sql);
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
    };
    let migrator = Migrator::with_migrations(STEPS.map(step).to_vec());
    migrator.run(pool).await.map_err(|cause| match cause {
        MigrateError::VersionMissing(version) => Error::Newer(version),
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => {
            Error::database(UPDATING)(cause)
        }
        other => Error::Database { context: UPDATING, cause: other.into() },
    })
}
