//! What the order of touchpoints alone tells, found once per distinct path and weighed by how often it was walked.

use std::collections::BTreeMap;

use crate::fits::Fits;
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

/// What is counted path by path. All that follows from how often each step was taken is found at the end.
struct Work<'p> {
    plan: &'p Plan,
    steps: Counter,
    back_and_forth: Counter,
    met: Vec<Met>,
    /// `flow[step * touchpoints + touchpoint]`.
    flow: Vec<u64>,
    abandoned_after: Vec<u64>,
    fits: Option<Fits<'p>>,
    /// Number of the path at hand.
    path: u64,
}

/// Who met a touchpoint.
#[derive(Debug, Clone, Copy, Default)]
struct Met {
    instances: u64,
    with_repeats: u64,
    /// The paths that it was last met in, and last met in again.
    met_in: u64,
    again_in: u64,
}

impl Met {
    #[inline]
    fn add(&mut self, path: u64, times: u64) {
        let first = earlier(self.met_in, path);
        self.instances += times & first;
        self.with_repeats += times & !first & earlier(self.again_in, path);
        self.again_in = self.again_in & first | path & !first;
        self.met_in = path;
    }
}

/// All bits if one number is below the other, else none. The sign of the difference: of a comparison the compiler makes a
/// branch, and what is met for the first time no processor can guess.
#[inline]
fn earlier(number: u64, than: u64) -> u64 {
    (number.wrapping_sub(than).cast_signed() >> 63).cast_unsigned()
}

impl<'p> Work<'p> {
    fn new(plan: &'p Plan) -> Self {
        let n = plan.touchpoints;
        Self {
            plan,
            steps: Counter::new(n),
            back_and_forth: Counter::new(n),
            met: vec![Met::default(); n],
            flow: vec![0; FLOW_STEPS * n],
            abandoned_after: vec![0; n],
            fits: plan.settings.design.as_ref().map(|design| Fits::new(design, n)),
            path: 0,
        }
    }

    fn add(&mut self, variant: &Variant<'_>) {
        self.path += 1;
        let last = self.follow(variant.path, variant.total());
        let [ended, timed_out, open] = variant.counts;
        // An open instance has no last touchpoint yet, unless the journey knows no end at all.
        let closed = ended + timed_out + if self.plan.can_close() { 0 } else { open };
        if closed > 0 {
            self.steps.add(last, END, self.path, closed);
        }
        if self.plan.has_ends() {
            self.abandoned_after[usize::from(last)] += timed_out;
        }
        // Walks that ended are held against the whole design; the others only as far as they came.
        let complete = if self.plan.has_ends() { ended } else { ended + timed_out };
        if let Some(fits) = &mut self.fits {
            for (complete, times) in [(true, complete), (false, variant.total() - complete)] {
                if times > 0 {
                    fits.add(variant.path, complete, times);
                }
            }
        }
    }

    /// One loop over the path, because where each loop ends has to be guessed. Gives the last touchpoint.
    #[inline]
    fn follow(&mut self, path: &[u16], times: u64) -> u16 {
        let n = self.plan.touchpoints;
        let (mut before, mut last) = (END, START);
        for (step, touchpoint) in path.iter().copied().enumerate() {
            self.steps.add(last, touchpoint, self.path, times);
            self.met[usize::from(touchpoint)].add(self.path, times);
            if step < FLOW_STEPS {
                self.flow[step * n + usize::from(touchpoint)] += times;
            }
            if touchpoint == before && touchpoint != last {
                let (low, high) = (before.min(last), before.max(last));
                self.back_and_forth.add(low, high, self.path, times);
            }
            (before, last) = (last, touchpoint);
        }
        last
    }

    fn finish(self) -> PathFacts {
        let n = self.plan.touchpoints;
        let design = self.plan.settings.design.as_ref();
        let steps = self.steps.finish();
        let mut touchpoints = vec![TouchpointFacts::default(); n];
        for ((from, to), Times { count, .. }) in &steps {
            if *to == END {
                touchpoints[usize::from(*from)].last += count;
                continue;
            }
            let facts = &mut touchpoints[usize::from(*to)];
            facts.visits += count;
            if *from == START {
                facts.first += count;
            } else if from == to {
                facts.self_loops += count;
            } else if design.is_some_and(|design| design.is_backwards(*from, *to)) {
                facts.out_of_order += count;
            }
        }
        for (touchpoint, (facts, met)) in (0..).zip(touchpoints.iter_mut().zip(&self.met)) {
            facts.instances = met.instances;
            facts.instances_with_repeats = met.with_repeats;
            if design.is_some_and(|design| !design.is_repeatable(touchpoint)) {
                facts.repeated = facts.visits - met.instances;
            }
        }
        let alignments = self.fits.map(|fits| fits.finish(&mut touchpoints)).unwrap_or_default();
        PathFacts {
            touchpoints,
            steps,
            back_and_forth: self.back_and_forth.finish(),
            flow: (0..FLOW_STEPS).map(|step| self.flow[step * n..][..n].to_vec()).collect(),
            abandoned_after: self.abandoned_after,
            alignments,
        }
    }
}

/// Counts pairs, and the instances that have each.
struct Counter {
    pairs: Pairs,
    counted: Vec<Counted>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    times: Times,
    /// The path that the pair was last met in.
    met_in: u64,
}

impl Counter {
    fn new(touchpoints: usize) -> Self {
        Self { pairs: Pairs::new(touchpoints), counted: Vec::new() }
    }

    /// Paths are numbered from 1 on.
    #[inline]
    fn add(&mut self, from: u16, to: u16, path: u64, times: u64) {
        let number = self.pairs.number(from, to);
        if number == self.counted.len() {
            self.counted.push(Counted::default());
        }
        let counted = &mut self.counted[number];
        counted.times.count += times;
        counted.times.instances += times & earlier(counted.met_in, path);
        counted.met_in = path;
    }

    fn finish(self) -> BTreeMap<(u16, u16), Times> {
        let times = self.counted.iter().map(|counted| counted.times);
        self.pairs.met().iter().copied().zip(times).collect()
    }
}
