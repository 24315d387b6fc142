//! A change that some got and others did not, or not yet.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use model::change_plan::{GivenTo, Units};
use stats::{
    BeforeAfterRow, FEWEST_CLUSTERS, Flag, PreRow, StaggeredUnit, StudyDesign, cuped,
    difference_in_differences, pre_trend, staggered_effect,
};

use super::super::confidence;
use super::super::periods::{Length, date, ends};
use super::super::samples::Given;
use super::{Beside, Case, FEWEST, Found, a_day, series};
use crate::document::{ProofMethod, ProofPoint};

/// So many customers of each side with answers before and after, and half of those who answered after, make it worth while to
/// take out what is known from before.
const ENOUGH_KNOWN: usize = 30;

/// Who is counted as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum One<'a> {
    Unit(&'a str),
    Customer(u64),
    /// An anonymous answer is somebody of their own.
    Nobody(usize),
}

/// An answer of a unit.
#[derive(Debug, Clone, Copy)]
struct Row<'a> {
    given: Given<'a>,
    day: Date,
    value: f64,
    unit: &'a str,
    one: One<'a>,
    /// When its unit changes, if it does.
    changes: Option<i64>,
}

pub(super) fn found(case: &Case<'_>, units: &Units) -> Found {
    let seen = case.seen();
    let rows = rows(case, units, &seen);
    let times: BTreeSet<i64> = rows.iter().filter_map(|row| row.changes).collect();
    let names = |is_changed: bool| {
        let of = rows.iter().filter(|row| row.changes.is_some() == is_changed);
        of.map(|row| row.unit).collect::<BTreeSet<&str>>().len()
    };
    let (changed, compared) = (names(true), names(false));
    let at_once = times.first().copied().filter(|_| times.len() == 1);
    let mut found = match at_once {
        // Nobody is left to compare with.
        Some(_) if compared == 0 => series::of_answers(case, &seen, at_once),
        Some(at) => at_one_time(case, units, &rows, at),
        None => one_after_another(case, &rows, times.first().copied()),
    };
    found.units = (changed as u64, compared as u64);
    if found.why_not.is_none() && units.given_to == GivenTo::Units {
        found.why_not = too_few(&found, changed, compared);
    }
    found
}

fn rows<'a>(case: &Case<'a>, units: &Units, seen: &[Given<'a>]) -> Vec<Row<'a>> {
    let Some(place) = case.ground.told.attribute(&units.attribute) else { return Vec::new() };
    let moments: BTreeMap<&str, i64> = units
        .changed
        .iter()
        .filter_map(|(unit, at)| Some((unit.as_str(), case.moment(at)?)))
        .collect();
    let row = |(number, given): (usize, &Given<'a>)| {
        let unit = given.answer.attributes.get(place)?.as_deref()?;
        let one = match (units.given_to, given.customer) {
            (GivenTo::Units, _) => One::Unit(unit),
            (GivenTo::Customers, Some(customer)) => One::Customer(customer),
            (GivenTo::Customers, None) => One::Nobody(number),
        };
        Some(Row {
            given: *given,
            day: given.date()?,
            value: case.value(given.score),
            unit,
            one,
            changes: moments.get(unit).copied(),
        })
    };
    seen.iter().enumerate().filter_map(row).collect()
}

/// Changed units against the others, after against before; or what is known from before taken out, where a lot decided.
fn at_one_time<'a>(case: &Case<'_>, units: &Units, rows: &[Row<'a>], at: i64) -> Found {
    let length = length(rows);
    let before: Vec<&Row<'_>> = rows.iter().filter(|row| row.given.at < at).collect();
    let trend = trend(&before, length);
    let design = if case.plan.randomised {
        StudyDesign::Randomised
    } else {
        StudyDesign::Comparison { pre_trend: Some(trend.clone()), chosen: case.chosen() }
    };
    let span = ends(rows.iter().map(|row| row.day));
    let came = |n: usize| span.and_then(|span| a_day(n, span));
    let mut found = Found {
        method: ProofMethod::DifferenceInDifferences,
        at: Some(at),
        effect: stats::Estimate::none(stats::Method::ClusteredT, confidence()),
        counted: "answers",
        a_day: came(rows.len()),
        design,
        units: (0, 0),
        why_not: None,
        length,
        points: points(case, rows, length),
        beside: Beside { pre_trend: Some(trend), ..Beside::default() },
    };
    let is_dealt = case.plan.randomised && units.given_to == GivenTo::Customers;
    if let Some(known) = known_before(rows, at).filter(|_| is_dealt) {
        found.method = ProofMethod::Cuped;
        found.a_day = came(known.adjusted.difference.n as usize);
        found.effect = known.adjusted.difference;
        found.counted = "customers";
        found.beside.variance_ratio = known.variance_ratio;
        return found;
    }
    let row = |row: &Row<'a>| BeforeAfterRow {
        value: row.value,
        treated: row.changes.is_some(),
        after: row.given.at >= at,
        unit: row.one,
    };
    let rows: Vec<BeforeAfterRow<One<'_>>> = rows.iter().map(row).collect();
    let difference = difference_in_differences(&rows, confidence());
    found.beside.p = difference.permutation.as_ref().map(|permutation| permutation.p);
    found.effect = difference.judged();
    found
}

