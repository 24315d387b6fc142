//! The designed graph, and how well a walked path fits it.
//!
//! An optimal alignment (Adriansyah, *Aligning Observed and Modeled Behavior*, 2014) turns a walked path into one that the
//! design allows, at cost 1 for each designed touchpoint left out and cost 1 for each visit that the design has no place
//! for. Leaving out an optional touchpoint is free. Because the design is a graph of touchpoints, the state of an
//! alignment is the touchpoint last visited by design, and one step of it touches one state: the whole costs
//! `touchpoints × length`.

use crate::plan::Steps;

/// What the design allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Design {
    touchpoints: usize,
    /// Direct successors by design; the last row is the start.
    next: Vec<Vec<u16>>,
    optional: Vec<bool>,
    repeatable: Vec<bool>,
    /// Touchpoints after which the journey may be over.
    finals: Vec<bool>,
    /// `leave_out[from * touchpoints + to]`: how many touchpoints a step leaves out at least; `NEVER` if it leads nowhere.
    leave_out: Vec<u32>,
    /// The same as [`Cost`]s, each with the touchpoint that the step is from.
    ways: Vec<Cost>,
    /// The last touchpoint left out on such a step, or `DIRECT`.
    left_out_last: Vec<u16>,
    /// Touchpoints left out from here to the end of the journey.
    to_end: Vec<u32>,
    /// Steps that leave nothing out.
    steps: Steps,
}

const NEVER: u32 = u32::MAX / 4;
const DIRECT: u16 = u16::MAX;

/// A cost above the touchpoint that has it: of equal costs the least is that of the first touchpoint, so that the least is
/// found without a branch.
type Cost = i64;

const TOUCHPOINT_BITS: u32 = 16;
/// The cost 1.
const ONE: Cost = 1 << TOUCHPOINT_BITS;
/// Beyond every cost, also less any number of visits when it stands twice; three of them can still be added.
const FAR: Cost = 1 << 60;

/// How a path fits the design, and where it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alignment {
    pub cost: u32,
    /// Designed touchpoints that were left out.
    pub skipped: Vec<u16>,
    /// Visits that the design has no place for.
    pub undesigned: Vec<u16>,
}

/// Memory that alignments use again.
#[derive(Debug, Clone, Default)]
pub struct AlignScratch {
    /// Cost so far of having visited each touchpoint last by design, less the number of visits so far; the last one is
    /// the start. A visit that has no place costs 1 in every state, so a visit changes one of them at most.
    costs: Vec<Cost>,
    /// The least cost of going on to each touchpoint, from wherever that is. Costs never rise, so one that falls is told
    /// to all of these at once, and a visit finds its own without a search.
    ways: Vec<Cost>,
    /// For each visit, the touchpoint before it by design, or `UNDESIGNED`.
    before: Vec<u16>,
}

/// An alignment before anyone asks what was left out: its cost, and the touchpoint that was visited last by design.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traced {
    pub(crate) cost: u32,
    pub(crate) last: u16,
}

const UNDESIGNED: u16 = u16::MAX;

impl Design {
    /// `next[touchpoint]` are its designed successors; the journey begins at touchpoint 0 and ends where there are none.
    pub fn new(next: Vec<Vec<u16>>, optional: Vec<bool>, repeatable: Vec<bool>) -> Self {
        let touchpoints = next.len();
        let finals: Vec<bool> = next.iter().map(Vec::is_empty).collect();
        let mut next = next;
        next.push(if touchpoints > 0 { vec![0] } else { Vec::new() });
        let mut design = Self {
            touchpoints,
            next,
            optional,
            repeatable,
            finals,
            leave_out: Vec::new(),
            ways: Vec::new(),
            left_out_last: Vec::new(),
            to_end: Vec::new(),
            steps: Steps::none(touchpoints),
        };
        for from in 0..=touchpoints {
            let (distances, before) = design.distances(from);
            design.leave_out.extend(distances);
            design.left_out_last.extend(before);
        }
        for (place, cost) in design.leave_out.iter().enumerate() {
            let cost = if *cost < NEVER { Cost::from(*cost) * ONE } else { 2 * FAR };
            design.ways.push(cost + (place / touchpoints) as Cost);
        }
        design.to_end = (0..=touchpoints).map(|from| design.distance_to_end(from)).collect();
        for from in 0..touchpoints {
            for to in 0..touchpoints {
                if design.cost(from, to) == 0 {
                    design.steps.allow(from, to);
                }
            }
        }
        design
    }

