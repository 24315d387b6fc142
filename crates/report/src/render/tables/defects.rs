//! What defects go along with: how long customers stay, what mending would keep, and how a cadence was kept up.

use crate::document::{Cost, Estimate, Leaving, Report, Standard, StayingCurve};
use crate::draw::number::{
    complement, count, decimal, duration, percent, percent_interval, plain, range, signed, whole,
};
use crate::draw::{Cell, Columns, SHOWN, Table};
use crate::render::words;

/// A row a standard whose customers were followed, defective ones first.
pub(in crate::render) fn leaving(report: &Report) -> Table {
    let names = [
        "Standard",
        "Left without the defect",
        "Left with it",
        "Stayed longer without it, days",
        "Hazard ratio",
        "p#",
    ];
    let mut table =
        Table::new("Who leaves, without a defect and from the day of the first one", &names);
    for standard in super::standards::sorted(report) {
        let Some(leaving) = &standard.leaving else { continue };
        // With nobody on one side there is nothing to compare.
        if leaving.without.customers == 0 || leaving.with.customers == 0 {
            continue;
        }
        let told = told_of_both(leaving);
        table.push(vec![
            named(standard),
            left(&leaving.without, told),
            left(&leaving.with, told),
            longer(leaving),
            match &leaving.not_estimable {
                Some(why) => Cell::Both("not estimable".to_owned(), why.clone()),
                None => words::estimate(&leaving.hazard_ratio).map_or(Cell::Nothing, Cell::Words),
            },
            leaving.p.map_or(Cell::Nothing, |p| Cell::number(p_value(p))),
        ]);
    }
    table
}

fn named(standard: &Standard) -> Cell {
    Cell::Both(standard.text.clone(), standard.id.clone())
}

/// The last day of which both sides tell: two shares of different days could not be compared.
fn told_of_both(leaving: &Leaving) -> Option<u64> {
    let with = |day: &u64| leaving.with.points.iter().any(|point| point.day == *day);
    leaving.without.points.iter().map(|point| point.day).filter(with).max()
}

fn left(curve: &StayingCurve, told: Option<u64>) -> Cell {
    let mut points = curve.points.iter().filter(|point| point.stayed.value.is_some());
    let by = points.find(|point| Some(point.day) == told).map(|point| {
        let interval = percent_interval(point.stayed.low, point.stayed.high);
        let interval = interval.map(|interval| format!(" [{interval}]")).unwrap_or_default();
        let stayed = percent(point.stayed.value.unwrap_or_default());
        format!("{stayed}{interval} still there after {} days", count(point.day))
    });
    let first = format!("{} of {}", count(curve.left), count(curve.customers));
    Cell::Both(first, by.unwrap_or_default())
}

fn longer(leaving: &Leaving) -> Cell {
    let Some(longer) = &leaving.stayed_longer else { return Cell::words("too few followed") };
    let Some(value) = longer.difference_days.value else { return Cell::Nothing };
    let limits = longer.difference_days.low.zip(longer.difference_days.high);
    let limits =
        limits.map(|(low, high)| format!(" [{}]", range(&signed(low, 1), &signed(high, 1))));
    Cell::Both(
        format!("{}{}", signed(value, 1), limits.unwrap_or_default()),
        format!("up to day {}", count(longer.up_to_days)),
    )
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { decimal(p, 3) }
}

