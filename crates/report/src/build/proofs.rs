//! Planned changes: what the data say of each, how much that says about the cause, and what it would take to say more.

mod series;
mod units;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use model::change_plan::{ChangePlan, Direction as Better};
use model::moment::moment;
use stats::{
    Aim, Chosen, EvidenceRank, Flag, Judgement, Power, StudyDesign, Wanted, days_until, judge,
};

use super::comparisons::Ground;
use super::periods::{Length, date};
use super::samples::{Given, given, score, unit};
use super::{Further, Measured, moment as written};
use crate::answers::Answers;
use crate::document::{Direction, Estimate, Proof, ProofMethod, ProofPoint, ProofVerdict, Unit};

/// Fewer answers make no value of a period.
const FEWEST: usize = 5;

pub(super) fn proofs(
    ground: &Ground<'_>,
    measured: &Measured,
    further: &Further<'_>,
) -> Vec<Proof> {
    let zone = further.zone.clone().unwrap_or(TimeZone::UTC);
    let proof = |plan: &&ChangePlan| {
        let case = Case { ground, plan, zone: &zone };
        told(plan, case.found(), measured.as_of)
    };
    further.plans.iter().map(proof).collect()
}

/// A plan with what it is held against.
struct Case<'a> {
    ground: &'a Ground<'a>,
    plan: &'a ChangePlan,
    zone: &'a TimeZone,
}

/// What was found, before it is judged.
struct Found {
    method: ProofMethod,
    /// µs.
    at: Option<i64>,
    effect: stats::Estimate,
    counted: &'static str,
    /// Of what is counted; `None` where it does not come by itself.
    a_day: Option<f64>,
    design: StudyDesign,
    units: (u64, u64),
    why_not: Option<String>,
    length: Length,
    points: Vec<ProofPoint>,
    beside: Beside,
}

/// What only some methods know.
#[derive(Default)]
struct Beside {
    pre_trend: Option<stats::Estimate>,
    level_change: Option<stats::Estimate>,
    trend_change: Option<stats::Estimate>,
    durbin_watson: Option<f64>,
    variance_ratio: Option<f64>,
    p: Option<f64>,
}

impl<'a> Case<'a> {
    fn found(&self) -> Found {
        match (&self.plan.measure.standard, &self.plan.units) {
            (Some(standard), _) => series::of_standard(self, standard),
            (None, Some(units)) => units::found(self, units),
            (None, None) => series::of_answers(self, &self.seen(), self.at()),
        }
    }

    /// The moment at which everything changes, µs.
    fn at(&self) -> Option<i64> {
        self.plan.at.as_deref().and_then(|at| self.moment(at))
    }

    fn moment(&self, at: &str) -> Option<i64> {
        moment(at, self.zone).map(Timestamp::as_microsecond)
    }

    fn question(&self) -> &'a str {
        self.plan.measure.question.as_deref().unwrap_or_default()
    }

    /// Valid answers of which it is known when they were given.
    fn seen(&self) -> Vec<Given<'a>> {
        let touchpoint = self.plan.measure.touchpoint.as_deref();
        let answers = Answers::about(&self.ground.told.answers, touchpoint);
        let mut given = given(self.question(), answers.to(self.question()));
        given.retain(|it| it.date().is_some());
        given
    }

    fn chosen(&self) -> Chosen {
        if self.plan.selected_for_being_bad { Chosen::ByResult } else { Chosen::Otherwise }
    }

    /// An answer as the effect counts it: NPS in points.
    fn value(&self, score: f64) -> f64 {
        if self.question() != "nps" {
            return score;
        }
        match score {
            9.0.. => 100.0,
            7.0.. => 0.0,
            _ => -100.0,
        }
    }

    /// The score of a period, once it has enough answers.
    fn score(&self, scores: &[f64]) -> Option<f64> {
        score(self.question(), scores).filter(|_| scores.len() >= FEWEST)
    }
}

/// The plan with what was found and what follows from it.
fn told(plan: &ChangePlan, found: Found, as_of: i64) -> Proof {
    let wanted = match plan.direction {
        Better::Higher => Wanted::Higher,
        Better::Lower => Wanted::Lower,
    };
    let aim = Aim { wanted, smallest: plan.smallest };
    let Judgement { proof, detectable, needed } = judge(&found.effect, aim, Power::CUSTOMARY);
    let rank = EvidenceRank::of(&found.design);
    let n = found.effect.n;
    // Who has seen an effect, or that there is none worth having, need not wait.
    let missing = needed.filter(|needed| *needed > n && proof == stats::Proof::NotEnoughData);
    let days = missing.zip(found.a_day).and_then(|(needed, a_day)| days_until(needed, n, a_day));
    let shown = |estimate: &Option<stats::Estimate>| {
        estimate.as_ref().filter(|it| it.value.is_some()).map(Estimate::from)
    };
    Proof {
        plan: plan.plan.clone(),
        title: plan.title.clone(),
        touchpoint: plan.measure.touchpoint.clone(),
        question: plan.measure.question.clone(),
        standard: plan.measure.standard.clone(),
        unit: plan.measure.question.as_deref().map_or(Unit::Share, unit),
        proof: match proof {
            stats::Proof::Improved => ProofVerdict::Improved,
            stats::Proof::NoChangeShown => ProofVerdict::NoChangeShown,
            stats::Proof::Worse => ProofVerdict::Worse,
            stats::Proof::NotEnoughData => ProofVerdict::NotEnoughData,
        },
        why_not: found.why_not.or_else(|| nothing_said(&found.effect)),
        approach: found.method,
        at: found.at.and_then(written),
        effect: Estimate::from(&found.effect),
        interval: found.effect.method.name().to_owned(),
        counted: found.counted.to_owned(),
        n,
        units_changed: found.units.0,
        units_compared: found.units.1,
        rank: format!("{rank:?}"),
        wording: rank.wording().to_owned(),
        direction: match plan.direction {
            Better::Higher => Direction::Higher,
            Better::Lower => Direction::Lower,
        },
        smallest: plan.smallest,
        detectable,
        needed,
        earliest: days.and_then(|days| day_after(as_of, days)),
        pre_trend: shown(&found.beside.pre_trend),
        level_change: shown(&found.beside.level_change),
        trend_change: shown(&found.beside.trend_change),
        durbin_watson: found.beside.durbin_watson,
        variance_ratio: found.beside.variance_ratio,
        p: found.beside.p,
        seed: plan.seed,
        period: found.length.name().to_owned(),
        points: found.points,
    }
}

/// Why an effect proves nothing, where it is not only too imprecise.
fn nothing_said(effect: &stats::Estimate) -> Option<String> {
    if effect.value.is_none() {
        Some("one of the sides has no data before the change, or none after it".to_owned())
    } else if effect.flags.contains(&Flag::ZeroVariance) {
        Some("all observations are alike, so nothing is known of what chance does".to_owned())
    } else if effect.interval().is_none() {
        Some("there are too few observations for an interval".to_owned())
    } else {
        None
    }
}

fn day_after(at: i64, days: u64) -> Option<String> {
    let days = i64::try_from(days).ok()?;
    let day = date(at)?.checked_add(days.days()).ok()?;
    // Beyond a lifetime nobody waits.
    (days < 36_525).then(|| day.to_string())
}

/// How much came a day, from the first day to the last.
fn a_day(n: usize, (first, last): (Date, Date)) -> Option<f64> {
    let days = (last - first).get_days();
    (days > 0).then(|| n as f64 / f64::from(days))
}
