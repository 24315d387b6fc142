//! Checks of rules on one instance: kept, broken, pending or unknown.

mod answers;
mod facts;
mod rhythm;

use crate::days::{Days, Stand};
use crate::events::Column;
use crate::instances::State;
use crate::marks::{Marks, Scratch};
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
    /// Kept, broken and pending ones by the day on which they began: that of the event that a check is about, or of the first
    /// event where it is about an instance.
    pub days: Days,
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
        self.days.merge(&other.days);
    }
}

impl Checks {
    /// One check that began at this moment and is settled.
    #[inline]
    pub fn settle(&mut self, at: i64, kept: bool) {
        self.kept += u64::from(kept);
        self.broken += u64::from(!kept);
        self.days.add(at, Stand::of(kept, !kept, false));
    }

    /// One check that began at this moment and is not settled yet.
    #[inline]
    fn wait(&mut self, at: i64) {
        self.pending += 1;
        self.days.add(at, Stand::PENDING);
    }

    /// Counts an instance after which the customer came back, or did not.
    pub(crate) fn add_outcome(&mut self, verdicts: Verdicts, came_back: Option<bool>) {
        if let (Some(came_back), true) = (came_back, verdicts.kept || verdicts.broken) {
            let row = if verdicts.broken { 0 } else { 2 };
            self.retention[row + usize::from(came_back)] += 1;
        }
    }
}

/// One instance as rules see it: its columns, and where its sets of symbols occur.
pub(crate) struct Walk<'a, M> {
    pub(crate) at: &'a [i64],
    pub(crate) channels: &'a [u16],
    /// Of all events; this instance's begin at `from`.
    pub(crate) attributes: &'a [Column<'a>],
    pub(crate) from: usize,
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

    fn text(&self, attribute: usize, position: usize) -> u64 {
        self.attributes[attribute].text(self.from + position)
    }

    fn number(&self, attribute: usize, position: usize) -> f64 {
        self.attributes[attribute].number(self.from + position)
    }

    fn time(&self, attribute: usize, position: usize) -> i64 {
        self.attributes[attribute].time(self.from + position)
    }

    fn is_closed(&self) -> bool {
        self.state.is_closed()
    }

    /// Whether more than `within` has passed since `at`.
    fn is_past(&self, at: i64, within: i64) -> bool {
        self.horizon - at > within
    }
}

/// What came of one rule in one instance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Verdicts {
    pub(crate) kept: bool,
    pub(crate) broken: bool,
}

/// One check that is about one event. Flags rather than cases: they are added up, and no processor has to guess them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct One {
    pub(crate) kept: bool,
    pub(crate) broken: bool,
    pub(crate) pending: bool,
    pub(crate) unknown: bool,
    /// By how much a time was passed; 0 or less if it was not, or if that is not known.
    pub(crate) over: i64,
}

impl One {
    fn kept_if(kept: bool) -> Self {
        Self { kept, broken: !kept, ..Self::default() }
    }
}

