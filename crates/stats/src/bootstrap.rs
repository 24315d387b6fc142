//! Intervals from rounds of drawing customers anew: by percentiles, and corrected for bias and skew.
//!
//! Percentiles (Efron 1979) for bars that are compared; `BCa` (Efron 1987) where a single value is quoted: with z₀ the
//! normal quantile of the share of rounds below the estimate (ties count half) and a the skewness of the jackknife,
//! the limits are the quantiles of the rounds at Φ(z₀ + (z₀ ± z)/(1 − a(z₀ ± z))).

use crate::Confidence;
use crate::distributions::{norm_quantile, norm_upper};
use crate::moments::{mean, ordered_sum};
use crate::quantile::quantile_of_sorted;
use crate::ranks::TIE;

/// Limits by percentiles; `None` without rounds, or if one of them is no finite number.
pub fn percentile_interval(replicates: &[f64], conf: Confidence) -> Option<(f64, f64)> {
    let sorted = sorted(replicates)?;
    let tail = 1.0 - conf.upper_tail();
    quantile_of_sorted(&sorted, tail).zip(quantile_of_sorted(&sorted, conf.upper_tail()))
}

/// Bias-corrected and accelerated limits, and what they are made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bca {
    /// Half the rounds lie below the estimate: 0. `None` where all rounds lie on one side of it.
    pub z0: Option<f64>,
    /// `None` where the jackknife does not vary.
    pub acceleration: Option<f64>,
    /// `None` where one of the two is, or where the correction runs off the scale.
    pub interval: Option<(f64, f64)>,
}

/// `None` without rounds, or with any number that is not finite. `jackknife` holds the estimate with each customer (or
/// group of customers) left out once.
pub fn bca(estimate: f64, replicates: &[f64], jackknife: &[f64], conf: Confidence) -> Option<Bca> {
    let sorted = sorted(replicates)?;
    if !estimate.is_finite() || !jackknife.iter().all(|value| value.is_finite()) {
        return None;
    }
    let below = sorted.iter().filter(|&&value| value < estimate - TIE).count() as f64;
    let tied = sorted.iter().filter(|&&value| (value - estimate).abs() <= TIE).count() as f64;
    let z0 = norm_quantile((below + tied / 2.0) / sorted.len() as f64);
    let acceleration = acceleration(jackknife);
    let interval = z0.zip(acceleration).and_then(|(z0, a)| {
        let limit = |z: f64| {
            let pull = 1.0 - a * (z0 + z);
            let p = 1.0 - norm_upper(z0 + (z0 + z) / pull);
            if pull > 0.0 { quantile_of_sorted(&sorted, p) } else { None }
        };
        limit(-conf.z()).zip(limit(conf.z()))
    });
    Some(Bca { z0, acceleration, interval })
}

/// The range of ranks that holds the given share of the rounds: whole ranks, widened rather than narrowed.
pub fn rank_interval(ranks: &[u64], conf: Confidence) -> Option<(u64, u64)> {
    let ranks: Vec<f64> = ranks.iter().map(|&rank| rank as f64).collect();
    let (lower, upper) = percentile_interval(&ranks, conf)?;
    Some((lower.floor() as u64, upper.ceil() as u64))
}

/// Ranks from 1 for the largest; equal values share the better rank.
pub(crate) fn ranks_from_largest(values: &[f64]) -> Vec<u64> {
    let larger = |value: f64| values.iter().filter(|&&other| other > value + TIE).count();
    values.iter().map(|&value| larger(value) as u64 + 1).collect()
}

/// Σ(t̄ − t)³ / (6 (Σ(t̄ − t)²)^1.5).
fn acceleration(jackknife: &[f64]) -> Option<f64> {
    let centre = mean(jackknife)?;
    let power = |n: i32| {
        let parts: Vec<f64> = jackknife.iter().map(|value| (centre - value).powi(n)).collect();
        ordered_sum(&parts)
    };
    let varies = jackknife.iter().any(|value| (value - jackknife[0]).abs() > TIE);
    let skew = power(3) / (6.0 * power(2).powf(1.5));
    (varies && skew.is_finite()).then_some(skew)
}

fn sorted(values: &[f64]) -> Option<Vec<f64>> {
    if values.is_empty() || !values.iter().all(|value| value.is_finite()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(sorted)
}

#[cfg(test)]
mod tests {
    use super::{bca, percentile_interval, rank_interval, ranks_from_largest};
    use crate::Confidence;

    #[test]
    fn rounds_that_say_nothing() {
        assert_eq!(percentile_interval(&[], Confidence::P95), None);
        assert_eq!(percentile_interval(&[1.0, f64::NAN], Confidence::P95), None);
        assert_eq!(bca(1.0, &[], &[1.0, 2.0], Confidence::P95), None);
        let one_sided = bca(9.0, &[1.0, 2.0], &[1.0, 2.0, 4.0], Confidence::P95).unwrap();
        assert_eq!((one_sided.z0, one_sided.interval), (None, None));
        let flat = bca(2.0, &[1.0, 2.0, 3.0], &[2.0, 2.0], Confidence::P95).unwrap();
        assert_eq!((flat.z0, flat.acceleration, flat.interval), (Some(0.0), None, None));
    }

    #[test]
    fn without_bias_and_skew_it_is_the_percentiles() {
        let rounds: Vec<f64> = (0..=100).map(f64::from).collect();
        let corrected =
            bca(50.0, &rounds, &[1.0, 2.0, 3.0], Confidence::P90).unwrap().interval.unwrap();
        let plain = percentile_interval(&rounds, Confidence::P90).unwrap();
        assert!((corrected.0 - plain.0).abs() < 1e-9 && (corrected.1 - plain.1).abs() < 1e-9);
    }

    #[test]
    fn ranks_widen_to_whole_numbers() {
        assert_eq!(ranks_from_largest(&[0.2, 0.5, 0.2, 0.1]), [2, 1, 2, 4]);
        assert_eq!(rank_interval(&[1, 1, 2, 2], Confidence::P95), Some((1, 2)));
        assert_eq!(rank_interval(&[3], Confidence::P95), Some((3, 3)));
        assert_eq!(rank_interval(&[], Confidence::P95), None);
    }
}
