//! The quantiles and tails that every interval and p value rests on.
//!
//! The special functions are those of `statrs`; the quantiles are found here, on the logarithm of the value, because
//! its own quantiles stop at an absolute error of about 1e-9 (a beta quantile of 7e-7 has two digits), panic outside
//! `[0, 1]` and may hang for p below 1e-50 (its issue 435). The public functions answer `None` outside the open interval
//! and clamp p to `[1e-12, 1 − 1e-12]`. Upper tails are computed as upper tails: `1 − cdf` loses all digits of a small p.

use statrs::function::{beta, erf, gamma};

use crate::incomplete_beta::incomplete_beta;

/// Quantiles nearer to 0 or 1 than this are those of this probability.
const SMALLEST_P: f64 = 1e-12;

/// Where Student's quantile is expanded around the normal one: the error of the four terms is below 1e-11 from here on,
/// while the incomplete beta function begins to lose digits.
const EXPANSION_DF: f64 = 1000.0;

/// The standard normal quantile. `None` unless 0 < p < 1.
pub fn norm_quantile(p: f64) -> Option<f64> {
    is_open(p).then(|| norm_at(p))
}

/// Student's t quantile; `df` need not be whole. `None` unless 0 < p < 1 and df > 0.
pub fn t_quantile(p: f64, df: f64) -> Option<f64> {
    (is_open(p) && df > 0.0).then(|| t_at(p, df))
}

/// The chi-squared quantile. `None` unless 0 < p < 1 and df > 0.
pub fn chi2_quantile(p: f64, df: f64) -> Option<f64> {
    gamma_quantile(p, df / 2.0).map(|x| 2.0 * x)
}

/// The quantile of a gamma distribution with scale 1. `None` unless 0 < p < 1 and 0 < shape < ∞.
pub fn gamma_quantile(p: f64, shape: f64) -> Option<f64> {
    (is_open(p) && is_positive(shape)).then(|| gamma_at(p, shape))
}

/// The beta quantile. `None` unless 0 < p < 1 and both shapes are positive and finite.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> Option<f64> {
    (is_open(p) && is_positive(a) && is_positive(b)).then(|| beta_at(p, a, b))
}

