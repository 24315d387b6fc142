//! A correlation matrix for one that is none: the nearest there is, or one with its negative axes cut off.
//!
//! Correlations by pair need not fit together. Higham (2002) projects in turn onto the matrices without a negative
//! eigenvalue and onto those with ones on the diagonal, taking back what the first projection took before (Dykstra), and
//! arrives at the nearest in the sum of squares. That one lies on the edge, where columns cannot be told apart;
//! regression wants some room, which lifting small eigenvalues to a floor gives.

use nalgebra::DMatrix;

use crate::Covariance;
use crate::covariance::eigen;

/// What [`clipped_correlation`] lifts eigenvalues to.
const FLOOR: f64 = 0.02;

/// The correlation matrix nearest to a symmetric one, and how far it is: the root of the sum of squared differences.
///
/// `None` in the case, never seen, that it does not converge.
pub fn nearest_correlation(matrix: &Covariance) -> Option<(Covariance, f64)> {
    const MOST_ROUNDS: usize = 10_000;
    let mut nearest = matrix.matrix().clone();
    let mut taken = DMatrix::zeros(nearest.nrows(), nearest.ncols());
    for _ in 0..MOST_ROUNDS {
        let corrected = &nearest - &taken;
        let projected = with_eigenvalues_from(&corrected, 0.0)?;
        taken = &projected - &corrected;
        let mut next = projected;
        next.fill_diagonal(1.0);
        let change = (&next - &nearest).norm();
        nearest = next;
        if change <= 1e-12 * nearest.norm() {
            let distance = (&nearest - matrix.matrix()).norm();
            return Some((Covariance::of_matrix(&nearest), distance));
        }
    }
    None
}

/// A correlation matrix with its small and negative eigenvalues lifted to 0.02, scaled to ones on the diagonal.
pub fn clipped_correlation(matrix: &Covariance) -> Option<Covariance> {
    Covariance::of_matrix(&with_eigenvalues_from(matrix.matrix(), FLOOR)?).correlation()
}

fn with_eigenvalues_from(matrix: &DMatrix<f64>, floor: f64) -> Option<DMatrix<f64>> {
    let axes = eigen(matrix)?;
    let mut scaled = axes.eigenvectors.clone();
    for (mut axis, value) in scaled.column_iter_mut().zip(axes.eigenvalues.iter()) {
        axis *= value.max(floor);
    }
    let rebuilt = scaled * axes.eigenvectors.transpose();
    Some((&rebuilt + rebuilt.transpose()) * 0.5)
}

#[cfg(test)]
mod tests {
    use super::{clipped_correlation, nearest_correlation};
    use crate::Covariance;

    #[test]
    fn a_correlation_matrix_stays() {
        let rows = vec![vec![1.0, 0.3], vec![0.3, 1.0]];
        let (nearest, distance) = nearest_correlation(&Covariance::new(&rows).unwrap()).unwrap();
        assert!(distance < 1e-12 && (nearest.at(0, 1) - 0.3).abs() < 1e-12);
        let one = Covariance::new(&[vec![1.0]]).unwrap();
        assert_eq!(nearest_correlation(&one), Some((one, 0.0)));
    }

    #[test]
    fn clipping_leaves_room() {
        let rows = vec![vec![1.0, 0.9, 0.2], vec![0.9, 1.0, 0.9], vec![0.2, 0.9, 1.0]];
        let odd = Covariance::new(&rows).unwrap();
        assert!(odd.smallest_eigenvalue().unwrap() < -0.1);
        let clipped = clipped_correlation(&odd).unwrap();
        assert!(clipped.smallest_eigenvalue().unwrap() > 0.01);
        assert!((clipped.at(1, 1) - 1.0).abs() < 1e-15);
    }
}
