//! Scores over time: periods, the chart that tells chance from change, and where the level changed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::question::find_question;
use model::resolve::Resolved;
use stats::{
    Baseline, CusumRule, EwmaRule, Measured, NpsCounts, NpsMethod, Signal, Steady, change_points,
    cusum, ewma_chart, individuals_chart, nps_interval,
};

use super::confidence;
use super::periods::{FEWEST_PERIODS, Length, date, ends};
use crate::answers::{Answer, Answers, is_on};
use crate::document::{Change, Drift, DriftPoint, Estimate, Trend, TrendPoint};

/// Fewer answers than this make no value of a period.
pub(super) const FEWEST: usize = 5;
/// Decides the random orders by which a change of level is told from chance.
const SEED: u64 = 20_250_301;

/// The whole journey first, then touchpoint by touchpoint; question by question.
pub(super) fn trends(journey: &Resolved<'_>, answers: &[Answer]) -> Vec<Trend> {
    let touchpoints = journey.touchpoints.iter().map(|stop| Some(stop.touchpoint.id.as_str()));
    let mut trends = Vec::new();
    for touchpoint in std::iter::once(None).chain(touchpoints) {
        let about = Answers::about(answers, touchpoint);
        trends.extend(about.questions().filter_map(|question| trend(touchpoint, question, &about)));
    }
    trends
}

/// Of all changes of level on one page at most a tenth may be chance (Benjamini & Hochberg 1995); a series without one counts
/// as a question that was asked as well.
pub(super) fn keep_proven<'a>(series: impl Iterator<Item = &'a mut Vec<Change>>) {
    const FALSE_DISCOVERY: f64 = 0.10;
    let all: Vec<&mut Vec<Change>> = series.collect();
    let p: Vec<Option<f64>> = all
        .iter()
        .flat_map(|changes| {
            let found = changes.iter().map(|change| Some(change.p));
            found.chain(changes.is_empty().then_some(Some(1.0)))
        })
        .collect();
    let mut proven = stats::proven(&p, FALSE_DISCOVERY).into_iter();
    for changes in all {
        if changes.is_empty() {
            proven.next();
        }
        changes.retain(|_| proven.next() == Some(true));
    }
}

fn trend(touchpoint: Option<&str>, question: &str, about: &Answers<'_>) -> Option<Trend> {
    let scale = find_question(question)?.answers;
    let dated: Vec<(Date, f64)> = about
        .to(question)
        .iter()
        .filter_map(|answer| Some((date(answer.at)?, answer.score.filter(|it| is_on(*it, scale))?)))
        .collect();
    let span = ends(dated.iter().map(|it| it.0))?;
    let length = Length::that_fits(span, dated.len());
    let mut periods: BTreeMap<Date, Vec<f64>> =
        length.between(span).into_iter().map(|begin| (begin, Vec::new())).collect();
    for (date, score) in &dated {
        periods.entry(length.begin(*date)).or_default().push(*score);
    }
    let values: Vec<Option<Measured>> =
        periods.values().map(|scores| value(question, scores)).collect();
    if values.iter().flatten().count() < FEWEST_PERIODS {
        return None;
    }
    let points: Vec<Option<f64>> = values.iter().map(|it| it.map(|it| it.value)).collect();
    let chart = individuals_chart(&points, &Baseline::All).ok()?.individuals;
    let days: Vec<String> = periods.keys().map(Date::to_string).collect();
    let point = |(at, point): (usize, &stats::ChartPoint)| TrendPoint {
        from: days[at].clone(),
        n: periods.values().nth(at).map_or(0, Vec::len) as u64,
        value: point.value,
        low: point.lower,
        high: point.upper,
        signals: signals(point),
    };
    let changes = level_changes(&values, &days);
    let drift = if question == "nps" { drift(&values, &days) } else { None };
    Some(Trend {
        touchpoint: touchpoint.map(str::to_owned),
        question: question.to_owned(),
        period: length.name().to_owned(),
        chart: chart.kind.name().to_owned(),
        centre: chart.centre,
        points: chart.points.iter().enumerate().map(point).collect(),
        changes,
        drift,
    })
}

