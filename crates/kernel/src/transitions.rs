//! Which symbol directly follows which, counted over whole logs.

use crate::pairs::{END, START};

/// How often each symbol directly follows each other one within a customer; beginnings and ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transitions {
    symbols: usize,
    /// `symbols + 1` columns to a row; row 0 is the start, row `s + 1` symbol `s`; the last column is the end.
    counts: Vec<u64>,
}

/// Four tables in turn: a symbol that follows itself again and again would otherwise wait for its own counter.
const LANES: usize = 4;

/// Counters are 32 bits wide inside a piece.
const PIECE: usize = 1 << 30;

/// Counts the transitions of events in runs of one customer.
pub fn transitions(customers: &[u64], symbols: &[u16], n_symbols: usize) -> Transitions {
    let mut all =
        Transitions { symbols: n_symbols, counts: vec![0; (n_symbols + 1) * (n_symbols + 1)] };
    let len = customers.len().min(symbols.len());
    let mut from = 0;
    while from < len {
        let to = (from + PIECE).min(len);
        all.count(&customers[..to], &symbols[..to], from);
        from = to;
    }
    all.close();
    all
}

impl Transitions {
    fn count(&mut self, customers: &[u64], symbols: &[u16], from: usize) {
        let width = self.symbols + 1;
        let size = (width * width).next_power_of_two();
        let mut lanes = vec![0_u32; LANES * size];
        let (lane0, rest) = lanes.split_at_mut(size);
        let (lane1, rest) = rest.split_at_mut(size);
        let (lane2, lane3) = rest.split_at_mut(size);
        let mask = size - 1;
        let place = |customers: &[u64], symbols: &[u16]| {
            let row = if customers[0] == customers[1] { usize::from(symbols[0]) + 1 } else { 0 };
            (row * width + usize::from(symbols[1])) & mask
        };
        let mut row = from;
        if row == 0 && !customers.is_empty() {
            lane0[usize::from(symbols[0])] += 1;
            row = 1;
        }
        let (customers, symbols) = (&customers[row - 1..], &symbols[row - 1..]);
        let mut customers_left = customers.windows(LANES + 1).step_by(LANES);
        let mut symbols_left = symbols.windows(LANES + 1).step_by(LANES);
        for (c, s) in customers_left.by_ref().zip(symbols_left.by_ref()) {
            lane0[place(&c[0..2], &s[0..2])] += 1;
            lane1[place(&c[1..3], &s[1..3])] += 1;
            lane2[place(&c[2..4], &s[2..4])] += 1;
            lane3[place(&c[3..5], &s[3..5])] += 1;
        }
        let done = (customers.len() - 1) / LANES * LANES;
        for (c, s) in customers[done..].windows(2).zip(symbols[done..].windows(2)) {
            lane0[place(c, s)] += 1;
        }
        for lane in lanes.chunks(size) {
            for (all, count) in self.counts.iter_mut().zip(lane) {
                *all += u64::from(*count);
            }
        }
    }

    /// A symbol that is met more often than it is left was the last one the difference of times.
    fn close(&mut self) {
        let width = self.symbols + 1;
        for symbol in 0..self.symbols {
            let met: u64 = (0..width).map(|row| self.counts[row * width + symbol]).sum();
            let row = (symbol + 1) * width;
            let left: u64 = self.counts[row..row + self.symbols].iter().sum();
            self.counts[row + self.symbols] = met - left;
        }
    }

    /// How often `to` directly follows `from`; [`START`] and [`END`] stand outside.
    pub fn count_of(&self, from: u16, to: u16) -> u64 {
        let row = if from == START { 0 } else { usize::from(from) + 1 };
        let column = if to == END { self.symbols } else { usize::from(to) };
        self.counts[row * (self.symbols + 1) + column]
    }

    /// Adds the counts of other customers over the same symbols.
    pub fn merge(&mut self, other: &Self) {
        for (ours, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *ours += theirs;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_are_those_of_a_plain_map(runs in prop::collection::vec(prop::collection::vec(0_u16..5, 1..9), 0..40)) {
            let customers: Vec<u64> = runs.iter().enumerate().flat_map(|(c, run)| vec![c as u64; run.len()]).collect();
            let symbols: Vec<u16> = runs.concat();
            let mut plain: BTreeMap<(u16, u16), u64> = BTreeMap::new();
            for run in &runs {
                let path: Vec<u16> = [START].into_iter().chain(run.iter().copied()).chain([END]).collect();
                path.windows(2).for_each(|step| *plain.entry((step[0], step[1])).or_default() += 1);
            }
            let counted = transitions(&customers, &symbols, 5);
            for from in [START, 0, 1, 2, 3, 4] {
                for to in [0, 1, 2, 3, 4, END] {
                    if (from, to) != (START, END) {
                        prop_assert_eq!(counted.count_of(from, to), plain.get(&(from, to)).copied().unwrap_or(0));
                    }
                }
            }
        }
    }
}
