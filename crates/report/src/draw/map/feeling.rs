//! The feeling curve: what was assumed against what was measured.
//!
//! Measured feeling comes from one question for the whole map, so that its points can be compared: the answer's scale is
//! stretched onto −2..+2, interval included. Under 30 answers a point is hollow and has no band; under 5 there is none.

use crate::draw::canvas::{Canvas, Paint, Rect};
use crate::draw::column::{Column, Columns, FIRM};
use crate::draw::curve::{band, monotone};
use crate::draw::markup::px;
use crate::draw::number::{count, score_value, signed};
use crate::draw::palette::{Colour, ink_on, sentiment};

use super::{Grid, LANE, Row, SMALL, name};

const HEIGHT: f64 = 168.0;
const TOP: f64 = 22.0;
const RADIUS: f64 = 8.5;

/// A measured feeling on −2..+2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Felt {
    pub(crate) valence: f64,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    pub(crate) n: u64,
}

impl Felt {
    fn is_firm(&self) -> bool {
        self.n >= FIRM && self.low.is_some() && self.high.is_some()
    }

    /// Coloured only where the interval leaves the neutral middle.
    fn colour(&self) -> Colour {
        let leaves_middle =
            self.low.is_some_and(|low| low > 0.0) || self.high.is_some_and(|high| high < 0.0);
        if leaves_middle { sentiment(self.valence) } else { Colour::Neutral }
    }

    pub(crate) fn sentence(&self) -> String {
        let interval = match (self.low, self.high) {
            (Some(low), Some(high)) => format!(" [{} to {}]", signed(low, 2), signed(high, 2)),
            _ => String::new(),
        };
        let tier = if self.n < FIRM { ", too few for more than an indication" } else { "" };
        format!("{}{interval}, n\u{a0}=\u{a0}{}{tier}", signed(self.valence, 2), count(self.n))
    }
}

/// A touchpoint's measured feeling by a question, if at least five answered.
pub(crate) fn feeling(column: &Column<'_>, question: &str) -> Option<Felt> {
    let score = column.score(question)?;
    let [bottom, top] =
        if question == "nps" { [-100.0, 100.0] } else { score.scale.unwrap_or([1.0, 5.0]) };
    let (middle, half) = ((bottom + top) / 2.0, (top - bottom) / 2.0);
    let stretch = |value: f64| {
        if half > 0.0 { ((value - middle) / half * 2.0).clamp(-2.0, 2.0) } else { 0.0 }
    };
    let valence = stretch(score_value(score)?);
    Some(Felt { valence, low: score.low.map(stretch), high: score.high.map(stretch), n: score.n })
}

struct Curve<'a> {
    question: Option<&'static str>,
    points: Vec<Point<'a>>,
}

struct Point<'a> {
    touchpoint: &'a str,
    title: &'a str,
    /// Valence, label and grade.
    assumed: Option<(f64, &'a str)>,
    felt: Option<Felt>,
}

/// Nothing when nobody assumed and nobody answered.
pub(super) fn row<'a>(columns: &'a Columns<'a>) -> Option<Box<dyn Row + 'a>> {
    let question = columns.feeling_question;
    let points: Vec<Point<'a>> = columns
        .all
        .iter()
        .map(|column| Point {
            touchpoint: column.id,
            title: column.title,
            assumed: column
                .design
                .and_then(|d| d.feels.as_ref())
                .map(|f| (f.valence, f.label.as_str())),
            felt: question.and_then(|question| feeling(column, question)),
        })
        .collect();
    let has_any = points.iter().any(|point| point.assumed.is_some() || point.felt.is_some());
    has_any.then(|| Box::new(Curve { question, points }) as Box<dyn Row>)
}

