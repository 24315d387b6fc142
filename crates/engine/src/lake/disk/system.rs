//! What a folder asks of a file system, so that one may be put in its place that loses power.

use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::Body;

/// The steps by which a file comes, goes and is read. What is written, named or removed is certain only when the file,
/// or the folder that holds its name, was synced.
pub trait FileSystem: Debug + Send + Sync {
    /// A new, empty file, or one that was there emptied.
    fn create(&self, file: &Path) -> io::Result<Box<dyn Unsynced>>;

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    fn remove(&self, file: &Path) -> io::Result<()>;

    fn open(&self, file: &Path) -> io::Result<Body>;

    fn is_folder(&self, folder: &Path) -> bool;

    /// One folder, in one that is there.
    fn create_folder(&self, folder: &Path) -> io::Result<()>;

    /// Makes certain which names are in a folder.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// A file that is being written.
pub trait Unsynced: Write {
    /// Makes certain what was written.
    fn sync(&mut self) -> io::Result<()>;
}

/// The file system of this machine.
#[derive(Debug, Clone, Copy)]
pub struct Machine;

impl FileSystem for Machine {
    fn create(&self, file: &Path) -> io::Result<Box<dyn Unsynced>> {
        Ok(Box::new(File::create(file)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        fs::remove_file(file)
    }

    fn open(&self, file: &Path) -> io::Result<Body> {
        Ok(Body::File(File::open(file)?))
    }

    fn is_folder(&self, folder: &Path) -> bool {
        folder.is_dir()
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir(folder)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }
}

impl Unsynced for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}
