//! What customers write: themes, words that tell the unhappy from the happy, phrases, and themes that might be named.

use crate::document::{Theme, Words};
use crate::draw::number::{count, decimal, signed};
use crate::draw::{Cell, Columns, Table};

pub(in crate::render) fn themes(columns: &Columns<'_>, words: &Words) -> Table {
    let names =
        ["Theme", "Customers who wrote", "Complaints", "Score of 10", "Said most at", "A measure?"];
    let mut table = Table::new("Themes in what customers write", &names);
    for theme in &words.themes {
        let at = theme.touchpoints.first();
        table.push(vec![
            Cell::Both(theme.title.clone(), theme.id.clone()),
            theme.customers.clone().map_or(few(), |share| Cell::Share(share, None)),
            theme.complaints.clone().map_or(few(), |share| Cell::Share(share, None)),
            score(theme),
            at.map_or(Cell::Nothing, |at| Cell::words(columns.title(&at.touchpoint))),
            match &theme.why_not {
                None => Cell::words("yes"),
                Some(why) => Cell::Words(why.clone()),
            },
        ]);
    }
    table
}

fn few() -> Cell {
    Cell::words("under 5 customers")
}

fn score(theme: &Theme) -> Cell {
    let Some(score) = &theme.score else { return Cell::Nothing };
    let Some(value) = score.value else { return Cell::Nothing };
    Cell::Words(match score.low.zip(score.high) {
        Some((low, high)) => {
            format!("{} [{}–{}]", decimal(value, 1), decimal(low, 1), decimal(high, 1))
        }
        None => decimal(value, 1),
    })
}

pub(in crate::render) fn telling(words: &Words) -> Option<Table> {
    let telling = words.unhappy.as_ref().filter(|telling| !telling.words.is_empty())?;
    let names =
        ["Word", "Unhappy customers#", "Happy customers#", "Times as often, log₂#", "G²#", "z#"];
    let caption = format!(
        "Words that tell {} unhappy customers from {} happy ones",
        count(telling.unhappy),
        count(telling.happy)
    );
    let mut table = Table::new(caption, &names);
    for word in &telling.words {
        table.push(vec![
            Cell::words(&word.word),
            Cell::number(count(word.unhappy)),
            Cell::number(count(word.happy)),
            Cell::number(signed(word.log_ratio, 1)),
            Cell::number(decimal(word.g2, 1)),
            Cell::number(signed(word.z, 1)),
        ]);
    }
    Some(table)
}

pub(in crate::render) fn suggested(words: &Words) -> Table {
    let mut table = Table::new(
        "Comments without a theme, in groups that might be named",
        &["Its words", "Customers#", "For instance"],
    );
    for group in &words.suggested {
        table.push(vec![
            Cell::Words(group.label.join(", ")),
            Cell::number(count(group.customers)),
            group.quotes.first().map_or(Cell::Nothing, |quote| Cell::Words(format!("“{quote}”"))),
        ]);
    }
    table
}

pub(in crate::render) fn phrases(words: &Words) -> Table {
    let mut table = Table::new("Phrases that customers use", &["Phrase", "Customers#"]);
    for phrase in &words.phrases {
        table.push(vec![Cell::words(&phrase.phrase), Cell::number(count(phrase.customers))]);
    }
    table
}
