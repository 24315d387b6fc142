//! Correlations by pair of columns from sums by group of customers: the way out where EM would take too long.
//!
//! EM costs patterns × columns³ a round, and with many touchpoints nearly every row has gaps of its own. A pair of columns
//! needs only the count, the sums and the squares of the rows that have both, whatever else those rows lack.

use nalgebra::DMatrix;

use super::layout::Layout;
use super::survey::Row;
use crate::{Covariance, clipped_correlation};

/// Sums of a group: by pair of columns the rows that have both, and of those the first's sum, the first's squares, and
/// the products.
#[derive(Debug)]
pub(super) struct Pairs {
    size: usize,
    groups: Vec<Vec<f64>>,
}

/// A covariance matrix made of pairs.
#[derive(Debug)]
pub(super) struct FromPairs {
    pub(super) covariance: Covariance,
    /// The pairs did not fit together.
    pub(super) repaired: bool,
}

const PARTS: usize = 4;

impl Pairs {
    pub(super) fn of(layout: &Layout, groups: &[&[&Row]]) -> Self {
        let size = layout.n_columns();
        let (mut values, mut observed) = (Vec::new(), Vec::new());
        let mut sums_of = |rows: &[&Row]| {
            let mut sums = vec![0.0; PARTS * size * size];
            for row in rows {
                layout.write_with_outcome(row, &mut values, &mut observed);
                for (&a, &x) in observed.iter().zip(&values) {
                    for (&b, &y) in observed.iter().zip(&values) {
                        let parts = &mut sums[PARTS * (a * size + b)..][..PARTS];
                        parts[0] += 1.0;
                        parts[1] += x;
                        parts[2] += x * x;
                        parts[3] += x * y;
                    }
                }
            }
            sums
        };
        let groups = groups.iter().map(|rows| sums_of(rows)).collect();
        Self { size, groups }
    }

    pub(super) fn drawn(&self, weights: &[f64]) -> DrawnPairs {
        let mut sums = vec![0.0; PARTS * self.size * self.size];
        for (group, &weight) in self.groups.iter().zip(weights).filter(|(_, weight)| **weight > 0.0)
        {
            for (sum, part) in sums.iter_mut().zip(group) {
                *sum += weight * part;
            }
        }
        DrawnPairs { size: self.size, sums }
    }
}

#[derive(Debug)]
pub(super) struct DrawnPairs {
    size: usize,
    sums: Vec<f64>,
}

impl DrawnPairs {
    /// The first pair of the first `columns` that has fewer rows than `fewest`.
    pub(super) fn too_few(&self, columns: usize, fewest: f64) -> Option<(usize, usize)> {
        let pairs = (0..columns).flat_map(|a| (0..a).map(move |b| (b, a)));
        pairs.into_iter().find(|&(a, b)| self.parts(a, b)[0] < fewest)
    }

    /// Of the first `columns`, each variance from all rows that have the column; `None` if a pair does not vary.
    pub(super) fn covariance(&self, columns: usize) -> Option<FromPairs> {
        let correlation = |a: usize, b: usize| {
            if a == b {
                return 1.0;
            }
            let ([n, sum_a, square_a, product], [_, sum_b, square_b, _]) =
                (self.parts(a, b), self.parts(b, a));
            let variance = |sum: f64, square: f64| square / n - (sum / n).powi(2);
            let spreads = (variance(sum_a, square_a) * variance(sum_b, square_b)).sqrt();
            ((product / n - sum_a / n * sum_b / n) / spreads).clamp(-1.0, 1.0)
        };
        let rows: Vec<Vec<f64>> =
            (0..columns).map(|a| (0..columns).map(|b| correlation(a, b)).collect()).collect();
        let matrix = Covariance::new(&rows)?;
        // Room as regression wants it, not just an eigenvalue that is not negative.
        let repaired = matrix.smallest_eigenvalue()? < crate::regression::NOTHING * columns as f64;
        let matrix = if repaired { clipped_correlation(&matrix)? } else { matrix };
        let spreads: Vec<f64> = (0..columns)
            .map(|a| {
                let [n, sum, square, _] = self.parts(a, a);
                (square / n - (sum / n).powi(2)).max(0.0).sqrt()
            })
            .collect();
        let scaled = |r: usize, c: usize| matrix.at(r, c) * spreads[r] * spreads[c];
        let covariance = Covariance::of_matrix(&DMatrix::from_fn(columns, columns, scaled));
        Some(FromPairs { covariance, repaired })
    }

    fn parts(&self, a: usize, b: usize) -> [f64; PARTS] {
        std::array::from_fn(|part| self.sums[PARTS * (a * self.size + b) + part])
    }
}