impl Row for Curve<'_> {
    fn height(&self) -> f64 {
        HEIGHT
    }

    fn lane(&self, canvas: &mut Canvas, top: f64) {
        name(canvas, top, "Feeling");
        self.legend(canvas, top);
    }

    fn cells(&self, canvas: &mut Canvas, grid: &Grid, top: f64) {
        for valence in [-2.0, -1.0, 0.0, 1.0, 2.0] {
            let y = height_of(top, valence);
            let (line, label) = if valence == 0.0 {
                (Paint::stroke(Colour::Strong, 1.0).dash("2 3"), "neutral".to_owned())
            } else {
                (Paint::stroke(Colour::Line, 1.0), signed(valence, 0))
            };
            canvas.line((LANE, y), (grid.width(), y), line);
            canvas.text((LANE + 5.0, y - 3.0), SMALL, &label);
        }
        self.bands(canvas, grid, top);
        self.assumed_line(canvas, grid, top);
        self.measured_line(canvas, grid, top);
        for (i, point) in self.points.iter().enumerate() {
            self.mark(canvas, (grid.centre(i), top), point);
        }
    }
}

impl Curve<'_> {
    fn legend(&self, canvas: &mut Canvas, top: f64) {
        let dashed = Paint::stroke(Colour::Strong, 1.5).dash("4 3");
        canvas.line((14.0, top + 40.0), (34.0, top + 40.0), dashed);
        canvas.text((40.0, top + 44.0), SMALL, "Assumed");
        let Some(question) = self.question else {
            let lines = SMALL
                .face()
                .wrap("Not measured: no csat, delight or nps answers here", LANE - 26.0);
            canvas.lines((14.0, top + 66.0), 14.0, SMALL.italic(), &lines);
            return;
        };
        canvas.rect(Rect::new(14.0, top + 53.0, 20.0, 10.0), Paint::fill(Colour::Band));
        canvas.line((14.0, top + 58.0), (34.0, top + 58.0), Paint::stroke(Colour::Accent, 2.0));
        canvas.text((40.0, top + 62.0), SMALL, "Measured");
        canvas.text((40.0, top + 76.0), SMALL, &format!("{question}, 95% CI"));
        canvas.circle(
            (24.0, top + 90.0),
            5.0,
            Paint::fill(Colour::Surface).outline(Colour::Accent, 1.5),
        );
        canvas.text((40.0, top + 94.0), SMALL, "n under 30");
    }

    /// The interval as an area between firm neighbours, as a whisker where a firm point has none.
    fn bands(&self, canvas: &mut Canvas, grid: &Grid, top: f64) {
        for run in runs(&self.points, |point| point.felt) {
            let limits = |limit: fn(&Felt) -> Option<f64>| -> Vec<(f64, f64)> {
                let place = |(i, felt): &(usize, Felt)| {
                    (grid.centre(*i), height_of(top, limit(felt).unwrap_or(felt.valence)))
                };
                run.iter().map(place).collect()
            };
            let (upper, lower) = (limits(|felt| felt.high), limits(|felt| felt.low));
            let is_firm: Vec<bool> = run.iter().map(|(_, felt)| felt.is_firm()).collect();
            for firm in stretches(&is_firm) {
                if firm.len() > 1 {
                    canvas.path(&band(&upper, &lower, firm), Paint::fill(Colour::Band));
                } else if let (Some(high), Some(low)) =
                    (upper.get(firm.start), lower.get(firm.start))
                {
                    canvas.line(*high, *low, Paint::stroke(Colour::Band, 7.0));
                }
            }
        }
    }

    fn assumed_line(&self, canvas: &mut Canvas, grid: &Grid, top: f64) {
        for run in runs(&self.points, |point| point.assumed.map(|(valence, _)| valence)) {
            let points: Vec<_> = run
                .iter()
                .map(|(i, valence)| (grid.centre(*i), height_of(top, *valence)))
                .collect();
            canvas.path(&monotone(&points), Paint::stroke(Colour::Strong, 1.5).dash("5 4"));
        }
    }

    fn measured_line(&self, canvas: &mut Canvas, grid: &Grid, top: f64) {
        for run in runs(&self.points, |point| point.felt) {
            let points: Vec<_> = run
                .iter()
                .map(|(i, felt)| (grid.centre(*i), height_of(top, felt.valence)))
                .collect();
            canvas.path(&monotone(&points), Paint::stroke(Colour::Accent, 2.2));
        }
    }

    fn mark(&self, canvas: &mut Canvas, (x, top): (f64, f64), point: &Point<'_>) {
        let keys = [("data-touchpoint", point.touchpoint), ("data-lane", "Feeling")];
        canvas.group(&keys, Some(&sentence(point)), |canvas| {
            let measured = point.felt.map(|felt| height_of(top, felt.valence));
            if let Some((valence, _)) = point.assumed {
                let y = height_of(top, valence);
                let is_near = measured.is_some_and(|measured| (measured - y).abs() < RADIUS + 6.0);
                if let Some(measured) = measured.filter(|_| !is_near) {
                    let riser = Paint::stroke(Colour::Strong, 1.0).dash("1.5 3");
                    canvas.line((x, y), (x, measured), riser);
                }
                diamond(canvas, (if is_near { x - 17.0 } else { x }, y));
            }
            if let (Some(felt), Some(y)) = (point.felt, measured) {
                face(canvas, (x, y), &felt);
            }
        });
    }
}

