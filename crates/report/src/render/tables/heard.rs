//! Who was heard: answers beside customers, and scores as answered beside those weighed.

use crate::document::{Estimate, Weighed};
use crate::draw::number::{count, decimal, percent, score, score_interval};
use crate::draw::{Cell, Columns, Table};

pub(in crate::render) fn strata(weighed: &Weighed) -> Table {
    let names = ["Customers whose it is", "There are#", "Of all#", "Answered#", "Of all who did#"];
    let mut table = Table::new(format!("Customers and answers by {}", weighed.attribute), &names);
    for stratum in &weighed.strata {
        let few = || Cell::words("withheld");
        table.push(vec![
            Cell::words(&stratum.value),
            Cell::number(count(stratum.customers)),
            Cell::number(percent(stratum.share)),
            stratum.answered.map_or(few(), |answered| Cell::number(count(answered))),
            stratum.share_answered.map_or(few(), |share| Cell::number(percent(share))),
        ]);
    }
    table
}

pub(in crate::render) fn weighed(columns: &Columns<'_>, weighed: &Weighed) -> Table {
    let names = ["About", "As answered", "Weighed", "n#", "Worth#"];
    let caption = format!("Scores as answered, and weighed by {}", weighed.attribute);
    let mut table = Table::new(caption, &names);
    for row in &weighed.scores {
        let about = row
            .touchpoint
            .as_deref()
            .map_or("The whole journey", |id| columns.title(id))
            .to_owned();
        table.push(vec![
            Cell::Both(about, row.question.clone()),
            estimate(&row.question, &row.unweighed),
            match &row.why_not {
                Some(why) => Cell::Words(why.clone()),
                None => estimate(&row.question, &row.weighed),
            },
            Cell::number(count(row.n)),
            row.n_effective.map_or(Cell::Nothing, |worth| Cell::number(decimal(worth, 0))),
        ]);
    }
    table
}

fn estimate(question: &str, estimate: &Estimate) -> Cell {
    let Some(value) = estimate.value else { return Cell::Nothing };
    let interval = score_interval(question, estimate.low, estimate.high);
    let interval = interval.map(|interval| format!(" [{interval}]")).unwrap_or_default();
    Cell::Words(format!("{}{interval}", score(question, value)))
}
