//! Standards with their verdicts, and everything else that is known of them.

use crate::document::{Report, Standard};
use crate::draw::number::{complement, count, decimal, distribution, share};
use crate::draw::{Cell, Columns, Table};
use crate::render::words;

pub(in crate::render) fn standards(columns: &Columns<'_>, report: &Report) -> Table {
    let names = ["Standard", "Verdict", "Promise#", "Kept", "Pending#", "More needed#", "Owner"];
    let mut table = Table::new("Standards, defective ones first", &names);
    for standard in sorted(report) {
        let place = match &standard.touchpoint {
            Some(id) => columns.title(id),
            None => "the whole journey",
        };
        table.push(vec![
            Cell::Both(standard.text.clone(), format!("{place} · {}", standard.id)),
            Cell::Verdict(Some(standard.verdict)),
            super::promise(standard.promise, standard.tolerance),
            Cell::Share(standard.kept_share.clone(), Some(standard.promise - standard.tolerance)),
            Cell::number(count(standard.pending)),
            needed(standard),
            Cell::owner(standard.owner.as_deref()),
        ]);
    }
    table
}

pub(in crate::render) fn standards_in_detail(report: &Report) -> Table {
    let names = [
        "Standard",
        "Broken",
        "Customers#",
        "Instances#",
        "DPMO#",
        "Sigma#",
        "Late by",
        "Rhythm",
        "Proven together",
        "Cost",
    ];
    let mut table = Table::new("Standards in detail", &names);
    for standard in sorted(report) {
        let late = standard.overrun_s.as_ref().and_then(distribution);
        table.push(vec![
            Cell::Both(standard.text.clone(), format!("{}, {}", standard.id, standard.rule)),
            Cell::words(share(&complement(&standard.kept_share))),
            Cell::number(count(standard.customers_broken)),
            Cell::number(count(standard.instances_broken)),
            standard
                .dpmo
                .map_or(Cell::Nothing, |dpmo| Cell::number(count(dpmo.round().max(0.0) as u64))),
            standard.sigma.map_or(Cell::Nothing, |sigma| Cell::number(decimal(sigma, 2))),
            late.map_or(Cell::Nothing, Cell::Words),
            rhythm(standard),
            Cell::words(if standard.listed { "yes" } else { "no" }),
            cost(standard),
        ]);
    }
    table
}

/// Defective ones first, the others after them; within both by how little was kept.
pub(super) fn sorted(report: &Report) -> Vec<&Standard> {
    use crate::document::Verdict::{Defective, Meets, NotProven};
    let mut standards: Vec<&Standard> = report.standards.iter().collect();
    let place = |standard: &Standard| match standard.verdict {
        Defective => 0,
        NotProven => 1,
        Meets => 2,
    };
    standards.sort_by(|a, b| {
        let margin =
            |s: &Standard| s.kept_share.share.map_or(f64::INFINITY, |kept| kept - s.promise);
        place(a).cmp(&place(b)).then(margin(a).total_cmp(&margin(b))).then_with(|| a.id.cmp(&b.id))
    });
    standards
}

/// Checks until the verdict is settled; `never` where the kept share stands on the promise itself.
fn needed(standard: &Standard) -> Cell {
    match standard.needed {
        Some(0) => Cell::number("settled"),
        Some(n) => Cell::number(count(n)),
        None if standard.kept_share.n == 0 => Cell::Nothing,
        None => Cell::number("never"),
    }
}

fn rhythm(standard: &Standard) -> Cell {
    let mut parts = Vec::new();
    parts.extend(standard.missed_beats.map(|beats| format!("{} beats missed", count(beats))));
    parts.extend(standard.too_soon.map(|gaps| format!("{} too soon", count(gaps))));
    if parts.is_empty() { Cell::Nothing } else { Cell::Words(parts.join(", ")) }
}

fn cost(standard: &Standard) -> Cell {
    let Some(cost) = &standard.cost else { return Cell::Nothing };
    let [a, b, c, d] = cost.table;
    let mut parts = Vec::new();
    if let Some(ratio) = words::estimate(&cost.risk_ratio) {
        parts.push(format!(
            "risk ratio {ratio} for {}, n\u{a0}=\u{a0}{}",
            cost.outcome,
            count(a + b + c + d)
        ));
    }
    if let Some(lost) = cost.customers_lost_per_year.as_ref().and_then(words::estimate) {
        parts.push(format!("{lost} customers lost a year"));
    }
    if let Some(value) = cost.value_per_year.as_ref().and_then(words::estimate) {
        parts.push(format!("{value} {} a year", cost.currency.as_deref().unwrap_or("")));
    }
    if parts.is_empty() {
        return Cell::Nothing;
    }
    Cell::Both(parts.join("; "), cost.caveat.clone())
}
