//! Groups against each other, and a period against the one before: differences, judged all at once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Checks, OfGroup};
use model::resolve::{Held, Resolved};
use stats::{ComparisonVerdict, Power, Sides, compare_all};

use super::kept::{enough, settled_days};
use super::periods::{Length, date, midnight};
use super::samples::{FEWEST_CUSTOMERS, Given, given, latest, score, sides, unit, withheld};
use super::{Further, Measured, confidence};
use crate::answers::{Answers, Told};
use crate::document::{Compared, ComparedRow, Comparison, Estimate, Unit};

/// What a group is held against.
const ALL_OTHERS: &str = "all others";
/// Periods are compared unasked where some score has so many customers on both sides.
const ENOUGH: u64 = 30;
/// So many claims in a hundred may be false.
const POWER: Power = Power { alpha: 0.05, power: 0.8 };

/// What is compared.
pub(super) struct Ground<'a> {
    pub(super) journey: &'a Resolved<'a>,
    pub(super) told: &'a Told,
    /// Of each standard.
    pub(super) checks: &'a [Checks],
}

/// Groups first, where they were asked for, then periods.
pub(super) fn comparisons(
    ground: &Ground<'_>,
    measured: &Measured,
    further: &Further<'_>,
) -> Vec<Comparison> {
    let groups = further.compare.and_then(|attribute| groups(ground, attribute, measured));
    let periods = match further.since {
        Some(since) => periods(ground, &Split::since(since), 0),
        None => closed(measured).and_then(|split| periods(ground, &split, ENOUGH)),
    };
    groups.into_iter().chain(periods).collect()
}

/// A row before it was judged.
struct Row {
    told: ComparedRow,
    /// The second one is the group.
    sides: Sides,
}

/// The questions that are asked about the whole journey, then touchpoint by touchpoint, each with its valid answers.
fn questions<'a>(ground: &Ground<'a>) -> Vec<(Option<&'a str>, &'a str, Vec<Given<'a>>)> {
    let stops = ground.journey.touchpoints.iter();
    let touchpoints = stops.map(|stop| Some(stop.touchpoint.id.as_str()));
    let about = std::iter::once(None).chain(touchpoints);
    let all = about.flat_map(|touchpoint| {
        let answers = Answers::about(&ground.told.answers, touchpoint);
        let of = |question| (touchpoint, question, given(question, answers.to(question)));
        answers.questions().map(of).collect::<Vec<_>>()
    });
    all.filter(|(_, _, given)| !given.is_empty()).collect()
}

/// Each value of an attribute against all others together.
fn groups(ground: &Ground<'_>, attribute: &str, measured: &Measured) -> Option<Comparison> {
    let place = ground.told.attribute(attribute)?;
    let (mut rows, mut hidden, mut unknown) = (Vec::new(), 0, 0);
    for (touchpoint, question, all) in questions(ground) {
        let mut of_value: BTreeMap<&str, Vec<Given<'_>>> = BTreeMap::new();
        for it in &all {
            match it.answer.attributes.get(place).and_then(Option::as_deref) {
                Some(value) => of_value.entry(value).or_default().push(*it),
                None => unknown += 1,
            }
        }
        let scores: Vec<Vec<f64>> = of_value.values().map(|group| latest(group.iter())).collect();
        let sizes: Vec<usize> = scores.iter().map(Vec::len).collect();
        let withheld = withheld(&sizes);
        for (at, (value, scores)) in of_value.keys().zip(&scores).enumerate() {
            let others = of_value.iter().filter(|(other, _)| *other != value);
            let others = latest(others.flat_map(|(_, group)| group));
            if withheld.contains(&at) || others.len() < FEWEST_CUSTOMERS {
                hidden += 1;
                continue;
            }
            let names = (*value, ALL_OTHERS);
            rows.push(answered((touchpoint, question), names, &others, scores));
        }
    }
    let values = measured.groups.as_ref().map_or(&[][..], |(_, values)| values);
    let (of_standards, more_hidden) = standards_by_group(ground, values);
    rows.extend(of_standards);
    hidden += more_hidden;
    let told = Comparison {
        attribute: Some(attribute.to_owned()),
        period: None,
        rows: judged(rows),
        withheld: hidden,
        unknown,
    };
    Some(told)
}

