//! Standards by the size of their defects: bars, the largest first, and a line with what they come to together.
//!
//! The vital few are filled, the others hollow; a bar that is not larger than the next one for sure has a tie sign after its
//! number, so that nobody reads an order that is not there.

use super::canvas::{Canvas, Paint, Rect, Words};
use super::markup::px;
use super::number::{count, percent, percent_interval, whole};
use super::palette::Colour;
use super::table::{Cell, Table};
use super::wrap::Face;
use super::{Style, Svg};
use crate::document::{Pareto, ParetoBy, ParetoItem, Report};

const TOP: f64 = 40.0;
const ROW: f64 = 26.0;
const BAR: f64 = 15.0;
const NAMES: f64 = 300.0;
const NUMBERS: f64 = 190.0;
const WIDEST: f64 = 1000.0;
/// So many bars are drawn; the table has all.
const MOST: usize = 15;

const TITLE: Words = Words::new(Face::new(13.0, 600), Colour::Ink);
const NAME: Words = Words::new(Face::new(12.0, 400), Colour::Ink).right();
const NUMBER: Words = Words::new(Face::new(11.0, 400), Colour::Muted);

pub(super) fn draw(report: &Report, pareto: &Pareto, (number, style): (usize, &Style)) -> Svg {
    let items = &pareto.items[..pareto.items.len().min(MOST)];
    let width = style.width.clamp(640.0, WIDEST);
    let height = TOP + items.len() as f64 * ROW + 26.0;
    let mut canvas = Canvas::new(style.theme);
    canvas.rect(Rect::new(0.0, 0.0, width, height), Paint::fill(Colour::Surface));
    let title = title(pareto);
    canvas.text((16.0, 20.0), TITLE, &title);
    let plot =
        Plot { area: Rect::new(NAMES, TOP, width - NAMES - NUMBERS, items.len() as f64 * ROW) };
    plot.scale(&mut canvas);
    let most = items.first().map_or(1.0, |item| item.size).max(f64::MIN_POSITIVE);
    for (place, item) in items.iter().enumerate() {
        let text = name(report, item);
        let sentence = format!("{text}: {}", said(pareto, item));
        canvas.group(&[("data-standard", item.standard.as_str())], Some(&sentence), |canvas| {
            plot.bar(canvas, pareto, (place, item), most);
            let shown = NAME.face().shorten(text, NAMES - 24.0);
            canvas.text((NAMES - 10.0, plot.middle(place) + 4.0), NAME, &shown);
        });
    }
    plot.line(&mut canvas, items);
    let summary = format!(
        "{} standards, the largest first; the first {} make up at least 80%. The table after the drawing holds the numbers.",
        count(pareto.items.len() as u64),
        pareto.vital_few
    );
    let id = format!("pareto-{number}");
    let markup = canvas.finish((width, height), &id, (&title, &summary));
    Svg { markup, width, height, lanes: None, table: table(report, pareto) }
}

fn title(pareto: &Pareto) -> String {
    match pareto.sized_by {
        ParetoBy::Count => {
            format!("Defects by standard, {} broken checks", whole(pareto.total))
        }
        ParetoBy::Cost => format!(
            "Stated cost of defects by standard, {} {} in all",
            whole(pareto.total),
            pareto.currency.as_deref().unwrap_or("")
        ),
    }
}

/// The standard in its own words.
fn name<'a>(report: &'a Report, item: &'a ParetoItem) -> &'a str {
    let known = report.standards.iter().find(|standard| standard.id == item.standard);
    known.map_or(item.standard.as_str(), |standard| standard.text.as_str())
}

fn said(pareto: &Pareto, item: &ParetoItem) -> String {
    let interval = percent_interval(item.share.low, item.share.high);
    format!(
        "{}{}, {} of the whole{}; {} together{}",
        whole(item.size),
        match (pareto.sized_by, &pareto.currency) {
            (ParetoBy::Cost, Some(currency)) => format!(" {currency}"),
            _ => " broken".to_owned(),
        },
        percent(item.share.value.unwrap_or_default()),
        interval.map(|interval| format!(" [{interval}]")).unwrap_or_default(),
        percent(item.cumulative),
        if item.above_next == Some(false) { "; not distinguishable from the next" } else { "" }
    )
}

