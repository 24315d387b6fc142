//! The fair share of R² where there are too many columns to try all sets: the mean over orders drawn by chance.
//!
//! Each order is tried forwards and backwards, which cancels much of the chance (antithetic pairs). What the columns add
//! sums to R² in every order, and so do the means. Columns come in one by one, each a new line of a Cholesky factor.

use nalgebra::DMatrix;

use crate::Covariance;
use crate::chance::Chance;
use crate::regression::{NOTHING, regression};

/// Shares with what chance leaves open of them.
#[derive(Debug, Clone, PartialEq)]
pub struct SampledShapley {
    pub r2: f64,
    pub shares: Vec<f64>,
    /// Standard error of each share from pair to pair; `None` with a single pair.
    pub se: Option<Vec<f64>>,
    /// Orders tried: an even number.
    pub permutations: usize,
    pub seed: u64,
}

/// The share of each column but the outcome's, from as many orders as are asked for or one more.
///
/// `None` without columns or orders, if a column does not vary, if some cannot be told apart, or if no rows could have
/// this matrix.
pub fn lmg_sampled(
    covariance: &Covariance,
    permutations: usize,
    seed: u64,
) -> Option<SampledShapley> {
    regression(covariance)?;
    let each: Vec<Vec<usize>> = (1..covariance.size()).map(|column| vec![column]).collect();
    sampled_of_groups(covariance, &each, permutations, seed)
}

/// The share of each group of columns, also where columns cannot be told apart.
pub(crate) fn sampled_of_groups(
    covariance: &Covariance,
    groups: &[Vec<usize>],
    permutations: usize,
    seed: u64,
) -> Option<SampledShapley> {
    let correlation = covariance.correlation()?;
    let pairs = permutations.div_ceil(2);
    if pairs == 0 || groups.is_empty() {
        return None;
    }
    let mut factor = Factor::new(correlation.matrix());
    let (mut sums, mut squares) = (vec![0.0; groups.len()], vec![0.0; groups.len()]);
    let mut r2 = 0.0;
    for pair in 0..pairs {
        let mut order: Vec<usize> = (0..groups.len()).collect();
        Chance::of(seed, pair as u64).shuffle(&mut order);
        let mut added = vec![0.0; groups.len()];
        for _ in 0..2 {
            r2 = factor.add_in_order(&order, groups, &mut added);
            order.reverse();
        }
        for (player, twice) in added.iter().enumerate() {
            sums[player] += twice / 2.0;
            squares[player] += (twice / 2.0).powi(2);
        }
    }
    let n = pairs as f64;
    let shares: Vec<f64> = sums.iter().map(|sum| sum / n).collect();
    let se = (pairs > 1).then(|| {
        let variance = |(sum, square): (&f64, &f64)| (square - sum * sum / n).max(0.0) / (n - 1.0);
        sums.iter().zip(&squares).map(|parts| (variance(parts) / n).sqrt()).collect()
    });
    Some(SampledShapley { r2, shares, se, permutations: 2 * pairs, seed })
}

/// A Cholesky factor that grows by a line for each column.
struct Factor<'a> {
    correlation: &'a DMatrix<f64>,
    lines: DMatrix<f64>,
    /// The outcome's part along each line.
    outcome: Vec<f64>,
}

impl<'a> Factor<'a> {
    fn new(correlation: &'a DMatrix<f64>) -> Self {
        let n = correlation.nrows();
        Self { correlation, lines: DMatrix::zeros(n, n), outcome: vec![0.0; n] }
    }

    /// Adds to each group what it adds to R² in this order; the R² of all.
    fn add_in_order(&mut self, order: &[usize], groups: &[Vec<usize>], added: &mut [f64]) -> f64 {
        let mut taken: Vec<usize> = Vec::with_capacity(self.outcome.len());
        let mut r2 = 0.0;
        for &group in order {
            for &column in &groups[group] {
                let gain = self.add(column, &mut taken);
                added[group] += gain;
                r2 += gain;
            }
        }
        r2
    }

    /// What a column adds to R² after those taken; a line is stored as a column, where its numbers lie together.
    fn add(&mut self, column: usize, taken: &mut Vec<usize>) -> f64 {
        let place = taken.len();
        let mut left = 1.0;
        let mut with_outcome = self.correlation[(column, 0)];
        for (line, &other) in taken.iter().enumerate() {
            let (earlier, new) = self.lines.columns_range_pair_mut(line, place);
            let known: f64 = earlier.iter().take(line).zip(new.iter()).map(|(a, b)| a * b).sum();
            let part = (self.correlation[(column, other)] - known) / earlier[line];
            self.lines[(line, place)] = part;
            left -= part * part;
            with_outcome -= part * self.outcome[line];
        }
        if left < NOTHING {
            return 0.0;
        }
        self.lines[(place, place)] = left.sqrt();
        self.outcome[place] = with_outcome / left.sqrt();
        taken.push(column);
        self.outcome[place].powi(2)
    }
}

#[cfg(test)]
mod tests {
    use super::lmg_sampled;
    use crate::{Covariance, lmg};

    #[test]
    fn all_orders_of_two_columns_are_one_pair() {
        let rows = vec![vec![1.0, 0.7, 0.4], vec![0.7, 1.0, 0.5], vec![0.4, 0.5, 1.0]];
        let covariance = Covariance::new(&rows).unwrap();
        let sampled = lmg_sampled(&covariance, 1, 5).unwrap();
        for (sampled, exact) in sampled.shares.iter().zip(lmg(&covariance).unwrap()) {
            assert!((sampled - exact).abs() < 1e-12);
        }
        assert_eq!((sampled.permutations, sampled.se), (2, None));
        assert_eq!(lmg_sampled(&covariance, 0, 5), None);
    }
}
