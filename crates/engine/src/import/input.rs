//! The bytes of a file, unpacked, with the first of them at hand to tell what they are.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::watch::Watch;
use crate::error::Error;

/// An opened file.
pub(crate) struct Input<'w> {
    pub(crate) path: PathBuf,
    pub(crate) packing: Option<Packing>,
    /// The first bytes after unpacking; fewer than [`HEAD`] only if there are no more.
    pub(crate) head: Vec<u8>,
    /// The file itself when it is an ordinary one and not packed, for formats that jump about in it.
    plain: bool,
    rest: Box<dyn Read + 'w>,
    watch: &'w Watch,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Zstd,
}

/// Enough to see a delimiter, an encoding, the root of an XML file.
const HEAD: usize = 64 * 1024;
const BUFFER: usize = 256 * 1024;

impl<'w> Input<'w> {
    /// Opens `path` (`-` is standard input) and looks into it.
    pub(crate) fn open(path: &Path, watch: &'w Watch) -> Result<Self, Error> {
        Self::unpacked(path, watch).map_err(|cause| Error::reading(path, cause))
    }

    fn unpacked(path: &Path, watch: &'w Watch) -> io::Result<Self> {
        let (file, ordinary): (Box<dyn Read + 'w>, bool) = if path.as_os_str() == "-" {
            (Box::new(io::stdin().lock()), false)
        } else {
            let file = File::open(path)?;
            let kind = file.metadata()?;
            if kind.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            (Box::new(file), kind.is_file())
        };
        let mut file = Counted { inner: file, watch };
        let mut magic = Vec::new();
        file.by_ref().take(4).read_to_end(&mut magic)?;
        let packing = Packing::of(&magic);
        let raw = BufReader::with_capacity(BUFFER, Cursor::new(magic).chain(file));
        let mut rest: Box<dyn Read + 'w> = match packing {
            Some(Packing::Gzip) => Box::new(MultiGzDecoder::new(raw)),
            Some(Packing::Zstd) => Box::new(zstd::stream::read::Decoder::with_buffer(raw)?),
            None => Box::new(raw),
        };
        let mut head = Vec::new();
        rest.by_ref()
            .take(HEAD as u64)
            .read_to_end(&mut head)
            .map_err(|cause| unpacking(packing, cause))?;
        Ok(Self {
            path: path.to_owned(),
            packing,
            head,
            plain: ordinary && packing.is_none(),
            rest,
            watch,
        })
    }

    /// Reads more bytes after unpacking, the head first; 0 at the end. Stops when asked to.
    pub(crate) fn read(&mut self, into: &mut [u8]) -> Result<usize, Error> {
        self.watch.check()?;
        if !self.head.is_empty() {
            let count = self.head.len().min(into.len());
            into[..count].copy_from_slice(&self.head[..count]);
            self.head.drain(..count);
            return Ok(count);
        }
        loop {
            match self.rest.read(into) {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => self.watch.check()?,
                Err(cause) => {
                    return Err(Error::reading(&self.path, unpacking(self.packing, cause)));
                }
                Ok(count) => return Ok(count),
            }
        }
    }

    /// The unpacked bytes as a file that can be jumped about in: the file itself, or a copy that vanishes with us.
    pub(crate) fn into_file(mut self) -> Result<File, Error> {
        if self.plain {
            return File::open(&self.path).map_err(|cause| Error::reading(&self.path, cause));
        }
        let failed = |cause| Error::world("writing a temporary file", cause);
        let mut copy = tempfile::tempfile().map_err(failed)?;
        let mut buffer = vec![0; BUFFER];
        loop {
            let count = self.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            copy.write_all(buffer.get(..count).unwrap_or_default()).map_err(failed)?;
        }
        copy.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok(copy)
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.plain
    }
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input")
            .field("path", &self.path)
            .field("packing", &self.packing)
            .finish_non_exhaustive()
    }
}

impl Packing {
    fn of(magic: &[u8]) -> Option<Self> {
        match *magic {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            // A frame of data, or a skippable one, which some writers put first.
            [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Some(Self::Zstd),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// Zstd reports damage as an error of no particular kind; whatever a decoder itself complains about is the file's fault.
fn unpacking(packing: Option<Packing>, cause: io::Error) -> io::Error {
    if packing.is_some() && cause.kind() == io::ErrorKind::Other && cause.raw_os_error().is_none() {
        return io::Error::new(io::ErrorKind::InvalidData, cause);
    }
    cause
}

/// Tells how many bytes of the file on disk were taken.
struct Counted<'w, R> {
    inner: R,
    watch: &'w Watch,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.watch.add_read(count as u64);
        Ok(count)
    }
}