/// The numbers of a Pareto.
pub(crate) fn table(report: &Report, pareto: &Pareto) -> Table {
    let size = match pareto.sized_by {
        ParetoBy::Count => "Broken#",
        ParetoBy::Cost => "Cost#",
    };
    let mut table =
        Table::new(title(pareto), &["Standard", size, "Of the whole", "Together#", "To mind"]);
    for (place, item) in pareto.items.iter().enumerate() {
        let interval = percent_interval(item.share.low, item.share.high);
        let mut mind = Vec::new();
        mind.extend((place < pareto.vital_few as usize).then_some("one of the vital few"));
        mind.extend(
            (item.above_next == Some(false)).then_some("not distinguishable from the next"),
        );
        table.push(vec![
            Cell::Both(name(report, item).to_owned(), item.standard.clone()),
            Cell::number(whole(item.size)),
            Cell::Words(format!(
                "{}{}",
                percent(item.share.value.unwrap_or_default()),
                interval.map(|interval| format!(" [{interval}]")).unwrap_or_default()
            )),
            Cell::number(percent(item.cumulative)),
            if mind.is_empty() { Cell::Nothing } else { Cell::Words(mind.join("; ")) },
        ]);
    }
    table
}

struct Plot {
    area: Rect,
}

impl Plot {
    fn middle(&self, place: usize) -> f64 {
        self.area.y + (place as f64 + 0.5) * ROW
    }

    fn x(&self, share: f64) -> f64 {
        self.area.x + share.clamp(0.0, 1.0) * self.area.width
    }

    /// Lines at shares of the whole, for the line of what bars come to together.
    fn scale(&self, canvas: &mut Canvas) {
        let Rect { y, height, .. } = self.area;
        for share in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
            let x = self.x(share);
            let paint = Paint::stroke(Colour::Line, 1.0);
            let paint =
                if share == 0.8 { Paint::stroke(Colour::Strong, 1.0).dash("4 3") } else { paint };
            canvas.line((x, y), (x, y + height), paint);
            canvas.text((x, y + height + 16.0), NUMBER.centred(), &percent(share));
        }
    }

    fn bar(
        &self,
        canvas: &mut Canvas,
        pareto: &Pareto,
        (place, item): (usize, &ParetoItem),
        most: f64,
    ) {
        let width = (self.area.width * item.size / most).max(1.0);
        let at = Rect::new(self.area.x, self.middle(place) - BAR / 2.0, width, BAR);
        let paint = if place < pareto.vital_few as usize {
            Paint::fill(Colour::Bar)
        } else {
            Paint::fill(Colour::Card).outline(Colour::Bar, 1.2)
        };
        canvas.rect(at, paint);
        let ties = if item.above_next == Some(false) { " ≈" } else { "" };
        let share = percent(item.share.value.unwrap_or_default());
        let x = self.area.x + self.area.width + 14.0;
        let words = format!("{} · {share}{ties}", whole(item.size));
        canvas.text((x, self.middle(place) + 4.0), NUMBER, &words);
    }

    fn line(&self, canvas: &mut Canvas, items: &[ParetoItem]) {
        let points: Vec<(f64, f64)> = items
            .iter()
            .enumerate()
            .map(|(place, item)| (self.x(item.cumulative), self.middle(place)))
            .collect();
        let d: Vec<String> = points
            .iter()
            .enumerate()
            .map(|(i, (x, y))| format!("{}{} {}", if i == 0 { "M" } else { "L" }, px(*x), px(*y)))
            .collect();
        canvas.path(&d.join(""), Paint::stroke(Colour::Ink, 1.6));
        for point in points {
            canvas.circle(point, 3.0, Paint::fill(Colour::Surface).outline(Colour::Ink, 1.6));
        }
    }
}
