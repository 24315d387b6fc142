//! Rules about what follows what: response, precedence, required, never, wait, due.

use super::{Checks, Walk};
use crate::events::NO_TIME;
use crate::marks::Marks;
use crate::plan::{FOREVER, Mode, Response, SetId};

enum Outcome {
    Kept,
    /// With the moment of the late answer, if there is one.
    Broken,
    Pending,
    Cancelled,
}

/// Every `from` is answered by a `to`.
pub(super) fn response<M: Marks>(
    walk: &Walk<'_, M>,
    rule: &Response,
    used: &mut Vec<u64>,
    checks: &mut Checks,
) {
    let from = walk.marks(rule.from);
    if from.is_empty() {
        return;
    }
    let to = walk.marks(rule.to);
    let unless = rule.unless.map(|set| walk.marks(set));
    used.clear();
    used.resize(walk.at.len().div_ceil(64), 0);
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
                checks.kept += 1;
                if let (Mode::Consume, Some(answer)) = (rule.mode, answer) {
                    used[answer / 64] |= 1 << (answer % 64);
                }
            }
            Outcome::Broken => {
                checks.broken += 1;
                let late = answer
                    .map(|answer| walk.at[answer] - walk.at[start])
                    .filter(|took| *took > rule.within);
                if let Some(took) = late {
                    checks.overruns.push(took - rule.within);
                }
            }
            Outcome::Pending => checks.pending += 1,
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
        let taken = used[answer / 64] >> (answer % 64) & 1 == 1;
        let matches = rule.same.is_none_or(|attribute| {
            let column = walk.attributes[attribute];
            column.text(answer) == column.text(start)
        });
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
    let other =
        |marks: M| marks.iter_from(start + 1).find(|position| !to.has(*position)).filter(in_time);
    let cancelled = unless.and_then(other);
    if cancelled.is_some_and(|cancelled| answer.is_none_or(|answer| cancelled < answer)) {
        let next_is_other = rule.mode == Mode::Chain && cancelled != Some(start + 1);
        let again_first =
            rule.mode == Mode::Alternate && other(from) < cancelled && other(from).is_some();
        return if next_is_other || again_first { Outcome::Broken } else { Outcome::Cancelled };
    }
    let kept = match rule.mode {
        Mode::Chain if start + 1 < walk.at.len() => {
            if answer != Some(start + 1) {
                return Outcome::Broken;
            }
            true
        }
        Mode::Alternate => {
            let again = other(from);
            if again.is_some_and(|again| answer.is_none_or(|answer| again < answer)) {
                return Outcome::Broken;
            }
            answer.is_some()
        }
        _ => answer.is_some(),
    };
    if kept {
        Outcome::Kept
    } else if walk.is_closed() || walk.is_past(began, rule.within) {
        Outcome::Broken
    } else {
        Outcome::Pending
    }
}

/// Every `then` has a `before` in the time in front of it.
pub(super) fn precedence<M: Marks>(
    walk: &Walk<'_, M>,
    before: SetId,
    then: SetId,
    within: i64,
    checks: &mut Checks,
) {
    let (before, then) = (walk.marks(before), walk.marks(then));
    for position in then.iter() {
        let at = walk.at[position];
        let reaches_back = |from: i64| within == FOREVER || at - from < within;
        if before.before(position).is_some_and(|earlier| at - walk.at[earlier] <= within) {
            checks.kept += 1;
        } else if walk.known_from.is_some_and(reaches_back) {
            checks.unknown += 1;
        } else {
            checks.broken += 1;
        }
    }
}

/// At least one `of`, no later than `within` after the start.
pub(super) fn required<M: Marks>(
    walk: &Walk<'_, M>,
    of: SetId,
    within: i64,
    of_start: Option<SetId>,
    checks: &mut Checks,
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
        Some(took) if took <= within => checks.kept += 1,
        Some(took) => {
            checks.broken += 1;
            checks.overruns.push(took - within);
        }
        None if walk.is_past(began, within) || walk.is_closed() => checks.broken += 1,
        None => checks.pending += 1,
    }
}

/// No `of` within the time after an `after`.
pub(super) fn never<M: Marks>(
    walk: &Walk<'_, M>,
    of: SetId,
    after: SetId,
    within: i64,
    checks: &mut Checks,
) {
    let (of, after) = (walk.marks(of), walk.marks(after));
    for position in after.iter() {
        let at = walk.at[position];
        if of.next(position + 1).is_some_and(|next| walk.at[next] - at <= within) {
            checks.broken += 1;
        } else if walk.is_past(at, within) || (within == FOREVER && walk.is_closed()) {
            checks.kept += 1;
        } else {
            checks.pending += 1;
        }
    }
}

/// A `to` directly after a `from` comes no later than `at_most`.
pub(super) fn wait<M: Marks>(
    walk: &Walk<'_, M>,
    from: SetId,
    to: SetId,
    at_most: i64,
    checks: &mut Checks,
) {
    let (from, to) = (walk.marks(from), walk.marks(to));
    for position in from.iter() {
        if to.has(position + 1) {
            let took = walk.at[position + 1] - walk.at[position];
            if took <= at_most {
                checks.kept += 1;
            } else {
                checks.broken += 1;
                checks.overruns.push(took - at_most);
            }
        }
    }
}

/// `to` comes no later than the time that `from` carries.
pub(super) fn due<M: Marks>(
    walk: &Walk<'_, M>,
    from: SetId,
    to: SetId,
    by: usize,
    checks: &mut Checks,
) {
    let (from, to) = (walk.marks(from), walk.marks(to));
    for position in from.iter() {
        let deadline = walk.attributes[by].time(position);
        if deadline == NO_TIME {
            continue;
        }
        match to.next(position + 1).map(|answer| walk.at[answer]) {
            Some(at) if at <= deadline => checks.kept += 1,
            Some(at) => {
                checks.broken += 1;
                checks.overruns.push(at - deadline);
            }
            None if walk.horizon > deadline || walk.is_closed() => checks.broken += 1,
            None => checks.pending += 1,
        }
    }
}
