//! The regression of the outcome on the other columns of a covariance matrix.

use nalgebra::{DMatrix, DVector};

use crate::Covariance;
use crate::covariance::eigen;

/// An eigenvalue below this part of the largest one says nothing: some columns cannot be told apart.
pub(crate) const NOTHING: f64 = 1e-8;

/// What a linear regression on all columns tells, with the columns in the matrix's order.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// The share of the outcome's variance that goes along with the columns.
    pub r2: f64,
    /// Correlation of each column with the outcome.
    pub correlations: Vec<f64>,
    /// Slopes between columns scaled to a variance of 1.
    pub standardised: Vec<f64>,
    /// Change of the outcome for a step of 1, the other columns held.
    pub slopes: Vec<f64>,
    /// Correlation times standardised slope (Pratt 1987). It sums to R² but may be negative, so it is no importance;
    /// other programs show it, and theirs can be compared.
    pub pratt: Vec<f64>,
}

/// `None` without columns, if one does not vary, if some cannot be told apart, or if no rows could have this matrix.
pub fn regression(covariance: &Covariance) -> Option<Regression> {
    let standard = Standardised::of(covariance)?;
    if standard.is_singular() {
        return None;
    }
    let standardised: Vec<f64> = standard.slopes().iter().copied().collect();
    let correlations: Vec<f64> = standard.with_outcome.iter().copied().collect();
    let spread = |column: usize| covariance.at(column, column).sqrt();
    let slopes = standardised
        .iter()
        .enumerate()
        .map(|(j, slope)| slope * spread(0) / spread(j + 1))
        .collect();
    let pratt = standardised.iter().zip(&correlations).map(|(slope, r)| slope * r).collect();
    Some(Regression { r2: standard.r2()?, correlations, standardised, slopes, pratt })
}

/// R² less what as many columns of noise would bring; `None` with no more rows than columns and one.
pub fn adjusted_r2(r2: f64, n: u64, n_columns: usize) -> Option<f64> {
    let left = n.checked_sub(n_columns as u64 + 1).filter(|&left| left > 0)?;
    let adjusted = 1.0 - (1.0 - r2) * (n - 1) as f64 / left as f64;
    adjusted.is_finite().then_some(adjusted)
}

/// Columns and outcome scaled to a variance of 1, and the columns' axes.
#[derive(Debug)]
pub(crate) struct Standardised {
    pub(crate) with_outcome: DVector<f64>,
    pub(crate) values: DVector<f64>,
    pub(crate) vectors: DMatrix<f64>,
}

impl Standardised {
    /// `None` without columns, or if anything does not vary.
    pub(crate) fn of(covariance: &Covariance) -> Option<Self> {
        let n = covariance.size() - 1;
        if n == 0 {
            return None;
        }
        let correlation = covariance.correlation()?;
        let matrix = correlation.matrix();
        let axes = eigen(&matrix.view((1, 1), (n, n)).into_owned())?;
        let with_outcome = DVector::from_fn(n, |j, _| matrix[(0, j + 1)]);
        Some(Self { with_outcome, values: axes.eigenvalues, vectors: axes.eigenvectors })
    }

    pub(crate) fn is_singular(&self) -> bool {
        self.values.min() < self.floor()
    }

    /// The two columns that weigh most in the smallest axis, if they cannot be told apart, in the matrix's order.
    pub(crate) fn inseparable(&self) -> Option<(usize, usize)> {
        if !self.is_singular() {
            return None;
        }
        let axis = self.vectors.column(self.values.imin());
        let mut columns: Vec<usize> = (0..axis.len()).collect();
        // Weights that differ by rounding are equal, so that the first of them is named.
        let weight = |column: usize| (axis[column].abs() * 1e6).round();
        columns.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)).then(a.cmp(&b)));
        let (first, second) = (*columns.first()?, *columns.get(1)?);
        Some((first.min(second), first.max(second)))
    }

    /// The outcome's part along each axis, over the square root of the axis' eigenvalue; 0 along axes that say nothing.
    pub(crate) fn along_axes(&self) -> DVector<f64> {
        let along = self.vectors.tr_mul(&self.with_outcome);
        let floor = self.floor();
        along.zip_map(
            &self.values,
            |part, value| if value < floor { 0.0 } else { part / value.sqrt() },
        )
    }

    /// `None` if it is above 1, as no rows could make it.
    pub(crate) fn r2(&self) -> Option<f64> {
        let r2 = self.along_axes().norm_squared();
        (r2 <= 1.0 + 1e-9).then_some(r2)
    }

    /// Of columns and outcome of variance 1; among columns that cannot be told apart, the smallest ones that serve.
    pub(crate) fn slopes(&self) -> DVector<f64> {
        let scaled = self.along_axes().zip_map(&self.values, |part, value| {
            if part == 0.0 { 0.0 } else { part / value.sqrt() }
        });
        &self.vectors * scaled
    }

    fn floor(&self) -> f64 {
        NOTHING * self.values.max()
    }
}

#[cfg(test)]
mod tests {
    use super::{Standardised, adjusted_r2, regression};
    use crate::Covariance;

    fn covariance(rows: &[&[f64]]) -> Covariance {
        Covariance::new(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_line_through_all_points() {
        // y = 2a − b, with a and b uncorrelated and of variance 1 and 4.
        let all =
            regression(&covariance(&[&[8.0, 2.0, -4.0], &[2.0, 1.0, 0.0], &[-4.0, 0.0, 4.0]]))
                .unwrap();
        assert!((all.r2 - 1.0).abs() < 1e-12);
        assert!((all.slopes[0] - 2.0).abs() < 1e-12 && (all.slopes[1] + 1.0).abs() < 1e-12);
    }

    #[test]
    fn columns_that_cannot_be_told_apart_are_named() {
        let twins = covariance(&[
            &[1.0, 0.2, 0.5, 0.5],
            &[0.2, 1.0, 0.3, 0.3],
            &[0.5, 0.3, 1.0, 1.0],
            &[0.5, 0.3, 1.0, 1.0],
        ]);
        assert_eq!(regression(&twins), None);
        assert_eq!(Standardised::of(&twins).unwrap().inseparable(), Some((1, 2)));
    }

    #[test]
    fn no_rows_have_such_a_matrix() {
        let beyond = covariance(&[&[1.0, 0.9, 0.9], &[0.9, 1.0, 0.0], &[0.9, 0.0, 1.0]]);
        assert_eq!(regression(&beyond), None);
        assert_eq!(regression(&covariance(&[&[1.0]])), None);
    }

    #[test]
    fn an_adjustment_needs_rows_to_spare() {
        assert_eq!(adjusted_r2(0.5, 3, 2), None);
        assert_eq!(adjusted_r2(0.5, 0, 2), None);
        assert_eq!(adjusted_r2(0.5, 11, 5), Some(0.0));
    }
}
