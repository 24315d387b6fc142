//! A file of the lake, chunk by chunk in its order.

use std::io;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, TimestampMicrosecondType, UInt64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;

use super::disk::{Body, Trouble, is_out_of_reach};
use super::write::OWN;
use crate::error::Error;
use crate::import::{Chunk, Codes, Column, Kind, Memo, Names, attribute, texts};
use crate::sound::sound;
use crate::time::Times;

/// Rows in a chunk.
const ROWS: usize = 1 << 14;

/// What is read of every event beside customer, time and activity.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) attributes: Vec<(String, Kind)>,
    /// Only this customer.
    pub(crate) customer: Option<u64>,
}

/// Events of one file, or of the tail, in the order of customer and time.
pub(crate) struct Run {
    batches: Option<ParquetRecordBatchReader>,
    path: String,
    trouble: Trouble,
    wanted: Wanted,
    activities: Codes,
    channels: Codes,
    values: Vec<Memo>,
    times: Times,
}

/// A chunk with the step that each of its events came with.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    pub(crate) chunk: Chunk,
    pub(crate) batches: Vec<i64>,
}

impl Run {
    /// Over a file that was opened.
    pub(crate) fn over(body: io::Result<Body>, path: &str, wanted: &Wanted) -> Result<Self, Error> {
        let body = body.map_err(|cause| failed(path, cause))?;
        let trouble = body.trouble();
        let unreadable = |cause: ParquetError| because(&trouble, path, &cause);
        let metadata = sound(|| metadata(&body)).map_err(unreadable)?;
        let groups: Vec<usize> = match wanted.customer {
            None => (0..metadata.metadata().num_row_groups()).collect(),
            Some(customer) => {
                let groups = metadata.metadata().row_groups().iter().enumerate();
                groups.filter(|(_, group)| may_hold(group, customer)).map(|(at, _)| at).collect()
            }
        };
        let names: Vec<&str> = OWN
            .into_iter()
            .chain(wanted.attributes.iter().map(|(name, _)| name.as_str()))
            .collect();
        let schema = metadata.parquet_schema();
        let is_wanted =
            |leaf: &usize| names.iter().any(|name| schema.column(*leaf).name() == *name);
        // By number: a name with a dot in it would be taken for a path.
        let leaves = (0..schema.num_columns()).filter(is_wanted);
        let mask = ProjectionMask::leaves(schema, leaves);
        let (stretches, at_once) = stretches(metadata.metadata().row_groups(), &groups, &mask);
        body.expect(stretches, at_once);
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(body, metadata)
            .with_projection(mask)
            .with_row_groups(groups)
            .with_batch_size(ROWS);
        let batches = sound(|| reader.build()).map_err(unreadable)?;
        Ok(Self {
            batches: Some(batches),
            path: path.to_owned(),
            trouble,
            values: wanted.attributes.iter().map(|_| Memo::default()).collect(),
            wanted: wanted.clone(),
            activities: Codes::default(),
            channels: Codes::default(),
            times: Times::new(None),
        })
    }

    /// The next events; `None` at the end.
    pub(crate) fn next(&mut self, names: &mut Names) -> Result<Option<Piece>, Error> {
        let Some(batches) = &mut self.batches else { return Ok(None) };
        match sound(|| batches.next().transpose().map_err(ParquetError::from)).transpose() {
            None => {
                self.batches = None;
                Ok(None)
            }
            Some(Err(cause)) => Err(because(&self.trouble, &self.path, &cause)),
            Some(Ok(batch)) => self.piece(&batch, names).map(Some),
        }
    }

    fn piece(&mut self, batch: &RecordBatch, names: &mut Names) -> Result<Piece, Error> {
        let customers = self.own(batch, "customer", &DataType::UInt64)?;
        let at = self.own_time(batch)?;
        let mut chunk = Chunk {
            customers: customers.as_primitive::<UInt64Type>().values().to_vec(),
            at: at.as_primitive::<TimestampMicrosecondType>().values().to_vec(),
            ..Chunk::default()
        };
        let activity = self.column(batch, "activity")?;
        chunk.activities =
            self.activities.of(&activity, &mut names.activities, 0, "the activity")?;
        let channel = self.column(batch, "channel")?;
        chunk.channels = self.channels.of(&channel, &mut names.channels, 1, "the channel")?;
        let ids = self.own(batch, "event_id", &DataType::UInt64)?;
        if ids.null_count() < ids.len() {
            let ids = ids.as_primitive::<UInt64Type>();
            chunk.event_ids = ids.iter().map(Option::unwrap_or_default).collect();
        }
        for (number, (name, kind)) in self.wanted.attributes.iter().enumerate() {
            let column = match batch.column_by_name(name) {
                None => Column::missing(*kind, batch.num_rows()),
                Some(column) if *kind == Kind::Value => {
                    let memo = &mut self.values[number];
                    values(column, memo, names).map_err(|cause| unreadable(&self.path, &cause))?
                }
                Some(column) => {
                    attribute(column, *kind, &mut self.times)
                        .map_err(|cause| unreadable(&self.path, &cause))?
                        .0
                }
            };
            chunk.attributes.push(column);
        }
        let batches = self.own(batch, "batch", &DataType::Int64)?;
        Ok(Piece { chunk, batches: batches.as_primitive::<Int64Type>().values().to_vec() })
    }

