//! What can go wrong between here and the database, told apart by who can mend it.

/// Why a statement was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller's: the sentence says what to do.
    #[error("{0}")]
    Caller(String),
    /// Somebody else changed the same thing first: read again and decide anew.
    #[error("{0}")]
    Conflict(String),
    /// The database was written by a newer version of the program.
    #[error(
        "the database is of a newer version of footpath (it knows migration {0}); use that version, or restore a backup from before"
    )]
    Newer(i64),
    /// The database's: not there, full, broken.
    #[error("{context}: {cause}")]
    Database { context: &'static str, cause: sqlx::Error },
}

impl Error {
    /// A failure of the database while doing `context`.
    pub(crate) fn database(context: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |cause| Self::Database { context, cause }
    }

    /// Whether the disk under the database is full.
    pub fn is_full(&self) -> bool {
        let Self::Database { cause: sqlx::Error::Database(cause), .. } = self else { return false };
        // SQLite's SQLITE_FULL; PostgreSQL's disk_full.
        matches!(cause.code().as_deref(), Some("13" | "53100"))
    }
}
