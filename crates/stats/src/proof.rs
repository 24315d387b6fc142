//! One verdict on a change: improved, worse, no change shown, or not enough data to say, and then how much more it takes.
//!
//! "No change shown" is said only where a change worth having had its chance: where the interval excludes it, or it would
//! have been detected. A wide interval across 0 is no such verdict but a lack of data.

use crate::{Estimate, Flag, Method, Power, Tier};

/// Which way is better, and how much of it is worth having.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aim {
    pub wanted: Wanted,
    /// The smallest effect worth having, 0 or more, in the unit of the estimate.
    pub smallest: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Higher,
    Lower,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    Improved,
    NoChangeShown,
    Worse,
    NotEnoughData,
}

impl Proof {
    pub fn name(self) -> &'static str {
        match self {
            Self::Improved => "improved",
            Self::NoChangeShown => "no change shown",
            Self::Worse => "worse",
            Self::NotEnoughData => "not enough data",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    pub proof: Proof,
    /// The smallest effect that would be found with the power asked for, with the data there are.
    pub detectable: Option<f64>,
    /// Observations, of the kind that the estimate counts, with which the smallest effect worth having would be. `None` where
    /// no number would do.
    pub needed: Option<u64>,
}

/// What the effect proves, and what it would take to prove more.
///
/// Improved: the whole interval is on the side wanted, and an effect worth having lies in it or below it; worse is the same on
/// the other side. An estimate of fewer than five observations, without an interval, or whose observations are all alike
/// proves nothing; take `DifferenceInDifferences::judged` where units are few.
pub fn judge(effect: &Estimate, aim: Aim, power: Power) -> Judgement {
    let se = effect.se.filter(|se| *se > 0.0).or_else(|| {
        let (lower, upper) = effect.interval()?;
        Some((upper - lower) / (2.0 * effect.conf.z())).filter(|se| *se > 0.0)
    });
    let detectable = se.and_then(|se| detectable_effect(se, power));
    let needed = detectable.and_then(|detectable| needed_n(effect.n, detectable, aim.smallest));
    let proof = match oriented(effect, aim.wanted) {
        Some((lower, upper)) if is_telling(effect) => {
            let had_its_chance = detectable.is_some_and(|detectable| detectable <= aim.smallest);
            verdict((lower, upper), aim.smallest.max(0.0), had_its_chance)
        }
        _ => Proof::NotEnoughData,
    };
    Judgement { proof, detectable, needed }
}

/// The effect that is found with a given power: (z of α + z of the power) standard errors. `None` if the errors are none.
pub fn detectable_effect(se: f64, power: Power) -> Option<f64> {
    let (z_alpha, z_power) = power.quantiles()?;
    Some((z_alpha + z_power) * se).filter(|effect| effect.is_finite() && *effect >= 0.0)
}

/// Days until there are as many observations as are needed, rounded up; 0 if there are.
///
/// A result is read then and not every
/// day on the way, or chance has as many tries as there are days. `None` if nothing arrives.
pub fn days_until(needed: u64, have: u64, arrivals_per_day: f64) -> Option<u64> {
    let missing = needed.saturating_sub(have) as f64;
    if missing == 0.0 {
        return Some(0);
    }
    let days = (missing / arrivals_per_day).ceil();
    (arrivals_per_day > 0.0 && days < 1e15).then_some(days as u64)
}

/// A standard error falls with the root of n.
fn needed_n(n: u64, detectable: f64, smallest: f64) -> Option<u64> {
    let needed = (n as f64 * (detectable / smallest).powi(2)).ceil();
    (smallest > 0.0 && needed < 1e15).then_some(needed as u64)
}

/// The interval with the side wanted as the positive one.
fn oriented(effect: &Estimate, wanted: Wanted) -> Option<(f64, f64)> {
    let (lower, upper) = effect.interval()?;
    Some(match wanted {
        Wanted::Higher => (lower, upper),
        Wanted::Lower => (-upper, -lower),
    })
}

fn is_telling(effect: &Estimate) -> bool {
    // The interval of few clusters is too narrow, unless it is that of the permutation.
    let is_too_narrow =
        effect.flags.contains(&Flag::FewClusters) && effect.method != Method::Permutation;
    effect.tier() > Tier::Hidden && !effect.flags.contains(&Flag::ZeroVariance) && !is_too_narrow
}

fn verdict((lower, upper): (f64, f64), smallest: f64, had_its_chance: bool) -> Proof {
    if lower > 0.0 && upper >= smallest {
        Proof::Improved
    } else if upper < 0.0 && lower <= -smallest {
        Proof::Worse
    } else if upper < smallest || had_its_chance {
        Proof::NoChangeShown
    } else {
        Proof::NotEnoughData
    }
}

#[cfg(test)]
mod tests {
    use super::{Aim, Proof, Wanted, days_until, judge};
    use crate::{Confidence, Estimate, Flag, Method, Power};
    use Proof::{Improved, NoChangeShown, NotEnoughData, Worse};

