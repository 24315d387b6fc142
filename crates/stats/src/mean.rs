//! The mean of answers on a scale, with Student's interval.

use crate::moments::{mean, present, variance};
use crate::{Confidence, Estimate, Flag, Method};

/// The mean of the values that are there, m ± t s/√n with n − 1 degrees of freedom, in the unit of the values.
///
/// The interval is cut to `bounds`, the ends of the scale, if given. One value has a mean and no interval; equal values have an interval without
/// width and a flag, because three answers of 5 are three answers and not a certainty.
pub fn mean_interval(
    values: &[Option<f64>],
    conf: Confidence,
    bounds: Option<(f64, f64)>,
) -> Estimate {
    let values = present(values);
    let Some(centre) = mean(&values) else {
        return Estimate::none(Method::T, conf);
    };
    let estimate = Estimate::point(centre, values.len() as u64, Method::T, conf).with_size_flag();
    let Some(variance) = variance(&values) else {
        return estimate;
    };
    let n = values.len() as f64;
    let se = (variance / n).sqrt();
    let half = conf.t(n - 1.0) * se;
    let estimate = estimate.with_se(se).with_interval(centre - half, centre + half);
    let estimate = if variance == 0.0 { estimate.flagged(Flag::ZeroVariance) } else { estimate };
    match bounds {
        Some((lowest, highest)) => estimate.clipped(lowest, highest),
        None => estimate,
    }
}
