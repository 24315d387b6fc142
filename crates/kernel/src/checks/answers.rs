//! Rules about what follows what: response, precedence, required, never, wait, due.

use super::{Counted, One, Tally, Walk};
use crate::events::NO_TIME;
use crate::marks::{Marks, Scratch};
use crate::plan::{FOREVER, Mode, Response, SetId};

enum Outcome {
    Kept,
    /// Since when that is known.
    Broken(i64),
    Pending,
    Cancelled,
}

/// A response that any answer will do for, in each of its modes.
#[inline(always)]
pub(super) fn plain_response<M: Marks, const TIMED: bool>(
    tally: &mut Tally<'_, TIMED>,
    walks: &[Walk<'_, M>],
    rule: &Response,
    scratch: &mut Scratch,
) {
    let from = rule.from;
    match rule.mode {
        Mode::Each => tally.each(walks, from, scratch, |walk, at| answered(walk, rule, at, at)),
        Mode::Chain => tally.each(walks, from, scratch, |walk, at| chained(walk, rule, at)),
        Mode::Alternate => tally.each(walks, from, scratch, |walk, at| alternated(walk, rule, at)),
        // Answers are taken in order, so that those after the last one taken are free.
        Mode::Consume => tally.each_in_turn(walks, (from, 0), scratch, |walk, at, taken| {
            let free_after = at.max(*taken);
            let one = answered(walk, rule, at, free_after);
            let answer = walk.marks(rule.to).next(free_after + 1).unwrap_or(0);
            *taken = if one.kept { answer } else { *taken };
            one
        }),
        // Only the first of a run counts; an answer ends the run.
        Mode::First => tally.each_in_turn(walks, (from, None), scratch, |walk, at, began| {
            let answer = began.and_then(|began: usize| walk.marks(rule.to).next(began + 1));
            let is_first = began.is_none() | (answer.unwrap_or(usize::MAX) < at);
            *began = if is_first { Some(at) } else { *began };
            let one = answered(walk, rule, at, at);
            One {
                kept: one.kept & is_first,
                broken: one.broken & is_first,
                pending: one.pending & is_first,
                ..one
            }
        }),
    }
}

/// A `from` at `start` is answered by the next `to` after `after`.
#[inline(always)]
fn answered<M: Marks>(walk: &Walk<'_, M>, rule: &Response, start: usize, after: usize) -> One {
    let answer = walk.marks(rule.to).next(after + 1);
    let took = walk.at[answer.unwrap_or(start)] - walk.at[start];
    let is_late = took > rule.within;
    let is_over = walk.is_closed() | walk.is_past(walk.at[start], rule.within);
    One {
        kept: answer.is_some() & !is_late,
        broken: is_late | (answer.is_none() & is_over),
        pending: answer.is_none() & !is_over,
        unknown: false,
        over: took.saturating_sub(rule.within),
        broke_at: walk.missed_at(walk.at[start], rule.within),
    }
}

/// A `from` at `start` is answered by the very next event.
#[inline(always)]
fn chained<M: Marks>(walk: &Walk<'_, M>, rule: &Response, start: usize) -> One {
    let answer = walk.marks(rule.to).next(start + 1);
    let took = walk.at[answer.unwrap_or(start)] - walk.at[start];
    let kept = (answer == Some(start + 1)) & (took <= rule.within);
    let is_last = start + 1 == walk.at.len();
    let is_over = walk.is_closed() | walk.is_past(walk.at[start], rule.within) | !is_last;
    let next_at = walk.at.get(start + 1).copied().unwrap_or(i64::MAX);
    One {
        kept,
        broken: !kept & is_over,
        pending: !kept & !is_over,
        unknown: false,
        over: took.saturating_sub(rule.within),
        broke_at: walk.missed_at(walk.at[start], rule.within).min(next_at),
    }
}

/// A `from` at `start` is answered before the next `from`.
#[inline(always)]
fn alternated<M: Marks>(walk: &Walk<'_, M>, rule: &Response, start: usize) -> One {
    let to = walk.marks(rule.to);
    let answer = to.next(start + 1);
    let again = walk.marks(rule.from).next_outside(to, start + 1);
    let took = walk.at[answer.unwrap_or(start)] - walk.at[start];
    let is_answered = answer.is_some() & (took <= rule.within);
    let is_again = again.is_some()
        & (walk.at[again.unwrap_or(start)] - walk.at[start] <= rule.within)
        & (again.unwrap_or(usize::MAX) < answer.unwrap_or(usize::MAX));
    let is_over = walk.is_closed() | walk.is_past(walk.at[start], rule.within) | is_again;
    let kept = is_answered & !is_again;
    let again_at = if is_again { walk.at[again.unwrap_or(start)] } else { i64::MAX };
    One {
        kept,
        broken: !kept & is_over,
        pending: !kept & !is_over,
        unknown: false,
        over: took.saturating_sub(rule.within),
        broke_at: walk.missed_at(walk.at[start], rule.within).min(again_at),
    }
}

/// Every `from` is answered by a `to`.
pub(super) fn response<M: Marks>(
    walk: &Walk<'_, M>,
    rule: &Response,
    used: &mut Vec<u64>,
    counted: &mut Counted<'_>,
) {
    let from = walk.marks(rule.from);
    if from.is_empty() {
        return;
    }
    let to = walk.marks(rule.to);
    let unless = rule.unless.map(|set| walk.marks(set));
    if rule.mode == Mode::Consume {
        used.clear();
        used.resize(walk.at.len().div_ceil(64), 0);
    }
    let mut pending_since: Option<usize> = None;
    for start in from.iter() {
        if rule.mode == Mode::First {
            let answered = |since: usize| to.next(since + 1).is_some_and(|answer| answer < start);
            if pending_since.is_some_and(|since| !answered(since)) {
                continue;
            }
            pending_since = Some(start);
        }
        let answer = first_answer(walk, rule, to, start, used);
        let outcome = judge(walk, rule, (from, to, unless), start, answer);
        match outcome {
            Outcome::Kept => {
                counted.kept(walk.at[start]);
                if let (Mode::Consume, Some(answer)) = (rule.mode, answer) {
                    used[answer / 64] |= 1 << (answer % 64);
                }
            }
            Outcome::Broken(at) => {
                counted.broke(walk.at[start], at);
                let late = answer
                    .map(|answer| walk.at[answer] - walk.at[start])
                    .filter(|took| *took > rule.within);
                if let Some(took) = late {
                    counted.checks.overruns.push(took - rule.within);
                }
            }
            Outcome::Pending => counted.wait(walk.at[start]),
            Outcome::Cancelled => {}
        }
    }
}

/// The first free `to` after `start` that is not too early and matches, however late.
fn first_answer<M: Marks>(
    walk: &Walk<'_, M>,
    rule: &Response,
    to: M,
    start: usize,
    used: &[u64],
) -> Option<usize> {
    let mut from = start + 1;
    if rule.at_least > 0 {
        let earliest = walk.at[start].saturating_add(rule.at_least);
        from = from.max(walk.at.partition_point(|at| *at < earliest));
    }
    loop {
        let answer = to.next(from)?;
        let taken = rule.mode == Mode::Consume && used[answer / 64] >> (answer % 64) & 1 == 1;
        let matches = rule
            .same
            .is_none_or(|attribute| walk.text(attribute, answer) == walk.text(attribute, start));
        if !taken && matches {
            return Some(answer);
        }
        from = answer + 1;
    }
}

/// What comes first decides: an answer, a cancellation or another start, as long as the time has not run out.
fn judge<M: Marks>(
    walk: &Walk<'_, M>,
    rule: &Response,
    (from, to, unless): (M, M, Option<M>),
    start: usize,
    answer: Option<usize>,
) -> Outcome {
    let began = walk.at[start];
    let in_time = |position: &usize| walk.at[*position] - began <= rule.within;
    let answer = answer.filter(in_time);
    let other = |marks: M| marks.next_outside(to, start + 1).filter(in_time);
    let cancelled = unless.and_then(other);
    if cancelled.is_some_and(|cancelled| answer.is_none_or(|answer| cancelled < answer)) {
        if rule.mode == Mode::Chain && cancelled != Some(start + 1) {
            return Outcome::Broken(walk.at[start + 1]);
        }
        let again = other(from).filter(|again| Some(*again) < cancelled);
        return match again {
            Some(again) if rule.mode == Mode::Alternate => Outcome::Broken(walk.at[again]),
            _ => Outcome::Cancelled,
        };
    }
    let kept = match rule.mode {
        Mode::Chain if start + 1 < walk.at.len() => {
            if answer != Some(start + 1) {
                let missed_at = walk.missed_at(began, rule.within);
                return Outcome::Broken(missed_at.min(walk.at[start + 1]));
            }
            true
        }
        Mode::Alternate => {
            let again = other(from).filter(|again| answer.is_none_or(|answer| *again < answer));
            if let Some(again) = again {
                return Outcome::Broken(walk.at[again]);
            }
            answer.is_some()
        }
        _ => answer.is_some(),
    };
    if kept {
        Outcome::Kept
    } else if walk.is_closed() || walk.is_past(began, rule.within) {
        Outcome::Broken(walk.missed_at(began, rule.within))
    } else {
        Outcome::Pending
    }
}

/// A `then` at `position` has a `before` in the time in front of it.
#[inline(always)]
pub(super) fn precedence<M: Marks>(
    walk: &Walk<'_, M>,
    before: SetId,
    within: i64,
    position: usize,
) -> One {
    let at = walk.at[position];
    let earlier = walk.marks(before).before(position);
    let kept = earlier.is_some() & (at - walk.at[earlier.unwrap_or(position)] <= within);
    // What would have kept it may lie before all that is known.
    let is_cut = walk.known_from.is_some_and(|from| within == FOREVER || at - from < within);
    let unknown = !kept & is_cut;
    One { kept, broken: !kept & !is_cut, unknown, broke_at: at, ..One::default() }
}

/// At least one `of`, no later than `within` after the start.
#[inline(always)]
pub(super) fn required<M: Marks>(
    walk: &Walk<'_, M>,
    of: SetId,
    within: i64,
    of_start: Option<SetId>,
    counted: &mut Counted<'_>,
) {
    let start = match of_start {
        Some(set) => walk.marks(set).next(0),
        None => Some(0),
    };
    let Some(start) = start else { return };
    let began = walk.at[start];
    // Events of the very moment count, even those that stand before it in the file.
    let moment = walk.at.partition_point(|at| *at < began);
    let found = walk.marks(of).next(moment).map(|position| walk.at[position] - began);
    match found {
        Some(took) if took <= within => counted.kept(began),
        Some(took) => {
            counted.broke(began, walk.missed_at(began, within));
            counted.checks.overruns.push(took - within);
        }
        None if walk.is_past(began, within) || walk.is_closed() => {
            counted.broke(began, walk.missed_at(began, within));
        }
        None => counted.wait(began),
    }
}

/// No `of` within the time after an `after` at `position`.
#[inline(always)]
pub(super) fn never<M: Marks>(walk: &Walk<'_, M>, of: SetId, within: i64, position: usize) -> One {
    let at = walk.at[position];
    let next = walk.marks(of).next(position + 1);
    let broke_at = walk.at[next.unwrap_or(position)];
    let broken = next.is_some() & (broke_at - at <= within);
    let is_over = walk.is_past(at, within) | ((within == FOREVER) & walk.is_closed());
    One { broken, kept: !broken & is_over, pending: !broken & !is_over, broke_at, ..One::default() }
}

/// A `to` directly after a `from` at `position` comes no later than `at_most`.
#[inline(always)]
pub(super) fn wait<M: Marks>(walk: &Walk<'_, M>, to: SetId, at_most: i64, position: usize) -> One {
    let is_next = walk.marks(to).has(position + 1);
    let broke_at = walk.at[position + usize::from(is_next)];
    let took = broke_at - walk.at[position];
    let is_late = took > at_most;
    One {
        kept: is_next & !is_late,
        broken: is_next & is_late,
        over: took.saturating_sub(at_most),
        broke_at,
        ..One::default()
    }
}

/// `to` comes no later than the time that `from` carries.
#[inline(always)]
pub(super) fn due<M: Marks>(
    walk: &Walk<'_, M>,
    from: SetId,
    to: SetId,
    by: usize,
    counted: &mut Counted<'_>,
) {
    let (from, to) = (walk.marks(from), walk.marks(to));
    for position in from.iter() {
        let deadline = walk.time(by, position);
        if deadline == NO_TIME {
            continue;
        }
        let began = walk.at[position];
        // A time that had passed before it was promised is broken as soon as it is.
        let missed_at = walk.missed_at(deadline, 0).max(began);
        match to.next(position + 1).map(|answer| walk.at[answer]) {
            Some(at) if at <= deadline => counted.kept(began),
            Some(at) => {
                counted.broke(began, missed_at);
                counted.checks.overruns.push(at - deadline);
            }
            None if walk.horizon > deadline || walk.is_closed() => counted.broke(began, missed_at),
            None => counted.wait(began),
        }
    }
}
