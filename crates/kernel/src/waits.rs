//! How long customers take from one touchpoint to the next.

use std::collections::BTreeMap;

use crate::pairs::Pairs;
use crate::values::Values;

/// Waits by step; steps are numbered as they are met, so that what is written to lies close together.
#[derive(Debug)]
pub(crate) struct Waits {
    pairs: Pairs,
    values: Vec<Values>,
}

impl Waits {
    pub(crate) fn new(touchpoints: usize) -> Self {
        Self { pairs: Pairs::new(touchpoints), values: Vec::new() }
    }

    /// The waits along a path.
    #[inline]
    pub(crate) fn add(&mut self, path: &[u16], at: &[i64]) {
        for (step, at) in path.windows(2).zip(at.windows(2)) {
            let known = self.pairs.known(step[0], step[1]).unwrap_or(usize::MAX);
            match self.values.get_mut(known) {
                Some(values) => values.push(at[1] - at[0]),
                None => self.push((step[0], step[1]), at[1] - at[0]),
            }
        }
    }

    #[cold]
    fn push(&mut self, (from, to): (u16, u16), micros: i64) {
        let number = self.pairs.number(from, to);
        if number == self.values.len() {
            self.values.push(Values::default());
        }
        self.values[number].push(micros);
    }

    /// All waits, for a while: the steps keep their numbers.
    pub(crate) fn give(&mut self) -> BTreeMap<(u16, u16), Values> {
        self.pairs.met().iter().copied().zip(self.values.iter_mut().map(std::mem::take)).collect()
    }

    pub(crate) fn take_back(&mut self, mut waits: BTreeMap<(u16, u16), Values>) {
        for (pair, values) in self.pairs.met().iter().zip(&mut self.values) {
            *values = waits.remove(pair).unwrap_or_default();
        }
    }
}
