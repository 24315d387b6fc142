//! Rules about how often and how long: count, at most per window, cadence, duration.

use std::ops::RangeInclusive;

use super::{Counted, Walk};
use crate::beats::{Gap, Gaps, Lengths, Phase, Watch};
use crate::instances::State;
use crate::marks::Marks;
use crate::plan::{Cadence, SetId};

/// How often `of` happens in the instance.
#[inline(always)]
pub(super) fn count<M: Marks>(
    walk: &Walk<'_, M>,
    of: SetId,
    allowed: RangeInclusive<u64>,
    counted: &mut Counted<'_>,
) {
    let (at_least, at_most) = (*allowed.start(), *allowed.end());
    let n = walk.marks(of).count();
    let began = walk.at[0];
    if n > at_most {
        let one_too_many = walk.marks(of).iter().nth(at_most as usize);
        counted.broke(began, walk.at[one_too_many.unwrap_or(0)]);
    } else if walk.is_closed() && n < at_least {
        counted.broke(began, walk.over_at());
    } else if walk.is_closed() || (n >= at_least && at_most == u64::MAX) {
        counted.kept(began);
    } else {
        counted.wait(began);
    }
}

/// At most `times` in any window of length `per`, open at its old end.
#[inline(always)]
pub(super) fn at_most<M: Marks>(
    walk: &Walk<'_, M>,
    of: SetId,
    times: u64,
    per: i64,
    counted: &mut Counted<'_>,
) {
    let of = walk.marks(of);
    // Runs `times` events behind, so that the two together span one too many.
    let mut behind = of.iter();
    for (index, position) in of.iter().enumerate() {
        let earlier = if index as u64 >= times { behind.next() } else { None };
        let is_over = |earlier: usize| walk.at[position] - walk.at[earlier] < per;
        counted.settle(walk.at[position], !earlier.is_some_and(is_over));
    }
}

/// `of` at least every `every`, from the start to the end or the horizon.
#[inline(always)]
pub(super) fn cadence<M: Marks>(
    walk: &Walk<'_, M>,
    (rule, lengths): (&Cadence, &Lengths),
    counted: &mut Counted<'_>,
    kept: Option<&mut Vec<Gap>>,
) -> Phase {
    let start = match rule.from {
        Some(set) => walk.marks(set).next(0),
        None => Some(0),
    };
    let Some(start) = start else { return Phase::default() };
    let begin = walk.at[start];
    let until = rule.until.and_then(|set| walk.marks(set).next(start + 1));
    let (end, is_over) = match (until, walk.state) {
        (Some(position), _) => (walk.at[position], true),
        (None, State::Ended) => (walk.at[walk.at.len() - 1], true),
        // A customer who was left alone until the instance timed out was left alone until then, not until the last event.
        (None, State::TimedOut(at)) => (at.min(walk.horizon), true),
        (None, State::Open) => (walk.horizon, false),
    };
    let mut watch = Watch::between(begin, end, lengths);
    let mut counts = std::mem::take(&mut counted.checks.beats.gaps);
    let mut gaps = Gaps { counts: &mut counts, kept };
    let mut previous = begin;
    let moment = walk.at.partition_point(|at| *at < begin);
    let beats = walk
        .marks(rule.of)
        .iter_from(moment)
        .map(|position| walk.at[position])
        .take_while(|at| *at <= end);
    for (index, beat) in beats.enumerate() {
        if index > 0 || beat != begin {
            gap(rule, (previous, beat), true, counted);
            watch.add(beat, previous, &mut gaps);
            if beat - previous < rule.at_least {
                counted.checks.too_soon += 1;
            }
        }
        previous = beat;
    }
    if end > previous {
        gap(rule, (previous, end), is_over, counted);
        watch.end(end - previous, is_over, &mut gaps);
    }
    counted.checks.beats.gaps = counts;
    watch.phase()
}

/// The time between two contacts, or between the last one and the end.
#[inline(always)]
fn gap(rule: &Cadence, (from, to): (i64, i64), is_over: bool, counted: &mut Counted<'_>) {
    let (gap, limit) = (to - from, rule.every.saturating_add(rule.grace));
    if gap > limit {
        counted.broke(from, from.saturating_add(limit).saturating_add(1));
        counted.checks.overruns.push(gap - limit);
        let late = gap - rule.grace;
        counted.checks.missed_beats += ((late - 1) / rule.every.max(1)) as u64;
    } else if is_over {
        counted.kept(from);
    } else {
        counted.wait(from);
    }
}

/// From the start to the first of `ends`, or to the last event.
#[inline(always)]
pub(super) fn duration<M: Marks>(
    walk: &Walk<'_, M>,
    ends: Option<SetId>,
    within: i64,
    counted: &mut Counted<'_>,
) {
    let begin = walk.at[0];
    let ended = ends.and_then(|set| walk.marks(set).next(0)).map(|position| walk.at[position]);
    let last = walk.at[walk.at.len() - 1];
    let (took, is_over) = match (ended, walk.state) {
        (Some(at), _) => (at - begin, true),
        (None, State::Ended) => (last - begin, true),
        // It was open longer than allowed before anyone could know that it was over.
        (None, State::TimedOut(at)) if at - begin > within => (at - begin, true),
        (None, State::TimedOut(_)) => (last - begin, true),
        (None, State::Open) => (walk.horizon - begin, false),
    };
    if took > within {
        counted.broke(begin, begin.saturating_add(within).saturating_add(1));
        if is_over {
            counted.checks.overruns.push(took - within);
        }
    } else if is_over {
        counted.kept(begin);
    } else {
        counted.wait(begin);
    }
}
