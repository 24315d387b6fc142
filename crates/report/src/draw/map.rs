//! The journey map with its live measures: stages and touchpoints across, lanes down.
//!
//! A row knows its height before anything is drawn, so the grid is laid out first and then painted from top to bottom.

mod cards;
mod channels;
mod feeling;
mod head;
mod measures;
mod owners;
mod twin;

use super::canvas::{Canvas, Paint, Rect, Words};
use super::column::Columns;
use super::number::{count, plural};
use super::palette::Colour;
use super::wrap::Face;
use super::{Style, Svg};
use crate::document::{Report, Verdict};

use feeling::feeling;

const LANE: f64 = 152.0;
const NARROWEST: f64 = 132.0;
const WIDEST: f64 = 190.0;
/// Between a column's edge and what stands in it.
const PAD: f64 = 7.0;

const LANE_NAME: Words = Words::new(Face::new(12.0, 600), Colour::Muted);
const SMALL: Words = Words::new(Face::new(11.0, 400), Colour::Muted);

/// Where the columns stand.
#[derive(Debug, Clone, Copy)]
struct Grid {
    column: f64,
    count: usize,
}

impl Grid {
    fn new(count: usize, width: f64) -> Self {
        let room = (width - LANE) / count.max(1) as f64;
        Self { column: room.clamp(NARROWEST, WIDEST), count }
    }

    fn x(&self, column: usize) -> f64 {
        LANE + column as f64 * self.column
    }

    fn centre(&self, column: usize) -> f64 {
        self.x(column) + self.column / 2.0
    }

    /// Room for words and bars within a column.
    fn inner(&self) -> f64 {
        self.column - 2.0 * PAD
    }

    fn width(&self) -> f64 {
        LANE + self.count.max(1) as f64 * self.column
    }
}

/// A lane, or a line between lanes.
trait Row {
    fn height(&self) -> f64;
    /// Its name and legend, in the lane column.
    fn lane(&self, canvas: &mut Canvas, top: f64);
    /// Its columns.
    fn cells(&self, canvas: &mut Canvas, grid: &Grid, top: f64);
    /// Whether a thin line closes it.
    fn has_rule(&self) -> bool {
        true
    }
}

pub(super) fn draw(columns: &Columns<'_>, report: &Report, style: &Style) -> Svg {
    let lanes = lanes(columns, style);
    Svg { lanes: Some(lanes), ..drawn(columns, report, style, "map") }
}

/// A part of a map too wide for paper; its own name keeps the ids of a page apart.
pub(super) fn draw_part(columns: &Columns<'_>, report: &Report, style: &Style, part: usize) -> Svg {
    drawn(columns, report, style, &format!("map-{part}"))
}

fn drawn(columns: &Columns<'_>, report: &Report, style: &Style, id: &str) -> Svg {
    let grid = Grid::new(columns.all.len(), style.width);
    let rows = rows(columns, &grid);
    let mut canvas = Canvas::new(style.theme);
    let (width, height) = (grid.width(), height(&rows));
    canvas.rect(Rect::new(0.0, 0.0, width, height), Paint::fill(Colour::Surface));
    let mut top = 0.0;
    for row in &rows {
        let bottom = top + row.height();
        if row.has_rule() {
            canvas.line(
                (0.0, bottom - 0.5),
                (width, bottom - 0.5),
                Paint::stroke(Colour::Line, 1.0),
            );
        }
        row.lane(&mut canvas, top);
        row.cells(&mut canvas, &grid, top);
        top = bottom;
    }
    canvas.line((LANE - 0.5, 0.0), (LANE - 0.5, height), Paint::stroke(Colour::Line, 1.0));
    let title = columns.journey.map_or("Walked touchpoints", |journey| journey.title.as_str());
    let markup = canvas.finish((width, height), id, (title, &summary(columns, report)));
    Svg { markup, width, height, lanes: None, table: twin::table(columns) }
}

