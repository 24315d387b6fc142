//! Copies of a data folder, taken while it is in use, and a data folder made out of a copy.
//!
//! A place for copies holds `files` (each file of events once, however many copies have it), a folder for each copy (its
//! tables as they were at one moment, and a manifest with the checksum of everything), and `erasures.jsonl`: who asked to be
//! forgotten up to the last copy. Whoever restores an older copy forgets them again.

mod manifest;
mod prune;
mod registry;
mod restore;
mod tables;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use store::Store;
use tokio::runtime::Runtime;

use self::manifest::Manifest;
use self::tables::Writing;
use super::disk::{Disk, Folder};
use super::place::Place;
use super::write::checksum;
use crate::error::Error;
use crate::import::Watch;

pub use self::prune::{check_backup, prune_backups};
pub use self::restore::{Restored, restore};

/// What a copy came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BackedUp {
    pub rows: u64,
    pub files: u64,
    /// Files that no copy before had, and their bytes.
    pub new_files: u64,
    pub new_bytes: u64,
}

/// Where the files of events of all copies lie.
const FILES: &str = "files";

/// Where a data folder keeps its tables from before an upgrade.
pub(super) const UPGRADES: &str = "upgrades";

/// A file may be replaced between reading the list and copying it; then the list is read anew.
const ATTEMPTS: usize = 10;

/// Copies the data folder, which another process may be working on, into a new folder `name` at `root`.
pub fn back_up(place: &Place, root: &Path, name: &str, watch: &Watch) -> Result<BackedUp, Error> {
    if root.join(name).exists() {
        return Err(Error::caller(format!("{} is there already", root.join(name).display())));
    }
    place.must_be_there()?;
    fs::create_dir_all(root).map_err(|cause| writing(root, cause))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|cause| Error::world("starting the database's timer", cause))?;
    let disk = place.disk()?;
    let unfinished = root.join(format!(".{name}.part"));
    let attempt = || -> Result<Option<BackedUp>, Error> {
        clear(&unfinished)?;
        let url = place.database_url();
        let dumped = runtime.block_on(async {
            let store = Store::look_at(&url).await?;
            let mut writing = Writing::into(&unfinished.join("tables"));
            let step = store.dump(&mut writing).await;
            store.close().await;
            step.map(|step| (step, writing))
        });
        let (step, mut written) = dumped?;
        let tables = written.finish().map_err(|cause| writing(&unfinished, cause))?;
        let Some(copied) = copy(disk.as_ref(), root, &written, watch)? else { return Ok(None) };
        registry::add(root, &written.erasures)?;
        let manifest = Manifest::new(step, tables, written.files);
        manifest.write(&unfinished)?;
        Ok(Some(BackedUp { rows: manifest.rows(), files: manifest.files.len() as u64, ..copied }))
    };
    for _ in 0..ATTEMPTS {
        if let Some(done) = attempt()? {
            let named = fs::rename(&unfinished, root.join(name)).and_then(|()| sync(root));
            named.map_err(|cause| writing(root, cause))?;
            return Ok(done);
        }
    }
    Err(Error::caller(
        "files were replaced faster than they could be copied; make the copy when less is imported or erased",
    ))
}

/// Keeps the tables of a database as they are before its schema is brought up to date; restored from there if it fails.
pub(super) fn before_upgrade(place: &Place, store: &Store, runtime: &Runtime) -> Result<(), Error> {
    let root = place.folder.join(UPGRADES);
    let unfinished = root.join(".part");
    clear(&unfinished)?;
    let mut written = Writing::into(&unfinished.join("tables"));
    let step = runtime.block_on(store.dump(&mut written))?;
    let tables = written.finish().map_err(|cause| writing(&unfinished, cause))?;
    Manifest::new(step, tables, written.files).write(&unfinished)?;
    let name = root.join(format!("before-step-{}", step + 1));
    let named = clear(&name)
        .and_then(|()| fs::remove_dir_all(&name).map_err(|cause| writing(&name, cause)))
        .and_then(|()| fs::rename(&unfinished, &name).map_err(|cause| writing(&name, cause)));
    named?;
    // Restoring looks for the files of events beside the copy: they are those of the data folder.
    match std::os::unix::fs::symlink("..", root.join(FILES)) {
        Err(cause) if cause.kind() != ErrorKind::AlreadyExists => Err(writing(&root, cause)),
        _ => sync(&root).map_err(|cause| writing(&root, cause)),
    }
}

/// Copies what no copy before has; `None`: a file of the list is gone.
fn copy(
    from: &dyn Disk,
    root: &Path,
    written: &Writing,
    watch: &Watch,
) -> Result<Option<BackedUp>, Error> {
    let pool = Folder::new(&root.join(FILES));
    fs::create_dir_all(root.join(FILES)).map_err(|cause| writing(root, cause))?;
    let mut done = BackedUp::default();
    for file in &written.files {
        watch.check()?;
        let there = fs::metadata(root.join(FILES).join(&file.path));
        if there.is_ok_and(|there| there.len() == file.bytes) {
            continue;
        }
        let bytes = match from.open(&file.path).and_then(|body| body.bytes()) {
            Ok(bytes) => bytes,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(Error::world(format!("reading {}", file.path), cause)),
        };
        if checksum(&bytes) != file.checksum {
            return Err(Error::caller(format!(
                "{}: its bytes have changed since it was written; a copy of it would be worth nothing. `footpath verify` \
                 tells what else is damaged",
                file.path
            )));
        }
        pool.put(&file.path, &bytes).map_err(|cause| writing(root, cause))?;
        done.new_files += 1;
        done.new_bytes += file.bytes;
    }
    Ok(Some(done))
}

fn writing(place: &Path, cause: io::Error) -> Error {
    Error::world(format!("writing to {}", place.display()), cause)
}

fn clear(folder: &Path) -> Result<(), Error> {
    let cleared = match fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => Err(cause),
        _ => fs::create_dir_all(folder.join("tables")),
    };
    cleared.map_err(|cause| writing(folder, cause))
}

fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}
