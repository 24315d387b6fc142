//! The connections: one that writes and some that read on SQLite, one pool for both on PostgreSQL.

use std::path::Path;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, AssertSqlSafe, Executor};

use crate::error::Error;
use crate::migrations::migrate;

/// A database that is up to date.
#[derive(Debug, Clone)]
pub struct Store {
    /// One connection on SQLite, which has one writer.
    pub(crate) writer: AnyPool,
    pub(crate) readers: AnyPool,
    pub(crate) is_sqlite: bool,
}

const READERS: u32 = 4;

impl Store {
    /// SQLite in a file, which is made if it is not there.
    pub async fn open_file(path: &Path) -> Result<Self, Error> {
        let url = format!("sqlite://{}?mode=rwc", path.display());
        Self::open(&url).await
    }

    /// A database by its address: `sqlite://…` or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let connecting = Error::database("opening the database");
        let options: AnyConnectOptions = url.parse().map_err(&connecting)?;
        let is_sqlite = url.starts_with("sqlite:");
        let pool = |connections: u32| {
            AnyPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(30))
                .after_connect(move |connection, _| {
                    Box::pin(async move {
                        if is_sqlite {
                            connection.execute(AssertSqlSafe(SQLITE)).await?;
                        }
                        Ok(())
                    })
                })
        };
        let writers = if is_sqlite { 1 } else { READERS };
        let writer = pool(writers).connect_with(options.clone()).await.map_err(&connecting)?;
        migrate(&writer).await?;
        let readers = if is_sqlite {
            pool(READERS).connect_with(options).await.map_err(&connecting)?
        } else {
            writer.clone()
        };
        Ok(Self { writer, readers, is_sqlite })
    }

    /// Closes all connections; on SQLite the journal is folded back into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// An acknowledged commit survives the loss of power (`synchronous`), readers do not wait for the writer (`wal`), and what
/// is deleted is overwritten (`secure_delete`).
const SQLITE: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; \
                      pragma busy_timeout = 30000; pragma secure_delete = on;";
