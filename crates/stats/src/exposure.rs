//! Does leaving go along with having met a defect, when customers meet it on the way: hazards from counts by time.
//!
//! A customer is at risk without the defect until the day of meeting it, and with it from then on, so that nobody is credited
//! with the time that it took to meet it (immortal time, Suissa 2008). Whoever is counted so needs no row: of a covariate
//! that is 0 or 1 the partial likelihood knows only how many of each kind are at risk and leave at each time.
//!
//! The test is the log-rank test with customers changing sides (Mantel & Byar 1974). The hazard ratio is Cox's (1972) with
//! Efron's ties (1977), the same as [`cox`](crate::cox()) finds on rows (start, stop\].

use crate::distributions::chi2_upper;
use crate::{Confidence, CoxTerm};

/// Customers at one time; times in any unit, each at most once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RiskSet {
    pub time: f64,
    /// At risk just before it, without and with the defect.
    pub at_risk: [u64; 2],
    /// Who left at it.
    pub left: [u64; 2],
}

/// How leaving goes along with the defect.
#[derive(Debug, Clone, PartialEq)]
pub struct ExposureHazard {
    /// Who left, without and with the defect.
    pub left: [u64; 2],
    /// Who with the defect would have left if it made no difference.
    pub expected: f64,
    /// One degree of freedom; `None` where nobody could have left on either side of the other.
    pub chi2: Option<f64>,
    pub p: Option<f64>,
    /// All `None` where it is **not estimable**: on one side nobody left while the other could have.
    pub term: CoxTerm,
}

/// Times at which more left than were at risk are no times and are left out.
pub fn exposure_hazard(sets: &[RiskSet], conf: Confidence) -> ExposureHazard {
    let is_sound = |set: &&RiskSet| {
        set.time.is_finite() && set.left.iter().zip(set.at_risk).all(|(left, n)| *left <= n)
    };
    let mut sound: Vec<RiskSet> = sets.iter().filter(is_sound).copied().collect();
    sound.sort_by(|a, b| a.time.total_cmp(&b.time));
    sound.retain(|set| set.left != [0, 0]);
    let (mut expected, mut variance) = (0.0, 0.0);
    for set in &sound {
        let [n0, n1] = set.at_risk.map(|n| n as f64);
        let (n, d) = (n0 + n1, (set.left[0] + set.left[1]) as f64);
        expected += d * n1 / n;
        variance += if n > 1.0 { d * (n - d) / (n - 1.0) * (n1 / n) * (n0 / n) } else { 0.0 };
    }
    let left = [0, 1].map(|side| sound.iter().map(|set| set.left[side]).sum::<u64>());
    let chi2 = (variance > 0.0).then(|| (left[1] as f64 - expected).powi(2) / variance);
    ExposureHazard {
        left,
        expected,
        chi2,
        p: chi2.and_then(|chi2| chi2_upper(chi2, 1.0)),
        term: term(&sound, conf),
    }
}

fn term(sets: &[RiskSet], conf: Confidence) -> CoxTerm {
    // Each side must have been left while somebody of the other was there; else the likelihood grows for ever.
    let is_left =
        |side: usize| sets.iter().any(|set| set.left[side] > 0 && set.at_risk[1 - side] > 0);
    if !is_left(0) || !is_left(1) {
        return CoxTerm::NOT_ESTIMABLE;
    }
    let mut beta = 0.0;
    let mut at = Evaluation::at(sets, beta);
    for _ in 0..60 {
        let mut step = at.score / at.information;
        let mut next = Evaluation::at(sets, beta + step);
        for _ in 0..30 {
            if next.loglik >= at.loglik - 1e-12 * at.loglik.abs() {
                break;
            }
            step *= 0.5;
            next = Evaluation::at(sets, beta + step);
        }
        beta += step;
        at = next;
        if step.abs() <= 1e-11 * (1.0 + beta.abs()) {
            break;
        }
    }
    let se = (1.0 / at.information).sqrt();
    let ratio = |log: f64| Some(log.exp()).filter(|ratio| ratio.is_finite());
    CoxTerm {
        coefficient: Some(beta),
        se: Some(se).filter(|se| se.is_finite()),
        hazard_ratio: ratio(beta),
        lower: ratio(beta - conf.z() * se),
        upper: ratio(beta + conf.z() * se),
    }
}

/// The log partial likelihood and its derivatives.
struct Evaluation {
    loglik: f64,
    score: f64,
    information: f64,
}

impl Evaluation {
    fn at(sets: &[RiskSet], beta: f64) -> Self {
        let mut sum = Self { loglik: 0.0, score: 0.0, information: 0.0 };
        for set in sets {
            let (n, d) = (set.at_risk.map(|n| n as f64), set.left.map(|d| d as f64));
            let events = set.left[0] + set.left[1];
            sum.loglik += beta * d[1];
            sum.score += d[1];
            for i in 0..events {
                // Each of those who leave together sees a part of the others gone.
                let gone = i as f64 / events as f64;
                let with = (n[1] - gone * d[1]) * beta.exp();
                let all = with + n[0] - gone * d[0];
                let share = with / all;
                sum.loglik -= all.ln();
                sum.score -= share;
                sum.information += share * (1.0 - share);
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::{RiskSet, exposure_hazard};
    use crate::{Confidence, CoxTerm};

    fn set(time: f64, at_risk: [u64; 2], left: [u64; 2]) -> RiskSet {
        RiskSet { time, at_risk, left }
    }

    #[test]
    fn a_side_that_nobody_left_is_not_estimable() {
        for sets in [
            vec![set(1.0, [10, 10], [0, 3]), set(2.0, [10, 7], [0, 2])],
            vec![set(1.0, [10, 10], [3, 0])],
            vec![set(1.0, [10, 0], [3, 0]), set(2.0, [0, 5], [0, 1])],
            vec![],
        ] {
            assert_eq!(exposure_hazard(&sets, Confidence::P95).term, CoxTerm::NOT_ESTIMABLE);
        }
        let nobody = exposure_hazard(&[], Confidence::P95);
        assert_eq!((nobody.chi2, nobody.p), (None, None));
    }

    #[test]
    fn twice_the_share_at_one_time_is_nearly_twice_the_hazard() {
        let found = exposure_hazard(&[set(1.0, [1000, 1000], [10, 20])], Confidence::P95);
        let ratio = found.term.hazard_ratio.unwrap();
        assert!((ratio - 2.0).abs() < 0.02, "{ratio}");
        assert_eq!((found.left, found.expected), ([10, 20], 15.0));
    }
}
