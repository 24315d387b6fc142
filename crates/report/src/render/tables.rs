//! The report's tables, the same for every form of it.

mod change;
mod defects;
mod drivers;
mod experience;
mod heard;
mod paths;
mod standards;
mod words;

pub(super) use change::{comparison, over_time, proofs, respondents};
pub(super) use defects::{cadence, leaving, money, risk_strata, sentences, yields};
pub(super) use drivers::drivers;
pub(super) use experience::{curve, experience, feelings, kano, predicts};
pub(super) use heard::{strata, weighed};
pub(super) use paths::{abandoned, back_and_forth, departures, deviations, funnel, variants};
pub(super) use standards::{standards, standards_in_detail};
pub(super) use words::{coding, latest_themes, latest_words, phrases, suggested, telling, themes};

use crate::document::{Distribution, Report};
use crate::draw::Columns;
use crate::draw::number::{self, count, duration, percent, score_sentence};
use crate::draw::{Cell, Table, verdict_sign};

/// A row a touchpoint, narrow enough for a terminal.
pub(super) fn touchpoints(columns: &Columns<'_>, report: &Report) -> Table {
    let mut table = Table::new(
        "Touchpoints",
        &["Touchpoint", "Reach", "Visits#", "Wait before it, median / p90", "Scores", "Verdicts"],
    );
    for column in &columns.all {
        let Some(measured) = column.measured else {
            let nothing = || Cell::Nothing;
            table.push(vec![
                Cell::words(column.title),
                nothing(),
                nothing(),
                nothing(),
                nothing(),
                nothing(),
            ]);
            continue;
        };
        let scores: Vec<String> = measured
            .scores
            .iter()
            .filter(|(_, score)| score.n > 0)
            .map(|(question, score)| match column.score(question) {
                Some(score) => format!(
                    "{question} {}{}",
                    score_sentence(question, score),
                    super::words::late(score)
                ),
                None => format!("{question} n\u{a0}=\u{a0}{}, too few", score.n),
            })
            .collect();
        table.push(vec![
            match column.owner() {
                None if columns.journey.is_some() => {
                    Cell::Both(column.title.to_owned(), "▲ no owner".to_owned())
                }
                _ => Cell::words(column.title),
            },
            Cell::Share(measured.reach.clone(), None),
            Cell::number(count(measured.visits)),
            wait(&measured.wait_s),
            if scores.is_empty() { Cell::Nothing } else { Cell::Words(scores.join("; ")) },
            verdict_counts(column.standards.iter().map(|standard| standard.verdict)),
        ]);
    }
    if columns.left_out > 0 {
        let all = report.touchpoints.len();
        table.caption =
            format!("Touchpoints: the {} most visited of {}", columns.all.len(), count(all as u64));
    }
    table
}

fn wait(wait: &Distribution) -> Cell {
    match (wait.median, wait.p90) {
        (Some(median), Some(p90)) => {
            Cell::Both(format!("{} / {}", duration(median), duration(p90)), number::n(wait.n))
        }
        _ => Cell::Nothing,
    }
}

/// `▲ 1 ● 2`, or the one verdict in words.
fn verdict_counts(verdicts: impl Iterator<Item = crate::document::Verdict>) -> Cell {
    let all: Vec<_> = verdicts.collect();
    match all.as_slice() {
        [] => Cell::Verdict(None),
        [only] => Cell::Verdict(Some(*only)),
        _ => {
            use crate::document::Verdict::{Defective, Meets, NotProven};
            let counts = [Defective, NotProven, Meets].map(|verdict| {
                let n = all.iter().filter(|other| **other == verdict).count();
                let (glyph, word) = verdict_sign(Some(verdict));
                (n, format!("{glyph} {n} {word}"))
            });
            let words: Vec<String> =
                counts.into_iter().filter(|(n, _)| *n > 0).map(|(_, words)| words).collect();
            Cell::Words(words.join(", "))
        }
    }
}

/// The promised share, and the tolerance where there is one.
fn promise(promise: f64, tolerance: f64) -> Cell {
    if tolerance > 0.0 {
        Cell::Measure(percent(promise), format!("less {}", percent(tolerance)))
    } else {
        Cell::number(percent(promise))
    }
}
