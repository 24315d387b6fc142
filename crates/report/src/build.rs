//! From summaries and answers to the report.

mod cadence;
mod comparisons;
mod complaints;
mod costs;
mod defects;
mod emotion;
mod experience;
mod funnels;
mod heard;
pub(crate) mod importance;
mod kano;
mod kept;
mod leaving;
mod money;
mod periods;
mod proofs;
mod respondents;
mod samples;
mod sheets;
mod standards;
mod touchpoints;
mod transitions;
mod trends;
mod walked;
pub(crate) mod words;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kernel::{Checks, PathFacts, Summary, Values};
use model::change_plan::ChangePlan;
use model::resolve::Resolved;
use stats::Confidence;

use crate::answers::{Answer, Answers, Told};
use crate::document::{Distribution, Estimate, Events, Instances, Period, Report, Share};
use crate::findings;
use crate::plan::Compiled;

/// What a measurement found, in numbers of touchpoints; the report puts names to it.
#[derive(Debug, Clone)]
pub struct Measured {
    pub summary: Summary,
    pub facts: PathFacts,
    /// Names of channels by code, from code 1 on.
    pub channels: Vec<String>,
    pub events: Events,
    /// µs; the horizon and, when asked for, the beginning.
    pub as_of: i64,
    pub from: Option<i64>,
    /// Attribute and the values that it may have; all conditions hold at once.
    pub segment: Vec<(String, Vec<String>)>,
    /// Attribute and values of the strata in which defects were held against outcomes.
    pub strata: Option<(String, Vec<String>)>,
    /// Attribute and values of the groups whose kept shares are compared.
    pub groups: Option<(String, Vec<String>)>,
    pub program: String,
}

/// What is asked beside what every report answers.
#[derive(Debug, Clone, Default)]
pub struct Further<'a> {
    /// The attribute of answers whose values are compared.
    pub compare: Option<&'a str>,
    /// µs; what came from here on is compared with what came before, instead of the last period with the one before it.
    pub since: Option<i64>,
    pub plans: Vec<&'a ChangePlan>,
    /// Of times in plans that carry none; UTC if `None`.
    pub zone: Option<TimeZone>,
}

/// Every interval in the report is a 95 % interval.
pub(crate) fn confidence() -> Confidence {
    Confidence::default()
}

/// The report on a journey.
pub fn report(
    journey: &Resolved<'_>,
    compiled: &Compiled,
    measured: &Measured,
    told: &Told,
    further: &Further<'_>,
) -> Report {
    let answers = &told.answers;
    let names: Vec<&str> =
        journey.touchpoints.iter().map(|stop| stop.touchpoint.id.as_str()).collect();
    let mut report = walked::report(measured, &names, &compiled.plan);
    report.journey = Some(journey.journey.journey.clone());
    report.segment = segment(&measured.segment);
    let period = years(measured);
    let scored = touchpoints::fill(journey, measured, answers, &mut report.touchpoints);
    report.scores = Answers::about(answers, None)
        .scores(confidence())
        .into_iter()
        .map(|(q, s)| (q, s.score))
        .collect();
    report.drivers = importance::derive(journey, &measured.summary, answers, &scored);
    touchpoints::derived_importance(report.drivers.as_ref(), &mut report.touchpoints);
    report.experience_weights = experience::fill(journey, answers, &mut report.touchpoints);
    report.emotion = emotion::emotion(journey, answers, &measured.summary);
    kano::fill(journey, answers, &mut report.touchpoints);
    report.weighed = heard::weighed(journey, told);
    report.silence = heard::silence(told);
    respondents::tell(told, &mut report);
    let checks = standards::checks(journey, compiled, measured, answers);
    report.complaint_trends =
        complaints::trends(journey, &told.complaints, &measured.summary.begun);
    over_time(journey, &checks, answers, &mut report);
    let ground = comparisons::Ground { journey, told, checks: &checks };
    report.comparisons = comparisons::comparisons(&ground, measured, further);
    report.proofs = proofs::proofs(&ground, measured, further);
    report.words = words::measure(journey, told, measured.as_of);
    report.standards = standards::judge(journey, (compiled, &checks), measured, answers, period);
    report.defects = defects::defects(journey, compiled, measured, &report.standards);
    report.deviations.abandoned_after = walked::abandoned(journey, &measured.facts);
    report.funnels = funnels::funnels(&compiled.funnels, &measured.summary, &names);
    report.findings = findings::rank(journey, &report, &scored, period);
    report
}

