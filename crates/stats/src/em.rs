//! Means and covariances of rows with gaps, as if nothing were missing: maximum likelihood by EM.
//!
//! Dempster, Laird & Rubin (1977) for the multivariate normal. It holds where what is missing hangs on nothing but what is
//! in the matrix ("missing at random"), so the columns should include whatever tells who meets what. Rows count by the
//! pattern of their gaps only: the sums of a pattern, up to squares, are all that a round of EM needs, and a round costs
//! the number of patterns times the columns cubed.

use std::collections::BTreeMap;

use nalgebra::DMatrix;

use crate::Covariance;
use crate::covariance::by_content;

/// What EM found.
#[derive(Debug, Clone, PartialEq)]
pub struct EmFit {
    pub means: Vec<f64>,
    /// Maximum likelihood: divisor n.
    pub covariance: Covariance,
    /// Rows with at least one value.
    pub n: u64,
    pub rounds: usize,
    /// Whether the last round changed next to nothing.
    pub converged: bool,
}

/// Of rows of one length; the outcome first, if any column is one. A number that is not finite is a gap.
///
/// `None` without rows, if they differ in length, or if a column has no value at all.
pub fn em_covariance(rows: &[Vec<Option<f64>>]) -> Option<EmFit> {
    let size = rows.first().map(Vec::len).filter(|&size| size > 0)?;
    if rows.iter().any(|row| row.len() != size) {
        return None;
    }
    let shifts: Vec<f64> = (0..size).map(|column| shift(rows, column)).collect::<Option<_>>()?;
    let mut by_pattern: BTreeMap<Vec<usize>, Vec<Vec<f64>>> = BTreeMap::new();
    for row in rows {
        let (observed, values) = (0..size)
            .filter_map(|c| row[c].filter(|x| x.is_finite()).map(|x| (c, x - shifts[c])))
            .unzip::<_, _, Vec<usize>, Vec<f64>>();
        if !observed.is_empty() {
            by_pattern.entry(observed).or_default().push(values);
        }
    }
    let patterns: Vec<Pattern> = by_pattern
        .into_iter()
        .map(|(observed, mut values)| {
            values.sort_by(|a, b| by_content(a, b));
            let mut pattern = Pattern::new(observed);
            values.iter().for_each(|row| pattern.sums.add(row));
            pattern
        })
        .collect();
    let fit = fit(&patterns, &Normal::start(&patterns, size), Limits::FULL);
    let means = fit.normal.means.iter().zip(&shifts).map(|(mean, shift)| mean + shift).collect();
    let covariance = fit.normal.covariance();
    let n = patterns.iter().map(|pattern| pattern.sums.n()).sum::<f64>() as u64;
    Some(EmFit { means, covariance, n, rounds: fit.rounds, converged: fit.converged })
}

/// The mean of what a column has, so that sums of squares keep their digits.
fn shift(rows: &[Vec<Option<f64>>], column: usize) -> Option<f64> {
    let values: Vec<f64> =
        rows.iter().filter_map(|row| row[column].filter(|x| x.is_finite())).collect();
    crate::mean(&values).filter(|mean| mean.is_finite())
}

/// Sums over rows of some columns: how many, of each column, and of each product of two.
///
/// The lower triangle of the products of (1, columns), so that sums of different rows add up place by place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sums(Vec<f64>);

impl Sums {
    pub(crate) fn zero(n_columns: usize) -> Self {
        Self(vec![0.0; (n_columns + 1) * (n_columns + 2) / 2])
    }

    pub(crate) fn add(&mut self, row: &[f64]) {
        self.0[0] += 1.0;
        let mut start = 1;
        for (i, &x) in row.iter().enumerate() {
            if x != 0.0 {
                self.0[start] += x;
                for (sum, y) in self.0[start + 1..].iter_mut().zip(&row[..=i]) {
                    *sum += x * y;
                }
            }
            start += i + 2;
        }
    }

