//! Files of events in, chunks of columns out: any of CSV, TSV, JSONL, Parquet and XES, plain or compressed.
//!
//! A reader pushes chunks into a closure rather than being pulled from: the formats differ in what they can interrupt,
//! and the scan on top wants to scatter a chunk and forget it. Nothing here grows with the file: a chunk, the names of
//! activities and channels, and one record are all that is in memory at a time.
//!
//! **Invariant:** every row of a file is either in exactly one chunk, in file order, or in the quarantine with a reason.

mod builder;
mod delimited;
mod dialect;
mod input;
mod json_lines;
mod layout;
mod mapping;
mod names;
mod parquet_columns;
mod parquet_file;
mod parquet_rows;
mod parquet_table;
mod preview;
mod records;
mod search;
mod seen;
mod sniff;
mod text;
mod watch;
mod window;
mod xes;

use std::path::PathBuf;

use jiff::tz::TimeZone;

pub(crate) use builder::{Memo, number};
pub use builder::{hash, hash_or_missing};
pub(crate) use layout::{Need, Row, Slot, Slots};
pub use mapping::Mapping;
pub(crate) use mapping::Unit;
pub(crate) use names::too_many;
pub use names::{Interner, Names};
pub(crate) use parquet_columns::{Codes, attribute, texts};
pub use parquet_file::{OnChunk, RowGroup, latest, read_row_groups, row_groups};
pub use preview::{Preview, preview};
pub use search::{Letters, may_hold};
pub use watch::Watch;

use self::builder::Builder;
use self::delimited::{Ask, OnRow};
use self::input::Input;
use self::sniff::Format;
use crate::error::Error;
use crate::quarantine::Quarantine;

/// Rows in a chunk at most: large enough that a call per chunk is free, small enough to stay in the second-level cache.
pub const CHUNK_ROWS: usize = 32 * 1024;

/// One file and how to understand it.
#[derive(Debug, Clone)]
pub struct Source {
    /// `-` is standard input.
    pub path: PathBuf,
    pub mapping: Mapping,
    /// Where times without an offset were written down; UTC when left out.
    pub zone: Option<TimeZone>,
}

/// How an attribute is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    Time,
    /// As it was written, to be kept.
    Value,
}

/// The optional columns that somebody will look at; no other is decoded.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub attributes: Vec<(String, Kind)>,
    pub channel: bool,
    pub event_id: bool,
}

/// What a reader writes into as it goes, beside the chunks.
#[derive(Debug)]
pub struct Intake<'a> {
    pub names: &'a mut Names,
    pub quarantine: &'a Quarantine,
    pub watch: &'a Watch,
}

/// Events in file order, a column each, all of one length (or empty where a column says so).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chunk {
    /// XXH3-64 of the id's text, so that 7 in Parquet is "7" in CSV.
    pub customers: Vec<u64>,
    /// Microseconds since 1970-01-01, UTC.
    pub at: Vec<i64>,
    /// Codes of [`Names::activities`].
    pub activities: Vec<u32>,
    /// 0 is none, else a code of [`Names::channels`] + 1. Empty when not wanted.
    pub channels: Vec<u32>,
    /// XXH3-64 of the id's text, 0 is none. Empty when not wanted.
    pub event_ids: Vec<u64>,
    /// One for each wanted attribute, in that order.
    pub attributes: Vec<Column>,
    /// Where each event stands in its file.
    pub rows: Rows,
    /// First and last customer of the chunk, when its customers never go down and a customer's times never do either.
    /// Only Parquet can say so cheaply.
    pub order: Option<(RawKey, RawKey)>,
}

/// The values of one attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// XXH3-64 of the text; 0 is missing.
    Text(Vec<u64>),
    /// NaN is missing.
    Number(Vec<f64>),
    /// Microseconds, UTC; `i64::MIN` is missing.
    Time(Vec<i64>),
    /// 0 is none, else a code of [`Names::values`] + 1.
    Value(Vec<u64>),
}

/// A customer's id as the file orders it: numbers by value, texts by bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RawKey {
    Number(i128),
    Text(Vec<u8>),
}

/// Line (text) or row (Parquet) of each event, from 1, kept as runs because nearly all are consecutive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// (index in the chunk, row in the file) wherever a run begins.
    runs: Vec<(u32, u64)>,
    len: u32,
}

/// What reading one file came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileRead {
    pub path: PathBuf,
    /// Such as `CSV`, with how it was packed and written: `CSV (;), windows-1252, gzip`.
    pub format: String,
    /// As found; for JSONL and XES the keys met so far, at most a few hundred.
    pub columns: Vec<String>,
    /// All rows, the bad ones too.
    pub rows_read: u64,
    pub rows_quarantined: u64,
    /// Rows whose time is 1970-01-01T00:00:00Z to the microsecond: valid, and often a missing time in disguise.
    pub rows_at_epoch: u64,
    /// Wanted attributes that no column of this file carries.
    pub absent: Vec<String>,
    /// Values of a wanted attribute that are no number or no time, and so count as missing.
    pub unreadable: Vec<(String, u64)>,
    /// What the caller should hear about although nothing failed.
    pub notes: Vec<String>,
}

/// Reads one file of events from its first byte to its last.
pub fn read(
    source: &Source,
    wanted: &Wanted,
    intake: &mut Intake<'_>,
    on_chunk: &mut dyn FnMut(Chunk) -> Result<(), Error>,
) -> Result<FileRead, Error> {
    read_named(source, wanted, intake, &mut |chunk, _| on_chunk(chunk))
}

