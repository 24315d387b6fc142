//! Two shares of independent samples, second minus first.

use crate::distributions::{ln_choose, norm_two_sided_p};
use crate::proportion::{Proportion, wilson};
use crate::{Confidence, Estimate, Method};

#[derive(Debug, Clone, PartialEq)]
pub struct ProportionDifference {
    /// Newcombe's hybrid interval.
    pub estimate: Estimate,
    /// Pooled; `None` if the pooled share is 0 or 1.
    pub z: Option<f64>,
    /// Two-sided, of z. Take Fisher's when any expected count is below 5.
    pub p_pooled: Option<f64>,
    /// Fisher's exact test, two-sided: all tables no likelier than this one.
    pub p_fisher: Option<f64>,
}

/// `first` and `second` are (count, of how many). No value if either is empty.
pub fn proportion_difference(
    first: (u64, u64),
    second: (u64, u64),
    conf: Confidence,
) -> ProportionDifference {
    let (p1, p2) = (wilson(first.0, first.1, conf), wilson(second.0, second.1, conf));
    let estimate = newcombe(&p1, &p2);
    let (Some(difference), true) = (estimate.value, first.0 <= first.1 && second.0 <= second.1)
    else {
        return ProportionDifference { estimate, z: None, p_pooled: None, p_fisher: None };
    };
    let (n1, n2) = (first.1 as f64, second.1 as f64);
    let pooled = (first.0 + second.0) as f64 / (n1 + n2);
    let se = (pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2)).sqrt();
    let z = (se > 0.0).then(|| difference / se);
    ProportionDifference {
        estimate,
        z,
        p_pooled: z.map(norm_two_sided_p),
        p_fisher: Some(fisher(first, second)),
    }
}

/// Newcombe's hybrid interval (1998, method 10) of `second` − `first`, from the Wilson limits of each.
pub fn newcombe(first: &Proportion, second: &Proportion) -> Estimate {
    let none = Estimate::none(Method::Newcombe, first.conf);
    let (Some(p1), Some(l1), Some(u1)) = (first.share, first.low, first.high) else { return none };
    let (Some(p2), Some(l2), Some(u2)) = (second.share, second.low, second.high) else {
        return none;
    };
    let difference = p2 - p1;
    Estimate::point(difference, first.n + second.n, Method::Newcombe, first.conf)
        .with_interval(difference - (p2 - l2).hypot(u1 - p1), difference + (u2 - p2).hypot(p1 - l1))
}

/// The sum over all tables with the same margins that are no likelier than the one seen.
fn fisher(first: (u64, u64), second: (u64, u64)) -> f64 {
    // R's allowance for tables that are equally likely but for rounding.
    const EQUALLY_LIKELY: f64 = 1.0 + 1e-7;
    let (n1, n2) = (first.1, second.1);
    let total = first.0 + second.0;
    let log_probability =
        |k: u64| ln_choose(n1, k) + ln_choose(n2, total - k) - ln_choose(n1 + n2, total);
    let seen = log_probability(first.0).exp() * EQUALLY_LIKELY;
    let tables = total.saturating_sub(n2)..=total.min(n1);
    let p: f64 =
        tables.map(|k| log_probability(k).exp()).filter(|probability| *probability <= seen).sum();
    p.min(1.0)
}
