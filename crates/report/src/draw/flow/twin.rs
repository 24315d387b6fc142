//! Every transition as a table, departures from the design first.

use crate::document::{Report, Transition};
use crate::draw::column::Columns;
use crate::draw::number::{count, distribution, share_of};
use crate::draw::table::{Cell, Table};

pub(super) fn table(columns: &Columns<'_>, report: &Report) -> Table {
    let has_design = columns.journey.is_some();
    let caption =
        if has_design { "Every transition, departures first" } else { "Every transition" };
    let names = ["From", "To", "Designed", "Moves#", "Instances, share of all", "Wait between"];
    let mut table = Table::new(caption, &names);
    let mut transitions: Vec<&Transition> =
        report.transitions.iter().filter(|t| t.count > 0).collect();
    transitions.sort_by(|a, b| {
        let first = |t: &Transition| has_design && t.designed;
        let order = first(a).cmp(&first(b)).then(b.instances.cmp(&a.instances));
        order.then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to)))
    });
    for transition in transitions {
        table.push(vec![
            Cell::words(columns.title(&transition.from)),
            Cell::words(columns.title(&transition.to)),
            Cell::words(match (has_design, transition.designed) {
                (false, _) => "no design",
                (true, true) => "yes",
                (true, false) => "no",
            }),
            Cell::number(count(transition.count)),
            Cell::Share(share_of(transition.instances, report.instances.total), None),
            distribution(&transition.wait_s).map_or(Cell::Nothing, Cell::Words),
        ]);
    }
    table
}
