//! What a request can reach: the data folder, the settings, the clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use engine::lake::{DataFolder, Ingest, Lake, Place};
use store::{Store, Workspace};
use tokio::runtime::Runtime;

use crate::config::Config;
use crate::error::Error;
use crate::people::Hashing;

/// Tells µs since 1970, UTC.
pub type Clock = fn() -> i64;

/// The application. Clones share everything; the last one that goes has to be on a thread that may wait.
#[derive(Debug, Clone)]
pub struct App {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: Config,
    clock: Clock,
    folder: Arc<DataFolder>,
    open: Mutex<HashMap<String, Open>>,
    hashing: Hashing,
}

/// A lake that was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub(crate) lake: Arc<Lake>,
    pub(crate) ingest: Ingest,
}

impl App {
    /// Opens the data folder; waiting for its database is done in this runtime.
    pub fn open(
        config: Config,
        place: &Place,
        runtime: Arc<Runtime>,
    ) -> Result<Self, engine::Error> {
        let folder = DataFolder::open_in(place, runtime)?;
        let (open, hashing) = (Mutex::default(), Hashing::default());
        let inner = Inner { config, clock: place.clock, folder, open, hashing };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// µs since 1970, UTC.
    pub(crate) fn now(&self) -> i64 {
        (self.inner.clock)()
    }

    /// A session that was not seen since then is over.
    pub(crate) fn seen_after(&self) -> i64 {
        self.now() - i64::from(self.config().session_hours) * 3600 * 1_000_000
    }

    /// Where passwords are hashed.
    pub(crate) fn hashing(&self) -> &Hashing {
        &self.inner.hashing
    }

    /// How many passwords were hashed since the start, whether to keep or to compare.
    pub fn passwords_hashed(&self) -> u64 {
        self.inner.hashing.count()
    }

    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The database.
    pub fn store(&self) -> &Store {
        self.inner.folder.store()
    }

    /// The lake of a workspace, opened when it is first asked for.
    pub(crate) async fn lake(&self, workspace: &Workspace) -> Result<Open, Error> {
        let known = |app: &Self| {
            app.inner
                .open
                .lock()
                .unwrap_or_else(|gone| gone.into_inner())
                .get(workspace.id())
                .cloned()
        };
        if let Some(open) = known(self) {
            return Ok(open);
        }
        let (app, id) = (self.clone(), workspace.id().to_owned());
        self.wait(move || {
            let mut all = app.inner.open.lock().unwrap_or_else(|gone| gone.into_inner());
            if let Some(open) = all.get(&id) {
                return Ok(open.clone());
            }
            let lake = Arc::new(app.inner.folder.lake(&id)?);
            let open = Open { ingest: lake.ingest(), lake };
            all.insert(id, open.clone());
            Ok(open)
        })
        .await
    }

    /// Runs what waits for disk or computes long on a thread that may.
    pub(crate) async fn wait<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        tokio::task::spawn_blocking(work).await.map_err(|cause| Error::Internal(cause.into()))?
    }
}
