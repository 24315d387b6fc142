//! A series over time, with the limits that tell chance from change.
//!
//! The band is what chance does, period by period; a point that breaks a run rule is a filled triangle, so that colour is not
//! needed to see it. A hollow point helped to set the limits and is not judged. Where the level changed an upright line stands,
//! with the level before and after as a step.

use super::canvas::{Canvas, Paint, Rect, Words};
use super::markup::px;
use super::number;
use super::palette::Colour;
use super::wrap::Face;
use super::{Style, Svg, Table};
use crate::document::Change;

const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 40.0;
const HEIGHT: f64 = 150.0;
const BOTTOM: f64 = 30.0;
const WIDEST: f64 = 1100.0;

const TITLE: Words = Words::new(Face::new(13.0, 600), Colour::Ink);
const SMALL: Words = Words::new(Face::new(11.0, 400), Colour::Muted);

/// What is drawn.
pub(super) struct Line<'a> {
    pub(super) title: String,
    /// What the chart says in one breath.
    pub(super) said: String,
    pub(super) period: &'a str,
    /// How a value is written.
    pub(super) write: &'a dyn Fn(f64) -> String,
    pub(super) centre: Option<f64>,
    /// What was promised.
    pub(super) promise: Option<f64>,
    pub(super) dots: Vec<Dot<'a>>,
    pub(super) changes: &'a [Change],
}

/// One period.
pub(super) struct Dot<'a> {
    pub(super) from: &'a str,
    pub(super) n: u64,
    pub(super) value: Option<f64>,
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    pub(super) signals: &'a [String],
    /// It is not judged.
    pub(super) is_baseline: bool,
}

pub(super) fn draw(line: &Line<'_>, id: &str, style: &Style, table: Table) -> Svg {
    let frame = Frame::of(style);
    let mut canvas = frame.canvas(style, &line.title, &line.said);
    let values = line.dots.iter().flat_map(|it| [it.value, it.low, it.high]).flatten();
    let plot = Plot::around(values.chain(line.promise), line.dots.len(), frame.width);
    plot.limits(&mut canvas, line);
    plot.levels(&mut canvas, line);
    plot.values(&mut canvas, line);
    plot.axis(&mut canvas, line.dots.iter().map(|dot| dot.from));
    let summary = format!(
        "{} {}s from {}; {}. The table after the drawing holds the numbers.",
        line.dots.len(),
        line.period,
        line.dots.first().map_or("", |dot| dot.from),
        line.said
    );
    let size = (frame.width, frame.height);
    let markup = canvas.finish(size, id, (&line.title, &summary));
    Svg { markup, width: size.0, height: size.1, lanes: None, table }
}

/// What every chart over time looks like from outside.
pub(super) struct Frame {
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Frame {
    pub(super) fn of(style: &Style) -> Self {
        Self { width: style.width.clamp(560.0, WIDEST), height: TOP + HEIGHT + BOTTOM }
    }

    /// The ground, with a title and what the chart says.
    pub(super) fn canvas(&self, style: &Style, title: &str, said: &str) -> Canvas {
        let mut canvas = Canvas::new(style.theme);
        let ground = Rect::new(0.0, 0.0, self.width, self.height);
        canvas.rect(ground, Paint::fill(Colour::Surface));
        let said = SMALL.face().shorten(said, 300.0);
        let room = self.width - LEFT - RIGHT - 310.0;
        canvas.text((LEFT, 20.0), TITLE, &TITLE.face().shorten(title, room));
        canvas.text((self.width - RIGHT, 20.0), SMALL.right(), &said);
        canvas
    }
}

/// Periods to the right, values upwards.
pub(super) struct Plot {
    area: Rect,
    /// Values at the lower and the upper edge.
    span: (f64, f64),
    n: usize,
}

impl Plot {
    /// Room for these values in so many periods.
    pub(super) fn around(values: impl Iterator<Item = f64>, n: usize, width: f64) -> Self {
        let ends = values.fold(None, |ends: Option<(f64, f64)>, it| {
            Some(ends.map_or((it, it), |(low, high)| (low.min(it), high.max(it))))
        });
        let (low, high) = ends.unwrap_or((0.0, 1.0));
        let room = ((high - low) * 0.08).max(1e-6);
        let area = Rect::new(LEFT, TOP, width - LEFT - RIGHT, HEIGHT);
        Self { area, span: (low - room, high + room), n: n.max(1) }
    }

    /// The middle of a period.
    pub(super) fn x(&self, place: usize) -> f64 {
        self.area.x + (place as f64 + 0.5) / self.n as f64 * self.area.width
    }

    /// Where a period begins.
    pub(super) fn edge(&self, place: usize) -> f64 {
        self.area.x + place as f64 / self.n as f64 * self.area.width
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        let share = (value - self.span.0) / (self.span.1 - self.span.0);
        self.area.y + (1.0 - share.clamp(0.0, 1.0)) * self.area.height
    }

    /// A line through the middle of periods whose neighbours have values.
    pub(super) fn course(&self, canvas: &mut Canvas, values: &[Option<f64>], paint: Paint) {
        for (at, two) in values.windows(2).enumerate() {
            if let [Some(a), Some(b)] = two {
                canvas.line((self.x(at), self.y(*a)), (self.x(at + 1), self.y(*b)), paint);
            }
        }
    }

