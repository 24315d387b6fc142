//! A planned change: those who got it and those who did not, before and after.
//!
//! The changed are a solid line with points, the others a dashed one with squares. The upright line is where the change came.

use super::canvas::{Canvas, Paint, Rect};
use super::line::{Frame, Plot};
use super::number::{count, percent, score};
use super::palette::Colour;
use super::table::{Cell, Table};
use super::{Style, Svg};
use crate::document::{Proof, ProofPoint};

/// `None` where no period has a value.
pub(super) fn draw(proof: &Proof, said: &str, (number, style): (usize, &Style)) -> Option<Svg> {
    let values = proof.points.iter().flat_map(|it| [it.changed, it.compared]).flatten();
    values.clone().next()?;
    let frame = Frame::of(style);
    let mut canvas = frame.canvas(style, &proof.title, said);
    let plot = Plot::around(values.clone(), proof.points.len(), frame.width);
    edges(&plot, &mut canvas, proof, values);
    if let Some(at) = changes(proof) {
        plot.upright(&mut canvas, at, Paint::stroke(Colour::Depart, 1.4));
    }
    let side = |value: fn(&ProofPoint) -> Option<f64>| -> Vec<Option<f64>> {
        proof.points.iter().map(value).collect()
    };
    let (changed, compared) = (side(|it| it.changed), side(|it| it.compared));
    plot.course(&mut canvas, &compared, Paint::stroke(Colour::Strong, 1.6).dash("5 4"));
    plot.course(&mut canvas, &changed, Paint::stroke(Colour::Accent, 1.8));
    for (at, point) in proof.points.iter().enumerate() {
        mark(&plot, &mut canvas, proof, (at, point));
    }
    plot.axis(&mut canvas, proof.points.iter().map(|point| point.from.as_str()));
    let summary = format!(
        "{} {}s; {said}. The table after the drawing holds the numbers.",
        proof.points.len(),
        proof.period
    );
    let size = (frame.width, frame.height);
    let id = format!("proof-{number}");
    let markup = canvas.finish(size, &id, (&proof.title, &summary));
    Some(Svg { markup, width: size.0, height: size.1, lanes: None, table: table(proof) })
}

/// The numbers behind the drawing.
pub(crate) fn table(proof: &Proof) -> Table {
    let has_others = proof.points.iter().any(|point| point.compared_n > 0);
    let names: &[&str] = if has_others {
        &["From", "Changed#", "n#", "Not changed#", "n#"]
    } else {
        &["From", "Value#", "n#"]
    };
    let mut table = Table::new(format!("{}, by {}", proof.title, proof.period), names);
    let number = |value: Option<f64>| {
        value.map_or(Cell::Nothing, |value| Cell::number(written(proof, value)))
    };
    for point in &proof.points {
        let mut row = vec![
            Cell::words(&point.from),
            number(point.changed),
            Cell::number(count(point.changed_n)),
        ];
        if has_others {
            row.extend([number(point.compared), Cell::number(count(point.compared_n))]);
        }
        table.push(row);
    }
    table
}

fn written(proof: &Proof, value: f64) -> String {
    match proof.question.as_deref() {
        Some(question) => score(question, value),
        None => percent(value),
    }
}

/// The highest and the lowest value at the left edge.
fn edges(
    plot: &Plot,
    canvas: &mut Canvas,
    proof: &Proof,
    values: impl Iterator<Item = f64> + Clone,
) {
    let (low, high) = (values.clone().reduce(f64::min), values.reduce(f64::max));
    for value in [low, high].into_iter().flatten() {
        plot.label(canvas, value, &written(proof, value));
    }
}

/// The first period that begins with the change or after it.
fn changes(proof: &Proof) -> Option<usize> {
    let day = proof.at.as_deref()?.get(..10)?;
    let at = proof.points.iter().position(|point| point.from.as_str() >= day)?;
    (at > 0).then_some(at)
}

fn mark(plot: &Plot, canvas: &mut Canvas, proof: &Proof, (at, point): (usize, &ProofPoint)) {
    let sentence = |name: &str, value: f64, n: u64| {
        format!("{}, {name}: {}, n = {}", point.from, written(proof, value), count(n))
    };
    let x = plot.x(at);
    if let Some(value) = point.compared {
        let y = plot.y(value);
        let title = sentence("not changed", value, point.compared_n);
        canvas.group(&[("data-from", point.from.as_str())], Some(&title), |canvas| {
            canvas.rect(Rect::new(x - 3.0, y - 3.0, 6.0, 6.0), Paint::fill(Colour::Strong));
        });
    }
    if let Some(value) = point.changed {
        let title = sentence("changed", value, point.changed_n);
        canvas.group(&[("data-from", point.from.as_str())], Some(&title), |canvas| {
            canvas.circle((x, plot.y(value)), 3.4, Paint::fill(Colour::Accent));
        });
    }
}
