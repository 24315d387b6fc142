//! What a copy holds, with the checksum of everything; written last, so that a copy without it is none.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::writing;
use crate::error::Error;

/// The manifest of one copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// Version of this form.
    backup: u32,
    footpath: String,
    /// The last step of the schema that the tables have.
    pub(super) step: i64,
    /// In the order in which they are filled.
    pub(super) tables: Vec<Table>,
    pub(super) files: Vec<Copied>,
}

/// A table, as lines of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) rows: u64,
    /// XXH3-128 of the compressed bytes, hexadecimal.
    pub(super) checksum: String,
}

/// A file of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Copied {
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) checksum: String,
}

const NAME: &str = "manifest.json";
const VERSION: u32 = 1;

impl Manifest {
    pub(super) fn new(step: i64, tables: Vec<Table>, files: Vec<Copied>) -> Self {
        let footpath = env!("CARGO_PKG_VERSION").to_owned();
        Self { backup: VERSION, footpath, step, tables, files }
    }

    pub(super) fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    pub(super) fn write(&self, folder: &Path) -> Result<(), Error> {
        let text =
            serde_json::to_vec_pretty(self).map_err(|cause| writing(folder, cause.into()))?;
        let write = || {
            let mut file = File::create(folder.join(NAME))?;
            file.write_all(&text)?;
            file.sync_all()?;
            super::sync(folder)
        };
        write().map_err(|cause| writing(folder, cause))
    }

    /// The manifest of a copy; a folder without one is no copy.
    pub(super) fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let text = fs::read_to_string(&path).map_err(|cause| {
            Error::caller(format!(
                "{}: there is no whole backup here ({cause}); name the folder of one copy",
                folder.display()
            ))
        })?;
        let manifest: Self = serde_json::from_str(&text)
            .map_err(|cause| Error::in_file(&path, format!("it is damaged: {cause}")))?;
        if manifest.backup != VERSION {
            return Err(Error::in_file(
                &path,
                format!("it is of version {}, and this footpath reads {VERSION}", manifest.backup),
            ));
        }
        Ok(manifest)
    }
}