    /// As many times as `weight` says what one row has.
    pub(crate) fn add_row_weighted(&mut self, row: &[f64], weight: f64) {
        self.0[0] += weight;
        let mut start = 1;
        for (i, &x) in row.iter().enumerate() {
            let x = weight * x;
            self.0[start] += x;
            for (sum, y) in self.0[start + 1..].iter_mut().zip(&row[..=i]) {
                *sum += x * y;
            }
            start += i + 2;
        }
    }

    pub(crate) fn add_weighted(&mut self, other: &Self, weight: f64) {
        for (sum, part) in self.0.iter_mut().zip(&other.0) {
            *sum += weight * part;
        }
    }

    pub(crate) fn n(&self) -> f64 {
        self.0[0]
    }

    pub(crate) fn of(&self, column: usize) -> f64 {
        self.0[(column + 1) * (column + 2) / 2]
    }

    pub(crate) fn of_product(&self, a: usize, b: usize) -> f64 {
        let (low, high) = (a.min(b), a.max(b));
        self.0[(high + 1) * (high + 2) / 2 + low + 1]
    }
}

/// The rows that have the same columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pattern {
    /// Rising.
    pub(crate) observed: Vec<usize>,
    pub(crate) sums: Sums,
}

impl Pattern {
    pub(crate) fn new(observed: Vec<usize>) -> Self {
        let sums = Sums::zero(observed.len());
        Self { observed, sums }
    }
}

/// A multivariate normal distribution; covariances row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Normal {
    pub(crate) means: Vec<f64>,
    cells: Vec<f64>,
}

impl Normal {
    /// Means and variances of what each column has, without correlations.
    pub(crate) fn start(patterns: &[Pattern], size: usize) -> Self {
        let mut sums = vec![[0.0; 3]; size];
        for pattern in patterns {
            for (place, &column) in pattern.observed.iter().enumerate() {
                sums[column][0] += pattern.sums.n();
                sums[column][1] += pattern.sums.of(place);
                sums[column][2] += pattern.sums.of_product(place, place);
            }
        }
        let means: Vec<f64> =
            sums.iter().map(|[n, sum, _]| if *n > 0.0 { sum / n } else { 0.0 }).collect();
        let mut cells = vec![0.0; size * size];
        for (column, [n, _, square]) in sums.iter().enumerate() {
            if *n > 0.0 {
                cells[column * size + column] = (square / n - means[column].powi(2)).max(0.0);
            }
        }
        Self { means, cells }
    }

    pub(crate) fn covariance(&self) -> Covariance {
        let size = self.means.len();
        Covariance::of_matrix(&DMatrix::from_row_slice(size, size, &self.cells))
    }

    /// The largest change of a mean or covariance, in standard deviations of the columns.
    fn change_from(&self, before: &Self) -> f64 {
        let size = self.means.len();
        let spread = |c: usize| {
            let variance = self.cells[c * size + c];
            if variance > 0.0 { variance.sqrt() } else { 1.0 }
        };
        let spreads: Vec<f64> = (0..size).map(spread).collect();
        let mut change = 0.0_f64;
        for r in 0..size {
            change = change.max((self.means[r] - before.means[r]).abs() / spreads[r]);
            for c in 0..size {
                let cell = self.cells[r * size + c] - before.cells[r * size + c];
                change = change.max(cell.abs() / spreads[r] / spreads[c]);
            }
        }
        change
    }
}

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) change: f64,
    pub(crate) rounds: usize,
}

impl Limits {
    pub(crate) const FULL: Self = Self { change: 1e-9, rounds: 2000 };

    /// From the solution of all rows to that of as many drawn from them: to a hundredth of the standard error of a mean,
    /// as what is left then is lost in the chance of the draw.
    pub(crate) fn resampled(rows: f64) -> Self {
        Self { change: 0.01 / rows.sqrt(), rounds: 50 }
    }
}

#[derive(Debug)]
pub(crate) struct Fit {
    pub(crate) normal: Normal,
    pub(crate) rounds: usize,
    pub(crate) converged: bool,
}