    /// Touchpoints that may directly follow each other, optional ones left out and repeatable ones repeated.
    pub fn steps(&self) -> &Steps {
        &self.steps
    }

    /// Whether `to` is a designed, or freely reached, successor of `from` (`None`: the start).
    pub fn allows(&self, from: Option<u16>, to: u16) -> bool {
        self.cost(from.map_or(self.touchpoints, usize::from), usize::from(to)) == 0
    }

    /// Whether the journey may be over after this touchpoint.
    pub fn may_end(&self, touchpoint: u16) -> bool {
        self.to_end[usize::from(touchpoint)] == 0
    }

    /// Whether the design leads from `to` to `from` but not back: the step goes against the order.
    pub fn is_backwards(&self, from: u16, to: u16) -> bool {
        let (from, to) = (usize::from(from), usize::from(to));
        from != to && self.cost(from, to) >= NEVER && self.cost(to, from) < NEVER
    }

    pub fn is_repeatable(&self, touchpoint: u16) -> bool {
        self.repeatable[usize::from(touchpoint)]
    }

    fn cost(&self, from: usize, to: usize) -> u32 {
        self.leave_out[from * self.touchpoints + to]
    }

    fn price(&self, touchpoint: usize) -> u32 {
        u32::from(!self.optional[touchpoint])
    }

    /// Dijkstra with prices of 0 and 1: what is left out on the way from `from` to each touchpoint.
    fn distances(&self, from: usize) -> (Vec<u32>, Vec<u16>) {
        let mut distances = vec![NEVER; self.touchpoints];
        let mut before = vec![DIRECT; self.touchpoints];
        let mut queue = std::collections::VecDeque::new();
        for to in &self.next[from] {
            distances[usize::from(*to)] = 0;
            queue.push_back(usize::from(*to));
        }
        while let Some(at) = queue.pop_front() {
            let cost = distances[at] + self.price(at);
            for to in self.next[at].iter().map(|to| usize::from(*to)) {
                if cost < distances[to] {
                    distances[to] = cost;
                    before[to] = at as u16;
                    if self.price(at) == 0 { queue.push_front(to) } else { queue.push_back(to) }
                }
            }
        }
        if from < self.touchpoints && self.repeatable[from] {
            distances[from] = 0;
            before[from] = DIRECT;
        }
        (distances, before)
    }

    fn distance_to_end(&self, from: usize) -> u32 {
        if from < self.touchpoints && self.finals[from] {
            return 0;
        }
        let ways = (0..self.touchpoints).filter(|to| self.finals[*to]);
        ways.map(|to| self.cost(from, to).saturating_add(self.price(to)))
            .min()
            .unwrap_or(0)
            .min(NEVER)
    }

    /// Aligns a path; `complete`: it came to its end, so touchpoints left out after the last visit count.
    pub fn align(&self, path: &[u16], complete: bool, scratch: &mut AlignScratch) -> Alignment {
        let Traced { cost, last } = self.trace(path, complete, scratch);
        let mut alignment = Alignment { cost, ..Alignment::default() };
        if complete {
            self.leave_out_to_end(last, &mut alignment.skipped);
        }
        let mut at = last;
        for (visit, before) in path.iter().zip(&scratch.before).rev() {
            if *visit == at && *before != UNDESIGNED {
                self.leave_out_between(*before, at, &mut alignment.skipped);
                at = *before;
            } else {
                alignment.undesigned.push(*visit);
            }
        }
        alignment
    }

    /// Aligns a path, and hands over each step that it takes by design, with a weight: 1, or 0 for a visit that has no
    /// place in the design. Whether it has one nobody can guess, so that adding nothing is faster than going on.
    #[inline]
    pub(crate) fn steps_of(
        &self,
        path: &[u16],
        complete: bool,
        scratch: &mut AlignScratch,
        mut step: impl FnMut(u16, u16, bool),
    ) -> Traced {
        let traced = self.trace(path, complete, scratch);
        let mut at = traced.last;
        for (visit, before) in path.iter().zip(&scratch.before).rev() {
            let is_designed = (*visit == at) & (*before != UNDESIGNED);
            let from = if is_designed { *before } else { at };
            step(from, *visit, is_designed);
            at = from;
        }
        traced
    }

