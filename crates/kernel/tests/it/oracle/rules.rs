//! What each rule says of one walk, pair of events by pair of events.

use kernel::{FOREVER, Mode, NO_TIME, Test};

use super::Walk;
use crate::journeys::{Row, Set, Standard};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Kept,
    Broken,
    Pending,
    Unknown,
}

/// One check of a rule.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    /// Place of the event that the check is about.
    pub(crate) place: usize,
    /// When it began.
    pub(crate) at: i64,
    pub(crate) verdict: Verdict,
    pub(crate) overrun: Option<i64>,
    pub(crate) missed_beats: u64,
    pub(crate) too_soon: bool,
}

/// The check of an event.
fn check(row: &Row, verdict: Verdict) -> Check {
    Check { place: row.place, at: row.at, verdict, overrun: None, missed_beats: 0, too_soon: false }
}

/// A check that something took no longer than allowed.
fn timed(row: &Row, took: i64, within: i64) -> Check {
    let overrun = Some(took - within).filter(|over| *over > 0);
    Check { overrun, ..check(row, either(took <= within)) }
}

fn either(kept: bool) -> Verdict {
    if kept { Verdict::Kept } else { Verdict::Broken }
}

/// Nothing came: broken if nothing more can come or its time is over.
fn absent(walk: &Walk<'_>, since: i64, within: i64) -> Verdict {
    if walk.over_at.is_some() || walk.horizon - since > within {
        Verdict::Broken
    } else {
        Verdict::Pending
    }
}

impl<'a> Walk<'a> {
    /// Events of a set with their numbers in the walk.
    pub(super) fn of<'s>(
        &'s self,
        set: &'s Set,
    ) -> impl DoubleEndedIterator<Item = (usize, &'a Row)> + 's {
        self.rows.iter().copied().enumerate().filter(|(_, row)| set.contains(&row.symbol))
    }

    pub(super) fn first_of(&self, set: Option<&Set>) -> Option<(usize, &'a Row)> {
        match set {
            Some(set) => self.of(set).next(),
            None => Some((0, self.rows[0])),
        }
    }
}

/// All checks of a standard on a walk.
pub(crate) fn checks(standard: &Standard, walk: &Walk<'_>) -> Vec<Check> {
    match standard {
        Standard::Response { .. } => response(standard, walk),
        Standard::Precedence { before, then, within } => precedence(walk, before, then, *within),
        Standard::Count { of, at_least, at_most } => vec![count(walk, of, *at_least, *at_most)],
        Standard::AtMost { of, times, per } => at_most(walk, of, *times, *per),
        Standard::Required { of, within, of_start } => {
            required(walk, of, *within, of_start.as_ref())
        }
        Standard::Never { of, after, within } => never(walk, of, after, *within),
        Standard::Order { allowed } => order(walk, allowed),
        Standard::Wait { from, to, at_most } => {
            let pairs = walk
                .rows
                .windows(2)
                .filter(|pair| from.contains(&pair[0].symbol) && to.contains(&pair[1].symbol));
            pairs.map(|pair| timed(pair[0], pair[1].at - pair[0].at, *at_most)).collect()
        }
        Standard::Cadence { .. } => cadence(standard, walk),
        Standard::Channel { of, only } => {
            walk.of(of).map(|(_, row)| check(row, either(only.contains(&row.channel)))).collect()
        }
        Standard::Due { from, to } => due(walk, from, to),
        Standard::Consistent { first, then } => consistent(walk, first, then),
        Standard::Value { of, test } => value(walk, of, test),
        Standard::Duration { ends, within } => vec![duration(walk, ends.as_ref(), *within)],
        Standard::Starts { of } => {
            vec![check(walk.rows[0], either(of.contains(&walk.rows[0].symbol)))]
        }
        Standard::Ends { of } => {
            let last = walk.rows[walk.rows.len() - 1];
            let kept = either(of.contains(&last.symbol));
            vec![check(walk.rows[0], if walk.over_at.is_some() { kept } else { Verdict::Pending })]
        }
    }
}

