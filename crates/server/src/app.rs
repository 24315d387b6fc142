//! What a request can reach: the data folder, the settings, the clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use engine::lake::{DataFolder, Ingest, Lake, Place};
use store::{Store, Workspace};
use tokio::runtime::Runtime;

use crate::config::Config;
use crate::error::Error;
use crate::measures::Measures;

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
    measures: Measures,
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
        let measures = Measures::new(config.cache_mib);
        let inner = Inner { config, clock: place.clock, folder, open: Mutex::default(), measures };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// µs since 1970, UTC.
    pub(crate) fn now(&self) -> i64 {
        (self.inner.clock)()
    }

    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    pub(crate) fn measures(&self) -> &Measures {
        &self.inner.measures
    }

    /// Publishes the next version of a journey; gives back its number.
    pub fn publish(&self, workspace: &str, journey: &str, document: &str) -> u64 {
        self.inner.measures.documents.publish(workspace, journey, document)
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
        self.wait(move || Ok(app.open_lake(&id)?)).await
    }

    /// The lake of a workspace, for a thread that may wait.
    pub fn lake_of(&self, workspace: &str) -> Result<Arc<Lake>, engine::Error> {
        Ok(self.open_lake(workspace)?.lake)
    }

    fn open_lake(&self, id: &str) -> Result<Open, engine::Error> {
        let mut all = self.inner.open.lock().unwrap_or_else(|gone| gone.into_inner());
        if let Some(open) = all.get(id) {
            return Ok(open.clone());
        }
        let lake = Arc::new(self.inner.folder.lake(id)?);
        let open = Open { ingest: lake.ingest(), lake };
        all.insert(id.to_owned(), open.clone());
        Ok(open)
    }

    /// Runs what waits for disk or computes long on a thread that may.
    pub(crate) async fn wait<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        tokio::task::spawn_blocking(work).await.map_err(|cause| Error::Internal(cause.into()))?
    }
}
