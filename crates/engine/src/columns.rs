//! Rows of events in memory, a column each, and how they look on disk while they wait for their bucket's turn.

use std::io::{self, Read, Write};
use std::ops::Range;

use crate::import::{Chunk, Column};

/// Which columns there are beside customer, time and activity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) channel: bool,
    pub(crate) event_id: bool,
    pub(crate) attributes: usize,
}

/// Events; columns that the layout does not have are empty.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    pub(crate) customers: Vec<u64>,
    pub(crate) at: Vec<i64>,
    pub(crate) activities: Vec<u32>,
    pub(crate) channels: Vec<u32>,
    pub(crate) event_ids: Vec<u64>,
    /// File in the upper 16 bits, row in the others; kept beside ids of events.
    pub(crate) places: Vec<u64>,
    /// Values as bits.
    pub(crate) attributes: Vec<Vec<u64>>,
}

/// Rows of a file are told by so many bits.
pub(crate) const ROW_BITS: u32 = 48;

impl Columns {
    pub(crate) fn new(layout: Layout) -> Self {
        Self { attributes: vec![Vec::new(); layout.attributes], ..Self::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.customers.len()
    }

    /// Adds one row of a chunk.
    #[inline]
    pub(crate) fn push(&mut self, chunk: &Chunk, row: usize, layout: Layout, file: usize) {
        self.customers.push(chunk.customers[row]);
        self.at.push(chunk.at[row]);
        self.activities.push(chunk.activities[row]);
        if layout.channel {
            self.channels.push(chunk.channels.get(row).copied().unwrap_or(0));
        }
        if layout.event_id {
            self.event_ids.push(chunk.event_ids.get(row).copied().unwrap_or(0));
            self.places.push((file as u64) << ROW_BITS | chunk.rows.row(row));
        }
        for (column, values) in self.attributes.iter_mut().zip(&chunk.attributes) {
            column.push(bits(values, row));
        }
    }

    /// Adds rows of a chunk that has channels; ids may be missing there.
    pub(crate) fn extend(&mut self, chunk: &Chunk, rows: Range<usize>) {
        let before = self.len();
        self.customers.extend_from_slice(&chunk.customers[rows.clone()]);
        self.at.extend_from_slice(&chunk.at[rows.clone()]);
        self.activities.extend_from_slice(&chunk.activities[rows.clone()]);
        self.channels.extend_from_slice(&chunk.channels[rows.clone()]);
        if !chunk.event_ids.is_empty() {
            self.event_ids.resize(before, 0);
            self.event_ids.extend_from_slice(&chunk.event_ids[rows.clone()]);
        } else if !self.event_ids.is_empty() {
            self.event_ids.resize(self.len(), 0);
        }
        self.attributes.resize_with(chunk.attributes.len(), Vec::new);
        for (ours, theirs) in self.attributes.iter_mut().zip(&chunk.attributes) {
            match theirs {
                Column::Text(values) | Column::Value(values) => {
                    ours.extend_from_slice(&values[rows.clone()]);
                }
                Column::Number(values) => {
                    ours.extend(values[rows.clone()].iter().map(|value| value.to_bits()));
                }
                Column::Time(values) => {
                    ours.extend(values[rows.clone()].iter().map(|value| value.cast_unsigned()));
                }
            }
        }
    }

    /// Adds rows that come after these.
    pub(crate) fn append(&mut self, other: Self) {
        if self.len() == 0 {
            *self = other;
            return;
        }
        if !other.event_ids.is_empty() {
            self.without_ids();
        }
        self.customers.extend(other.customers);
        self.at.extend(other.at);
        self.activities.extend(other.activities);
        self.channels.extend(other.channels);
        self.event_ids.extend(other.event_ids);
        self.places.extend(other.places);
        if !self.event_ids.is_empty() {
            self.without_ids();
        }
        for (ours, theirs) in self.attributes.iter_mut().zip(other.attributes) {
            ours.extend(theirs);
        }
    }

    /// Fills up the columns of ids for rows that have none.
    pub(crate) fn without_ids(&mut self) {
        self.event_ids.resize(self.len(), 0);
        self.places.resize(self.len(), 0);
    }

    /// These rows in another order.
    pub(crate) fn in_order(&self, order: &[u32]) -> Self {
        fn pick<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
            if values.is_empty() {
                Vec::new()
            } else {
                order.iter().map(|row| values[*row as usize]).collect()
            }
        }
        Self {
            customers: pick(&self.customers, order),
            at: pick(&self.at, order),
            activities: pick(&self.activities, order),
            channels: pick(&self.channels, order),
            event_ids: pick(&self.event_ids, order),
            places: pick(&self.places, order),
            attributes: self.attributes.iter().map(|values| pick(values, order)).collect(),
        }
    }