/// A row a standard of which it is known who came back; what may be said of each stands in sentences beside it.
pub(in crate::render) fn money(report: &Report) -> Table {
    let is_stratified = costs(report).any(|(_, cost)| cost.stratified.is_some());
    let mut names = vec!["Standard", "Left without → with it", "Risk ratio"];
    names.extend(is_stratified.then_some("Within strata"));
    names.extend(["Customers kept a year", "Worth a year"]);
    let mut table =
        Table::new("What mending would keep, if the defect is the cause: an association", &names);
    for (standard, cost) in costs(report) {
        let Some(money) = &cost.money else { continue };
        let mut row = vec![named(standard), risks(cost), ratio(&cost.risk_ratio)];
        if is_stratified {
            row.push(stratified(cost));
        }
        let kept = money.kept.first().zip(money.kept.last());
        row.push(match kept {
            None if is_small(cost) => Cell::words("not enough data"),
            None => Cell::words("no effect can be shown"),
            Some((half, all)) => between(&half.customers, &all.customers, ""),
        });
        let values = kept.and_then(|(half, all)| half.value.as_ref().zip(all.value.as_ref()));
        row.push(values.map_or(Cell::Nothing, |(half, all)| {
            between(half, all, money.currency.as_deref().unwrap_or_default())
        }));
        table.push(row);
    }
    table
}

/// Standards with what is known of customers who came back or did not.
fn costs(report: &Report) -> impl Iterator<Item = (&Standard, &Cost)> {
    super::standards::sorted(report).into_iter().filter_map(|standard| {
        let mut costs = standard.costs.iter();
        Some((standard, costs.find(|cost| cost.outcome == "retained" && cost.money.is_some())?))
    })
}

fn is_small(cost: &Cost) -> bool {
    let [a, b, c, d] = cost.table;
    (a + b).min(c + d) < SHOWN
}

fn risks(cost: &Cost) -> Cell {
    let [a, b, c, d] = cost.table;
    let risk = |bad: u64, good: u64| {
        let n = bad + good;
        if n == 0 { "–".to_owned() } else { percent(bad as f64 / n as f64) }
    };
    Cell::Both(
        format!("{} → {}", risk(c, d), risk(a, b)),
        format!("n\u{a0}=\u{a0}{} → {}", count(c + d), count(a + b)),
    )
}

fn ratio(ratio: &Estimate) -> Cell {
    words::estimate(ratio).map_or(Cell::Nothing, Cell::Words)
}

fn stratified(cost: &Cost) -> Cell {
    let Some(stratified) = &cost.stratified else { return Cell::Nothing };
    let by = match stratified.silent.as_slice() {
        [] => format!("by {}", stratified.attribute),
        silent => format!("by {}; nothing from {}", stratified.attribute, silent.join(", ")),
    };
    match words::estimate(&stratified.risk_ratio) {
        Some(ratio) => Cell::Both(ratio, by),
        None => Cell::Both("not estimable".to_owned(), by),
    }
}

/// With half of it mended and with all of it; the limits are those of both.
fn between(half: &Estimate, all: &Estimate, unit: &str) -> Cell {
    let Some((low, high)) = half.value.zip(all.value) else { return Cell::Nothing };
    // Sums of money are long: they must be able to break.
    let span = |low: f64, high: f64| format!("{} to {}", whole(low), whole(high));
    let limits = half.low.zip(all.high).map(|(low, high)| span(low, high));
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    Cell::Both(
        format!("{}{unit}", span(low, high)),
        limits.map(|limits| format!("[{limits}]")).unwrap_or_default(),
    )
}

