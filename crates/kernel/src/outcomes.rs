//! What came after instances: whether customers came back, held against what had become of a rule by then.

use crate::batch::Place;
use crate::checks::{Checks, Verdicts};
use crate::events::Events;
use crate::follow_up::Course;
use crate::groups::first_known;
use crate::instances::State;
use crate::plan::{AGAIN, Plan};
use crate::walk::Run;

/// A closed instance, and what came after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended {
    /// Since when it is over: for one that timed out not its last event, because until then nobody could know.
    at: i64,
    /// When the customer came back, if that was in time.
    back_at: Option<i64>,
    /// Whether it can be told of everybody whose instance ended then.
    is_decided: bool,
    stratum: usize,
}

/// Closed instances of whole customers, in the order in which they were found.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    ended: Vec<(usize, Place, Ended)>,
    /// Of each customer, when the rule at hand first broke.
    first_broke_at: Vec<i64>,
}

/// What became of the rule at hand: in each instance, and when it first broke for each customer.
pub(crate) struct Judged<'a, F, B> {
    /// Of the instance at a place, with the moment of its first broken check.
    pub(crate) of: F,
    /// Customers and when a check broke, in any order.
    pub(crate) broke_at: B,
    pub(crate) customers: usize,
    pub(crate) plan: &'a Plan,
}

impl Ended {
    /// The instance with rows `from..to`; `None` while it is open.
    pub(crate) fn of(
        events: &Events<'_>,
        (from, to, state): (usize, usize, State),
        run: &Run<'_>,
        plan: &Plan,
    ) -> Option<Self> {
        let within = plan.settings.again_within?;
        let last = events.at[to - 1];
        let at = match state {
            State::Ended => last,
            State::TimedOut(at) => at,
            State::Open => return None,
        };
        let limit = at.saturating_add(within);
        let after = run.at.partition_point(|other| *other <= last);
        let later = run.at[after..].iter().zip(&run.symbols[after..]);
        let in_time = later.take_while(|(at, _)| **at <= limit);
        let is_again = |symbol: u16| plan.symbols[usize::from(symbol)].bounds & AGAIN != 0;
        let back_at = in_time.filter(|(_, symbol)| is_again(**symbol)).map(|(at, _)| *at).next();
        let strata = plan.settings.strata.as_ref();
        let stratum = strata.map_or(0, |strata| first_known(events, from..to, strata));
        Some(Self { at, back_at, is_decided: plan.settings.horizon > limit, stratum })
    }

    /// The end, if the customer came back after it.
    pub(crate) fn retained_at(&self) -> Option<i64> {
        self.back_at.map(|_| self.at)
    }
}

impl Outcomes {
    pub(crate) fn add(&mut self, customer: usize, place: Place, ended: Ended) {
        self.ended.push((customer, place, ended));
    }

    pub(crate) fn clear(&mut self) {
        self.ended.clear();
    }

    /// The first closed instance of a customer whose instances were added last, if its outcome is known.
    pub(crate) fn first(&self, customer: usize) -> Option<&Ended> {
        let own = self.ended.iter().rev().take_while(|(other, ..)| *other == customer);
        // Of those that were over at the same moment, the one that was found first.
        let ended = own.map(|(_, _, ended)| ended);
        let first = ended.reduce(|first, other| if other.at <= first.at { other } else { first });
        first.filter(|ended| ended.is_decided)
    }

    /// Counts how the customers fared whom a rule was judged for.
    pub(crate) fn count<F, B>(&mut self, judged: Judged<'_, F, B>, checks: &mut Checks)
    where
        F: Fn(Place) -> (Verdicts, i64),
        B: Iterator<Item = (usize, i64)>,
    {
        let settings = &judged.plan.settings;
        let Some(within) = settings.again_within else { return };
        let known_until = settings.horizon.saturating_sub(within);
        self.first_broke_at.clear();
        self.first_broke_at.resize(judged.customers, i64::MAX);
        for (customer, broke_at) in judged.broke_at {
            let first = &mut self.first_broke_at[customer];
            *first = broke_at.min(*first);
        }
        for own in self.ended.chunk_by(|a, b| a.0 == b.0) {
            let is_judged = |place: Place| {
                let (verdicts, _) = (judged.of)(place);
                verdicts.kept || verdicts.broken
            };
            let first = own.iter().filter(|(_, place, _)| is_judged(*place));
            let Some((customer, place, first)) = first.min_by_key(|(.., ended)| ended.at) else {
                continue;
            };
            if !first.is_decided {
                continue;
            }
            count_first(first, (judged.of)(*place), within, checks);
            let lost = own.iter().map(|(.., ended)| ended).filter(|ended| {
                ended.at >= first.at && ended.is_decided && ended.back_at.is_none()
            });
            let left_at = lost.map(|ended| ended.at).min();
            checks.follow_up.add(Course {
                begin: first.at,
                end: left_at.unwrap_or(known_until),
                has_left: left_at.is_some(),
                broke_at: self.first_broke_at[*customer],
            });
        }
    }
}

/// A defect counts that was there before the outcome was; one that came later is none of its causes.
fn count_first(
    ended: &Ended,
    (verdicts, broke_at): (Verdicts, i64),
    within: i64,
    checks: &mut Checks,
) {
    let limit = ended.at.saturating_add(within).saturating_add(1);
    let is_exposed = verdicts.broken && broke_at < ended.back_at.unwrap_or(limit);
    if !is_exposed && !verdicts.kept {
        return;
    }
    let cell = if is_exposed { 0 } else { 2 } + usize::from(ended.back_at.is_some());
    checks.retention[cell] += 1;
    if let Some(stratum) = checks.strata.get_mut(ended.stratum) {
        stratum[cell] += 1;
    }
}
