//! Rules about what an event is: its channel, its values, its place in the instance.

use super::{Counted, One, Stand, Walk};
use crate::marks::Marks;
use crate::plan::{SetId, Steps, Test};

/// Every step from one touchpoint to the next is one that was designed.
#[inline(always)]
pub(super) fn order<M: Marks>(walk: &Walk<'_, M>, allowed: &Steps, counted: &mut Counted<'_>) {
    let steps = walk.path.windows(2);
    let all = steps.len() as u64;
    let kept = steps.map(|step| u64::from(allowed.allows(step[0], step[1]))).sum::<u64>();
    counted.checks.kept += kept;
    counted.checks.broken += all - kept;
    counted.checks.days.add_many(walk.at[0], Stand::KEPT, kept);
    counted.checks.days.add_many(walk.at[0], Stand::BROKEN, all - kept);
    if kept < all && !walk.path_at.is_empty() {
        let mut steps = walk.path.windows(2).zip(&walk.path_at[1..]);
        let first = steps.find(|(step, _)| !allowed.allows(step[0], step[1]));
        counted.broke_at = first.map_or(i64::MAX, |(_, at)| *at);
    }
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
#[inline(always)]
pub(super) fn channel<M>(walk: &Walk<'_, M>, only: &Among<'_>, position: usize) -> One {
    let kept = walk.channels.get(position).is_some_and(|channel| only.has(*channel));
    One::kept_if(kept, walk.at[position])
}

/// The attribute at every `then` is what it was at the latest `first` that carries it.
#[inline(always)]
pub(super) fn consistent<M: Marks>(
    walk: &Walk<'_, M>,
    attribute: usize,
    first: SetId,
    then: SetId,
    counted: &mut Counted<'_>,
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
            counted.settle(walk.at[position], walk.text(attribute, position) == known);
        }
    }
}

/// The attribute of every `of` that carries it passes the test.
#[inline(always)]
pub(super) fn value<M: Marks>(
    walk: &Walk<'_, M>,
    of: SetId,
    attribute: usize,
    test: &Test,
    counted: &mut Counted<'_>,
) {
    for position in walk.marks(of).iter() {
        let (at, number) = (walk.at[position], walk.number(attribute, position));
        match test {
            Test::Within(low, high) if !number.is_nan() => {
                counted.settle(at, (*low..=*high).contains(&number))
            }
            Test::Numbers(numbers) if !number.is_nan() => {
                counted.settle(at, numbers.contains(&number))
            }
            Test::Texts(texts) if walk.text(attribute, position) != 0 => {
                counted.settle(at, texts.contains(&walk.text(attribute, position)))
            }
            _ => {}
        }
    }
}

/// The first event is one of these.
#[inline(always)]
pub(super) fn starts<M: Marks>(walk: &Walk<'_, M>, of: SetId, counted: &mut Counted<'_>) {
    counted.settle(walk.at[0], walk.marks(of).has(0));
}

/// The last event is one of these, once the instance is over.
#[inline(always)]
pub(super) fn ends<M: Marks>(walk: &Walk<'_, M>, of: SetId, counted: &mut Counted<'_>) {
    if walk.is_closed() {
        if walk.marks(of).has(walk.at.len() - 1) {
            counted.kept(walk.at[0]);
        } else {
            counted.broke(walk.at[0], walk.over_at());
        }
    } else {
        counted.wait(walk.at[0]);
    }
}
