//! How far a customer gets in a funnel: for each step and each row, the chain that this row would complete.

use kernel::{END, FOREVER, FunnelMode, UNBOUND};

use super::answer::Step;
use crate::journeys::{Journey, Row, Steppings};

/// A chain of events that carries a customer to a step.
#[derive(Debug, Clone, Copy)]
struct Chain {
    begin: i64,
    /// Moment of the step before.
    before: i64,
}

pub(super) fn add(
    journey: &Journey,
    funnel: &Steppings,
    (run, is_open): (&[&Row], bool),
    steps: &mut [Step],
) {
    let seen = funnel.seen(run);
    let chains = funnel.chains(seen);
    let arrivals = |step: usize| {
        chains[step].iter().enumerate().filter_map(|(row, chain)| Some((row, (*chain)?)))
    };
    let level = (0..funnel.steps.len()).take_while(|step| arrivals(*step).next().is_some()).count();
    for (step, counts) in steps.iter_mut().enumerate().take(level) {
        counts.reached += 1;
        let first = arrivals(step).next().filter(|_| step > 0);
        counts.waits.extend(first.map(|(row, chain)| seen[row].at - chain.before));
    }
    if level == 0 || level == funnel.steps.len() {
        return;
    }
    let has_time = match funnel.within {
        FOREVER => is_open,
        within => arrivals(level - 1)
            .next_back()
            .is_some_and(|(_, chain)| journey.horizon - chain.begin <= within),
    };
    // In strict order an event that is out of place ends the attempt for good.
    if has_time && seen.len() == run.len() {
        steps[level - 1].open += 1;
        return;
    }
    steps[level - 1].lost += 1;
    let after = run.iter().skip(arrivals(level - 1).next().map_or(0, |(row, _)| row + 1));
    let touchpoint = |row: &&Row| {
        Some(journey.touchpoint_of[usize::from(row.symbol)]).filter(|at| *at != UNBOUND)
    };
    *steps[level - 1]
        .instead
        .entry(after.copied().find_map(|row| touchpoint(&row)).unwrap_or(END))
        .or_default() += 1;
}

impl Steppings {
    fn has(&self, step: usize, row: &Row) -> bool {
        self.steps[step].contains(&row.symbol)
    }

    /// The rows that the funnel looks at: all of them, or those before the first one out of place.
    fn seen<'a, 'b>(&self, run: &'b [&'a Row]) -> &'b [&'a Row] {
        if self.mode != FunnelMode::StrictOrder {
            return run;
        }
        let chains = self.chains(run);
        let is_out_of_place = |row: &usize| {
            let came_to = |step: usize| chains[step][..*row].iter().any(Option::is_some);
            let is_none = (0..self.steps.len()).all(|step| !self.has(step, run[*row]));
            let comes_early =
                (1..self.steps.len()).any(|step| self.has(step, run[*row]) && !came_to(step - 1));
            came_to(0) && (is_none || comes_early)
        };
        &run[..(0..run.len()).find(is_out_of_place).unwrap_or(run.len())]
    }

    /// `[step][row]`: the chain that the row completes, on from the latest earlier row that completed the step before.
    fn chains(&self, run: &[&Row]) -> Vec<Vec<Option<Chain>>> {
        let mut chains: Vec<Vec<Option<Chain>>> = Vec::new();
        for step in 0..self.steps.len() {
            let of_row = |row: usize| {
                let at = run[row].at;
                if !self.has(step, run[row]) {
                    return None;
                }
                if step == 0 {
                    return Some(Chain { begin: at, before: at });
                }
                let latest = (0..row).rev().find(|earlier| chains[step - 1][*earlier].is_some())?;
                let (before, begin) = (run[latest].at, chains[step - 1][latest]?.begin);
                let is_later = self.mode != FunnelMode::StrictIncrease || before < at;
                (at - begin <= self.within && is_later).then_some(Chain { begin, before })
            };
            let of_step = (0..run.len()).map(of_row).collect();
            chains.push(of_step);
        }
        chains
    }
}
