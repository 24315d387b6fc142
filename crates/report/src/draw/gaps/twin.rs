//! Importance, targets and beliefs against what customers scored.

use crate::document::{Importance, Report};
use crate::draw::column::Columns;
use crate::draw::number::{
    count, decimal, percent, percent_interval, score, score_interval, score_sentence, signed,
};
use crate::draw::table::{Cell, Table};

/// A row for every touchpoint and question with a target, a belief or an importance; `None` when there is nothing.
pub(crate) fn gaps(columns: &Columns<'_>, report: &Report) -> Option<Table> {
    let names =
        ["Touchpoint", "Importance", "Customers scored", "Target − score", "Belief − score"];
    let mut table = Table::new("Importance, targets and beliefs", &names);
    for touchpoint in &report.touchpoints {
        let column = columns.all.iter().find(|column| column.id == touchpoint.id);
        let title = columns.title(&touchpoint.id);
        let stated =
            column.and_then(|column| column.design).and_then(|design| design.importance.as_ref());
        let mut questions: Vec<&String> =
            touchpoint.target_gap.keys().chain(touchpoint.belief_gap.keys()).collect();
        questions.sort();
        questions.dedup();
        let mut importance = Some(importance(touchpoint.importance.as_ref(), stated));
        if questions.is_empty() && matches!(importance, Some(Cell::Nothing)) {
            continue;
        }
        if questions.is_empty() {
            let cell = importance.take().unwrap_or(Cell::Nothing);
            table.push(vec![Cell::words(title), cell, Cell::Nothing, Cell::Nothing, Cell::Nothing]);
        }
        for question in questions {
            let scored = touchpoint.scores.get(question).filter(|s| s.n > 0);
            table.push(vec![
                Cell::Both(title.to_owned(), question.clone()),
                importance.take().unwrap_or(Cell::Nothing),
                scored.map_or(Cell::Nothing, |s| Cell::Words(score_sentence(question, s))),
                touchpoint.target_gap.get(question).map_or(Cell::Nothing, |gap| {
                    let interval = interval(question, gap.low, gap.high);
                    let target = score(question, gap.target);
                    Cell::Both(
                        format!("{}{interval}", signed(gap.gap, 2)),
                        format!("target {target}, n\u{a0}=\u{a0}{}", count(gap.n)),
                    )
                }),
                touchpoint.belief_gap.get(question).map_or(Cell::Nothing, |gap| {
                    let interval = interval(question, gap.low, gap.high);
                    let by = gap.by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
                    let belief = score(question, gap.belief);
                    Cell::Both(
                        format!("{}{interval}", signed(gap.gap, 2)),
                        format!("believed {belief}{by}, n\u{a0}=\u{a0}{}", count(gap.n)),
                    )
                }),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

fn interval(question: &str, low: Option<f64>, high: Option<f64>) -> String {
    let written = match question {
        "nps" => score_interval(question, low, high),
        _ => low.zip(high).map(|(low, high)| format!("{} to {}", signed(low, 2), signed(high, 2))),
    };
    written.map(|interval| format!(" [{interval}]")).unwrap_or_default()
}

/// Derived importance with its interval, and what the document states.
fn importance(derived: Option<&Importance>, stated: Option<&model::journey::Importance>) -> Cell {
    let derived = derived.map(|importance| {
        let interval = percent_interval(importance.low, importance.high)
            .map(|i| format!(" [{i}]"))
            .unwrap_or_default();
        format!("{}{interval}, {}", percent(importance.share), importance.method.replace('_', " "))
    });
    let mut parts = Vec::new();
    if let Some(stated) = stated {
        parts.extend(stated.customer.map(|value| format!("customers {} of 5", decimal(value, 1))));
        parts.extend(stated.company.map(|value| format!("company {} of 5", decimal(value, 1))));
    }
    let stated =
        if parts.is_empty() { String::new() } else { format!("stated: {}", parts.join(", ")) };
    match (derived, stated) {
        (Some(derived), stated) if stated.is_empty() => Cell::Words(derived),
        (Some(derived), stated) => Cell::Both(derived, stated),
        (None, stated) if stated.is_empty() => Cell::Nothing,
        (None, stated) => Cell::Words(stated),
    }
}
