//! Did a series take another course at a moment: level and trend before, and the breaks of both (Wagner et al. 2002).
//!
//! y ~ 1 + t + [t ≥ t₀] + max(0, t − t₀) by least squares. What disturbs one week disturbs the next, so the variance is Newey
//! & West's (1987); Durbin & Watson's (1950) statistic, 2 when neighbours are independent, is shown beside it. Nothing stands
//! for what would have happened: whatever else came at that moment is in the break too.

use nalgebra::{DMatrix, DVector};

use crate::least_squares::{LeastSquares, least_squares};
use crate::{Confidence, Estimate, Flag, Method};

#[derive(Debug, Clone, PartialEq)]
pub struct InterruptedSeries {
    pub intercept: Estimate,
    /// Per period, before the change.
    pub trend: Estimate,
    /// At the first changed period.
    pub level_change: Estimate,
    /// Added to the trend from then on.
    pub trend_change: Estimate,
    /// How far the last period lies from where the old course would have come to.
    pub effect_at_end: Estimate,
    /// What the four standard errors would be if periods were independent.
    pub se_independent: [f64; 4],
    /// Periods over which errors may go together.
    pub lag: usize,
    /// `None` if there are no errors at all.
    pub durbin_watson: Option<f64>,
}

/// Periods with data that each side needs.
pub const FEWEST_PER_SIDE: usize = 8;

/// The series from its first period on, changed from `changed_at` on.
///
/// Periods are counted from 0; a missing one keeps its time. The lag is Newey & West's
/// ⌊4 (n/100)^(2/9)⌋ unless given; Student's intervals have n − 4 degrees of freedom. `None` with fewer than
/// [`FEWEST_PER_SIDE`] periods on either side.
pub fn interrupted_series(
    series: &[Option<f64>],
    changed_at: usize,
    lag: Option<usize>,
    conf: Confidence,
) -> Option<InterruptedSeries> {
    let known: Vec<(usize, f64)> = series
        .iter()
        .enumerate()
        .filter_map(|(time, value)| Some((time, value.filter(|value| value.is_finite())?)))
        .collect();
    let before = known.iter().filter(|(time, _)| *time < changed_at).count();
    if before < FEWEST_PER_SIDE || known.len() - before < FEWEST_PER_SIDE {
        return None;
    }
    let n = known.len();
    let x = DMatrix::from_fn(n, 4, |row, column| {
        let time = known[row].0;
        let since = time.saturating_sub(changed_at) as f64;
        [1.0, time as f64, f64::from(u8::from(time >= changed_at)), since][column]
    });
    let y = DVector::from_iterator(n, known.iter().map(|(_, value)| *value));
    let fit = least_squares(x, &y)?;
    let lag = lag.unwrap_or_else(|| customary_lag(n));
    let covariance = fit.newey_west_covariance(lag);
    let estimate = |weights: [f64; 4]| {
        let weights = DVector::from_row_slice(&weights);
        let value = weights.dot(&fit.coefficients);
        let se = weights.dot(&(&covariance * &weights)).max(0.0).sqrt();
        let half = conf.t(n as f64 - 4.0) * se;
        let estimate = Estimate::point(value, n as u64, Method::NeweyWest, conf)
            .with_se(se)
            .with_interval(value - half, value + half)
            .with_size_flag();
        if fit.squares_left() == 0.0 { estimate.flagged(Flag::ZeroVariance) } else { estimate }
    };
    let last = (series.len() - 1 - changed_at) as f64;
    let independent = fit.plain_covariance();
    Some(InterruptedSeries {
        intercept: estimate([1.0, 0.0, 0.0, 0.0]),
        trend: estimate([0.0, 1.0, 0.0, 0.0]),
        level_change: estimate([0.0, 0.0, 1.0, 0.0]),
        trend_change: estimate([0.0, 0.0, 0.0, 1.0]),
        effect_at_end: estimate([0.0, 0.0, 1.0, last]),
        se_independent: [0, 1, 2, 3].map(|i| independent[(i, i)].max(0.0).sqrt()),
        lag,
        durbin_watson: durbin_watson(&fit),
    })
}

fn customary_lag(n: usize) -> usize {
    (4.0 * (n as f64 / 100.0).powf(2.0 / 9.0)).floor() as usize
}

fn durbin_watson(fit: &LeastSquares) -> Option<f64> {
    let errors = fit.residuals.as_slice();
    let steps: f64 = errors.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    let left = fit.squares_left();
    (left > 0.0).then(|| steps / left)
}

#[cfg(test)]
mod tests {
    use super::interrupted_series;
    use crate::{Confidence, Flag};

    #[test]
    fn an_exact_break_is_found_exactly() {
        let course =
            |t: i32| f64::from(t) + if t >= 10 { 5.0 - 0.5 * f64::from(t - 10) } else { 0.0 };
        let mut series: Vec<Option<f64>> = (0..20).map(|t| Some(course(t))).collect();
        series[3] = None;
        let found = interrupted_series(&series, 10, None, Confidence::P95).unwrap();
        for (estimate, expected) in
            [(&found.level_change, 5.0), (&found.trend_change, -0.5), (&found.effect_at_end, 0.5)]
        {
            assert!((estimate.value.unwrap() - expected).abs() < 1e-9);
            assert!(estimate.flags.contains(&Flag::ZeroVariance));
        }
        assert_eq!((found.lag, found.durbin_watson), (2, None));
    }

    #[test]
    fn eight_periods_on_each_side_or_nothing() {
        let series: Vec<Option<f64>> = (0..16).map(|t| Some(f64::from(t * t % 7))).collect();
        assert!(interrupted_series(&series, 8, None, Confidence::P95).is_some());
        for changed_at in [0, 7, 9, 16, 40] {
            assert_eq!(interrupted_series(&series, changed_at, None, Confidence::P95), None);
        }
        assert_eq!(interrupted_series(&[], 0, None, Confidence::P95), None);
    }
}