/// The strata themselves of listed standards, where they were asked for.
pub(in crate::render) fn risk_strata(report: &Report) -> Option<Table> {
    let names = ["Standard", "Stratum", "Left without it", "Left with it", "Risk ratio"];
    let mut table = Table::new("Leaving within strata", &names);
    for (standard, cost) in costs(report) {
        let Some(stratified) = cost.stratified.as_ref().filter(|_| standard.listed) else {
            continue;
        };
        for stratum in &stratified.strata {
            let of = |bad: usize| match stratum.table {
                Some(cells) => Cell::words(format!(
                    "{} of {}",
                    count(cells[bad]),
                    count(cells[bad] + cells[bad + 1])
                )),
                None => Cell::words("withheld"),
            };
            table.push(vec![
                named(standard),
                Cell::words(stratum.value.as_deref().unwrap_or("others")),
                of(2),
                of(0),
                ratio(&stratum.risk_ratio),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// A row a cadence.
pub(in crate::render) fn cadence(columns: &Columns<'_>, report: &Report) -> Table {
    let names = [
        "Standard",
        "Adherence",
        "Beats kept",
        "Median gap",
        "Gaps within the promise",
        "Overdue now",
        "Too soon#",
    ];
    let mut table = Table::new("How contact was kept up", &names);
    for standard in super::standards::sorted(report) {
        let Some(kept) = &standard.cadence else { continue };
        let gaps = &kept.gaps;
        let place =
            standard.touchpoint.as_deref().map_or("the whole journey", |id| columns.title(id));
        table.push(vec![
            Cell::Both(standard.text.clone(), format!("{place} · {}", standard.id)),
            Cell::Both(share(&kept.adherence), format!("{} customers", count(kept.customers))),
            Cell::Share(kept.beats.clone(), None),
            Cell::Both(median(&gaps.median_s), format!("promised {}", duration(kept.promised_s))),
            Cell::Both(
                share(&gaps.within_promise),
                format!("{} ended, {} not", count(gaps.ended), count(gaps.not_ended)),
            ),
            Cell::Share(kept.overdue_now.clone(), None),
            standard.too_soon.map_or(Cell::Nothing, |gaps| Cell::number(count(gaps))),
        ]);
    }
    table
}

fn share(estimate: &Estimate) -> String {
    let Some(value) = estimate.value else { return "–".to_owned() };
    let interval = percent_interval(estimate.low, estimate.high);
    format!("{}{}", percent(value), interval.map(|it| format!(" [{it}]")).unwrap_or_default())
}

fn median(estimate: &Estimate) -> String {
    let limit = |limit: Option<f64>| limit.map_or("not reached".to_owned(), duration);
    match (estimate.value, estimate.low.or(estimate.high)) {
        (None, _) => "not reached".to_owned(),
        (Some(value), None) => duration(value),
        (Some(value), Some(_)) => {
            format!("{} [{} to {}]", duration(value), limit(estimate.low), limit(estimate.high))
        }
    }
}

/// Walks without a defect, as seen and as the standards would give by themselves, in a sentence.
pub(in crate::render) fn yields(report: &Report) -> Option<String> {
    let yields = report.defects.as_ref()?.yields.as_ref()?;
    let seen = yields.first_pass.share?;
    let interval =
        |low, high| percent_interval(low, high).map(|it| format!(" [{it}]")).unwrap_or_default();
    let (first, rolled) = (&yields.first_pass, &yields.rolled);
    let is_below = |low: Option<f64>, high: Option<f64>| low.zip(high).is_some_and(|(a, b)| a < b);
    let together = yields.dependence_ratio.map_or(String::new(), |ratio| {
        let says = match () {
            () if is_below(rolled.high, first.low) => "defects come together, in the same walks",
            () if is_below(first.high, rolled.low) => "a walk with one defect has fewer others",
            () => "it is not shown that defects know of each other",
        };
        format!(" Seen over rolled is {}: {says}.", plain(ratio))
    });
    Some(format!(
        "{}{} of {} walks came through without any broken check (first-pass yield); {} of them had one. If the {} standards broke \
         independently it would be {}{} (rolled throughput yield).{together}",
        percent(seen),
        interval(first.low, first.high),
        count(first.n),
        count(complement(first).k),
        count(yields.standards),
        rolled.value.map_or("–".to_owned(), percent),
        interval(rolled.low, rolled.high)
    ))
}

/// What may be said of leaving, for each standard that is listed as defective.
pub(in crate::render) fn sentences(report: &Report) -> Vec<(String, String)> {
    let listed = costs(report).filter(|(standard, _)| standard.listed);
    let said = listed.filter_map(|(standard, cost)| {
        Some((standard.text.trim_end_matches('.').to_owned(), cost.money.as_ref()?.says.clone()))
    });
    said.collect()
}