    fn own_time(&self, batch: &RecordBatch) -> Result<ArrayRef, Error> {
        let column = self.column(batch, "at")?;
        match column.data_type() {
            DataType::Timestamp(arrow::datatypes::TimeUnit::Microsecond, _) => Ok(column),
            other => Err(unreadable(&self.path, &format!("`at` is of type {other}"))),
        }
    }

    fn own(&self, batch: &RecordBatch, name: &str, of: &DataType) -> Result<ArrayRef, Error> {
        let column = self.column(batch, name)?;
        if column.data_type() != of {
            let told = format!("`{name}` is of type {}", column.data_type());
            return Err(unreadable(&self.path, &told));
        }
        Ok(column)
    }

    fn column(&self, batch: &RecordBatch, name: &str) -> Result<ArrayRef, Error> {
        let column = batch.column_by_name(name).map(Arc::clone);
        column.ok_or_else(|| unreadable(&self.path, &format!("there is no column `{name}`")))
    }
}

fn values(
    column: &ArrayRef,
    memo: &mut Memo,
    names: &mut Names,
) -> Result<Column, arrow::error::ArrowError> {
    let texts = texts(column)?;
    let mut values = Vec::with_capacity(texts.len());
    for text in &texts {
        let value = memo.value(&mut names.values, text.unwrap_or_default().as_bytes());
        values.push(
            value.map_err(|cause| {
                arrow::error::ArrowError::InvalidArgumentError(cause.to_string())
            })?,
        );
    }
    Ok(Column::Value(values))
}

/// A file whose bytes are those that were written; where only one customer is looked for, as much of it as is read.
pub(crate) fn whole(body: io::Result<Body>, written: &str, wanted: &Wanted) -> io::Result<Body> {
    if wanted.customer.is_some() { body } else { body?.held_against(written) }
}

/// The footer. What Arrow left in it is passed over: reading a damaged one panics, and texts are dictionaries here anyway.
fn metadata(body: &Body) -> Result<ArrowReaderMetadata, ParquetError> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let plain = ArrowReaderMetadata::load(body, options)?;
    let field = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 => {
            let texts = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Arc::new(field.as_ref().clone().with_data_type(texts))
        }
        _ => Arc::clone(field),
    };
    let schema = Schema::new(plain.schema().fields().iter().map(field).collect::<Vec<_>>());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options)
}

/// Whether a row group may hold a customer; its rows are sorted by customer.
fn may_hold(group: &RowGroupMetaData, customer: u64) -> bool {
    let Some(Statistics::Int64(values)) = group.column(0).statistics() else { return true };
    let (Some(least), Some(most)) = (values.min_opt(), values.max_opt()) else { return true };
    (least.cast_unsigned()..=most.cast_unsigned()).contains(&customer)
}

/// Which bytes will be read, in their order, and how many stretches of them belong to one row group.
fn stretches(
    all: &[RowGroupMetaData],
    groups: &[usize],
    mask: &ProjectionMask,
) -> (Vec<(u64, u64)>, usize) {
    let wanted = |leaf: &usize| mask.leaf_included(*leaf);
    let mut stretches = Vec::new();
    let mut at_once = 0;
    for group in groups.iter().map(|group| &all[*group]) {
        let columns: Vec<usize> = (0..group.num_columns()).filter(wanted).collect();
        at_once = at_once.max(columns.len());
        stretches.extend(columns.into_iter().map(|leaf| {
            let (from, length) = group.column(leaf).byte_range();
            (from, from + length)
        }));
    }
    stretches.sort_unstable();
    (stretches, at_once)
}

/// A failure while reading: the disk's own words where it has any.
fn because(trouble: &Trouble, path: &str, cause: &dyn std::fmt::Display) -> Error {
    trouble.take().map_or_else(|| unreadable(path, cause), |cause| failed(path, cause))
}

/// A disk that is out of reach is no damage to the file.
fn failed(path: &str, cause: io::Error) -> Error {
    if is_out_of_reach(&cause) {
        Error::world(format!("reading {path}"), cause)
    } else {
        unreadable(path, &cause)
    }
}

/// A file of the lake that is gone or changed: never read in silence.
fn unreadable(path: &str, cause: &dyn std::fmt::Display) -> Error {
    Error::caller(format!(
        "the lake's file {path} cannot be read ({cause}); `footpath verify` tells which files are damaged, and a backup \
         has them whole"
    ))
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("path", &self.path).finish_non_exhaustive()
    }
}