/// Of customers who answered before and after, the means of both; `None` where they are too few, or too few of all.
fn known_before(rows: &[Row<'_>], at: i64) -> Option<stats::Cuped> {
    let mut of_customers: BTreeMap<u64, (bool, [Vec<f64>; 2])> = BTreeMap::new();
    for row in rows {
        let Some(customer) = row.given.customer else { continue };
        let known =
            of_customers.entry(customer).or_insert((row.changes.is_some(), [vec![], vec![]]));
        known.1[usize::from(row.given.at >= at)].push(row.value);
    }
    let side = |is_changed: bool| {
        let of_side = of_customers.values().filter(|(changed, _)| *changed == is_changed);
        let pairs = of_side.map(|(_, [before, after])| (stats::mean(after), stats::mean(before)));
        pairs.collect::<Vec<(Option<f64>, Option<f64>)>>()
    };
    let is_enough = |side: &[(Option<f64>, Option<f64>)]| {
        let after = side.iter().filter(|(after, _)| after.is_some()).count();
        let both = side.iter().filter(|(after, before)| after.is_some() && before.is_some());
        let both = both.count();
        both >= ENOUGH_KNOWN && 2 * both >= after
    };
    let (control, changed) = (side(false), side(true));
    (is_enough(&control) && is_enough(&changed)).then(|| cuped(&control, &changed, confidence()))
}

/// Each unit against those that have not changed yet.
fn one_after_another(case: &Case<'_>, rows: &[Row<'_>], first: Option<i64>) -> Found {
    let units: BTreeSet<&str> = rows.iter().map(|row| row.unit).collect();
    let span = ends(rows.iter().map(|row| row.day));
    let length =
        span.map_or(Length::Month, |span| Length::that_fits(span, rows.len() / units.len().max(1)));
    let periods = span.map(|span| length.between(span)).unwrap_or_default();
    let unit = |name: &&str| {
        let of_unit: Vec<&Row<'_>> = rows.iter().filter(|row| row.unit == *name).collect();
        let changes = of_unit.iter().find_map(|row| row.changes);
        let begins = changes.and_then(date).map(|day| length.begin(day));
        let score = |begin: &Date| {
            let is_inside = |row: &&&Row<'_>| length.begin(row.day) == *begin;
            // The period in which it changes is of one kind: what came before the change is left out.
            let is_pure = |row: &&&Row<'_>| {
                Some(*begin) != begins || changes.is_none_or(|at| row.given.at >= at)
            };
            let scores: Vec<f64> = of_unit
                .iter()
                .filter(is_inside)
                .filter(is_pure)
                .map(|row| row.given.score)
                .collect();
            case.score(&scores)
        };
        StaggeredUnit {
            name: (*name).to_owned(),
            changed_at: begins.map(|begins| periods.partition_point(|begin| *begin < begins)),
            values: periods.iter().map(score).collect(),
        }
    };
    let series: Vec<StaggeredUnit> = units.iter().map(unit).collect();
    let effect = staggered_effect(&series, confidence(), case.plan.seed);
    let before = rows.iter().filter(|row| first.is_some_and(|first| row.given.at < first));
    let trend = trend(&before.collect::<Vec<_>>(), length);
    let design = if case.plan.randomised {
        StudyDesign::Randomised
    } else {
        StudyDesign::Comparison { pre_trend: Some(trend.clone()), chosen: case.chosen() }
    };
    Found {
        method: ProofMethod::Staggered,
        at: first,
        effect: effect.estimate,
        counted: "units",
        a_day: None,
        design,
        units: (0, 0),
        why_not: None,
        length,
        points: points(case, rows, length),
        beside: Beside { pre_trend: Some(trend), p: effect.p, ..Beside::default() },
    }
}

