//! Importance against performance: every touchpoint a box as wide and high as its intervals.
//!
//! The lines of the crosshair stand at the means; a box that crosses one is drawn hollow, because its quadrant may be
//! another. Quadrants are named in words, and colour only repeats what place and words say.

use super::canvas::{Canvas, Paint, Rect, Words};
use super::column::Columns;
use super::number::{count, percent, percent_interval, score_sentence};
use super::palette::Colour;
use super::table::{Cell, Table};
use super::wrap::Face;
use super::{Style, Svg};
use crate::document::{Drivers, Estimate, Quadrant};

const LEFT: f64 = 64.0;
const TOP: f64 = 34.0;
const HEIGHT: f64 = 460.0;
const BOTTOM: f64 = 46.0;
const WIDEST: f64 = 980.0;

const NAME: Words = Words::new(Face::new(12.0, 600), Colour::Ink).halo();
const SMALL: Words = Words::new(Face::new(11.0, 400), Colour::Muted);
const CORNER: Words = Words::new(Face::new(12.0, 600), Colour::Muted).italic();

/// `None` where no touchpoint has both.
pub(super) fn draw(columns: &Columns<'_>, drivers: &Drivers, style: &Style) -> Option<Svg> {
    let crosshair = drivers.crosshair?;
    let placed: Vec<&Quadrant> =
        drivers.quadrants.iter().filter(|it| it.quadrant.is_some()).collect();
    if placed.is_empty() {
        return None;
    }
    let width = style.width.clamp(640.0, WIDEST);
    let height = TOP + HEIGHT + BOTTOM;
    let plot = Plot::around(&placed, width);
    let mut canvas = Canvas::new(style.theme);
    canvas.rect(Rect::new(0.0, 0.0, width, height), Paint::fill(Colour::Surface));
    plot.frame(&mut canvas, crosshair);
    let mut taken = Vec::new();
    for quadrant in &placed {
        let title = columns.title(&quadrant.touchpoint);
        let keys =
            [("data-touchpoint", quadrant.touchpoint.as_str()), ("data-measure", "importance")];
        canvas.group(&keys, Some(&sentence(title, quadrant)), |canvas| {
            plot.place(canvas, quadrant, title, &mut taken);
        });
    }
    let summary = format!(
        "{} touchpoints by derived importance and by score. The table after the drawing holds the same numbers.",
        placed.len()
    );
    let name = ("Importance against performance", summary.as_str());
    let markup = canvas.finish((width, height), "matrix", name);
    Some(Svg { markup, width, height, lanes: None, table: table(columns, drivers) })
}

/// The numbers behind the drawing, the most important touchpoint first.
pub(super) fn table(columns: &Columns<'_>, drivers: &Drivers) -> Table {
    let names = ["Touchpoint", "Importance to those who meet it", "Score", "Quadrant"];
    let mut table = Table::new("Importance against performance", &names);
    let mut quadrants: Vec<&Quadrant> = drivers.quadrants.iter().collect();
    let importance = |it: &Quadrant| it.importance.value.unwrap_or(-1.0);
    quadrants.sort_by(|a, b| importance(b).total_cmp(&importance(a)));
    for quadrant in quadrants {
        table.push(vec![
            Cell::Both(columns.title(&quadrant.touchpoint).to_owned(), quadrant.question.clone()),
            share(&quadrant.importance),
            Cell::Words(score_sentence(&quadrant.question, &quadrant.score)),
            match &quadrant.quadrant {
                None => Cell::Nothing,
                Some(name) if quadrant.unsure => Cell::Both(
                    in_words(name).to_owned(),
                    "unsure: its intervals cross a line".to_owned(),
                ),
                Some(name) => Cell::words(in_words(name)),
            },
        ]);
    }
    table
}

fn share(estimate: &Estimate) -> Cell {
    match estimate.value {
        None => Cell::Nothing,
        Some(value) => {
            let interval = percent_interval(estimate.low, estimate.high)
                .map(|interval| format!(" [{interval}]"))
                .unwrap_or_default();
            Cell::Words(format!("{}{interval}", percent(value)))
        }
    }
}

fn in_words(quadrant: &str) -> &'static str {
    match quadrant {
        "concentrate_here" => "matters and falls short: begin here",
        "keep_up" => "matters and does well: keep it up",
        "low_priority" => "matters little and falls short",
        _ => "matters little and does well",
    }
}

fn sentence(title: &str, quadrant: &Quadrant) -> String {
    let interval = percent_interval(quadrant.importance.low, quadrant.importance.high);
    format!(
        "{title}: importance {}{}, {} {}; {}{}",
        percent(quadrant.importance.value.unwrap_or_default()),
        interval.map(|interval| format!(" [{interval}]")).unwrap_or_default(),
        quadrant.question,
        score_sentence(&quadrant.question, &quadrant.score),
        quadrant.quadrant.as_deref().map_or("", in_words),
        if quadrant.unsure { ", unsure" } else { "" }
    )
}

/// The area of the drawing, and what its edges stand for.
struct Plot {
    area: Rect,
    /// Performance at the left and the right edge.
    across: (f64, f64),
    /// Importance at the upper edge; the lower one is 0.
    most: f64,
}