/// Scores, kept shares and complaints over time; what changed in them is judged together.
fn over_time(journey: &Resolved<'_>, checks: &[Checks], answers: &[Answer], report: &mut Report) {
    report.trends = trends::trends(journey, answers);
    report.kept_trends = kept::trends(journey, checks);
    let of_scores = report.trends.iter_mut().map(|trend| &mut trend.changes);
    let of_standards = report.kept_trends.iter_mut().map(|trend| &mut trend.changes);
    let of_complaints = report.complaint_trends.iter_mut().map(|trend| &mut trend.changes);
    trends::keep_proven(of_scores.chain(of_standards).chain(of_complaints));
}

/// The report on activities without a journey.
pub fn discovered(
    activities: &[&str],
    plan: &kernel::Plan,
    funnels: &[(String, Vec<String>)],
    measured: &Measured,
) -> Report {
    let mut report = walked::report(measured, activities, plan);
    report.touchpoints = touchpoints::discovered(activities, measured);
    report.funnels = funnels::funnels(funnels, &measured.summary, activities);
    report
}

/// Years between the first visible event and the horizon; at least a day, so that rates per year stay finite.
fn years(measured: &Measured) -> f64 {
    const YEAR: f64 = 365.25 * 86_400e6;
    const DAY: f64 = 86_400e6;
    let first = measured.summary.span.map_or(measured.as_of, |span| span.0);
    let from = measured.from.unwrap_or(first);
    ((measured.as_of - from) as f64).max(DAY) / YEAR
}

/// A moment in RFC 3339; `None` outside of the years that it can say.
pub(crate) fn moment(micros: i64) -> Option<String> {
    Timestamp::from_microsecond(micros).ok().map(|at| at.to_string())
}

fn period(measured: &Measured) -> Period {
    let from = measured.from.or(measured.summary.span.map(|span| span.0));
    Period {
        from: from.and_then(moment),
        to: measured.summary.span.and_then(|_| moment(measured.as_of)),
    }
}

/// The conditions by attribute; of two on one attribute, what both allow.
fn segment(conditions: &[(String, Vec<String>)]) -> BTreeMap<String, Vec<String>> {
    let mut segment: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (attribute, values) in conditions {
        match segment.entry(attribute.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(values.clone());
            }
            Entry::Occupied(mut entry) => entry.get_mut().retain(|value| values.contains(value)),
        }
    }
    segment
}

fn instances([ended, timed_out, open]: [u64; 3]) -> Instances {
    Instances { total: ended + timed_out + open, ended, timed_out, open }
}

/// A set of µs as a distribution of seconds.
pub(crate) fn distribution(values: &Values) -> Distribution {
    let totals = values.totals();
    if totals.count == 0 {
        return Distribution::default();
    }
    let seconds = |micros: f64| micros / 1e6;
    let quantiles: Vec<f64> =
        values.quantiles(&[0.25, 0.5, 0.75, 0.9]).into_iter().map(seconds).collect();
    let sum = totals.sum as f64 / 1e6;
    Distribution {
        n: totals.count,
        sum: Some(sum),
        mean: Some(sum / totals.count as f64),
        min: Some(seconds(totals.min as f64)),
        p25: quantiles.first().copied(),
        median: quantiles.get(1).copied(),
        p75: quantiles.get(2).copied(),
        p90: quantiles.get(3).copied(),
        max: Some(seconds(totals.max as f64)),
    }
}

impl Share {
    /// A share with its Wilson interval (Wilson, *JASA* 22:209, 1927).
    pub fn of(k: u64, n: u64) -> Self {
        let share = stats::wilson(k, n, confidence());
        Self { k, n, share: share.share, low: share.low, high: share.high }
    }
}

impl From<&stats::Estimate> for Estimate {
    fn from(estimate: &stats::Estimate) -> Self {
        Self { value: estimate.value, low: estimate.lower, high: estimate.upper }
    }
}

#[cfg(test)]
mod tests {
    use super::segment;

    #[test]
    fn conditions_on_one_attribute_hold_at_once() {
        let condition = |name: &str, values: &[&str]| {
            (name.to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
        };
        let asked = [
            condition("region", &["north", "south"]),
            condition("channel", &["app"]),
            condition("region", &["south", "west"]),
        ];
        let told: Vec<(String, Vec<String>)> = segment(&asked).into_iter().collect();
        assert_eq!(told, [condition("channel", &["app"]), condition("region", &["south"])]);
    }
}