/// The lane column alone, for a page to keep in sight while the map scrolls under it.
fn lanes(columns: &Columns<'_>, style: &Style) -> String {
    let rows = rows(columns, &Grid::new(columns.all.len(), style.width));
    let mut canvas = Canvas::new(style.theme);
    let height = height(&rows);
    canvas.rect(Rect::new(0.0, 0.0, LANE, height), Paint::fill(Colour::Surface));
    let mut top = 0.0;
    for row in &rows {
        let bottom = top + row.height();
        if row.has_rule() {
            canvas.line(
                (0.0, bottom - 0.5),
                (LANE, bottom - 0.5),
                Paint::stroke(Colour::Line, 1.0),
            );
        }
        row.lane(&mut canvas, top);
        top = bottom;
    }
    canvas.line((LANE - 0.5, 0.0), (LANE - 0.5, height), Paint::stroke(Colour::Line, 1.0));
    canvas.finish_hidden((LANE, height), "lanes")
}

fn height(rows: &[Box<dyn Row + '_>]) -> f64 {
    rows.iter().map(|row| row.height()).sum::<f64>() + 1.0
}

fn rows<'a>(columns: &'a Columns<'a>, grid: &Grid) -> Vec<Box<dyn Row + 'a>> {
    let mut rows: Vec<Box<dyn Row + 'a>> = vec![Box::new(head::Head::new(columns, grid))];
    let mut add = |row: Option<Box<dyn Row + 'a>>| rows.extend(row);
    add(cards::does(columns, grid));
    add(cards::thinks(columns, grid));
    add(feeling::row(columns));
    add(cards::needs(columns, grid));
    add(cards::expects(columns, grid));
    add(channels::row(columns, grid));
    add(Some(Box::new(measures::Measures::new(columns))));
    add(cards::pains(columns, grid));
    let mut blueprint = |name: &'static str, lanes: [Option<Box<dyn Row + 'a>>; 3]| {
        let lanes: Vec<Box<dyn Row + 'a>> = lanes.into_iter().flatten().collect();
        if !lanes.is_empty() {
            rows.push(Box::new(Separator { name }));
            rows.extend(lanes);
        }
    };
    blueprint("Line of interaction", cards::before_the_customer(columns, grid));
    blueprint("Line of visibility", cards::backstage(columns, grid));
    blueprint("Line of internal interaction", cards::support(columns, grid));
    rows.extend(owners::row(columns, grid));
    rows
}

fn summary(columns: &Columns<'_>, report: &Report) -> String {
    let touchpoints = plural(columns.all.len(), "touchpoint", "touchpoints");
    let measured = format!("{touchpoints}, measured for {} customers.", count(report.customers));
    let twin = "The table after the drawing holds the same numbers.";
    if columns.journey.is_none() {
        return format!("{measured} {twin}");
    }
    let verdicts =
        |verdict| report.standards.iter().filter(|standard| standard.verdict == verdict).count();
    let unowned = columns.all.iter().filter(|column| column.owner().is_none()).count();
    format!(
        "{measured} {}: {} meet their promise, {} are defective, {} are not proven. {} no owner. {twin}",
        plural(report.standards.len(), "standard", "standards"),
        verdicts(Verdict::Meets),
        verdicts(Verdict::Defective),
        verdicts(Verdict::NotProven),
        plural(unowned, "touchpoint has", "touchpoints have"),
    )
}

/// A lane's name.
fn name(canvas: &mut Canvas, top: f64, name: &str) {
    let lines = LANE_NAME.face().wrap(name, LANE - 28.0);
    canvas.lines((14.0, top + 22.0), 15.0, LANE_NAME, &lines);
}

/// One of the three lines of a service blueprint.
struct Separator {
    name: &'static str,
}

impl Separator {
    const DASHED: &'static str = "4 3";
}

impl Row for Separator {
    fn height(&self) -> f64 {
        22.0
    }

    fn lane(&self, canvas: &mut Canvas, top: f64) {
        let y = top + 10.5;
        canvas.text((8.0, y + 4.0), SMALL, &SMALL.face().shorten(self.name, LANE - 9.0));
    }

    fn cells(&self, canvas: &mut Canvas, grid: &Grid, top: f64) {
        let y = top + 10.5;
        let from = (22.0 + SMALL.face().width(self.name)).max(LANE);
        canvas.line(
            (from, y),
            (grid.width(), y),
            Paint::stroke(Colour::Strong, 1.0).dash(Self::DASHED),
        );
    }

    fn has_rule(&self) -> bool {
        false
    }
}