    /// From the top to the bottom, where a period begins.
    pub(super) fn upright(&self, canvas: &mut Canvas, place: usize, paint: Paint) {
        let x = self.edge(place);
        canvas.line((x, TOP), (x, TOP + HEIGHT), paint);
    }

    /// A value at the left edge.
    pub(super) fn label(&self, canvas: &mut Canvas, value: f64, written: &str) {
        canvas.text((self.area.x - 8.0, self.y(value) + 4.0), SMALL.right(), written);
    }

    pub(super) fn axis<'a>(&self, canvas: &mut Canvas, from: impl Iterator<Item = &'a str>) {
        let step = self.n.div_ceil(9).max(1);
        let y = TOP + HEIGHT + 18.0;
        for (at, from) in from.enumerate().step_by(step) {
            canvas.text((self.x(at), y), SMALL.centred(), from);
        }
    }

    fn limits(&self, canvas: &mut Canvas, line: &Line<'_>) {
        let known = line.dots.iter().enumerate();
        let known = known.filter_map(|(at, dot)| Some((at, dot.low?, dot.high?)));
        let known: Vec<(usize, f64, f64)> = known.collect();
        // A hole in the series is a hole in the band.
        for run in known.chunk_by(|a, b| b.0 == a.0 + 1) {
            let steps = |(at, low, high): &(usize, f64, f64), is_top: bool| {
                let y = px(self.y(if is_top { *high } else { *low }));
                (px(self.edge(*at)), px(self.edge(at + 1)), y)
            };
            let mut d = String::new();
            for (left, right, y) in run.iter().map(|step| steps(step, true)) {
                d.push_str(&format!("{}{left} {y}H{right}", if d.is_empty() { 'M' } else { 'L' }));
            }
            for (left, right, y) in run.iter().rev().map(|step| steps(step, false)) {
                d.push_str(&format!("L{right} {y}H{left}"));
            }
            d.push('Z');
            canvas.path(&d, Paint::fill(Colour::Card).outline(Colour::Line, 1.0));
        }
        if let Some((_, low, high)) = known.first() {
            self.label(canvas, *high, &(line.write)(*high));
            if self.y(*low) - self.y(*high) > 12.0 {
                self.label(canvas, *low, &(line.write)(*low));
            }
        }
    }

    fn levels(&self, canvas: &mut Canvas, line: &Line<'_>) {
        if let Some(promise) = line.promise {
            let y = self.y(promise);
            let ends = ((self.area.x, y), (self.area.x + self.area.width, y));
            canvas.line(ends.0, ends.1, Paint::stroke(Colour::Positive3, 1.4).dash("2 3"));
            let words = format!("promised {}", (line.write)(promise));
            canvas.text((ends.1.0, y - 4.0), SMALL.right().halo(), &words);
        }
        let mut levels: Vec<(usize, f64)> = Vec::new();
        match (line.changes.first(), line.centre) {
            (Some(first), _) => levels.push((0, first.before)),
            (None, Some(centre)) => levels.push((0, centre)),
            (None, None) => {}
        }
        let place = |day: &str| line.dots.iter().position(|dot| dot.from == day);
        levels.extend(line.changes.iter().filter_map(|it| Some((place(&it.at)?, it.after))));
        let dashed = Paint::stroke(Colour::Strong, 1.2).dash("5 4");
        for (i, (from, level)) in levels.iter().enumerate() {
            let to = levels.get(i + 1).map_or(self.n, |next| next.0);
            let y = self.y(*level);
            canvas.line((self.edge(*from), y), (self.edge(to), y), dashed);
            if *from > 0 {
                self.upright(canvas, *from, Paint::stroke(Colour::Depart, 1.4));
            }
        }
    }

    fn values(&self, canvas: &mut Canvas, line: &Line<'_>) {
        let values: Vec<Option<f64>> = line.dots.iter().map(|dot| dot.value).collect();
        self.course(canvas, &values, Paint::stroke(Colour::Accent, 1.6));
        for (at, dot) in line.dots.iter().enumerate() {
            let Some(value) = dot.value else { continue };
            let (x, y) = (self.x(at), self.y(value));
            let mut sentence =
                format!("{}: {}, {}", dot.from, (line.write)(value), number::n(dot.n));
            for signal in dot.signals {
                sentence.push_str(&format!("; {signal}"));
            }
            canvas.group(&[("data-from", dot.from)], Some(&sentence), |canvas| {
                if !dot.signals.is_empty() {
                    let [left, right, up, down] = [x - 6.0, x + 6.0, y - 6.5, y + 5.0].map(px);
                    let d = format!("M{left} {down}L{} {up}L{right} {down}Z", px(x));
                    canvas.path(&d, Paint::fill(Colour::Depart).outline(Colour::Surface, 1.0));
                } else if dot.is_baseline {
                    let hollow = Paint::fill(Colour::Surface).outline(Colour::Accent, 1.4);
                    canvas.circle((x, y), 3.0, hollow);
                } else {
                    canvas.circle((x, y), 3.0, Paint::fill(Colour::Accent));
                }
            });
        }
    }
}
