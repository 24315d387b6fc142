//! How long it takes from one event to another, those who still wait included.

use crate::events::{Events, run_end};
use crate::values::Values;

/// Times from the first `from` of a customer to the first `to` after it: what Kaplan and Meier's estimate needs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TimeTo {
    /// µs, of those who got there.
    pub arrived: Values,
    /// µs waited so far, of those who had not when the horizon was reached.
    pub waiting: Values,
}

/// Looks at each customer's events up to `horizon`; `from` and `to` say which symbols are meant.
pub fn time_to(events: &Events<'_>, from: &[bool], to: &[bool], horizon: i64) -> TimeTo {
    let mut times = TimeTo::default();
    let mut row = 0;
    while row < events.len() {
        let end = run_end(events.customers, row);
        let seen = row + events.at[row..end].partition_point(|at| *at <= horizon);
        let is = |set: &[bool], row: usize| set[usize::from(events.symbols[row])];
        if let Some(begin) = (row..seen).find(|row| is(from, *row)) {
            let began = events.at[begin];
            match (begin + 1..seen).find(|row| is(to, *row)) {
                Some(arrival) => times.arrived.push(events.at[arrival] - began),
                None => times.waiting.push(horizon - began),
            }
        }
        row = end;
    }
    times
}

impl TimeTo {
    pub fn merge(&mut self, other: Self) {
        self.arrived.merge(other.arrived);
        self.waiting.merge(other.waiting);
    }
}
