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

impl Events<'_> {
    pub fn len(&self) -> usize {
        self.customers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }
}

impl Column<'_> {
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
    from + customers[from..]
        .iter()
        .position(|other| *other != key)
        .unwrap_or(customers.len() - from)
}

/// Runs of equal keys, as ranges of rows. Looks at 64 keys at a time, so that where a run ends need not be guessed.
#[derive(Debug)]
pub(crate) struct Runs<'a> {
    customers: &'a [u64],
    /// Begin of the run that comes next.
    from: usize,
    /// Begin of the block at hand.
    block: usize,
    /// Bit `i`: row `block + i` is the last of its run.
    lasts: u64,
}

impl<'a> Runs<'a> {
    pub(crate) fn of(customers: &'a [u64]) -> Self {
        Self { customers, from: 0, block: 0, lasts: lasts(customers) }
    }
}

impl Iterator for Runs<'_> {
    type Item = (usize, usize);

    #[inline]
    fn next(&mut self) -> Option<(usize, usize)> {
        while self.lasts == 0 {
            self.block += 64;
            self.lasts = lasts(self.customers.get(self.block..).filter(|rest| !rest.is_empty())?);
        }
        let (from, to) = (self.from, self.block + self.lasts.trailing_zeros() as usize + 1);
        self.lasts &= self.lasts - 1;
        self.from = to;
        Some((from, to))
    }
}

/// Which of the first 64 keys differ from the next one; the very last key does.
#[inline]
fn lasts(customers: &[u64]) -> u64 {
    if let Some(block) = customers.first_chunk::<65>() {
        return (0..64)
            .fold(0, |lasts, row| lasts | u64::from(block[row] != block[row + 1]) << row);
    }
    let ends = |row: usize| customers.get(row + 1).is_none_or(|next| *next != customers[row]);
    (0..customers.len()).fold(0, |lasts, row| lasts | u64::from(ends(row)) << row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn runs_are_those_of_equal_keys(lengths in prop::collection::vec(1_usize..90, 0..12)) {
            let customers: Vec<u64> =
                lengths.iter().enumerate().flat_map(|(key, n)| vec![key as u64; *n]).collect();
            let runs: Vec<usize> = Runs::of(&customers).map(|(from, to)| to - from).collect();
            prop_assert_eq!(&runs, &lengths);
            prop_assert!(Runs::of(&customers).all(|(from, to)| run_end(&customers, from) == to));
        }
    }
}
