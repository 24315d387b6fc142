//! Sorted events as a Parquet file.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray, UInt64Array,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, TimeUnit};
use arrow::error::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::WriterProperties;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use super::rows::Rows;

/// The columns that every file has; their field ids count from 1 in this order.
pub(crate) const OWN: [&str; 6] = ["customer", "at", "activity", "channel", "event_id", "batch"];

/// Rows of a row group: few enough that one customer is found without decoding much.
const GROUP: usize = 1 << 17;

/// Rows that are turned into Arrow at once.
const SLICE: usize = 1 << 16;

/// A file in memory.
#[derive(Debug)]
pub(crate) struct Encoded {
    pub(crate) bytes: Vec<u8>,
    pub(crate) footer: u64,
    pub(crate) checksum: String,
}

/// Encodes these rows, which lie in one month and are sorted.
pub(crate) fn encode(rows: &Rows<'_>, picked: &[u32]) -> Result<Encoded, ParquetError> {
    let schema = Arc::new(schema(rows.attributes));
    let mut writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties()?))?;
    for picked in picked.chunks(SLICE) {
        writer.write(&batch(rows, picked, &schema)?)?;
    }
    let bytes = writer.into_inner()?;
    let footer = bytes.len().checked_sub(8).and_then(|at| bytes.get(at..at + 4));
    let footer = footer.and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes);
    Ok(Encoded { footer: footer.into(), checksum: checksum(&bytes), bytes })
}

/// XXH3-128, hexadecimal.
pub(crate) fn checksum(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

/// The same of all that is still to be read; `go_on` is asked before each piece.
pub(crate) fn checksum_of<E>(
    mut from: impl Read,
    failed: impl Fn(io::Error) -> E,
    go_on: impl Fn() -> Result<(), E>,
) -> Result<String, E> {
    let mut hasher = Xxh3Default::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        go_on()?;
        match from.read(&mut buffer).map_err(&failed)? {
            0 => return Ok(format!("{:032x}", hasher.digest128())),
            read => hasher.update(&buffer[..read]),
        }
    }
}

fn properties() -> Result<WriterProperties, ParquetError> {
    let sorted = |column_idx| SortingColumn { column_idx, descending: false, nulls_first: false };
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(Some(GROUP))
        .set_sorting_columns(Some(vec![sorted(0), sorted(1)]));
    for packed in ["customer", "at", "event_id"] {
        properties = properties
            .set_column_dictionary_enabled(packed.into(), false)
            .set_column_encoding(packed.into(), Encoding::DELTA_BINARY_PACKED);
    }
    Ok(properties.build())
}

fn schema(attributes: &[(i64, String)]) -> Schema {
    let text = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let types = [
        DataType::UInt64,
        DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        text(),
        text(),
        DataType::UInt64,
        DataType::Int64,
    ];
    let own = OWN.into_iter().zip(types).zip(1..).map(|((name, of), id)| field(id, name, of));
    let attributes = attributes.iter().map(|(id, name)| field(*id, name, text()));
    Schema::new(own.chain(attributes).collect::<Vec<_>>())
}

/// A column with the number by which DuckLake knows it.
fn field(id: i64, name: &str, of: DataType) -> Field {
    let number = [("PARQUET:field_id".to_owned(), id.to_string())];
    Field::new(name, of, true).with_metadata(number.into())
}

fn batch(rows: &Rows<'_>, picked: &[u32], schema: &Arc<Schema>) -> Result<RecordBatch, ArrowError> {
    let of = rows.columns;
    let pick = || picked.iter().map(|row| *row as usize);
    let names = rows.names;
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(UInt64Array::from_iter_values(pick().map(|row| of.customers[row]))),
        Arc::new(
            TimestampMicrosecondArray::from_iter_values(pick().map(|row| of.at[row]))
                .with_timezone("UTC"),
        ),
        texts(pick().map(|row| u64::from(of.activities[row]) + 1), |code| {
            names.activities.text(code)
        })?,
        texts(pick().map(|row| of.channels.get(row).map_or(0, |code| u64::from(*code))), |code| {
            names.channels.text(code)
        })?,
        Arc::new(UInt64Array::from_iter(
            pick().map(|row| of.event_ids.get(row).copied().filter(|id| *id != 0)),
        )),
        Arc::new(Int64Array::from_iter_values(pick().map(|row| rows.batches.of(row)))),
    ];
    for values in &of.attributes {
        columns.push(texts(pick().map(|row| values[row]), |code| names.values.text(code))?);
    }
    RecordBatch::try_new(Arc::clone(schema), columns)
}

/// Texts by their codes + 1, 0 for none, as a dictionary of those that occur.
fn texts<'a>(
    codes: impl Iterator<Item = u64>,
    text: impl Fn(u32) -> &'a str,
) -> Result<ArrayRef, ArrowError> {
    let mut keys: BTreeMap<u64, i32> = BTreeMap::new();
    let mut entries = Vec::new();
    let mut last: Option<(u64, i32)> = None;
    let mut key = |code: u64| {
        let key = match last {
            Some((known, key)) if known == code => key,
            _ => *keys.entry(code).or_insert_with(|| {
                entries.push(text((code - 1) as u32));
                entries.len() as i32 - 1
            }),
        };
        last = Some((code, key));
        key
    };
    let keys: Int32Array = codes.map(|code| (code != 0).then(|| key(code))).collect();
    let entries = StringArray::from(entries);
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::new(entries))?))
}
