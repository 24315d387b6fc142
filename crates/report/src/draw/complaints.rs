//! Complaints for each hundred walks, over time, with the numbers as a table.

use super::column::Columns;
use super::line::{self, Dot, Line};
use super::number::{self, count, decimal, signed};
use super::table::{Cell, Table};
use super::trend::{chance, joined, level_changed, levels};
use super::{Style, Svg};
use crate::document::{Change, ComplaintTrend, Limits};

const UNIT: &str = " per 100 walks";

pub(super) fn draw(
    columns: &Columns<'_>,
    trend: &ComplaintTrend,
    (number, style): (usize, &Style),
) -> Svg {
    let dots = trend.points.iter().map(|point| Dot {
        from: &point.from,
        n: point.n,
        value: point.value,
        low: point.low,
        high: point.high,
        signals: &point.signals,
        is_baseline: point.in_baseline && trend.limits == Limits::Frozen,
    });
    let line = Line {
        title: title(columns, trend),
        said: said(trend),
        period: &trend.period,
        write: &in_hundred,
        centre: trend.centre,
        promise: None,
        dots: dots.collect(),
        changes: &trend.changes,
    };
    line::draw(&line, &format!("complaints-{number}"), style, table(columns, trend))
}

pub(crate) fn title(columns: &Columns<'_>, trend: &ComplaintTrend) -> String {
    let about = columns.about(trend.touchpoint.as_deref());
    format!("{about}: complaints per 100 walks by {}", trend.period)
}

pub(crate) fn said(trend: &ComplaintTrend) -> String {
    let signals = trend.points.iter().filter(|point| !point.signals.is_empty()).count();
    let said = levels(&trend.changes, size).unwrap_or_else(|| chance(signals));
    match trend.limits {
        Limits::Frozen => said,
        Limits::Provisional => format!("{said} (limits provisional)"),
    }
}

/// Complaints per walk as complaints per hundred.
pub(crate) fn in_hundred(rate: f64) -> String {
    decimal(100.0 * rate, 1)
}

fn size(change: &Change) -> String {
    format!("{}{UNIT}", signed(100.0 * change.size.value.unwrap_or_default(), 1))
}

/// The numbers of one trend.
pub(crate) fn table(columns: &Columns<'_>, trend: &ComplaintTrend) -> Table {
    let names = ["From", "Complaints#", "Per 100 walks#", "n#", "Limits of chance", "Says"];
    let mut table = Table::new(title(columns, trend), &names);
    for point in &trend.points {
        let changed = level_changed(&trend.changes, &point.from, (100.0, 1, UNIT));
        let baseline = point.in_baseline && trend.limits == Limits::Frozen;
        let baseline = baseline.then(|| "sets the limits".to_owned());
        let says = changed.into_iter().chain(point.signals.iter().cloned()).chain(baseline);
        let limits = point.low.zip(point.high);
        table.push(vec![
            Cell::words(&point.from),
            Cell::number(count(point.complaints)),
            point.value.map_or(Cell::Nothing, |value| Cell::number(in_hundred(value))),
            Cell::number(number::count(point.n)),
            limits.map_or(Cell::Nothing, |(low, high)| {
                Cell::Words(format!("[{}, {}]", in_hundred(low), in_hundred(high)))
            }),
            joined(says.collect()),
        ]);
    }
    table
}