/// As [`read`], with the names that the codes of a chunk stand for.
pub(crate) fn read_named(
    source: &Source,
    wanted: &Wanted,
    intake: &mut Intake<'_>,
    on_chunk: &mut OnChunk<'_>,
) -> Result<FileRead, Error> {
    let input = Input::open(&source.path, intake.watch)?;
    let format = Format::of(&source.path, &input.head)?;
    if format == Format::Parquet {
        let mut read = parquet_file::read(input, source, wanted, intake, on_chunk)?;
        read.note_if_empty();
        return Ok(read);
    }
    let standard = (format == Format::Xes).then(|| xes::with_standard_names(source));
    let source = standard.as_ref().unwrap_or(source);
    let slots = builder::slots(wanted);
    let ask = Ask { source, slots: &slots, quarantine: intake.quarantine };
    let mut builder = Builder::new(source, wanted, intake, on_chunk);
    let mut on_row = |row: &Row<'_>| builder.push(row);
    let mut read = read_rows(input, format, ask, &mut on_row)?;
    builder.finish(&mut read)?;
    read.note_if_empty();
    Ok(read)
}

/// The columns of a file of events that are none of ours: its attributes.
///
/// A file that names every value (JSONL, XES) is read to its end for it.
pub(crate) fn attributes(
    source: &Source,
    quarantine: &Quarantine,
    watch: &Watch,
) -> Result<Vec<String>, Error> {
    let wanted = Wanted { channel: true, event_id: true, ..Wanted::default() };
    let slots = builder::slots(&wanted);
    let input = Input::open(&source.path, watch)?;
    let (columns, own) = match Format::of(&source.path, &input.head)? {
        Format::Parquet => parquet_table::columns(&input.into_file()?, source, &slots)?,
        Format::Delimited => delimited::columns(input, Ask { source, slots: &slots, quarantine })?,
        format => {
            let standard = (format == Format::Xes).then(|| xes::with_standard_names(source));
            let source = standard.as_ref().unwrap_or(source);
            let ask = Ask { source, slots: &slots, quarantine };
            let read = read_rows(input, format, ask, &mut |_| Ok(None))?;
            let key = |slot| slots.key(slot, &source.mapping).map(|(key, _)| key);
            (read.columns, (0..slots.list.len()).filter_map(key).collect())
        }
    };
    Ok(columns.into_iter().filter(|column| !own.contains(column)).collect())
}

/// Reads the rows of a file of any format into `on_row`, for what is not an event and need not be fast.
pub(crate) fn read_any_rows(
    source: &Source,
    slots: &Slots,
    quarantine: &Quarantine,
    watch: &Watch,
    on_row: &mut OnRow<'_>,
) -> Result<FileRead, Error> {
    let input = Input::open(&source.path, watch)?;
    let ask = Ask { source, slots, quarantine };
    let mut read = match Format::of(&source.path, &input.head)? {
        Format::Parquet => parquet_rows::read(input, ask, on_row)?,
        Format::Xes => {
            let message = "this is an XES log of events; answers come as CSV, JSONL or Parquet";
            return Err(Error::in_file(&source.path, message));
        }
        format => read_rows(input, format, ask, on_row)?,
    };
    read.note_if_empty();
    Ok(read)
}

/// Reads the rows of any format that consists of text.
fn read_rows(
    input: Input<'_>,
    format: Format,
    ask: Ask<'_>,
    on_row: &mut OnRow<'_>,
) -> Result<FileRead, Error> {
    match format {
        Format::Xes => xes::read(input, ask, on_row),
        Format::JsonLines | Format::JsonArray => json_lines::read(input, format, ask, on_row),
        Format::Delimited | Format::Parquet => delimited::read(input, ask, on_row),
    }
}

impl FileRead {
    fn note_if_empty(&mut self) {
        if self.rows_read == 0 {
            self.notes.push("there is not one row in it".to_owned());
        }
    }
}

impl FileRead {
    /// Adds another part of the same file.
    pub(crate) fn add(&mut self, other: Self) {
        self.rows_read += other.rows_read;
        self.rows_quarantined += other.rows_quarantined;
        self.rows_at_epoch += other.rows_at_epoch;
        // Only attributes with unreadable values are listed, so the lists of two parts need not be alike.
        for (name, theirs) in other.unreadable {
            match self.unreadable.iter_mut().find(|(known, _)| *known == name) {
                Some((_, ours)) => *ours += theirs,
                None => self.unreadable.push((name, theirs)),
            }
        }
        self.notes.extend(other.notes);
    }
}

impl Rows {
    /// Line or row of the event at `index`.
    #[must_use]
    pub fn row(&self, index: usize) -> u64 {
        let run = self.runs.partition_point(|&(start, _)| start as usize <= index);
        let (start, row) =
            run.checked_sub(1).and_then(|run| self.runs.get(run)).copied().unwrap_or((0, 0));
        row + (index as u64).saturating_sub(u64::from(start))
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.len as usize
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(crate) fn push(&mut self, row: u64) {
        let next = self.runs.last().map(|&(start, first)| first + u64::from(self.len - start));
        if next != Some(row) {
            self.runs.push((self.len, row));
        }
        self.len += 1;
    }

    /// `count` rows on end, beginning with `row`.
    pub(crate) fn push_run(&mut self, row: u64, count: u32) {
        if count > 0 {
            self.push(row);
            self.len += count - 1;
        }
    }
}