/// Walks in which a standard was kept, by the value that their events say, and how many rows are withheld.
fn standards_by_group(ground: &Ground<'_>, values: &[String]) -> (Vec<Row>, u64) {
    let (mut rows, mut hidden) = (Vec::new(), 0);
    for (held, checks) in ground.journey.standards.iter().zip(ground.checks) {
        // The last group is of no known value, and on neither side.
        let known = values.iter().zip(&checks.groups).filter(|(_, of)| of.customers > 0);
        let known: Vec<(&String, &OfGroup)> = known.collect();
        let sizes: Vec<usize> = known.iter().map(|(_, of)| of.customers as usize).collect();
        let withheld = withheld(&sizes);
        let sum = known.iter().fold((0, 0), |(kept, n), (_, of)| (kept + of.kept, n + walks(of)));
        for (at, (value, of)) in known.iter().enumerate() {
            let group = (of.kept, walks(of));
            let others = (sum.0 - group.0, sum.1 - group.1);
            let customers_of_others = sizes.iter().sum::<usize>() - sizes[at];
            if withheld.contains(&at) || customers_of_others < FEWEST_CUSTOMERS {
                hidden += 1;
                continue;
            }
            let Some((group, others)) = enough(group).zip(enough(others)) else { continue };
            rows.push(kept(ground, held, (value, ALL_OTHERS), [others, group]));
        }
    }
    (rows, hidden)
}

fn walks(of: &OfGroup) -> u64 {
    of.kept + of.broken
}

/// The two sides of a comparison of times.
struct Split {
    name: &'static str,
    before: std::ops::Range<i64>,
    after: std::ops::Range<i64>,
    labels: [String; 2],
}

impl Split {
    fn since(since: i64) -> Self {
        let moment = super::moment(since).unwrap_or_default();
        let labels = [format!("before {moment}"), format!("since {moment}")];
        Self { name: "since", before: i64::MIN..since, after: since..i64::MAX, labels }
    }
}

/// The last period that is over, and the one before it: months, or weeks where there are no two months.
fn closed(measured: &Measured) -> Option<Split> {
    let (first, _) = measured.summary.span?;
    let from = date(measured.from.unwrap_or(first))?;
    let as_of = date(measured.as_of)?;
    [Length::Month, Length::Week].into_iter().find_map(|length| {
        let end = length.begin(as_of);
        let after = length.previous(end);
        let before = length.previous(after);
        let (a, b, c) = (midnight(before)?, midnight(after)?, midnight(end)?);
        (before >= from).then(|| Split {
            name: length.name(),
            before: a..b,
            after: b..c,
            labels: [before.to_string(), after.to_string()],
        })
    })
}

/// `None` where no score has enough customers on both sides.
fn periods(ground: &Ground<'_>, split: &Split, enough: u64) -> Option<Comparison> {
    let (mut rows, mut hidden, mut unknown) = (Vec::new(), 0, 0);
    let [before_name, after_name] = &split.labels;
    let names = (after_name.as_str(), before_name.as_str());
    for (touchpoint, question, all) in questions(ground) {
        unknown += all.iter().filter(|it| it.at == 0).count() as u64;
        let of = |range: &std::ops::Range<i64>| {
            latest(all.iter().filter(|it| it.at != 0 && range.contains(&it.at)))
        };
        let (before, after) = (of(&split.before), of(&split.after));
        if before.len().min(after.len()) >= FEWEST_CUSTOMERS {
            rows.push(answered((touchpoint, question), names, &before, &after));
        } else if !(before.is_empty() && after.is_empty()) {
            hidden += 1;
        }
    }
    let is_enough = |row: &Row| row.told.n.min(row.told.against_n) >= enough;
    if !rows.iter().any(is_enough) {
        return None;
    }
    rows.extend(standards(ground, split, names));
    let rows = judged(rows);
    let period = Some(split.name.to_owned());
    Some(Comparison { attribute: None, period, rows, withheld: hidden, unknown })
}

