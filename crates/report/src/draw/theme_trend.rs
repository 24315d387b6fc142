//! A theme over time: month by month the share of those who wrote, with its interval as an upright bar.
//!
//! A month in which fewer than five customers had the theme is withheld: it has a hollow mark on the ground line, so that a
//! gap is seen to be one. Nothing is joined over it.

use super::canvas::{Canvas, Paint, Rect, Words};
use super::number::{self, count, percent, share};
use super::palette::Colour;
use super::table::{Cell, Table};
use super::wrap::Face;
use super::{Style, Svg};
use crate::document::{Theme, ThemeMonth};

const LEFT: f64 = 52.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 40.0;
const HEIGHT: f64 = 110.0;
const BOTTOM: f64 = 30.0;
const NARROWEST: f64 = 340.0;
const WIDEST: f64 = 720.0;
const PER_MONTH: f64 = 44.0;
/// Fewer months with a share are no trend.
const FEWEST: usize = 3;

const TITLE: Words = Words::new(Face::new(13.0, 600), Colour::Ink);
const SMALL: Words = Words::new(Face::new(11.0, 400), Colour::Muted);

/// `None` with fewer than three months that may be told.
pub(super) fn draw(theme: &Theme, (number, style): (usize, &Style)) -> Option<Svg> {
    let told = theme.months.iter().filter(|month| month.customers.is_some()).count();
    if told < FEWEST {
        return None;
    }
    let wanted = LEFT + RIGHT + PER_MONTH * theme.months.len() as f64;
    let width = wanted.clamp(NARROWEST, WIDEST.min(style.width));
    let height = TOP + HEIGHT + BOTTOM;
    let mut canvas = Canvas::new(style.theme);
    canvas.rect(Rect::new(0.0, 0.0, width, height), Paint::fill(Colour::Surface));
    let title = format!("{}: customers among those who wrote", theme.title);
    canvas.text((LEFT, 20.0), TITLE, &TITLE.face().shorten(&title, width - LEFT - RIGHT));
    let plot = Plot::around(&theme.months, width);
    plot.scale(&mut canvas);
    plot.line(&mut canvas, &theme.months);
    plot.months(&mut canvas, &theme.months);
    let summary = format!(
        "{} months from {}, {told} of them told. The table after the drawing holds the numbers.",
        theme.months.len(),
        theme.months.first().map_or("", |month| month.from.as_str())
    );
    let id = format!("theme-{number}");
    let markup = canvas.finish((width, height), &id, (&title, &summary));
    Some(Svg { markup, width, height, lanes: None, table: table(theme) })
}

/// The numbers of a theme, month by month.
pub(crate) fn table(theme: &Theme) -> Table {
    let caption = format!("{}, month by month", theme.title);
    let mut table = Table::new(caption, &["From", "Customers with the theme", "Who wrote#"]);
    for month in &theme.months {
        let few = || Cell::words("under 5 customers");
        table.push(vec![
            Cell::words(&month.from),
            month.customers.clone().map_or(few(), |share| Cell::Share(share, None)),
            Cell::number(count(month.n)),
        ]);
    }
    table
}

struct Plot {
    area: Rect,
    /// The share at the upper edge; the lower one is nobody.
    top: f64,
    n: usize,
}

impl Plot {
    fn around(months: &[ThemeMonth], width: f64) -> Self {
        let shares = months.iter().filter_map(|month| month.customers.as_ref());
        let most = shares.flat_map(|share| [share.share, share.high]).flatten().fold(0.0, f64::max);
        let area = Rect::new(LEFT, TOP, width - LEFT - RIGHT, HEIGHT);
        Self { area, top: (most * 1.05).clamp(0.02, 1.0), n: months.len() }
    }

    fn x(&self, place: usize) -> f64 {
        self.area.x + (place as f64 + 0.5) / self.n.max(1) as f64 * self.area.width
    }

    fn y(&self, share: f64) -> f64 {
        self.area.y + (1.0 - (share / self.top).clamp(0.0, 1.0)) * self.area.height
    }

    fn scale(&self, canvas: &mut Canvas) {
        let Rect { x, width, .. } = self.area;
        for part in [0.0, 0.5, 1.0] {
            let (share, y) = (self.top * part, self.y(self.top * part));
            canvas.line((x, y), (x + width, y), Paint::stroke(Colour::Line, 1.0));
            canvas.text((x - 8.0, y + 4.0), SMALL.right(), &percent(share));
        }
    }

    fn line(&self, canvas: &mut Canvas, months: &[ThemeMonth]) {
        let value = |month: &ThemeMonth| month.customers.as_ref().and_then(|share| share.share);
        for (place, two) in months.windows(2).enumerate() {
            if let Some((a, b)) = value(&two[0]).zip(value(&two[1])) {
                let (from, to) = ((self.x(place), self.y(a)), (self.x(place + 1), self.y(b)));
                canvas.line(from, to, Paint::stroke(Colour::Accent, 1.4));
            }
        }
    }

    fn months(&self, canvas: &mut Canvas, months: &[ThemeMonth]) {
        let step = self.n.div_ceil(6).max(1);
        for (place, month) in months.iter().enumerate() {
            let x = self.x(place);
            if place % step == 0 {
                let day = month.from.get(..7).unwrap_or(&month.from);
                canvas.text((x, TOP + HEIGHT + 18.0), SMALL.centred(), day);
            }
            let sentence = match &month.customers {
                Some(customers) => format!("{}: {}", month.from, share(customers)),
                None => format!("{}: under 5 customers, {}", month.from, number::n(month.n)),
            };
            canvas.group(&[("data-from", month.from.as_str())], Some(&sentence), |canvas| {
                let Some((told, value)) =
                    month.customers.as_ref().and_then(|it| Some((it, it.share?)))
                else {
                    let hollow = Paint::fill(Colour::Surface).outline(Colour::Muted, 1.2);
                    return canvas.circle((x, self.y(0.0)), 3.0, hollow);
                };
                if let Some((low, high)) = told.low.zip(told.high) {
                    let bar = Paint::stroke(Colour::Strong, 1.4);
                    canvas.line((x, self.y(low)), (x, self.y(high)), bar);
                    for end in [low, high] {
                        canvas.line((x - 4.0, self.y(end)), (x + 4.0, self.y(end)), bar);
                    }
                }
                canvas.circle((x, self.y(value)), 3.4, Paint::fill(Colour::Accent));
            });
        }
    }
}