fn response(standard: &Standard, walk: &Walk<'_>) -> Vec<Check> {
    let Standard::Response { from, to, within, at_least, mode, same, unless } = standard else {
        return Vec::new();
    };
    let is = |set: &Set, row: &Row| set.contains(&row.symbol);
    let mut used: Vec<usize> = Vec::new();
    let mut run_began: Option<usize> = None;
    let mut checks = Vec::new();
    for (number, start) in walk.of(from) {
        if *mode == Mode::First {
            let answered = |began: usize| {
                walk.rows[began + 1..number.max(began + 1)].iter().any(|row| is(to, row))
            };
            if run_began.is_some_and(|began| !answered(began)) {
                continue;
            }
            run_began = Some(number);
        }
        let answers = |other: usize, row: &Row| {
            let is_free = *mode != Mode::Consume || !used.contains(&other);
            is(to, row)
                && is_free
                && row.at - start.at >= *at_least
                && (!same || row.text == start.text)
        };
        let later = || walk.rows.iter().copied().enumerate().skip(number + 1);
        let late = later()
            .find(|(other, row)| answers(*other, row))
            .map(|(_, row)| row.at - start.at - within);
        // What happens in time, one event after another, until one decides.
        let mut verdict = None;
        let mut answer = None;
        for (other, row) in later().take_while(|(_, row)| row.at - start.at <= *within) {
            if unless.as_ref().is_some_and(|unless| is(unless, row)) && !is(to, row) {
                verdict = Some(None);
            } else if *mode == Mode::Alternate && is(from, row) && !is(to, row) {
                verdict = Some(Some(Verdict::Broken));
            } else if answers(other, row) {
                verdict = Some(Some(Verdict::Kept));
                answer = Some(other);
            } else if *mode == Mode::Chain {
                verdict = Some(Some(Verdict::Broken));
            }
            if verdict.is_some() {
                break;
            }
        }
        // The very next event came too late: it is known now that the chain is broken.
        if verdict.is_none() && *mode == Mode::Chain && later().next().is_some() {
            verdict = Some(Some(Verdict::Broken));
        }
        if let Some(verdict) = verdict.unwrap_or_else(|| Some(absent(walk, start.at, *within))) {
            used.extend(answer);
            let overrun = late.filter(|late| *late > 0 && verdict == Verdict::Broken);
            checks.push(Check { overrun, ..check(start, verdict) });
        }
    }
    checks
}

fn precedence(walk: &Walk<'_>, before: &Set, then: &Set, within: i64) -> Vec<Check> {
    let verdict = |number: usize, row: &Row| {
        if walk.of(before).any(|(earlier, other)| earlier < number && row.at - other.at <= within) {
            return Verdict::Kept;
        }
        // What could have kept it may lie before everything that is known.
        let is_cut =
            walk.known_from.is_some_and(|from| within == FOREVER || row.at - from < within);
        if is_cut { Verdict::Unknown } else { Verdict::Broken }
    };
    walk.of(then).map(|(number, row)| check(row, verdict(number, row))).collect()
}

fn count(walk: &Walk<'_>, of: &Set, at_least: u64, at_most: u64) -> Check {
    let (n, is_over) = (walk.of(of).count() as u64, walk.over_at.is_some());
    let verdict = match n {
        n if n > at_most => Verdict::Broken,
        n if n < at_least && is_over => Verdict::Broken,
        n if is_over || (n >= at_least && at_most == u64::MAX) => Verdict::Kept,
        _ => Verdict::Pending,
    };
    check(walk.rows[0], verdict)
}

fn at_most(walk: &Walk<'_>, of: &Set, times: u64, per: i64) -> Vec<Check> {
    let in_window = |number: usize, row: &Row| {
        walk.of(of).filter(|(earlier, other)| *earlier <= number && row.at - other.at < per).count()
            as u64
    };
    walk.of(of).map(|(number, row)| check(row, either(in_window(number, row) <= times))).collect()
}

fn required(walk: &Walk<'_>, of: &Set, within: i64, of_start: Option<&Set>) -> Vec<Check> {
    let Some((_, start)) = walk.first_of(of_start) else { return Vec::new() };
    // By time, not by place (e).
    let found = walk.of(of).find(|(_, row)| row.at >= start.at);
    vec![match found {
        Some((_, row)) => timed(start, row.at - start.at, within),
        None => check(start, absent(walk, start.at, within)),
    }]
}

fn never(walk: &Walk<'_>, of: &Set, after: &Set, within: i64) -> Vec<Check> {
    let verdict = |number: usize, row: &Row| {
        if walk.of(of).any(|(other, bad)| other > number && bad.at - row.at <= within) {
            Verdict::Broken
        } else if walk.horizon - row.at > within || (within == FOREVER && walk.over_at.is_some()) {
            // Without a time it is kept when nothing more can come (c).
            Verdict::Kept
        } else {
            Verdict::Pending
        }
    };
    walk.of(after).map(|(number, row)| check(row, verdict(number, row))).collect()
}

