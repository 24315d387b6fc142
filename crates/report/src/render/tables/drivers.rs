//! What moves the score of the whole: the two questions of derived importance, side by side and named apart.

use crate::document::{Driver, Drivers, Estimate};
use crate::draw::number::{count, decimal, percent, percent_interval, signed};
use crate::draw::{Cell, Columns, Table};

pub(in crate::render) fn drivers(columns: &Columns<'_>, drivers: &Drivers) -> Table {
    let names = [
        "Touchpoint",
        "To those who meet it",
        "Rank",
        "Across all customers",
        "One point goes with",
        "To mind",
    ];
    let caption = format!("What moves {}, the most important first", drivers.outcome);
    let mut table = Table::new(caption, &names);
    let mut all: Vec<&Driver> = drivers.to_those_who_meet.drivers.iter().collect();
    all.sort_by(|a, b| b.share.value.unwrap_or(-1.0).total_cmp(&a.share.value.unwrap_or(-1.0)));
    for driver in all {
        let across = drivers
            .across_all_customers
            .drivers
            .iter()
            .find(|other| other.touchpoint == driver.touchpoint);
        table.push(vec![
            Cell::Both(
                columns.title(&driver.touchpoint).to_owned(),
                format!("{}, n\u{a0}=\u{a0}{}", driver.question, count(driver.n)),
            ),
            share(&driver.share),
            rank(&driver.rank),
            across.map_or(Cell::Nothing, |across| share(&across.share)),
            driver.slope.map_or(Cell::Nothing, |slope| {
                Cell::Words(format!("{} in {}", signed(slope, 2), drivers.outcome))
            }),
            mind(driver),
        ]);
    }
    table
}

fn share(estimate: &Estimate) -> Cell {
    estimate.value.map_or(Cell::Nothing, |value| {
        let interval = percent_interval(estimate.low, estimate.high);
        Cell::Words(match interval {
            Some(interval) => format!("{} [{interval}]", percent(value)),
            None => percent(value),
        })
    })
}

fn rank(rank: &Estimate) -> Cell {
    match (rank.value, rank.low, rank.high) {
        (Some(rank), Some(low), Some(high)) if low < high => {
            Cell::Words(format!("{} [{}–{}]", decimal(rank, 0), decimal(low, 0), decimal(high, 0)))
        }
        (Some(rank), ..) => Cell::Words(decimal(rank, 0)),
        _ => Cell::Nothing,
    }
}

fn mind(driver: &Driver) -> Cell {
    let mut parts = Vec::new();
    if !driver.supported {
        parts.push("no more than chance");
    }
    if driver.suppressed {
        parts.push("its sign turns beside the others: look closer");
    }
    if driver.correlation.is_some_and(|correlation| correlation < 0.0) {
        parts.push("goes the other way");
    }
    if parts.is_empty() { Cell::Nothing } else { Cell::Words(parts.join("; ")) }
}
