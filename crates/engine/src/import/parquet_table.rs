//! A Parquet file, the columns of it that are wanted, and the types to read them as.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Schema, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
};
use parquet::basic::Type as Physical;
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;

use super::layout::{Layout, Need, Slots};
use super::{CHUNK_ROWS, Source};
use crate::error::Error;

/// A Parquet file and where its columns are.
pub(crate) struct Table {
    pub(crate) metadata: ArrowReaderMetadata,
    pub(crate) layout: Layout,
    pub(crate) absent: Vec<String>,
    pub(crate) columns: Vec<String>,
    pub(crate) bytes: u64,
    /// The bytes were counted already, on their way into a temporary file.
    pub(crate) counted: bool,
}

/// The columns of a file, and those of them that the slots take.
pub(crate) fn columns(
    file: &File,
    source: &Source,
    slots: &Slots,
) -> Result<(Vec<String>, Vec<String>), Error> {
    let table = Table::open(file, source, slots)?;
    let own = table.layout.columns.iter().flatten();
    let own = own.map(|column| table.columns[*column].clone()).collect();
    Ok((table.columns, own))
}

impl Table {
    /// The greatest value of a column of timestamps by the statistics of every row group, µs.
    pub(crate) fn latest(&self, slot: usize) -> Option<i64> {
        let root = self.layout.columns.get(slot).copied().flatten()?;
        let DataType::Timestamp(unit, _) = self.metadata.schema().field(root).data_type() else {
            return None;
        };
        let schema = self.metadata.parquet_schema();
        let leaf =
            (0..schema.num_columns()).find(|leaf| schema.get_column_root_idx(*leaf) == root)?;
        let greatest = |group: &RowGroupMetaData| match group.column(leaf).statistics() {
            Some(Statistics::Int64(values)) => values.max_opt().copied(),
            _ => None,
        };
        let groups = self.metadata.metadata().row_groups().iter();
        let latest = groups.map(greatest).collect::<Option<Vec<i64>>>()?.into_iter().max()?;
        match unit {
            TimeUnit::Second => latest.checked_mul(1_000_000),
            TimeUnit::Millisecond => latest.checked_mul(1_000),
            TimeUnit::Microsecond => Some(latest),
            TimeUnit::Nanosecond => Some(latest.div_euclid(1_000)),
        }
    }

    pub(crate) fn open(file: &File, source: &Source, slots: &Slots) -> Result<Self, Error> {
        let path = &source.path;
        let plain = metadata(file, path)?;
        let columns: Vec<String> =
            plain.schema().fields().iter().map(|field| field.name().clone()).collect();
        let mut layout = Layout::of(slots, source, &columns).map_err(Error::without_line)?;
        layout.header = true;
        let mut fields: Vec<_> = plain.schema().fields().iter().cloned().collect();
        for (slot, column) in layout.columns.iter().enumerate() {
            let Some(column) = *column else { continue };
            if let Some(better) =
                read_as(&plain, column, slots.list[slot].need, &slots.list[slot].name)
            {
                fields[column] = Arc::new(fields[column].as_ref().clone().with_data_type(better));
            }
        }
        let schema = Arc::new(Schema::new_with_metadata(fields, plain.schema().metadata().clone()));
        let options = ArrowReaderOptions::new().with_schema(schema);
        let metadata =
            sound(path, || ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options))?;
        let absent = slots.absent(|slot| layout.columns[slot].is_some());
        let bytes = file.metadata().map_err(|cause| Error::reading(path, cause))?.len();
        let table = Self { metadata, layout, absent, columns, bytes, counted: false };
        table.check_types(source, slots)?;
        Ok(table)
    }

    /// The batches of some row groups (all when left out), wanted columns only, and the number of rows before them.
    pub(crate) fn batches(
        &self,
        file: File,
        groups: Option<Range<usize>>,
        path: &Path,
    ) -> Result<(Batches, u64), Error> {
        let all = self.metadata.metadata().row_groups();
        let groups = groups
            .map_or(0..all.len(), |range| range.start.min(all.len())..range.end.min(all.len()));
        let before = all[..groups.start]
            .iter()
            .map(|group| u64::try_from(group.num_rows()).unwrap_or(0))
            .sum();
        let roots: Vec<usize> = self.layout.columns.iter().flatten().copied().collect();
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), roots);
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let builder = builder
            .with_projection(mask)
            .with_row_groups(groups.collect())
            .with_batch_size(CHUNK_ROWS);
        let reader = sound(path, || builder.build())?;
        Ok((Batches { reader, path: path.to_owned() }, before))
    }

    /// The column of a slot within a batch, which holds the wanted columns in the order of the file.
    pub(crate) fn column(&self, batch: &RecordBatch, slot: usize) -> Option<ArrayRef> {
        let root = self.layout.columns.get(slot).copied().flatten()?;
        let mut roots: Vec<usize> = self.layout.columns.iter().flatten().copied().collect();
        roots.sort_unstable();
        roots.dedup();
        batch.columns().get(roots.iter().position(|&column| column == root)?).cloned()
    }

    pub(crate) fn rows(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// Refuses columns that cannot be what they are mapped to, before a row is read.
    fn check_types(&self, source: &Source, slots: &Slots) -> Result<(), Error> {
        for (slot, column) in self.layout.columns.iter().enumerate() {
            let Some(column) = *column else { continue };
            let (name, kind) =
                (&self.columns[column], self.metadata.schema().field(column).data_type());
            if kind.is_nested() && !matches!(kind, DataType::Dictionary(..)) {
                let message = format!("the column `{name}` is nested ({kind}); map a plain one");
                return Err(Error::in_file(&source.path, message));
            }
            let is_number = kind.is_numeric() && slots.list[slot].name == "at";
            if is_number && slots.list[slot].need != Need::Attribute && self.layout.unit.is_none() {
                let message = format!(
                    "the column `{name}` holds bare numbers, which do not say their unit. If they count from 1970, write \
                     `--map at={name}:ms` (or `:s`, `:us`, `:ns`)",
                );
                return Err(Error::in_file(&source.path, message));
            }
        }
        Ok(())
    }
}