pub(crate) fn fit(patterns: &[Pattern], start: &Normal, limits: Limits) -> Fit {
    let mut normal = start.clone();
    let mut expectation = Expectation::new(normal.means.len());
    for round in 1..=limits.rounds {
        let next = expectation.of(patterns, &normal);
        let change = next.change_from(&normal);
        normal = next;
        // Without a gap one round gives the answer, and there is nothing to iterate.
        let is_complete = patterns.iter().all(|p| p.observed.len() == normal.means.len());
        if is_complete || change <= limits.change {
            return Fit { normal, rounds: round, converged: true };
        }
    }
    Fit { normal, rounds: limits.rounds, converged: false }
}

/// The sums that one round of EM fills, kept for the next.
struct Expectation {
    size: usize,
    /// Of distances from the means before the round.
    sums: Vec<f64>,
    products: Vec<f64>,
    swept: Vec<f64>,
    /// Products about the means of what a pattern has, and slopes of what it misses times them.
    about: Vec<f64>,
    carried: Vec<f64>,
}

impl Expectation {
    fn new(size: usize) -> Self {
        let square = vec![0.0; size * size];
        Self {
            size,
            sums: vec![0.0; size],
            products: square.clone(),
            swept: square.clone(),
            about: square.clone(),
            carried: square,
        }
    }

    /// One round: what is missing is filled with what the rest makes likely, and the spread around it.
    fn of(&mut self, patterns: &[Pattern], normal: &Normal) -> Normal {
        let size = self.size;
        self.sums.fill(0.0);
        self.products.fill(0.0);
        let mut n = 0.0;
        for pattern in patterns.iter().filter(|pattern| pattern.sums.n() > 0.0) {
            n += pattern.sums.n();
            self.add(pattern, normal);
        }
        let steps: Vec<f64> = self.sums.iter().map(|sum| sum / n).collect();
        let means = normal.means.iter().zip(&steps).map(|(mean, step)| mean + step).collect();
        let cell = |place: usize| {
            let (r, c) = (place / size, place % size);
            let product = self.products[r.max(c) * size + r.min(c)];
            product / n - steps[r] * steps[c]
        };
        Normal { means, cells: (0..size * size).map(cell).collect() }
    }

    /// Only the lower triangle of the products is filled.
    fn add(&mut self, pattern: &Pattern, normal: &Normal) {
        let (size, observed, n) = (self.size, &pattern.observed, pattern.sums.n());
        let missing: Vec<usize> =
            (0..size).filter(|column| observed.binary_search(column).is_err()).collect();
        if !missing.is_empty() {
            self.sweep(observed, normal);
        }
        let o = observed.len();
        let off: Vec<f64> = observed
            .iter()
            .enumerate()
            .map(|(i, &column)| pattern.sums.of(i) - n * normal.means[column])
            .collect();
        for i in 0..o {
            for j in 0..=i {
                let (mean_i, mean_j) = (normal.means[observed[i]], normal.means[observed[j]]);
                let product =
                    pattern.sums.of_product(i, j) - mean_i * pattern.sums.of(j) - mean_j * off[i];
                self.about[i * o + j] = product;
                self.about[j * o + i] = product;
                self.products[observed[i] * size + observed[j]] += product;
            }
            self.sums[observed[i]] += off[i];
        }
        for (k, &gap) in missing.iter().enumerate() {
            let slopes: Vec<f64> =
                observed.iter().map(|&column| self.swept[gap * size + column]).collect();
            self.sums[gap] += dot(&slopes, &off);
            for (j, &column) in observed.iter().enumerate() {
                let carried = dot(&slopes, &self.about[j * o..(j + 1) * o]);
                self.carried[k * o + j] = carried;
                let (low, high) = (gap.min(column), gap.max(column));
                self.products[high * size + low] += carried;
            }
            for &other in &missing[..=k] {
                let mut product = n * self.swept[gap * size + other];
                for (j, &column) in observed.iter().enumerate() {
                    product += self.carried[k * o + j] * self.swept[other * size + column];
                }
                self.products[gap * size + other] += product;
            }
        }
    }

