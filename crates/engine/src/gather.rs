//! From columns as they were read to columns as the kernel counts: activities become symbols, channels get small.

use kernel::{Events, UNBOUND};
use report::symbols::{Activity, Attributes, Kind, Symbols};

use crate::columns::Columns;
use crate::import::{Chunk, Column, Interner};

/// How activity codes of a scan become symbols.
#[derive(Debug)]
pub(crate) struct Coding<'a> {
    symbols: &'a Symbols,
    /// By activity code.
    activities: Vec<Option<&'a Activity>>,
    /// By activity code: the symbol, where no condition decides.
    plain: Vec<Option<u16>>,
    kinds: Vec<Kind>,
}

/// Rows as the kernel takes them, beside the columns that did not change.
#[derive(Debug, Default)]
pub(crate) struct Coded {
    symbols: Vec<u16>,
    channels: Vec<u16>,
    numbers: Vec<Vec<f64>>,
    times: Vec<Vec<i64>>,
}

impl<'a> Coding<'a> {
    /// The coding of a journey, before any activity has a code.
    pub(crate) fn of(symbols: &'a Symbols, attributes: &Attributes) -> Self {
        let kinds = attributes.wanted().iter().map(|(_, kind)| *kind).collect();
        Self { symbols, activities: Vec::new(), plain: Vec::new(), kinds }
    }

    fn nothing(symbols: &'a Symbols) -> Self {
        Self { symbols, activities: Vec::new(), plain: Vec::new(), kinds: Vec::new() }
    }

    /// The coding for the codes of an interner.
    pub(crate) fn with(&self, activities: &Interner) -> Self {
        let mut coding = Self { kinds: self.kinds.clone(), ..Self::nothing(self.symbols) };
        coding.learn(activities);
        coding
    }

    /// Takes up codes that an interner has given since.
    pub(crate) fn learn(&mut self, activities: &Interner) {
        for activity in activities.texts().skip(self.activities.len()) {
            let activity = self.symbols.find(activity);
            self.activities.push(activity);
            self.plain.push(match activity {
                None => Some(0),
                Some(activity) => activity.conditions.is_empty().then_some(activity.symbol),
            });
        }
    }

    /// The symbol of one row.
    #[inline]
    fn symbol(&self, rows: &Columns, row: usize) -> u16 {
        let code = rows.activities[row] as usize;
        self.plain[code]
            .unwrap_or_else(|| self.conditional(code, |column| rows.attributes[column][row]))
    }

    /// Codes the rows of a chunk, and counts those that are bound to no touchpoint by activity code.
    pub(crate) fn code_chunk(&self, chunk: &Chunk, symbols: &mut Vec<u16>, unbound: &mut [u64]) {
        let touchpoint_of = self.symbols.touchpoint_of();
        symbols.clear();
        symbols.extend(chunk.activities.iter().enumerate().map(|(row, activity)| {
            let code = *activity as usize;
            let symbol = match self.plain[code] {
                Some(symbol) => symbol,
                None => self.conditional(code, |column| match &chunk.attributes[column] {
                    Column::Text(values) => values[row],
                    _ => 0,
                }),
            };
            if touchpoint_of[usize::from(symbol)] == UNBOUND {
                unbound[code] += 1;
            }
            symbol
        }));
    }

    /// The symbol of an activity that has conditions.
    fn conditional(&self, code: usize, value: impl Fn(usize) -> u64) -> u16 {
        let Some(activity) = self.activities[code] else { return 0 };
        let holds = |(column, values): &(usize, Vec<u64>)| values.contains(&value(*column));
        let condition =
            activity.conditions.iter().find(|condition| condition.tests.iter().all(holds));
        condition.map_or(activity.symbol, |condition| condition.symbol)
    }

    /// Codes all rows, and counts those that are bound to no touchpoint by activity code.
    pub(crate) fn code(&self, rows: &Columns, unbound: &mut [u64]) -> Coded {
        let mut coded = Coded::default();
        coded.symbols.reserve(rows.len());
        let touchpoint_of = self.symbols.touchpoint_of();
        for row in 0..rows.len() {
            let symbol = self.symbol(rows, row);
            if touchpoint_of[usize::from(symbol)] == UNBOUND {
                unbound[rows.activities[row] as usize] += 1;
            }
            coded.symbols.push(symbol);
        }
        coded.channels = rows.channels.iter().map(|channel| *channel as u16).collect();
        for (values, kind) in rows.attributes.iter().zip(&self.kinds) {
            let is = |wanted: Kind| *kind == wanted;
            coded.numbers.push(if is(Kind::Number) {
                values.iter().map(|v| f64::from_bits(*v)).collect()
            } else {
                Vec::new()
            });
            coded.times.push(if is(Kind::Time) {
                values.iter().map(|v| v.cast_signed()).collect()
            } else {
                Vec::new()
            });
        }
        coded
    }

    /// Attribute columns for the kernel.
    pub(crate) fn attributes<'b>(
        &self,
        rows: &'b Columns,
        coded: &'b Coded,
    ) -> Vec<kernel::Column<'b>> {
        let columns = self.kinds.iter().enumerate().map(|(number, kind)| match kind {
            Kind::Text => kernel::Column::Text(&rows.attributes[number]),
            Kind::Number => kernel::Column::Number(&coded.numbers[number]),
            Kind::Time => kernel::Column::Time(&coded.times[number]),
        });
        columns.collect()
    }
}

impl Coded {
    pub(crate) fn events<'b>(
        &'b self,
        rows: &'b Columns,
        attributes: &'b [kernel::Column<'b>],
    ) -> Events<'b> {
        Events {
            customers: &rows.customers,
            at: &rows.at,
            symbols: &self.symbols,
            channels: &self.channels,
            attributes,
        }
    }
}
