//! The same difference from fewer customers: what is known of each from before is taken out (Deng, Xu, Kohavi & Walker 2013).
//!
//! y* = y − θ(x − x̄) with θ = cov(y, x)/var(x) over both groups together, then Welch's test on y*. Where x and y correlate by
//! ρ the variance falls to 1 − ρ² of what it was. x must be from before the change, or the effect itself is taken out.

use crate::moments::{mean, ordered_sum, variance};
use crate::{Confidence, WelchTest, welch_t};

#[derive(Debug, Clone, PartialEq)]
pub struct Cuped {
    /// 0 where what is from before does not vary. `None` of fewer than two customers.
    pub theta: Option<f64>,
    /// Changed less control, as if nothing were known from before.
    pub raw: WelchTest,
    pub adjusted: WelchTest,
    /// Variance of the adjusted difference over that of the raw one: with this part of the customers the same would have been
    /// known. `None` where the raw one has no variance.
    pub variance_ratio: Option<f64>,
}

/// From (outcome, value before) of every customer; those with one of them only are left out.
pub fn cuped(
    control: &[(Option<f64>, Option<f64>)],
    changed: &[(Option<f64>, Option<f64>)],
    conf: Confidence,
) -> Cuped {
    let (control, changed) = (complete(control), complete(changed));
    let both: Vec<(f64, f64)> = control.iter().chain(&changed).copied().collect();
    let theta = slope(&both);
    let centre = mean(&both.iter().map(|(_, x)| *x).collect::<Vec<f64>>()).unwrap_or(0.0);
    let outcomes = |rows: &[(f64, f64)], theta: f64| {
        rows.iter().map(|(y, x)| y - theta * (x - centre)).collect::<Vec<f64>>()
    };
    let test = |theta: f64| welch_t(&outcomes(&control, theta), &outcomes(&changed, theta), conf);
    let at = theta.unwrap_or(0.0);
    let (raw, adjusted) = (test(0.0), test(at));
    let errors = raw.difference.se.filter(|se| *se > 0.0).zip(adjusted.difference.se);
    let variance_ratio = errors.map(|(raw, adjusted)| (adjusted / raw).powi(2));
    Cuped { theta, raw, adjusted, variance_ratio }
}

fn complete(rows: &[(Option<f64>, Option<f64>)]) -> Vec<(f64, f64)> {
    rows.iter()
        .filter_map(|(y, x)| (*y).zip(*x))
        .filter(|(y, x)| y.is_finite() && x.is_finite())
        .collect()
}

/// cov(y, x)/var(x), 0 if x does not vary.
fn slope(rows: &[(f64, f64)]) -> Option<f64> {
    let (y, x): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
    let (mean_y, mean_x, spread) = (mean(&y)?, mean(&x)?, variance(&x)?);
    let products: Vec<f64> = rows.iter().map(|(y, x)| (y - mean_y) * (x - mean_x)).collect();
    let covariance = ordered_sum(&products) / (rows.len() - 1) as f64;
    Some(if spread > 0.0 { covariance / spread } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::cuped;
    use crate::Confidence;

    #[test]
    fn what_does_not_vary_before_changes_nothing() {
        let group = |values: [f64; 3]| values.map(|y| (Some(y), Some(5.0)));
        let found = cuped(&group([1.0, 2.0, 3.0]), &group([2.0, 4.0, 5.0]), Confidence::P95);
        assert_eq!((found.theta, found.variance_ratio), (Some(0.0), Some(1.0)));
        assert_eq!(found.raw, found.adjusted);
    }

    #[test]
    fn half_a_pair_is_left_out_and_nobody_says_nothing() {
        let lone = cuped(&[(Some(1.0), None)], &[(None, Some(2.0))], Confidence::P95);
        assert_eq!(
            (lone.theta, lone.raw.difference.value, lone.variance_ratio),
            (None, None, None)
        );
        let same = [(Some(1.0), Some(1.0)), (Some(1.0), Some(2.0))];
        assert_eq!(cuped(&same, &same, Confidence::P95).variance_ratio, None);
    }
}
