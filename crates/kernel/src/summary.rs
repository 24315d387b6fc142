//! What a pass over events leaves: counts and sets of durations that merge by addition.

use std::collections::BTreeMap;

use crate::checks::{Checks, OfGroup, Verdicts};
use crate::days::Days;
use crate::packed::packed;
use crate::plan::Plan;
use crate::products::Products;
use crate::values::{EXACT_VALUES, Values};
use crate::variants::Variants;

/// All values of a summary together stay exact up to this many; beyond, sets of more than [`SMALL_SET`] are sketched.
pub(crate) const EXACT_IN_TOTAL: u64 = 32_000_000;
pub(crate) const SMALL_SET: u64 = 65_536;

/// The walked path of many customers.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Customers with at least one instance.
    pub customers: u64,
    pub beside: Beside,
    /// Instances that ended, timed out, are open.
    pub instances: [u64; 3],
    /// Instances by the day of their first event; those that timed out stand as broken.
    pub begun: Days,
    /// From first to last event, µs, in the same order.
    pub durations: [Values; 3],
    /// Customers who met each touchpoint.
    pub reach: Vec<u64>,
    /// `channels[touchpoint * n + channel]` visits; empty when channels are not counted.
    pub channels: Vec<u64>,
    /// µs from a touchpoint to the next, by both.
    pub waits: BTreeMap<(u16, u16), Values>,
    /// µs that open instances have waited since their last touchpoint.
    pub waiting: Vec<Values>,
    pub variants: Variants,
    /// In the order of the plan's rules.
    pub checks: Vec<Checks>,
    /// Instances of which at least one check of any rule was settled, and those of them without a broken one.
    pub first_pass: [u64; 2],
    /// Of customers who came back after their first closed instance: thousandths of the value that their events carried
    /// since, and s since.
    pub worth: Products,
    /// In the order of the plan's funnels.
    pub funnels: Vec<FunnelCounts>,
    /// Customers whose checks were asked for, by key.
    pub watched: Vec<Watched>,
    /// Visible events that belong to an instance.
    pub events: u64,
    /// Moments of the first and the last of them.
    pub span: Option<(i64, i64)>,
}

/// Customers whom a segment leaves out, so that somebody can judge whether they are too few to be told by subtraction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beside {
    /// Customers with instances, none of them in the segment.
    pub wholly: u64,
    /// Customers of whom at least one instance is not in the segment.
    pub partly: u64,
}

/// What one watched customer met: bit `r` of the words for rule `r`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    pub customer: u64,
    /// Rules of which at least one check was kept.
    pub kept: Vec<u64>,
    /// Rules of which at least one check was broken.
    pub broken: Vec<u64>,
    /// Touchpoints met.
    pub met: Vec<u64>,
}

/// Customers along a funnel.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FunnelCounts {
    pub steps: Vec<StepCounts>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct StepCounts {
    pub reached: u64,
    /// Did not reach the next step and can no longer.
    pub lost: u64,
    /// Have not reached the next step and still may.
    pub open: u64,
    /// µs from the step before.
    pub waits: Values,
    /// What the lost ones met next; [`crate::END`] for nothing.
    pub instead: BTreeMap<u16, u64>,
}

packed!(Summary {
    customers,
    beside,
    instances,
    begun,
    durations,
    reach,
    channels,
    waits,
    waiting,
    variants,
    checks,
    first_pass,
    worth,
    funnels,
    watched,
    events,
    span,
});
packed!(Beside { wholly, partly });
packed!(Watched { customer, kept, broken, met });
packed!(FunnelCounts { steps });
packed!(StepCounts { reached, lost, open, waits, instead });

impl Watched {
    pub(crate) fn add(&mut self, rule: usize, verdicts: Verdicts) {
        self.kept[rule / 64] |= u64::from(verdicts.kept) << (rule % 64);
        self.broken[rule / 64] |= u64::from(verdicts.broken) << (rule % 64);
    }
}

impl Summary {
    pub fn new(plan: &Plan) -> Self {
        let n = plan.touchpoints;
        let strata = plan.settings.strata.as_ref().filter(|_| plan.settings.again_within.is_some());
        let strata = strata.map_or(Vec::new(), |(_, values)| vec![[0; 4]; values.len() + 1]);
        let groups = plan.settings.groups.as_ref();
        let groups =
            groups.map_or(Vec::new(), |(_, values)| vec![OfGroup::default(); values.len() + 1]);
        let funnel = |steps| FunnelCounts { steps: vec![StepCounts::default(); steps] };
        Self {
            customers: 0,
            beside: Beside::default(),
            instances: [0; 3],
            begun: Days::default(),
            durations: Default::default(),
            reach: vec![0; n],
            channels: vec![0; n * plan.settings.channels],
            waits: BTreeMap::new(),
            waiting: vec![Values::default(); n],
            variants: Variants::default(),
            checks: vec![Checks { strata, groups, ..Checks::default() }; plan.settings.rules.len()],
            first_pass: [0; 2],
            worth: Products::default(),
            funnels: plan.settings.funnels.iter().map(|f| funnel(f.steps)).collect(),
            watched: Vec::new(),
            events: 0,
            span: None,
        }
    }

