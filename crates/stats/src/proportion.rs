//! A share k of n with its interval. Wilson's is the default everywhere; the others are for contracts and comparisons.

use crate::distributions::beta_quantile;
use crate::estimate::finite;
use crate::{Confidence, Estimate, Method};

/// A share of a count, in `[0, 1]`, with its interval; `None` where n is 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Proportion {
    pub k: u64,
    pub n: u64,
    pub share: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub method: Method,
    pub conf: Confidence,
}

impl Proportion {
    /// The share that was not counted, with the limits turned round.
    #[must_use]
    pub fn complement(&self) -> Self {
        let turn = |limit: f64| 1.0 - limit;
        Self {
            k: self.n.saturating_sub(self.k),
            share: self.share.map(turn),
            low: self.high.map(turn),
            high: self.low.map(turn),
            ..self.clone()
        }
    }
}

impl From<&Proportion> for Estimate {
    fn from(proportion: &Proportion) -> Self {
        Self {
            value: proportion.share,
            lower: proportion.low,
            upper: proportion.high,
            n: proportion.n,
            ..Self::none(proportion.method, proportion.conf)
        }
        .with_size_flag()
    }
}

/// Which interval for a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProportionMethod {
    /// Wilson 1927: the score test inverted. The default.
    Wilson,
    /// Agresti & Coull 1998: Wald around Wilson's centre, clipped.
    AgrestiCoull,
    /// Clopper & Pearson 1934: never covers less than stated; only where a guarantee is contractual.
    ClopperPearson,
    /// Jeffreys' prior, equal tails (Brown, Cai & `DasGupta` 2001).
    Jeffreys,
}

/// The share k/n with Wilson's interval. No value if n is 0 or k exceeds n.
pub fn wilson(k: u64, n: u64, conf: Confidence) -> Proportion {
    proportion_interval(k, n, ProportionMethod::Wilson, conf)
}

/// The share k/n with an interval of the named kind. No value if n is 0 or k exceeds n.
pub fn proportion_interval(
    k: u64,
    n: u64,
    method: ProportionMethod,
    conf: Confidence,
) -> Proportion {
    let name = match method {
        ProportionMethod::Wilson => Method::Wilson,
        ProportionMethod::AgrestiCoull => Method::AgrestiCoull,
        ProportionMethod::ClopperPearson => Method::ClopperPearson,
        ProportionMethod::Jeffreys => Method::Jeffreys,
    };
    let nothing = Proportion { k, n, share: None, low: None, high: None, method: name, conf };
    if n == 0 || k > n {
        return nothing;
    }
    let (low, high) = match method {
        ProportionMethod::Wilson => wilson_limits(k as f64, n as f64, conf.z()),
        ProportionMethod::AgrestiCoull => agresti_coull_limits(k as f64, n as f64, conf.z()),
        ProportionMethod::ClopperPearson => beta_limits(k, n, conf, (0.0, 1.0)),
        ProportionMethod::Jeffreys => beta_limits(k, n, conf, (0.5, 0.5)),
    };
    Proportion { share: Some(k as f64 / n as f64), low: finite(low), high: finite(high), ..nothing }
}

/// Wilson's interval for a share known from clustered or weighted answers that are worth `n_eff` independent ones.
///
/// The idea is that of an effective sample size (Korn & Graubard 1998, with Wilson in place of Clopper and Pearson). The value is the share itself; k is not whole.
pub fn wilson_effective(share: f64, n: u64, n_eff: f64, conf: Confidence) -> Estimate {
    if n == 0 || !(0.0..=1.0).contains(&share) || !(n_eff > 0.0 && n_eff.is_finite()) {
        return Estimate::none(Method::Wilson, conf);
    }
    let (low, high) = wilson_limits(share * n_eff, n_eff, conf.z());
    Estimate::point(share, n, Method::Wilson, conf)
        .with_interval(low, high)
        .with_n_eff(n_eff)
        .with_size_flag()
}

/// Wilson's limits for a real-valued k of n > 0. Exactly 0 below nothing, exactly 1 above everything.
pub(crate) fn wilson_limits(k: f64, n: f64, z: f64) -> (f64, f64) {
    let p = k / n;
    let z2 = z * z;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).max(0.0).sqrt();
    let low = if k <= 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if k >= n { 1.0 } else { (centre + half).min(1.0) };
    (low, high)
}

fn agresti_coull_limits(k: f64, n: f64, z: f64) -> (f64, f64) {
    let n_adjusted = n + z * z;
    let p = (k + z * z / 2.0) / n_adjusted;
    let half = z * (p * (1.0 - p) / n_adjusted).sqrt();
    ((p - half).max(0.0), (p + half).min(1.0))
}

/// Beta quantiles: Clopper–Pearson with a prior weight of (0, 1) turned about for the upper limit, Jeffreys with ½ and ½.
fn beta_limits(k: u64, n: u64, conf: Confidence, prior: (f64, f64)) -> (f64, f64) {
    let (kept, rest) = (k as f64, (n - k) as f64);
    let tail = conf.alpha() / 2.0;
    let low = if k == 0 { Some(0.0) } else { beta_quantile(tail, kept + prior.0, rest + prior.1) };
    let high =
        if k == n { Some(1.0) } else { beta_quantile(1.0 - tail, kept + prior.1, rest + prior.0) };
    (low.unwrap_or(f64::NAN), high.unwrap_or(f64::NAN))
}