    /// Fills `scratch.before`.
    fn trace(&self, path: &[u16], complete: bool, scratch: &mut AlignScratch) -> Traced {
        let start = self.touchpoints;
        let AlignScratch { costs, ways, before } = scratch;
        costs.clear();
        costs.resize(start, FAR);
        costs.push(0);
        ways.clear();
        ways.extend_from_slice(&self.ways[start * start..]);
        before.clear();
        before.extend(path.iter().map(|visit| self.advance(usize::from(*visit), costs, ways)));
        let cost = |cost: Cost| match cost / ONE {
            cost if cost >= FAR / ONE => Cost::from(NEVER),
            cost => cost + path.len() as Cost,
        };
        let tail = |at: usize| if complete { Cost::from(self.to_end[at]) } else { 0 };
        let ends = costs.iter().enumerate().map(|(at, so_far)| cost(*so_far) + tail(at));
        let ends = ends.enumerate().map(|(at, cost)| (cost, std::cmp::Reverse(at)));
        let (cost, at) = ends.min().unwrap_or_default();
        Traced { cost: cost.min(Cost::from(NEVER)) as u32, last: at.0 as u16 }
    }

    /// One visit: it is either designed after some state, or undesigned in every state. Nothing here is decided by a
    /// visit.
    #[inline]
    fn advance(&self, visit: usize, costs: &mut [Cost], ways: &mut [Cost]) -> u16 {
        let way = ways[visit];
        let cost = (way & -ONE) - ONE;
        let is_designed = (way < FAR) & (cost <= costs[visit]);
        let cost = if is_designed { cost } else { costs[visit] };
        costs[visit] = cost;
        let onwards = &self.ways[visit * self.touchpoints..][..self.touchpoints];
        for (way, onward) in ways.iter_mut().zip(onwards) {
            *way = (cost + onward).min(*way);
        }
        if is_designed { way as u16 } else { UNDESIGNED }
    }

    /// The touchpoints on the cheapest way between two that are not optional.
    pub(crate) fn leave_out_between(&self, from: u16, to: u16, skipped: &mut Vec<u16>) {
        let mut at = usize::from(to);
        loop {
            let before = self.left_out_last[usize::from(from) * self.touchpoints + at];
            if before == DIRECT {
                return;
            }
            at = usize::from(before);
            if self.price(at) == 1 {
                skipped.push(before);
            }
        }
    }

    /// The touchpoints on the cheapest way to the end that are not optional; none where there is no way.
    pub(crate) fn leave_out_to_end(&self, from: u16, skipped: &mut Vec<u16>) {
        let tail = self.to_end[usize::from(from)];
        if tail == 0 || tail >= NEVER {
            return;
        }
        let ends = (0..self.touchpoints).filter(|to| self.finals[*to]);
        let nearest =
            ends.min_by_key(|to| self.cost(usize::from(from), *to).saturating_add(self.price(*to)));
        if let Some(end) = nearest {
            self.leave_out_between(from, end as u16, skipped);
            if self.price(end) == 1 {
                skipped.push(end as u16);
            }
        }
    }

