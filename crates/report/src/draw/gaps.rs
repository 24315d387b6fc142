//! What customers scored against what was wanted and what the company believed, the most important touchpoint first.
//!
//! Belief and score are two series of one kind on one axis: the belief a grey diamond, the score its interval and a tick,
//! the target an upright line. Each row has its question's own scale from end to end.

mod twin;

use super::canvas::{Canvas, Paint, Rect, Words};
use super::column::{Column, Columns, FIRM};
use super::markup::px;
use super::number::{
    count, decimal, percent, percent_interval, score_sentence, score_value, signed,
};
use super::palette::Colour;
use super::wrap::Face;
use super::{Style, Svg};
use crate::document::{BeliefGap, Importance, Report, Score, TargetGap};

pub(crate) use twin::gaps as table;

const ROW: f64 = 34.0;
const TOP: f64 = 58.0;
const TITLE_WIDTH: f64 = 250.0;
const IMPORTANCE: f64 = 150.0;
const WIDEST: f64 = 1240.0;
const MARGIN: f64 = 16.0;
/// Room for the gaps in words, to the right of the track.
const WORDS: f64 = 250.0;

const TITLE: Words = Words::new(Face::new(12.0, 600), Colour::Ink);
const SMALL: Words = Words::new(Face::new(11.0, 400), Colour::Muted);

struct Row<'a> {
    column: &'a Column<'a>,
    question: &'a str,
    score: &'a Score,
    target: Option<&'a TargetGap>,
    belief: Option<&'a BeliefGap>,
    importance: Option<&'a Importance>,
}

/// Nothing when no answered question has a target or a belief beside it.
pub(super) fn draw(columns: &Columns<'_>, report: &Report, style: &Style) -> Option<Svg> {
    let rows = rows(columns);
    let table = table(columns, report)?;
    if rows.is_empty() {
        return None;
    }
    let width = style.width.clamp(860.0, WIDEST);
    let height = TOP + rows.len() as f64 * ROW + 8.0;
    let mut canvas = Canvas::new(style.theme);
    canvas.rect(Rect::new(0.0, 0.0, width, height), Paint::fill(Colour::Surface));
    let axis =
        Axis { left: MARGIN + TITLE_WIDTH + IMPORTANCE + 40.0, right: width - MARGIN - WORDS };
    legend(&mut canvas, &axis);
    let heaviest = rows
        .iter()
        .filter_map(|row| row.importance)
        .map(|i| i.high.unwrap_or(i.share))
        .fold(0.0, f64::max);
    for (i, row) in rows.iter().enumerate() {
        let y = TOP + i as f64 * ROW;
        canvas.line((MARGIN, y), (width - MARGIN, y), Paint::stroke(Colour::Line, 1.0));
        canvas.group(
            &[("data-touchpoint", row.column.id), ("data-measure", row.question)],
            Some(&row.sentence()),
            |c| {
                row.draw(c, &axis, (y, heaviest));
            },
        );
    }
    let summary = format!(
        "{} rows, the most important touchpoint first. The table after the drawing holds the same numbers.",
        rows.len()
    );
    let markup =
        canvas.finish((width, height), "gaps", ("Scores against targets and beliefs", &summary));
    Some(Svg { markup, width, height, lanes: None, table })
}

fn rows<'a>(columns: &'a Columns<'a>) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for column in &columns.all {
        let Some(measured) = column.measured else { continue };
        for question in measured.scores.keys() {
            let (target, belief) =
                (measured.target_gap.get(question), measured.belief_gap.get(question));
            let Some(score) =
                column.score(question).filter(|_| target.is_some() || belief.is_some())
            else {
                continue;
            };
            rows.push(Row {
                column,
                question,
                score,
                target,
                belief,
                importance: measured.importance.as_ref(),
            });
        }
    }
    let weight = |row: &Row<'_>| row.importance.map_or(-1.0, |importance| importance.share);
    rows.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    rows
}

