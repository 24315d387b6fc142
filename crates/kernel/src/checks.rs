//! Checks of rules on one instance: kept, broken, pending or unknown.

mod answers;
mod facts;
mod rhythm;

use crate::beats::{Beats, Lengths};
use crate::days::{Days, Stand};
use crate::events::Column;
use crate::follow_up::FollowUp;
use crate::instances::State;
use crate::marks::{Marks, Scratch};
use crate::packed::packed;
use crate::plan::{Rule, SetId};
use crate::summary::add_all;
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
    /// Customers by what became of the rule in the first closed instance that it was judged in, and whether they came back
    /// after it: broken and did not, broken and did, kept and did not, kept and did.
    pub retention: [u64; 4],
    /// Kept, broken and pending ones by the day on which they began: that of the event that a check is about, or of the first
    /// event where it is about an instance.
    pub days: Days,
    /// The same by stratum; empty where none are asked for.
    pub strata: Vec<[u64; 4]>,
    /// Instances by group; empty where none are asked for.
    pub groups: Vec<OfGroup>,
    /// How long customers stayed, where the plan says what coming back is.
    pub follow_up: FollowUp,
    /// How it was kept up, for cadence.
    pub beats: Beats,
}

packed!(Checks {
    kept,
    broken,
    pending,
    unknown,
    instances_broken,
    customers_broken,
    overruns,
    missed_beats,
    too_soon,
    retention,
    days,
    strata,
    groups,
    follow_up,
    beats,
});
packed!(OfGroup { kept, broken, customers });

/// Instances of one group in which a check of a rule was settled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfGroup {
    /// Without a broken check.
    pub kept: u64,
    pub broken: u64,
    /// Customers whose instances these are.
    pub customers: u64,
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
        self.days.merge(&other.days);
        add_all(&mut self.retention, &other.retention);
        for (ours, theirs) in self.strata.iter_mut().zip(&other.strata) {
            add_all(ours, theirs);
        }
        for (ours, theirs) in self.groups.iter_mut().zip(&other.groups) {
            ours.kept += theirs.kept;
            ours.broken += theirs.broken;
            ours.customers += theirs.customers;
        }
        self.follow_up.merge(&other.follow_up);
        self.beats.merge(other.beats);
    }

    /// One check that began at this moment and is settled.
    #[inline]
    pub fn settle(&mut self, began: i64, kept: bool) {
        self.kept += u64::from(kept);
        self.broken += u64::from(!kept);
        self.days.add(began, Stand::of(kept, !kept, false));
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
    /// When they were visited; empty where nobody asks when a check broke.
    pub(crate) path_at: &'a [i64],
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

    /// The first moment at which it is known to be over.
    fn over_at(&self) -> i64 {
        match self.state {
            State::Ended => self.at[self.at.len() - 1],
            State::TimedOut(at) => at.saturating_add(1),
            State::Open => i64::MAX,
        }
    }

    /// The first moment at which something that is due `within` after `at` and does not come is known not to have come.
    fn missed_at(&self, at: i64, within: i64) -> i64 {
        at.saturating_add(within).saturating_add(1).min(self.over_at())
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
    /// The first moment at which a broken check is known to be.
    pub(crate) broke_at: i64,
}

impl One {
    /// What is settled by an event, at its moment.
    fn kept_if(kept: bool, at: i64) -> Self {
        Self { kept, broken: !kept, broke_at: at, ..Self::default() }
    }
}

/// Where the checks of one walk are counted.
pub(crate) struct Counted<'a> {
    checks: &'a mut Checks,
    /// When the first of them broke; the end of time if none did.
    broke_at: i64,
}

impl Counted<'_> {
    /// One check that began at this moment was kept.
    #[inline]
    fn kept(&mut self, began: i64) {
        self.checks.settle(began, true);
    }

    /// One check that began at this moment is known to be broken since that one.
    #[inline]
    fn broke(&mut self, began: i64, broke_at: i64) {
        self.checks.settle(began, false);
        self.broke_at = self.broke_at.min(broke_at);
    }

    /// One check that began at this moment is not settled yet.
    #[inline]
    fn wait(&mut self, began: i64) {
        self.checks.pending += 1;
        self.checks.days.add(began, Stand::PENDING);
    }

    /// One check that an event settles at its moment.
    #[inline]
    fn settle(&mut self, at: i64, kept: bool) {
        if kept {
            self.kept(at);
        } else {
            self.broke(at, at);
        }
    }
}

/// What is found about many walks, a place for each.
pub(crate) struct Found<'a> {
    pub(crate) verdicts: &'a mut [Verdicts],
    /// When the first check broke, the end of time if none did; written only where `TIMED`.
    pub(crate) broke_at: &'a mut [i64],
}

