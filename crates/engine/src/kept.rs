//! Rows of one customer, kept until the rest of them is found.

use std::ops::Range;

use kernel::{Events, Measurer};

use crate::import::{Chunk, Column};

#[derive(Debug, Default)]
pub(crate) struct Kept {
    customers: Vec<u64>,
    at: Vec<i64>,
    symbols: Vec<u16>,
    channels: Vec<u16>,
    attributes: Vec<Column>,
}

impl Kept {
    pub(crate) fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    pub(crate) fn customer(&self) -> Option<u64> {
        self.customers.first().copied()
    }

    /// Adds rows `from..to` of a chunk, coded as `symbols` and `channels` say.
    pub(crate) fn extend(
        &mut self,
        chunk: &Chunk,
        rows: Range<usize>,
        symbols: &[u16],
        channels: &[u16],
    ) {
        self.customers.extend_from_slice(&chunk.customers[rows.clone()]);
        self.at.extend_from_slice(&chunk.at[rows.clone()]);
        self.symbols.extend_from_slice(&symbols[rows.clone()]);
        self.channels.extend_from_slice(&channels[rows.clone()]);
        self.attributes.resize_with(chunk.attributes.len(), || Column::Text(Vec::new()));
        for (ours, theirs) in self.attributes.iter_mut().zip(&chunk.attributes) {
            ours.extend(theirs, rows.start, rows.end);
        }
    }

    /// Adds all rows of another part of the same customer.
    pub(crate) fn append(&mut self, other: Self) {
        if self.is_empty() {
            *self = other;
            return;
        }
        self.customers.extend(other.customers);
        self.at.extend(other.at);
        self.symbols.extend(other.symbols);
        self.channels.extend(other.channels);
        for (ours, theirs) in self.attributes.iter_mut().zip(&other.attributes) {
            ours.extend(theirs, 0, theirs.len());
        }
    }

    pub(crate) fn measure(self, measurer: &mut Measurer<'_>) {
        if self.is_empty() {
            return;
        }
        let columns: Vec<kernel::Column<'_>> =
            self.attributes.iter().map(|column| column.rows(0, column.len())).collect();
        measurer.add(&Events {
            customers: &self.customers,
            at: &self.at,
            symbols: &self.symbols,
            channels: &self.channels,
            attributes: &columns,
        });
    }
}

impl Column {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(values) | Self::Value(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Time(values) => values.len(),
        }
    }

    /// Rows as the kernel takes them.
    pub(crate) fn rows(&self, from: usize, to: usize) -> kernel::Column<'_> {
        match self {
            Self::Text(values) | Self::Value(values) => kernel::Column::Text(&values[from..to]),
            Self::Number(values) => kernel::Column::Number(&values[from..to]),
            Self::Time(values) => kernel::Column::Time(&values[from..to]),
        }
    }

    /// Adds rows of another column; an empty one takes its kind.
    fn extend(&mut self, other: &Self, from: usize, to: usize) {
        if self.len() == 0 {
            *self = match other {
                Self::Text(_) => Self::Text(Vec::new()),
                Self::Number(_) => Self::Number(Vec::new()),
                Self::Time(_) => Self::Time(Vec::new()),
                Self::Value(_) => Self::Value(Vec::new()),
            };
        }
        match (self, other) {
            (Self::Text(ours), Self::Text(theirs)) | (Self::Value(ours), Self::Value(theirs)) => {
                ours.extend_from_slice(&theirs[from..to])
            }
            (Self::Number(ours), Self::Number(theirs)) => ours.extend_from_slice(&theirs[from..to]),
            (Self::Time(ours), Self::Time(theirs)) => ours.extend_from_slice(&theirs[from..to]),
            _ => {}
        }
    }
}
