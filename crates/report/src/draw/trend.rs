//! A score over time, with the limits that tell chance from change.
//!
//! The band is what chance does; a point that breaks a run rule is a filled triangle, so that colour is not needed to see it.
//! Where the level changed an upright line stands, with the level before and after as a step.

use super::canvas::{Canvas, Paint, Rect, Words};
use super::column::Columns;
use super::markup::px;
use super::number::{self, count, score, signed};
use super::palette::Colour;
use super::table::{Cell, Table};
use super::wrap::Face;
use super::{Style, Svg};
use crate::document::{Trend, TrendPoint};

const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 40.0;
const HEIGHT: f64 = 150.0;
const BOTTOM: f64 = 30.0;
const WIDEST: f64 = 1100.0;

const TITLE: Words = Words::new(Face::new(13.0, 600), Colour::Ink);
const SMALL: Words = Words::new(Face::new(11.0, 400), Colour::Muted);

pub(super) fn draw(columns: &Columns<'_>, trend: &Trend, (number, style): (usize, &Style)) -> Svg {
    let width = style.width.clamp(560.0, WIDEST);
    let height = TOP + HEIGHT + BOTTOM;
    let mut canvas = Canvas::new(style.theme);
    canvas.rect(Rect::new(0.0, 0.0, width, height), Paint::fill(Colour::Surface));
    let title = title(columns, trend);
    canvas.text((LEFT, 20.0), TITLE, &TITLE.face().shorten(&title, width - LEFT - RIGHT - 230.0));
    canvas.text((width - RIGHT, 20.0), SMALL.right(), &said(trend));
    let plot = Plot::around(trend, width);
    plot.limits(&mut canvas, trend);
    plot.values(&mut canvas, trend);
    plot.axis(&mut canvas, trend);
    let summary = format!(
        "{} {}s from {}; {}. The table after the drawing holds the numbers.",
        trend.points.len(),
        trend.period,
        trend.points.first().map_or("", |point| point.from.as_str()),
        said(trend)
    );
    let id = format!("trend-{number}");
    let markup = canvas.finish((width, height), &id, (&title, &summary));
    Svg { markup, width, height, lanes: None, table: table(columns, trend) }
}

fn title(columns: &Columns<'_>, trend: &Trend) -> String {
    let about = trend.touchpoint.as_deref();
    let about = about.map_or("The whole journey", |id| {
        columns.all.iter().find(|column| column.id == id).map_or("", |column| column.title)
    });
    format!("{about}: {} by {}", trend.question, trend.period)
}

/// What the chart says in one breath.
fn said(trend: &Trend) -> String {
    let signals = trend.points.iter().filter(|point| !point.signals.is_empty()).count();
    match (trend.changes.as_slice(), signals) {
        ([], 0) => "nothing but chance is shown".to_owned(),
        ([], n) => number::plural(n, "period is more than chance", "periods are more than chance"),
        ([one], _) => format!(
            "level changed on {}, by {}",
            one.at,
            signed(one.size.value.unwrap_or_default(), 2)
        ),
        (many, _) => {
            format!("level changed {} times, last on {}", many.len(), many[many.len() - 1].at)
        }
    }
}

/// The numbers of a trend.
pub(crate) fn table(columns: &Columns<'_>, trend: &Trend) -> Table {
    let names = ["From", "Score#", "n#", "Limits of chance", "Says"];
    let mut table = Table::new(title(columns, trend), &names);
    for point in &trend.points {
        let change = trend.changes.iter().find(|change| change.at == point.from);
        let changed = change.map(|change| {
            let size = signed(change.size.value.unwrap_or_default(), 2);
            let interval =
                change.size.low.zip(change.size.high).map_or(String::new(), |(low, high)| {
                    format!(" [{} to {}]", signed(low, 2), signed(high, 2))
                });
            format!("level changed by {size}{interval}")
        });
        let says: Vec<String> = changed.into_iter().chain(point.signals.iter().cloned()).collect();
        table.push(vec![
            Cell::words(&point.from),
            point.value.map_or(Cell::Nothing, |value| Cell::number(score(&trend.question, value))),
            Cell::number(count(point.n)),
            number::score_interval(&trend.question, point.low, point.high)
                .map_or(Cell::Nothing, Cell::Words),
            if says.is_empty() { Cell::Nothing } else { Cell::Words(says.join("; ")) },
        ]);
    }
    table
}

struct Plot {
    area: Rect,
    /// Values at the lower and the upper edge.
    span: (f64, f64),
    n: usize,
}

