//! Numbers for pairs of touchpoints, given as pairs are met, so that what is kept per pair lies close together.

use std::collections::HashMap;

/// Stands before the first touchpoint of a path.
pub const START: u16 = u16::MAX - 1;
/// Stands after the last one.
pub const END: u16 = u16::MAX - 2;

/// Up to this many touchpoints a pair is found by one look into a table.
const DENSE: usize = 2048;

#[derive(Debug, Clone, Default)]
pub(crate) struct Pairs {
    width: usize,
    /// 1 + number of the pair; 0: not met yet. Row and column `width - 2` and `width - 1` are the start and the end.
    table: Vec<u32>,
    sparse: HashMap<(u16, u16), u32>,
    met: Vec<(u16, u16)>,
}

impl Pairs {
    pub(crate) fn new(touchpoints: usize) -> Self {
        let width = touchpoints + 2;
        let table = if touchpoints <= DENSE { vec![0; width * width] } else { Vec::new() };
        Self { width, table, sparse: HashMap::new(), met: Vec::new() }
    }

    /// The number of a pair.
    #[inline]
    pub(crate) fn number(&mut self, from: u16, to: u16) -> usize {
        if self.table.is_empty() {
            return self.sparse_number(from, to);
        }
        let place = self.column(from) * self.width + self.column(to);
        let number = self.table[place];
        if number != 0 { number as usize - 1 } else { self.meet(place, from, to) }
    }

    /// The number of a pair of which neither is the start or the end, if the table knows it.
    #[inline]
    pub(crate) fn known(&self, from: u16, to: u16) -> Option<usize> {
        let place = usize::from(from) * self.width + usize::from(to);
        (*self.table.get(place)? as usize).checked_sub(1)
    }

    #[inline]
    fn column(&self, touchpoint: u16) -> usize {
        // START and END wrap round to the last two columns.
        let column = usize::from(touchpoint);
        if column < self.width { column } else { self.width - 2 + usize::from(touchpoint == END) }
    }

    #[cold]
    fn meet(&mut self, place: usize, from: u16, to: u16) -> usize {
        self.met.push((from, to));
        self.table[place] = self.met.len() as u32;
        self.met.len() - 1
    }

    #[cold]
    fn sparse_number(&mut self, from: u16, to: u16) -> usize {
        let next = self.met.len() as u32;
        let number = *self.sparse.entry((from, to)).or_insert(next);
        if number == next {
            self.met.push((from, to));
        }
        number as usize
    }

    pub(crate) fn met(&self) -> &[(u16, u16)] {
        &self.met
    }
}
