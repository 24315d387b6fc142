//! Lanes of words: what the customer does and thinks, what hurts, and the blueprint below.

use model::journey::{Cards as Written, Touchpoint};

use crate::draw::canvas::{Canvas, Paint, Rect, Words};
use crate::draw::column::Columns;
use crate::draw::palette::Colour;
use crate::draw::wrap::Face;

use super::{Grid, Row, name};

const FACE: Face = Face::new(12.0, 400);
const LEADING: f64 = 16.0;
const INSET: f64 = 8.0;
const GAP: f64 = 4.0;
/// A longer text ends in an ellipsis; the whole of it is in the title and in the outline.
const MOST_LINES: usize = 7;

/// What a lane's cards look like.
#[derive(Clone, Copy, PartialEq)]
enum Look {
    Plain,
    Quote,
    Pain,
}

struct Cards<'a> {
    name: &'static str,
    look: Look,
    /// Per column, its cards.
    cells: Vec<Vec<Card<'a>>>,
}

struct Card<'a> {
    touchpoint: &'a str,
    text: String,
    lines: Vec<String>,
}

impl Card<'_> {
    fn height(&self) -> f64 {
        self.lines.len() as f64 * LEADING + 10.0
    }
}

type Lane<'a> = Option<Box<dyn Row + 'a>>;

pub(super) fn does<'a>(columns: &'a Columns<'a>, grid: &Grid) -> Lane<'a> {
    lane_of("Doing", Look::Plain, columns, grid, |t| &t.does)
}

pub(super) fn thinks<'a>(columns: &'a Columns<'a>, grid: &Grid) -> Lane<'a> {
    lane_of("Thinking", Look::Quote, columns, grid, |t| &t.thinks)
}

pub(super) fn needs<'a>(columns: &'a Columns<'a>, grid: &Grid) -> Lane<'a> {
    lane_of("Needs", Look::Plain, columns, grid, |t| &t.needs)
}

pub(super) fn expects<'a>(columns: &'a Columns<'a>, grid: &Grid) -> Lane<'a> {
    lane_of("Expects", Look::Plain, columns, grid, |t| &t.expects)
}

pub(super) fn pains<'a>(columns: &'a Columns<'a>, grid: &Grid) -> Lane<'a> {
    lane_of("Pain points", Look::Pain, columns, grid, |t| &t.pains)
}

/// What the customer meets, below the line of interaction.
pub(super) fn before_the_customer<'a>(columns: &'a Columns<'a>, grid: &Grid) -> [Lane<'a>; 3] {
    [
        lane_of("Evidence, props", Look::Plain, columns, grid, |t| &t.evidence),
        lane_of("Frontstage", Look::Plain, columns, grid, |t| &t.frontstage),
        lane_of("Technology", Look::Plain, columns, grid, |t| &t.technology),
    ]
}

pub(super) fn backstage<'a>(columns: &'a Columns<'a>, grid: &Grid) -> [Lane<'a>; 3] {
    [lane_of("Backstage", Look::Plain, columns, grid, |t| &t.backstage), None, None]
}

pub(super) fn support<'a>(columns: &'a Columns<'a>, grid: &Grid) -> [Lane<'a>; 3] {
    [
        lane_of("Support", Look::Plain, columns, grid, |t| &t.support),
        lane_of("Systems", Look::Plain, columns, grid, |t| &t.systems),
        None,
    ]
}

/// A lane, unless no touchpoint has anything in it.
fn lane_of<'a>(
    name: &'static str,
    look: Look,
    columns: &'a Columns<'a>,
    grid: &Grid,
    written: impl Fn(&Touchpoint) -> &Written,
) -> Lane<'a> {
    let icon = if look == Look::Pain { 15.0 } else { 0.0 };
    let room = grid.column - 10.0 - 2.0 * INSET - icon;
    let cells: Vec<Vec<Card<'a>>> = columns
        .all
        .iter()
        .map(|column| {
            let texts = column.design.map(&written).into_iter().flat_map(Written::texts);
            let texts = texts.filter(|text| !text.trim().is_empty());
            let cards = texts.map(|text| {
                let text = if look == Look::Quote { quoted(text) } else { text.to_owned() };
                Card {
                    touchpoint: column.id,
                    lines: FACE.wrap_at_most(&text, room, MOST_LINES),
                    text,
                }
            });
            cards.collect()
        })
        .collect();
    let has_any = cells.iter().any(|cards| !cards.is_empty());
    has_any.then(|| Box::new(Cards { name, look, cells }) as Box<dyn Row>)
}

fn quoted(text: &str) -> String {
    let text = text.trim();
    if text.starts_with(['“', '"', '„', '«', '「']) {
        text.to_owned()
    } else {
        format!("“{text}”")
    }
}

impl Row for Cards<'_> {
    fn height(&self) -> f64 {
        let stack =
            |cards: &Vec<Card<'_>>| cards.iter().map(|card| card.height() + GAP).sum::<f64>();
        self.cells.iter().map(stack).fold(0.0, f64::max).max(24.0) + 8.0
    }

    fn lane(&self, canvas: &mut Canvas, top: f64) {
        name(canvas, top, self.name);
    }

    fn cells(&self, canvas: &mut Canvas, grid: &Grid, top: f64) {
        for (i, cards) in self.cells.iter().enumerate() {
            let mut y = top + 6.0;
            for card in cards {
                let area = Rect::new(grid.x(i) + 5.0, y, grid.column - 10.0, card.height());
                canvas.group(
                    &[("data-touchpoint", card.touchpoint), ("data-lane", self.name)],
                    Some(&card.text),
                    |c| {
                        draw_card(c, self.look, area, &card.lines);
                    },
                );
                y += card.height() + GAP;
            }
        }
    }
}

fn draw_card(canvas: &mut Canvas, look: Look, area: Rect, lines: &[String]) {
    let (ground, ink) = match look {
        Look::Pain => (Colour::DepartWeak, Colour::DepartInk),
        Look::Plain | Look::Quote => (Colour::Card, Colour::Ink),
    };
    canvas.rect(area, Paint::fill(ground).radius(4.0));
    let mut x = area.x + INSET;
    let first = area.y + 17.0;
    if look == Look::Pain {
        warning(canvas, (x, first - 9.5));
        x += 15.0;
    }
    canvas.lines((x, first), LEADING, Words::new(FACE, ink), lines);
}

/// A small triangle with its exclamation mark.
fn warning(canvas: &mut Canvas, (x, y): (f64, f64)) {
    let at = |dx: f64, dy: f64| format!("{} {}", x + dx, y + dy);
    let triangle = format!("M{}L{}L{}Z", at(5.5, 0.5), at(11.0, 10.0), at(0.0, 10.0));
    canvas.path(&triangle, Paint::stroke(Colour::DepartInk, 1.2));
    canvas.line((x + 5.5, y + 4.0), (x + 5.5, y + 6.6), Paint::stroke(Colour::DepartInk, 1.2));
    canvas.circle((x + 5.5, y + 8.3), 0.7, Paint::fill(Colour::DepartInk));
}
