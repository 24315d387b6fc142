//! A folder of this machine.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf, absolute};
use std::sync::{Arc, Mutex, PoisonError};

use super::system::{FileSystem, Machine};
use super::{Body, Disk};

#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    system: Arc<dyn FileSystem>,
    /// Folders that are written down in the one above. One that merely is there may have been made by a process that
    /// ended before it got so far.
    certain: Mutex<HashSet<PathBuf>>,
}

impl Folder {
    pub fn new(root: &Path) -> Self {
        Self::on(root, Arc::new(Machine))
    }

    /// A folder of another file system.
    pub fn on(root: &Path, system: Arc<dyn FileSystem>) -> Self {
        Self { root: root.to_owned(), system, certain: Mutex::default() }
    }

    fn place(&self, path: &str) -> PathBuf {
        path.split('/').fold(self.root.clone(), |place, part| place.join(part))
    }

    /// Makes a folder and those above it, up to the lake's own, each written down in the one above.
    fn make_certain(&self, folder: &Path) -> io::Result<()> {
        let is_certain =
            || self.certain.lock().unwrap_or_else(PoisonError::into_inner).contains(folder);
        if folder == self.root && self.system.is_folder(folder) || is_certain() {
            return Ok(());
        }
        let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) else {
            return Ok(());
        };
        self.make_certain(above)?;
        match self.system.create_folder(folder) {
            Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => return Err(cause),
            _ => {}
        }
        self.system.sync_folder(above)?;
        let mut certain = self.certain.lock().unwrap_or_else(PoisonError::into_inner);
        certain.insert(folder.to_owned());
        Ok(())
    }
}

impl Disk for Folder {
    /// Under another name first, to the disk, and then to its name: nobody sees half of it.
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let place = self.place(path);
        let folder = place.parent().unwrap_or(&self.root);
        self.make_certain(folder)?;
        let unfinished = place.with_extension("part");
        let mut file = self.system.create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync()?;
        drop(file);
        self.system.rename(&unfinished, &place)?;
        self.system.sync_folder(folder)
    }

    fn open(&self, path: &str) -> io::Result<Body> {
        self.system.open(&self.place(path))
    }

    /// A name that was taken away and not synced may be back after a loss of power, and nobody would know of the file.
    fn delete(&self, path: &str) -> io::Result<()> {
        let place = self.place(path);
        let folder = place.parent().unwrap_or(&self.root);
        for place in [place.with_extension("part"), place.clone()] {
            match self.system.remove(&place) {
                Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
                _ => {}
            }
        }
        if self.system.is_folder(folder) { self.system.sync_folder(folder) } else { Ok(()) }
    }

    fn address(&self) -> String {
        absolute(&self.root).unwrap_or_else(|_| self.root.clone()).display().to_string()
    }
}
