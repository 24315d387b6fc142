//! Rules about what an event is: its channel, its values, its place in the instance.

use super::{Checks, Walk};
use crate::marks::Marks;
use crate::plan::{SetId, Steps, Test};

fn tally(checks: &mut Checks, kept: bool) {
    checks.kept += u64::from(kept);
    checks.broken += u64::from(!kept);
}

/// Every step from one touchpoint to the next is one that was designed.
pub(super) fn order<M: Marks>(walk: &Walk<'_, M>, allowed: &Steps, checks: &mut Checks) {
    for step in walk.path.windows(2) {
        tally(checks, allowed.allows(step[0], step[1]));
    }
}

/// Every `of` comes on one of the channels.
pub(super) fn channel<M: Marks>(walk: &Walk<'_, M>, of: SetId, only: &[u16], checks: &mut Checks) {
    for position in walk.marks(of).iter() {
        tally(checks, walk.channels.get(position).is_some_and(|channel| only.contains(channel)));
    }
}

/// The attribute at every `then` is what it was at the latest `first` that carries it.
pub(super) fn consistent<M: Marks>(
    walk: &Walk<'_, M>,
    attribute: usize,
    first: SetId,
    then: SetId,
    checks: &mut Checks,
) {
    let column = walk.attributes[attribute];
    let (first, then) = (walk.marks(first), walk.marks(then));
    let mut known: Option<u64> = None;
    let mut seen = 0;
    for position in then.iter() {
        while let Some(earlier) = first.next(seen).filter(|earlier| *earlier < position) {
            if column.text(earlier) != 0 {
                known = Some(column.text(earlier));
            }
            seen = earlier + 1;
        }
        if let Some(known) = known {
            tally(checks, column.text(position) == known);
        }
    }
}

/// The attribute of every `of` that carries it passes the test.
pub(super) fn value<M: Marks>(
    walk: &Walk<'_, M>,
    of: SetId,
    attribute: usize,
    test: &Test,
    checks: &mut Checks,
) {
    let column = walk.attributes[attribute];
    for position in walk.marks(of).iter() {
        let number = column.number(position);
        match test {
            Test::Within(low, high) if !number.is_nan() => {
                tally(checks, (*low..=*high).contains(&number))
            }
            Test::Numbers(numbers) if !number.is_nan() => tally(checks, numbers.contains(&number)),
            Test::Texts(texts) if column.text(position) != 0 => {
                tally(checks, texts.contains(&column.text(position)))
            }
            _ => {}
        }
    }
}

/// The first event is one of these.
pub(super) fn starts<M: Marks>(walk: &Walk<'_, M>, of: SetId, checks: &mut Checks) {
    tally(checks, walk.marks(of).has(0));
}

/// The last event is one of these, once the instance is over.
pub(super) fn ends<M: Marks>(walk: &Walk<'_, M>, of: SetId, checks: &mut Checks) {
    if walk.is_closed() {
        tally(checks, walk.marks(of).has(walk.at.len() - 1));
    } else {
        checks.pending += 1;
    }
}