/// Beyond the limits, and nine on one side: every further rule would call a steady series out more often.
pub(super) fn signals(point: &stats::ChartPoint) -> Vec<String> {
    let is_asked =
        |signal: &&Signal| matches!(signal, Signal::BeyondThreeSigma | Signal::NineOnOneSide);
    point.signals.iter().filter(is_asked).map(|signal| signal.name().to_owned()).collect()
}

/// Where the level changed; all that chance alone would seldom show, before other series are thought of.
pub(super) fn level_changes(values: &[Option<Measured>], days: &[String]) -> Vec<Change> {
    let found = change_points(values, confidence(), SEED).unwrap_or_default();
    let change = |change: stats::ChangePoint| Change {
        at: days[change.index].clone(),
        before: change.before,
        after: change.after,
        size: Estimate::from(&change.size),
        p: change.p,
    };
    found.into_iter().map(change).collect()
}

/// Small lasting shifts: each period in its own standard errors from what the first ones had, on average over the last few.
fn drift(values: &[Option<Measured>], days: &[String]) -> Option<Drift> {
    let known = values.iter().enumerate().filter(|(_, value)| value.is_some());
    // The place behind the baseline; at least one period has to be left to judge.
    let end = known.map(|(place, _)| place).nth(Baseline::FEWEST)?;
    let usual: Vec<Measured> = values[..end].iter().flatten().copied().collect();
    let weight: f64 = usual.iter().map(|it| 1.0 / it.variance).sum();
    let centre = usual.iter().map(|it| it.value / it.variance).sum::<f64>() / weight;
    let in_errors = |it: &Option<Measured>| it.map(|it| (it.value - centre) / it.variance.sqrt());
    let standardised: Vec<Option<f64>> = values[end..].iter().map(in_errors).collect();
    // What is usual is itself known only as well as its periods tell: λ/(2 − λ) of the average, and one part of the baseline.
    let EwmaRule { memory, .. } = EwmaRule::CUSTOMARY;
    let unsure = (2.0 - memory) / memory / usual.len() as f64;
    let steady = Steady { centre: 0.0, sd: (1.0 + unsure).sqrt() };
    let chart = ewma_chart(&standardised, steady, EwmaRule::CUSTOMARY)?;
    // A sum keeps what the baseline is off by, period after period; one of its periods is as unsure as the average of them.
    let alone = Steady { centre: 0.0, sd: (1.0 + 1.0 / usual.len() as f64).sqrt() };
    let sums = cusum(&standardised, alone, CusumRule::CUSTOMARY)?;
    let point = |point: &stats::ChartPoint| DriftPoint {
        from: days[end + point.index].clone(),
        value: point.value,
        low: point.lower,
        high: point.upper,
        out: !point.signals.is_empty(),
        above: sums.up[point.index],
        below: sums.down[point.index],
        adds_up: !sums.chart.points[point.index].signals.is_empty(),
    };
    let points = chart.points.iter().map(point).collect();
    Some(Drift { baseline: usual.len() as u64, centre, points })
}

/// A period's score, and how much chance moves it.
fn value(question: &str, scores: &[f64]) -> Option<Measured> {
    if scores.len() < FEWEST {
        return None;
    }
    if question == "nps" {
        let scores: Vec<Option<f64>> = scores.iter().copied().map(Some).collect();
        let counts = NpsCounts::of(&scores);
        let estimate = nps_interval(&counts, NpsMethod::AdjustedWald, confidence());
        return Some(Measured { value: estimate.value?, variance: estimate.se?.powi(2) });
    }
    let (mean, variance) = (stats::mean(scores)?, stats::variance(scores)?);
    // Answers that are all alike still come from people who might have answered otherwise.
    let least = 1.0 / (12.0 * scores.len() as f64);
    Some(Measured { value: mean, variance: variance.max(least) / scores.len() as f64 })
}
