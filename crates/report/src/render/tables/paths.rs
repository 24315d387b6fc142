//! Where walks left the design: transitions, deviations, funnels, variants.

use crate::document::{Funnel, Report, Transition};
use crate::draw::number::{count, distribution, share_of};
use crate::draw::{Cell, Columns, Table};

/// The largest departures, fewest words: what stands under the flow.
pub(in crate::render) fn departures(columns: &Columns<'_>, report: &Report, most: usize) -> Table {
    let names = ["From", "To", "Moves#", "Instances, share of all", "Wait between"];
    let mut table = Table::new("Largest departures from the design", &names);
    let mut departures: Vec<&Transition> =
        report.transitions.iter().filter(|t| !t.designed && t.count > 0).collect();
    departures.sort_by(|a, b| {
        b.instances.cmp(&a.instances).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to)))
    });
    for transition in departures.into_iter().take(most) {
        let to = if transition.to == "$" {
            "left before the end"
        } else {
            columns.title(&transition.to)
        };
        table.push(vec![
            Cell::words(columns.title(&transition.from)),
            Cell::words(to),
            Cell::number(count(transition.count)),
            Cell::Share(share_of(transition.instances, report.instances.total), None),
            distribution(&transition.wait_s).map_or(Cell::Nothing, Cell::Words),
        ]);
    }
    table
}

/// Touchpoints with any deviation, the most first.
pub(in crate::render) fn deviations(columns: &Columns<'_>, report: &Report) -> Table {
    let names = ["Touchpoint", "Skipped#", "Undesigned#", "Out of order#", "Repeated#"];
    let mut table = Table::new("Deviations by touchpoint, in visits", &names);
    let mut rows: Vec<_> = report.deviations.by_touchpoint.iter().collect();
    rows.retain(|d| d.skipped + d.undesigned + d.out_of_order + d.repeated > 0);
    rows.sort_by_key(|d| std::cmp::Reverse(d.skipped + d.undesigned + d.out_of_order + d.repeated));
    for row in rows {
        let number = |n: u64| Cell::number(count(n));
        table.push(vec![
            Cell::words(columns.title(&row.id)),
            number(row.skipped),
            number(row.undesigned),
            number(row.out_of_order),
            number(row.repeated),
        ]);
    }
    table
}

pub(in crate::render) fn back_and_forth(
    columns: &Columns<'_>,
    report: &Report,
    most: usize,
) -> Table {
    let mut table = Table::new(
        "Back and forth (A, B, A again)",
        &["Between", "And", "Times#", "Instances, share of all"],
    );
    for pair in report.deviations.back_and_forth.iter().take(most) {
        let [a, b] = &pair.between;
        table.push(vec![
            Cell::words(columns.title(a)),
            Cell::words(columns.title(b)),
            Cell::number(count(pair.count)),
            Cell::Share(share_of(pair.instances, report.instances.total), None),
        ]);
    }
    table
}

pub(in crate::render) fn abandoned(columns: &Columns<'_>, report: &Report) -> Table {
    let mut table = Table::new("Abandoned after the stage", &["Stage", "Instances, share of all"]);
    for row in report.deviations.abandoned_after.iter().filter(|row| row.count > 0) {
        let stages = columns.journey.map(|journey| journey.stages.as_slice()).unwrap_or_default();
        let title = stages
            .iter()
            .find(|stage| stage.id == row.stage)
            .map_or(row.stage.as_str(), |s| s.title.as_str());
        table.push(vec![
            Cell::words(title),
            Cell::Share(share_of(row.count, report.instances.total), None),
        ]);
    }
    table
}

pub(in crate::render) fn funnel(columns: &Columns<'_>, funnel: &Funnel) -> Table {
    const NAMED: usize = 3;
    let names = [
        "Step",
        "Reached, share of all",
        "Lost#",
        "Still open#",
        "Wait from the step before",
        "Lost ones went to",
    ];
    let mut table = Table::new(format!("Funnel {}", funnel.id), &names);
    for step in &funnel.steps {
        let instead: Vec<String> = step
            .instead
            .iter()
            .take(NAMED)
            .map(|other| format!("{} ({})", columns.title(&other.touchpoint), count(other.count)))
            .collect();
        table.push(vec![
            Cell::words(step_title(columns, &step.step)),
            Cell::Share(step.share.clone(), None),
            Cell::number(count(step.lost)),
            Cell::number(count(step.open)),
            distribution(&step.wait_s).map_or(Cell::Nothing, Cell::Words),
            if instead.is_empty() { Cell::Nothing } else { Cell::Words(instead.join(", ")) },
        ]);
    }
    table
}

/// A step of the stages' funnel carries a stage's id, a step of another its activities.
fn step_title<'a>(columns: &Columns<'a>, step: &'a str) -> &'a str {
    let stages = columns.journey.map(|journey| journey.stages.as_slice()).unwrap_or_default();
    stages
        .iter()
        .find(|stage| stage.id == step)
        .map_or_else(|| columns.title(step), |stage| &stage.title)
}

pub(in crate::render) fn variants(columns: &Columns<'_>, report: &Report, most: usize) -> Table {
    let mut table =
        Table::new("Most walked paths", &["Path", "Instances, share of all", "Fits the design"]);
    for variant in report.variants.top.iter().take(most) {
        let path: Vec<&str> = variant.path.iter().map(|id| columns.title(id)).collect();
        let fits = match variant.fits {
            Some(true) => Cell::words("● fits"),
            Some(false) => Cell::words("▲ departs"),
            None => Cell::Nothing,
        };
        table.push(vec![
            Cell::Words(if path.is_empty() {
                "nothing bound".to_owned()
            } else {
                path.join(" → ")
            }),
            Cell::Share(share_of(variant.count, report.instances.total), None),
            fits,
        ]);
    }
    table
}
