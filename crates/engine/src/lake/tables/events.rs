//! `events`: a row for each event, an attribute a column.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, RecordBatch, RecordBatchOptions, StringArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow::datatypes::{DataType, Schema};

use super::{OnRows, ROWS, Sight, Tables, field, impossible, time};
use crate::error::Error;
use crate::import::{Interner, Kind, Names};
use crate::lake::portion::Portion;
use crate::lake::read::Wanted;
use crate::lake::walk::Gathered;

/// Columns before the attributes.
const OWN: usize = 5;

pub(super) fn schema(attributes: &[String]) -> Schema {
    let own = [
        field("customer", DataType::UInt64, false),
        field("at", time(), false),
        field("activity", DataType::Utf8, false),
        field("channel", DataType::Utf8, true),
        field("event_id", DataType::UInt64, true),
    ];
    let attributes = attributes.iter().map(|name| field(name, DataType::Utf8, true));
    Schema::new(own.into_iter().chain(attributes).collect::<Vec<_>>())
}

impl Tables {
    pub(super) fn events(
        &self,
        portion: &Portion,
        sight: &Sight,
        on_rows: &mut OnRows<'_>,
    ) -> Result<(), Error> {
        let asked = sight.columns.iter().filter_map(|column| column.checked_sub(OWN));
        let attributes: Vec<usize> = asked.collect();
        let value = |place: &usize| (self.attributes[*place].clone(), Kind::Value);
        let wanted = Wanted { attributes: attributes.iter().map(value).collect(), customer: None };
        let schema = schema(&self.attributes);
        let schema = Arc::new(schema.project(&sight.columns).map_err(|it| impossible(&it))?);
        let portion = portion.within(sight.from, sight.to);
        let mut walker = portion.walk(self.disk.as_ref(), &wanted)?;
        while let Some(gathered) = walker.next()? {
            self.watch.check()?;
            let n = gathered.columns.len();
            for from in (0..n).step_by(ROWS) {
                let rows = Rows {
                    gathered: &gathered,
                    names: &walker.names,
                    from,
                    to: n.min(from + ROWS),
                };
                let column = |column: &usize| match column.checked_sub(OWN) {
                    None => rows.own(*column),
                    Some(place) => {
                        let place = attributes.iter().position(|known| *known == place);
                        rows.attribute(place.unwrap_or_default())
                    }
                };
                let columns: Vec<ArrayRef> = sight.columns.iter().map(column).collect();
                let counted = RecordBatchOptions::new().with_row_count(Some(rows.to - from));
                let batch =
                    RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &counted);
                on_rows(batch.map_err(|it| impossible(&it))?)?;
            }
        }
        Ok(())
    }
}

/// Some of the rows that were gathered.
struct Rows<'a> {
    gathered: &'a Gathered,
    names: &'a Names,
    from: usize,
    to: usize,
}

impl Rows<'_> {
    fn own(&self, column: usize) -> ArrayRef {
        let of = &self.gathered.columns;
        let rows = self.from..self.to;
        match column {
            0 => Arc::new(UInt64Array::from_iter_values(of.customers[rows].iter().copied())),
            1 => {
                let at = TimestampMicrosecondArray::from_iter_values(of.at[rows].iter().copied());
                Arc::new(at.with_timezone("UTC"))
            }
            2 => {
                let codes = of.activities[rows].iter().map(|code| u64::from(*code) + 1);
                texts(codes, &self.names.activities)
            }
            3 => {
                let codes = of.channels[rows].iter().map(|code| u64::from(*code));
                texts(codes, &self.names.channels)
            }
            _ => {
                // Where no event has an id there is no column of them.
                let id = |row: usize| of.event_ids.get(row).copied().filter(|id| *id != 0);
                Arc::new(UInt64Array::from_iter(rows.map(id)))
            }
        }
    }

    fn attribute(&self, place: usize) -> ArrayRef {
        let codes = &self.gathered.columns.attributes[place][self.from..self.to];
        texts(codes.iter().copied(), &self.names.values)
    }
}

/// Texts by their codes + 1; 0 for none.
fn texts(codes: impl Iterator<Item = u64>, names: &Interner) -> ArrayRef {
    let text = |code: u64| (code != 0).then(|| names.text((code - 1) as u32));
    Arc::new(StringArray::from_iter(codes.map(text)))
}