/// The batches of a file that may be damaged.
pub(crate) struct Batches {
    reader: ParquetRecordBatchReader,
    path: PathBuf,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        sound(&self.path, || self.reader.next().transpose().map_err(ParquetError::from)).transpose()
    }
}

/// The type to read a text column as: names, which come again and again, by their dictionary; ids, which do not, as
/// views into the page. Old timestamps of 96 bits are asked for in microseconds, because nanoseconds end in 2262.
fn read_as(
    metadata: &ArrowReaderMetadata,
    column: usize,
    need: Need,
    name: &str,
) -> Option<DataType> {
    let schema = metadata.parquet_schema();
    let leaf =
        (0..schema.num_columns()).find(|&leaf| schema.get_column_root_idx(leaf) == column)?;
    let kind = metadata.schema().field(column).data_type();
    let value = if let DataType::Dictionary(_, value) = kind { value.as_ref() } else { kind };
    match (schema.column(leaf).physical_type(), value) {
        (Physical::INT96, _) => Some(DataType::Timestamp(TimeUnit::Microsecond, None)),
        (
            Physical::BYTE_ARRAY,
            DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView,
        ) => {
            let first = metadata.metadata().row_groups().first();
            let has_dictionary =
                first.is_some_and(|group| group.column(leaf).dictionary_page_offset().is_some());
            let few = has_dictionary
                && (need == Need::Attribute || !matches!(name, "customer_id" | "event_id" | "at"));
            Some(if few {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            } else {
                DataType::Utf8View
            })
        }
        _ => None,
    }
}

/// The footer, after a look at whether the file is as long as it says.
pub(crate) fn metadata(file: &File, path: &Path) -> Result<ArrowReaderMetadata, Error> {
    // The schema that Arrow leaves in a footer says nothing that we need, and reading a damaged one panics.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = sound(path, || ArrowReaderMetadata::load(file, options))?;
    let length = file.metadata().map_err(|cause| Error::reading(path, cause))?.len();
    for column in metadata.metadata().row_groups().iter().flat_map(|group| group.columns()) {
        let start = column
            .dictionary_page_offset()
            .unwrap_or(column.data_page_offset())
            .min(column.data_page_offset());
        let ends_within =
            u64::try_from(start).ok().zip(u64::try_from(column.compressed_size()).ok());
        if ends_within
            .and_then(|(start, size)| start.checked_add(size))
            .is_none_or(|end| end > length)
        {
            return Err(broken(
                path,
                &ParquetError::EOF("a column lies beyond the end of the file".to_owned()),
            ));
        }
    }
    Ok(metadata)
}

/// A step of the reader on the caller's file.
fn sound<T>(path: &Path, step: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, Error> {
    crate::sound::sound(step).map_err(|error| broken(path, &error))
}

fn broken(path: &Path, error: &ParquetError) -> Error {
    let message = format!(
        "this Parquet file is damaged or was cut off ({error}). Nothing of it was counted; copy it again"
    );
    Error::in_file(path, message)
}