/// P(|Z| ≥ |z|) for a standard normal Z.
pub fn norm_two_sided_p(z: f64) -> f64 {
    erf::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// P(Z ≥ z) for a standard normal Z.
pub fn norm_upper(z: f64) -> f64 {
    0.5 * erf::erfc(z / std::f64::consts::SQRT_2)
}

/// P(|T| ≥ |t|) for Student's T. `None` unless df > 0.
pub fn t_two_sided_p(t: f64, df: f64) -> Option<f64> {
    (df > 0.0 && !t.is_nan()).then(|| t_both_tails(t, df))
}

/// P(X ≥ x) for a chi-squared X. `None` unless df > 0 and x ≥ 0.
pub fn chi2_upper(x: f64, df: f64) -> Option<f64> {
    if !is_positive(df) || !is_not_negative(x) {
        return None;
    }
    Some(if x == 0.0 { 1.0 } else { gamma::gamma_ur(df / 2.0, x / 2.0) })
}

/// P(K ≤ k) for a binomial K of n trials with probability p. `None` unless 0 ≤ p ≤ 1.
pub fn binomial_lower(k: u64, n: u64, p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    if k >= n || p == 0.0 {
        return Some(1.0);
    }
    if p == 1.0 {
        return Some(0.0);
    }
    // P(K ≤ k) is the regularised incomplete beta function I_{1−p}(n − k, k + 1).
    Some(incomplete_beta((n - k) as f64, k as f64 + 1.0, 1.0 - p))
}

/// P(T ≥ t) for a noncentral t with `df` degrees of freedom and noncentrality `ncp`, df ≥ 1.
///
/// T is (Z + ncp)/S with S the root of a chi-squared over df, so the tail is the mean over S of the normal tail at
/// t·S − ncp; Simpson's rule over the ten standard deviations around 1 where S lives.
pub fn noncentral_t_upper(t: f64, df: f64, ncp: f64) -> f64 {
    const PANELS: u32 = 2000;
    let spread = 10.0 / (2.0 * df).sqrt();
    let from = (1.0 - spread).max(0.0);
    let step = (1.0 + spread - from) / f64::from(PANELS);
    let log_scale = std::f64::consts::LN_2 + df / 2.0 * (df / 2.0).ln() - gamma::ln_gamma(df / 2.0);
    let density = |s: f64| {
        if s <= 0.0 { 0.0 } else { (log_scale + (df - 1.0) * s.ln() - df * s * s / 2.0).exp() }
    };
    let mut total = 0.0;
    for panel in 0..=PANELS {
        let s = from + step * f64::from(panel);
        let weight = match panel {
            0 | PANELS => 1.0,
            odd if odd % 2 == 1 => 4.0,
            _ => 2.0,
        };
        total += weight * density(s) * norm_upper(t * s - ncp);
    }
    total * step / 3.0
}

/// The logarithm of "n choose k".
pub(crate) fn ln_choose(n: u64, k: u64) -> f64 {
    let ln_factorial = |m: u64| gamma::ln_gamma(m as f64 + 1.0);
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// [`norm_quantile`] for a p known to be a probability.
pub(crate) fn norm_at(p: f64) -> f64 {
    if p == 0.5 {
        return 0.0;
    }
    let p = clamp(p);
    let (tail, sign) = if p < 0.5 { (p, -1.0) } else { (1.0 - p, 1.0) };
    let z = std::f64::consts::SQRT_2 * erf::erfc_inv(2.0 * tail);
    sign * z
}

/// [`t_quantile`] for a p known to be a probability and df > 0.
pub(crate) fn t_at(p: f64, df: f64) -> f64 {
    if p == 0.5 {
        return 0.0;
    }
    let p = clamp(p);
    if df >= EXPANSION_DF {
        return t_expanded(norm_at(p), df);
    }
    let (tail, sign) = if p < 0.5 { (p, -1.0) } else { (1.0 - p, 1.0) };
    let within = |t: f64| 1.0 - t_both_tails(t, df);
    // Far out the share within is 1 but for rounding, so there the tail is what must be met.
    let excess = |t: f64| {
        if tail < 0.25 { 2.0 * tail - t_both_tails(t, df) } else { within(t) - (1.0 - 2.0 * tail) }
    };
    sign * root(norm_at(1.0 - tail), excess, |t| 2.0 * t_density(t, df))
}

/// [`gamma_quantile`] for a p known to be a probability and a positive shape.
pub(crate) fn gamma_at(p: f64, shape: f64) -> f64 {
    let p = clamp(p);
    let density = |x: f64| ((shape - 1.0) * x.ln() - x - gamma::ln_gamma(shape)).exp();
    root(shape, |x| gamma::gamma_lr(shape, x) - p, density)
}

fn beta_at(p: f64, a: f64, b: f64) -> f64 {
    let p = clamp(p);
    let ln_beta = beta::ln_beta(a, b);
    let density = |x: f64| ((a - 1.0) * x.ln() + (b - 1.0) * (-x).ln_1p() - ln_beta).exp();
    root(a / (a + b), |x| incomplete_beta(a, b, x) - p, density).min(1.0)
}

/// Where a distribution function of a positive variable passes its mark: Newton on the logarithm of the variable inside
/// a bracket, halved where Newton would leave it. `excess` rises and is negative below the root.
fn root(start: f64, excess: impl Fn(f64) -> f64, density: impl Fn(f64) -> f64) -> f64 {
    const LOWEST: f64 = -700.0;
    let first = start.ln().max(LOWEST);
    let (mut low, mut high) = (first - 1.0, first + 1.0);
    while low > LOWEST && excess(low.exp()) > 0.0 {
        low -= 2.0 * (first - low);
    }
    while high < -LOWEST && excess(high.exp()) < 0.0 {
        high += 2.0 * (high - first);
    }
    let mut at = first;
    for _ in 0..200 {
        let x = at.exp();
        let off = excess(x);
        if off > 0.0 {
            high = at;
        } else {
            low = at;
        }
        let newton = at - off / (density(x) * x);
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        if off == 0.0 || (next - at).abs() <= 4.0 * f64::EPSILON * at.abs().max(1.0) {
            return if off == 0.0 { x } else { next.exp() };
        }
        at = next;
    }
    at.exp()
}

/// Student's quantile from the normal one, to the fourth power of 1/df (Abramowitz & Stegun 26.7.5).
fn t_expanded(z: f64, df: f64) -> f64 {
    let z2 = z * z;
    let g1 = (z2 + 1.0) / 4.0;
    let g2 = ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let g3 = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let g4 = ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92160.0;
    z * (1.0 + (g1 + (g2 + (g3 + g4 / df) / df) / df) / df)
}

fn t_both_tails(t: f64, df: f64) -> f64 {
    if df.is_infinite() {
        return norm_two_sided_p(t);
    }
    if t.is_infinite() {
        return 0.0;
    }
    incomplete_beta(df / 2.0, 0.5, df / (df + t * t))
}

fn t_density(t: f64, df: f64) -> f64 {
    let log = gamma::ln_gamma(f64::midpoint(df, 1.0))
        - gamma::ln_gamma(df / 2.0)
        - 0.5 * (df * std::f64::consts::PI).ln()
        - f64::midpoint(df, 1.0) * (t * t / df).ln_1p();
    log.exp()
}

fn clamp(p: f64) -> f64 {
    p.clamp(SMALLEST_P, 1.0 - SMALLEST_P)
}

fn is_open(p: f64) -> bool {
    p > 0.0 && p < 1.0
}

fn is_positive(x: f64) -> bool {
    x > 0.0 && x.is_finite()
}

fn is_not_negative(x: f64) -> bool {
    x >= 0.0
}