fn height_of(top: f64, valence: f64) -> f64 {
    let room = HEIGHT - 2.0 * TOP;
    top + TOP + room * (2.0 - valence.clamp(-2.0, 2.0)) / 4.0
}

fn sentence(point: &Point<'_>) -> String {
    let assumed = match point.assumed {
        Some((valence, label)) => format!("assumed {} ({label})", signed(valence, 2)),
        None => "nothing assumed".to_owned(),
    };
    let measured = point
        .felt
        .map_or("not measured".to_owned(), |felt| format!("measured {}", felt.sentence()));
    format!("{}: {assumed}; {measured}", point.title)
}

fn diamond(canvas: &mut Canvas, (x, y): (f64, f64)) {
    let [left, right, up, down, x, y] = [x - 5.5, x + 5.5, y - 5.5, y + 5.5, x, y].map(px);
    let d = format!("M{x} {up}L{right} {y}L{x} {down}L{left} {y}Z");
    canvas.path(&d, Paint::fill(Colour::Surface).outline(Colour::Strong, 1.4));
}

/// A face says the same as its colour: the mouth bends with the feeling.
fn face(canvas: &mut Canvas, (x, y): (f64, f64), felt: &Felt) {
    let ink = if felt.is_firm() {
        let colour = felt.colour();
        canvas.circle((x, y), RADIUS + 1.2, Paint::fill(Colour::Surface));
        canvas.circle((x, y), RADIUS, Paint::fill(colour));
        ink_on(colour)
    } else {
        canvas.circle((x, y), RADIUS, Paint::fill(Colour::Surface).outline(Colour::Accent, 1.5));
        Colour::Muted
    };
    for side in [-3.0, 3.0] {
        canvas.circle((x + side, y - 2.2), 1.1, Paint::fill(ink));
    }
    let bend = felt.valence.clamp(-2.0, 2.0) * 1.9;
    let mouth = y + 3.4 - bend / 4.0;
    canvas.path(
        &format!("M{:.1} {mouth:.1}Q{x:.1} {:.1} {:.1} {mouth:.1}", x - 3.8, mouth + bend, x + 3.8),
        Paint::stroke(ink, 1.4),
    );
}

/// Where the flags are up, as ranges.
fn stretches(flags: &[bool]) -> Vec<std::ops::Range<usize>> {
    let mut stretches: Vec<std::ops::Range<usize>> = Vec::new();
    for (i, _) in flags.iter().enumerate().filter(|(_, flag)| **flag) {
        match stretches.last_mut() {
            Some(last) if last.end == i => last.end += 1,
            _ => stretches.push(i..i + 1),
        }
    }
    stretches
}

/// Neighbouring points that have a value, with their places.
fn runs<T: Copy>(
    points: &[Point<'_>],
    value: impl Fn(&Point<'_>) -> Option<T>,
) -> Vec<Vec<(usize, T)>> {
    let mut runs: Vec<Vec<(usize, T)>> = vec![Vec::new()];
    for (i, point) in points.iter().enumerate() {
        match (value(point), runs.last_mut()) {
            (Some(value), Some(run)) => run.push((i, value)),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}
