//! Drawings of a measured journey as SVG, laid out here and not in a browser: the page, the PDF and the PNG show the same.
//!
//! Every drawing comes with its [`Table`] twin, carries `data-` keys by which a page finds its parts, and says in a title
//! and a summary what it shows.

mod canvas;
mod column;
mod complaints;
mod curve;
mod flow;
mod gaps;
mod line;
mod map;
mod matrix;
mod order;
mod palette;
mod pareto;
mod proof;
mod staying;
mod table;
mod theme_trend;
mod trend;
mod wrap;

pub(crate) mod markup;
pub(crate) mod number;

use model::journey::Journey;

use crate::document::Report;

pub use palette::Theme;
pub use table::{Cell, Column, Table};

pub(crate) use canvas::FONTS;
pub(crate) use column::{Columns, FIRM, SHOWN};
pub(crate) use palette::style_sheet;
pub(crate) use table::verdict_sign;
pub(crate) use wrap::{is_attached, is_wide};

/// How wide a drawing should become, and where its colours come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    pub theme: Theme,
    /// Aimed at, in pixels; a drawing with many touchpoints becomes wider.
    pub width: f64,
}

impl Default for Style {
    fn default() -> Self {
        Self { theme: Theme::Page, width: 1508.0 }
    }
}

/// A finished drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Svg {
    /// One `<svg>` element.
    pub markup: String,
    pub width: f64,
    pub height: f64,
    /// The map's lane column once more, to keep in sight while the map scrolls under it.
    pub lanes: Option<String>,
    /// The same numbers as a table.
    pub table: Table,
}

/// The journey map with its live measures; without a journey, the touchpoints that customers walked.
pub fn map(journey: Option<&Journey>, report: &Report, style: &Style) -> Svg {
    map::draw(&Columns::new(journey, report), report, style)
}

/// The map in drawings of at most so many columns, cut between stages where possible: for paper and narrow slides.
pub fn map_parts(
    journey: Option<&Journey>,
    report: &Report,
    style: &Style,
    most: usize,
) -> Vec<Svg> {
    let parts = Columns::new(journey, report).parts(most);
    parts.iter().enumerate().map(|(i, part)| map::draw_part(part, report, style, i + 1)).collect()
}

/// The designed path and the paths that customers walked; without a journey, the walked ones alone.
pub fn flow(journey: Option<&Journey>, report: &Report, style: &Style) -> Svg {
    flow::draw(&Columns::new(journey, report), report, style)
}

/// Scores against targets and beliefs; nothing when no question was asked that has either.
pub fn gaps(journey: Option<&Journey>, report: &Report, style: &Style) -> Option<Svg> {
    gaps::draw(&Columns::new(journey, report), report, style)
}

/// Importance against performance; nothing where importance was not derived.
pub fn matrix(journey: Option<&Journey>, report: &Report, style: &Style) -> Option<Svg> {
    matrix::draw(&Columns::new(journey, report), report.drivers.as_ref()?, style)
}

/// Standards by the size of their defects, in the order of the report.
pub fn paretos(report: &Report, style: &Style) -> Vec<Svg> {
    let all = report.defects.iter().flat_map(|defects| &defects.pareto).enumerate();
    all.map(|(number, one)| pareto::draw(report, one, (number + 1, style))).collect()
}

/// Who is still there with a defect and without it, of the standards that have curves.
pub fn staying(report: &Report, style: &Style) -> Vec<Svg> {
    let numbered = report.standards.iter().enumerate();
    numbered.filter_map(|(number, one)| staying::draw(one, (number + 1, style))).collect()
}

pub(crate) use complaints::{
    in_hundred, said as complaints_said, table as complaints_table, title as complaints_title,
};
pub(crate) use matrix::caption as matrix_caption;
pub(crate) use pareto::table as pareto_table;
pub(crate) use proof::table as proof_table;
pub(crate) use theme_trend::table as theme_table;
pub(crate) use trend::{
    kept_said, kept_table, kept_title, said as trend_said, table as trend_table,
    title as trend_title,
};

/// A score over time, in the order of the report's trends.
pub fn trends(journey: Option<&Journey>, report: &Report, style: &Style) -> Vec<Svg> {
    let columns = Columns::new(journey, report);
    let numbered = report.trends.iter().enumerate();
    numbered.map(|(number, one)| trend::draw(&columns, one, (number + 1, style))).collect()
}

/// Themes over time, in document order: those with months enough that may be told.
pub fn themes(report: &Report, style: &Style) -> Vec<Svg> {
    let themes = report.words.iter().flat_map(|words| &words.themes).enumerate();
    themes.filter_map(|(number, theme)| theme_trend::draw(theme, (number + 1, style))).collect()
}

/// Standards over time, in the order of the report's.
pub fn kept_trends(report: &Report, style: &Style) -> Vec<Svg> {
    let numbered = report.kept_trends.iter().enumerate();
    numbered.map(|(number, one)| trend::draw_kept(report, one, (number + 1, style))).collect()
}

/// Complaints over time, in the order of the report's.
pub fn complaint_trends(journey: Option<&Journey>, report: &Report, style: &Style) -> Vec<Svg> {
    let columns = Columns::new(journey, report);
    let numbered = report.complaint_trends.iter().enumerate();
    numbered.map(|(number, one)| complaints::draw(&columns, one, (number + 1, style))).collect()
}

/// A planned change over time, with what is to be said of it in one breath; nothing where no period has a value.
pub(crate) fn proof(
    number: usize,
    proof: &crate::document::Proof,
    said: &str,
    style: &Style,
) -> Option<Svg> {
    proof::draw(proof, said, (number, style))
}

pub(crate) fn gap_table(columns: &Columns<'_>, report: &Report) -> Option<Table> {
    gaps::table(columns, report)
}
