//! A file that is far away, read in few large pieces instead of one request for each page.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf as _, Bytes};

/// Stretches that are as near to each other as this are fetched as one.
const GAP: u64 = 256 << 10;

/// One piece of several stretches is no longer than this.
const LONGEST: u64 = 8 << 20;

/// What is fetched where nobody said what would be read: the footer, as a rule.
const AHEAD: u64 = 64 << 10;

/// Gets bytes of one file.
pub trait Fetch: Debug + Send + Sync {
    fn fetch(&self, from: u64, to: u64) -> io::Result<Bytes>;
}

/// A file by its pieces. Clones share them.
#[derive(Debug, Clone)]
pub struct Ranges {
    inner: Arc<Inner>,
}

/// A failure, kept aside for whoever reads on a level where only its text arrives.
#[derive(Debug, Clone, Default)]
pub struct Trouble(Arc<Mutex<Option<io::Error>>>);

#[derive(Debug)]
struct Inner {
    source: Box<dyn Fetch>,
    length: u64,
    /// Where the file begins; it came with the answer to the first request.
    head: Bytes,
    held: Mutex<Held>,
    trouble: Trouble,
}

#[derive(Debug)]
struct Held {
    /// What is going to be read, ascending.
    planned: Vec<(u64, u64)>,
    /// Pieces by their beginnings, the one used last at the end.
    pieces: VecDeque<(u64, Bytes)>,
    most: usize,
}

impl Ranges {
    pub fn new(source: Box<dyn Fetch>, length: u64, head: Bytes) -> Self {
        let held = Held { planned: Vec::new(), pieces: VecDeque::new(), most: 2 };
        let (held, trouble) = (Mutex::new(held), Trouble::default());
        Self { inner: Arc::new(Inner { source, length, head, held, trouble }) }
    }

    pub(crate) fn len(&self) -> u64 {
        self.inner.length
    }

    pub(crate) fn trouble(&self) -> Trouble {
        self.inner.trouble.clone()
    }

    /// Stretches `from..to` that are going to be read, and how many of them side by side.
    pub(crate) fn expect(&self, stretches: Vec<(u64, u64)>, at_once: usize) {
        let begins = self.inner.head.len() as u64;
        let mut held = self.inner.held();
        held.planned = merged(stretches, begins);
        // Columns of one row group, while some are in the next one already.
        held.most = 2 * at_once.clamp(1, held.planned.len().max(1));
    }

    /// All of it, in pieces.
    pub(crate) fn all(&self) -> io::Result<Bytes> {
        let mut bytes = self.inner.head.to_vec();
        while (bytes.len() as u64) < self.inner.length {
            let from = bytes.len() as u64;
            bytes.extend(self.inner.fetch(from, (from + LONGEST).min(self.inner.length))?);
        }
        Ok(bytes.into())
    }

    pub(crate) fn reader(&self, start: u64) -> Reader {
        Reader { inner: Arc::clone(&self.inner), at: start, held: Bytes::new() }
    }

