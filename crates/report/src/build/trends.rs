//! Scores over time: periods, the chart that tells chance from change, and where the level changed.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use model::question::find_question;
use model::resolve::Resolved;
use stats::{
    Baseline, Measured, NpsCounts, NpsMethod, change_points, individuals_chart, nps_interval,
};

use super::confidence;
use crate::answers::{Answer, Answers, is_on};
use crate::document::{Change, Estimate, Trend, TrendPoint};

/// Fewer answers than this make no value of a period.
const FEWEST: usize = 5;
/// Fewer periods with a value make no chart.
const FEWEST_PERIODS: usize = 8;
/// Weeks are taken where there are so many of them, and so many answers in one on average.
const WEEKS: usize = 20;
const A_WEEK: usize = 12;
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
    keep_proven(&mut trends);
    trends
}

/// Of all changes of level on one page at most a tenth may be chance (Benjamini & Hochberg 1995); a series without one counts
/// as a question that was asked as well.
fn keep_proven(trends: &mut [Trend]) {
    const FALSE_DISCOVERY: f64 = 0.10;
    let p: Vec<Option<f64>> = trends
        .iter()
        .flat_map(|trend| {
            let found = trend.changes.iter().map(|change| Some(change.p));
            found.chain(trend.changes.is_empty().then_some(Some(1.0)))
        })
        .collect();
    let mut proven = stats::proven(&p, FALSE_DISCOVERY).into_iter();
    for trend in trends {
        if trend.changes.is_empty() {
            proven.next();
        }
        trend.changes.retain(|_| proven.next() == Some(true));
    }
}

fn trend(touchpoint: Option<&str>, question: &str, about: &Answers<'_>) -> Option<Trend> {
    let scale = find_question(question)?.answers;
    let dated: Vec<(Date, f64)> = about
        .to(question)
        .iter()
        .filter_map(|answer| Some((date(answer.at)?, answer.score.filter(|it| is_on(*it, scale))?)))
        .collect();
    let (first, last) = (dated.iter().map(|it| it.0).min()?, dated.iter().map(|it| it.0).max()?);
    let weeks = (last - first).get_days() as usize / 7;
    let is_weekly = weeks >= WEEKS && dated.len() >= A_WEEK * weeks;
    let begin: fn(Date) -> Date = if is_weekly { monday } else { Date::first_of_month };
    let mut periods: BTreeMap<Date, Vec<f64>> = BTreeMap::new();
    let mut next = begin(first);
    while next <= last {
        periods.insert(next, Vec::new());
        next =
            if is_weekly { next.saturating_add(7.days()) } else { next.saturating_add(1.month()) };
    }
    dated.iter().for_each(|(date, score)| periods.entry(begin(*date)).or_default().push(*score));
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
        signals: point.signals.iter().map(|signal| signal.name().to_owned()).collect(),
    };
    let changes = change_points(&values, confidence(), SEED).unwrap_or_default();
    Some(Trend {
        touchpoint: touchpoint.map(str::to_owned),
        question: question.to_owned(),
        period: if is_weekly { "week" } else { "month" }.to_owned(),
        chart: chart.kind.name().to_owned(),
        centre: chart.centre,
        points: chart.points.iter().enumerate().map(point).collect(),
        changes: changes
            .into_iter()
            .map(|change| Change {
                at: days[change.index].clone(),
                before: change.before,
                after: change.after,
                size: Estimate::from(&change.size),
                p: change.p,
            })
            .collect(),
    })
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

fn date(at: i64) -> Option<Date> {
    let moment = Timestamp::from_microsecond(at).ok().filter(|_| at != 0)?;
    Some(moment.to_zoned(TimeZone::UTC).date())
}

fn monday(date: Date) -> Date {
    date.saturating_sub(i64::from(date.weekday().since(Weekday::Monday)).days())
}
