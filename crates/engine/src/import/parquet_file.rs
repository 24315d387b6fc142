//! Parquet: only the wanted columns are decoded, row group by row group, dictionaries as they are.

use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::path::Path;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::builder::{
    self, ACTIVITY, AT, ATTRIBUTES, CHANNEL, CUSTOMER, EVENT_ID, Memo, unreadable,
};
use super::input::Input;
use super::names::Names;
use super::parquet_columns::{
    Codes, attribute, customers, hashes, instants, is_missing, texts, without_zone,
};
use super::parquet_table::{Table, metadata};
use super::{Chunk, Column, FileRead, Intake, Kind, Rows, Source, Wanted};
use crate::error::Error;
use crate::quarantine::Reason;
use crate::time::{Times, in_range};

/// A part of a Parquet file that can be read by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowGroup {
    pub rows: u64,
    /// As it lies on disk, all columns.
    pub bytes: u64,
}

/// The row groups of `path`; `None` if it is no Parquet file, or one that cannot be jumped about in.
pub fn row_groups(path: &Path) -> Result<Option<Vec<RowGroup>>, Error> {
    if path.as_os_str() == "-" {
        return Ok(None);
    }
    let reading = |cause| Error::reading(path, cause);
    // Not even opened: whoever writes into a pipe is told that its reader went away.
    if !path.metadata().map_err(reading)?.is_file() {
        return Ok(None);
    }
    let mut file = File::open(path).map_err(reading)?;
    let mut magic = Vec::new();
    file.by_ref().take(4).read_to_end(&mut magic).map_err(reading)?;
    if magic != b"PAR1" {
        return Ok(None);
    }
    let metadata = metadata(&file, path)?;
    let groups = metadata.metadata().row_groups().iter();
    let size = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(Some(
        groups
            .map(|group| RowGroup {
                rows: size(group.num_rows()),
                bytes: size(group.compressed_size()),
            })
            .collect(),
    ))
}

/// Takes a chunk, and the names that its codes stand for.
pub type OnChunk<'a> = dyn FnMut(Chunk, &Names) -> Result<(), Error> + 'a;

/// As [`super::read`], for a range of a Parquet file's row groups, so that threads can share a file.
pub fn read_row_groups(
    source: &Source,
    wanted: &Wanted,
    groups: Range<usize>,
    intake: &mut Intake<'_>,
    on_chunk: &mut OnChunk<'_>,
) -> Result<FileRead, Error> {
    let file = File::open(&source.path).map_err(|cause| Error::reading(&source.path, cause))?;
    let table = Table::open(&file, source, &builder::slots(wanted))?;
    Decoder::new(source, wanted, &table, intake).read(file, Some(groups), on_chunk)
}

/// The latest time that the file's own statistics know; `None` where they do not, or where it cannot be a time of events.
pub fn latest(source: &Source) -> Result<Option<i64>, Error> {
    let file = File::open(&source.path).map_err(|cause| Error::reading(&source.path, cause))?;
    let table = Table::open(&file, source, &builder::slots(&Wanted::default()))?;
    Ok(table.latest(AT).filter(|micros| in_range(*micros).is_ok()))
}

pub(crate) fn read(
    input: Input<'_>,
    source: &Source,
    wanted: &Wanted,
    intake: &mut Intake<'_>,
    on_chunk: &mut OnChunk<'_>,
) -> Result<FileRead, Error> {
    let counted = !input.is_plain();
    let file = input.into_file()?;
    let table = Table { counted, ..Table::open(&file, source, &builder::slots(wanted))? };
    Decoder::new(source, wanted, &table, intake).read(file, None, on_chunk)
}

/// Batches into chunks.
struct Decoder<'a, 'i> {
    source: &'a Source,
    wanted: &'a Wanted,
    table: &'a Table,
    intake: &'a mut Intake<'i>,
    times: Times,
    attribute_times: Vec<Times>,
    activities: Codes,
    channels: Codes,
    values: Memo,
    unreadable: Vec<u64>,
    read: FileRead,
}

impl<'a, 'i> Decoder<'a, 'i> {
    fn new(
        source: &'a Source,
        wanted: &'a Wanted,
        table: &'a Table,
        intake: &'a mut Intake<'i>,
    ) -> Self {
        let times = || Times::new(source.zone.clone());
        Self {
            source,
            wanted,
            table,
            intake,
            times: times(),
            attribute_times: wanted.attributes.iter().map(|_| times()).collect(),
            activities: Codes::default(),
            channels: Codes::default(),
            values: Memo::default(),
            unreadable: vec![0; wanted.attributes.len()],
            read: FileRead {
                path: source.path.clone(),
                format: "Parquet".to_owned(),
                columns: table.columns.clone(),
                absent: table.absent.clone(),
                ..FileRead::default()
            },
        }
    }

    fn read(
        mut self,
        file: File,
        groups: Option<Range<usize>>,
        on_chunk: &mut OnChunk<'_>,
    ) -> Result<FileRead, Error> {
        let (batches, before) = self.table.batches(file, groups, &self.source.path)?;
        let mut row = before + 1;
        for batch in batches {
            self.intake.watch.check()?;
            let batch = batch?;
            let count = batch.num_rows() as u64;
            let chunk = self.chunk(batch, row)?;
            row += count;
            self.read.rows_read += count;
            if !self.table.counted {
                self.intake.watch.add_read(self.table.bytes * count / self.table.rows().max(1));
            }
            self.intake.watch.add_rows(chunk.customers.len() as u64);
            if !chunk.customers.is_empty() {
                on_chunk(chunk, self.intake.names)?;
            }
        }
        self.read.unreadable = unreadable(self.wanted, &self.unreadable);
        Ok(self.read)
    }

