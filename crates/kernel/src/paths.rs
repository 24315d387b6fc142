//! What the order of touchpoints alone tells, found once per distinct path and weighed by how often it was walked.

use std::collections::BTreeMap;

use crate::design::{AlignScratch, Design};
use crate::pairs::{END, Pairs, START};
use crate::plan::Plan;
use crate::variants::Variant;

/// Step flow is kept for so many steps.
pub const FLOW_STEPS: usize = 16;

/// Facts about the paths of a set of instances.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathFacts {
    pub touchpoints: Vec<TouchpointFacts>,
    /// From and to ([`START`] and [`END`] included): how often, and in how many instances.
    pub steps: BTreeMap<(u16, u16), Times>,
    /// A B A, with A < B or A > B alike: the pair in ascending order.
    pub back_and_forth: BTreeMap<(u16, u16), Times>,
    /// `flow[k][touchpoint]`: instances that are there at their step `k`.
    pub flow: Vec<Vec<u64>>,
    /// Instances that timed out, by the touchpoint of their last visit; only where the design says what ends a journey.
    pub abandoned_after: Vec<u64>,
    /// (cost, worst cost) of the alignment → instances; empty without a design.
    pub alignments: BTreeMap<(u32, u32), u64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    pub count: u64,
    pub instances: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TouchpointFacts {
    pub visits: u64,
    pub instances: u64,
    pub instances_with_repeats: u64,
    pub self_loops: u64,
    pub first: u64,
    pub last: u64,
    pub skipped: u64,
    pub undesigned: u64,
    pub out_of_order: u64,
    /// Visits beyond the first where the design has one.
    pub repeated: u64,
}

impl PathFacts {
    /// The facts of these variants under the plan.
    pub fn of<'a>(variants: impl Iterator<Item = Variant<'a>>, plan: &Plan) -> Self {
        let mut work = Work::new(plan);
        for variant in variants.filter(|variant| !variant.path.is_empty()) {
            work.add(&variant);
        }
        work.finish()
    }

    /// Adds the facts of other variants.
    pub fn merge(&mut self, other: Self) {
        if self.touchpoints.is_empty() {
            *self = other;
            return;
        }
        for (ours, theirs) in self.touchpoints.iter_mut().zip(other.touchpoints) {
            ours.add(&theirs);
        }
        for (key, times) in other.steps {
            self.steps.entry(key).or_default().add(times);
        }
        for (key, times) in other.back_and_forth {
            self.back_and_forth.entry(key).or_default().add(times);
        }
        for (ours, theirs) in self.flow.iter_mut().flatten().zip(other.flow.into_iter().flatten()) {
            *ours += theirs;
        }
        for (ours, theirs) in self.abandoned_after.iter_mut().zip(other.abandoned_after) {
            *ours += theirs;
        }
        for (key, count) in other.alignments {
            *self.alignments.entry(key).or_default() += count;
        }
    }
}

impl Times {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.instances += other.instances;
    }
}

impl TouchpointFacts {
    fn add(&mut self, other: &Self) {
        self.visits += other.visits;
        self.instances += other.instances;
        self.instances_with_repeats += other.instances_with_repeats;
        self.self_loops += other.self_loops;
        self.first += other.first;
        self.last += other.last;
        self.skipped += other.skipped;
        self.undesigned += other.undesigned;
        self.out_of_order += other.out_of_order;
        self.repeated += other.repeated;
    }
}

struct Work<'p> {
    plan: &'p Plan,
    facts: PathFacts,
    steps: Counter,
    back_and_forth: Counter,
    visits: Vec<u32>,
    align: AlignScratch,
}

impl<'p> Work<'p> {
    fn new(plan: &'p Plan) -> Self {
        let n = plan.touchpoints;
        let facts = PathFacts {
            touchpoints: vec![TouchpointFacts::default(); n],
            flow: vec![vec![0; n]; FLOW_STEPS],
            abandoned_after: vec![0; n],
            ..PathFacts::default()
        };
        let (steps, back_and_forth) = (Counter::new(n), Counter::new(n));
        Self {
            plan,
            facts,
            steps,
            back_and_forth,
            visits: vec![0; n],
            align: AlignScratch::default(),
        }
    }

    fn add(&mut self, variant: &Variant<'_>) {
        let times = variant.total();
        self.order(variant.path, times);
        self.visits(variant.path, times);
        self.ends(variant);
        if let Some(design) = &self.plan.settings.design {
            self.align(design, variant);
        }
    }