    /// The cost of the worst alignment: nothing of the path is designed, and everything designed is left out.
    pub fn worst(&self, length: usize, complete: bool) -> u32 {
        length as u32 + if complete { self.to_end[self.touchpoints].min(NEVER) } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn straight(n: u16) -> Design {
        let next = (0..n).map(|at| if at + 1 < n { vec![at + 1] } else { Vec::new() }).collect();
        Design::new(next, vec![false; n.into()], vec![false; n.into()])
    }

    fn check(
        design: &Design,
        path: &[u16],
        complete: bool,
        (cost, skipped, undesigned): (u32, &[u16], &[u16]),
    ) {
        let mut alignment = design.align(path, complete, &mut AlignScratch::default());
        alignment.skipped.sort_unstable();
        alignment.undesigned.sort_unstable();
        let expected =
            Alignment { cost, skipped: skipped.to_vec(), undesigned: undesigned.to_vec() };
        assert_eq!(alignment, expected, "{path:?}");
    }

    #[test]
    fn a_straight_design() {
        let design = straight(4);
        check(&design, &[0, 1, 2, 3], true, (0, &[], &[]));
        check(&design, &[0, 1, 3], true, (1, &[2], &[]));
        check(&design, &[0, 1], true, (2, &[2, 3], &[]));
        check(&design, &[0, 1], false, (0, &[], &[]));
        check(&design, &[1, 2, 3], true, (1, &[0], &[]));
        check(&design, &[0, 1, 1, 2, 3], true, (1, &[], &[1]));
        check(&design, &[0, 1, 0, 1, 2, 3], true, (2, &[], &[0, 1]));
        check(&design, &[], true, (4, &[0, 1, 2, 3], &[]));
        check(&design, &[], false, (0, &[], &[]));
    }

    #[test]
    fn optional_and_repeatable_touchpoints_cost_nothing() {
        let next = vec![vec![1], vec![2], vec![3, 0], vec![]];
        let design =
            Design::new(next, vec![false, true, false, false], vec![false, true, false, false]);
        check(&design, &[0, 2, 3], true, (0, &[], &[]));
        check(&design, &[0, 1, 1, 1, 2, 3], true, (0, &[], &[]));
        check(&design, &[0, 2, 0, 2, 3], true, (0, &[], &[]));
        assert!(design.allows(Some(0), 2));
        assert!(!design.allows(Some(0), 3));
        assert!(design.allows(None, 0));
    }

    #[test]
    fn steps_against_the_order_are_told_from_loops() {
        let design = straight(3);
        assert!(design.is_backwards(2, 0));
        assert!(!design.is_backwards(0, 2));
        let looped = Design::new(vec![vec![1], vec![0, 2], vec![]], vec![false; 3], vec![false; 3]);
        assert!(!looped.is_backwards(1, 0));
    }

    /// Every path that the design allows up to a length, with what it left out: the alignment must find the cheapest.
    fn cheapest(design: &Design, path: &[u16], complete: bool) -> u32 {
        // Breadth first over (designed state, visits consumed), paying 1 for each touchpoint left out and each visit.
        let width = path.len() + 1;
        let mut costs = vec![u32::MAX; (design.touchpoints + 1) * width];
        let mut queue = std::collections::VecDeque::from([(design.touchpoints, 0_usize, 0_u32)]);
        while let Some((at, used, cost)) = queue.pop_front() {
            if costs[at * width + used] <= cost {
                continue;
            }
            costs[at * width + used] = cost;
            if used < path.len() {
                queue.push_back((at, used + 1, cost + 1));
                let visit = usize::from(path[used]);
                if design.next[at].contains(&path[used]) || (visit == at && design.repeatable[at]) {
                    queue.push_back((visit, used + 1, cost));
                }
            }
            for via in &design.next[at] {
                let via = usize::from(*via);
                queue.push_back((via, used, cost + u32::from(!design.optional[via])));
            }
        }
        let is_end = |at: usize| !complete || (at < design.touchpoints && design.finals[at]);
        (0..=design.touchpoints)
            .filter(|at| is_end(*at))
            .map(|at| costs[at * width + path.len()])
            .min()
            .unwrap()
    }

    proptest! {
        #[test]
        fn an_alignment_is_optimal_and_its_parts_add_up(
            arrows in prop::collection::vec(prop::collection::vec(0_u16..5, 0..3), 5),
            optional in prop::collection::vec(any::<bool>(), 5),
            repeatable in prop::collection::vec(any::<bool>(), 5),
            path in prop::collection::vec(0_u16..5, 0..7),
            complete in any::<bool>(),
        ) {
            let mut arrows = arrows;
            // A way to the end from everywhere, so that every alignment exists.
            for (at, next) in arrows.iter_mut().enumerate() {
                if at < 4 { next.push(at as u16 + 1) } else { next.clear() }
                next.sort_unstable();
                next.dedup();
            }
            let design = Design::new(arrows, optional, repeatable);
            let alignment = design.align(&path, complete, &mut AlignScratch::default());
            prop_assert_eq!(alignment.cost, cheapest(&design, &path, complete));
            prop_assert_eq!(alignment.cost as usize, alignment.skipped.len() + alignment.undesigned.len());
        }
    }
}
