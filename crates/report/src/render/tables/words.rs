//! What customers write: themes, words that tell the unhappy from the happy, phrases, and themes that might be named.

use crate::document::{Estimate, Share, Theme, Words};
use crate::draw::number::{count, decimal, n, percent, percent_interval, range, signed};
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

/// What people who coded by hand say of themes; `None` where nobody did.
pub(in crate::render) fn coding(words: &Words) -> Option<Table> {
    let names = [
        "Theme",
        "Kappa",
        "Between coders",
        "Found of those there",
        "Passed over of the others",
        "Customers, corrected",
        "Complaints, corrected",
    ];
    let mut table = Table::new("Themes against codes by hand", &names);
    for theme in &words.themes {
        let Some(coding) = &theme.coding else { continue };
        let kappa = |kappa: &Estimate, of: u64| match kappa.value {
            Some(value) => Cell::Both(decimals(value, kappa), n(of)),
            None => Cell::Words(n(of)),
        };
        let between = coding.between_coders.as_ref();
        let share = |share: &Share| Cell::Share(share.clone(), None);
        let corrected = |estimate: Option<&Estimate>| {
            estimate.and_then(percent_within).map_or(Cell::Nothing, Cell::Words)
        };
        table.push(vec![
            Cell::words(&theme.title),
            kappa(&coding.kappa, coding.comments),
            between.map_or(Cell::Nothing, |between| kappa(&between.kappa, between.n)),
            share(&coding.sensitivity),
            share(&coding.specificity),
            corrected(coding.customers_corrected.as_ref()),
            corrected(coding.complaints_corrected.as_ref()),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn decimals(value: f64, estimate: &Estimate) -> String {
    let interval = estimate.low.zip(estimate.high);
    let interval =
        interval.map(|(low, high)| format!(" [{}]", range(&decimal(low, 2), &decimal(high, 2))));
    format!("{}{}", decimal(value, 2), interval.unwrap_or_default())
}

fn percent_within(estimate: &Estimate) -> Option<String> {
    let interval = percent_interval(estimate.low, estimate.high);
    let interval = interval.map(|interval| format!(" [{interval}]")).unwrap_or_default();
    Some(format!("{}{interval}", percent(estimate.value?)))
}

/// Words of the last closed period that were not written before, or no longer are.
pub(in crate::render) fn latest_words(words: &Words) -> Option<Table> {
    let latest = words.latest.as_ref().filter(|latest| !latest.words.is_empty())?;
    let names = ["Word", "Customers now#", "Customers before#", "Times as often, log₂#", "G²#"];
    let caption = format!(
        "Words that tell {} customers of the {} from {} from {} of the one before",
        count(latest.customers),
        latest.period,
        latest.from,
        count(latest.customers_before)
    );
    let mut table = Table::new(caption, &names);
    for word in &latest.words {
        table.push(vec![
            Cell::words(&word.word),
            Cell::number(count(word.now)),
            Cell::number(count(word.before)),
            Cell::number(signed(word.log_ratio, 1)),
            Cell::number(decimal(word.g2, 1)),
        ]);
    }
    Some(table)
}

/// At most this share of the themes that are said to have changed may have changed by chance.
const FALSE_DISCOVERY: f64 = 0.10;

/// Themes of the last closed period against the one before.
pub(in crate::render) fn latest_themes(words: &Words) -> Option<Table> {
    let latest = words.latest.as_ref().filter(|latest| !latest.themes.is_empty())?;
    let caption = format!(
        "Themes in the {} from {} against the one from {}",
        latest.period, latest.from, latest.before
    );
    let mut table = Table::new(caption, &["Theme", "Now", "Before", "Difference", "Says"]);
    for theme in &latest.themes {
        let title = words.themes.iter().find(|it| it.id == theme.theme);
        let points = |share: f64| signed(100.0 * share, 1);
        let difference = theme.difference.value.map(|value| {
            let interval = theme.difference.low.zip(theme.difference.high);
            let interval =
                interval.map(|(low, high)| format!(" [{}]", range(&points(low), &points(high))));
            format!("{}{} points", points(value), interval.unwrap_or_default())
        });
        let is_proven = theme.q.is_some_and(|q| q <= FALSE_DISCOVERY);
        let says = match theme.difference.value {
            Some(value) if is_proven && value > 0.0 => "▲ more",
            Some(_) if is_proven => "▼ fewer",
            _ => "no detectable difference",
        };
        table.push(vec![
            Cell::words(title.map_or(theme.theme.as_str(), |theme| &theme.title)),
            Cell::Share(theme.now.clone(), None),
            Cell::Share(theme.before.clone(), None),
            difference.map_or(Cell::Nothing, Cell::Words),
            Cell::words(says),
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
