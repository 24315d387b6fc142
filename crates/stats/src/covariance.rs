//! A covariance matrix whose first column is the outcome: all that linear importance needs to know of the rows.

use nalgebra::{DMatrix, SymmetricEigen};

/// A symmetric matrix of finite numbers without a negative variance. Row and column 0 are the outcome.
///
/// It need not be positive definite: correlations of pairs of answers often are not, which is for those who use it to see.
#[derive(Debug, Clone, PartialEq)]
pub struct Covariance(DMatrix<f64>);

impl Covariance {
    /// From rows of numbers; `None` unless they are square, finite and symmetric, with no variance below 0.
    pub fn new(rows: &[Vec<f64>]) -> Option<Self> {
        let size = rows.len();
        if size == 0 || rows.iter().any(|row| row.len() != size) {
            return None;
        }
        let matrix = DMatrix::from_fn(size, size, |r, c| rows[r][c]);
        let is_symmetric = (0..size).all(|r| {
            (0..r).all(|c| {
                let (lower, upper) = (matrix[(r, c)], matrix[(c, r)]);
                (lower - upper).abs() <= 1e-9 * (1.0 + lower.abs())
            })
        });
        let holds = matrix.iter().all(|x| x.is_finite())
            && matrix.diagonal().iter().all(|&variance| variance >= 0.0)
            && is_symmetric;
        holds.then(|| Self::of_matrix(&matrix))
    }

    /// Of the rows without a gap, and how many those are; divisor n − 1. `None` of fewer than two, or of rows of
    /// different lengths. A number that is not finite is a gap.
    pub fn of_rows(rows: &[Vec<Option<f64>>]) -> Option<(Self, u64)> {
        let size = rows.first().map(Vec::len).filter(|&size| size > 0)?;
        if rows.iter().any(|row| row.len() != size) {
            return None;
        }
        let mut complete: Vec<Vec<f64>> = rows
            .iter()
            .filter_map(|row| row.iter().map(|x| x.filter(|x| x.is_finite())).collect())
            .collect();
        if complete.len() < 2 {
            return None;
        }
        // In an order of their own, so that no sum depends on that of the input.
        complete.sort_by(|a, b| by_content(a, b));
        let n = complete.len() as f64;
        let means: Vec<f64> = (0..size)
            .map(|column| {
                let first = complete[0][column];
                // Exactly the value itself where all are equal.
                first + complete.iter().map(|row| row[column] - first).sum::<f64>() / n
            })
            .collect();
        let mut sums = DMatrix::zeros(size, size);
        for row in &complete {
            for r in 0..size {
                for c in 0..=r {
                    sums[(r, c)] += (row[r] - means[r]) * (row[c] - means[c]);
                }
            }
        }
        let sums = DMatrix::from_fn(size, size, |r, c| sums[(r.max(c), r.min(c))]);
        let matrix = sums / (n - 1.0);
        matrix.iter().all(|x| x.is_finite()).then_some((Self(matrix), complete.len() as u64))
    }

    /// Columns, the outcome's among them.
    pub fn size(&self) -> usize {
        self.0.nrows()
    }

    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.0[(row, column)]
    }

    pub fn rows(&self) -> Vec<Vec<f64>> {
        (0..self.size()).map(|r| (0..self.size()).map(|c| self.at(r, c)).collect()).collect()
    }

    /// The correlations; `None` if a column does not vary.
    pub fn correlation(&self) -> Option<Self> {
        let spreads: Vec<f64> = self.0.diagonal().iter().map(|variance| variance.sqrt()).collect();
        if !spreads.iter().all(|&spread| spread > 0.0) {
            return None;
        }
        let scaled = |r: usize, c: usize| match r == c {
            true => 1.0,
            false => self.0[(r, c)] / spreads[r] / spreads[c],
        };
        let matrix = DMatrix::from_fn(self.size(), self.size(), scaled);
        matrix.iter().all(|x| x.is_finite()).then_some(Self(matrix))
    }

    /// The smallest eigenvalue; below 0 where the matrix is none that complete rows could have.
    pub fn smallest_eigenvalue(&self) -> Option<f64> {
        eigen(&self.0).map(|eigen| eigen.eigenvalues.min())
    }

    /// Of a matrix that is symmetric but for rounding.
    pub(crate) fn of_matrix(matrix: &DMatrix<f64>) -> Self {
        Self((matrix + matrix.transpose()) * 0.5)
    }

    pub(crate) fn matrix(&self) -> &DMatrix<f64> {
        &self.0
    }

    /// Some of the columns, in the order in which they are named.
    pub(crate) fn select(&self, columns: &[usize]) -> Self {
        Self(self.0.select_rows(columns).select_columns(columns))
    }
}

/// The decomposition of a symmetric matrix of finite numbers; `None` in the case, never seen, that it does not converge.
pub(crate) fn eigen(matrix: &DMatrix<f64>) -> Option<SymmetricEigen<f64, nalgebra::Dyn>> {
    const ENOUGH: usize = 100_000;
    SymmetricEigen::try_new(matrix.clone(), f64::EPSILON, ENOUGH)
}

/// A total order of rows.
pub(crate) fn by_content(a: &[f64], b: &[f64]) -> std::cmp::Ordering {
    let parts = a.iter().zip(b).map(|(x, y)| x.total_cmp(y));
    parts.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
}

#[cfg(test)]
mod tests {
    use super::Covariance;

    #[test]
    fn only_square_symmetric_finite_matrices_pass() {
        let refused: [&[Vec<f64>]; 5] = [
            &[],
            &[vec![1.0, 0.5]],
            &[vec![1.0, 0.5], vec![0.4, 1.0]],
            &[vec![1.0, f64::NAN], vec![f64::NAN, 1.0]],
            &[vec![-1.0]],
        ];
        for rows in refused {
            assert_eq!(Covariance::new(rows), None, "{rows:?}");
        }
        let kept = vec![vec![4.0, 0.5], vec![0.5, 1.0]];
        assert_eq!(Covariance::new(&kept).unwrap().rows(), kept);
    }

    #[test]
    fn rows_with_gaps_are_left_out() {
        let rows = [
            vec![Some(1.0), Some(2.0)],
            vec![Some(3.0), None],
            vec![Some(2.0), Some(4.0)],
            vec![Some(f64::NAN), Some(9.0)],
            vec![Some(3.0), Some(6.0)],
        ];
        let (covariance, n) = Covariance::of_rows(&rows).unwrap();
        assert_eq!((covariance.rows(), n), (vec![vec![1.0, 2.0], vec![2.0, 4.0]], 3));
        assert_eq!(Covariance::of_rows(&rows[..2]), None);
        assert_eq!(Covariance::of_rows(&[]), None);
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        let tenths = vec![
            vec![Some(0.1), Some(1.0)],
            vec![Some(0.1), Some(2.0)],
            vec![Some(0.1), Some(4.0)],
        ];
        let (covariance, _) = Covariance::of_rows(&tenths).unwrap();
        assert_eq!((covariance.at(0, 0), covariance.correlation()), (0.0, None));
    }
}