    /// Regresses all columns on those observed: their slopes and what is left of the others' covariances.
    ///
    /// With a ridge of a millionth on all of those observed where some of them leave nothing of another.
    fn sweep(&mut self, observed: &[usize], normal: &Normal) {
        const RIDGE: f64 = 1e-6;
        if !self.sweep_with(0.0, observed, normal) {
            self.sweep_with(RIDGE, observed, normal);
        }
    }

    /// The sweep operator (Beaton 1964); stops and says no where nothing is left to divide by.
    fn sweep_with(&mut self, ridge: f64, observed: &[usize], normal: &Normal) -> bool {
        const NOTHING_LEFT: f64 = 1e-10;
        let size = self.size;
        let own = |column: usize| normal.cells[column * size + column];
        self.swept.copy_from_slice(&normal.cells);
        for &column in observed {
            self.swept[column * size + column] += ridge * own(column);
        }
        for &column in observed {
            if own(column) <= 0.0 {
                // It does not vary, so it tells nothing of the others.
                for other in 0..size {
                    self.swept[column * size + other] = 0.0;
                    self.swept[other * size + column] = 0.0;
                }
                continue;
            }
            let pivot = self.swept[column * size + column];
            if pivot <= NOTHING_LEFT * own(column) {
                return false;
            }
            let line: Vec<f64> = self.swept[column * size..(column + 1) * size].to_vec();
            for r in (0..size).filter(|&r| r != column) {
                let factor = self.swept[r * size + column] / pivot;
                for (cell, part) in self.swept[r * size..(r + 1) * size].iter_mut().zip(&line) {
                    *cell -= factor * part;
                }
                self.swept[r * size + column] = factor;
            }
            for (cell, part) in self.swept[column * size..].iter_mut().zip(&line) {
                *cell = part / pivot;
            }
            self.swept[column * size + column] = -1.0 / pivot;
        }
        true
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::em_covariance;

    #[test]
    fn without_a_gap_it_is_the_covariance() {
        let rows = [[1.0, 2.0], [2.0, 1.0], [3.0, 6.0]].map(|row| row.map(Some).to_vec());
        let fit = em_covariance(&rows).unwrap();
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(close(fit.means[1], 3.0) && close(fit.covariance.at(0, 1), 4.0 / 3.0));
        assert_eq!((fit.n, fit.rounds, fit.converged), (3, 1, true));
    }

    #[test]
    fn one_column_with_gaps_has_the_closed_form() {
        // Anderson (1957): the mean of y is that of the complete rows, moved along the slope to the mean of all x.
        let rows = [
            vec![Some(1.0), Some(1.0)],
            vec![Some(2.0), Some(3.0)],
            vec![Some(3.0), Some(4.0)],
            vec![Some(9.0), None],
            vec![None, None],
        ];
        let fit = em_covariance(&rows).unwrap();
        let (slope, mean_x) = (1.5, 3.75);
        assert!((fit.means[1] - (8.0 / 3.0 + slope * (mean_x - 2.0))).abs() < 1e-6, "{fit:?}");
        assert_eq!((fit.n, fit.converged), (4, true));
    }

    #[test]
    fn what_cannot_be_fitted() {
        assert_eq!(em_covariance(&[]), None);
        assert_eq!(em_covariance(&[vec![Some(1.0), None], vec![Some(2.0), Some(f64::NAN)]]), None);
        assert_eq!(em_covariance(&[vec![Some(1.0)], vec![]]), None);
        let flat = em_covariance(&[vec![Some(1.0), Some(2.0)], vec![Some(1.0), None]]).unwrap();
        assert!(flat.covariance.rows().iter().flatten().all(|&cell| cell == 0.0), "{flat:?}");
    }
}
