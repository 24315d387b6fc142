//! Living data: events that arrive all day, durable when acknowledged, in Parquet files that other tools can read.
//!
//! A lake is a folder: a database (the list of files, and events that are in no file yet), and one file for each month and
//! bucket of customers, or a few until they are compacted. Whoever asks a question takes a [`View`] and walks the files
//! of one bucket side by side, so that all events of a customer come together in the order of time.

mod backup;
mod census;
mod compact;
pub mod disk;
mod erase;
mod export;
mod folder;
mod holds;
mod import;
mod ingest;
mod instances;
mod keys;
mod layout;
mod lying;
mod part;
mod pass;
mod place;
mod portion;
mod publish;
mod read;
mod retain;
mod rows;
mod tables;
mod tail;
mod task;
mod timeline;
mod told;
mod verify;
mod view;
mod walk;
mod write;

use std::fs::File;
use std::sync::Arc;

use store::{Change, NewFile, Snapshot, Workspace};
use tokio::runtime::Runtime;

pub use self::backup::{BackedUp, Restored, back_up, check_backup, prune_backups, restore};
pub use self::census::Census;
pub use self::disk::Access;
use self::disk::Disk;
pub use self::erase::{AtOnce, Erased};
pub use self::export::{Known, KnownAbout, KnownComplaint, KnownEvent, KnownResponse, KnownRow};
pub use self::folder::DataFolder;
use self::folder::one_thread;
pub use self::import::Imported;
pub use self::ingest::{Ingest, Refusal};
pub use self::instances::{Became, Behind, Instance, Listing, State};
pub use self::keys::Keys;
pub use self::part::bucket_of;
pub(crate) use self::pass::{Job, activities, pass};
pub use self::place::Place;
pub use self::portion::Portion;
pub use self::tables::{OnRows, Sight, Table, Tables};
pub use self::task::{Deliver, Elsewhere, OnPart, Task, measure_bucket};
pub use self::timeline::TimelineEvent;
pub use self::verify::Verified;
pub use self::view::View;
use crate::error::Error;

/// An open lake of one workspace. Its methods wait for disk and database: call them from a thread that may.
#[derive(Debug)]
pub struct Lake {
    workspace: Workspace,
    disk: Arc<dyn Disk>,
    runtime: Arc<Runtime>,
    clock: fn() -> i64,
    folder: Arc<DataFolder>,
}

/// What a lake holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    pub files: u64,
    pub events: u64,
    pub bytes: u64,
    /// Events that are in no file yet.
    pub tail: u64,
}

impl Lake {
    /// Opens a data folder for its one workspace, and makes both if there are none.
    pub fn open(place: &Place) -> Result<Self, Error> {
        DataFolder::open(place)?.lake(&place.workspace)
    }

    /// Opens a lake whose files lie on this disk.
    pub fn open_on(place: &Place, disk: Arc<dyn Disk>, lock: Option<File>) -> Result<Self, Error> {
        DataFolder::on(place, disk, lock, Arc::new(one_thread()?))?.lake(&place.workspace)
    }

    /// How ids of customers become keys here.
    pub fn keys(&self) -> Keys {
        Keys::new(self.workspace.key())
    }

    /// The key of the customer with this id.
    pub fn key_of(&self, id: &str) -> u64 {
        self.keys().of(crate::import::hash(id.as_bytes()))
    }

    pub(crate) fn now(&self) -> i64 {
        (self.clock)()
    }

    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    pub fn contents(&self) -> Result<Contents, Error> {
        let (snapshot, tail) = self.wait(async {
            Ok((self.workspace.snapshot().await?, self.workspace.tail_len().await?))
        })?;
        let sum = |of: fn(&NewFile) -> u64| snapshot.files.iter().map(|file| of(&file.new)).sum();
        Ok(Contents {
            files: snapshot.files.len() as u64,
            events: sum(|file| file.records),
            bytes: sum(|file| file.bytes),
            tail,
        })
    }

    pub(crate) fn wait<T>(
        &self,
        future: impl Future<Output = Result<T, store::Error>>,
    ) -> Result<T, Error> {
        Ok(self.runtime.block_on(future)?)
    }

    pub(crate) fn snapshot(&self) -> Result<Snapshot, Error> {
        self.wait(self.workspace.snapshot())
    }

    /// Takes a step. If it is not taken, the files that it was to add are deleted again.
    pub(crate) fn commit(&self, change: Change) -> Result<i64, Error> {
        let taken = self.wait(self.workspace.commit(&change, self.now()));
        taken.inspect_err(|_| self.give_up(&change.added))
    }

    /// Deletes files that were replaced before a moment (µs): whoever began to read them by then has ended.
    pub fn tidy(&self, before: i64) -> Result<u64, Error> {
        let replaced = self.wait(self.workspace.replaced(before))?;
        for path in &replaced {
            self.take_away(path)?;
        }
        Ok(replaced.len() as u64)
    }

    /// Deletes what an interrupted step left, and all files that were replaced; while nobody else works here.
    pub(crate) fn sweep(&self) -> Result<u64, Error> {
        let remnants = self.wait(self.workspace.pending())?;
        for path in &remnants {
            self.take_away(path)?;
        }
        Ok(remnants.len() as u64)
    }

    fn take_away(&self, path: &str) -> Result<(), Error> {
        self.disk.delete(path).map_err(|cause| Error::world(format!("deleting {path}"), cause))?;
        self.wait(self.workspace.gone(path))
    }
}

impl From<store::Error> for Error {
    fn from(cause: store::Error) -> Self {
        Self::Stored(cause)
    }
}
