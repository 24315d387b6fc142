//! What was measured at each touchpoint: reach, score, defects, waiting time, verdicts.
//!
//! Every cell has the number, its interval, and a track on which the interval is drawn before the point.

use crate::document::{Share, Verdict};
use crate::draw::canvas::{Canvas, Paint, Rect, Words};
use crate::draw::column::{Column, Columns, FIRM, SHOWN};
use crate::draw::number::{
    compact, complement, count, distribution, duration, percent, score, score_interval,
    score_sentence, score_value, share,
};
use crate::draw::palette::Colour;
use crate::draw::table::verdict_sign;
use crate::draw::wrap::Face;

use super::{Grid, LANE, PAD, Row, SMALL};

const VALUE: Words = Words::new(Face::new(12.0, 650), Colour::Ink);
const TRACKED: f64 = 33.0;
const PLAIN: f64 = 24.0;

pub(super) struct Measures<'a> {
    columns: &'a Columns<'a>,
    question: Option<&'static str>,
}

#[derive(Clone, Copy)]
enum Line {
    Reach,
    Score,
    Defects,
    Wait,
    Standards,
}

impl<'a> Measures<'a> {
    pub(super) fn new(columns: &'a Columns<'a>) -> Self {
        Self { columns, question: columns.score_question }
    }

    /// Scores and standards have lines where there is a design, or anything to show.
    fn lines(&self) -> Vec<Line> {
        let has_design = self.columns.journey.is_some();
        let has_standards =
            has_design || self.columns.all.iter().any(|column| !column.standards.is_empty());
        let mut lines = vec![Line::Reach];
        if has_design || self.question.is_some() {
            lines.push(Line::Score);
        }
        if has_standards {
            lines.push(Line::Defects);
        }
        lines.push(Line::Wait);
        if has_standards {
            lines.push(Line::Standards);
        }
        lines
    }

    fn name(&self, line: Line) -> String {
        match line {
            Line::Reach => "Reach, 95% CI".to_owned(),
            Line::Score => match self.question {
                Some("nps") => "NPS, 95% CI".to_owned(),
                Some("csat") => "CSAT, 95% CI".to_owned(),
                Some("ces") => "CES, 95% CI".to_owned(),
                Some(question) => format!("{question}, 95% CI"),
                None => "Score".to_owned(),
            },
            Line::Defects => "Defects, 95% CI".to_owned(),
            Line::Wait => "Wait before, p90".to_owned(),
            Line::Standards => "Standards".to_owned(),
        }
    }
}

impl Line {
    fn height(self) -> f64 {
        match self {
            Self::Reach | Self::Score | Self::Defects => TRACKED,
            Self::Wait | Self::Standards => PLAIN,
        }
    }
}

impl Row for Measures<'_> {
    fn height(&self) -> f64 {
        self.lines().iter().map(|line| line.height()).sum::<f64>() + 16.0
    }

    fn lane(&self, canvas: &mut Canvas, top: f64) {
        let mut y = top + 8.0;
        for line in self.lines() {
            let name = SMALL.face().shorten(&self.name(line), LANE - 20.0);
            canvas.text((14.0, y + 14.0), SMALL, &name);
            y += line.height();
        }
    }

    fn cells(&self, canvas: &mut Canvas, grid: &Grid, top: f64) {
        let mut y = top + 8.0;
        for line in self.lines() {
            for (i, column) in self.columns.all.iter().enumerate() {
                let at = Cell { x: grid.x(i) + PAD, y, width: grid.inner() };
                self.cell(canvas, line, &at, column);
            }
            y += line.height();
        }
    }
}

/// Where a cell's number stands.
struct Cell {
    x: f64,
    y: f64,
    width: f64,
}

impl Cell {
    fn baseline(&self) -> f64 {
        self.y + 14.0
    }

    fn track(&self) -> f64 {
        self.y + 22.0
    }

    /// The number, and its interval to the right of it.
    fn write(&self, canvas: &mut Canvas, value: Words, text: &str, interval: Option<String>) {
        canvas.text((self.x, self.baseline()), value, text);
        let Some(interval) = interval else { return };
        let start = self.x + value.face().width(text) + 5.0;
        let narrow = Words::new(SMALL.face(), Colour::Muted);
        if start + narrow.face().width(&interval) <= self.x + self.width + 2.0 {
            canvas.text((self.x + self.width, self.baseline()), narrow.right(), &interval);
        }
    }

    fn nothing(&self, canvas: &mut Canvas, words: &str) {
        canvas.text(
            (self.x, self.baseline()),
            SMALL.italic(),
            &SMALL.face().shorten(words, self.width),
        );
    }
}