    pub(crate) fn exactly(&self, start: u64, length: usize) -> io::Result<Bytes> {
        let first = self.inner.from(start)?;
        if first.len() >= length {
            return Ok(first.slice(..length));
        }
        let mut bytes = vec![0; length];
        self.reader(start).read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// Stretches in ascending order as pieces, without what is at hand already.
fn merged(stretches: Vec<(u64, u64)>, begins: u64) -> Vec<(u64, u64)> {
    let mut pieces: Vec<(u64, u64)> = Vec::new();
    for (from, to) in stretches {
        let from = from.max(begins);
        match pieces.last_mut() {
            _ if to <= from => {}
            Some(last) if from <= last.1 + GAP && to.saturating_sub(last.0) <= LONGEST => {
                last.1 = last.1.max(to);
            }
            _ => pieces.push((from, to)),
        }
    }
    pieces
}

impl Inner {
    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fetch(&self, from: u64, to: u64) -> io::Result<Bytes> {
        let bytes = self.source.fetch(from, to).and_then(|bytes| {
            let is_whole = bytes.len() as u64 == to - from;
            is_whole.then_some(bytes).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
        });
        bytes.inspect_err(|cause| self.trouble.keep(cause))
    }

    /// Bytes from here on: as many as are at hand, at least one; none at the end of the file.
    fn from(&self, at: u64) -> io::Result<Bytes> {
        if at >= self.length {
            return Ok(Bytes::new());
        }
        if at < self.head.len() as u64 {
            return Ok(self.head.slice(at as usize..));
        }
        let mut held = self.held();
        let covers =
            |(begin, bytes): &(u64, Bytes)| (*begin..begin + bytes.len() as u64).contains(&at);
        let piece = match held.pieces.iter().position(covers) {
            Some(place) => held.pieces.remove(place),
            None => None,
        };
        let (begin, bytes) = match piece {
            Some(piece) => piece,
            None => {
                let (from, to) = held.piece(at, self.length);
                (from, self.fetch(from, to)?)
            }
        };
        while held.pieces.len() >= held.most {
            held.pieces.pop_front();
        }
        held.pieces.push_back((begin, bytes.clone()));
        Ok(bytes.slice((at - begin) as usize..))
    }
}

impl Held {
    /// What to fetch for a byte.
    fn piece(&self, at: u64, length: u64) -> (u64, u64) {
        let after = self.planned.partition_point(|(from, _)| *from <= at);
        let planned = after.checked_sub(1).map(|place| self.planned[place]);
        match planned.filter(|(_, to)| at < *to) {
            Some((from, to)) => (from, to.min(length)),
            None => (at.min(length.saturating_sub(AHEAD)), (at + AHEAD).min(length)),
        }
    }
}

impl Trouble {
    fn keep(&self, cause: &io::Error) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(io::Error::new(cause.kind(), cause.to_string()));
    }

    pub(crate) fn take(&self) -> Option<io::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Reads on from somewhere.
#[derive(Debug)]
pub(crate) struct Reader {
    inner: Arc<Inner>,
    at: u64,
    held: Bytes,
}

impl Read for Reader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.held.is_empty() {
            self.held = self.inner.from(self.at)?;
        }
        let count = self.held.len().min(into.len());
        self.held.copy_to_slice(&mut into[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read as _};
    use std::sync::{Arc, Mutex};

    use bytes::Bytes;

    use super::{Fetch, GAP, LONGEST, Ranges, merged};

    #[derive(Debug)]
    struct Noting {
        bytes: Bytes,
        asked: Arc<Mutex<Vec<(u64, u64)>>>,
    }

    impl Fetch for Noting {
        fn fetch(&self, from: u64, to: u64) -> io::Result<Bytes> {
            self.asked.lock().unwrap().push((from, to));
            Ok(self.bytes.slice(from as usize..to as usize))
        }
    }

    #[test]
    fn near_stretches_are_one_piece_and_far_ones_are_not() {
        let far = 5 + GAP + 30;
        assert_eq!(
            merged(vec![(5, 10), (20, 30), (far + 1, far + 9)], 8),
            [(8, 30), (far + 1, far + 9)]
        );
        assert_eq!(merged(vec![(0, 5), (2, 4)], 9), []);
        let long = merged(vec![(0, LONGEST), (LONGEST, LONGEST + 5)], 0);
        assert_eq!(long, [(0, LONGEST), (LONGEST, LONGEST + 5)]);
    }

    #[test]
    fn what_was_expected_is_one_request_and_every_byte_is_right() {
        let bytes: Bytes = (0..3_000_000_u32).map(|at| (at % 251) as u8).collect();
        let asked: Arc<Mutex<Vec<(u64, u64)>>> = Arc::default();
        let source = Box::new(Noting { bytes: bytes.clone(), asked: Arc::clone(&asked) });
        let ranges = Ranges::new(source, bytes.len() as u64, bytes.slice(..1000));
        ranges.expect(vec![(900, 500_000), (500_100, 600_000), (2_000_000, 2_100_000)], 2);
        for start in [0, 999, 400_000, 2_050_000, 1001, 2_000_000] {
            let mut read = vec![0; 40_000];
            ranges.reader(start).read_exact(&mut read).unwrap();
            assert_eq!(read, bytes[start as usize..start as usize + 40_000]);
            assert_eq!(ranges.exactly(start, 40_000).unwrap(), read);
        }
        assert_eq!(*asked.lock().unwrap(), [(1000, 600_000), (2_000_000, 2_100_000)]);
        // Unexpected, at the end.
        assert_eq!(ranges.exactly(2_999_992, 8).unwrap(), bytes[2_999_992..]);
        assert_eq!(asked.lock().unwrap().pop(), Some((3_000_000 - (64 << 10), 3_000_000)));
        assert_eq!(ranges.all().unwrap(), bytes);
        assert!(ranges.exactly(2_999_999, 2).is_err());
    }
}
