//! Rows of one instance id, brought together from among all rows of a customer.

use std::collections::HashMap;

use crate::events::{Column, Events};

/// One customer's rows by instance id; memory that customers use one after another.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    order: Vec<(u32, u32)>,
    ids: HashMap<u64, u32>,
    customers: Vec<u64>,
    at: Vec<i64>,
    symbols: Vec<u16>,
    channels: Vec<u16>,
    columns: Vec<Owned>,
}

impl Gathered {
    /// Takes the rows `from..to`. Ids stand in the order in which they are first met; rows without one are left out.
    pub(crate) fn fill(
        &mut self,
        events: &Events<'_>,
        (from, to): (usize, usize),
        ids: Column<'_>,
    ) {
        self.ids.clear();
        self.order.clear();
        for row in from..to {
            let id = ids.text(row);
            if id != 0 {
                let next = self.ids.len() as u32;
                let number = *self.ids.entry(id).or_insert(next);
                self.order.push((number, (row - from) as u32));
            }
        }
        self.order.sort_unstable();
        let rows: Vec<usize> = self.order.iter().map(|(_, row)| from + *row as usize).collect();
        let Self { customers, at, symbols, channels, .. } = self;
        customers.clear();
        at.clear();
        symbols.clear();
        channels.clear();
        customers.extend(rows.iter().map(|row| events.customers[*row]));
        at.extend(rows.iter().map(|row| events.at[*row]));
        symbols.extend(rows.iter().map(|row| events.symbols[*row]));
        if !events.channels.is_empty() {
            channels.extend(rows.iter().map(|row| events.channels[*row]));
        }
        self.columns = events.attributes.iter().map(|column| Owned::of(column, &rows)).collect();
    }

    pub(crate) fn columns(&self) -> Vec<Column<'_>> {
        self.columns.iter().map(Owned::borrow).collect()
    }

    pub(crate) fn events<'a>(&'a self, columns: &'a [Column<'a>]) -> Events<'a> {
        let Self { customers, at, symbols, channels, .. } = self;
        Events { customers, at, symbols, channels, attributes: columns }
    }

    /// Rows of each id.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut to = 0;
        self.order.chunk_by(|a, b| a.0 == b.0).map(move |same| {
            to += same.len();
            (to - same.len(), to)
        })
    }
}

/// A column of gathered rows.
#[derive(Debug)]
enum Owned {
    Text(Vec<u64>),
    Number(Vec<f64>),
    Time(Vec<i64>),
}

impl Owned {
    fn of(column: &Column<'_>, rows: &[usize]) -> Self {
        match column {
            Column::Text(_) => Self::Text(rows.iter().map(|row| column.text(*row)).collect()),
            Column::Number(_) => Self::Number(rows.iter().map(|row| column.number(*row)).collect()),
            Column::Time(_) => Self::Time(rows.iter().map(|row| column.time(*row)).collect()),
        }
    }

    fn borrow(&self) -> Column<'_> {
        match self {
            Self::Text(values) => Column::Text(values),
            Self::Number(values) => Column::Number(values),
            Self::Time(values) => Column::Time(values),
        }
    }
}
