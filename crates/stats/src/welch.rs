//! Two means of independent samples that need not vary alike (Welch 1947), b minus a.

use crate::distributions::t_two_sided_p;
use crate::moments::{mean, variance};
use crate::{Confidence, Estimate, Flag, Method};

#[derive(Debug, Clone, PartialEq)]
pub struct WelchTest {
    pub difference: Estimate,
    pub t: Option<f64>,
    /// Welch–Satterthwaite, not whole.
    pub df: Option<f64>,
    pub p: Option<f64>,
}

/// No difference if either side is empty; no test if either has fewer than two values or neither varies.
pub fn welch_t(a: &[f64], b: &[f64], conf: Confidence) -> WelchTest {
    let Some((mean_a, mean_b)) = mean(a).zip(mean(b)) else {
        return WelchTest {
            difference: Estimate::none(Method::Welch, conf),
            t: None,
            df: None,
            p: None,
        };
    };
    let value = mean_b - mean_a;
    let difference = Estimate::point(value, (a.len() + b.len()) as u64, Method::Welch, conf);
    let without_test = |difference| WelchTest { difference, t: None, df: None, p: None };
    let Some((variance_a, variance_b)) = variance(a).zip(variance(b)) else {
        return without_test(difference);
    };
    let (part_a, part_b) = (variance_a / a.len() as f64, variance_b / b.len() as f64);
    let se = (part_a + part_b).sqrt();
    if se == 0.0 {
        return without_test(difference.with_se(0.0).flagged(Flag::ZeroVariance));
    }
    let last = |values: &[f64]| (values.len() - 1) as f64;
    let df = (part_a + part_b).powi(2) / (part_a * part_a / last(a) + part_b * part_b / last(b));
    let t = value / se;
    let half = conf.t(df) * se;
    WelchTest {
        difference: difference.with_se(se).with_interval(value - half, value + half),
        t: Some(t),
        df: Some(df),
        p: t_two_sided_p(t, df),
    }
}
