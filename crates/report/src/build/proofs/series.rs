//! A change that came to everybody at once: the course of a series before it and after it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::OfDay;
use stats::{
    FEWEST_PER_SIDE, StudyDesign, interrupted_series, nps_difference, proportion_difference,
    welch_t,
};

use super::super::confidence;
use super::super::kept::{enough, settled_days};
use super::super::periods::{Length, date, ends, midnight};
use super::super::samples::{Given, counts, latest};
use super::{Beside, Case, Found, a_day};
use crate::document::{ProofMethod, ProofPoint};

/// One value a period, and how much is behind it.
type Values = BTreeMap<Date, (Option<f64>, u64)>;

/// The answers to a question.
pub(super) fn of_answers(case: &Case<'_>, seen: &[Given<'_>], at: Option<i64>) -> Found {
    let values = |length: Length| {
        let Some(span) = ends(seen.iter().filter_map(Given::date)) else { return Values::new() };
        let mut scores: BTreeMap<Date, Vec<f64>> =
            length.between(span).into_iter().map(|begin| (begin, Vec::new())).collect();
        for it in seen.iter().filter(|it| !is_mixed(it.at, at, length)) {
            if let Some(date) = it.date() {
                scores.entry(length.begin(date)).or_default().push(it.score);
            }
        }
        let value = |scores: &Vec<f64>| (case.score(scores), scores.len() as u64);
        scores.iter().map(|(begin, scores)| (*begin, value(scores))).collect()
    };
    let of_side = |after: bool| {
        let is_there = |it: &&Given<'_>| at.is_some_and(|at| (it.at >= at) == after);
        latest(seen.iter().filter(is_there))
    };
    let found = course(case, at, &values);
    found.unwrap_or_else(|| {
        let (before, after) = (of_side(false), of_side(true));
        let effect = if case.question() == "nps" {
            let (before, after) = (counts(&before), counts(&after));
            let method = stats::NpsDifferenceMethod::AdjustedWald;
            nps_difference(&before, &after, method, confidence()).estimate
        } else {
            welch_t(&before, &after, confidence()).difference
        };
        two_sides(effect, at, "customers", &values(Length::Month))
    })
}

/// The kept share of a standard, of checks by the day on which they began.
pub(super) fn of_standard(case: &Case<'_>, id: &str) -> Found {
    let ground = case.ground;
    let standards = ground.journey.standards.iter().zip(ground.checks);
    let found = standards.into_iter().find(|(held, _)| held.standard.id == id);
    let days = found.map(|(_, checks)| settled_days(checks).0).unwrap_or_default();
    let at = case.at();
    let values = |length: Length| {
        let Some(span) = ends(days.iter().map(|(day, _)| *day)) else { return Values::new() };
        let mut sums: BTreeMap<Date, (u64, u64)> =
            length.between(span).into_iter().map(|begin| (begin, (0, 0))).collect();
        let is_pure = |day: Date| !midnight(day).is_some_and(|begins| is_mixed(begins, at, length));
        for (day, of) in days.iter().filter(|(day, _)| is_pure(*day)) {
            add(sums.entry(length.begin(*day)).or_default(), of);
        }
        let value =
            |sum: &(u64, u64)| (enough(*sum).map(|(kept, n)| kept as f64 / n as f64), sum.1);
        sums.iter().map(|(begin, sum)| (*begin, value(sum))).collect()
    };
    let found = course(case, at, &values);
    found.unwrap_or_else(|| {
        let side = |after: bool| {
            let mut sum = (0, 0);
            let is_there =
                |day: Date| midnight(day).zip(at).is_some_and(|(m, at)| (m >= at) == after);
            days.iter().filter(|(day, _)| is_there(*day)).for_each(|(_, of)| add(&mut sum, of));
            sum
        };
        let effect = proportion_difference(side(false), side(true), confidence()).estimate;
        two_sides(effect, at, "checks", &values(Length::Month))
    })
}

fn add(sum: &mut (u64, u64), of: &OfDay) {
    sum.0 += of.kept;
    sum.1 += of.kept + of.broken;
}

/// Before the change, but in the period in which it comes: a period is of one kind.
fn is_mixed(at: i64, change: Option<i64>, length: Length) -> bool {
    let begins = change.and_then(date).map(|day| length.begin(day)).and_then(midnight);
    begins.zip(change).is_some_and(|(begins, change)| (begins..change).contains(&at))
}

/// Another course from the change on, by weeks or else by months; `None` with too few on a side.
fn course(case: &Case<'_>, at: Option<i64>, values: &dyn Fn(Length) -> Values) -> Option<Found> {
    let changes_on = date(at?)?;
    [Length::Week, Length::Month].into_iter().find_map(|length| {
        let values = values(length);
        let changed_at = values.keys().position(|begin| *begin == length.begin(changes_on))?;
        let series: Vec<Option<f64>> = values.values().map(|(value, _)| *value).collect();
        let found = interrupted_series(&series, changed_at, None, confidence())?;
        let a_week = if length == Length::Week { 1.0 / 7.0 } else { 12.0 / 365.25 };
        Some(Found {
            method: ProofMethod::InterruptedSeries,
            at,
            effect: found.effect_at_end,
            counted: if length == Length::Week { "weeks" } else { "months" },
            a_day: Some(a_week),
            design: StudyDesign::Series { chosen: case.chosen() },
            units: (0, 0),
            why_not: None,
            length,
            points: points(&values),
            beside: Beside {
                level_change: Some(found.level_change),
                trend_change: Some(found.trend_change),
                durbin_watson: found.durbin_watson,
                ..Beside::default()
            },
        })
    })
}

/// After less before, and nothing else.
fn two_sides(
    effect: stats::Estimate,
    at: Option<i64>,
    counted: &'static str,
    values: &Values,
) -> Found {
    let n: u64 = values.values().map(|(_, n)| n).sum();
    let span = ends(values.keys().copied()).map(|(first, last)| (first, Length::Month.next(last)));
    let few = format!("fewer than {FEWEST_PER_SIDE} weeks or months with data on a side");
    Found {
        method: ProofMethod::BeforeAfter,
        at,
        a_day: span.and_then(|span| a_day(n as usize, span)),
        effect,
        counted,
        design: StudyDesign::BeforeAfter,
        units: (0, 0),
        why_not: Some(format!("{few}: a series cannot be told from a moment")),
        length: Length::Month,
        points: points(values),
        beside: Beside::default(),
    }
}

fn points(values: &Values) -> Vec<ProofPoint> {
    let point = |(from, (value, n)): (&Date, &(Option<f64>, u64))| ProofPoint {
        from: from.to_string(),
        changed: *value,
        changed_n: *n,
        compared: None,
        compared_n: 0,
    };
    values.iter().map(point).collect()
}
