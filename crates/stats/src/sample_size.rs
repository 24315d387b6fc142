//! How many answers it takes, and what can be detected with those there are. Most "the NPS moved 4 points" stories are
//! inside the noise.

use crate::distributions::{noncentral_t_upper, norm_quantile, t_quantile};
use crate::{Confidence, estimate::finite};

/// The errors a comparison may make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Power {
    /// Two-sided: how often a difference is claimed where there is none.
    pub alpha: f64,
    /// How often a difference is found where there is one.
    pub power: f64,
}

impl Power {
    /// 5 % and 80 %.
    pub const CUSTOMARY: Self = Self { alpha: 0.05, power: 0.8 };

    /// Normal quantiles of 1 − α/2 and of the power.
    pub(crate) fn quantiles(self) -> Option<(f64, f64)> {
        norm_quantile(1.0 - self.alpha / 2.0).zip(norm_quantile(self.power))
    }
}

/// Answers needed for an NPS within a margin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NpsSampleSize {
    /// From an endless population, not rounded: z² v/E².
    pub n_infinite: f64,
    /// From the population given, rounded up.
    pub n: u64,
}

/// Answers needed for ± `margin_points` around an NPS, given the expected shares of promoters and detractors (½ and ½ if
/// unknown). `None` unless the margin is positive and the shares are shares.
pub fn nps_n_for_margin(
    promoters: f64,
    detractors: f64,
    margin_points: f64,
    population: Option<u64>,
    conf: Confidence,
) -> Option<NpsSampleSize> {
    let margin = margin_points / 100.0;
    let shares = promoters >= 0.0 && detractors >= 0.0 && promoters + detractors <= 1.0 + 1e-12;
    if !shares || margin.is_nan() || margin <= 0.0 || population == Some(0) {
        return None;
    }
    let variance = promoters + detractors - (promoters - detractors).powi(2);
    let n_infinite = finite(conf.z().powi(2) * variance / (margin * margin))?;
    let n = match population {
        Some(population) => n_infinite / (1.0 + (n_infinite - 1.0) / population as f64),
        None => n_infinite,
    };
    Some(NpsSampleSize { n_infinite, n: whole(n)? })
}

/// The smallest difference between the NPS of two samples, in points, that is found with the given power; `variance` is
/// that of one answer on the scale −1..1, at most 1. `None` without answers.
pub fn nps_mde(n1: u64, n2: u64, variance: f64, power: Power) -> Option<f64> {
    let (z_alpha, z_power) = power.quantiles()?;
    if n1 == 0 || n2 == 0 || variance.is_nan() || variance < 0.0 {
        return None;
    }
    Some(100.0 * (z_alpha + z_power) * (variance / n1 as f64 + variance / n2 as f64).sqrt())
}

/// Answers per group to find a difference of `delta_points`, rounded up. `None` if there is no difference to find.
pub fn nps_n_per_group(delta_points: f64, variance: f64, power: Power) -> Option<u64> {
    let (z_alpha, z_power) = power.quantiles()?;
    let delta = delta_points / 100.0;
    whole((z_alpha + z_power).powi(2) * 2.0 * variance / (delta * delta))
}

/// Observations per group to tell two proportions apart, not rounded (Fleiss, without continuity correction). `None` if
/// they are equal or not proportions.
pub fn proportion_n_per_group(p1: f64, p2: f64, power: Power) -> Option<f64> {
    let (z_alpha, z_power) = power.quantiles()?;
    if !(0.0..=1.0).contains(&p1) || !(0.0..=1.0).contains(&p2) {
        return None;
    }
    let pooled = f64::midpoint(p1, p2);
    let null = z_alpha * (2.0 * pooled * (1.0 - pooled)).sqrt();
    let alternative = z_power * (p1 * (1.0 - p1) + p2 * (1.0 - p2)).sqrt();
    finite((null + alternative).powi(2) / (p1 - p2).powi(2))
}

/// Observations per group to find a difference `delta` of means with standard deviation `sd`.
///
/// The smallest n at which the t test has the power, by the noncentral t distribution. `None` if there is no difference to find.
pub fn mean_n_per_group(delta: f64, sd: f64, power: Power) -> Option<u64> {
    let (z_alpha, z_power) = power.quantiles()?;
    let effect = (delta / sd).abs();
    if !(effect > 0.0 && effect.is_finite()) {
        return None;
    }
    // The t test needs a few more than the normal approximation: begin just below it and count up.
    let normal = whole(2.0 * ((z_alpha + z_power) / effect).powi(2))?;
    let mut n = normal.saturating_sub(2).max(2);
    while power_of_t_test(n, effect, power.alpha)? < power.power {
        n += 1;
    }
    Some(n)
}

/// Observations for a proportion within ± `margin`, not rounded: z² p(1 − p)/margin².
pub fn proportion_n_for_margin(p: f64, margin: f64, conf: Confidence) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    finite(conf.z().powi(2) * p * (1.0 - p) / (margin * margin))
}

/// How bad it may be when nothing bad was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RuleOfThree {
    /// One-sided upper bound of the share: 1 − (1 − conf)^(1/n).
    pub upper_exact: f64,
    /// 3/n, which is near it at 95 %; at most 1.
    pub upper_rule: f64,
}

/// The bound after 0 events in n. `None` without observations.
pub fn rule_of_three(n: u64, conf: Confidence) -> Option<RuleOfThree> {
    if n == 0 {
        return None;
    }
    let n = n as f64;
    Some(RuleOfThree {
        upper_exact: 1.0 - conf.alpha().powf(1.0 / n),
        upper_rule: (3.0 / n).min(1.0),
    })
}

fn power_of_t_test(n: u64, effect: f64, alpha: f64) -> Option<f64> {
    let n = n as f64;
    let df = 2.0 * (n - 1.0);
    let critical = t_quantile(1.0 - alpha / 2.0, df)?;
    Some(noncentral_t_upper(critical, df, effect * (n / 2.0).sqrt()))
}

/// Rounded up, if it is a number that can be counted.
fn whole(n: f64) -> Option<u64> {
    (0.0..1e15).contains(&n).then(|| n.ceil() as u64)
}
