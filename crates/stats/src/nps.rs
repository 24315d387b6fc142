//! The Net Promoter Score: answers 0..10, promoters 9–10, passives 7–8, detractors 0–6; points from −100 to 100.

use crate::distributions::gamma_at;
use crate::moments::is_on_scale;
use crate::{Confidence, Estimate, Flag, Method};

/// How many answered what; all that the score depends on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NpsCounts {
    pub promoters: u64,
    pub passives: u64,
    pub detractors: u64,
    /// Answers that are not whole numbers from 0 to 10; in no other number.
    pub invalid: u64,
}

impl NpsCounts {
    pub fn new(promoters: u64, passives: u64, detractors: u64) -> Self {
        Self { promoters, passives, detractors, invalid: 0 }
    }

    /// Counts raw answers; what is missing or not a whole number from 0 to 10 is invalid.
    pub fn of(answers: &[Option<f64>]) -> Self {
        let mut counts = Self::default();
        for &answer in answers {
            match answer.and_then(sign) {
                Some(1) => counts.promoters += 1,
                Some(0) => counts.passives += 1,
                Some(_) => counts.detractors += 1,
                None => counts.invalid += 1,
            }
        }
        counts
    }

    pub fn n(&self) -> u64 {
        self.promoters + self.passives + self.detractors
    }

    /// Points: 100 × (share of promoters − share of detractors).
    pub fn score(&self) -> Option<f64> {
        (self.n() > 0)
            .then(|| 100.0 * (self.promoters as f64 - self.detractors as f64) / self.n() as f64)
    }

    /// Variance of one answer taken as −1, 0 or 1, divisor n.
    pub fn variance(&self) -> Option<f64> {
        self.shares().map(|(p, d)| spread(p, d))
    }

    /// Shares of promoters and detractors.
    fn shares(&self) -> Option<(f64, f64)> {
        let n = self.n() as f64;
        (n > 0.0).then(|| (self.promoters as f64 / n, self.detractors as f64 / n))
    }

    /// Shares and size of the sample with three imaginary answers, ¾ of them promoters and ¾ detractors.
    pub(crate) fn adjusted(&self) -> Adjusted {
        let n = self.n() as f64 + 3.0;
        let (p, d) = ((self.promoters as f64 + 0.75) / n, (self.detractors as f64 + 0.75) / n);
        Adjusted { centre: 100.0 * (p - d), se: 100.0 * (spread(p, d) / n).sqrt() }
    }
}

/// Centre and standard error, in points, that the adjusted Wald interval is built on.
pub(crate) struct Adjusted {
    pub(crate) centre: f64,
    pub(crate) se: f64,
}

/// Which interval for the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NpsMethod {
    /// ± z SE. Claims certainty of twenty promoters out of twenty; never as the default.
    Wald,
    /// ± √χ²₂ SE: for all contrasts of the three shares at once (Goodman 1964).
    Goodman,
    /// Wald after three imaginary answers (Rocks 2016). The default: keeps its promise from n = 5 on.
    AdjustedWald,
    /// The score test inverted (Tango 1998), for contracts and n < 10; it has no standard error.
    Score,
}

/// The score with its interval, in points. The value is the raw score under every method, so an interval need not be
/// centred on it; the adjusted one need not even contain it, at the edge of the scale.
pub fn nps_interval(counts: &NpsCounts, method: NpsMethod, conf: Confidence) -> Estimate {
    let name = match method {
        NpsMethod::Wald => Method::Wald,
        NpsMethod::Goodman => Method::Goodman,
        NpsMethod::AdjustedWald => Method::AdjustedWald,
        NpsMethod::Score => Method::Score,
    };
    let Some((score, variance)) = counts.score().zip(counts.variance()) else {
        return Estimate::none(name, conf);
    };
    let estimate = Estimate::point(score, counts.n(), name, conf).with_size_flag();
    let estimate = if variance == 0.0 { estimate.flagged(Flag::ZeroVariance) } else { estimate };
    let around = |centre: f64, se: f64, width: f64| {
        estimate.clone().with_se(se).with_interval(centre - width * se, centre + width * se)
    };
    let raw_se = 100.0 * (variance / counts.n() as f64).sqrt();
    match method {
        NpsMethod::Wald => around(score, raw_se, conf.z()),
        // The chi-squared quantile with two degrees of freedom is twice the gamma quantile of shape 1.
        NpsMethod::Goodman => around(score, raw_se, (2.0 * gamma_at(conf.level(), 1.0)).sqrt()),
        NpsMethod::AdjustedWald => {
            let adjusted = counts.adjusted();
            around(adjusted.centre, adjusted.se, conf.z())
        }
        NpsMethod::Score => {
            let (lower, upper) = score_limits(counts, conf.z());
            estimate.with_interval(100.0 * lower, 100.0 * upper)
        }
    }
    .clipped(-100.0, 100.0)
}

/// −1 for a detractor, 0 for a passive, 1 for a promoter; `None` for an answer off the scale.
pub(crate) fn sign(answer: f64) -> Option<i8> {
    is_on_scale(answer, 0.0, 10.0).then_some(match answer {
        a if a >= 9.0 => 1,
        a if a >= 7.0 => 0,
        _ => -1,
    })
}

fn spread(p: f64, d: f64) -> f64 {
    (p + d - (p - d) * (p - d)).max(0.0)
}

/// Tango's limits on the scale from −1 to 1: the differences that the score test does not reject.
fn score_limits(counts: &NpsCounts, z: f64) -> (f64, f64) {
    let n = counts.n() as f64;
    let (b, c) = (counts.promoters as f64, counts.detractors as f64);
    let statistic = |delta: f64| {
        let qa = 2.0 * n;
        let qb = -b - c + (2.0 * n - b + c) * delta;
        let qc = -c * delta * (1.0 - delta);
        let root = (qb * qb - 4.0 * qa * qc).max(0.0).sqrt();
        // The larger root; the second form does not subtract nearly equal numbers.
        let q = if qb > 0.0 { -2.0 * qc / (qb + root) } else { (root - qb) / (2.0 * qa) };
        let variance = n * (2.0 * q + delta * (1.0 - delta));
        let distance = b - c - n * delta;
        if variance <= 0.0 { distance.signum() * f64::INFINITY } else { distance / variance.sqrt() }
    };
    let estimate = (b - c) / n;
    // The statistic falls with delta, from above z at −1 to below −z at 1.
    let lower = if counts.detractors == counts.n() {
        -1.0
    } else {
        bisect(-1.0, estimate, |delta| statistic(delta) > z)
    };
    let upper = if counts.promoters == counts.n() {
        1.0
    } else {
        bisect(estimate, 1.0, |delta| statistic(delta) > -z)
    };
    (lower, upper)
}

/// Where a condition that holds at `low` and not at `high` stops holding, to 1e-13.
fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    while high - low > 1e-13 {
        let middle = f64::midpoint(low, high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}
