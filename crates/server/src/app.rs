//! What a request can reach: the data folder, the settings, the clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::lake::{DataFolder, Ingest, Lake, Place};
use store::{Store, Workspace};
use tokio::runtime::Runtime;
use tokio::sync::{Notify, watch};

use crate::arrive::Room;
use crate::collect::Quotas;
use crate::config::Config;
use crate::error::Error;
use crate::journeys::rooms::{Rooms, Signal};
use crate::keeper::Keeper;
use crate::measures::Measures;
use crate::metrics::Metrics;
use crate::outbound::Outbound;
use crate::people::Hashing;
use crate::uploads::Importer;

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
    runtime: Arc<Runtime>,
    /// Held for a moment only: see `opening`.
    open: Mutex<HashMap<String, Open>>,
    measures: Measures,
    /// Held by whoever opens a lake.
    opening: tokio::sync::Mutex<()>,
    quotas: Quotas,
    room: Room,
    keeper: Keeper,
    metrics: Metrics,
    hashing: Hashing,
    rooms: Rooms,
    stopping: watch::Sender<bool>,
    importer: Importer,
    /// Told when there may be a job to do.
    work: Notify,
    outbound: Outbound,
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
        let outbound =
            Outbound::new(config.outbound_allow.clone()).map_err(engine::Error::caller)?;
        let folder = DataFolder::open_in(place, Arc::clone(&runtime))?;
        let room = Room::new(&config);
        let inner = Inner {
            measures: Measures::new(config.cache_mib),
            config,
            clock: place.clock,
            folder,
            runtime,
            open: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            quotas: Quotas::default(),
            room,
            keeper: Keeper::default(),
            metrics: Metrics::default(),
            hashing: Hashing::default(),
            rooms: Rooms::default(),
            stopping: watch::Sender::new(false),
            importer: Importer::default(),
            work: Notify::new(),
            outbound,
        };
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

    /// Tells everybody who looks at a map of a workspace that there are new numbers to ask for.
    pub fn measures_changed(&self, workspace: &str) {
        self.inner.rooms.signal_all(workspace, &Signal::Measures);
    }

    /// For what lives on beside the application.
    pub(crate) fn clock(&self) -> Clock {
        self.inner.clock
    }

    /// Says when the server stops: pushes never end by themselves.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.inner.stopping.subscribe()
    }

    pub(crate) fn stop(&self) {
        self.inner.stopping.send_replace(true);
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

    /// Judges the standards of every published journey over its last month that is over; gives back how many verdicts are new.
    pub async fn judge(&self) -> anyhow::Result<u64> {
        let judged = crate::measures::verdicts::judge(self).await;
        judged.map_err(|cause| anyhow::anyhow!("{cause:?}"))
    }

    /// What keys may still send.
    pub(crate) fn quotas(&self) -> &Quotas {
        &self.inner.quotas
    }

    /// How much may be asked at the same time.
    pub(crate) fn room(&self) -> &Room {
        &self.inner.room
    }

    /// Whoever moves events into files.
    pub(crate) fn keeper(&self) -> &Keeper {
        &self.inner.keeper
    }

    /// Whoever imports files.
    pub(crate) fn importer(&self) -> &Importer {
        &self.inner.importer
    }

    /// The database.
    pub fn store(&self) -> &Store {
        self.inner.folder.store()
    }

    /// Who looks at which journey.
    pub(crate) fn rooms(&self) -> &Rooms {
        &self.inner.rooms
    }

    /// The lake of a workspace, opened when it is first asked for.
    pub(crate) async fn lake(&self, workspace: &Workspace) -> Result<Open, Error> {
        if let Some(open) = self.find_open(workspace.id()) {
            return Ok(open);
        }
        // Whoever waits here leaves its thread to others: opening needs them.
        let _alone = self.inner.opening.lock().await;
        if let Some(open) = self.find_open(workspace.id()) {
            return Ok(open);
        }
        let (app, id) = (self.clone(), workspace.id().to_owned());
        self.wait(move || {
            let lake = Arc::new(app.inner.folder.lake(&id)?);
            let open = Open { ingest: lake.ingest(), lake };
            app.open_lakes().insert(id, open.clone());
            Ok(open)
        })
        .await
    }

    fn find_open(&self, workspace: &str) -> Option<Open> {
        self.open_lakes().get(workspace).cloned()
    }

    fn open_lakes(&self) -> MutexGuard<'_, HashMap<String, Open>> {
        self.inner.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lake of the first workspace, made if there is none, for a thread that may wait.
    pub fn first_lake(&self) -> Result<Arc<Lake>, engine::Error> {
        let workspace = self.store().workspace(store::FIRST_WORKSPACE, self.now());
        let workspace = self.inner.runtime.block_on(workspace)?;
        Ok(Arc::new(self.inner.folder.lake(workspace.id())?))
    }

    /// How the server itself does.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// The lake of a workspace that is there, for a thread that may wait.
    pub fn lake_of(&self, workspace: &Workspace) -> Result<Arc<Lake>, Error> {
        let runtime = Arc::clone(&self.inner.runtime);
        Ok(runtime.block_on(self.lake(workspace))?.lake)
    }

    /// The address that people use, without a `/` at its end.
    pub(crate) fn public_url(&self) -> String {
        let given = self.inner.config.public_url.as_deref().map(|url| url.trim_end_matches('/'));
        given.map_or_else(|| format!("http://{}", self.inner.config.listen), str::to_owned)
    }

    /// The one door to the world outside.
    pub(crate) fn outbound(&self) -> &Outbound {
        &self.inner.outbound
    }

    /// Tells a worker that there may be a job to do.
    pub(crate) fn wake(&self) {
        self.inner.work.notify_one();
    }

    /// Waits until somebody says that there may be a job to do.
    pub(crate) async fn woken(&self) {
        self.inner.work.notified().await;
    }

    /// Runs what waits for disk or computes long on a thread that may.
    pub(crate) async fn wait<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        tokio::task::spawn_blocking(work).await.map_err(|cause| Error::Internal(cause.into()))?
    }
}
