//! Relative weights: how much of R² each column holds, from one decomposition (Johnson 2000, equal to Genizi 1993).
//!
//! The columns are replaced by the uncorrelated ones nearest to them; the outcome is regressed on those, and what each of
//! them holds goes back to the columns in proportion. With R = V D V′, Λ = V D^½ V′ and β = Λ⁻¹ r the weight of column j
//! is the sum over k of (Λ jk · β k)², and the weights sum to R². The derivation is theoretically weak (Thomas, Zumbo, Kwan & Schweitzer
//! 2014), so LMG is preferred where it can be computed.

use crate::Covariance;
use crate::regression::Standardised;

/// A weight for each column but the outcome's; `None` without columns, if one does not vary, if some cannot be told
/// apart, or if no rows could have this matrix.
pub fn relative_weights(covariance: &Covariance) -> Option<Vec<f64>> {
    let standard = Standardised::of(covariance)?;
    if standard.is_singular() {
        return None;
    }
    standard.r2()?;
    Some(weights_of(&standard))
}

/// The weights also where columns cannot be told apart: those share what they hold in common. An axis that says nothing
/// is left out rather than divided by.
pub(crate) fn weights_of(standard: &Standardised) -> Vec<f64> {
    let roots = standard.values.map(|value| value.max(0.0).sqrt());
    let mut scaled = standard.vectors.clone();
    for (mut axis, root) in scaled.column_iter_mut().zip(roots.iter()) {
        axis *= *root;
    }
    let lambda = &scaled * standard.vectors.transpose();
    let beta = &standard.vectors * standard.along_axes();
    let squares = beta.map(|slope| slope * slope);
    let mut weights = vec![0.0; squares.len()];
    for (column, square) in lambda.column_iter().zip(squares.iter()) {
        for (weight, part) in weights.iter_mut().zip(column.iter()) {
            *weight += part * part * square;
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::{relative_weights, weights_of};
    use crate::Covariance;
    use crate::regression::Standardised;

    #[test]
    fn twins_share_what_they_hold() {
        let rows = vec![vec![1.0, 0.6, 0.6], vec![0.6, 1.0, 1.0], vec![0.6, 1.0, 1.0]];
        let twins = Covariance::new(&rows).unwrap();
        assert_eq!(relative_weights(&twins), None);
        let weights = weights_of(&Standardised::of(&twins).unwrap());
        assert!(weights.iter().all(|weight| (weight - 0.18).abs() < 1e-9), "{weights:?}");
    }
}
