//! How a cadence was kept: time watched and time beyond the promise, beats due and kept, gaps with those that are still open.

use crate::products::Products;

/// Gaps are counted in so many parts of the longest one that is promised,
pub const GAP_PARTS: usize = 32;
/// and up to so many of these; a longer gap has not ended there.
pub const MOST_GAP_PARTS: usize = 32 * GAP_PARTS;
/// Gaps of fewer customers than this are kept customer by customer, so that customers can be drawn anew.
pub const FEW_CUSTOMERS: u64 = 50;

/// A cadence over all customers whom it was owed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beats {
    /// Of each customer: s beyond the longest gap promised, and s in which contact was owed.
    pub time: Products,
    /// Beats that fell due, and those that a contact fell into.
    pub due: u64,
    pub kept: u64,
    /// Customers to whom contact is owed at the horizon, and those who have waited longer than promised.
    pub here: u64,
    pub overdue: u64,
    /// Place `n`: gaps of more than `n − 1` and at most `n` parts that ended with a contact, and those that did not.
    pub gaps: Vec<[u64; 2]>,
    /// The gaps of each customer, as place and 1 where it did not end; empty with [`FEW_CUSTOMERS`] or more.
    pub few: Vec<Vec<(u16, u16)>>,
}

/// The time in which contact is owed in one walk, and how it went.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Phase {
    begin: i64,
    every: i64,
    /// µs that contact was owed, and µs beyond the longest gap promised.
    watched: i64,
    beyond: i64,
    due: u64,
    kept: u64,
    last_kept: u64,
    is_here: bool,
    is_overdue: bool,
    /// Whether contact was owed at all.
    is_owed: bool,
    gaps: usize,
}

/// One gap.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gap {
    place: u16,
    is_open: bool,
}

impl Gap {
    /// A gap that a contact ended.
    #[inline]
    pub(crate) fn of(gap: i64, limit: i64) -> Self {
        let part = (limit / GAP_PARTS as i64).max(1);
        let place = (gap.saturating_add(part - 1) / part).clamp(1, MOST_GAP_PARTS as i64 + 1);
        // Parts may be a little too short, but what is promised lies on the right side of the line.
        let promised = GAP_PARTS as i64;
        let place = if gap <= limit { place.min(promised) } else { place.max(promised + 1) };
        let is_open = place > MOST_GAP_PARTS as i64;
        Self { place: place.min(MOST_GAP_PARTS as i64) as u16, is_open }
    }

    /// A gap that no contact ended.
    #[inline]
    pub(crate) fn open(gap: i64, limit: i64) -> Self {
        Self { is_open: true, ..Self::of(gap, limit) }
    }
}

impl Phase {
    #[inline]
    pub(crate) fn between(begin: i64, end: i64, every: i64) -> Self {
        let (every, watched) = (every.max(1), end - begin);
        let due = (watched / every) as u64;
        Self { begin, every, watched, due, is_owed: true, ..Self::default() }
    }

    /// A contact, and the one before it.
    #[inline]
    pub(crate) fn add(&mut self, at: i64, previous: i64, limit: i64) {
        self.gaps += 1;
        self.beyond += (at - previous - limit).max(0);
        // A beat ends at the moment at which it is due; the contact with which the time begins keeps none.
        let beat = ((at - self.begin + self.every - 1) / self.every) as u64;
        let is_new = beat > self.last_kept && beat <= self.due;
        self.kept += u64::from(is_new);
        self.last_kept = self.last_kept.max(beat);
    }

    /// The gap after the last contact.
    #[inline]
    pub(crate) fn end(&mut self, gap: i64, limit: i64, is_over: bool) {
        self.gaps += 1;
        self.beyond += (gap - limit).max(0);
        self.is_here = !is_over;
        self.is_overdue = !is_over && gap > limit;
    }

    fn join(&mut self, other: &Self) {
        self.watched += other.watched;
        self.beyond += other.beyond;
        self.due += other.due;
        self.kept += other.kept;
        self.is_here |= other.is_here;
        self.is_overdue |= other.is_overdue;
        self.is_owed |= other.is_owed;
    }
}

impl Beats {
    /// Adds walks: of each, the number of its customer and what was found; with the gaps of all, in order.
    pub(crate) fn add<'a>(
        &mut self,
        walks: impl Iterator<Item = (usize, &'a Phase)>,
        gaps: &[Gap],
        customers: usize,
    ) {
        let mut of_customers = vec![Phase::default(); customers];
        let keeps_few = self.time.customers < FEW_CUSTOMERS;
        let mut few = vec![Vec::new(); if keeps_few { customers } else { 0 }];
        let mut from = 0;
        for (customer, phase) in walks {
            of_customers[customer].join(phase);
            let own = &gaps[from..from + phase.gaps];
            from += phase.gaps;
            if keeps_few {
                few[customer].extend(own.iter().map(|gap| (gap.place, u16::from(gap.is_open))));
            }
        }
        for gap in gaps {
            let place = usize::from(gap.place);
            if place >= self.gaps.len() {
                self.gaps.resize(place + 1, [0; 2]);
            }
            self.gaps[place][usize::from(gap.is_open)] += 1;
        }
        for (number, phase) in of_customers.iter().enumerate().filter(|(_, phase)| phase.is_owed) {
            self.time.add(phase.beyond / SECOND, phase.watched / SECOND);
            self.due += phase.due;
            self.kept += phase.kept;
            self.here += u64::from(phase.is_here);
            self.overdue += u64::from(phase.is_overdue);
            if keeps_few {
                self.few.push(std::mem::take(&mut few[number]));
            }
        }
        self.settle();
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.time.merge(&other.time);
        self.due += other.due;
        self.kept += other.kept;
        self.here += other.here;
        self.overdue += other.overdue;
        self.gaps.resize(self.gaps.len().max(other.gaps.len()), [0; 2]);
        for (ours, theirs) in self.gaps.iter_mut().zip(&other.gaps) {
            crate::summary::add_all(ours, theirs);
        }
        self.few.extend(other.few);
        self.settle();
    }

    /// What is kept of few customers has an order that does not hang on who came first.
    fn settle(&mut self) {
        if self.time.customers >= FEW_CUSTOMERS {
            self.few = Vec::new();
        } else {
            self.few.iter_mut().for_each(|gaps| gaps.sort_unstable());
            self.few.sort_unstable();
        }
    }
}

const SECOND: i64 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::{Gap, MOST_GAP_PARTS, Phase};

    #[test]
    fn what_is_promised_lies_on_the_right_side_of_the_line() {
        for limit in [1, 31, 32, 33, 100, 777, 9 * 86_400_000_000] {
            assert_eq!(Gap::of(limit, limit).place.min(32), Gap::of(limit, limit).place, "{limit}");
            assert!(Gap::of(limit + 1, limit).place > 32, "{limit}");
        }
        assert_eq!(Gap::of(0, 320).place, 1);
        assert_eq!(Gap::of(11, 320).place, 2);
        let endless = Gap::of(i64::MAX / 4, 320);
        assert_eq!((usize::from(endless.place), endless.is_open), (MOST_GAP_PARTS, true));
    }

    #[test]
    fn a_beat_is_kept_once() {
        let mut phase = Phase::between(100, 140, 10);
        for (at, previous) in [(101, 100), (110, 101), (111, 110), (139, 111), (140, 139)] {
            phase.add(at, previous, 10);
        }
        assert_eq!((phase.due, phase.kept, phase.beyond), (4, 3, 18));
    }
}