/// Kept shares, of checks by the day on which they began.
fn standards(ground: &Ground<'_>, split: &Split, names: (&str, &str)) -> Vec<Row> {
    let rows = ground.journey.standards.iter().zip(ground.checks).filter_map(|(held, checks)| {
        let (before, after) = (side(checks, &split.before)?, side(checks, &split.after)?);
        Some(kept(ground, held, names, [before, after]))
    });
    rows.collect()
}

/// A row of kept shares, (kept, all) of each side, the group last.
fn kept(
    ground: &Ground<'_>,
    held: &Held<'_>,
    names: (&str, &str),
    [against, group]: [(u64, u64); 2],
) -> Row {
    let touchpoint = held.touchpoint.map(|number| ground.journey.touchpoints[number].touchpoint);
    let share = |(kept, n): (u64, u64)| Some(kept as f64 / n as f64);
    let told = ComparedRow {
        touchpoint: touchpoint.map(|touchpoint| touchpoint.id.clone()),
        question: None,
        standard: Some(held.standard.id.clone()),
        unit: Unit::Share,
        value: share(group),
        n: group.1,
        against_value: share(against),
        against_n: against.1,
        ..named(names)
    };
    Row { told, sides: Sides::Share(against, group) }
}

/// Only days of which all is told; a period that is over has to be told whole.
fn side(checks: &Checks, range: &std::ops::Range<i64>) -> Option<(u64, u64)> {
    let (days, end) = settled_days(checks);
    let is_open = end.and_then(midnight).is_some_and(|end| end < range.end);
    if is_open && range.end != i64::MAX {
        return None;
    }
    let is_inside = |day: Date| midnight(day).is_some_and(|at| range.contains(&at));
    let of_range = days.iter().filter(|(day, _)| is_inside(*day));
    let sum = of_range.fold((0, 0), |(kept, n), (_, of)| (kept + of.kept, n + of.kept + of.broken));
    enough(sum)
}

/// A row of answers: the group against others.
fn answered(
    (touchpoint, question): (Option<&str>, &str),
    names: (&str, &str),
    others: &[f64],
    group: &[f64],
) -> Row {
    let told = ComparedRow {
        touchpoint: touchpoint.map(str::to_owned),
        question: Some(question.to_owned()),
        standard: None,
        unit: unit(question),
        value: score(question, group),
        n: group.len() as u64,
        against_value: score(question, others),
        against_n: others.len() as u64,
        ..named(names)
    };
    Row { told, sides: sides(question, others, group) }
}

fn named((group, against): (&str, &str)) -> ComparedRow {
    ComparedRow {
        touchpoint: None,
        question: None,
        standard: None,
        group: group.to_owned(),
        against: against.to_owned(),
        unit: Unit::Count,
        value: None,
        n: 0,
        against_value: None,
        against_n: 0,
        difference: Estimate::default(),
        p: None,
        q: None,
        verdict: Compared::NoDetectableDifference,
        detectable: None,
    }
}

/// All rows, judged at once.
fn judged(rows: Vec<Row>) -> Vec<ComparedRow> {
    let comparison =
        |row: &Row| stats::Comparison { name: row.told.group.clone(), sides: row.sides.clone() };
    let comparisons: Vec<stats::Comparison> = rows.iter().map(comparison).collect();
    let compared = compare_all(&comparisons, confidence(), POWER);
    let told = rows.into_iter().zip(compared).map(|(row, compared)| ComparedRow {
        difference: Estimate::from(&compared.difference),
        p: compared.p,
        q: compared.q,
        verdict: match compared.verdict {
            ComparisonVerdict::Higher => Compared::Higher,
            ComparisonVerdict::Lower => Compared::Lower,
            ComparisonVerdict::NoDetectableDifference => Compared::NoDetectableDifference,
        },
        detectable: compared.detectable,
        ..row.told
    });
    told.collect()
}
