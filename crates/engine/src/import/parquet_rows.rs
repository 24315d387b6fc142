//! Parquet as rows of text, for small files whose rows go where those of CSV go.

use arrow::array::{Array, ArrayRef, RecordBatch, StringViewArray};

use super::delimited::{Ask, OnRow};
use super::input::Input;
use super::layout::Row;
use super::parquet_columns::{instants, texts};
use super::parquet_table::Table;
use super::records::Span;
use super::{FileRead, Unit};
use crate::error::Error;
use crate::time::Times;

pub(crate) fn read(
    input: Input<'_>,
    ask: Ask<'_>,
    on_row: &mut OnRow<'_>,
) -> Result<FileRead, Error> {
    let path = &ask.source.path;
    let file = input.into_file()?;
    let table = Table::open(&file, ask.source, ask.slots)?;
    let mut read = FileRead {
        path: path.clone(),
        format: "Parquet".to_owned(),
        columns: table.columns.clone(),
        absent: table.absent.clone(),
        ..FileRead::default()
    };
    let (batches, _) = table.batches(file, None, path)?;
    let mut line = 0;
    for batch in batches {
        let batch = batch?;
        let columns = columns(&table, &batch, ask)?;
        let (mut text, mut spans) = (Vec::new(), Vec::new());
        for index in 0..batch.num_rows() {
            line += 1;
            read.rows_read += 1;
            fill(&columns, index, &mut text, &mut spans);
            // The times were brought to UTC with the column, so no unit is left to apply.
            let Some(reason) = on_row(&Row { line, text: &text, spans: &spans, unit: None })?
            else {
                continue;
            };
            let fields: Vec<_> =
                spans.iter().map(|&(start, end)| &text[start as usize..end as usize]).collect();
            ask.quarantine.add(path, line, &reason, &fields.join(&b","[..]))?;
            read.rows_quarantined += 1;
        }
    }
    Ok(read)
}

/// The columns as text, by slot; times in UTC.
fn columns(
    table: &Table,
    batch: &RecordBatch,
    ask: Ask<'_>,
) -> Result<Vec<Option<StringViewArray>>, Error> {
    let unfit =
        |error| Error::in_file(&ask.source.path, format!("a column cannot be read: {error}"));
    let mut times = Times::new(ask.source.zone.clone());
    let at = ask.slots.slot("at");
    let column = |slot: usize| match table.column(batch, slot) {
        Some(column) if at == Some(slot) => {
            in_utc(&column, table.layout.unit, &mut times).map(Some)
        }
        Some(column) => texts(&column).map(Some),
        None => Ok(None),
    };
    (0..ask.slots.list.len()).map(column).collect::<Result<_, _>>().map_err(unfit)
}

fn in_utc(
    column: &ArrayRef,
    unit: Option<Unit>,
    times: &mut Times,
) -> Result<StringViewArray, arrow::error::ArrowError> {
    let (micros, bad) = instants(column, unit, times)?;
    let shown = |&at: &i64| {
        jiff::Timestamp::from_microsecond(at).map_or(String::new(), |instant| instant.to_string())
    };
    let mut shown: Vec<String> = micros.iter().map(shown).collect();
    for (row, value, _) in bad {
        shown[row] = value;
    }
    Ok(shown.into_iter().map(Some).collect())
}

fn fill(
    columns: &[Option<StringViewArray>],
    row: usize,
    text: &mut Vec<u8>,
    spans: &mut Vec<Span>,
) {
    text.clear();
    spans.clear();
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    for column in columns {
        let start = offset(text.len());
        if let Some(column) = column.as_ref().filter(|column| !column.is_null(row)) {
            text.extend_from_slice(column.value(row).as_bytes());
        }
        spans.push((start, offset(text.len())));
    }
}