/// From the lowest possible answer to the highest.
struct Axis {
    left: f64,
    right: f64,
}

impl Axis {
    fn place(&self, value: f64, [bottom, top]: [f64; 2]) -> f64 {
        let span = (top - bottom).max(f64::MIN_POSITIVE);
        self.left + ((value - bottom) / span).clamp(0.0, 1.0) * (self.right - self.left)
    }
}

fn legend(canvas: &mut Canvas, axis: &Axis) {
    let y = 20.0;
    let mut x = axis.left;
    diamond(canvas, (x + 6.0, y - 4.0));
    canvas.text((x + 18.0, y), SMALL, "Company’s belief");
    x += 18.0 + SMALL.face().width("Company’s belief") + 18.0;
    canvas.rect(Rect::new(x, y - 7.0, 22.0, 6.0), Paint::fill(Colour::Band));
    tick(canvas, (x + 11.0, y - 4.0), true);
    canvas.text((x + 28.0, y), SMALL, "Customers’ score, 95% CI");
    x += 28.0 + SMALL.face().width("Customers’ score, 95% CI") + 18.0;
    canvas.line((x + 2.0, y - 11.0), (x + 2.0, y + 3.0), Paint::stroke(Colour::Ink, 1.6));
    canvas.text((x + 10.0, y), SMALL, "Target");
    canvas.text((MARGIN, TOP - 10.0), SMALL, "Touchpoint and question");
    canvas.text((MARGIN + TITLE_WIDTH, TOP - 10.0), SMALL, "Importance, 95% CI");
    canvas.text((axis.left, TOP - 10.0), SMALL, "lowest answer");
    canvas.text((axis.right, TOP - 10.0), SMALL.right(), "highest answer");
    canvas.text((axis.right + 18.0, TOP - 10.0), SMALL, "Gaps");
}

