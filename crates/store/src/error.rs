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
    /// There is no room for the database; what was asked did not happen.
    #[error(
        "{context}: the disk of the database is full; make room and try again, nothing needs a restart"
    )]
    Full { context: &'static str },
    /// The database is not what was written.
    #[error("{context}: the database is damaged ({cause}); restore it from a backup")]
    Damaged { context: &'static str, cause: sqlx::Error },
    /// The database's: not there, broken.
    #[error("{context}: {cause}")]
    Database { context: &'static str, cause: sqlx::Error },
}

impl Error {
    /// A failure of the database while doing `context`.
    pub(crate) fn database(context: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |cause| match code(&cause).as_deref() {
            Some(code) if FULL.contains(&code) => Self::Full { context },
            Some(code) if is_damage(code) => Self::Damaged { context, cause },
            _ => Self::Database { context, cause },
        }
    }

    /// Whether the database does not answer: it may later, and the same statement with it.
    pub fn is_out_of_reach(&self) -> bool {
        let Self::Database { cause, .. } = self else { return false };
        match cause {
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut => true,
            // PostgreSQL's classes 08 (connections) and 57 (it is stopping or starting), and 53300 (too many connections).
            sqlx::Error::Database(cause) => cause.code().is_some_and(|code| {
                code.len() == 5
                    && (code.starts_with("08") || code.starts_with("57P") || code == "53300")
            }),
            _ => false,
        }
    }

    /// Whether the disk under the database is full.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full { .. })
    }
}

/// SQLite's `SQLITE_FULL` and `SQLITE_IOERR_SHMSIZE` (its index of the journal cannot grow), PostgreSQL's `disk_full`.
const FULL: [&str; 3] = ["13", "4874", "53100"];

/// SQLite's `SQLITE_CORRUPT` with all its kinds, and `SQLITE_NOTADB`; PostgreSQL's `data_corrupted` and `index_corrupted`,
/// whose codes have five characters.
fn is_damage(code: &str) -> bool {
    let of_sqlite = || code.parse::<u32>().is_ok_and(|code| [11, 26].contains(&(code & 0xff)));
    code == "XX001" || code == "XX002" || code.len() < 5 && of_sqlite()
}

fn code(cause: &sqlx::Error) -> Option<String> {
    let sqlx::Error::Database(cause) = cause else { return None };
    cause.code().map(|code| code.into_owned())
}
