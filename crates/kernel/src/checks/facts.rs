//! Rules about what an event is: its channel, its values, its place in the instance.

use super::{Checks, One, Stand, Walk};
use crate::marks::Marks;
use crate::plan::{SetId, Steps, Test};

/// Every step from one touchpoint to the next is one that was designed.
pub(super) fn order<M: Marks>(walk: &Walk<'_, M>, allowed: &Steps, checks: &mut Checks) {
    let steps = walk.path.windows(2);
    let all = steps.len() as u64;
    let kept = steps.map(|step| u64::from(allowed.allows(step[0], step[1]))).sum::<u64>();
    checks.kept += kept;
    checks.broken += all - kept;
    checks.days.add_many(walk.at[0], Stand::KEPT, kept);
    checks.days.add_many(walk.at[0], Stand::BROKEN, all - kept);
}

/// Channels as bits, as far as they go.
pub(super) struct Among<'a> {
    first: u64,
    all: &'a [u16],
}

impl<'a> Among<'a> {
    pub(super) fn of(all: &'a [u16]) -> Self {
        let first = all.iter().filter(|channel| **channel < 64);
        Self { first: first.fold(0, |first, channel| first | 1 << channel), all }
    }

    #[inline]
    fn has(&self, channel: u16) -> bool {
        if channel < 64 { self.first >> channel & 1 == 1 } else { self.all.contains(&channel) }
    }
}

/// The event at `position` comes on one of the channels.
#[inline]
pub(super) fn channel<M>(walk: &Walk<'_, M>, only: &Among<'_>, position: usize) -> One {
    One::kept_if(walk.channels.get(position).is_some_and(|channel| only.has(*channel)))
}

/// The attribute at every `then` is what it was at the latest `first` that carries it.
pub(super) fn consistent<M: Marks>(
    walk: &Walk<'_, M>,
    attribute: usize,
    first: SetId,
    then: SetId,
    checks: &mut Checks,
) {
    let (first, then) = (walk.marks(first), walk.marks(then));
    let mut known: Option<u64> = None;
    let mut seen = 0;
    for position in then.iter() {
        while let Some(earlier) = first.next(seen).filter(|earlier| *earlier < position) {
            if walk.text(attribute, earlier) != 0 {
                known = Some(walk.text(attribute, earlier));
            }
            seen = earlier + 1;
        }
        if let Some(known) = known {
            checks.settle(walk.at[position], walk.text(attribute, position) == known);
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
    for position in walk.marks(of).iter() {
        let (at, number) = (walk.at[position], walk.number(attribute, position));
        match test {
            Test::Within(low, high) if !number.is_nan() => {
                checks.settle(at, (*low..=*high).contains(&number))
            }
            Test::Numbers(numbers) if !number.is_nan() => {
                checks.settle(at, numbers.contains(&number))
            }
            Test::Texts(texts) if walk.text(attribute, position) != 0 => {
                checks.settle(at, texts.contains(&walk.text(attribute, position)))
            }
            _ => {}
        }
    }
}

/// The first event is one of these.
pub(super) fn starts<M: Marks>(walk: &Walk<'_, M>, of: SetId, checks: &mut Checks) {
    checks.settle(walk.at[0], walk.marks(of).has(0));
}

/// The last event is one of these, once the instance is over.
pub(super) fn ends<M: Marks>(walk: &Walk<'_, M>, of: SetId, checks: &mut Checks) {
    if walk.is_closed() {
        checks.settle(walk.at[0], walk.marks(of).has(walk.at.len() - 1));
    } else {
        checks.wait(walk.at[0]);
    }
}