impl Measures<'_> {
    fn cell(&self, canvas: &mut Canvas, line: Line, at: &Cell, column: &Column<'_>) {
        match line {
            Line::Reach => reach(canvas, at, column),
            Line::Score => self.score(canvas, at, column),
            Line::Defects => defects(canvas, at, column),
            Line::Wait => wait(canvas, at, column),
            Line::Standards => standards(canvas, at, column),
        }
    }

    fn score(&self, canvas: &mut Canvas, at: &Cell, column: &Column<'_>) {
        let answers = self
            .question
            .and_then(|question| Some((question, column.measured?.scores.get(question)?)));
        let Some((question, answered)) = answers.filter(|(_, score)| score.n > 0) else {
            at.nothing(canvas, "no answers");
            return;
        };
        let Some(value) = score_value(answered).filter(|_| answered.n >= SHOWN) else {
            at.nothing(canvas, &format!("n\u{a0}=\u{a0}{}, too few", answered.n));
            return;
        };
        let title = format!("{}: {question} {}", column.title, score_sentence(question, answered));
        canvas.group(
            &[("data-touchpoint", column.id), ("data-measure", question)],
            Some(&title),
            |canvas| {
                let is_firm = answered.n >= FIRM;
                let words = if is_firm {
                    VALUE
                } else {
                    Words::new(Face::new(12.0, 400), Colour::Muted).italic()
                };
                let interval = score_interval(question, answered.low, answered.high)
                    .map(|i| i.replace(" to ", "…"));
                at.write(canvas, words, &score(question, value), interval);
                let [bottom, top] = if question == "nps" {
                    [-100.0, 100.0]
                } else {
                    answered.scale.unwrap_or([1.0, 5.0])
                };
                let span = (top - bottom).max(f64::MIN_POSITIVE);
                let place =
                    |value: f64| at.x + ((value - bottom) / span).clamp(0.0, 1.0) * at.width;
                rail(canvas, at);
                let middle = at.x + at.width / 2.0;
                canvas.line(
                    (middle, at.track() - 2.5),
                    (middle, at.track() + 6.5),
                    Paint::stroke(Colour::Strong, 1.0),
                );
                if let (Some(low), Some(high)) = (answered.low, answered.high) {
                    whisker(canvas, at, (place(low), place(high)), Colour::Bar);
                }
                point(canvas, (place(value), at.track() + 2.0), is_firm);
            },
        );
    }
}

fn reach(canvas: &mut Canvas, at: &Cell, column: &Column<'_>) {
    let Some((measured, value)) = column.measured.and_then(|m| Some((m, m.reach.share?))) else {
        at.nothing(canvas, "no events");
        return;
    };
    let title = format!(
        "{}: reached by {}; {} visits",
        column.title,
        share(&measured.reach),
        count(measured.visits)
    );
    canvas.group(
        &[("data-touchpoint", column.id), ("data-measure", "reach")],
        Some(&title),
        |canvas| {
            at.write(canvas, VALUE, &percent(value), narrow_interval(&measured.reach));
            rail(canvas, at);
            canvas.rect(
                Rect::new(at.x, at.track(), at.width * value, 4.0),
                Paint::fill(Colour::Bar).radius(2.0),
            );
            if let (Some(low), Some(high)) = (measured.reach.low, measured.reach.high) {
                let (low, high) = (at.x + low * at.width, at.x + high * at.width);
                canvas.line(
                    (low, at.track() + 2.0),
                    (high, at.track() + 2.0),
                    Paint::stroke(Colour::AccentInk, 1.4),
                );
            }
        },
    );
}

/// The worst standard's share of failures.
fn defects(canvas: &mut Canvas, at: &Cell, column: &Column<'_>) {
    let Some(worst) = column.standards.first() else {
        at.nothing(canvas, "no standard");
        return;
    };
    let broken = complement(&worst.kept_share);
    let Some(value) = broken.share else {
        at.nothing(canvas, &format!("{} checks", count(worst.kept + worst.broken)));
        return;
    };
    let promised = 1.0 - worst.promise;
    let title = format!(
        "{}: {} failed in {}; {} allowed",
        column.title,
        worst.text,
        share(&broken),
        percent(promised + worst.tolerance)
    );
    let keys = [("data-touchpoint", column.id), ("data-standard", worst.id.as_str())];
    canvas.group(&keys, Some(&title), |canvas| {
        let is_defective = worst.verdict == Verdict::Defective;
        let (text, ink) = if is_defective {
            (format!("▲ {}", percent(value)), Colour::DepartInk)
        } else {
            (percent(value), Colour::Ink)
        };
        let words = Words::new(VALUE.face(), ink);
        if is_defective {
            let width = words.face().width(&text) + 6.0;
            canvas.rect(
                Rect::new(at.x - 4.0, at.y + 1.0, width, 18.0),
                Paint::fill(Colour::DepartWeak).radius(3.0),
            );
        }
        at.write(canvas, words, &text, narrow_interval(&broken));
        rail(canvas, at);
        let colour = if is_defective { Colour::Depart } else { Colour::Strong };
        let place = |share: f64| at.x + share.clamp(0.0, 1.0) * at.width;
        if let (Some(low), Some(high)) = (broken.low, broken.high) {
            whisker(canvas, at, (place(low), place(high)), colour);
        }
        let promise = place(promised + worst.tolerance);
        canvas.line(
            (promise, at.track() - 3.0),
            (promise, at.track() + 7.0),
            Paint::stroke(Colour::Ink, 1.0),
        );
    });
}

