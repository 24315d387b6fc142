//! Where the lake's files lie: a folder, an object store, or a disk that a test breaks.

mod access;
mod folder;
mod objects;
mod ranges;
pub mod system;

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};

use bytes::Bytes;
use parquet::errors::Result as ParquetResult;
use parquet::file::reader::{ChunkReader, Length};

use super::write::{checksum, checksum_of};

pub use self::access::Access;
pub use self::folder::Folder;
pub use self::objects::Objects;
pub use self::ranges::{Fetch, Ranges, Trouble};

/// Files by path, with `/` between folders. A file is written once, whole, and never changed.
pub trait Disk: Debug + Send + Sync {
    /// Writes a file; when this returns it survives the loss of power.
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// A file to read from.
    fn open(&self, path: &str) -> io::Result<Body>;

    /// Takes a file away, for good when this returns; one that is not there is no failure.
    fn delete(&self, path: &str) -> io::Result<()>;

    /// Where other tools find the files: a folder of this machine, or `s3://…`.
    fn address(&self) -> String;

    /// Several files at once, in their order: for a disk that is far away it is one wait.
    fn open_all(&self, paths: &[&str]) -> Vec<io::Result<Body>> {
        paths.iter().map(|path| self.open(path)).collect()
    }
}

/// The content of a file.
#[derive(Debug)]
pub enum Body {
    File(File),
    Bytes(Bytes),
    /// Far away: read in few large pieces.
    Ranges(Ranges),
}

impl Body {
    /// All of it.
    pub fn bytes(&self) -> io::Result<Bytes> {
        match self {
            Self::File(file) => {
                let mut bytes = Vec::new();
                file.try_clone()?.read_to_end(&mut bytes)?;
                Ok(bytes.into())
            }
            Self::Bytes(bytes) => Ok(bytes.clone()),
            Self::Ranges(ranges) => ranges.all(),
        }
    }

    /// The same, if its bytes are those that were written. What is read far away in pieces is not read twice for that: the
    /// store keeps checksums of its own.
    pub(crate) fn held_against(self, written: &str) -> io::Result<Self> {
        let found = match &self {
            Self::File(file) => {
                let mut from: &File = file;
                from.seek(SeekFrom::Start(0))?;
                checksum_of(from, |cause| cause, || Ok(()))?
            }
            Self::Bytes(bytes) => checksum(bytes),
            Self::Ranges(_) => return Ok(self),
        };
        let changed = || io::Error::new(io::ErrorKind::InvalidData, "its bytes have changed");
        if found == written { Ok(self) } else { Err(changed()) }
    }

    /// Says which bytes will be read, in ascending order, and how many of these stretches are in use at once.
    pub(crate) fn expect(&self, stretches: Vec<(u64, u64)>, at_once: usize) {
        if let Self::Ranges(ranges) = self {
            ranges.expect(stretches, at_once);
        }
    }

    /// Where a failure is kept that a reader of Parquet tells only as text.
    pub(crate) fn trouble(&self) -> Trouble {
        match self {
            Self::Ranges(ranges) => ranges.trouble(),
            Self::File(_) | Self::Bytes(_) => Trouble::default(),
        }
    }
}

impl Length for Body {
    fn len(&self) -> u64 {
        match self {
            Self::File(file) => file.len(),
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Ranges(ranges) => ranges.len(),
        }
    }
}

impl ChunkReader for Body {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(match self {
            Self::File(file) => Box::new(file.get_read(start)?),
            Self::Bytes(bytes) => Box::new(bytes.get_read(start)?),
            Self::Ranges(ranges) => Box::new(ranges.reader(start)),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        match self {
            Self::File(file) => file.get_bytes(start, length),
            Self::Bytes(bytes) => bytes.get_bytes(start, length),
            Self::Ranges(ranges) => Ok(ranges.exactly(start, length)?),
        }
    }
}

/// Whether a failure says that files are out of reach just now, rather than that they are damaged or gone.
pub(crate) fn is_out_of_reach(cause: &io::Error) -> bool {
    use io::ErrorKind::{NotConnected, Other, PermissionDenied, TimedOut};
    matches!(cause.kind(), NotConnected | Other | PermissionDenied | TimedOut)
}
