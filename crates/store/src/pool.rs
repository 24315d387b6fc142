//! The connections: one that writes and some that read on SQLite, one pool for both on PostgreSQL.

use std::path::Path;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection, Executor};

use crate::error::Error;
use crate::migrations::{found, last, migrate};

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

    /// A database by its address, `sqlite://…` or `postgres://…`, brought up to date.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let store = Self::connect(url).await?;
        store.bring_up_to_date().await?;
        Ok(store)
    }

    /// A database that may be in use by another process: it has to be up to date, and is not changed.
    pub async fn look_at(url: &str) -> Result<Self, Error> {
        let store = Self::connect(url).await?;
        match store.step().await? {
            Some(step) if step == last() => Ok(store),
            Some(step) if step > last() => Err(Error::Newer(step)),
            _ => Err(Error::Caller(
                "the database is of an older version of footpath; open it once with this one, which brings it up to date"
                    .to_owned(),
            )),
        }
    }

    /// Whether it holds something in the schema of an older version.
    pub async fn is_outdated(&self) -> Result<bool, Error> {
        Ok(self.step().await?.is_some_and(|step| step < last()))
    }

    /// Brings the schema up to this version.
    pub async fn bring_up_to_date(&self) -> Result<(), Error> {
        migrate(&self.writer, None).await
    }

    /// Brings the schema up to an older step, as an older version did: for trials of upgrades.
    pub async fn bring_up_to(&self, step: i64) -> Result<(), Error> {
        migrate(&self.writer, Some(step)).await
    }

    /// Carries out statements in a transaction that never ends: for trials of upgrades, in a process that is then killed.
    pub async fn begin_and_leave(&self, statements: &[String]) -> Result<(), Error> {
        let trying = Error::database("trying an upgrade");
        let mut transaction = self.writer.begin().await.map_err(&trying)?;
        for statement in statements {
            transaction.execute(AssertSqlSafe(statement.clone())).await.map_err(&trying)?;
        }
        std::mem::forget(transaction);
        Ok(())
    }

    async fn step(&self) -> Result<Option<i64>, Error> {
        found(&self.writer).await
    }

    /// A database as it is, of whatever version.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let connecting = Error::database("opening the database");
        let options: AnyConnectOptions = url.parse().map_err(&connecting)?;
        let is_sqlite = url.starts_with("sqlite:");
        if is_sqlite {
            // A pool tries again for as long as it has patience; what is no database will not become one.
            let mut first = AnyConnection::connect_with(&options).await.map_err(&connecting)?;
            first.execute(AssertSqlSafe(SQLITE)).await.map_err(&connecting)?;
            first.close().await.map_err(&connecting)?;
        }
        let pool = |connections: u32| {
            AnyPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(30))
                .after_release(|connection, _| Box::pin(is_fit(connection)))
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

/// Whether a connection may be used again.
///
/// SQLite takes a transaction back by itself when the disk is full or fails. The driver then cannot take it back, believes
/// that it is open still, and would put what follows into it: acknowledged, and never committed.
async fn is_fit(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // What was begun to be taken back is taken back when this is answered.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

/// An acknowledged commit survives the loss of power (`synchronous`), readers do not wait for the writer (`wal`), and what
/// is deleted is overwritten (`secure_delete`).
const SQLITE: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; \
                      pragma busy_timeout = 30000; pragma secure_delete = on;";

#[cfg(test)]
mod tests {
    use super::Store;
    use crate::{Event, Request};

    /// SQLite does so when the disk is full in the middle of a transaction.
    #[test]
    fn after_a_transaction_that_sqlite_took_back_a_commit_is_a_commit() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.sqlite");
        let event = |n: u64| Event {
            customer: n,
            identity: format!("customer {n}"),
            at: 0,
            activity: "paid".to_owned(),
            channel: None,
            event_id: None,
            attributes: None,
        };
        runtime.block_on(async {
            let store = Store::open_file(&path).await.unwrap();
            let here = store.workspace("here", 1).await.unwrap();
            let mut transaction = store.writer.begin().await.unwrap();
            sqlx::query("rollback").execute(&mut *transaction).await.unwrap();
            drop(transaction);
            // One that is given up for its own sake.
            drop(store.writer.begin().await.unwrap());
            for number in 0..3 {
                let request = Request { events: vec![event(number)], ..Request::default() };
                here.append(&[request], 1).await.unwrap();
            }
            // Another process sees what was acknowledged.
            let another = Store::open_file(&path).await.unwrap();
            let seen = another.workspace("here", 1).await.unwrap().tail_len().await.unwrap();
            assert_eq!(seen, 3);
            another.close().await;
            store.close().await;
        });
    }
}