fn order(walk: &Walk<'_>, allowed: &[(u16, u16)]) -> Vec<Check> {
    let steps = walk.visits.windows(2).enumerate();
    steps
        .map(|(place, step)| Check {
            place,
            ..check(walk.rows[0], either(allowed.contains(&(step[0].0, step[1].0))))
        })
        .collect()
}

fn cadence(standard: &Standard, walk: &Walk<'_>) -> Vec<Check> {
    let Standard::Cadence { of, every, grace, at_least, from, until } = standard else {
        return Vec::new();
    };
    let Some((number, start)) = walk.first_of(from.as_ref()) else { return Vec::new() };
    let until = until.as_ref().and_then(|until| walk.of(until).find(|(other, _)| *other > number));
    let (end, is_over) = match (until, walk.over_at) {
        // The last gap is complete (d).
        (Some((_, row)), _) => (row.at, true),
        // For an instance that timed out, the moment at which it was over (b).
        (None, Some(over_at)) => (over_at.min(walk.horizon), true),
        (None, None) => (walk.horizon, false),
    };
    let mut beats: Vec<&Row> =
        walk.of(of).map(|(_, row)| row).filter(|row| (start.at..=end).contains(&row.at)).collect();
    if beats.first().is_none_or(|first| first.at > start.at) {
        beats.insert(0, start);
    }
    let limit = every + grace;
    let gap_of = |begin: &Row, gap: i64, is_over: bool| {
        let missed = (1..).take_while(|beat| gap > beat * every + grace).count() as u64;
        let checked = Check { missed_beats: missed, ..timed(begin, gap, limit) };
        if gap <= limit && !is_over { check(begin, Verdict::Pending) } else { checked }
    };
    let mut checks: Vec<Check> = Vec::new();
    for pair in beats.windows(2) {
        let gap = pair[1].at - pair[0].at;
        checks.push(Check { too_soon: gap < *at_least, ..gap_of(pair[0], gap, true) });
    }
    let last = beats[beats.len() - 1];
    if end > last.at {
        checks.push(gap_of(last, end - last.at, is_over));
    }
    checks
}

fn due(walk: &Walk<'_>, from: &Set, to: &Set) -> Vec<Check> {
    let promised = walk.of(from).filter(|(_, row)| row.due != NO_TIME);
    promised
        .map(|(number, row)| match walk.of(to).find(|(other, _)| *other > number) {
            Some((_, answer)) => timed(row, answer.at, row.due),
            None => check(row, absent(walk, row.due, 0)),
        })
        .collect()
}

fn consistent(walk: &Walk<'_>, first: &Set, then: &Set) -> Vec<Check> {
    let told = |number: usize| {
        walk.of(first).rev().find(|(earlier, row)| *earlier < number && row.text != 0)
    };
    walk.of(then)
        .filter_map(|(number, row)| Some(check(row, either(told(number)?.1.text == row.text))))
        .collect()
}

fn value(walk: &Walk<'_>, of: &Set, test: &Test) -> Vec<Check> {
    let passes = |row: &Row| match test {
        Test::Within(low, high) => {
            (!row.number.is_nan()).then_some(*low <= row.number && row.number <= *high)
        }
        Test::Numbers(numbers) => (!row.number.is_nan()).then(|| numbers.contains(&row.number)),
        Test::Texts(texts) => (row.text != 0).then(|| texts.contains(&row.text)),
    };
    walk.of(of).filter_map(|(_, row)| Some(check(row, either(passes(row)?)))).collect()
}

fn duration(walk: &Walk<'_>, ends: Option<&Set>, within: i64) -> Check {
    let (first, last) = (walk.rows[0], walk.rows[walk.rows.len() - 1]);
    if let Some((_, end)) = ends.and_then(|ends| walk.of(ends).next()) {
        return timed(first, end.at - first.at, within);
    }
    match walk.over_at {
        // It was open for too long before anyone could know that it was over (b).
        Some(over_at) if over_at - first.at > within => timed(first, over_at - first.at, within),
        Some(_) => timed(first, last.at - first.at, within),
        None => check(first, absent(walk, first.at, within)),
    }
}