/// Adds the checks of one rule on many walks. Which rule it is is decided once for all of them: a processor that meets
/// the rules in turn guesses wrong at nearly every one, because the instances in between differ.
pub(crate) fn check<M: Marks>(
    walks: &[Walk<'_, M>],
    rule: &Rule,
    verdicts: &mut [Verdicts],
    scratch: &mut Scratch,
    checks: &mut Checks,
) {
    let mut tally = Tally { verdicts, checks };
    match rule {
        Rule::Response(rule) if rule.is_plain() => {
            answers::plain_response(&mut tally, walks, rule, scratch);
        }
        Rule::Response(rule) => {
            tally.all(walks, |walk, checks| {
                answers::response(walk, rule, &mut scratch.used, checks)
            });
        }
        Rule::Precedence { before, then, within } => {
            tally.each(walks, *then, scratch, |walk, at| {
                answers::precedence(walk, *before, *within, at)
            });
        }
        Rule::Required { of, within, of_start } => {
            tally.all(walks, |walk, checks| {
                answers::required(walk, *of, *within, *of_start, checks)
            });
        }
        Rule::Never { of, after, within } => {
            tally.each(walks, *after, scratch, |walk, at| answers::never(walk, *of, *within, at));
        }
        Rule::Wait { from, to, at_most } => {
            tally.each(walks, *from, scratch, |walk, at| answers::wait(walk, *to, *at_most, at));
        }
        Rule::Due { from, to, by } => {
            tally.all(walks, |walk, checks| answers::due(walk, *from, *to, *by, checks));
        }
        Rule::Count { of, at_least, at_most } => {
            tally.all(walks, |walk, checks| rhythm::count(walk, *of, *at_least..=*at_most, checks));
        }
        Rule::AtMost { of, times, per } => {
            tally.all(walks, |walk, checks| rhythm::at_most(walk, *of, *times, *per, checks));
        }
        Rule::Cadence(rule) => tally.all(walks, |walk, checks| rhythm::cadence(walk, rule, checks)),
        Rule::Duration { ends, within } => {
            tally.all(walks, |walk, checks| rhythm::duration(walk, *ends, *within, checks));
        }
        Rule::Order { allowed } => {
            tally.all(walks, |walk, checks| facts::order(walk, allowed, checks))
        }
        Rule::Channel { of, only } => {
            let among = facts::Among::of(only);
            tally.each(walks, *of, scratch, |walk, at| facts::channel(walk, &among, at));
        }
        Rule::Consistent { attribute, first, then } => {
            tally.all(walks, |walk, checks| {
                facts::consistent(walk, *attribute, *first, *then, checks)
            });
        }
        Rule::Value { of, attribute, test } => {
            tally.all(walks, |walk, checks| facts::value(walk, *of, *attribute, test, checks));
        }
        Rule::Starts { of } => tally.all(walks, |walk, checks| facts::starts(walk, *of, checks)),
        Rule::Ends { of } => tally.all(walks, |walk, checks| facts::ends(walk, *of, checks)),
    }
}

struct Tally<'a> {
    verdicts: &'a mut [Verdicts],
    checks: &'a mut Checks,
}

impl Tally<'_> {
    /// Checks each event of a set.
    #[inline]
    fn each<'w, M: Marks + 'w>(
        &mut self,
        walks: &[Walk<'w, M>],
        set: SetId,
        scratch: &mut Scratch,
        check: impl Fn(&Walk<'w, M>, usize) -> One,
    ) {
        self.each_in_turn(walks, (set, ()), scratch, |walk, position, ()| check(walk, position));
    }

    /// The same where a check depends on those before it in the same walk, by way of a state that begins anew in each.
    #[inline]
    fn each_in_turn<'w, M: Marks + 'w, S: Copy>(
        &mut self,
        walks: &[Walk<'w, M>],
        (set, begin): (SetId, S),
        scratch: &mut Scratch,
        check: impl Fn(&Walk<'w, M>, usize, &mut S) -> One,
    ) {
        self.verdicts.fill(Verdicts::default());
        let (mut kept, mut broken, mut pending, mut unknown) = (0, 0, 0, 0);
        let mut state = (usize::MAX, begin);
        let mut over = std::mem::take(&mut scratch.over);
        let mut days = std::mem::take(&mut self.checks.days);
        let mut n_over = 0;
        M::each(walks.iter().map(|walk| walk.marks(set)), scratch, |number, position| {
            state = (number, if state.0 == number { state.1 } else { begin });
            let walk = &walks[number];
            let one = check(walk, position, &mut state.1);
            kept += u64::from(one.kept);
            broken += u64::from(one.broken);
            pending += u64::from(one.pending);
            days.add(walk.at[position], Stand::of(one.kept, one.broken, one.pending));
            unknown += u64::from(one.unknown);
            self.verdicts[number].kept |= one.kept;
            self.verdicts[number].broken |= one.broken;
            // Written down whether it counts or not; the next one is written over it if it does not.
            if n_over == over.len() {
                over.resize(2 * n_over + 64, 0);
            }
            over[n_over] = one.over;
            n_over += usize::from(one.broken & (one.over > 0));
        });
        self.checks.kept += kept;
        self.checks.broken += broken;
        self.checks.pending += pending;
        self.checks.unknown += unknown;
        over[..n_over].iter().for_each(|over| self.checks.overruns.push(*over));
        scratch.over = over;
        self.checks.days = days;
    }

    #[inline]
    fn all<'w, M: Marks + 'w>(
        &mut self,
        walks: &[Walk<'w, M>],
        mut check: impl FnMut(&Walk<'w, M>, &mut Checks),
    ) {
        for (walk, verdicts) in walks.iter().zip(&mut *self.verdicts) {
            let (kept, broken) = (self.checks.kept, self.checks.broken);
            check(walk, self.checks);
            *verdicts =
                Verdicts { kept: self.checks.kept != kept, broken: self.checks.broken != broken };
        }
    }
}
