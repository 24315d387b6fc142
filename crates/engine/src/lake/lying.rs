//! What lies in a data folder beside the database and the files of events, and may hold a customer: files that were sent and
//! are not imported yet, and tables kept from before an upgrade.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use store::{Deed, Upload};

use super::Lake;
use super::backup::UPGRADES;
use super::holds::Sought;
use crate::error::Error;
use crate::import::{Watch, may_hold};

/// Where files lie that were sent: each under its id, with an ending.
const UPLOADS: &str = "uploads";
const PAGE: u32 = 500;

impl Lake {
    /// Gives up files that were sent, are not imported, and hold a customer, or cannot be searched; gives back their ids.
    pub(super) fn give_up_uploads(
        &self,
        sought: &Sought,
        deed: &Deed,
    ) -> Result<Vec<String>, Error> {
        let mut given_up = Vec::new();
        let mut after = String::new();
        loop {
            let uploads = self.wait(self.workspace().uploads(&after, PAGE))?;
            for upload in &uploads {
                let Some(path) = self.lies_at(upload)? else { continue };
                let is_named = sought.is_in(&upload.name);
                // What cannot be read now cannot be imported either.
                if !is_named
                    && !may_hold(&path, sought.letters(), &Watch::default()).unwrap_or(true)
                {
                    continue;
                }
                // One that has ended already only leaves its file.
                self.wait(self.workspace().cancel_import(&upload.id, deed))?;
                remove(&path)?;
                given_up.push(upload.id.clone());
            }
            match uploads.last() {
                Some(last) if uploads.len() == PAGE as usize => after.clone_from(&last.id),
                _ => return Ok(given_up),
            }
        }
    }

    /// The file itself, if it is still there.
    fn lies_at(&self, upload: &Upload) -> Result<Option<PathBuf>, Error> {
        let folder = self.folder.path().join(UPLOADS);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(Error::world(format!("reading {}", folder.display()), cause)),
        };
        for entry in entries {
            let entry = entry
                .map_err(|cause| Error::world(format!("reading {}", folder.display()), cause))?;
            let name = entry.file_name();
            if name.to_string_lossy().split('.').next() == Some(&upload.id) {
                return Ok(Some(entry.path()));
            }
        }
        Ok(None)
    }

    /// Tables kept from before an upgrade hold whom the database forgets: they go with the first who is forgotten.
    pub(super) fn forget_upgrades(&self) -> Result<(), Error> {
        let folder = self.folder.path().join(UPGRADES);
        match fs::remove_dir_all(&folder) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => {
                Err(Error::world(format!("deleting {}", folder.display()), cause))
            }
            _ => Ok(()),
        }
    }
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => {
            Err(Error::world(format!("deleting {}", path.display()), cause))
        }
        _ => Ok(()),
    }
}
