//! How well many paths fit the design: alignments, counted by the steps that they take.
//!
//! What an alignment leaves out, and which visits it finds no place for, follows from the steps that it takes by design.
//! So only those are counted for each path, and everything else is asked once per step at the end.

use std::collections::BTreeMap;

use crate::design::{AlignScratch, Design};
use crate::paths::TouchpointFacts;

/// Costs below this are counted in a table, which lies in the nearest cache.
const FEW: u32 = 64;

#[derive(Debug)]
pub(crate) struct Fits<'p> {
    design: &'p Design,
    touchpoints: usize,
    /// `taken[from * touchpoints + to]` steps by design; the last row is the start.
    taken: Vec<u64>,
    /// Walks that came to their end, by the touchpoint that they visited last by design.
    ended_after: Vec<u64>,
    /// By worst cost, then by cost.
    low_costs: Vec<u64>,
    /// By (cost, worst cost), what is not in the table.
    high_costs: BTreeMap<(u32, u32), u64>,
    scratch: AlignScratch,
}

impl<'p> Fits<'p> {
    pub(crate) fn new(design: &'p Design, touchpoints: usize) -> Self {
        Self {
            design,
            touchpoints,
            taken: vec![0; (touchpoints + 1) * touchpoints],
            ended_after: vec![0; touchpoints + 1],
            low_costs: vec![0; (FEW * FEW) as usize],
            high_costs: BTreeMap::new(),
            scratch: AlignScratch::default(),
        }
    }

    /// A path that was walked so many times; `complete`: to its end.
    pub(crate) fn add(&mut self, path: &[u16], complete: bool, times: u64) {
        let Self { design, taken, touchpoints, .. } = self;
        let traced = design.steps_of(path, complete, &mut self.scratch, |from, to, is_taken| {
            taken[usize::from(from) * *touchpoints + usize::from(to)] +=
                if is_taken { times } else { 0 };
        });
        self.ended_after[usize::from(traced.last)] += if complete { times } else { 0 };
        let (cost, worst) = (traced.cost, design.worst(path.len(), complete));
        if cost < FEW && worst < FEW {
            self.low_costs[(worst * FEW + cost) as usize] += times;
        } else {
            *self.high_costs.entry((cost, worst)).or_default() += times;
        }
    }

    /// Tells each touchpoint, whose visits are known, how often it was left out or not designed. Walks by (cost, worst cost).
    pub(crate) fn finish(self, facts: &mut [TouchpointFacts]) -> BTreeMap<(u32, u32), u64> {
        let mut left_out = Vec::new();
        facts.iter_mut().for_each(|facts| facts.undesigned += facts.visits);
        for (from, taken) in self.taken.chunks(self.touchpoints.max(1)).enumerate() {
            for (to, times) in taken.iter().enumerate().filter(|(_, times)| **times > 0) {
                facts[to].undesigned -= times;
                self.design.leave_out_between(from as u16, to as u16, &mut left_out);
                left_out.drain(..).for_each(|it| facts[usize::from(it)].skipped += times);
            }
        }
        for (last, times) in self.ended_after.iter().enumerate().filter(|(_, times)| **times > 0) {
            self.design.leave_out_to_end(last as u16, &mut left_out);
            left_out.drain(..).for_each(|it| facts[usize::from(it)].skipped += times);
        }
        let mut costs = self.high_costs;
        for (place, times) in (0..).zip(self.low_costs).filter(|(_, times)| *times > 0) {
            costs.insert((place % FEW, place / FEW), times);
        }
        costs
    }
}
