//! A log in the kernel's columns, for what no report tells.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;
use kernel::Events;

use super::corpus::Rows;

/// Sorted by customer, time and position in the file.
#[derive(Debug)]
pub(super) struct Columns {
    customers: Vec<u64>,
    at: Vec<i64>,
    symbols: Vec<u16>,
    /// Names of the symbols, ascending.
    pub(super) activities: Vec<String>,
}

impl Columns {
    /// Reads a log whose customers are told apart by `customer`.
    pub(super) fn of(log: &Path, customer: &str) -> Self {
        let Rows { header, rows } = Rows::of(log);
        let place = |name: &str| header.iter().position(|column| column == name).unwrap();
        let (customer, activity, timestamp) =
            (place(customer), place("activity"), place("timestamp"));
        let mut activities: Vec<String> = rows.iter().map(|row| row[activity].clone()).collect();
        activities.sort_unstable();
        activities.dedup();
        let mut keys: HashMap<&str, u64> = HashMap::new();
        let mut events: Vec<(u64, i64, u16)> = Vec::new();
        for row in &rows {
            let new = keys.len() as u64;
            let key = *keys.entry(&row[customer]).or_insert(new);
            let at = row[timestamp].parse::<Timestamp>().unwrap().as_microsecond();
            let symbol = activities.binary_search(&row[activity]).unwrap() as u16;
            events.push((key, at, symbol));
        }
        events.sort_by_key(|(customer, at, _)| (*customer, *at));
        let customers = events.iter().map(|event| event.0).collect();
        let at = events.iter().map(|event| event.1).collect();
        let symbols = events.iter().map(|event| event.2).collect();
        Self { customers, at, symbols, activities }
    }

    pub(super) fn events(&self) -> Events<'_> {
        Events {
            customers: &self.customers,
            at: &self.at,
            symbols: &self.symbols,
            ..Events::default()
        }
    }

    /// Which symbols are this activity.
    pub(super) fn is(&self, activity: &str) -> Vec<bool> {
        self.activities.iter().map(|known| known == activity).collect()
    }
}