impl Plot {
    fn around(trend: &Trend, width: f64) -> Self {
        let all = trend.points.iter().flat_map(|it| [it.value, it.low, it.high]).flatten();
        let (low, high) =
            all.fold((f64::MAX, f64::MIN), |ends, it| (ends.0.min(it), ends.1.max(it)));
        let room = ((high - low) * 0.08).max(1e-6);
        Self {
            area: Rect::new(LEFT, TOP, width - LEFT - RIGHT, HEIGHT),
            span: (low - room, high + room),
            n: trend.points.len(),
        }
    }

    fn x(&self, place: usize) -> f64 {
        self.area.x + (place as f64 + 0.5) / self.n as f64 * self.area.width
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.span.0) / (self.span.1 - self.span.0);
        self.area.y + (1.0 - share.clamp(0.0, 1.0)) * self.area.height
    }

    fn limits(&self, canvas: &mut Canvas, trend: &Trend) {
        let Some(point) = trend.points.first() else { return };
        let Rect { x, width, .. } = self.area;
        if let (Some(low), Some(high)) = (point.low, point.high) {
            let (top, bottom) = (self.y(high), self.y(low));
            canvas.rect(Rect::new(x, top, width, bottom - top), Paint::fill(Colour::Card));
            for (limit, at) in [(high, top), (low, bottom)] {
                canvas.line((x, at), (x + width, at), Paint::stroke(Colour::Line, 1.0));
                canvas.text((x - 8.0, at + 4.0), SMALL.right(), &score(&trend.question, limit));
            }
        }
        let mut levels: Vec<(usize, f64)> = Vec::new();
        match (trend.changes.first(), trend.centre) {
            (Some(first), _) => levels.push((0, first.before)),
            (None, Some(centre)) => levels.push((0, centre)),
            (None, None) => {}
        }
        let place = |day: &str| trend.points.iter().position(|point| point.from == day);
        levels.extend(trend.changes.iter().filter_map(|it| Some((place(&it.at)?, it.after))));
        let dashed = Paint::stroke(Colour::Strong, 1.2).dash("5 4");
        for (i, (from, level)) in levels.iter().enumerate() {
            let to = levels.get(i + 1).map_or(self.n, |next| next.0);
            let edge = |place: usize| x + place as f64 / self.n as f64 * width;
            canvas.line((edge(*from), self.y(*level)), (edge(to), self.y(*level)), dashed);
            if *from > 0 {
                let solid = Paint::stroke(Colour::Depart, 1.4);
                canvas.line((edge(*from), TOP), (edge(*from), TOP + HEIGHT), solid);
            }
        }
    }

    fn values(&self, canvas: &mut Canvas, trend: &Trend) {
        for two in trend.points.windows(2).enumerate() {
            if let (at, [TrendPoint { value: Some(a), .. }, TrendPoint { value: Some(b), .. }]) =
                two
            {
                let line = Paint::stroke(Colour::Accent, 1.6);
                canvas.line((self.x(at), self.y(*a)), (self.x(at + 1), self.y(*b)), line);
            }
        }
        for (at, point) in trend.points.iter().enumerate() {
            let Some(value) = point.value else { continue };
            let (x, y) = (self.x(at), self.y(value));
            let sentence = format!(
                "{}: {}, {}{}",
                point.from,
                score(&trend.question, value),
                number::n(point.n),
                if point.signals.is_empty() {
                    String::new()
                } else {
                    format!("; {}", point.signals.join("; "))
                }
            );
            canvas.group(&[("data-from", point.from.as_str())], Some(&sentence), |canvas| {
                if point.signals.is_empty() {
                    canvas.circle((x, y), 3.0, Paint::fill(Colour::Accent));
                } else {
                    let [left, right, up, down] = [x - 6.0, x + 6.0, y - 6.5, y + 5.0].map(px);
                    let d = format!("M{left} {down}L{} {up}L{right} {down}Z", px(x));
                    canvas.path(&d, Paint::fill(Colour::Depart).outline(Colour::Surface, 1.0));
                }
            });
        }
    }

    fn axis(&self, canvas: &mut Canvas, trend: &Trend) {
        let step = self.n.div_ceil(9).max(1);
        let y = TOP + HEIGHT + 18.0;
        for (at, point) in trend.points.iter().enumerate().step_by(step) {
            canvas.text((self.x(at), y), SMALL.centred(), &point.from);
        }
    }
}
