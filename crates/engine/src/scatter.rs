//! Rows by bucket: a customer's events come together whatever order they were read in, with bounded memory.
//!
//! The bucket is the upper byte of the customer's key. Buckets grow in memory; when all of them together pass the limit,
//! every one is appended to a temporary file of its own. A bucket is later read back and sorted by itself, so a log may be
//! some hundred times larger than memory.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, SeekFrom, Write};

use crate::columns::{Columns, Layout};
use crate::error::Error;
use crate::import::Chunk;

const BUCKETS: usize = 256;

#[derive(Debug)]
pub(crate) struct Scatter {
    layout: Layout,
    buckets: Vec<Bucket>,
    rows_in_memory: usize,
    /// As many rows as the memory may hold.
    most_rows: usize,
    /// Moments of the first and the last event.
    span: Option<(i64, i64)>,
}

#[derive(Debug)]
struct Bucket {
    rows: Columns,
    file: Option<File>,
}

impl Scatter {
    pub(crate) fn new(layout: Layout, memory: usize) -> Self {
        let buckets =
            (0..BUCKETS).map(|_| Bucket { rows: Columns::new(layout), file: None }).collect();
        let most_rows = (memory / Columns::row_bytes(layout)).max(1);
        Self { layout, buckets, rows_in_memory: 0, most_rows, span: None }
    }

    /// Takes the rows of a chunk of the file with this number.
    pub(crate) fn add(&mut self, chunk: &Chunk, file: usize) -> Result<(), Error> {
        if !self.layout.event_id && chunk.event_ids.iter().any(|id| *id != 0) {
            self.layout.event_id = true;
            self.buckets.iter_mut().for_each(|bucket| bucket.rows.without_ids());
        }
        for (row, customer) in chunk.customers.iter().enumerate() {
            self.buckets[(*customer >> 56) as usize].rows.push(chunk, row, self.layout, file);
        }
        for at in &chunk.at {
            let span = self.span.get_or_insert((*at, *at));
            *span = (span.0.min(*at), span.1.max(*at));
        }
        self.rows_in_memory += chunk.customers.len();
        if self.rows_in_memory > self.most_rows {
            self.spill()
                .map_err(|cause| Error::world("writing events to a temporary file", cause))?;
        }
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        for bucket in self.buckets.iter_mut().filter(|bucket| bucket.rows.len() > 0) {
            let file = match &mut bucket.file {
                Some(file) => file,
                none => none.insert(tempfile::tempfile()?),
            };
            let mut out = BufWriter::with_capacity(1 << 18, file);
            bucket.rows.write(&mut out)?;
            out.flush()?;
            bucket.rows.clear();
        }
        self.rows_in_memory = 0;
        Ok(())
    }

    pub(crate) fn span(&self) -> Option<(i64, i64)> {
        self.span
    }

    /// All buckets, each to be loaded when its turn comes.
    pub(crate) fn into_buckets(mut self) -> Result<Vec<Waiting>, Error> {
        if self.buckets.iter().any(|bucket| bucket.file.is_some()) {
            self.spill()
                .map_err(|cause| Error::world("writing events to a temporary file", cause))?;
            self.buckets.iter_mut().for_each(|bucket| bucket.rows.release());
        }
        let layout = self.layout;
        Ok(self
            .buckets
            .into_iter()
            .map(|bucket| Waiting { layout, rows: bucket.rows, file: bucket.file })
            .collect())
    }
}

/// A bucket in memory or on disk.
#[derive(Debug)]
pub(crate) struct Waiting {
    layout: Layout,
    rows: Columns,
    file: Option<File>,
}

impl Waiting {
    /// The rows of the bucket, sorted by customer, time and the order in which they were read.
    pub(crate) fn load(self) -> Result<Columns, Error> {
        let mut rows = self.rows;
        if let Some(mut file) = self.file {
            let read = |rows: &mut Columns| -> io::Result<()> {
                file.seek(SeekFrom::Start(0))?;
                let mut from = BufReader::with_capacity(1 << 18, &mut file);
                while rows.read(self.layout, &mut from)? {}
                Ok(())
            };
            // A bucket that was spilled is whole on disk.
            let mut read = read;
            read(&mut rows)
                .map_err(|cause| Error::world("reading events from a temporary file", cause))?;
        }
        Ok(sorted(rows))
    }
}

fn sorted(rows: Columns) -> Columns {
    let keys = rows.customers.iter().zip(&rows.at);
    if keys.is_sorted() {
        return rows;
    }
    let keys = rows.customers.iter().zip(&rows.at).enumerate();
    let mut order: Vec<(u64, i64, u32)> =
        keys.map(|(row, (customer, at))| (*customer, *at, row as u32)).collect();
    order.sort_unstable();
    let order: Vec<u32> = order.into_iter().map(|(_, _, row)| row).collect();
    rows.in_order(&order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{Column, Rows};

    fn chunk(events: &[(u64, i64, u32)]) -> Chunk {
        Chunk {
            customers: events.iter().map(|(customer, _, _)| *customer).collect(),
            at: events.iter().map(|(_, at, _)| *at).collect(),
            activities: events.iter().map(|(_, _, activity)| *activity).collect(),
            attributes: vec![Column::Number(events.iter().map(|(_, at, _)| *at as f64).collect())],
            rows: Rows::default(),
            ..Chunk::default()
        }
    }

    /// What comes out of the buckets, for a memory that holds so many bytes.
    fn scattered(memory: usize) -> Vec<(u64, i64, u32, f64)> {
        let mut scatter =
            Scatter::new(Layout { channel: true, event_id: false, attributes: 1 }, memory);
        for part in 0..10_u32 {
            let events: Vec<(u64, i64, u32)> = (0..200_u64)
                .map(|n| {
                    (
                        n.wrapping_mul(0x9e37_79b9_7f4a_7c15) & (0xff << 56 | 7),
                        (n % 3) as i64,
                        part * 200 + n as u32,
                    )
                })
                .collect();
            scatter.add(&chunk(&events), 0).unwrap();
        }
        assert_eq!(scatter.span(), Some((0, 2)));
        let loaded =
            scatter.into_buckets().unwrap().into_iter().map(|bucket| bucket.load().unwrap());
        loaded
            .flat_map(|rows| {
                assert_eq!(rows.channels.len(), rows.len());
                let row = |r: usize| {
                    (
                        rows.customers[r],
                        rows.at[r],
                        rows.activities[r],
                        f64::from_bits(rows.attributes[0][r]),
                    )
                };
                (0..rows.len()).map(row).collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn a_small_memory_gives_the_same_rows_in_the_same_order() {
        let all = scattered(usize::MAX / 64);
        assert_eq!(all.len(), 2000);
        assert!(
            all.is_sorted_by(|a, b| (a.0, a.1, a.2) <= (b.0, b.1, b.2)),
            "ties keep the order of reading"
        );
        assert_eq!(scattered(1000), all);
        assert_eq!(scattered(0), all);
    }
}