    /// An effect of 400 answers with this standard error.
    fn effect(value: f64, se: f64) -> Estimate {
        let half = Confidence::P95.z() * se;
        Estimate::point(value, 400, Method::Wald, Confidence::P95)
            .with_se(se)
            .with_interval(value - half, value + half)
    }

    fn check(value: f64, se: f64, smallest: f64, expected: [Proof; 2]) {
        let judged = [Wanted::Higher, Wanted::Lower].map(|wanted| {
            judge(&effect(value, se), Aim { wanted, smallest }, Power::CUSTOMARY).proof
        });
        assert_eq!(judged, expected, "{value} ± {se} against {smallest}");
    }

    #[test]
    fn a_verdict_by_where_the_interval_lies() {
        check(10.0, 2.0, 5.0, [Improved, Worse]);
        // Shown, and shown to be too little.
        check(1.0, 0.2, 5.0, [NoChangeShown, NoChangeShown]);
        // Five points would have been detected: 2.8 standard errors are 4.8.
        check(2.5, 1.7, 5.0, [NoChangeShown, NoChangeShown]);
        check(2.0, 6.0, 5.0, [NotEnoughData, NotEnoughData]);
        check(-4.0, 4.0, 2.0, [NoChangeShown, NotEnoughData].map(|_| NotEnoughData));
        // An improvement worth having is excluded; how much worse it is, is not known.
        check(-10.0, 6.0, 5.0, [NoChangeShown, NotEnoughData]);
    }

    #[test]
    fn what_proves_nothing() {
        let aim = Aim { wanted: Wanted::Higher, smallest: 1.0 };
        let few = Estimate { n: 4, ..effect(10.0, 1.0) };
        let alike = effect(10.0, 1.0).flagged(Flag::ZeroVariance);
        let few_units = effect(10.0, 1.0).flagged(Flag::FewClusters);
        let bare = Estimate::point(10.0, 400, Method::Wald, Confidence::P95);
        for effect in [few, alike, few_units, bare, Estimate::none(Method::Wald, Confidence::P95)] {
            assert_eq!(judge(&effect, aim, Power::CUSTOMARY).proof, NotEnoughData);
        }
    }

    #[test]
    fn what_it_would_take() {
        let aim = Aim { wanted: Wanted::Higher, smallest: 5.0 };
        let judged = judge(&effect(2.0, 6.0), aim, Power::CUSTOMARY);
        let detectable = judged.detectable.unwrap();
        assert!((detectable - 6.0 * 2.801_585).abs() < 1e-4);
        assert_eq!(judged.needed, Some((400.0 * (detectable / 5.0).powi(2)).ceil() as u64));
        let free = judge(&effect(2.0, 6.0), Aim { smallest: 0.0, ..aim }, Power::CUSTOMARY);
        assert_eq!(free.needed, None);
        assert_eq!(days_until(500, 100, 30.0), Some(14));
        assert_eq!((days_until(5, 9, 0.0), days_until(9, 5, 0.0)), (Some(0), None));
    }
}
