//! Walks through the journey: where one begins and where it is over.

use crate::marks::Marks;
use crate::plan::{ENDS, Plan, STARTS, SetId};

/// Rows `from..to` of a run of events, and how they stand at the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instance {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) state: State,
}

/// How an instance stands at the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Ended,
    /// Nothing happened for too long; over since this moment.
    TimedOut(i64),
    Open,
}

impl State {
    pub(crate) fn is_closed(self) -> bool {
        self != Self::Open
    }

    /// Ended, timed out, open: as counts are kept.
    #[inline]
    pub(crate) fn index(self) -> usize {
        match self {
            Self::Ended => 0,
            Self::TimedOut(_) => 1,
            Self::Open => 2,
        }
    }
}

/// Splits the events of one customer (or of one instance id) into instances.
///
/// A start inside an open instance does not begin another one. After an end, or after `closes_after` without an event,
/// the next start does; without starts, the next event. Events outside belong to no instance.
pub(crate) fn split(at: &[i64], symbols: &[u16], plan: &Plan, instances: &mut Vec<Instance>) {
    let mut bounds = Bounds { starts: Vec::new(), ends: Vec::new(), late: Vec::new() };
    let mut last = at.first().copied().unwrap_or_default();
    for (at, symbols) in at.chunks(64).zip(symbols.chunks(64)) {
        bounds.add(last, at, symbols, plan);
        last = at[at.len() - 1];
    }
    let Bounds { starts, ends, late } = &bounds;
    let bounds = Bounds { starts: starts.as_slice(), ends: ends.as_slice(), late };
    split_by(at, plan, bounds, instances);
}

/// The same for events that fit in one word of marks, whose sets and silences are marked already.
#[inline]
pub(crate) fn split_short(
    at: &[i64],
    (sets, late): (&[u64], u64),
    plan: &Plan,
    instances: &mut Vec<Instance>,
) {
    let marks = |set: SetId| sets[usize::from(set.0)];
    let starts = plan.starts.map_or(u64::MAX >> (64 - at.len()), marks);
    let ends = plan.ends.map_or(0, marks);
    split_by(at, plan, Bounds { starts, ends, late }, instances);
}

/// Marks of the events that begin an instance, that end one, and that come after too long a silence.
struct Bounds<M> {
    starts: M,
    ends: M,
    late: M,
}

impl Bounds<Vec<u64>> {
    /// The next 64 events; `last`: the moment of the one before.
    fn add(&mut self, mut last: i64, at: &[i64], symbols: &[u16], plan: &Plan) {
        let (mut starts, mut ends, mut late) = (0, 0, 0);
        for (row, (at, symbol)) in at.iter().zip(symbols).enumerate() {
            let bounds = plan.symbols[usize::from(*symbol)].bounds;
            starts |= u64::from(plan.starts.is_none() || bounds & STARTS != 0) << row;
            ends |= u64::from(bounds & ENDS != 0) << row;
            late |= u64::from(at - last > plan.closes_after()) << row;
            last = *at;
        }
        self.starts.push(starts);
        self.ends.push(ends);
        self.late.push(late);
    }
}

#[inline]
fn split_by<M: Marks>(at: &[i64], plan: &Plan, bounds: Bounds<M>, instances: &mut Vec<Instance>) {
    instances.clear();
    let mut next = bounds.starts.next(0);
    while let Some(from) = next {
        let end = bounds.ends.next(from);
        let late = bounds.late.next(from + 1);
        let (to, state) = match (end, late) {
            (Some(end), None) => (end + 1, State::Ended),
            (Some(end), Some(late)) if end < late => (end + 1, State::Ended),
            (_, Some(late)) => (late, timed_out(at[late - 1], plan)),
            (None, None) => (at.len(), state_at_horizon(at[at.len() - 1], plan)),
        };
        instances.push(Instance { from, to, state });
        next = bounds.starts.next(to);
    }
}

fn timed_out(last: i64, plan: &Plan) -> State {
    State::TimedOut(last.saturating_add(plan.closes_after()))
}

fn state_at_horizon(last: i64, plan: &Plan) -> State {
    let is_over = |closes_after: i64| plan.settings.horizon - last > closes_after;
    if plan.settings.closes_after.is_some_and(is_over) {
        timed_out(last, plan)
    } else {
        State::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{PlanBuilder, Settings};

    /// `a` starts, `z` ends; each word is a symbol and a time.
    fn check(
        events: &str,
        (starts, ends): (bool, bool),
        closes_after: Option<i64>,
        horizon: i64,
        expected: &str,
    ) {
        let (symbols, at): (Vec<u16>, Vec<i64>) = events
            .split_whitespace()
            .map(|word| (u16::from(word.as_bytes()[0] - b'a'), word[1..].parse::<i64>().unwrap()))
            .unzip();
        let mut plan = PlanBuilder::new((0..26).collect(), 26);
        if starts {
            plan.starts(&[0]);
        }
        if ends {
            plan.ends(&[25]);
        }
        let plan = plan.build(Settings { closes_after, horizon, ..Settings::default() });
        let mut instances = Vec::new();
        split(&at, &symbols, &plan, &mut instances);
        let written: Vec<String> =
            instances.iter().map(|i| format!("{}..{} {:?}", i.from, i.to, i.state)).collect();
        assert_eq!(written.join(", "), expected, "{events}");
    }

    #[test]
    fn an_instance_ends_at_its_end_or_when_nothing_happens_for_long() {
        check("b1 c2", (false, false), None, 100, "0..2 Open");
        check("b1 z2 c3", (false, true), None, 100, "0..2 Ended, 2..3 Open");
        check("b1 c2 c13", (false, false), Some(10), 14, "0..2 TimedOut(12), 2..3 Open");
        check("b1 c2 c12", (false, false), Some(10), 100, "0..3 TimedOut(22)");
        check("b1 a2 b3 a4 z5 b6 a7", (true, true), None, 100, "1..5 Ended, 6..7 Open");
        check("z1 a2 z3", (true, true), Some(5), 100, "1..3 Ended");
        check("b1", (true, false), None, 100, "");
        check("z1 z2", (false, true), None, 100, "0..1 Ended, 1..2 Ended");
    }
}