    /// Bytes in use.
    pub(crate) fn row_bytes(layout: Layout) -> usize {
        20 + 4 * usize::from(layout.channel)
            + 16 * usize::from(layout.event_id)
            + 8 * layout.attributes
    }

    pub(crate) fn clear(&mut self) {
        self.customers.clear();
        self.at.clear();
        self.activities.clear();
        self.channels.clear();
        self.event_ids.clear();
        self.places.clear();
        self.attributes.iter_mut().for_each(Vec::clear);
    }

    /// Gives the memory back as well.
    pub(crate) fn release(&mut self) {
        let attributes = vec![Vec::new(); self.attributes.len()];
        *self = Self { attributes, ..Self::default() };
    }

    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        // A block says by itself whether it carries ids of events: a later file may be the first that has them.
        let has_ids = u64::from(!self.event_ids.is_empty());
        out.write_all(&(self.len() as u64).to_le_bytes())?;
        out.write_all(&has_ids.to_le_bytes())?;
        write_all(out, self.customers.iter().map(|value| value.to_le_bytes()))?;
        write_all(out, self.at.iter().map(|value| value.to_le_bytes()))?;
        write_all(out, self.activities.iter().map(|value| value.to_le_bytes()))?;
        write_all(out, self.channels.iter().map(|value| value.to_le_bytes()))?;
        write_all(out, self.event_ids.iter().map(|value| value.to_le_bytes()))?;
        write_all(out, self.places.iter().map(|value| value.to_le_bytes()))?;
        for values in &self.attributes {
            write_all(out, values.iter().map(|value| value.to_le_bytes()))?;
        }
        Ok(())
    }

    /// Adds a block that [`Self::write`] wrote; `false` at the end of the file.
    pub(crate) fn read(&mut self, layout: Layout, from: &mut impl Read) -> io::Result<bool> {
        let mut head = [0; 8];
        match from.read_exact(&mut head) {
            Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            other => other?,
        }
        let n = u64::from_le_bytes(head) as usize;
        from.read_exact(&mut head)?;
        let has_ids = u64::from_le_bytes(head) != 0;
        read_all(from, n, &mut self.customers, u64::from_le_bytes)?;
        read_all(from, n, &mut self.at, i64::from_le_bytes)?;
        read_all(from, n, &mut self.activities, u32::from_le_bytes)?;
        if layout.channel {
            read_all(from, n, &mut self.channels, u32::from_le_bytes)?;
        }
        if has_ids {
            read_all(from, n, &mut self.event_ids, u64::from_le_bytes)?;
            read_all(from, n, &mut self.places, u64::from_le_bytes)?;
        } else if layout.event_id {
            self.without_ids();
        }
        for values in &mut self.attributes {
            read_all(from, n, values, u64::from_le_bytes)?;
        }
        Ok(true)
    }
}

fn bits(column: &Column, row: usize) -> u64 {
    match column {
        Column::Text(values) | Column::Value(values) => values[row],
        Column::Number(values) => values[row].to_bits(),
        Column::Time(values) => values[row].cast_unsigned(),
    }
}

fn write_all<const N: usize>(
    out: &mut impl Write,
    values: impl Iterator<Item = [u8; N]>,
) -> io::Result<()> {
    let bytes: Vec<u8> = values.flatten().collect();
    out.write_all(&bytes)
}

fn read_all<T, const N: usize>(
    from: &mut impl Read,
    n: usize,
    into: &mut Vec<T>,
    value: fn([u8; N]) -> T,
) -> io::Result<()> {
    let mut bytes = vec![0; n * N];
    from.read_exact(&mut bytes)?;
    into.extend(bytes.chunks_exact(N).map(|chunk| {
        let mut array = [0; N];
        array.copy_from_slice(chunk);
        value(array)
    }));
    Ok(())
}
