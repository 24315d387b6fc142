//! Where the lake's files lie: a folder, an object store, or a disk that a test breaks.

use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use parquet::errors::Result as ParquetResult;
use parquet::file::reader::{ChunkReader, Length};

/// Files by path, with `/` between folders. A file is written once, whole, and never changed.
pub trait Disk: Debug + Send + Sync {
    /// Writes a file; when this returns it survives the loss of power.
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// A file to read from.
    fn open(&self, path: &str) -> io::Result<Body>;

    /// Takes a file away; one that is not there is no failure.
    fn delete(&self, path: &str) -> io::Result<()>;
}

/// The content of a file.
#[derive(Debug)]
pub enum Body {
    File(File),
    Bytes(Bytes),
}

/// A folder of this machine.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    fn place(&self, path: &str) -> PathBuf {
        path.split('/').fold(self.root.clone(), |place, part| place.join(part))
    }
}

impl Disk for Folder {
    /// Under another name first, to the disk, and then to its name: nobody sees half of it.
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let place = self.place(path);
        let folder = place.parent().unwrap_or(&self.root);
        make_durable(folder)?;
        let unfinished = place.with_extension("part");
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, &place)?;
        File::open(folder)?.sync_all()
    }

    fn open(&self, path: &str) -> io::Result<Body> {
        Ok(Body::File(File::open(self.place(path))?))
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        let place = self.place(path);
        for place in [place.with_extension("part"), place] {
            match fs::remove_file(&place) {
                Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Makes a folder and those above it, each written down in the one above.
fn make_durable(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        make_durable(above)?;
        match fs::create_dir(folder) {
            Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => return Err(cause),
            _ => {}
        }
        File::open(above)?.sync_all()?;
    }
    Ok(())
}

impl Body {
    /// All of it.
    pub fn bytes(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::File(file) => {
                let mut bytes = Vec::new();
                file.try_clone()?.read_to_end(&mut bytes)?;
                Ok(bytes)
            }
            Self::Bytes(bytes) => Ok(bytes.to_vec()),
        }
    }
}

impl Length for Body {
    fn len(&self) -> u64 {
        match self {
            Self::File(file) => file.len(),
            Self::Bytes(bytes) => bytes.len() as u64,
        }
    }
}

impl ChunkReader for Body {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(match self {
            Self::File(file) => Box::new(file.get_read(start)?),
            Self::Bytes(bytes) => Box::new(bytes.get_read(start)?),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        match self {
            Self::File(file) => file.get_bytes(start, length),
            Self::Bytes(bytes) => bytes.get_bytes(start, length),
        }
    }
}
