//! Rows of one instance id, brought together from among all rows of a customer.

use std::collections::HashMap;

use crate::events::{Column, Events};

/// Memory that customers use one after another.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    order: Vec<(u32, u32)>,
    ids: HashMap<u64, u32>,
    customers: Vec<u64>,
    at: Vec<i64>,
    symbols: Vec<u16>,
    channels: Vec<u16>,
}

impl Gathered {
    /// Hands over the rows of each id, in the order in which ids are first met; rows without one are left out.
    pub(crate) fn each_id(
        &mut self,
        run: &Events<'_>,
        ids: Column<'_>,
        mut found: impl FnMut(&Events<'_>),
    ) {
        self.ids.clear();
        self.order.clear();
        for row in 0..run.len() {
            let id = ids.text(row);
            if id != 0 {
                let next = self.ids.len() as u32;
                let number = *self.ids.entry(id).or_insert(next);
                self.order.push((number, row as u32));
            }
        }
        self.order.sort_unstable();
        let order = std::mem::take(&mut self.order);
        for same in order.chunk_by(|a, b| a.0 == b.0) {
            let rows: Vec<usize> = same.iter().map(|(_, row)| *row as usize).collect();
            self.fill(run, &rows);
            let columns: Vec<Owned> =
                run.attributes.iter().map(|column| Owned::of(column, &rows)).collect();
            let columns: Vec<Column<'_>> = columns.iter().map(Owned::borrow).collect();
            found(&Events {
                customers: &self.customers,
                at: &self.at,
                symbols: &self.symbols,
                channels: &self.channels,
                attributes: &columns,
            });
        }
        self.order = order;
    }

    fn fill(&mut self, run: &Events<'_>, rows: &[usize]) {
        let Self { customers, at, symbols, channels, .. } = self;
        customers.clear();
        at.clear();
        symbols.clear();
        channels.clear();
        customers.extend(rows.iter().map(|row| run.customers[*row]));
        at.extend(rows.iter().map(|row| run.at[*row]));
        symbols.extend(rows.iter().map(|row| run.symbols[*row]));
        if !run.channels.is_empty() {
            channels.extend(rows.iter().map(|row| run.channels[*row]));
        }
    }
}

/// A column of gathered rows.
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
