//! Correlations of rows with gaps, each from the rows that have both columns.
//!
//! Cheap and rough: every pair looks at other customers, so the whole is often no matrix that complete rows could have
//! (more than half the time with 400 rows and 10 touchpoints), and wants [`crate::clipped_correlation`] or
//! [`crate::nearest_correlation`] before anything is regressed on it. EM is better wherever it can be computed.

use crate::Covariance;
use crate::moments::{mean, ordered_sum};

/// Fewer rows than this say nothing of a pair.
pub const FEWEST_PAIRS: u64 = 30;

/// Correlations by pair with the number of rows behind each.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairwise {
    /// `None` with fewer rows than [`FEWEST_PAIRS`], or if one of the two does not vary in them.
    pub correlations: Vec<Vec<Option<f64>>>,
    pub n: Vec<Vec<u64>>,
}

impl Pairwise {
    /// The whole matrix; `None` if a pair is missing.
    pub fn matrix(&self) -> Option<Covariance> {
        let rows: Option<Vec<Vec<f64>>> =
            self.correlations.iter().map(|row| row.iter().copied().collect()).collect();
        Covariance::new(&rows?)
    }
}

/// `None` without rows or columns, or of rows of different lengths. A number that is not finite is a gap.
pub fn pairwise_correlation(rows: &[Vec<Option<f64>>]) -> Option<Pairwise> {
    let size = rows.first().map(Vec::len).filter(|&size| size > 0)?;
    if rows.iter().any(|row| row.len() != size) {
        return None;
    }
    let mut pairwise =
        Pairwise { correlations: vec![vec![None; size]; size], n: vec![vec![0; size]; size] };
    let value = |row: &[Option<f64>], column: usize| row[column].filter(|x| x.is_finite());
    for a in 0..size {
        for b in 0..=a {
            let (x, y): (Vec<f64>, Vec<f64>) =
                rows.iter().filter_map(|row| value(row, a).zip(value(row, b))).unzip();
            let n = x.len() as u64;
            let correlation = if n < FEWEST_PAIRS { None } else { correlation(&x, &y) };
            let correlation = if a == b { correlation.map(|_| 1.0) } else { correlation };
            for (r, c) in [(a, b), (b, a)] {
                pairwise.correlations[r][c] = correlation;
                pairwise.n[r][c] = n;
            }
        }
    }
    Some(pairwise)
}

fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let (mean_x, mean_y) = (mean(x)?, mean(y)?);
    let sum = |part: &dyn Fn(f64, f64) -> f64| {
        let parts: Vec<f64> = x.iter().zip(y).map(|(x, y)| part(x - mean_x, y - mean_y)).collect();
        ordered_sum(&parts)
    };
    let varies = |values: &[f64]| values.iter().any(|&value| value != values[0]);
    if !varies(x) || !varies(y) {
        return None;
    }
    let correlation = sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    correlation.is_finite().then(|| correlation.clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::pairwise_correlation;

    #[test]
    fn a_pair_needs_thirty_rows() {
        let row = |i: u8| {
            let x = f64::from(i);
            vec![Some(x), (i < 29).then_some(x * x), Some(7.0)]
        };
        let rows: Vec<_> = (0..40).map(row).collect();
        let pairwise = pairwise_correlation(&rows).unwrap();
        assert_eq!(pairwise.n, [[40, 29, 40], [29, 29, 29], [40, 29, 40]]);
        let known: Vec<bool> = pairwise.correlations[0].iter().map(Option::is_some).collect();
        assert_eq!(known, [true, false, false]);
        assert_eq!((pairwise.correlations[0][0], pairwise.matrix()), (Some(1.0), None));
        assert_eq!(pairwise_correlation(&[]), None);
    }
}
