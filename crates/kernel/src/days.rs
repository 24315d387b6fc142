//! Checks by the day on which they began, so that the share that was kept can be followed over time.
//!
//! A day is what weeks and months are made of. Checks are counted on the day on which they begin and not on the one on which
//! they are settled: a broken promise belongs to the day on which it was given. Those still pending are counted as well,
//! because the last days look better than they are as long as only what was quick is settled.

use std::collections::BTreeMap;

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
    first: i64,
    near: Vec<OfDay>,
    far: BTreeMap<i64, OfDay>,
}

impl Days {
    /// Days on which anything began, in time.
    pub fn iter(&self) -> impl Iterator<Item = (i64, OfDay)> {
        let near = (self.first..).zip(self.near.iter().copied());
        let near = near.filter(|(_, of_day)| *of_day != OfDay::default());
        // Far days lie on both sides of the near ones.
        let before = self.far.range(..self.first);
        let after = self.far.range(self.first..);
        let told = |(day, of_day): (&i64, &OfDay)| (*day, *of_day);
        before.map(told).chain(near).chain(after.map(told))
    }

    pub fn merge(&mut self, other: &Self) {
        for (day, of_day) in other.iter() {
            self.of_day(day).add(of_day);
        }
    }

    /// One check that began at this moment.
    #[inline]
    pub fn add(&mut self, at: i64, one: OfDay) {
        let day = at.div_euclid(DAY);
        match self.near.get_mut(day.wrapping_sub(self.first) as usize) {
            Some(of_day) => of_day.add(one),
            None => self.of_day(day).add(one),
        }
    }

    /// Makes room for a day.
    #[cold]
    fn of_day(&mut self, day: i64) -> &mut OfDay {
        if self.near.is_empty() {
            self.first = day;
        }
        let last = self.first + self.near.len() as i64 - 1;
        let (from, to) = (self.first.min(day), last.max(day));
        if to.abs_diff(from) >= NEAR as u64 {
            return self.far.entry(day).or_default();
        }
        if from < self.first {
            let room = vec![OfDay::default(); (self.first - from) as usize];
            self.near.splice(0..0, room);
            self.first = from;
        }
        self.near.resize(self.near.len().max((to - from + 1) as usize), OfDay::default());
        &mut self.near[(day - from) as usize]
    }
}

impl OfDay {
    #[inline]
    fn add(&mut self, other: Self) {
        self.kept += other.kept;
        self.broken += other.broken;
        self.pending += other.pending;
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

    const KEPT: OfDay = OfDay { kept: 1, broken: 0, pending: 0 };

    fn days(at: &[i64]) -> Days {
        let mut days = Days::default();
        at.iter().for_each(|at| days.add(*at, KEPT));
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
