//! The map's numbers as a table.

use crate::draw::column::{Column, Columns, SCORE_QUESTIONS};
use crate::draw::number::{
    complement, count, distribution, percent, score_sentence, share, signed,
};
use crate::draw::table::{Cell, Table, verdict_sign};

use super::feeling;

pub(super) fn table(columns: &Columns<'_>) -> Table {
    let has_design = columns.journey.is_some();
    let mut names = vec!["Touchpoint", "Visits#", "Reach#", "Wait before it"];
    if has_design {
        names.extend([
            "Assumed feeling#",
            "Measured feeling",
            "Scores",
            "Worst standard: defects",
            "Verdicts",
            "Owner",
        ]);
    } else {
        names.push("Scores");
    }
    let caption = if has_design { "The map's numbers by touchpoint" } else { "Walked touchpoints" };
    let mut table = Table::new(caption, &names);
    let question = columns.feeling_question;
    for column in &columns.all {
        let mut row = measured(columns, column);
        let scores = scores(column);
        if has_design {
            let felt = question.and_then(|question| feeling(column, question));
            let assumed = column.design.and_then(|design| design.feels.as_ref());
            row.push(
                assumed.map_or(Cell::Nothing, |f| {
                    Cell::Measure(signed(f.valence, 2), f.label.clone())
                }),
            );
            row.push(felt.map_or(Cell::Nothing, |felt| Cell::words(felt.sentence())));
            row.extend([scores, defects(column), verdicts(column), Cell::owner(column.owner())]);
        } else {
            row.push(scores);
        }
        table.push(row);
    }
    table
}

fn measured(columns: &Columns<'_>, column: &Column<'_>) -> Vec<Cell> {
    let stage = column.stage.and_then(|at| Some(columns.journey?.stages.get(at)?.title.clone()));
    let name = match stage {
        Some(stage) => Cell::Both(column.title.to_owned(), stage),
        None => Cell::words(column.title),
    };
    let Some(measured) = column.measured else {
        return vec![name, Cell::Nothing, Cell::Nothing, Cell::Nothing];
    };
    let wait = distribution(&measured.wait_s).map_or(Cell::Nothing, Cell::Words);
    vec![
        name,
        Cell::number(count(measured.visits)),
        Cell::Share(measured.reach.clone(), None),
        wait,
    ]
}

/// Every question asked here, in the order of the map's preference, then by name.
fn scores(column: &Column<'_>) -> Cell {
    let Some(measured) = column.measured else { return Cell::Nothing };
    let place = |question: &str| {
        SCORE_QUESTIONS.iter().position(|known| *known == question).unwrap_or(usize::MAX)
    };
    let mut questions: Vec<&String> = measured.scores.keys().collect();
    questions.sort_by_key(|question| (place(question), question.as_str()));
    let parts: Vec<String> = questions
        .into_iter()
        .filter_map(|question| measured.scores.get(question).map(|score| (question, score)))
        .filter(|(_, score)| score.n > 0)
        .map(|(question, score)| match column.score(question) {
            Some(score) => format!("{question} {}", score_sentence(question, score)),
            None => format!("{question}: n\u{a0}=\u{a0}{}, too few", score.n),
        })
        .collect();
    if parts.is_empty() { Cell::Nothing } else { Cell::Words(parts.join("; ")) }
}

fn defects(column: &Column<'_>) -> Cell {
    let Some(worst) = column.standards.first() else { return Cell::Nothing };
    let allowed = percent((1.0 - worst.promise + worst.tolerance).min(1.0));
    Cell::Both(share(&complement(&worst.kept_share)), format!("{}; {allowed} allowed", worst.text))
}

fn verdicts(column: &Column<'_>) -> Cell {
    if column.standards.is_empty() {
        return Cell::Verdict(None);
    }
    if let [only] = column.standards.as_slice() {
        return Cell::Verdict(Some(only.verdict));
    }
    let words = column.standards.iter().map(|standard| {
        let (glyph, word) = verdict_sign(Some(standard.verdict));
        format!("{glyph} {word}: {}", standard.text)
    });
    Cell::Words(words.collect::<Vec<_>>().join("; "))
}