    /// Adds the summary of other customers, made with the same plan.
    pub fn merge(&mut self, other: Self) {
        self.add(other);
        self.settle();
    }

    fn add(&mut self, other: Self) {
        self.customers += other.customers;
        self.beside.wholly += other.beside.wholly;
        self.beside.partly += other.beside.partly;
        self.events += other.events;
        add_all(&mut self.instances, &other.instances);
        self.begun.merge(&other.begun);
        add_all(&mut self.reach, &other.reach);
        add_all(&mut self.channels, &other.channels);
        add_all(&mut self.first_pass, &other.first_pass);
        self.worth.merge(&other.worth);
        merge_all(&mut self.durations, other.durations);
        merge_all(&mut self.waiting, other.waiting);
        for (pair, waits) in other.waits {
            self.waits.entry(pair).or_default().merge(waits);
        }
        self.variants.merge(other.variants);
        for (ours, theirs) in self.checks.iter_mut().zip(other.checks) {
            ours.merge(theirs);
        }
        for (ours, theirs) in self.funnels.iter_mut().zip(other.funnels) {
            ours.merge(theirs);
        }
        self.watched.extend(other.watched);
        self.watched.sort_unstable_by_key(|watched| watched.customer);
        self.span = match (self.span, other.span) {
            (Some(ours), Some(theirs)) => Some((ours.0.min(theirs.0), ours.1.max(theirs.1))),
            (ours, theirs) => ours.or(theirs),
        };
    }

    /// Gives to sketches what is too much to keep. Which sets those are depends on the numbers of the whole alone, whatever
    /// was sketched before: a part that has too much means that the whole has.
    pub fn settle(&mut self) {
        self.settle_beyond(EXACT_IN_TOTAL, SMALL_SET, EXACT_VALUES as u64);
    }

    fn settle_beyond(&mut self, in_total: u64, small: u64, exact: u64) {
        self.variants.settle();
        let total: u64 = self.values().map(Values::count).sum();
        let limit = if total > in_total { small } else { exact };
        for values in self.values_mut().filter(|values| values.count() > limit) {
            values.condense();
        }
    }

    fn values(&self) -> impl Iterator<Item = &Values> {
        let steps =
            self.funnels.iter().flat_map(|funnel| funnel.steps.iter().map(|step| &step.waits));
        let checks = self.checks.iter().map(|checks| &checks.overruns);
        self.durations
            .iter()
            .chain(self.waits.values())
            .chain(&self.waiting)
            .chain(checks)
            .chain(steps)
    }

    fn values_mut(&mut self) -> impl Iterator<Item = &mut Values> {
        let steps = self
            .funnels
            .iter_mut()
            .flat_map(|funnel| funnel.steps.iter_mut().map(|step| &mut step.waits));
        let checks = self.checks.iter_mut().map(|checks| &mut checks.overruns);
        self.durations
            .iter_mut()
            .chain(self.waits.values_mut())
            .chain(&mut self.waiting)
            .chain(checks)
            .chain(steps)
    }
}

impl FunnelCounts {
    fn merge(&mut self, other: Self) {
        for (ours, theirs) in self.steps.iter_mut().zip(other.steps) {
            ours.reached += theirs.reached;
            ours.lost += theirs.lost;
            ours.open += theirs.open;
            ours.waits.merge(theirs.waits);
            for (touchpoint, count) in theirs.instead {
                *ours.instead.entry(touchpoint).or_default() += count;
            }
        }
    }
}

pub(crate) fn add_all(ours: &mut [u64], theirs: &[u64]) {
    for (ours, theirs) in ours.iter_mut().zip(theirs) {
        *ours += theirs;
    }
}

fn merge_all(ours: &mut [Values], theirs: impl IntoIterator<Item = Values>) {
    for (ours, theirs) in ours.iter_mut().zip(theirs) {
        ours.merge(theirs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{PlanBuilder, Settings};
    use proptest::prelude::*;

    /// Three sets of durations of these sizes.
    fn summary(sizes: [u8; 3]) -> Summary {
        let mut summary = Summary::new(&PlanBuilder::new(Vec::new(), 0).build(Settings::default()));
        for (values, size) in summary.durations.iter_mut().zip(sizes) {
            *values = (0..i64::from(size)).collect();
        }
        summary
    }

    proptest! {
        #[test]
        fn what_is_sketched_does_not_depend_on_the_order_of_merging(
            parts in prop::collection::vec([0_u8..40, 0_u8..40, 0_u8..40], 1..6),
            seed in any::<prop::sample::Index>(),
        ) {
            let merge = |parts: &[[u8; 3]]| {
                let mut whole = summary([0; 3]);
                for part in parts {
                    let mut part = summary(*part);
                    part.settle_beyond(150, 20, 60);
                    whole.add(part);
                    whole.settle_beyond(150, 20, 60);
                }
                whole
            };
            let mut turned = parts.clone();
            turned.rotate_left(seed.index(parts.len()));
            let mut reversed = parts.clone();
            reversed.reverse();
            prop_assert!(merge(&turned) == merge(&parts));
            prop_assert!(merge(&reversed) == merge(&parts));
        }
    }
}