    fn chunk(&mut self, mut batch: RecordBatch, first_row: u64) -> Result<Chunk, Error> {
        let mut rows = Rows::default();
        let column = |batch: &RecordBatch, slot: usize| -> Result<ArrayRef, Error> {
            self.table
                .column(batch, slot)
                .ok_or_else(|| Error::in_file(&self.source.path, "a column is gone"))
        };
        let (mut at, faults) =
            instants(&column(&batch, AT)?, self.table.layout.unit, &mut self.times)
                .map_err(|e| self.unfit(&e))?;
        let mut bad: Vec<(usize, Reason)> = Vec::new();
        let customer = column(&batch, CUSTOMER)?;
        let activity = column(&batch, ACTIVITY)?;
        bad.extend(is_missing(&customer).into_iter().map(|row| (row, Reason::NoCustomer)));
        bad.extend(
            faults.into_iter().map(|(row, value, fault)| (row, fault.reason(value.as_bytes()))),
        );
        bad.extend(is_missing(&activity).into_iter().map(|row| (row, Reason::NoActivity)));
        if bad.is_empty() {
            rows.push_run(first_row, u32::try_from(batch.num_rows()).unwrap_or(u32::MAX));
        } else {
            let good = self.put_away(&batch, bad, first_row)?;
            let mut index = 0;
            at.retain(|_| {
                index += 1;
                good[index - 1]
            });
            (0..)
                .zip(&good)
                .filter(|(_, good)| **good)
                .for_each(|(index, _)| rows.push(first_row + index));
            batch = filter_record_batch(&batch, &BooleanArray::from(good))
                .map_err(|e| self.unfit(&e))?;
        }
        self.read.rows_at_epoch += at.iter().filter(|&&at| at == 0).count() as u64;
        let (customers, order) =
            customers(&column(&batch, CUSTOMER)?, &at).map_err(|e| self.unfit(&e))?;
        let activities = column(&batch, ACTIVITY)?;
        let mut chunk = Chunk { customers, at, rows, order, ..Chunk::default() };
        chunk.activities = self.activities.of(
            &activities,
            &mut self.intake.names.activities,
            0,
            "the activity",
        )?;
        self.optional(&batch, &mut chunk)?;
        Ok(chunk)
    }

    fn optional(&mut self, batch: &RecordBatch, chunk: &mut Chunk) -> Result<(), Error> {
        let rows = batch.num_rows();
        if self.wanted.channel {
            chunk.channels = match self.table.column(batch, CHANNEL) {
                Some(column) => {
                    self.channels.of(&column, &mut self.intake.names.channels, 1, "the channel")?
                }
                None => vec![0; rows],
            };
        }
        if self.wanted.event_id {
            chunk.event_ids = match self.table.column(batch, EVENT_ID) {
                Some(column) => hashes(&column).map_err(|e| self.unfit(&e))?,
                None => vec![0; rows],
            };
        }
        for (index, (_, kind)) in self.wanted.attributes.iter().enumerate() {
            let column = match self.table.column(batch, ATTRIBUTES + index) {
                Some(column) if *kind == Kind::Value => {
                    let texts = texts(&column).map_err(|e| self.unfit(&e))?;
                    let values = &mut self.intake.names.values;
                    let value = |text: Option<&str>| {
                        self.values.value(values, text.unwrap_or_default().as_bytes())
                    };
                    Column::Value(texts.iter().map(value).collect::<Result<_, _>>()?)
                }
                Some(column) => {
                    let times = &mut self.attribute_times[index];
                    let (column, unreadable) =
                        attribute(&column, *kind, times).map_err(|e| self.unfit(&e))?;
                    self.unreadable[index] += unreadable;
                    column
                }
                None => Column::missing(*kind, rows),
            };
            chunk.attributes.push(column);
        }
        Ok(())
    }

    /// Puts bad rows into the quarantine, each once and under its first reason, and says which rows are good.
    fn put_away(
        &mut self,
        batch: &RecordBatch,
        mut bad: Vec<(usize, Reason)>,
        first_row: u64,
    ) -> Result<Vec<bool>, Error> {
        bad.sort_by_key(|(row, _)| *row);
        bad.dedup_by_key(|(row, _)| *row);
        let options = FormatOptions::default().with_display_error(true);
        let plain: Result<Vec<_>, _> = batch.columns().iter().map(without_zone).collect();
        let plain = plain.map_err(|e| self.unfit(&e))?;
        let columns: Result<Vec<_>, _> =
            plain.iter().map(|column| ArrayFormatter::try_new(column, &options)).collect();
        let columns = columns.map_err(|e| self.unfit(&e))?;
        let mut good = vec![true; batch.num_rows()];
        for (row, reason) in bad {
            let raw = columns
                .iter()
                .map(|column| column.value(row).to_string())
                .collect::<Vec<_>>()
                .join(",");
            self.intake.quarantine.add(
                &self.source.path,
                first_row + row as u64,
                &reason,
                raw.as_bytes(),
            )?;
            self.read.rows_quarantined += 1;
            good[row] = false;
        }
        Ok(good)
    }

    fn unfit(&self, error: &arrow::error::ArrowError) -> Error {
        Error::in_file(&self.source.path, format!("a column cannot be read: {error}"))
    }
}
