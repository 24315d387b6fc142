//! How long customers stay with a defect and without it: curves, mean time and hazards from counts by day.

use kernel::{FollowUp, Followed};
use stats::{
    KaplanMeier, RiskSet, Tied, exposure_hazard, kaplan_meier_of_counts, restricted_mean_difference,
};

use super::confidence;
use crate::document::{CurvePoint, Estimate, Leaving, Standard, StayedLonger, StayingCurve};

/// A curve is told as far as so many customers are followed, and mean times are compared up to there.
const FOLLOWED: u64 = 10;
/// Days after which the share still there is told: a week, a month, a quarter, half a year, a year.
const TOLD: [u64; 5] = [7, 30, 91, 182, 365];
/// Mean times up to less than a week say nothing, up to more than a year nobody can picture.
const COMPARED: std::ops::RangeInclusive<u64> = 7..=365;
/// More steps say no more to the eye.
const MOST_STEPS: usize = 60;
/// Curves are drawn for so many standards.
const MOST_DRAWN: usize = 3;

/// `None` where nobody was followed.
pub(super) fn leaving(follow_up: &FollowUp) -> Option<Leaving> {
    if follow_up.days.is_empty() {
        return None;
    }
    let sides = [without(follow_up), with(follow_up)].map(Side::of);
    let hazard = exposure_hazard(&risk_sets(follow_up), confidence());
    let [without, with] = &sides;
    Some(Leaving {
        customers: follow_up.days.iter().map(Followed::customers).sum(),
        without: without.told(),
        with: with.told(),
        stayed_longer: stayed_longer(without, with),
        chi2: hazard.chi2,
        p: hazard.p,
        hazard_ratio: Estimate {
            value: hazard.term.hazard_ratio,
            low: hazard.term.lower,
            high: hazard.term.upper,
        },
        not_estimable: hazard.term.hazard_ratio.is_none().then(|| why_not(&sides)),
        caveat: "association".to_owned(),
    })
}

/// Takes the steps of all curves away but for the listed standards whose defect goes along with leaving most.
pub(super) fn keep_drawn(standards: &mut [Standard]) {
    let hazard = |standard: &Standard| {
        let leaving = standard.leaving.as_ref().filter(|_| standard.listed)?;
        let is_drawable =
            leaving.with.customers >= FOLLOWED && leaving.without.customers >= FOLLOWED;
        leaving.hazard_ratio.value.filter(|_| is_drawable)
    };
    let mut drawn: Vec<(f64, String)> = standards
        .iter()
        .filter_map(|standard| Some((hazard(standard)?, standard.id.clone())))
        .collect();
    drawn.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    drawn.truncate(MOST_DRAWN);
    for standard in standards {
        if let Some(leaving) = &mut standard.leaving
            && drawn.iter().all(|(_, id)| *id != standard.id)
        {
            leaving.without.steps.clear();
            leaving.with.steps.clear();
        }
    }
}

/// Somebody who leaves on the first day has stayed for one: a time of 0 is no time.
fn time(day: usize) -> f64 {
    day as f64 + 1.0
}

/// Until they left, met the defect or were last seen. Who met it on a day was without it up to that day.
fn without(follow_up: &FollowUp) -> Vec<Tied> {
    let days = follow_up.days.iter().enumerate();
    let mut ended: Vec<Tied> = days
        .clone()
        .map(|(day, of)| Tied { time: time(day), events: of.left[0], censored: of.last_seen[0] })
        .collect();
    let met = days.skip(1).map(|(day, of)| Tied { time: day as f64, events: 0, censored: of.met });
    ended.extend(met);
    ended
}

fn with(follow_up: &FollowUp) -> Vec<Tied> {
    let days = follow_up.since_defect.iter().enumerate();
    let tied = days.map(|(day, [left, last_seen])| Tied {
        time: time(day),
        events: *left,
        censored: *last_seen,
    });
    tied.collect()
}

fn risk_sets(follow_up: &FollowUp) -> Vec<RiskSet> {
    let mut at_risk = [follow_up.days.iter().map(Followed::customers).sum(), 0];
    let mut sets = Vec::new();
    for (day, of) in follow_up.days.iter().enumerate() {
        at_risk = [at_risk[0] - of.met, at_risk[1] + of.met];
        sets.push(RiskSet { time: time(day), at_risk, left: of.left });
        for (at_risk, gone) in at_risk.iter_mut().zip(of.left.iter().zip(of.last_seen)) {
            *at_risk -= gone.0 + gone.1;
        }
    }
    sets
}

/// One side of the comparison.
struct Side {
    counts: Vec<Tied>,
    curve: KaplanMeier,
}

impl Side {
    fn of(counts: Vec<Tied>) -> Self {
        let curve = kaplan_meier_of_counts(&counts, confidence());
        Self { counts, curve }
    }

    /// Customers whose time is at least this.
    fn followed_to(&self, day: u64) -> u64 {
        let long = self.counts.iter().filter(|tied| tied.time >= day as f64);
        long.map(|tied| tied.events + tied.censored).sum()
    }

    fn point(&self, day: u64) -> CurvePoint {
        let stayed = Estimate::from(&self.curve.survival_at(day as f64));
        CurvePoint { day, at_risk: self.followed_to(day), stayed }
    }

    fn told(&self) -> StayingCurve {
        let points = TOLD.iter().map(|day| self.point(*day));
        let days = self.curve.steps.iter().map(|step| step.time as u64);
        let days: Vec<u64> = days.filter(|day| self.followed_to(*day) >= FOLLOWED).collect();
        // Every so many steps, and whatever comes out the last one and the first, which is often the deepest.
        let every = days.len().div_ceil(MOST_STEPS).max(1);
        let is_kept = |place: usize| place == 0 || (days.len() - 1 - place).is_multiple_of(every);
        let kept = days.iter().enumerate().filter(|(place, _)| is_kept(*place));
        StayingCurve {
            customers: self.curve.n,
            left: self.curve.events,
            points: points.filter(|point| point.at_risk >= FOLLOWED).collect(),
            steps: kept.map(|(_, day)| self.point(*day)).collect(),
        }
    }
}

fn stayed_longer(without: &Side, with: &Side) -> Option<StayedLonger> {
    let is_followed = |day: &u64| [without, with].iter().all(|it| it.followed_to(*day) >= FOLLOWED);
    let up_to_days = COMPARED.rev().find(is_followed)?;
    let horizon = up_to_days as f64;
    let mean = |side: &Side| Estimate::from(&side.curve.restricted_mean(horizon));
    let difference = restricted_mean_difference(&without.curve, &with.curve, horizon);
    Some(StayedLonger {
        up_to_days,
        without_days: mean(without),
        with_days: mean(with),
        difference_days: Estimate::from(&difference),
    })
}

fn why_not([without, with]: &[Side; 2]) -> String {
    match (without.curve.n, without.curve.events, with.curve.n, with.curve.events) {
        (_, _, 0, _) => "nobody who was followed met the defect",
        (0, ..) => "everybody who was followed had met the defect",
        (_, 0, _, 0) => "nobody left",
        (_, 0, ..) => "nobody left without the defect",
        (.., 0) => "nobody left with the defect",
        _ => "nobody left on one side while somebody was on the other",
    }
    .to_owned()
}

#[cfg(test)]
mod tests;
