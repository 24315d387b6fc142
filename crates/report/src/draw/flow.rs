//! Designed against walked: the designed path a straight band on top, departures bending away below it.

mod graph;
mod layout;
mod twin;

use super::canvas::{Canvas, Paint, Rect, Words};
use super::column::Columns;
use super::markup::px;
use super::number::{compact, count, distribution, percent};
use super::palette::Colour;
use super::wrap::Face;
use super::{Style, Svg};
use crate::document::Report;

use graph::{Edge, Graph, Kind};
use layout::Layout;

const NARROWEST: f64 = 104.0;
const WIDEST: f64 = 230.0;
const BAR: f64 = 8.0;
const MARGIN: f64 = 18.0;
const STUB: f64 = 11.0;
/// Room for the words beside the last ones who left.
const LABEL: f64 = 120.0;
const AGAIN: f64 = 14.0;

const TITLE: Words = Words::new(Face::new(12.0, 600), Colour::Ink);
const SMALL: Words = Words::new(Face::new(11.0, 400), Colour::Muted);
const ON_RIBBON: Words = Words::new(Face::new(11.0, 500), Colour::Ink).halo();

/// A flow on its way to the canvas.
struct Picture<'a> {
    columns: &'a Columns<'a>,
    report: &'a Report,
    graph: Graph<'a>,
    layout: Layout,
    step: f64,
    /// Where the bars' region begins.
    top: f64,
    /// Room for the line that counts moves to the same touchpoint, where there are any.
    again: f64,
    titles: Vec<Vec<String>>,
}

pub(super) fn draw(columns: &Columns<'_>, report: &Report, style: &Style) -> Svg {
    let places = columns.all.len() + 2;
    let step =
        ((style.width - 2.0 * MARGIN - LABEL) / (places - 1) as f64).clamp(NARROWEST, WIDEST);
    let graph = Graph::new(columns, report);
    let layout = Layout::new(&graph, places);
    let name = |place: usize| match place {
        0 => "Start",
        // Without a design every end is drawn where it happens.
        _ if place == places - 1 => {
            if columns.journey.is_some() {
                "End"
            } else {
                ""
            }
        }
        _ => columns.all.get(place - 1).map_or("", |column| column.title),
    };
    let titles: Vec<Vec<String>> =
        (0..places).map(|place| TITLE.face().wrap_at_most(name(place), step - 14.0, 3)).collect();
    let title_lines = titles.iter().map(Vec::len).max().unwrap_or(1);
    let again = if graph.again.iter().any(|moves| *moves > 0) { AGAIN } else { 0.0 };
    let top = 40.0 + title_lines as f64 * 15.0 + 28.0 + again;
    let picture = Picture { columns, report, graph, layout, step, top, again, titles };
    let mut canvas = Canvas::new(style.theme);
    let width = (2.0 * MARGIN + (places - 1) as f64 * step + LABEL).max(720.0);
    let height = top + picture.layout.height + 24.0;
    canvas.rect(Rect::new(0.0, 0.0, width, height), Paint::fill(Colour::Surface));
    let left = if columns.journey.is_some() { Colour::Left } else { Colour::Strong };
    canvas.hatch("flow-hatch", left, 7.0);
    canvas.hatch("flow-fold", Colour::Strong, 4.0);
    picture.legend(&mut canvas);
    picture.ribbons(&mut canvas);
    let drawn = if columns.journey.is_some() { places } else { places - 1 };
    for place in 0..drawn {
        picture.place(&mut canvas, place);
    }
    picture.labels(&mut canvas);
    let title =
        if columns.journey.is_some() { "Designed path and walked paths" } else { "Walked paths" };
    let markup = canvas.finish((width, height), "flow", (title, &picture.summary()));
    Svg { markup, width, height, lanes: None, table: twin::table(columns, report) }
}

