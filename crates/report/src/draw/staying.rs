//! Who is still there: the share of customers without a defect and with it, day by day, each with the band of its interval.
//!
//! The two lines differ in dash and mark as well as in colour, and are named where they end.

use super::canvas::{Canvas, Paint, Rect, Words};
use super::markup::px;
use super::number::{count, percent, percent_interval};
use super::palette::Colour;
use super::table::{Cell, Table};
use super::wrap::Face;
use super::{Style, Svg};
use crate::document::{CurvePoint, Leaving, Standard, StayingCurve};

const LEFT: f64 = 56.0;
const RIGHT: f64 = 150.0;
const TOP: f64 = 44.0;
const HEIGHT: f64 = 210.0;
const BOTTOM: f64 = 44.0;
const WIDEST: f64 = 900.0;

const TITLE: Words = Words::new(Face::new(13.0, 600), Colour::Ink);
const SMALL: Words = Words::new(Face::new(11.0, 400), Colour::Muted);
const NAME: Words = Words::new(Face::new(12.0, 600), Colour::Ink);

/// `None` where there are no steps to draw.
pub(super) fn draw(standard: &Standard, (number, style): (usize, &Style)) -> Option<Svg> {
    let leaving = standard.leaving.as_ref()?;
    if leaving.without.steps.is_empty() || leaving.with.steps.is_empty() {
        return None;
    }
    let width = style.width.clamp(640.0, WIDEST);
    let height = TOP + HEIGHT + BOTTOM;
    let mut canvas = Canvas::new(style.theme);
    canvas.rect(Rect::new(0.0, 0.0, width, height), Paint::fill(Colour::Surface));
    let title = format!("Still there: {}", standard.text.trim_end_matches('.'));
    canvas.text((16.0, 22.0), TITLE, &TITLE.face().shorten(&title, width - 32.0));
    let plot = Plot::around(leaving, width);
    plot.frame(&mut canvas);
    let sides = [(&leaving.without, "without"), (&leaving.with, "with")];
    for (curve, side) in sides {
        plot.band(&mut canvas, curve, side);
    }
    for (curve, side) in sides {
        plot.steps(&mut canvas, curve, side);
    }
    plot.names(&mut canvas, leaving);
    let summary = format!(
        "Share of customers still there by day, {} without the defect and {} from the day on which they met it. The table after the \
         drawing holds the numbers.",
        count(leaving.without.customers),
        count(leaving.with.customers)
    );
    let id = format!("staying-{number}");
    let markup = canvas.finish((width, height), &id, (&title, &summary));
    Some(Svg { markup, width, height, lanes: None, table: table(standard, leaving) })
}

/// Every step of both curves.
fn table(standard: &Standard, leaving: &Leaving) -> Table {
    let caption = format!("Still there, by day: {}", standard.text.trim_end_matches('.'));
    let mut table = Table::new(caption, &["Day#", "Without the defect", "With the defect"]);
    let both = [&leaving.without, &leaving.with];
    let mut days: Vec<u64> =
        both.iter().flat_map(|curve| curve.steps.iter().map(|step| step.day)).collect();
    days.sort_unstable();
    days.dedup();
    for day in days {
        let cell = |curve: &StayingCurve| {
            let step = curve.steps.iter().find(|step| step.day == day);
            step.map_or(Cell::Nothing, |step| Cell::Both(stayed(step), followed(step)))
        };
        table.push(vec![Cell::number(count(day)), cell(&leaving.without), cell(&leaving.with)]);
    }
    table
}

fn stayed(point: &CurvePoint) -> String {
    let interval = percent_interval(point.stayed.low, point.stayed.high);
    let interval = interval.map(|interval| format!(" [{interval}]")).unwrap_or_default();
    format!("{}{interval}", percent(point.stayed.value.unwrap_or_default()))
}

fn followed(point: &CurvePoint) -> String {
    format!("{} followed", count(point.at_risk))
}

struct Plot {
    area: Rect,
    days: u64,
    /// Shares at the lower edge; the upper one is 1.
    least: f64,
}

impl Plot {
    fn around(leaving: &Leaving, width: f64) -> Self {
        let both = || leaving.without.steps.iter().chain(&leaving.with.steps);
        let days = end(&leaving.without).max(end(&leaving.with)).max(1);
        let lows = both().filter_map(|step| step.stayed.low.or(step.stayed.value));
        let low = lows.fold(1.0, f64::min);
        // A scale that begins above 0 would make little of what is left look like nothing.
        let least = if low > 0.8 { 0.5 } else { 0.0 };
        Self { area: Rect::new(LEFT, TOP, width - LEFT - RIGHT, HEIGHT), days, least }
    }

    fn x(&self, day: f64) -> f64 {
        self.area.x + (day / self.days as f64).clamp(0.0, 1.0) * self.area.width
    }

    fn y(&self, share: f64) -> f64 {
        let part = (share - self.least) / (1.0 - self.least);
        self.area.y + (1.0 - part.clamp(0.0, 1.0)) * self.area.height
    }

    fn frame(&self, canvas: &mut Canvas) {
        let Rect { x, width, .. } = self.area;
        for part in 0..=4 {
            let share = self.least + (1.0 - self.least) * f64::from(part) / 4.0;
            let y = self.y(share);
            canvas.line((x, y), (x + width, y), Paint::stroke(Colour::Line, 1.0));
            canvas.text((x - 8.0, y + 4.0), SMALL.right(), &percent(share));
        }
        let bottom = TOP + HEIGHT;
        let step = [1, 7, 14, 30, 60, 91, 182, 365].into_iter().find(|step| self.days / step <= 8);
        let step = step.unwrap_or(365);
        for day in (0..=self.days).step_by(step as usize) {
            canvas.text((self.x(day as f64), bottom + 17.0), SMALL.centred(), &count(day));
        }
        canvas.text((x + width / 2.0, bottom + 34.0), SMALL.centred(), "days");
    }

