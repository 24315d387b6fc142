//! Ranks with ties, and the correlations built on them.

use crate::moments::mean;

/// Values nearer than this are equal.
pub(crate) const TIE: f64 = 1e-12;

/// Spearman's correlation: Pearson's of the average ranks. `None` of fewer than two pairs or if one side does not vary.
pub fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (x, y) = (average_ranks(&x), average_ranks(&y));
    let (mean_x, mean_y) = (mean(&x)?, mean(&y)?);
    // Ranks are multiples of one half, so these sums are exact.
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(&y) {
        xx += (a - mean_x).powi(2);
        yy += (b - mean_y).powi(2);
        xy += (a - mean_x) * (b - mean_y);
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

/// Kendall's tau-b, which allows for ties. `None` of fewer than two pairs or if one side does not vary.
pub fn kendall_tau_b(pairs: &[(f64, f64)]) -> Option<f64> {
    let (mut balance, mut untied_x, mut untied_y) = (0_i64, 0_i64, 0_i64);
    for (i, a) in pairs.iter().enumerate() {
        for b in &pairs[..i] {
            let (x, y) = (direction(a.0, b.0), direction(a.1, b.1));
            balance += x * y;
            untied_x += x.abs();
            untied_y += y.abs();
        }
    }
    (untied_x > 0 && untied_y > 0)
        .then(|| balance as f64 / ((untied_x as f64) * (untied_y as f64)).sqrt())
}

/// Ranks from 1; equal values share the mean of their places.
pub(crate) fn average_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for tied in order.chunk_by(|&a, &b| direction(values[a], values[b]) == 0) {
        for &i in tied {
            ranks[i] = below as f64 + f64::midpoint(1.0, tied.len() as f64);
        }
        below += tied.len();
    }
    ranks
}

fn direction(a: f64, b: f64) -> i64 {
    if (a - b).abs() <= TIE {
        0
    } else if a > b {
        1
    } else {
        -1
    }
}

#[cfg(test)]
mod tests {
    use super::{average_ranks, kendall_tau_b, spearman};

    #[test]
    fn ties_share_a_rank() {
        assert_eq!(average_ranks(&[10.0, 20.0, 10.0, 5.0]), [2.5, 4.0, 2.5, 1.0]);
    }

    #[test]
    fn perfect_orders() {
        let up = [(1.0, 2.0), (2.0, 4.0), (3.0, 9.0)];
        let down = [(1.0, 9.0), (2.0, 4.0), (3.0, 2.0)];
        assert_eq!((spearman(&up), kendall_tau_b(&up)), (Some(1.0), Some(1.0)));
        assert_eq!((spearman(&down), kendall_tau_b(&down)), (Some(-1.0), Some(-1.0)));
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        let flat = [(1.0, 2.0), (1.0, 4.0)];
        assert_eq!((spearman(&flat), kendall_tau_b(&flat)), (None, None));
        assert_eq!((spearman(&[]), kendall_tau_b(&[(1.0, 1.0)])), (None, None));
    }
}