/// Adds the checks of one rule on many walks. Which rule it is is decided once for all of them: a processor that meets
/// the rules in turn guesses wrong at nearly every one, because the instances in between differ.
/// When checks broke is found only where `TIMED`: it costs more than a check. Rules are always inlined here: there are four such
/// functions, and a compiler that finds four callers leaves a rule outside, where what it found comes back through memory.
pub(crate) fn check<M: Marks, const TIMED: bool>(
    walks: &[Walk<'_, M>],
    rule: &Rule,
    found: Found<'_>,
    scratch: &mut Scratch,
    checks: &mut Checks,
) {
    let mut tally = Tally::<TIMED> { found, checks };
    match rule {
        Rule::Response(rule) if rule.is_plain() => {
            answers::plain_response(&mut tally, walks, rule, scratch);
        }
        Rule::Response(rule) => {
            tally.all(walks, |walk, counted| {
                answers::response(walk, rule, &mut scratch.used, counted)
            });
        }
        Rule::Precedence { before, then, within } => {
            tally.each(walks, *then, scratch, |walk, at| {
                answers::precedence(walk, *before, *within, at)
            });
        }
        Rule::Required { of, within, of_start } => {
            tally.all(walks, |walk, counted| {
                answers::required(walk, *of, *within, *of_start, counted)
            });
        }
        Rule::Never { of, after, within } => {
            tally.each(walks, *after, scratch, |walk, at| answers::never(walk, *of, *within, at));
        }
        Rule::Wait { from, to, at_most } => {
            tally.each(walks, *from, scratch, |walk, at| answers::wait(walk, *to, *at_most, at));
        }
        Rule::Due { from, to, by } => {
            tally.all(walks, |walk, counted| answers::due(walk, *from, *to, *by, counted));
        }
        Rule::Count { of, at_least, at_most } => {
            tally.all(walks, |walk, counted| {
                rhythm::count(walk, *of, *at_least..=*at_most, counted)
            });
        }
        Rule::AtMost { of, times, per } => {
            tally.all(walks, |walk, counted| rhythm::at_most(walk, *of, *times, *per, counted));
        }
        Rule::Cadence(rule) => {
            let (Scratch { phases, gaps, .. }, lengths) = (scratch, Lengths::of(rule));
            let keeps_few = tally.checks.beats.keeps_few();
            tally.all(walks, |walk, counted| {
                let kept = keeps_few.then_some(&mut *gaps);
                phases.push(rhythm::cadence(walk, (rule, &lengths), counted, kept));
            });
        }
        Rule::Duration { ends, within } => {
            tally.all(walks, |walk, counted| rhythm::duration(walk, *ends, *within, counted));
        }
        Rule::Order { allowed } => {
            tally.all(walks, |walk, counted| facts::order(walk, allowed, counted))
        }
        Rule::Channel { of, only } => {
            let among = facts::Among::of(only);
            tally.each(walks, *of, scratch, |walk, at| facts::channel(walk, &among, at));
        }
        Rule::Consistent { attribute, first, then } => {
            tally.all(walks, |walk, counted| {
                facts::consistent(walk, *attribute, *first, *then, counted)
            });
        }
        Rule::Value { of, attribute, test } => {
            tally.all(walks, |walk, counted| facts::value(walk, *of, *attribute, test, counted));
        }
        Rule::Starts { of } => tally.all(walks, |walk, counted| facts::starts(walk, *of, counted)),
        Rule::Ends { of } => tally.all(walks, |walk, counted| facts::ends(walk, *of, counted)),
    }
}

struct Tally<'a, const TIMED: bool> {
    found: Found<'a>,
    checks: &'a mut Checks,
}

impl<const TIMED: bool> Tally<'_, TIMED> {
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
        self.found.verdicts.fill(Verdicts::default());
        if TIMED {
            self.found.broke_at.fill(i64::MAX);
        }
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
            self.found.verdicts[number].kept |= one.kept;
            self.found.verdicts[number].broken |= one.broken;
            if TIMED && one.broken {
                let broke_at = &mut self.found.broke_at[number];
                *broke_at = one.broke_at.min(*broke_at);
            }
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
        mut check: impl FnMut(&Walk<'w, M>, &mut Counted<'_>),
    ) {
        for (number, walk) in walks.iter().enumerate() {
            let (kept, broken) = (self.checks.kept, self.checks.broken);
            let mut counted = Counted { checks: self.checks, broke_at: i64::MAX };
            check(walk, &mut counted);
            if TIMED {
                self.found.broke_at[number] = counted.broke_at;
            }
            self.found.verdicts[number] =
                Verdicts { kept: self.checks.kept != kept, broken: self.checks.broken != broken };
        }
    }
}