impl Picture<'_> {
    fn x(&self, place: usize) -> f64 {
        MARGIN + place as f64 * self.step
    }

    fn has_design(&self) -> bool {
        self.columns.journey.is_some()
    }

    fn paint(&self, kind: Kind) -> Paint {
        match kind {
            Kind::Designed => Paint::fill(Colour::Designed),
            Kind::Departure if self.has_design() => Paint::fill(Colour::Depart).opacity(0.62),
            Kind::Departure => Paint::fill(Colour::Bar).opacity(0.45),
            Kind::Left => Paint::pattern("url(#flow-hatch)"),
            Kind::Back => Paint::stroke(self.back_colour(), 1.0).opacity(0.5),
        }
    }

    fn back_colour(&self) -> Colour {
        if self.has_design() { Colour::Depart } else { Colour::Strong }
    }

    fn legend(&self, canvas: &mut Canvas) {
        let mut x = MARGIN;
        let departure = if self.has_design() { "Not as designed" } else { "Walked" };
        let entries = [
            (Kind::Designed, "Designed path"),
            (Kind::Departure, departure),
            (Kind::Left, if self.has_design() { "Left before the end" } else { "Ended here" }),
        ];
        for (kind, name) in entries.into_iter().filter(|(kind, _)| self.graph.has(*kind)) {
            canvas.rect(Rect::new(x, 12.0, 16.0, 10.0), self.paint(kind).radius(2.0));
            canvas.text((x + 22.0, 21.0), SMALL, name);
            x += 22.0 + SMALL.face().width(name) + 18.0;
        }
        if self.graph.has(Kind::Back) {
            canvas.line(
                (x, 17.0),
                (x + 16.0, 17.0),
                Paint::stroke(self.back_colour(), 5.0).opacity(0.5),
            );
            arrow(canvas, (x - 1.0, 17.0), self.back_colour());
            canvas.text((x + 22.0, 21.0), SMALL, "Back again");
            x += 22.0 + SMALL.face().width("Back again") + 18.0;
        }
        let folded = self.graph.folded;
        if folded.paths > 0 {
            canvas.rect(Rect::new(x, 12.0, 16.0, 10.0), Paint::pattern("url(#flow-fold)"));
            let moves = if folded.moves == 1 { "move" } else { "moves" };
            let name = format!(
                "Other ({} paths, {} {moves}); the table has each",
                folded.paths,
                count(folded.moves)
            );
            canvas.text((x + 22.0, 21.0), SMALL, &name);
        }
    }

    /// The designed path first, then the rest over it, the thickest first, so that nothing thin is buried.
    fn ribbons(&self, canvas: &mut Canvas) {
        let mut order: Vec<usize> = (0..self.graph.edges.len()).collect();
        order.sort_by_key(|index| {
            let edge = &self.graph.edges[*index];
            (edge.kind != Kind::Designed, std::cmp::Reverse(edge.count()), *index)
        });
        for index in order {
            let edge = &self.graph.edges[index];
            let keys = [
                ("data-from", edge.transition.from.as_str()),
                ("data-to", edge.transition.to.as_str()),
                ("data-kind", kind_key(edge.kind)),
            ];
            canvas.group(&keys, Some(&self.sentence(edge)), |canvas| match edge.kind {
                Kind::Back => self.way_back(canvas, index),
                _ => self.ribbon(canvas, index),
            });
        }
    }

    fn ribbon(&self, canvas: &mut Canvas, index: usize) {
        let edge = &self.graph.edges[index];
        let thickness = self.layout.thickness(edge.count());
        let Some(track) = self.layout.tracks.get(index) else { return };
        let tops: Vec<(f64, f64)> =
            track.iter().enumerate().map(|(i, y)| (self.x(edge.from + i), self.top + y)).collect();
        canvas.path(&ribbon(&tops, thickness), self.paint(edge.kind));
    }

    fn way_back(&self, canvas: &mut Canvas, index: usize) {
        let edge = &self.graph.edges[index];
        let thickness = self.layout.thickness(edge.count());
        let (Some([leave, arrive]), Some(lane)) = (
            self.layout.tracks.get(index).and_then(|track| track.first_chunk::<2>()),
            self.layout.lanes.get(&index),
        ) else {
            return;
        };
        let turn = 16.0 + thickness / 2.0;
        let (right, left) = (self.x(edge.from) + BAR, self.x(edge.to) - 7.0);
        let (y0, y1) = (self.top + leave + thickness / 2.0, self.top + arrive + thickness / 2.0);
        let lane = self.top + lane;
        let [r, rt, l, lt, a, b, m] =
            [right, right + turn * 1.6, left, left - turn * 1.6, y0, y1, lane].map(px);
        let path = format!("M{r} {a}C{rt} {a} {rt} {m} {r} {m}L{l} {m}C{lt} {m} {lt} {b} {l} {b}");
        canvas.path(&path, Paint::stroke(self.back_colour(), thickness).opacity(0.5));
        arrow(canvas, (left, y1), self.back_colour());
    }

    fn place(&self, canvas: &mut Canvas, place: usize) {
        let Some((top, height)) = self.layout.bars.get(place).copied() else { return };
        let x = self.x(place);
        let id = self
            .columns
            .all
            .get(place.wrapping_sub(1))
            .map_or(if place == 0 { "^" } else { "$" }, |c| c.id);
        canvas.group(&[("data-touchpoint", id)], Some(&self.totals_sentence(place)), |canvas| {
            canvas.rect(
                Rect::new(x, self.top + top, BAR, height.max(2.0)),
                Paint::fill(Colour::Node).radius(1.5),
            );
            self.stub(canvas, place);
            let lines = self.titles.get(place).map(Vec::as_slice).unwrap_or_default();
            let under = self.top - 10.0 - self.again;
            let first = under - 16.0 - (lines.len().max(1) - 1) as f64 * 15.0;
            canvas.lines((x, first), 15.0, TITLE, lines);
            canvas.text((x, under), SMALL, &self.totals(place));
            let again = self.graph.again.get(place).copied().unwrap_or(0);
            if again > 0 {
                canvas.text(
                    (x, under + AGAIN),
                    SMALL,
                    &format!("{} again at once", compact(again)),
                );
            }
        });
    }

    fn stub(&self, canvas: &mut Canvas, place: usize) {
        let Some((right, left)) = self.layout.stubs.get(place).copied() else { return };
        let x = self.x(place);
        let sides = [
            (&self.graph.folded_out, x + BAR, right, "to"),
            (&self.graph.folded_in, x - STUB, left, "from"),
        ];
        for (folded, x, y, way) in sides {
            let Some(folded) = folded.get(place).filter(|folded| folded.moves > 0) else {
                continue;
            };
            let title =
                format!("other: {} moves {way} {} rare paths", count(folded.moves), folded.paths);
            canvas.group(&[("data-kind", "other")], Some(&title), |canvas| {
                let area = Rect::new(x, self.top + y, STUB, self.layout.thickness(folded.moves));
                canvas.rect(area, Paint::pattern("url(#flow-fold)"));
            });
        }
    }

    /// Numbers on the ribbons that have room for them, and beside those who left.
    fn labels(&self, canvas: &mut Canvas) {
        for (index, edge) in self.graph.edges.iter().enumerate() {
            let thickness = self.layout.thickness(edge.count());
            let Some(track) = self.layout.tracks.get(index) else { continue };
            let share = self.share(edge.transition.instances);
            match edge.kind {
                Kind::Left => {
                    let Some(y) = track.get(1) else { continue };
                    let at = (
                        self.x(edge.from + 1) + BAR + 4.0,
                        self.top + y + (thickness / 2.0).max(2.0) + 4.0,
                    );
                    let verb = if self.has_design() { "left" } else { "ended" };
                    canvas.text(at, ON_RIBBON, &format!("{} {verb}{share}", compact(edge.count())));
                }
                Kind::Departure if thickness >= 9.0 => {
                    let Some((from, to)) = track.first().zip(track.get(1)) else { continue };
                    let x = self.x(edge.from) + self.step * 0.5;
                    let y = self.top + (from + to + thickness) / 2.0 + 4.0;
                    canvas.text((x, y), ON_RIBBON.centred(), &compact(edge.count()));
                }
                Kind::Back => {
                    let Some(lane) = self.layout.lanes.get(&index) else { continue };
                    let x = (self.x(edge.from) + BAR + self.x(edge.to)) / 2.0;
                    let words = format!("{} back{share}", compact(edge.count()));
                    canvas.text((x, self.top + lane + 4.0), ON_RIBBON.centred(), &words);
                }
                _ => {}
            }
        }
    }

    fn share(&self, instances: u64) -> String {
        match self.report.instances.total {
            0 => String::new(),
            total => format!(" · {}", percent(instances as f64 / total as f64)),
        }
    }

    /// Visits of the column and the share of instances that came there.
    fn totals(&self, place: usize) -> String {
        match self.columns.all.get(place.wrapping_sub(1)).map(|column| column.measured) {
            Some(Some(measured)) => {
                let words =
                    format!("{}{}", compact(measured.visits), self.share(measured.instances));
                SMALL.face().shorten(&words, self.step - 8.0)
            }
            Some(None) => "not measured".to_owned(),
            None if place == 0 => compact(self.report.instances.total),
            None => format!("{}{}", compact(self.ended()), self.share(self.ended())),
        }
    }

    /// Instances whose last move was to the end, as designed; without a design every end is drawn as one.
    fn ended(&self) -> u64 {
        self.graph.volume(self.columns.all.len() + 1)
    }

    fn totals_sentence(&self, place: usize) -> String {
        let total = count(self.report.instances.total);
        match self.columns.all.get(place.wrapping_sub(1)) {
            Some(column) => match column.measured {
                Some(m) => format!(
                    "{}: {} visits in {} of {total} instances; {} visits directly again",
                    column.title,
                    count(m.visits),
                    count(m.instances),
                    count(m.self_loops)
                ),
                None => format!("{}: not measured", column.title),
            },
            None if place == 0 => format!("{total} instances began"),
            None => format!("{} of {total} instances ended as designed", count(self.ended())),
        }
    }

    fn sentence(&self, edge: &Edge<'_>) -> String {
        let transition = edge.transition;
        let kind = match edge.kind {
            Kind::Designed => "designed",
            Kind::Departure if self.has_design() => "not designed",
            Kind::Departure => "walked",
            Kind::Back => "back again",
            Kind::Left => "left before the end",
        };
        let wait = distribution(&transition.wait_s)
            .map(|wait| format!("; wait {wait}"))
            .unwrap_or_default();
        format!(
            "{} → {}: {} moves in {} of {} instances, {kind}{wait}",
            self.columns.title(&transition.from),
            self.columns.title(&transition.to),
            count(transition.count),
            count(transition.instances),
            count(self.report.instances.total)
        )
    }

    fn summary(&self) -> String {
        let moves = |kind: Kind| -> u64 {
            self.graph.edges.iter().filter(|edge| edge.kind == kind).map(Edge::count).sum()
        };
        let folded = self.graph.folded;
        if !self.has_design() {
            return format!(
                "{} instances over {} touchpoints; {} moves are drawn forward, {} back; {} rare paths with {} moves are \
                 folded together. The table after the drawing lists every transition.",
                count(self.report.instances.total),
                self.columns.all.len(),
                count(moves(Kind::Departure)),
                count(moves(Kind::Back)),
                folded.paths,
                count(folded.moves)
            );
        }
        format!(
            "{} instances: {} moves follow the design, {} go elsewhere, {} go back, {} leave before the end; {} rare paths \
             with {} moves are folded together. The table after the drawing lists every departure.",
            count(self.report.instances.total),
            count(moves(Kind::Designed)),
            count(moves(Kind::Departure)),
            count(moves(Kind::Back)),
            count(moves(Kind::Left)),
            folded.paths,
            count(folded.moves)
        )
    }
}

fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Designed => "designed",
        Kind::Departure => "departure",
        Kind::Back => "back",
        Kind::Left => "left",
    }
}

/// A ribbon of one thickness from bar to bar, flat where it passes a place.
fn ribbon(tops: &[(f64, f64)], thickness: f64) -> String {
    let mut path = String::new();
    let last = tops.len().saturating_sub(1);
    // Along the upper side from left to right: out of the right side of each place into the left side of the next.
    for (i, (x, y)) in tops.iter().enumerate() {
        if i == 0 {
            path.push_str(&format!("M{} {}", px(x + BAR), px(*y)));
            continue;
        }
        let before = tops[i - 1];
        let (start, middle) = (before.0 + BAR, (before.0 + BAR + x) / 2.0);
        debug_assert!(start <= *x, "places stand apart");
        path.push_str(&format!(
            "C{m} {} {m} {} {} {}",
            px(before.1),
            px(*y),
            px(*x),
            px(*y),
            m = px(middle)
        ));
        if i < last {
            path.push_str(&format!("L{} {}", px(x + BAR), px(*y)));
        }
    }
    for (i, (x, y)) in tops.iter().enumerate().rev() {
        let y = y + thickness;
        if i == last {
            path.push_str(&format!("L{} {}", px(*x), px(y)));
        } else {
            let after = tops[i + 1];
            let middle = (x + BAR + after.0) / 2.0;
            path.push_str(&format!(
                "C{m} {} {m} {} {} {}",
                px(after.1 + thickness),
                px(y),
                px(x + BAR),
                px(y),
                m = px(middle)
            ));
            if i > 0 {
                path.push_str(&format!("L{} {}", px(*x), px(y)));
            }
        }
    }
    path.push('Z');
    path
}

fn arrow(canvas: &mut Canvas, (x, y): (f64, f64), colour: Colour) {
    let [x0, x1, up, down, y] = [x - 1.0, x + 7.0, y - 5.0, y + 5.0, y].map(px);
    canvas.path(&format!("M{x0} {up}L{x1} {y}L{x0} {down}Z"), Paint::fill(colour));
}

#[cfg(test)]
mod tests {
    use super::ribbon;

    #[test]
    fn a_ribbon_is_one_closed_outline() {
        let path = ribbon(&[(0.0, 0.0), (100.0, 20.0), (200.0, 0.0)], 10.0);
        assert_eq!(
            path,
            "M8 0C54 0 54 20 100 20L108 20C154 20 154 0 200 0L200 10C154 10 154 30 108 30L100 30C54 30 54 10 8 10Z"
        );
    }
}
