//! Events as the kernel takes them: columns of equal length, sorted by (customer, time, position in the file).

/// One column per fact; row `i` of each is one event.
#[derive(Debug, Clone, Copy, Default)]
pub struct Events<'a> {
    /// Key of the customer; equal keys stand together.
    pub customers: &'a [u64],
    /// µs since 1970 UTC, never falling within a customer.
    pub at: &'a [i64],
    /// What the event is, as [`crate::Plan`] numbers it.
    pub symbols: &'a [u16],
    /// 0: no channel. Empty when no question asks for channels.
    pub channels: &'a [u16],
    /// The attributes that the plan asks for, in its order.
    pub attributes: &'a [Column<'a>],
}

/// One attribute of every event.
#[derive(Debug, Clone, Copy)]
pub enum Column<'a> {
    /// Hash of the text; 0 is missing.
    Text(&'a [u64]),
    /// NaN is missing.
    Number(&'a [f64]),
    /// µs since 1970 UTC; `i64::MIN` is missing.
    Time(&'a [i64]),
}

/// What stands in a time column where there is no value.
pub const NO_TIME: i64 = i64::MIN;

impl<'a> Events<'a> {
    pub fn len(&self) -> usize {
        self.customers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    /// The rows `from..to`.
    pub(crate) fn rows<'b>(&self, from: usize, to: usize, attributes: &'b mut Vec<Column<'a>>) -> Events<'b>
    where
        'a: 'b,
    {
        attributes.clear();
        attributes.extend(self.attributes.iter().map(|column| column.rows(from, to)));
        Events {
            customers: &self.customers[from..to],
            at: &self.at[from..to],
            symbols: &self.symbols[from..to],
            channels: if self.channels.is_empty() { &[] } else { &self.channels[from..to] },
            attributes,
        }
    }
}

impl<'a> Column<'a> {
    fn rows(&self, from: usize, to: usize) -> Column<'a> {
        match self {
            Self::Text(values) => Column::Text(&values[from..to]),
            Self::Number(values) => Column::Number(&values[from..to]),
            Self::Time(values) => Column::Time(&values[from..to]),
        }
    }

    /// The hash of a text at a row; 0 when missing or when the column is of another kind.
    pub(crate) fn text(&self, row: usize) -> u64 {
        match self {
            Self::Text(values) => values[row],
            _ => 0,
        }
    }

    pub(crate) fn number(&self, row: usize) -> f64 {
        match self {
            Self::Number(values) => values[row],
            _ => f64::NAN,
        }
    }

    pub(crate) fn time(&self, row: usize) -> i64 {
        match self {
            Self::Time(values) => values[row],
            _ => NO_TIME,
        }
    }
}

/// The end of the run of equal keys that begins at `from`.
pub fn run_end(customers: &[u64], from: usize) -> usize {
    let key = customers[from];
    from + customers[from..].iter().position(|other| *other != key).unwrap_or(customers.len() - from)
}
