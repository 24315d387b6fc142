//! A data folder held by this process: one database, one disk, and a lake for each workspace.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use store::Store;
use tokio::runtime::Runtime;

use super::Lake;
use super::backup::before_upgrade;
use super::disk::{Disk, is_out_of_reach};
use super::place::Place;
use crate::error::Error;

/// An open data folder. The last one that holds it closes the database: that has to be a thread that may wait.
#[derive(Debug)]
pub struct DataFolder {
    store: Store,
    disk: Arc<dyn Disk>,
    runtime: Arc<Runtime>,
    clock: fn() -> i64,
    folder: PathBuf,
    /// Held as long as the folder is open; a second process finds it taken.
    _lock: Option<File>,
}

impl DataFolder {
    /// Opens a data folder, and makes it if there is none.
    pub fn open(place: &Place) -> Result<Arc<Self>, Error> {
        Self::open_in(place, Arc::new(one_thread()?))
    }

    /// As [`Self::open`], where waiting for the database is done in this runtime.
    pub fn open_in(place: &Place, runtime: Arc<Runtime>) -> Result<Arc<Self>, Error> {
        let is_new = !place.folder.exists();
        let lock = place.take()?;
        let opened = place.disk().and_then(|disk| Self::on(place, disk, Some(lock), runtime));
        opened.inspect_err(|_| {
            if is_new {
                place.leave();
            }
        })
    }

    pub(super) fn on(
        place: &Place,
        disk: Arc<dyn Disk>,
        lock: Option<File>,
        runtime: Arc<Runtime>,
    ) -> Result<Arc<Self>, Error> {
        let store = runtime.block_on(Store::connect(&place.database_url()))?;
        if runtime.block_on(store.is_outdated())? {
            before_upgrade(place, &store, &runtime)?;
        }
        runtime.block_on(store.bring_up_to_date())?;
        let (clock, folder) = (place.clock, place.folder.clone());
        Ok(Arc::new(Self { store, disk, runtime, clock, folder, _lock: lock }))
    }

    /// The database of a folder that another process may be working on, to be read.
    pub fn look_at(place: &Place, runtime: &Runtime) -> Result<Store, Error> {
        place.must_be_there()?;
        Ok(runtime.block_on(Store::look_at(&place.database_url()))?)
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Where it lies; files of events may lie elsewhere.
    pub(super) fn path(&self) -> &Path {
        &self.folder
    }

    /// A new data folder with the schema of an older version: for trials of upgrades.
    pub fn open_at_step(place: &Place, step: i64) -> Result<Arc<Self>, Error> {
        let runtime = Arc::new(one_thread()?);
        let lock = place.take()?;
        let store = runtime.block_on(Store::connect(&place.database_url()))?;
        runtime.block_on(store.bring_up_to(step))?;
        let (disk, clock, folder) = (place.disk()?, place.clock, place.folder.clone());
        Ok(Arc::new(Self { store, disk, runtime, clock, folder, _lock: Some(lock) }))
    }

    /// Whether there is a workspace of this id.
    pub fn has_workspace(&self, workspace: &str) -> Result<bool, Error> {
        Ok(self.runtime.block_on(self.store.find_workspace(workspace))?.is_some())
    }

    /// The lake of a workspace, which is made if there is none.
    pub fn lake(self: &Arc<Self>, workspace: &str) -> Result<Lake, Error> {
        let workspace = self.store.workspace(workspace, (self.clock)());
        let workspace = self.runtime.block_on(workspace)?;
        let lake = Lake {
            workspace,
            disk: Arc::clone(&self.disk),
            runtime: Arc::clone(&self.runtime),
            clock: self.clock,
            folder: Arc::clone(self),
        };
        // Nobody else works on the folder: what is pending is a remnant. It can wait until the disk is within reach, which
        // events that are sent do not need.
        match lake.sweep() {
            Err(Error::World { cause, .. }) if is_out_of_reach(&cause) => {}
            swept => drop(swept?),
        }
        Ok(lake)
    }
}

/// Where waiting for the database is done when nobody brings a runtime.
pub(super) fn one_thread() -> Result<Runtime, Error> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|cause| Error::world("starting a thread for the database", cause))
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        self.runtime.block_on(self.store.close());
    }
}
