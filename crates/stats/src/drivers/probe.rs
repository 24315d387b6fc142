//! Columns of pure chance, to see how much importance comes of nothing (Tonidandel & `LeBreton` 2009).
//!
//! Importance is never negative, so that its interval leaves out 0 says nothing. A probe is a normal number of its own for
//! each row, new in every round; a driver is supported where it holds more than a probe does. The rows are not needed
//! for it: given columns X the sums of products X′p of a probe p are normal with covariance X′X, and with L L′ = X′X and
//! z standard normal X′p is L z and p′p is z′z and a chi-squared number with as many degrees of freedom as rows are left
//! (Bartlett 1933). So it is drawn from the matrix, and is exactly what rows would give.

use nalgebra::DMatrix;

use crate::Covariance;
use crate::chance::Chance;
use crate::regression::NOTHING;

/// The covariance matrix of some rows with one more column at the end.
pub(super) fn with_probe(covariance: &Covariance, rows: f64, chance: &mut Chance) -> Covariance {
    let size = covariance.size();
    let factor = factor(covariance.matrix());
    let z = DMatrix::from_fn(size, 1, |_, _| chance.normal());
    let with_columns = &factor * &z / rows.sqrt();
    let own = (z.norm_squared() + chance.chi_squared(rows - 1.0 - size as f64)) / rows;
    let matrix = DMatrix::from_fn(size + 1, size + 1, |r, c| match (r == size, c == size) {
        (true, true) => own,
        (true, false) => with_columns[c],
        (false, true) => with_columns[r],
        (false, false) => covariance.at(r, c),
    });
    Covariance::of_matrix(&matrix)
}

/// A Cholesky factor; a column of which others leave nothing has none of its own.
fn factor(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    let size = matrix.nrows();
    let mut factor = DMatrix::zeros(size, size);
    for c in 0..size {
        let known: f64 = (0..c).map(|k| factor[(c, k)] * factor[(c, k)]).sum();
        let left = matrix[(c, c)] - known;
        if left <= NOTHING * matrix[(c, c)] {
            continue;
        }
        factor[(c, c)] = left.sqrt();
        for r in c + 1..size {
            let known: f64 = (0..c).map(|k| factor[(r, k)] * factor[(c, k)]).sum();
            factor[(r, c)] = (matrix[(r, c)] - known) / factor[(c, c)];
        }
    }
    factor
}

#[cfg(test)]
mod tests {
    use super::with_probe;
    use crate::Covariance;
    use crate::chance::Chance;

    #[test]
    fn a_probe_varies_with_the_columns_as_much_as_chance_would() {
        let rows = vec![vec![4.0, 1.0], vec![1.0, 1.0]];
        let covariance = Covariance::new(&rows).unwrap();
        let (draws, n) = (4000, 50.0);
        let mut squares = [0.0; 3];
        let mut chance = Chance::of(3, 0);
        for _ in 0..draws {
            let with = with_probe(&covariance, n, &mut chance);
            squares[0] += with.at(2, 0).powi(2) / f64::from(draws);
            squares[1] += with.at(2, 1).powi(2) / f64::from(draws);
            squares[2] += with.at(2, 2) / f64::from(draws);
        }
        // Variance of a covariance with a probe of variance 1: that of the column over n. One degree goes to the mean.
        let expected = [4.0 / n, 1.0 / n, (n - 1.0) / n];
        for (got, expected) in squares.iter().zip(expected) {
            assert!((got / expected - 1.0).abs() < 0.1, "{squares:?}");
        }
    }
}
