//! Who answers for each touchpoint; nobody is a defect that the map shows.

use crate::draw::canvas::{Canvas, Paint, Rect, Words};
use crate::draw::column::Columns;
use crate::draw::palette::Colour;
use crate::draw::wrap::Face;

use super::{Grid, Row, name};

const NAME: Face = Face::new(12.0, 400);
const INITIALS: Words = Words::new(Face::new(11.0, 600), Colour::AccentInk);
const LEADING: f64 = 15.0;

struct Owners<'a> {
    cells: Vec<(&'a str, Option<&'a str>, Vec<String>)>,
}

/// Nothing when touchpoints are activities that nobody designed.
pub(super) fn row<'a>(columns: &'a Columns<'a>, grid: &Grid) -> Option<Box<dyn Row + 'a>> {
    columns.journey?;
    let room = grid.inner() - 26.0;
    let cells = columns.all.iter().map(|column| {
        let owner = column.owner();
        (column.id, owner, owner.map(|owner| NAME.wrap_at_most(owner, room, 3)).unwrap_or_default())
    });
    Some(Box::new(Owners { cells: cells.collect() }))
}

impl Row for Owners<'_> {
    fn height(&self) -> f64 {
        let lines = self.cells.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(1).max(1);
        (lines as f64 * LEADING).max(22.0) + 16.0
    }

    fn lane(&self, canvas: &mut Canvas, top: f64) {
        name(canvas, top, "Owner");
    }

    fn cells(&self, canvas: &mut Canvas, grid: &Grid, top: f64) {
        for (i, (touchpoint, owner, lines)) in self.cells.iter().enumerate() {
            let (x, y) = (grid.x(i) + super::PAD, top + 8.0);
            let title = owner.unwrap_or("no owner: nobody answers for this touchpoint");
            canvas.group(&[("data-touchpoint", *touchpoint)], Some(title), |canvas| match owner {
                Some(owner) => {
                    canvas.circle((x + 10.0, y + 10.0), 10.0, Paint::fill(Colour::AccentWeak));
                    canvas.text((x + 10.0, y + 14.0), INITIALS.centred(), &initials(owner));
                    canvas.lines(
                        (x + 26.0, y + 14.0),
                        LEADING,
                        Words::new(NAME, Colour::Ink),
                        lines,
                    );
                }
                None => {
                    let area = Rect::new(x, y - 1.0, 86.0, 22.0);
                    canvas.rect(
                        area,
                        Paint::fill(Colour::DepartWeak)
                            .outline(Colour::Depart, 1.0)
                            .dash("3 2")
                            .radius(4.0),
                    );
                    canvas.text(
                        (x + 8.0, y + 14.0),
                        Words::new(Face::new(12.0, 600), Colour::DepartInk),
                        "▲ no owner",
                    );
                }
            });
        }
    }
}

fn initials(owner: &str) -> String {
    let words = owner.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let letters: String = words.take(2).filter_map(|word| word.chars().next()).collect();
    letters.to_uppercase().chars().take(2).collect()
}
