//! Least squares, with the two variances that the effects of changes need: for clusters, and for series whose errors last.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};

/// A fit of y on the columns of x.
pub(crate) struct LeastSquares {
    pub(crate) coefficients: DVector<f64>,
    pub(crate) residuals: DVector<f64>,
    x: DMatrix<f64>,
    /// (X'X)⁻¹.
    bread: DMatrix<f64>,
}

/// `None` where a column repeats others, or there are no more rows than columns.
pub(crate) fn least_squares(x: DMatrix<f64>, y: &DVector<f64>) -> Option<LeastSquares> {
    /// What is left of a column, relative to its size, below which it repeats others.
    const NOTHING_LEFT: f64 = 1e-10;
    let columns = x.ncols();
    if x.nrows() <= columns {
        return None;
    }
    let decomposed = x.clone().qr();
    let upper = decomposed.r();
    let repeats = |j: usize| upper[(j, j)].abs() <= NOTHING_LEFT * x.column(j).norm();
    if (0..columns).any(repeats) {
        return None;
    }
    let inverse = upper.solve_upper_triangular(&DMatrix::identity(columns, columns))?;
    let coefficients = &inverse * (decomposed.q().transpose() * y);
    let residuals = y - &x * &coefficients;
    let bread = &inverse * inverse.transpose();
    Some(LeastSquares { coefficients, residuals, x, bread })
}

impl LeastSquares {
    /// The sum of squared residuals; exactly 0 where they are but rounding.
    pub(crate) fn squares_left(&self) -> f64 {
        const ROUNDING: f64 = 1e-24;
        let fitted = &self.x * &self.coefficients;
        let left = self.residuals.norm_squared();
        if left <= ROUNDING * (fitted.norm_squared() + left) { 0.0 } else { left }
    }

    /// The covariance when all errors are alike and independent: s² (X'X)⁻¹.
    pub(crate) fn plain_covariance(&self) -> DMatrix<f64> {
        let free = (self.x.nrows() - self.x.ncols()) as f64;
        &self.bread * (self.squares_left() / free)
    }

    /// The covariance that holds when errors of one cluster go together (Liang & Zeger 1986), with the small-sample factor
    /// G/(G − 1) · (n − 1)/(n − k). `None` of fewer than two clusters.
    pub(crate) fn clustered_covariance<K: Ord>(&self, cluster: &[K]) -> Option<DMatrix<f64>> {
        let mut scores: BTreeMap<&K, DVector<f64>> = BTreeMap::new();
        for (row, key) in cluster.iter().enumerate() {
            let score = self.x.row(row).transpose() * self.residuals[row];
            *scores.entry(key).or_insert_with(|| DVector::zeros(self.x.ncols())) += score;
        }
        let (clusters, n) = (scores.len() as f64, self.x.nrows() as f64);
        if scores.len() < 2 {
            return None;
        }
        let mut meat = DMatrix::zeros(self.x.ncols(), self.x.ncols());
        scores.values().for_each(|score| meat.ger(1.0, score, score, 1.0));
        let factor = clusters / (clusters - 1.0) * (n - 1.0) / (n - self.x.ncols() as f64);
        Some(&self.bread * meat * &self.bread * factor)
    }

    /// The covariance that holds when errors go together up to `lag` rows apart (Newey & West 1987): Bartlett's weights,
    /// no small-sample factor.
    pub(crate) fn newey_west_covariance(&self, lag: usize) -> DMatrix<f64> {
        let (n, columns) = (self.x.nrows(), self.x.ncols());
        let scores: Vec<DVector<f64>> =
            (0..n).map(|row| self.x.row(row).transpose() * self.residuals[row]).collect();
        let mut meat = DMatrix::zeros(columns, columns);
        scores.iter().for_each(|score| meat.ger(1.0, score, score, 1.0));
        for apart in 1..=lag.min(n - 1) {
            let weight = 1.0 - apart as f64 / (lag as f64 + 1.0);
            for row in apart..n {
                meat.ger(weight, &scores[row], &scores[row - apart], 1.0);
                meat.ger(weight, &scores[row - apart], &scores[row], 1.0);
            }
        }
        &self.bread * meat * &self.bread
    }
}
