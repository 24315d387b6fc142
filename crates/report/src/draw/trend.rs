//! Scores over time, and kept shares of standards over time, each with its numbers as a table.

use super::column::Columns;
use super::line::{self, Dot, Line};
use super::number::{self, count, percent, score, signed};
use super::table::{Cell, Table};
use super::{Style, Svg};
use crate::document::{Change, KeptTrend, Limits, Report, Trend};

pub(super) fn draw(columns: &Columns<'_>, trend: &Trend, (number, style): (usize, &Style)) -> Svg {
    let write = |value: f64| score(&trend.question, value);
    let dots = trend.points.iter().map(|point| Dot {
        from: &point.from,
        n: point.n,
        value: point.value,
        low: point.low,
        high: point.high,
        signals: &point.signals,
        is_baseline: false,
    });
    let line = Line {
        title: title(columns, trend),
        said: said(trend),
        period: &trend.period,
        write: &write,
        centre: trend.centre,
        promise: None,
        dots: dots.collect(),
        changes: &trend.changes,
    };
    line::draw(&line, &format!("trend-{number}"), style, table(columns, trend))
}

pub(super) fn draw_kept(
    report: &Report,
    trend: &KeptTrend,
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
    let standard = report.standards.iter().find(|standard| standard.id == trend.standard);
    let line = Line {
        title: kept_title(report, trend),
        said: kept_said(trend),
        period: &trend.period,
        write: &percent,
        centre: trend.centre,
        promise: standard.map(|standard| standard.promise - standard.tolerance),
        dots: dots.collect(),
        changes: &trend.changes,
    };
    line::draw(&line, &format!("kept-{number}"), style, kept_table(report, trend))
}

pub(crate) fn title(columns: &Columns<'_>, trend: &Trend) -> String {
    let about = columns.about(trend.touchpoint.as_deref());
    format!("{about}: {} by {}", trend.question, trend.period)
}

pub(crate) fn kept_title(report: &Report, trend: &KeptTrend) -> String {
    let standard = report.standards.iter().find(|standard| standard.id == trend.standard);
    let text = standard.map_or(trend.standard.as_str(), |standard| &standard.text);
    format!("{text}: kept by {}", trend.period)
}

/// What the chart says in one breath.
pub(crate) fn said(trend: &Trend) -> String {
    let signals = trend.points.iter().filter(|point| !point.signals.is_empty()).count();
    let drifts =
        trend.drift.iter().flat_map(|drift| &drift.points).find(|point| point.out || point.adds_up);
    let size = |change: &Change| signed(change.size.value.unwrap_or_default(), 2);
    match (levels(&trend.changes, size), drifts, signals) {
        (Some(levels), ..) => levels,
        (None, Some(point), _) => format!("drifts since {} at the latest", point.from),
        (None, None, n) => chance(n),
    }
}

pub(crate) fn kept_said(trend: &KeptTrend) -> String {
    let signals = trend.points.iter().filter(|point| !point.signals.is_empty()).count();
    let said = levels(&trend.changes, in_points).unwrap_or_else(|| chance(signals));
    match trend.limits {
        Limits::Frozen => said,
        Limits::Provisional => format!("{said} (limits provisional)"),
    }
}

/// A change of a share, in percentage points.
fn in_points(change: &Change) -> String {
    format!("{} points", signed(100.0 * change.size.value.unwrap_or_default(), 1))
}

pub(super) fn levels(changes: &[Change], size: impl Fn(&Change) -> String) -> Option<String> {
    match changes {
        [] => None,
        [one] => Some(format!("level changed on {}, by {}", one.at, size(one))),
        many => {
            let last = &many[many.len() - 1];
            Some(format!("level changed {} times, last on {}", many.len(), last.at))
        }
    }
}

/// What a table says of the period in which the level changed, in so many parts of one, digits, and a unit.
pub(super) fn level_changed(
    changes: &[Change],
    from: &str,
    (parts, digits, unit): (f64, usize, &str),
) -> Option<String> {
    let size = &changes.iter().find(|change| change.at == from)?.size;
    let write = |value: f64| signed(parts * value, digits);
    let interval = size
        .low
        .zip(size.high)
        .map_or(String::new(), |(low, high)| format!(" [{} to {}]", write(low), write(high)));
    Some(format!("level changed by {}{unit}{interval}", write(size.value.unwrap_or_default())))
}

pub(super) fn chance(signals: usize) -> String {
    match signals {
        0 => "nothing but chance is shown".to_owned(),
        n => number::plural(n, "period is more than chance", "periods are more than chance"),
    }
}

/// The numbers of a trend.
pub(crate) fn table(columns: &Columns<'_>, trend: &Trend) -> Table {
    let names = ["From", "Score#", "n#", "Limits of chance", "Says"];
    let mut table = Table::new(title(columns, trend), &names);
    for point in &trend.points {
        let changed = level_changed(&trend.changes, &point.from, (1.0, 2, ""));
        let drift = trend.drift.iter().flat_map(|drift| &drift.points);
        let drift = drift.filter(|drift| drift.out && drift.from == point.from);
        let drift = drift.map(|drift| {
            let errors = signed(drift.value.unwrap_or_default(), 1);
            format!("average of the last periods {errors} standard errors off")
        });
        let sums = trend.drift.iter().flat_map(|drift| &drift.points);
        let sums = sums.filter(|drift| drift.adds_up && drift.from == point.from);
        let sums = sums.map(|drift| {
            let farther = [drift.above, drift.below].into_iter().flatten();
            let farther = farther.max_by(|a, b| a.abs().total_cmp(&b.abs()));
            let sum = signed(farther.unwrap_or_default(), 1);
            format!("differences add up to {sum} standard errors")
        });
        let says =
            changed.into_iter().chain(point.signals.iter().cloned()).chain(drift).chain(sums);
        table.push(vec![
            Cell::words(&point.from),
            point.value.map_or(Cell::Nothing, |value| Cell::number(score(&trend.question, value))),
            Cell::number(count(point.n)),
            number::score_interval(&trend.question, point.low, point.high)
                .map_or(Cell::Nothing, Cell::Words),
            joined(says.collect()),
        ]);
    }
    table
}

/// The numbers of a standard over time.
pub(crate) fn kept_table(report: &Report, trend: &KeptTrend) -> Table {
    let names = ["From", "Kept", "Pending#", "Limits of chance", "Says"];
    let mut table = Table::new(kept_title(report, trend), &names);
    for point in &trend.points {
        let changed = level_changed(&trend.changes, &point.from, (100.0, 1, " points"));
        let baseline = point.in_baseline && trend.limits == Limits::Frozen;
        let baseline = baseline.then(|| "sets the limits".to_owned());
        let says = changed.into_iter().chain(point.signals.iter().cloned()).chain(baseline);
        let kept = match point.value {
            Some(_) => Cell::Words(number::share(&number::share_of(point.kept, point.n))),
            None => Cell::Words(number::n(point.n)),
        };
        table.push(vec![
            Cell::words(&point.from),
            kept,
            Cell::number(count(point.pending)),
            number::percent_interval(point.low, point.high).map_or(Cell::Nothing, Cell::Words),
            joined(says.collect()),
        ]);
    }
    table
}

pub(super) fn joined(says: Vec<String>) -> Cell {
    if says.is_empty() { Cell::Nothing } else { Cell::Words(says.join("; ")) }
}
