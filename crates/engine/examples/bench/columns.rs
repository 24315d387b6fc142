//! A log as the kernel takes it: four columns in memory.

use std::collections::BTreeMap;
use std::error::Error;

use arrow::array::{AsArray, DictionaryArray};
use arrow::datatypes::{Int32Type, TimestampMicrosecondType, UInt64Type};
use report::symbols::Symbols;

use crate::decode::Log;

#[derive(Default)]
pub(crate) struct Columns {
    pub(crate) customers: Vec<u64>,
    pub(crate) at: Vec<i64>,
    pub(crate) symbols: Vec<u16>,
    /// From 1 on; 0 would be none.
    pub(crate) channels: Vec<u16>,
    pub(crate) channel_names: Vec<String>,
    /// Symbol of each activity in the log.
    pub(crate) activities: BTreeMap<String, u16>,
}

impl Columns {
    pub(crate) fn read(log: &Log, symbols: &Symbols) -> Result<Self, Box<dyn Error>> {
        let mut columns = Self::default();
        columns.customers.reserve_exact(log.rows());
        columns.at.reserve_exact(log.rows());
        columns.symbols.reserve_exact(log.rows());
        columns.channels.reserve_exact(log.rows());
        let batches =
            log.batches((0..log.row_groups()).collect()).map_err(|why| why.to_string())?;
        for batch in batches {
            let batch = batch?;
            columns.customers.extend(batch.column(0).as_primitive::<UInt64Type>().values());
            columns.at.extend(batch.column(1).as_primitive::<TimestampMicrosecondType>().values());
            columns.add_activities(batch.column(2).as_dictionary(), symbols)?;
            columns.add_channels(batch.column(3).as_dictionary());
        }
        Ok(columns)
    }

    pub(crate) fn len(&self) -> usize {
        self.customers.len()
    }

    fn add_activities(
        &mut self,
        activities: &DictionaryArray<Int32Type>,
        symbols: &Symbols,
    ) -> Result<(), Box<dyn Error>> {
        let mut codes = Vec::new();
        for text in activities.values().as_string::<i32>().iter().flatten() {
            let activity = symbols.find(text);
            let symbol =
                activity.ok_or_else(|| format!("the journey does not bind `{text}`"))?.symbol;
            self.activities.insert(text.to_owned(), symbol);
            codes.push(symbol);
        }
        self.symbols.extend(activities.keys().values().iter().map(|key| codes[*key as usize]));
        Ok(())
    }

    fn add_channels(&mut self, channels: &DictionaryArray<Int32Type>) {
        let mut codes = Vec::new();
        for text in channels.values().as_string::<i32>().iter().flatten() {
            let known = self.channel_names.iter().position(|name| name == text);
            let code = known.unwrap_or_else(|| {
                self.channel_names.push(text.to_owned());
                self.channel_names.len() - 1
            });
            codes.push(code as u16 + 1);
        }
        self.channels.extend(channels.keys().values().iter().map(|key| codes[*key as usize]));
    }
}
