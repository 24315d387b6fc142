//! How far a read has come, and whether it should stop.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::Error;

/// Shared between the threads that read and the one that shows progress or hears Ctrl-C. All counts are hints for
/// people, so relaxed order is enough.
#[derive(Debug, Default)]
pub struct Watch {
    total: AtomicU64,
    read: AtomicU64,
    rows: AtomicU64,
    stop: AtomicBool,
}

impl Watch {
    /// Bytes of all files, where known; a pipe adds nothing.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Bytes read so far, as they lie on disk (before decompression).
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Rows handed on so far.
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Asks every reader to stop at its next chunk; safe to call from a signal handler's thread.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// `Err(Interrupted)` once [`Watch::stop`] was called.
    pub fn check(&self) -> Result<(), Error> {
        if self.stop.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
    }

    /// Adds the size of a file that is about to be read to the total; nothing for a pipe.
    pub fn expect(&self, file: &Path) {
        let size = file
            .metadata()
            .ok()
            .filter(std::fs::Metadata::is_file)
            .map_or(0, |metadata| metadata.len());
        self.total.fetch_add(size, Ordering::Relaxed);
    }

    pub(crate) fn add_read(&self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn add_rows(&self, rows: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
    }
}