impl Plot {
    fn around(placed: &[&Quadrant], width: f64) -> Self {
        let ends = |pick: fn(&Quadrant) -> &Estimate| {
            let limits = placed.iter().flat_map(move |it| {
                let estimate = pick(it);
                [estimate.low.or(estimate.value), estimate.high.or(estimate.value)]
            });
            let limits = limits.flatten();
            limits.fold((f64::MAX, f64::MIN), |ends, limit| (ends.0.min(limit), ends.1.max(limit)))
        };
        let (low, high) = ends(|it| &it.performance);
        let room = ((high - low) * 0.12).max(0.02);
        let most = ends(|it| &it.importance).1.max(0.02) * 1.1;
        Self {
            area: Rect::new(LEFT, TOP, width - LEFT - 20.0, HEIGHT),
            across: ((low - room).max(0.0), (high + room).min(1.0)),
            most,
        }
    }

    fn x(&self, performance: f64) -> f64 {
        let (low, high) = self.across;
        let share = (performance - low) / (high - low).max(f64::MIN_POSITIVE);
        self.area.x + share.clamp(0.0, 1.0) * self.area.width
    }

    fn y(&self, importance: f64) -> f64 {
        let share = (importance / self.most).clamp(0.0, 1.0);
        self.area.y + (1.0 - share) * self.area.height
    }

    fn frame(&self, canvas: &mut Canvas, [importance, performance]: [f64; 2]) {
        let Rect { x, y, width, height } = self.area;
        let (right, bottom) = (x + width, y + height);
        let (line_x, line_y) = (self.x(performance), self.y(importance));
        let begin_here = Rect::new(x, y, line_x - x, line_y - y);
        canvas.rect(begin_here, Paint::fill(Colour::DepartWeak));
        canvas.rect(self.area, Paint::stroke(Colour::Line, 1.0));
        let dashed = Paint::stroke(Colour::Strong, 1.2).dash("5 4");
        canvas.line((line_x, y), (line_x, bottom), dashed);
        canvas.line((x, line_y), (right, line_y), dashed);
        canvas.text((x + 8.0, y + 18.0), CORNER, "begin here");
        canvas.text((right - 8.0, y + 18.0), CORNER.right(), "keep it up");
        canvas.text((x + 8.0, bottom - 8.0), CORNER, "low priority");
        canvas.text((right - 8.0, bottom - 8.0), CORNER.right(), "enough");
        canvas.text(
            (x, y - 12.0),
            SMALL,
            "↑ Importance to those who meet it, share of what is explained, 95% CI",
        );
        canvas.text(
            (right, bottom + 34.0),
            SMALL.right(),
            "Score as a share of its scale, 95% CI →",
        );
        for step in 0..=4 {
            let share = f64::from(step) / 4.0;
            let at = self.across.0 + share * (self.across.1 - self.across.0);
            canvas.text((self.x(at), bottom + 16.0), SMALL.centred(), &percent(at));
            let at = share * self.most;
            canvas.text((x - 8.0, self.y(at) + 4.0), SMALL.right(), &percent(at));
        }
    }

    fn place(&self, canvas: &mut Canvas, it: &Quadrant, title: &str, taken: &mut Vec<Rect>) {
        let (Some(importance), Some(performance)) = (it.importance.value, it.performance.value)
        else {
            return;
        };
        let limit = |estimate: &Estimate, value: f64| {
            (estimate.low.unwrap_or(value), estimate.high.unwrap_or(value))
        };
        let (low, high) = limit(&it.performance, performance);
        let (bottom, top) = limit(&it.importance, importance);
        let (x, y) = (self.x(performance), self.y(importance));
        let ink = if it.quadrant.as_deref() == Some("concentrate_here") {
            Colour::DepartInk
        } else {
            Colour::AccentInk
        };
        canvas.line((self.x(low), y), (self.x(high), y), Paint::stroke(ink, 1.4));
        canvas.line((x, self.y(bottom)), (x, self.y(top)), Paint::stroke(ink, 1.4));
        let dot = if it.unsure { Paint::fill(Colour::Surface) } else { Paint::fill(ink) };
        canvas.circle((x, y), 5.0, dot.outline(ink, 1.6));
        let name = NAME.face().shorten(title, 240.0);
        let (at, words) = self.free((x, y), NAME.face().width(&name), taken);
        canvas.text(at, words, &name);
    }

    /// A place for a name beside its point that no other name has taken: right, left, then further up and down.
    fn free(&self, (x, y): (f64, f64), width: f64, taken: &mut Vec<Rect>) -> ((f64, f64), Words) {
        let right_edge = self.area.x + self.area.width;
        let overlaps = |a: &Rect, b: &Rect| {
            a.x < b.x + b.width
                && b.x < a.x + a.width
                && a.y < b.y + b.height
                && b.y < a.y + a.height
        };
        let sides = [-6.0, 14.0, -22.0, 30.0, -38.0, 46.0]
            .into_iter()
            .flat_map(|dy| [(9.0, dy), (-9.0 - width, dy)]);
        let boxed = |(dx, dy): (f64, f64)| Rect::new(x + dx, y + dy - 11.0, width, 14.0);
        let fits = |place: &Rect| {
            place.x >= self.area.x
                && place.x + place.width <= right_edge
                && place.y >= self.area.y
                && place.y + place.height <= self.area.y + self.area.height
                && !taken.iter().any(|other| overlaps(place, other))
        };
        let place = sides.map(boxed).find(fits).unwrap_or_else(|| boxed((9.0, -6.0)));
        taken.push(place);
        ((place.x, place.y + 11.0), NAME)
    }
}

/// The words under the drawing.
pub(crate) fn caption(drivers: &Drivers) -> String {
    let analysis = &drivers.to_those_who_meet;
    format!(
        "Hollow: an interval crosses a line, so the quadrant is unsure. {} answers to {} of {} customers.",
        count(analysis.n),
        drivers.outcome,
        count(analysis.customers)
    )
}
