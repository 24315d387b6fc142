//! Walks through the journey: where one begins and where it is over.

use crate::events::Events;
use crate::plan::{ENDS, Plan, STARTS};

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
pub(crate) fn split(run: &Events<'_>, plan: &Plan, instances: &mut Vec<Instance>) {
    instances.clear();
    if run.is_empty() {
        return;
    }
    let closes_after = plan.settings.closes_after;
    if plan.bounded & (STARTS | ENDS) == 0 && closes_after.is_none() {
        instances.push(Instance { from: 0, to: run.len(), state: State::Open });
        return;
    }
    let needs_start = plan.bounded & STARTS != 0;
    let closes_after = closes_after.unwrap_or(i64::MAX);
    let mut open: Option<usize> = None;
    for row in 0..run.len() {
        let bound = plan.symbols[usize::from(run.symbols[row])].bounds;
        if let Some(from) = open {
            let last = run.at[row - 1];
            if run.at[row] - last > closes_after {
                instances.push(Instance {
                    from,
                    to: row,
                    state: State::TimedOut(last.saturating_add(closes_after)),
                });
                open = None;
            }
        }
        if open.is_none() && (!needs_start || bound & STARTS != 0) {
            open = Some(row);
        }
        if let Some(from) = open
            && bound & ENDS != 0
        {
            instances.push(Instance { from, to: row + 1, state: State::Ended });
            open = None;
        }
    }
    if let Some(from) = open {
        let last = run.at[run.len() - 1];
        let timed_out = plan.settings.horizon - last > closes_after;
        let state = if timed_out {
            State::TimedOut(last.saturating_add(closes_after))
        } else {
            State::Open
        };
        instances.push(Instance { from, to: run.len(), state });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{PlanBuilder, Settings};

    /// `a` starts, `z` ends; each word is a symbol and a time.
    fn check(
        events: &str,
        starts: bool,
        ends: bool,
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
        let customers = vec![1; at.len()];
        let run = Events { customers: &customers, at: &at, symbols: &symbols, ..Events::default() };
        let mut instances = Vec::new();
        split(&run, &plan, &mut instances);
        let written: Vec<String> =
            instances.iter().map(|i| format!("{}..{} {:?}", i.from, i.to, i.state)).collect();
        assert_eq!(written.join(", "), expected, "{events}");
    }

    #[test]
    fn an_instance_ends_at_its_end_or_when_nothing_happens_for_long() {
        check("b1 c2", false, false, None, 100, "0..2 Open");
        check("b1 z2 c3", false, true, None, 100, "0..2 Ended, 2..3 Open");
        check("b1 c2 c13", false, false, Some(10), 14, "0..2 TimedOut(12), 2..3 Open");
        check("b1 c2 c12", false, false, Some(10), 100, "0..3 TimedOut(22)");
        check("b1 a2 b3 a4 z5 b6 a7", true, true, None, 100, "1..5 Ended, 6..7 Open");
        check("z1 a2 z3", true, true, Some(5), 100, "1..3 Ended");
        check("b1", true, false, None, 100, "");
        check("z1 z2", false, true, None, 100, "0..1 Ended, 1..2 Ended");
    }
}