/// Trend of the changed less trend of the others, before anybody changed.
fn trend<'a>(before: &[&Row<'a>], length: Length) -> stats::Estimate {
    let Some(span) = ends(before.iter().map(|row| row.day)) else {
        return stats::Estimate::none(stats::Method::ClusteredT, confidence());
    };
    let periods = length.between(span);
    let row = |row: &&Row<'a>| PreRow {
        value: row.value,
        treated: row.changes.is_some(),
        period: periods.partition_point(|begin| *begin <= row.day) as f64,
        unit: row.one,
    };
    pre_trend(&before.iter().map(row).collect::<Vec<_>>(), confidence())
}

/// So that the smaller side has enough in a period.
fn length(rows: &[Row<'_>]) -> Length {
    let changed = rows.iter().filter(|row| row.changes.is_some()).count();
    let smaller = changed.min(rows.len() - changed);
    ends(rows.iter().map(|row| row.day))
        .map_or(Length::Month, |span| Length::that_fits(span, smaller))
}

fn points(case: &Case<'_>, rows: &[Row<'_>], length: Length) -> Vec<ProofPoint> {
    let Some(span) = ends(rows.iter().map(|row| row.day)) else { return Vec::new() };
    let mut scores: BTreeMap<Date, [Vec<f64>; 2]> =
        length.between(span).into_iter().map(|begin| (begin, Default::default())).collect();
    for row in rows {
        let of_period = scores.entry(length.begin(row.day)).or_default();
        of_period[usize::from(row.changes.is_some())].push(row.given.score);
    }
    // Fewer answers are noise, and may tell of somebody.
    let n = |scores: &[f64]| if scores.len() < FEWEST { 0 } else { scores.len() as u64 };
    let point = |(from, [compared, changed]): (&Date, &[Vec<f64>; 2])| ProofPoint {
        from: from.to_string(),
        changed: case.score(changed),
        changed_n: n(changed),
        compared: case.score(compared),
        compared_n: n(compared),
    };
    scores.iter().map(point).collect()
}

/// With few units nothing but dealing the change to them anew tells what chance does, and few deals exclude nothing.
fn too_few(found: &Found, changed: usize, compared: usize) -> Option<String> {
    let is_few = found.effect.flags.contains(&Flag::FewClusters);
    if found.effect.value.is_none() || found.effect.interval().is_some() || !is_few {
        return None;
    }
    let told = format!(
        "{changed} changed and {compared} unchanged units are too few to tell a change from what units do by themselves"
    );
    Some(format!(
        "{told}; it takes 7 or more of which two change, and {FEWEST_CLUSTERS} where they change one after another"
    ))
}
