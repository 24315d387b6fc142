//! Sums of rows by group of customers and pattern of gaps: what a round draws from in place of rows.
//!
//! Customers are dealt by their key into at most 2,048 groups, and a round draws groups, not customers. What a group adds
//! is the sum over customers dealt to it at random, so the variance over rounds is that of drawing customers, in
//! expectation over the deal; with no more customers than groups each has a group of its own and it is exactly that. A
//! cell that has a single row keeps the row, which is shorter than its squares.

use std::collections::BTreeMap;

use super::layout::Layout;
use super::survey::Row;
use crate::em::{Pattern, Sums};

/// More groups than this would cost time and tell no more of the spread: it is known to 1/√(2·2048), 1.6 %.
pub(super) const MOST_GROUPS: usize = 1 << GROUP_BITS;
const GROUP_BITS: u32 = 11;

/// A customer's key, thoroughly mixed, by a function that gives no two keys the same number (`SplitMix64`, Steele, Lea &
/// Flood 2014): keys that count up shall not be dealt in turn.
pub(super) fn mixed(customer: u64) -> u64 {
    let mut z = customer.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Rows in the order of mixed keys, cut into the rows of each group.
pub(super) fn dealt<'r, 'a>(rows: &'r [&'a Row]) -> Vec<&'r [&'a Row]> {
    let customers = rows.chunk_by(|a, b| a.customer == b.customer).count();
    if customers <= MOST_GROUPS {
        return rows.chunk_by(|a, b| a.customer == b.customer).collect();
    }
    let group = |row: &Row| mixed(row.customer) >> (u64::BITS - GROUP_BITS);
    rows.chunk_by(|a, b| group(a) == group(b)).collect()
}

/// Which columns rows have, and how many rows have just those.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    /// A bit per column → place.
    places: BTreeMap<Vec<u64>, usize>,
    observed: Vec<Vec<usize>>,
    bits: Vec<u64>,
}

impl Patterns {
    pub(super) fn len(&self) -> usize {
        self.observed.len()
    }

    pub(super) fn place(&mut self, observed: &[usize]) -> usize {
        let words = observed.last().map_or(0, |last| last / 64 + 1);
        self.bits.clear();
        self.bits.resize(words, 0);
        for &column in observed {
            self.bits[column / 64] |= 1 << (column % 64);
        }
        if let Some(&place) = self.places.get(&self.bits) {
            return place;
        }
        self.observed.push(observed.to_vec());
        self.places.insert(self.bits.clone(), self.observed.len() - 1);
        self.observed.len() - 1
    }
}

#[derive(Debug)]
struct Cell {
    group: usize,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Row(Vec<f64>),
    Sums(Sums),
}

#[derive(Debug)]
pub(super) struct Cells {
    /// By pattern, then by group.
    patterns: Vec<(Vec<usize>, Vec<Cell>)>,
}

impl Cells {
    pub(super) fn of(layout: &Layout, groups: &[&[&Row]], patterns: &mut Patterns) -> Self {
        let mut cells: Vec<Vec<Cell>> = Vec::new();
        let (mut values, mut observed) = (Vec::new(), Vec::new());
        for (group, rows) in groups.iter().enumerate() {
            for row in *rows {
                layout.write(row, &mut values, &mut observed);
                let place = patterns.place(&observed);
                cells.resize_with(cells.len().max(place + 1), Vec::new);
                match cells[place].last_mut() {
                    Some(cell) if cell.group == group => cell.add(&values),
                    _ => cells[place].push(Cell { group, content: Content::Row(values.clone()) }),
                }
            }
        }
        let mut patterns: Vec<_> = patterns.observed.iter().cloned().zip(cells).collect();
        patterns.sort_by(|a, b| a.0.cmp(&b.0));
        Self { patterns }
    }

    /// The sums of each round, given how often it drew each group. Rounds that are asked for together share one pass over
    /// the cells, and each adds up in the same order as it would alone.
    pub(super) fn drawn(&self, rounds: &[Vec<f64>]) -> Vec<Vec<Pattern>> {
        let mut drawn: Vec<Vec<Pattern>> = rounds.iter().map(|_| Vec::new()).collect();
        for (observed, cells) in &self.patterns {
            for patterns in &mut drawn {
                patterns.push(Pattern::new(observed.clone()));
            }
            let place = drawn[0].len() - 1;
            for cell in cells {
                for (patterns, weights) in drawn.iter_mut().zip(rounds) {
                    let weight = weights[cell.group];
                    if weight > 0.0 {
                        cell.add_to(&mut patterns[place].sums, weight);
                    }
                }
            }
        }
        drawn
    }
}

impl Cell {
    fn add(&mut self, values: &[f64]) {
        if let Content::Row(row) = &self.content {
            let mut sums = Sums::zero(row.len());
            sums.add(row);
            self.content = Content::Sums(sums);
        }
        if let Content::Sums(sums) = &mut self.content {
            sums.add(values);
        }
    }

    fn add_to(&self, sums: &mut Sums, weight: f64) {
        match &self.content {
            Content::Row(row) => sums.add_row_weighted(row, weight),
            Content::Sums(own) => sums.add_weighted(own, weight),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_GROUPS, dealt, mixed};
    use crate::drivers::Row;

    fn rows(n: u64) -> Vec<Row> {
        let row =
            |i: u64| Row { customer: i / 2, outcome: None, answers: vec![], attributes: vec![] };
        let mut rows: Vec<Row> = (0..n).map(row).collect();
        rows.sort_by_key(|row| mixed(row.customer));
        rows
    }

    #[test]
    fn few_customers_have_a_group_each() {
        let few = rows(4096);
        let few: Vec<&Row> = few.iter().collect();
        let groups = dealt(&few);
        assert_eq!((groups.len(), groups[0].len()), (MOST_GROUPS, 2));
    }

    #[test]
    fn many_customers_are_dealt_evenly() {
        let many = rows(80_000);
        let many: Vec<&Row> = many.iter().collect();
        let groups = dealt(&many);
        assert_eq!(groups.len(), MOST_GROUPS);
        assert!(groups.iter().all(|rows| (8..90).contains(&rows.len())));
        assert!(dealt(&[]).is_empty());
    }
}
