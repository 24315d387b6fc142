//! Which channels each touchpoint was designed for, and which of them customers used.

use crate::draw::canvas::{Canvas, Paint, Rect, Words};
use crate::draw::column::{Column, Columns};
use crate::draw::number::{count, percent};
use crate::draw::palette::Colour;
use crate::draw::wrap::Face;

use super::{Grid, Row, name};

const FACE: Face = Face::new(11.0, 500);
const HEIGHT: f64 = 22.0;
/// The rest are counted in one last chip.
const MOST: usize = 4;

pub(super) struct Channels<'a> {
    cells: Vec<(&'a str, Vec<Chip>)>,
}

struct Chip {
    text: String,
    title: String,
    /// Relative to the column.
    area: Rect,
    is_designed: bool,
}

pub(super) fn row<'a>(columns: &'a Columns<'a>, grid: &Grid) -> Option<Box<dyn Row + 'a>> {
    let cells: Vec<(&str, Vec<Chip>)> =
        columns.all.iter().map(|column| (column.id, place(chips(column), grid.inner()))).collect();
    let has_any = cells.iter().any(|(_, chips)| !chips.is_empty());
    has_any.then(|| Box::new(Channels { cells }) as Box<dyn Row>)
}

/// Designed channels in the document's order, then the others that were used, the busiest first.
fn chips(column: &Column<'_>) -> Vec<(String, String, bool)> {
    let designed = column.design.map(|design| design.channels.as_slice()).unwrap_or_default();
    let used = column.measured.map(|measured| measured.channels.as_slice()).unwrap_or_default();
    let total: u64 = used.iter().map(|channel| channel.count).sum();
    let describe = |name: &str, n: u64, is_designed: bool| {
        let short =
            if total > 0 { format!("{name} {}", percent_short(n, total)) } else { name.to_owned() };
        let note = if is_designed { "" } else { "; not designed" };
        let long = if total > 0 {
            format!(
                "{name}: {} of {} visits, {}{note}",
                count(n),
                count(total),
                percent(n as f64 / total as f64)
            )
        } else {
            format!("{name}: not measured{note}")
        };
        (short, long, is_designed)
    };
    let count_of = |name: &str| {
        used.iter().find(|channel| channel.channel == name).map_or(0, |channel| channel.count)
    };
    let mut chips: Vec<_> =
        designed.iter().map(|name| describe(name, count_of(name), true)).collect();
    let mut others: Vec<_> =
        used.iter().filter(|channel| !designed.contains(&channel.channel)).collect();
    others.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.channel.cmp(&b.channel)));
    // Where nothing was designed nothing departs from the design.
    let has_design = !designed.is_empty();
    chips.extend(others.iter().map(|channel| {
        let name = if channel.channel.is_empty() { "unnamed" } else { &channel.channel };
        describe(name, channel.count, !has_design)
    }));
    if chips.len() > MOST {
        let rest = chips.split_off(MOST - 1);
        let titles: Vec<String> = rest.iter().map(|chip| chip.1.clone()).collect();
        chips.push((format!("{} more", rest.len()), titles.join("; "), true));
    }
    chips
}

fn percent_short(n: u64, total: u64) -> String {
    let share = n as f64 / total as f64 * 100.0;
    if n > 0 && share < 1.0 { "<1%".to_owned() } else { format!("{share:.0}%") }
}

fn place(chips: Vec<(String, String, bool)>, room: f64) -> Vec<Chip> {
    let (mut x, mut y) = (0.0, 0.0);
    let mut placed = Vec::new();
    for (text, title, is_designed) in chips {
        let text = FACE.shorten(&text, room - 16.0);
        let width = FACE.width(&text) + 16.0;
        if x > 0.0 && x + width > room {
            x = 0.0;
            y += HEIGHT + 4.0;
        }
        placed.push(Chip { text, title, area: Rect::new(x, y, width, HEIGHT), is_designed });
        x += width + 4.0;
    }
    placed
}

impl Row for Channels<'_> {
    fn height(&self) -> f64 {
        let bottom = |chips: &Vec<Chip>| chips.last().map_or(0.0, |chip| chip.area.y + HEIGHT);
        self.cells.iter().map(|(_, chips)| bottom(chips)).fold(HEIGHT, f64::max) + 14.0
    }

    fn lane(&self, canvas: &mut Canvas, top: f64) {
        name(canvas, top, "Channels");
    }

    fn cells(&self, canvas: &mut Canvas, grid: &Grid, top: f64) {
        for (i, (touchpoint, chips)) in self.cells.iter().enumerate() {
            for chip in chips {
                let area = Rect::new(
                    grid.x(i) + super::PAD + chip.area.x,
                    top + 7.0 + chip.area.y,
                    chip.area.width,
                    HEIGHT,
                );
                canvas.group(&[("data-touchpoint", *touchpoint)], Some(&chip.title), |canvas| {
                    let (rim, ink) = match chip.is_designed {
                        true => (Paint::stroke(Colour::Line, 1.0), Colour::Ink),
                        false => {
                            (Paint::stroke(Colour::Depart, 1.0).dash("3 2"), Colour::DepartInk)
                        }
                    };
                    canvas.rect(area, rim.radius(HEIGHT / 2.0));
                    let middle = (area.x + area.width / 2.0, area.y + 15.0);
                    canvas.text(middle, Words::new(FACE, ink).centred(), &chip.text);
                });
            }
        }
    }
}