impl Row<'_> {
    fn scale(&self) -> [f64; 2] {
        if self.question == "nps" {
            [-100.0, 100.0]
        } else {
            self.score.scale.unwrap_or([1.0, 5.0])
        }
    }

    fn draw(&self, canvas: &mut Canvas, axis: &Axis, (top, heaviest): (f64, f64)) {
        let (middle, baseline) = (top + ROW / 2.0, top + ROW / 2.0 + 4.0);
        let question = format!(
            "{} {}–{}",
            self.question,
            decimal(self.scale()[0], 0),
            decimal(self.scale()[1], 0)
        );
        let room = TITLE_WIDTH - SMALL.face().width(&question) - 26.0;
        let title = TITLE.face().shorten(self.column.title, room);
        canvas.text((MARGIN, baseline), TITLE, &title);
        canvas.text((MARGIN + TITLE_WIDTH - 18.0, baseline), SMALL.right(), &question);
        self.draw_importance(canvas, (middle, heaviest));
        canvas.rect(
            Rect::new(axis.left, middle - 2.0, axis.right - axis.left, 4.0),
            Paint::fill(Colour::Card).radius(2.0),
        );
        self.draw_series(canvas, axis, middle);
        canvas.text(
            (axis.right + 18.0, baseline),
            SMALL,
            &SMALL.face().shorten(&self.gaps(), WORDS - 10.0),
        );
    }

    fn draw_importance(&self, canvas: &mut Canvas, (middle, heaviest): (f64, f64)) {
        let x = MARGIN + TITLE_WIDTH;
        let Some(importance) = self.importance else {
            canvas.text((x, middle + 4.0), SMALL.italic(), "not derived");
            return;
        };
        let room = IMPORTANCE - 44.0;
        let at = |share: f64| x + share.max(0.0) / heaviest.max(f64::MIN_POSITIVE) * room;
        canvas.rect(
            Rect::new(x, middle - 4.0, at(importance.share) - x, 8.0),
            Paint::fill(Colour::Bar).radius(2.0),
        );
        if let (Some(low), Some(high)) = (importance.low, importance.high) {
            canvas.line(
                (at(low), middle),
                (at(high), middle),
                Paint::stroke(Colour::AccentInk, 1.4),
            );
        }
        canvas.text((x + IMPORTANCE, middle + 4.0), SMALL.right(), &percent(importance.share));
    }

    fn draw_series(&self, canvas: &mut Canvas, axis: &Axis, middle: f64) {
        let place = |value: f64| axis.place(value, self.scale());
        let Some(score) = score_value(self.score).map(place) else { return };
        let belief = self.belief.map(|gap| place(gap.belief));
        if let Some(belief) = belief {
            canvas.line(
                (score, middle),
                (belief, middle),
                Paint::stroke(Colour::Strong, 1.2).dash("4 3"),
            );
        }
        if let (Some(low), Some(high)) = (self.score.low.map(place), self.score.high.map(place)) {
            canvas.rect(
                Rect::new(low, middle - 5.0, (high - low).max(2.0), 10.0),
                Paint::fill(Colour::Band).radius(2.0),
            );
        }
        if let Some(target) = self.target.map(|gap| place(gap.target)) {
            canvas.line(
                (target, middle - 9.0),
                (target, middle + 9.0),
                Paint::stroke(Colour::Ink, 1.6),
            );
        }
        if let Some(belief) = belief {
            diamond(canvas, (belief, middle));
        }
        tick(canvas, (score, middle), self.score.n >= FIRM);
    }

    /// Only a gap whose interval leaves zero is said to be one.
    fn gaps(&self) -> String {
        let mut parts = Vec::new();
        if let Some(gap) = self.target {
            parts.push(match gap.low.zip(gap.high) {
                Some((low, _)) if low > 0.0 => format!("{} to the target", signed(gap.gap, 2)),
                Some((_, high)) if high < 0.0 => "above the target".to_owned(),
                _ => "target: no gap proven".to_owned(),
            });
        }
        if let Some(gap) = self.belief {
            parts.push(match gap.low.zip(gap.high) {
                Some((low, _)) if low > 0.0 => format!("{} illusion", signed(gap.gap, 2)),
                Some((_, high)) if high < 0.0 => format!("{} too modest", signed(gap.gap, 2)),
                _ => "belief holds".to_owned(),
            });
        }
        parts.join(" · ")
    }

    fn sentence(&self) -> String {
        let mut parts = vec![format!(
            "{}: customers scored {} {}",
            self.column.title,
            self.question,
            score_sentence(self.question, self.score)
        )];
        parts.extend(self.target.map(|gap| format!("target {}", decimal(gap.target, 2))));
        parts.extend(self.belief.map(|gap| {
            format!("believed {}, n\u{a0}=\u{a0}{}", decimal(gap.belief, 2), count(gap.n))
        }));
        parts.extend(self.importance.map(|importance| {
            let interval = percent_interval(importance.low, importance.high).unwrap_or_default();
            format!("importance {} [{interval}], {}", percent(importance.share), importance.method)
        }));
        parts.join("; ")
    }
}

fn diamond(canvas: &mut Canvas, (x, y): (f64, f64)) {
    let [left, right, up, down, x, y] = [x - 6.0, x + 6.0, y - 6.0, y + 6.0, x, y].map(px);
    let outline = format!("M{x} {up}L{right} {y}L{x} {down}L{left} {y}Z");
    canvas.path(&outline, Paint::fill(Colour::Surface).outline(Colour::Strong, 1.6));
}

fn tick(canvas: &mut Canvas, (x, y): (f64, f64), is_firm: bool) {
    if is_firm {
        canvas.rect(
            Rect::new(x - 1.5, y - 7.0, 3.0, 14.0),
            Paint::fill(Colour::AccentInk).radius(1.0),
        );
    } else {
        canvas.circle((x, y), 4.0, Paint::fill(Colour::Surface).outline(Colour::AccentInk, 1.6));
    }
}
