//! The stage band, and each touchpoint's title with its reach.

use crate::draw::canvas::{Canvas, Paint, Rect, Words};
use crate::draw::column::{Column, Columns};
use crate::draw::number::{compact, percent, share};
use crate::draw::palette::Colour;
use crate::draw::wrap::Face;

use super::{Grid, PAD, Row, SMALL};

const STAGE: Words = Words::new(Face::new(12.0, 600), Colour::AccentInk);
const TITLE: Words = Words::new(Face::new(13.0, 650), Colour::Ink);
const TRUTH: Words = Words::new(Face::new(11.0, 500), Colour::AccentInk);
const BAND: f64 = 26.0;
const LEADING: f64 = 16.0;

pub(super) struct Head<'a> {
    columns: &'a Columns<'a>,
    titles: Vec<Vec<String>>,
    stages: Vec<Band<'a>>,
}

impl<'a> Head<'a> {
    pub(super) fn new(columns: &'a Columns<'a>, grid: &Grid) -> Self {
        let wrap = |column: &Column<'_>| TITLE.face().wrap_at_most(column.title, grid.inner(), 4);
        Self { columns, titles: columns.all.iter().map(wrap).collect(), stages: stages(columns) }
    }

    fn band_height(&self) -> f64 {
        if self.stages.is_empty() { 4.0 } else { BAND + 10.0 }
    }

    fn title_lines(&self) -> usize {
        self.titles.iter().map(Vec::len).max().unwrap_or(1)
    }

    fn draw_stages(&self, canvas: &mut Canvas, grid: &Grid, top: f64) {
        for Band { place, first, last, name } in &self.stages {
            let area = Rect::new(
                grid.x(*first) + 3.0,
                top + 6.0,
                (last - first + 1) as f64 * grid.column - 6.0,
                BAND,
            );
            let number = (place + 1).to_string();
            let start = 16.0 + TRUTH.face().width(&number);
            let text = STAGE.face().shorten(name, area.width - start - 8.0);
            canvas.group(&[("data-stage", name)], Some(name), |canvas| {
                canvas.rect(area, Paint::fill(Colour::AccentWeak).radius(5.0));
                canvas.text((area.x + 10.0, area.y + 17.0), TRUTH, &number);
                canvas.text((area.x + start, area.y + 17.0), STAGE, &text);
            });
        }
    }

    fn draw_touchpoint(
        &self,
        canvas: &mut Canvas,
        column: &Column<'_>,
        (x, top): (f64, f64),
        lines: &[String],
    ) {
        let is_truth = column.design.is_some_and(|design| design.moment_of_truth);
        canvas.group(&[("data-touchpoint", column.id)], Some(&title(column)), |canvas| {
            canvas.lines((x, top), LEADING, TITLE, lines);
            let under = top + lines.len() as f64 * LEADING;
            canvas.text((x, under), SMALL, &reach(column));
            if is_truth {
                canvas.text((x, under + 15.0), TRUTH, "◆ moment of truth");
            }
        });
    }
}

impl Row for Head<'_> {
    fn height(&self) -> f64 {
        let has_truth =
            self.columns.all.iter().any(|c| c.design.is_some_and(|design| design.moment_of_truth));
        let truth = if has_truth { 15.0 } else { 0.0 };
        self.band_height() + 20.0 + self.title_lines() as f64 * LEADING + 10.0 + truth
    }

    fn lane(&self, _: &mut Canvas, _: f64) {}

    fn cells(&self, canvas: &mut Canvas, grid: &Grid, top: f64) {
        self.draw_stages(canvas, grid, top);
        let names = top + self.band_height() + 18.0;
        for (i, (column, lines)) in self.columns.all.iter().zip(&self.titles).enumerate() {
            self.draw_touchpoint(canvas, column, (grid.x(i) + PAD, names), lines);
        }
    }
}

fn reach(column: &Column<'_>) -> String {
    let Some(measured) = column.measured else { return "not measured".to_owned() };
    match measured.reach.share {
        Some(share) => format!("{} reach, n {}", percent(share), compact(measured.reach.n)),
        None => "no events".to_owned(),
    }
}

fn title(column: &Column<'_>) -> String {
    let Some(measured) = column.measured else { return format!("{}: not measured", column.title) };
    format!("{}: reached by {}; {} visits", column.title, share(&measured.reach), measured.visits)
}

/// A stage over its columns; parts of a map keep the stage's number in the whole.
struct Band<'a> {
    place: usize,
    first: usize,
    last: usize,
    name: &'a str,
}

fn stages<'a>(columns: &Columns<'a>) -> Vec<Band<'a>> {
    let Some(journey) = columns.journey else { return Vec::new() };
    let mut bands: Vec<Band<'a>> = Vec::new();
    for (i, column) in columns.all.iter().enumerate() {
        let Some(place) = column.stage else { continue };
        match bands.last_mut() {
            Some(band) if band.place == place => band.last = i,
            _ => {
                let name = journey.stages.get(place).map_or("", |stage| stage.title.as_str());
                bands.push(Band { place, first: i, last: i, name });
            }
        }
    }
    bands
}
