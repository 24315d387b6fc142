//! Checks of rules on one instance: kept, broken, pending or unknown.

mod answers;
mod facts;
mod rhythm;

use crate::events::Column;
use crate::instances::State;
use crate::marks::Marks;
use crate::plan::{Rule, SetId};
use crate::values::Values;

/// What the checks of one rule came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checks {
    pub kept: u64,
    pub broken: u64,
    pub pending: u64,
    /// Whether it was kept lies before the first visible event.
    pub unknown: u64,
    pub instances_broken: u64,
    pub customers_broken: u64,
    /// By how much a time was passed, where it is known.
    pub overruns: Values,
    pub missed_beats: u64,
    pub too_soon: u64,
    /// What customers did after their last closed instance: see [`crate::Summary`].
    pub retention: [u64; 4],
}

impl Checks {
    pub fn total(&self) -> u64 {
        self.kept + self.broken + self.pending + self.unknown
    }

    pub fn merge(&mut self, other: Self) {
        self.kept += other.kept;
        self.broken += other.broken;
        self.pending += other.pending;
        self.unknown += other.unknown;
        self.instances_broken += other.instances_broken;
        self.customers_broken += other.customers_broken;
        self.overruns.merge(other.overruns);
        self.missed_beats += other.missed_beats;
        self.too_soon += other.too_soon;
        for (ours, theirs) in self.retention.iter_mut().zip(other.retention) {
            *ours += theirs;
        }
    }
}

/// One instance as rules see it: its columns, and where its sets of symbols occur.
pub(crate) struct Walk<'a, M> {
    pub(crate) at: &'a [i64],
    pub(crate) channels: &'a [u16],
    pub(crate) attributes: &'a [Column<'a>],
    /// Touchpoints in order, unbound events left out.
    pub(crate) path: &'a [u16],
    pub(crate) state: State,
    pub(crate) horizon: i64,
    /// Nothing is known of what happened before.
    pub(crate) known_from: Option<i64>,
    /// Marks of each set of the plan.
    pub(crate) sets: &'a [M],
}

impl<M: Marks> Walk<'_, M> {
    fn marks(&self, set: SetId) -> M {
        self.sets[usize::from(set.0)]
    }

    fn is_closed(&self) -> bool {
        self.state.is_closed()
    }

    /// Whether more than `within` has passed since `at`.
    fn is_past(&self, at: i64, within: i64) -> bool {
        self.horizon - at > within
    }
}

/// Adds the instance's checks of the rule.
pub(crate) fn check<M: Marks>(
    walk: &Walk<'_, M>,
    rule: &Rule,
    scratch: &mut Vec<u64>,
    checks: &mut Checks,
) {
    match rule {
        Rule::Response(rule) => answers::response(walk, rule, scratch, checks),
        Rule::Precedence { before, then, within } => {
            answers::precedence(walk, *before, *then, *within, checks)
        }
        Rule::Required { of, within, of_start } => {
            answers::required(walk, *of, *within, *of_start, checks)
        }
        Rule::Never { of, after, within } => answers::never(walk, *of, *after, *within, checks),
        Rule::Wait { from, to, at_most } => answers::wait(walk, *from, *to, *at_most, checks),
        Rule::Due { from, to, by } => answers::due(walk, *from, *to, *by, checks),
        Rule::Count { of, at_least, at_most } => {
            rhythm::count(walk, *of, *at_least..=*at_most, checks)
        }
        Rule::AtMost { of, times, per } => rhythm::at_most(walk, *of, *times, *per, checks),
        Rule::Cadence(rule) => rhythm::cadence(walk, rule, checks),
        Rule::Duration { ends, within } => rhythm::duration(walk, *ends, *within, checks),
        Rule::Order { allowed } => facts::order(walk, allowed, checks),
        Rule::Channel { of, only } => facts::channel(walk, *of, only, checks),
        Rule::Consistent { attribute, first, then } => {
            facts::consistent(walk, *attribute, *first, *then, checks)
        }
        Rule::Value { of, attribute, test } => facts::value(walk, *of, *attribute, test, checks),
        Rule::Starts { of } => facts::starts(walk, *of, checks),
        Rule::Ends { of } => facts::ends(walk, *of, checks),
    }
}
