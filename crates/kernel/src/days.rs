//! Checks by the day on which they began, so that the share that was kept can be followed over time.
//!
//! A day is what weeks and months are made of. Checks are counted on the day on which they begin and not on the one on which
//! they are settled: a broken promise belongs to the day on which it was given. Those still pending are counted as well,
//! because the last days look better than they are as long as only what was quick is settled.

use std::collections::BTreeMap;

use crate::instances::State;
use crate::packed::packed;

/// µs of a day.
const DAY: i64 = 86_400_000_000;

/// Days from the first to the last that lie in one piece; what is further off is kept apart. Nearly two centuries.
const NEAR: usize = 1 << 16;

/// What began on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfDay {
    pub kept: u64,
    pub broken: u64,
    pub pending: u64,
}

/// Counts by day, from 1970-01-01 on, UTC.
#[derive(Debug, Clone, Default)]
pub struct Days {
    /// The moment at which the first of the near days begins.
    begin: i64,
    near: Vec<Counts>,
    far: BTreeMap<i64, Counts>,
}

/// By [`Stand`]. The first place is for what is in no rate, so that nothing has to be decided while counting.
type Counts = [u64; 4];

/// How a check stands, as the place where it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stand(usize);

impl Stand {
    pub(crate) const KEPT: Self = Self(1);
    pub(crate) const BROKEN: Self = Self(2);
    pub(crate) const PENDING: Self = Self(3);

    /// As a check that the instance ends.
    #[inline]
    pub(crate) fn of_instance(state: State) -> Self {
        match state {
            State::Ended => Self::KEPT,
            State::TimedOut(_) => Self::BROKEN,
            State::Open => Self::PENDING,
        }
    }

    /// At most one of the flags is up.
    #[inline]
    pub(crate) fn of(kept: bool, broken: bool, pending: bool) -> Self {
        Self(usize::from(kept) + 2 * usize::from(broken) + 3 * usize::from(pending))
    }
}

packed!(Days { begin, near, far });

impl Days {
    /// Days on which anything began, in time.
    pub fn iter(&self) -> impl Iterator<Item = (i64, OfDay)> {
        let first = self.begin.div_euclid(DAY);
        let near = (first..).zip(&self.near);
        // Far days lie on both sides of the near ones.
        let before = self.far.range(..first).map(|(day, counts)| (*day, counts));
        let after = self.far.range(first..).map(|(day, counts)| (*day, counts));
        let all = before.chain(near).chain(after).map(|(day, counts)| (day, OfDay::of(counts)));
        all.filter(|(_, of_day)| *of_day != OfDay::default())
    }

    pub fn merge(&mut self, other: &Self) {
        let first = other.begin.div_euclid(DAY);
        let near = (first..).zip(&other.near);
        for (day, counts) in near.chain(other.far.iter().map(|(day, counts)| (*day, counts))) {
            if OfDay::of(counts) != OfDay::default() {
                let ours = self.of_day(day);
                ours.iter_mut().zip(counts).for_each(|(ours, theirs)| *ours += theirs);
            }
        }
    }

    /// So many instances that began at this moment and have not ended.
    pub fn begin(&mut self, at: i64, n: u64) {
        self.add_many(at, Stand::PENDING, n);
    }

    /// One check that began at this moment.
    #[inline]
    pub(crate) fn add(&mut self, at: i64, stand: Stand) {
        self.add_many(at, stand, 1);
    }

    #[inline]
    pub(crate) fn add_many(&mut self, at: i64, stand: Stand, n: u64) {
        // What lies before the first day wraps around, and is far beyond the last.
        let place = at.wrapping_sub(self.begin).cast_unsigned() / DAY.cast_unsigned();
        match self.near.get_mut(place as usize) {
            Some(counts) => counts[stand.0 & 3] += n,
            None => self.of_day(at.div_euclid(DAY))[stand.0 & 3] += n,
        }
    }

    /// Makes room for a day.
    #[cold]
    fn of_day(&mut self, day: i64) -> &mut Counts {
        if self.near.is_empty() {
            self.begin = day.saturating_mul(DAY);
        }
        let first = self.begin.div_euclid(DAY);
        let last = first + self.near.len() as i64 - 1;
        let (from, to) = (first.min(day), last.max(day));
        if to.abs_diff(from) >= NEAR as u64 || from.checked_mul(DAY).is_none() {
            return self.far.entry(day).or_default();
        }
        if from < first {
            let room = vec![Counts::default(); (first - from) as usize];
            self.near.splice(0..0, room);
            self.begin = from * DAY;
        }
        self.near.resize(self.near.len().max((to - from + 1) as usize), Counts::default());
        &mut self.near[(day - from) as usize]
    }
}

impl OfDay {
    fn of(&[_, kept, broken, pending]: &Counts) -> Self {
        Self { kept, broken, pending }
    }
}

/// Equal when every day is, whatever lies in one piece.
impl PartialEq for Days {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn days(at: &[i64]) -> Days {
        let mut days = Days::default();
        at.iter().for_each(|at| days.add(*at, Stand::KEPT));
        days
    }

    #[test]
    fn a_day_begins_at_midnight_also_before_1970() {
        let counted: Vec<(i64, u64)> = days(&[0, DAY - 1, DAY, -1, -DAY])
            .iter()
            .map(|(day, of_day)| (day, of_day.kept))
            .collect();
        assert_eq!(counted, [(-1, 2), (0, 2), (1, 1)]);
    }

    proptest! {
        #[test]
        fn no_day_is_lost_however_far_and_in_whatever_order(
            // Near and far, and the ends of time.
            at in prop::collection::vec(prop_oneof![0_i64..90 * DAY, any::<i64>()], 0..20),
            parts in prop::collection::vec(any::<bool>(), 20),
        ) {
            let mut expected: BTreeMap<i64, u64> = BTreeMap::new();
            at.iter().for_each(|at| *expected.entry(at.div_euclid(DAY)).or_default() += 1);
            let whole = days(&at);
            let counted: Vec<(i64, u64)> = whole.iter().map(|(day, of_day)| (day, of_day.kept)).collect();
            prop_assert_eq!(counted, expected.into_iter().collect::<Vec<_>>());
            let part = |wanted: bool| {
                let of_part = at.iter().zip(&parts).filter(|(_, part)| **part == wanted);
                days(&of_part.map(|(at, _)| *at).collect::<Vec<_>>())
            };
            let (mut ours, theirs) = (part(true), part(false));
            ours.merge(&theirs);
            prop_assert!(ours == whole);
        }
    }
}