fn wait(canvas: &mut Canvas, at: &Cell, column: &Column<'_>) {
    let wait = column.measured.map(|measured| &measured.wait_s);
    let Some((wait, p90)) = wait.and_then(|wait| Some((wait, wait.p90?))) else {
        canvas.text((at.x, at.baseline()), SMALL, "–");
        return;
    };
    let title =
        format!("{}: wait before it {}", column.title, distribution(wait).unwrap_or_default());
    canvas.group(
        &[("data-touchpoint", column.id), ("data-measure", "wait")],
        Some(&title),
        |canvas| {
            at.write(canvas, VALUE, &duration(p90), Some(format!("n {}", compact(wait.n))));
        },
    );
}

fn standards(canvas: &mut Canvas, at: &Cell, column: &Column<'_>) {
    if column.standards.is_empty() {
        canvas.text((at.x, at.baseline()), SMALL, "– no standard");
        return;
    }
    let kinds: Vec<(Verdict, usize)> = [Verdict::Defective, Verdict::NotProven, Verdict::Meets]
        .into_iter()
        .map(|verdict| (verdict, column.count(verdict)))
        .filter(|(_, n)| *n > 0)
        .collect();
    let titles: Vec<String> = column
        .standards
        .iter()
        .map(|s| {
            format!(
                "{} {}: kept in {}",
                verdict_sign(Some(s.verdict)).1,
                s.text,
                share(&s.kept_share)
            )
        })
        .collect();
    canvas.group(
        &[("data-touchpoint", column.id), ("data-measure", "standards")],
        Some(&titles.join("\n")),
        |canvas| {
            let mut x = at.x;
            for (verdict, n) in &kinds {
                let (glyph, word) = verdict_sign(Some(*verdict));
                let text = match (kinds.len(), n) {
                    (1, 1) => format!("{glyph} {word}"),
                    (1, n) => format!("{glyph} {n} {word}"),
                    (_, n) => format!("{glyph} {n}"),
                };
                x += chip(canvas, (x, at.y + 1.0), *verdict, &text) + 4.0;
            }
        },
    );
}

fn chip(canvas: &mut Canvas, (x, y): (f64, f64), verdict: Verdict, text: &str) -> f64 {
    let (ground, ink) = match verdict {
        Verdict::Meets => (Colour::GoodWeak, Colour::GoodInk),
        Verdict::Defective => (Colour::DepartWeak, Colour::DepartInk),
        Verdict::NotProven => (Colour::Card, Colour::Muted),
    };
    let face = Face::new(11.0, 600);
    let width = face.width(text) + 12.0;
    canvas.rect(Rect::new(x, y, width, 18.0), Paint::fill(ground).radius(9.0));
    canvas.text((x + width / 2.0, y + 13.0), Words::new(face, ink).centred(), text);
    width
}

fn rail(canvas: &mut Canvas, at: &Cell) {
    canvas.rect(Rect::new(at.x, at.track(), at.width, 4.0), Paint::fill(Colour::Card).radius(2.0));
}

fn whisker(canvas: &mut Canvas, at: &Cell, (low, high): (f64, f64), colour: Colour) {
    let width = (high - low).max(2.0);
    canvas.rect(Rect::new(low, at.track(), width, 4.0), Paint::fill(colour).radius(2.0));
}

/// A tick as narrow as it is exact; hollow where few answered.
fn point(canvas: &mut Canvas, (x, y): (f64, f64), is_firm: bool) {
    if is_firm {
        canvas.rect(
            Rect::new(x - 1.25, y - 5.0, 2.5, 10.0),
            Paint::fill(Colour::AccentInk).radius(1.0),
        );
    } else {
        canvas.circle((x, y), 3.2, Paint::fill(Colour::Surface).outline(Colour::AccentInk, 1.4));
    }
}

/// `90–96`: whole percents, with a decimal where they would fall together.
fn narrow_interval(share: &Share) -> Option<String> {
    let (low, high) = (share.low? * 100.0, share.high? * 100.0);
    let decimals = if high - low < 2.0 { 1 } else { 0 };
    Some(format!("{low:.decimals$}–{high:.decimals$}"))
}
