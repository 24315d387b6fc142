//! From columns as they were read to columns as the kernel counts: activities become symbols, channels get small.

use kernel::{Events, UNBOUND};
use report::symbols::{Activity, Attributes, Kind, Symbols};

use crate::columns::Columns;
use crate::import::Interner;

/// How activity codes of a scan become symbols.
#[derive(Debug)]
pub(crate) struct Coding<'a> {
    symbols: &'a Symbols,
    /// By activity code.
    activities: Vec<Option<&'a Activity>>,
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
        Self { symbols, activities: Vec::new(), kinds }
    }

    /// The coding for the codes of an interner.
    pub(crate) fn with(&self, activities: &Interner) -> Self {
        let mut coding =
            Self { symbols: self.symbols, activities: Vec::new(), kinds: self.kinds.clone() };
        coding.learn(activities);
        coding
    }

    /// Takes up codes that an interner has given since.
    pub(crate) fn learn(&mut self, activities: &Interner) {
        let known = self.activities.len();
        self.activities
            .extend(activities.texts().skip(known).map(|activity| self.symbols.find(activity)));
    }

    /// The symbol of one row.
    #[inline]
    fn symbol(&self, rows: &Columns, row: usize) -> u16 {
        let Some(activity) = self.activities[rows.activities[row] as usize] else { return 0 };
        for condition in &activity.conditions {
            let holds = |(column, values): &(usize, Vec<u64>)| {
                values.contains(&rows.attributes[*column][row])
            };
            if condition.tests.iter().all(holds) {
                return condition.symbol;
            }
        }
        activity.symbol
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