    /// Between the limits, flat from each step to the next.
    fn band(&self, canvas: &mut Canvas, curve: &StayingCurve, side: &str) {
        let limits: Vec<(f64, f64, f64)> = curve
            .steps
            .iter()
            .filter_map(|step| Some((step.day as f64, step.stayed.low?, step.stayed.high?)))
            .collect();
        let Some((first, ..)) = limits.first() else { return };
        let upper = self.path(limits.iter().map(|(day, _, high)| (*day, *high)), *first);
        let ends = limits.iter().rev().map(|(day, low, _)| (*day, *low));
        // Back along the lower limits: down at a step, then flat to the one before it.
        let lower: Vec<(f64, f64)> = ends.collect();
        let mut last = self.x(end(curve) as f64);
        let highest = limits.last().map_or(1.0, |(_, _, high)| *high);
        let mut d = format!("M{}L{} {}", upper.join("L"), px(last), px(self.y(highest)));
        for (day, low) in lower {
            let y = px(self.y(low));
            d.push_str(&format!("L{} {y}L{} {y}", px(last), px(self.x(day))));
            last = self.x(day);
        }
        d.push('Z');
        canvas.path(&d, Paint::fill(colours(side).1).opacity(0.35));
    }

    fn steps(&self, canvas: &mut Canvas, curve: &StayingCurve, side: &str) {
        let values =
            curve.steps.iter().filter_map(|step| Some((step.day as f64, step.stayed.value?)));
        let mut points = vec![format!("{} {}", px(self.x(0.0)), px(self.y(1.0)))];
        points.extend(self.after((0.0, 1.0), values));
        let last = curve.steps.last().and_then(|step| step.stayed.value).unwrap_or(1.0);
        points.push(format!("{} {}", px(self.x(end(curve) as f64)), px(self.y(last))));
        let line = Paint::stroke(colours(side).0, 2.0);
        let line = if side == "with" { line.dash("7 3") } else { line };
        canvas.path(&format!("M{}", points.join("L")), line);
        for step in &curve.steps {
            let Some(value) = step.stayed.value else { continue };
            let at = (self.x(step.day as f64), self.y(value));
            let sentence = format!(
                "Day {}, {side} the defect: {}, {}",
                count(step.day),
                stayed(step),
                followed(step)
            );
            canvas.group(&[("data-side", side)], Some(&sentence), |canvas| match side {
                "with" => {
                    let [left, right, up, down] =
                        [at.0 - 3.5, at.0 + 3.5, at.1 - 3.5, at.1 + 3.5].map(px);
                    let d = format!("M{left} {down}L{} {up}L{right} {down}Z", px(at.0));
                    canvas.path(&d, Paint::fill(colours(side).0));
                }
                _ => canvas.circle(at, 2.4, Paint::fill(colours(side).0)),
            });
        }
    }

    fn path(&self, values: impl Iterator<Item = (f64, f64)>, first: f64) -> Vec<String> {
        let mut values = values.peekable();
        let begin = values.peek().map_or((first, 1.0), |(day, share)| (*day, *share));
        let mut points = vec![format!("{} {}", px(self.x(begin.0)), px(self.y(begin.1)))];
        points.extend(self.after(begin, values));
        points
    }

    /// Flat up to each step, then down.
    fn after(
        &self,
        (_, before): (f64, f64),
        values: impl Iterator<Item = (f64, f64)>,
    ) -> Vec<String> {
        let mut height = before;
        let mut points = Vec::new();
        for (day, share) in values {
            let x = px(self.x(day));
            points.push(format!("{x} {}", px(self.y(height))));
            points.push(format!("{x} {}", px(self.y(share))));
            height = share;
        }
        points
    }

    /// At the right end of each line, apart from each other.
    fn names(&self, canvas: &mut Canvas, leaving: &Leaving) {
        const APART: f64 = 32.0;
        let height = |curve: &StayingCurve| {
            let value = curve.steps.last().and_then(|step| step.stayed.value);
            self.y(value.unwrap_or(1.0))
        };
        let (without, with) = (height(&leaving.without), height(&leaving.with));
        let push = ((APART - (with - without).abs()) / 2.0).max(0.0);
        let (up, down) = if without <= with { (-push, push) } else { (push, -push) };
        let x = self.area.x + self.area.width + 12.0;
        for (y, curve, words) in [
            (without + up, &leaving.without, "● without"),
            (with + down, &leaving.with, "▲ with the defect"),
        ] {
            let y = y.clamp(TOP + 10.0, TOP + HEIGHT - 16.0);
            canvas.text((x, y), NAME, words);
            let under = format!("{} customers", count(curve.customers));
            canvas.text((x, y + 14.0), SMALL, &under);
        }
    }
}

/// The last day that the curve tells of: flat from its last step on.
fn end(curve: &StayingCurve) -> u64 {
    let days = curve.steps.iter().chain(&curve.points).map(|point| point.day);
    days.max().unwrap_or(0)
}

/// Of the line, and of its band.
fn colours(side: &str) -> (Colour, Colour) {
    match side {
        "with" => (Colour::Depart, Colour::Left),
        _ => (Colour::Accent, Colour::Band),
    }
}
