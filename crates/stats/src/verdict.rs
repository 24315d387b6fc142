//! Does a standard keep its promise: `meets`, `defective`, or `not proven`, and then how many more checks it would take.
//!
//! With promise p and tolerance t the threshold is p − t. A standard *meets* it when Wilson's lower bound of the kept
//! share is at least the threshold, and is *defective* when the upper bound is below it. Two promises at the edge:
//!
//! - **A promise of 100 % without tolerance can be broken but never proven kept.** One broken check puts Wilson's upper
//!   bound below 1, so it is defective at once; without a broken check the lower bound stays below 1 however many checks
//!   there are, so it is not proven, and no number of checks is `needed` because none would do. A promise that shall be
//!   provable needs a tolerance.
//! - **A threshold of 0 or less** is met by any check at all.

use crate::distributions::binomial_lower;
use crate::proportion::{Proportion, wilson, wilson_limits};
use crate::{Confidence, ranks::TIE};

/// What can be said of a standard.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub kind: VerdictKind,
    /// How many **more** checks would settle it at the present share; 0 when settled; `None` when no number would: there
    /// are no checks yet, or the present share is the threshold itself.
    pub needed: Option<u64>,
    pub kept_share: Proportion,
    /// The one-sided p value of "the kept share is below the threshold", see [`p_defective`].
    pub p: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VerdictKind {
    Meets,
    Defective,
    NotProven,
}

/// The verdict on `kept` of `n` decided checks (pending ones are in neither number) against a promised share.
pub fn verdict(kept: u64, n: u64, promise: f64, tolerance: f64, conf: Confidence) -> Verdict {
    let kept_share = wilson(kept, n, conf);
    let threshold = promise - tolerance;
    let kind = match kept_share.low.zip(kept_share.high) {
        Some((low, _)) if low >= threshold => VerdictKind::Meets,
        Some((_, high)) if high < threshold => VerdictKind::Defective,
        _ => VerdictKind::NotProven,
    };
    let needed = match kind {
        VerdictKind::NotProven => {
            kept_share.share.and_then(|share| more_checks(share, n, threshold, conf.z()))
        }
        VerdictKind::Meets | VerdictKind::Defective => Some(0),
    };
    let p = p_defective(kept, n, threshold);
    Verdict { kind, needed, kept_share, p }
}

/// The exact one-sided p value of "the kept share is below the threshold".
///
/// How likely so few kept checks, or fewer, would be if the share were the threshold. It feeds Benjamini–Hochberg over all standards. `None` without checks.
pub fn p_defective(kept: u64, n: u64, threshold: f64) -> Option<f64> {
    if n == 0 || kept > n || threshold.is_nan() {
        return None;
    }
    binomial_lower(kept, n, threshold.clamp(0.0, 1.0))
}

/// The smallest m such that n + m checks at the present share settle the verdict.
///
/// Wilson's interval is the score test inverted, so a limit passes the threshold q exactly when
/// (share − q)² reaches z² q(1 − q)/N: that N is the answer, up to rounding, which the interval itself then decides.
fn more_checks(share: f64, n: u64, threshold: f64, z: f64) -> Option<u64> {
    const BEYOND_ANY_CHECKING: f64 = 1e12;
    if (share - threshold).abs() <= TIE || threshold >= 1.0 {
        return None;
    }
    let total = z * z * threshold * (1.0 - threshold) / (share - threshold).powi(2);
    if total > BEYOND_ANY_CHECKING {
        return None;
    }
    let settles = |total: u64| {
        let (low, high) = wilson_limits(share * total as f64, total as f64, z);
        if share > threshold { low >= threshold } else { high < threshold }
    };
    let mut total = (total.ceil() as u64).max(n + 1);
    while !settles(total) {
        total += 1;
    }
    while total > n + 1 && settles(total - 1) {
        total -= 1;
    }
    Some(total - n)
}

#[cfg(test)]
mod tests {
    use super::{VerdictKind, p_defective, verdict};
    use crate::Confidence;
    use VerdictKind::{Defective, Meets, NotProven};

    fn check(
        kept: u64,
        n: u64,
        promise: f64,
        tolerance: f64,
        expected: (VerdictKind, Option<u64>),
    ) {
        let got = verdict(kept, n, promise, tolerance, Confidence::P95);
        assert_eq!((got.kind, got.needed), expected, "{kept}/{n} against {promise} − {tolerance}");
    }

    #[test]
    fn a_verdict_needs_the_whole_interval() {
        check(330, 380, 0.9, 0.0, (Defective, Some(0)));
        check(380, 400, 0.9, 0.0, (Meets, Some(0)));
        check(360, 400, 0.88, 0.0, (NotProven, Some(615)));
        check(19, 20, 0.9, 0.0, (NotProven, Some(119)));
    }

    #[test]
    fn nothing_settles_without_checks_or_at_the_threshold_itself() {
        check(0, 0, 0.9, 0.0, (NotProven, None));
        check(88, 100, 0.9, 0.02, (NotProven, None));
    }

    #[test]
    fn a_promise_of_everything_is_broken_once_and_never_proven() {
        check(10_000, 10_000, 1.0, 0.0, (NotProven, None));
        check(9_999, 10_000, 1.0, 0.0, (Defective, Some(0)));
        check(100, 100, 1.0, 0.01, (NotProven, Some(281)));
    }

    #[test]
    fn a_promise_of_nothing_is_met() {
        check(0, 5, 0.0, 0.0, (Meets, Some(0)));
        check(0, 5, 0.05, 0.1, (Meets, Some(0)));
    }

    #[test]
    fn the_p_value_is_exact() {
        // P(K ≤ 7 | 10, 0.9) = 1 − P(8) − P(9) − P(10)
        let expected =
            1.0 - (45.0 * 0.9_f64.powi(8) * 0.01 + 10.0 * 0.9_f64.powi(9) * 0.1 + 0.9_f64.powi(10));
        assert!((p_defective(7, 10, 0.9).unwrap() - expected).abs() < 1e-12);
        assert_eq!(p_defective(10, 10, 0.9), Some(1.0));
        assert_eq!(p_defective(9, 10, 1.0), Some(0.0));
        assert_eq!(p_defective(0, 10, 0.0), Some(1.0));
        assert_eq!(p_defective(0, 0, 0.9), None);
    }
}