    fn order(&mut self, path: &[u16], times: u64) {
        self.steps.next_path();
        self.back_and_forth.next_path();
        let design = self.plan.settings.design.as_ref();
        self.steps.add(START, path[0], times);
        for step in path.windows(2) {
            self.steps.add(step[0], step[1], times);
            if step[0] == step[1] {
                self.facts.touchpoints[usize::from(step[0])].self_loops += times;
            } else if design.is_some_and(|design| design.is_backwards(step[0], step[1])) {
                self.facts.touchpoints[usize::from(step[1])].out_of_order += times;
            }
        }
        for steps in path.windows(3) {
            if steps[0] == steps[2] && steps[0] != steps[1] {
                self.back_and_forth.add(steps[0].min(steps[1]), steps[0].max(steps[1]), times);
            }
        }
        for (flow, touchpoint) in self.facts.flow.iter_mut().zip(path) {
            flow[usize::from(*touchpoint)] += times;
        }
    }

    fn visits(&mut self, path: &[u16], times: u64) {
        for touchpoint in path {
            self.visits[usize::from(*touchpoint)] += 1;
        }
        let design = self.plan.settings.design.as_ref();
        for touchpoint in path {
            let visits = std::mem::take(&mut self.visits[usize::from(*touchpoint)]);
            if visits > 0 {
                let facts = &mut self.facts.touchpoints[usize::from(*touchpoint)];
                facts.visits += u64::from(visits) * times;
                facts.instances += times;
                facts.instances_with_repeats += if visits > 1 { times } else { 0 };
                if design.is_some_and(|design| !design.is_repeatable(*touchpoint)) {
                    facts.repeated += u64::from(visits - 1) * times;
                }
            }
        }
    }

    /// An open instance has no last touchpoint yet, unless the journey knows no end at all.
    fn ends(&mut self, variant: &Variant<'_>) {
        let [ended, timed_out, open] = variant.counts;
        let closed = ended + timed_out + if self.plan.can_close() { 0 } else { open };
        self.facts.touchpoints[usize::from(variant.path[0])].first += variant.total();
        let last = variant.path[variant.path.len() - 1];
        self.facts.touchpoints[usize::from(last)].last += closed;
        if closed > 0 {
            self.steps.add(last, END, closed);
        }
        if self.plan.has_ends() {
            self.facts.abandoned_after[usize::from(last)] += timed_out;
        }
    }

    /// Walks that ended are held against the whole design; the others only as far as they came.
    fn align(&mut self, design: &Design, variant: &Variant<'_>) {
        let [ended, timed_out, open] = variant.counts;
        let complete = if self.plan.has_ends() { ended } else { ended + timed_out };
        for (complete, times) in [(true, complete), (false, ended + timed_out + open - complete)] {
            if times == 0 {
                continue;
            }
            let alignment = design.align(variant.path, complete, &mut self.align);
            for touchpoint in &alignment.skipped {
                self.facts.touchpoints[usize::from(*touchpoint)].skipped += times;
            }
            for touchpoint in &alignment.undesigned {
                self.facts.touchpoints[usize::from(*touchpoint)].undesigned += times;
            }
            let worst = design.worst(variant.path.len(), complete);
            *self.facts.alignments.entry((alignment.cost, worst)).or_default() += times;
        }
    }

    fn finish(self) -> PathFacts {
        PathFacts {
            steps: self.steps.finish(),
            back_and_forth: self.back_and_forth.finish(),
            ..self.facts
        }
    }
}

/// Counts pairs, and the instances that have each.
struct Counter {
    pairs: Pairs,
    times: Vec<Times>,
    /// The path that a pair was last met in.
    met_in: Vec<u64>,
    path: u64,
}

impl Counter {
    fn new(touchpoints: usize) -> Self {
        Self { pairs: Pairs::new(touchpoints), times: Vec::new(), met_in: Vec::new(), path: 0 }
    }

    fn next_path(&mut self) {
        self.path += 1;
    }

    fn add(&mut self, from: u16, to: u16, times: u64) {
        let number = self.pairs.number(from, to);
        if number == self.times.len() {
            self.times.push(Times::default());
            self.met_in.push(0);
        }
        self.times[number].count += times;
        if self.met_in[number] != self.path {
            self.met_in[number] = self.path;
            self.times[number].instances += times;
        }
    }

    fn finish(self) -> BTreeMap<(u16, u16), Times> {
        self.pairs.met().iter().copied().zip(self.times).collect()
    }
}
