//! Where a lake is, and that one process at a time works on it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{Access, Disk, Folder, Objects};
use crate::error::Error;

/// Where a lake is.
#[derive(Debug, Clone)]
pub struct Place {
    pub folder: PathBuf,
    /// `sqlite://…` or `postgres://…`; a file in the folder when left out.
    pub database: Option<String>,
    /// `s3://bucket/prefix`: where the files of events lie. When left out, where they were put at first: as a rule in the
    /// folder.
    pub files: Option<String>,
    /// How an object store is reached.
    pub access: Access,
    pub workspace: String,
    /// Tells µs since 1970, UTC: when something was stored, never when something happened.
    pub clock: fn() -> i64,
}

const LOCK: &str = "lock";
const DATABASE: &str = "footpath.sqlite";
/// Names the place of the files, if that is not the folder.
const FILES: &str = "files";
/// Is there if the list of files is in a database elsewhere.
const ELSEWHERE: &str = "database";
/// What is found in a bucket beside the files.
const SIGN: &str = "footpath.txt";
const SIGN_TEXT: &str =
    "The files below `events` belong to a data folder of footpath, which keeps the list of them.\n";

impl Place {
    /// A folder with everything in it.
    pub fn folder(folder: &Path, clock: fn() -> i64) -> Self {
        Self {
            folder: folder.to_owned(),
            database: None,
            files: None,
            access: Access::default(),
            workspace: "default".to_owned(),
            clock,
        }
    }

    /// The disk with the lake's files. Where that is an object store, the folder remembers it.
    pub fn disk(&self) -> Result<Arc<dyn Disk>, Error> {
        let known = self.remembered()?;
        let address = match (&self.files, &known) {
            (None, None) => return Ok(Arc::new(Folder::new(&self.folder))),
            (_, Some(known)) => known,
            (Some(asked), None) => asked,
        };
        let objects = Objects::new(address, &self.access)?;
        if let Some(asked) = self.files.as_ref().filter(|_| known.is_some()) {
            let asked = Objects::new(asked, &self.access)?.address();
            if asked != objects.address() {
                return Err(Error::caller(format!(
                    "{}: the files of this data folder lie in {address}; leave --files out",
                    self.folder.display()
                )));
            }
        }
        if known.is_none() {
            self.begin(&objects)?;
        }
        Ok(Arc::new(objects))
    }

    fn remembered(&self) -> Result<Option<String>, Error> {
        let path = self.folder.join(FILES);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Error::world(format!("reading {}", path.display()), cause)),
        }
    }

    /// A slip in the bucket's name is told now, before anything is stored.
    fn begin(&self, objects: &Objects) -> Result<(), Error> {
        if self.folder.join("events").exists() {
            return Err(Error::caller(format!(
                "{}: the files of this data folder lie in it; leave --files out, or begin a new data folder",
                self.folder.display()
            )));
        }
        let address = objects.address();
        let beginning =
            |cause| Error::world(format!("beginning to keep files in {address}"), cause);
        objects.put(SIGN, SIGN_TEXT.as_bytes()).map_err(beginning)?;
        let remembering = |cause| Error::world(format!("remembering {address}"), cause);
        Folder::new(&self.folder).put(FILES, format!("{address}\n").as_bytes()).map_err(remembering)
    }

    pub(super) fn database_file(&self) -> PathBuf {
        self.folder.join(DATABASE)
    }

    pub(super) fn must_be_there(&self) -> Result<(), Error> {
        if self.database.is_some() || self.database_file().exists() {
            return Ok(());
        }
        Err(Error::caller(format!("{}: there is no data folder here", self.folder.display())))
    }

    /// The address of the database.
    pub fn database_url(&self) -> String {
        let file = || format!("sqlite://{}?mode=rwc", self.database_file().display());
        self.database.clone().unwrap_or_else(file)
    }

    /// Makes the folder if there is none, and takes it for this process.
    pub(super) fn take(&self) -> Result<File, Error> {
        let folder = self.folder.display();
        let opening = |cause| Error::world(format!("opening {folder}"), cause);
        make(&self.folder).map_err(opening)?;
        let lock = lock(&self.folder)?;
        match (&self.database, self.folder.join(ELSEWHERE).exists()) {
            (None, true) => {
                return Err(Error::caller(format!(
                    "{folder}: this data folder keeps its list of files in a database elsewhere; name it with --database"
                )));
            }
            (Some(_), false) if self.database_file().exists() => {
                return Err(Error::caller(format!(
                    "{folder}: this data folder keeps its list of files in {DATABASE}; leave --database out, or begin a \
                     new data folder"
                )));
            }
            (Some(_), false) => {
                // Without the address: it may hold a password.
                let remembered = Folder::new(&self.folder).put(ELSEWHERE, b"elsewhere\n");
                remembered.map_err(opening)?;
            }
            (None, false) | (Some(_), true) => {}
        }
        Ok(lock)
    }
}

impl Place {
    /// Takes away a folder that was begun here and could not be filled.
    pub(super) fn leave_begun(&self) {
        // It says nothing and is in nobody's way if it stays.
        let _stays = fs::remove_dir_all(&self.folder);
    }

    /// Takes away again a folder in which nothing was begun; one that holds more than the marks of [`Self::take`] stays.
    pub(super) fn leave(&self) {
        let holds_more = fs::read_dir(&self.folder).is_ok_and(|entries| {
            entries
                .flatten()
                .any(|entry| ![LOCK, ELSEWHERE].contains(&&*entry.file_name().to_string_lossy()))
        });
        if !holds_more {
            // It says nothing and is in nobody's way if it stays.
            let _stays = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Makes a folder and those above it, each written down in the one above.
fn make(folder: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
    fs::create_dir_all(folder)?;
    for made in missing {
        let above = made.parent().filter(|above| !above.as_os_str().is_empty());
        File::open(above.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(LOCK);
    let taking = |cause| Error::world(format!("taking {}", path.display()), cause);
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .read(true)
        .open(&path)
        .map_err(taking)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            let holder = fs::read_to_string(&path).unwrap_or_default();
            return Err(Error::caller(format!(
                "{}: another footpath (process {}) works on this folder; stop it, or ask its server",
                folder.display(),
                holder.trim()
            )));
        }
        Err(fs::TryLockError::Error(cause)) => return Err(taking(cause)),
    }
    file.set_len(0).map_err(taking)?;
    writeln!(file, "{}", std::process::id()).map_err(taking)?;
    Ok(file)
}
