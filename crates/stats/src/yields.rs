//! The share of journeys that come through without a defect: as the steps promise (rolled), and as seen (first-pass).

use std::collections::BTreeSet;

use crate::distributions::gamma_at;
use crate::{Confidence, Estimate, Method, Proportion, wilson};

/// Defective and all deliveries of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepCount {
    pub defective: u64,
    pub units: u64,
}

/// What the steps together promise if they fail independently.
#[derive(Debug, Clone, PartialEq)]
pub struct RolledYield {
    /// Product of the conforming shares; its n is the smallest of the steps.
    pub yield_: Estimate,
    /// The same yield at every step: the geometric mean.
    pub normalized: f64,
    /// −ln of the yield; `None` when it is 0.
    pub total_dpu: Option<f64>,
}

/// Rolled throughput yield with limits of Fay & Feuer (1997).
///
/// Gamma limits on the sum of the defect rates, scaled to the logarithm of the product. The obvious alternatives cover too little (measured: .86 for combined Wilson limits). `None`
/// without steps or with a step without units; no interval when a step fails always.
pub fn rolled_throughput_yield(steps: &[StepCount], conf: Confidence) -> Option<RolledYield> {
    let n = steps.iter().map(|step| step.units).min()?;
    if n == 0 || steps.iter().any(|step| step.defective > step.units) {
        return None;
    }
    let product: f64 =
        steps.iter().map(|step| 1.0 - step.defective as f64 / step.units as f64).product();
    let estimate = Estimate::point(product, n, Method::FayFeuer, conf);
    let normalized = product.powf(1.0 / steps.len() as f64);
    if product <= 0.0 {
        return Some(RolledYield { yield_: estimate, normalized: 0.0, total_dpu: None });
    }
    let (lower, upper) = rate_sum_limits(steps, conf);
    let rate_sum: f64 = steps.iter().map(|step| step.defective as f64 / step.units as f64).sum();
    let scale = if rate_sum > 0.0 { -product.ln() / rate_sum } else { 1.0 };
    let yield_ = estimate.with_interval((-scale * upper).exp(), (-scale * lower).exp());
    Some(RolledYield { yield_, normalized, total_dpu: Some(-product.ln()) })
}

/// Gamma limits on the sum of the defect rates.
fn rate_sum_limits(steps: &[StepCount], conf: Confidence) -> (f64, f64) {
    let parts = || steps.iter().map(|step| (step.defective as f64, step.units as f64));
    let sum: f64 = parts().map(|(k, n)| k / n).sum();
    let variance: f64 = parts().map(|(k, n)| k / (n * n)).sum();
    let widest = parts().map(|(_, n)| 1.0 / n).fold(0.0, f64::max);
    let tail = conf.alpha() / 2.0;
    // A chi-squared quantile with 2s degrees of freedom, halved, is the gamma quantile of shape s.
    let lower = if sum > 0.0 { variance / sum * gamma_at(tail, sum * sum / variance) } else { 0.0 };
    let (upper_sum, upper_variance) = (sum + widest, variance + widest * widest);
    let shape = upper_sum * upper_sum / upper_variance;
    (lower, upper_variance / upper_sum * gamma_at(1.0 - tail, shape))
}

/// What was seen: journeys without any defect.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstPassYield {
    pub first_pass: Proportion,
    /// What the steps would promise if they failed independently.
    pub rolled: f64,
    /// First-pass over rolled: above 1, defects hit the same journeys. `None` when the rolled yield is 0.
    pub dependence_ratio: Option<f64>,
}

/// From the steps (0-based, below `n_steps`) at which each journey had a defect. `None` without journeys.
pub fn journey_first_pass_yield(
    n_steps: usize,
    defect_steps: &[Vec<usize>],
    conf: Confidence,
) -> Option<FirstPassYield> {
    let n = defect_steps.len();
    if n == 0 {
        return None;
    }
    let clean = defect_steps.iter().filter(|steps| steps.is_empty()).count();
    let mut defective = vec![0_u64; n_steps];
    for steps in defect_steps {
        for &step in &steps.iter().copied().collect::<BTreeSet<usize>>() {
            if let Some(count) = defective.get_mut(step) {
                *count += 1;
            }
        }
    }
    let rolled: f64 = defective.iter().map(|&count| 1.0 - count as f64 / n as f64).product();
    let first_pass = wilson(clean as u64, n as u64, conf);
    let dependence_ratio = first_pass.share.filter(|_| rolled > 0.0).map(|share| share / rolled);
    Some(FirstPassYield { first_pass, rolled, dependence_ratio })
}
