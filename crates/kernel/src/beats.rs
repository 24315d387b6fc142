//! How a cadence was kept: time watched and time beyond the promise, beats due and kept, gaps with those that are still open.

use crate::packed::packed;
use crate::plan::Cadence;
use crate::products::Products;

/// Gaps are counted in parts: a power of two of µs, at least so many of them to the longest gap promised,
const FEWEST_PARTS: i64 = 32;
/// and up to so many; a longer gap has not ended there.
pub const MOST_GAP_PARTS: u16 = 2_048;
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
    /// By place ([`GapPlaces`]): gaps that ended with a contact, and those that did not.
    pub gaps: Vec<[u64; 2]>,
    /// The gaps of each customer, as place and 1 where it did not end; empty with [`FEW_CUSTOMERS`] or more.
    pub few: Vec<Vec<(u16, u16)>>,
}

packed!(Beats { time, due, kept, here, overdue, gaps, few });

/// Places of gaps by their length; what is promised ends at a place of its own.
#[derive(Debug, Clone, Copy)]
pub struct GapPlaces {
    /// The longest gap promised, µs.
    promised: i64,
    /// A part is two to this power of µs.
    power: u32,
}

impl GapPlaces {
    pub fn of(promised: i64) -> Self {
        Self { promised, power: (promised / FEWEST_PARTS).max(1).ilog2() }
    }

    /// The longest gap at a place, µs.
    pub fn longest(self, place: u16) -> i64 {
        let last_promised = self.place(self.promised);
        if place <= last_promised {
            (i64::from(place) << self.power).min(self.promised)
        } else {
            (i64::from(place) - 1) << self.power
        }
    }

    /// From 1 on. Behind the promise places are one further, because one part lies on both sides of it.
    #[inline(always)]
    fn place(self, gap: i64) -> u16 {
        let part = ((gap - 1) >> self.power).clamp(0, i64::from(MOST_GAP_PARTS));
        (part + 1 + i64::from(gap > self.promised)).min(i64::from(MOST_GAP_PARTS) + 1) as u16
    }
}

/// The lengths of time of a cadence, with what turns their divisions into multiplications: a processor takes longer to divide
/// than for all else that is done with a contact.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lengths {
    every: Length,
    places: GapPlaces,
}

#[derive(Debug, Clone, Copy)]
struct Length {
    micros: i64,
    inverse: f64,
}

/// Up to this many µs, 71 years, a product with an inverse is less than one off.
const EXACT: i64 = 1 << 51;

impl Length {
    fn of(micros: i64) -> Self {
        let micros = micros.max(1);
        Self { micros, inverse: 1.0 / micros as f64 }
    }

    /// How many of these cover a time of at least 0.
    #[inline(always)]
    fn covering(self, time: i64) -> i64 {
        if time > EXACT {
            return time / self.micros + i64::from(time % self.micros > 0);
        }
        // What was not exact is set right without a decision, which nobody could guess.
        let n = (time as f64 * self.inverse) as i64;
        let n = n + i64::from(n * self.micros < time);
        n - i64::from((n - 1) * self.micros >= time && n > 0)
    }
}

impl Lengths {
    pub(crate) fn of(cadence: &Cadence) -> Self {
        let promised = cadence.every.saturating_add(cadence.grace);
        Self { every: Length::of(cadence.every), places: GapPlaces::of(promised) }
    }
}

/// The time in which contact is owed in one walk, and how it went.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Phase {
    /// µs that contact was owed, and µs beyond the longest gap promised.
    watched: i64,
    beyond: i64,
    due: u32,
    kept: u32,
    gaps: u32,
    is_here: bool,
    is_overdue: bool,
    /// Whether contact was owed at all.
    is_owed: bool,
}

/// One gap.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gap {
    place: u16,
    is_open: bool,
}

impl Gap {
    #[inline(always)]
    fn of(gap: i64, is_open: bool, lengths: &Lengths) -> Self {
        let place = lengths.places.place(gap);
        Self { place: place.min(MOST_GAP_PARTS), is_open: is_open | (place > MOST_GAP_PARTS) }
    }
}

/// Where gaps are counted, and kept one by one while customers are few.
pub(crate) struct Gaps<'a> {
    pub(crate) counts: &'a mut Vec<[u64; 2]>,
    pub(crate) kept: Option<&'a mut Vec<Gap>>,
}

impl Gaps<'_> {
    #[inline(always)]
    fn add(&mut self, gap: Gap) {
        let place = usize::from(gap.place);
        if place >= self.counts.len() {
            self.counts.resize(place + 1, [0; 2]);
        }
        self.counts[place][usize::from(gap.is_open)] += 1;
        if let Some(kept) = &mut self.kept {
            kept.push(gap);
        }
    }
}

/// A phase while contacts are added to it.
pub(crate) struct Watch<'a> {
    phase: Phase,
    begin: i64,
    lengths: &'a Lengths,
    last_beat: i64,
}

impl<'a> Watch<'a> {
    #[inline(always)]
    pub(crate) fn between(begin: i64, end: i64, lengths: &'a Lengths) -> Self {
        let watched = end - begin;
        let every = lengths.every;
        // Whole ones: those that cover it, but for a last one that goes beyond it.
        let covering = every.covering(watched);
        let due = covering - i64::from(covering.saturating_mul(every.micros) > watched);
        let due = u32::try_from(due).unwrap_or(u32::MAX);
        let phase = Phase { watched, due, is_owed: true, ..Phase::default() };
        Self { phase, begin, lengths, last_beat: 0 }
    }

    /// A contact, and the one before it.
    #[inline(always)]
    pub(crate) fn add(&mut self, at: i64, previous: i64, gaps: &mut Gaps<'_>) {
        self.gap(at - previous, false, gaps);
        // A beat ends at the moment at which it is due; the contact with which the time begins keeps none.
        let beat = self.lengths.every.covering(at - self.begin);
        let is_new = beat > self.last_beat && beat <= i64::from(self.phase.due);
        self.phase.kept += u32::from(is_new);
        self.last_beat = self.last_beat.max(beat);
    }

    /// The gap after the last contact.
    #[inline(always)]
    pub(crate) fn end(&mut self, gap: i64, is_over: bool, gaps: &mut Gaps<'_>) {
        self.gap(gap, true, gaps);
        self.phase.is_here = !is_over;
        self.phase.is_overdue = !is_over && gap > self.lengths.places.promised;
    }

    #[inline(always)]
    fn gap(&mut self, gap: i64, is_open: bool, gaps: &mut Gaps<'_>) {
        self.phase.gaps += 1;
        self.phase.beyond += (gap - self.lengths.places.promised).max(0);
        gaps.add(Gap::of(gap, is_open, self.lengths));
    }

    pub(crate) fn phase(self) -> Phase {
        self.phase
    }
}

impl Phase {
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
    /// Adds walks: of each, the number of its customer and what was found; with the gaps of all, in order, while few are kept.
    pub(crate) fn add<'a>(
        &mut self,
        walks: impl Iterator<Item = (usize, &'a Phase)> + Clone,
        gaps: &[Gap],
        customers: usize,
    ) {
        if self.keeps_few() {
            self.keep_few(walks.clone(), gaps, customers);
        }
        if walks.clone().count() == customers {
            walks.for_each(|(_, phase)| self.add_customer(phase));
        } else {
            // Walks of one customer may stand apart from each other, short ones before long ones.
            let mut of_customers = vec![Phase::default(); customers];
            walks.for_each(|(customer, phase)| of_customers[customer].join(phase));
            of_customers.iter().for_each(|phase| self.add_customer(phase));
        }
        self.settle();
    }

    pub(crate) fn keeps_few(&self) -> bool {
        self.time.customers < FEW_CUSTOMERS
    }

    #[inline(always)]
    fn add_customer(&mut self, phase: &Phase) {
        if phase.is_owed {
            self.time.add(phase.beyond / SECOND, phase.watched / SECOND);
        }
        self.due += u64::from(phase.due);
        self.kept += u64::from(phase.kept);
        self.here += u64::from(phase.is_here);
        self.overdue += u64::from(phase.is_overdue);
    }

    fn keep_few<'a>(
        &mut self,
        walks: impl Iterator<Item = (usize, &'a Phase)>,
        gaps: &[Gap],
        customers: usize,
    ) {
        let mut few: Vec<Option<Vec<(u16, u16)>>> = vec![None; customers];
        let mut from = 0;
        for (customer, phase) in walks {
            let own = &gaps[from..from + phase.gaps as usize];
            from += phase.gaps as usize;
            if phase.is_owed {
                let kept = few[customer].get_or_insert_default();
                kept.extend(own.iter().map(|gap| (gap.place, u16::from(gap.is_open))));
            }
        }
        self.few.extend(few.into_iter().flatten());
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
        if !self.keeps_few() {
            self.few = Vec::new();
        } else if !self.few.is_empty() {
            self.few.iter_mut().for_each(|gaps| gaps.sort_unstable());
            self.few.sort_unstable();
        }
    }
}

const SECOND: i64 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::{Gap, GapPlaces, Gaps, Length, Lengths, MOST_GAP_PARTS, Watch};
    use crate::plan::{Cadence, SetId};
    use proptest::prelude::*;

    fn lengths(every: i64, grace: i64) -> Lengths {
        let of = SetId(0);
        Lengths::of(&Cadence { of, every, grace, at_least: 0, from: None, until: None })
    }

    #[test]
    fn what_is_promised_has_a_place_where_it_ends() {
        for promised in [1, 31, 32, 33, 100, 777, 9 * 86_400_000_000] {
            let places = GapPlaces::of(promised);
            let last = places.place(promised);
            assert!(places.place(promised + 1) > last, "{promised}");
            assert_eq!(places.longest(last), promised);
            assert!((promised < 32 || (32..=65).contains(&last)), "{promised}: {last}");
        }
        let lengths = lengths(300, 20);
        assert_eq!(Gap::of(0, false, &lengths).place, 1);
        assert_eq!(Gap::of(9, false, &lengths).place, 2);
        let endless = Gap::of(i64::MAX / 4, false, &lengths);
        assert_eq!((endless.place, endless.is_open), (MOST_GAP_PARTS, true));
    }

    #[test]
    fn a_beat_is_kept_once() {
        let (lengths, mut counts) = (lengths(10, 0), Vec::new());
        let mut gaps = Gaps { counts: &mut counts, kept: None };
        let mut watch = Watch::between(100, 140, &lengths);
        for (at, previous) in [(101, 100), (110, 101), (111, 110), (139, 111), (140, 139)] {
            watch.add(at, previous, &mut gaps);
        }
        let phase = watch.phase();
        assert_eq!((phase.due, phase.kept, phase.beyond, phase.gaps), (4, 3, 18, 5));
    }

    proptest! {
        #[test]
        fn a_gap_is_no_longer_than_its_place_and_longer_than_the_one_before(gap in 1_i64..1 << 40, promised in 1_i64..1 << 38) {
            let places = GapPlaces::of(promised);
            let place = places.place(gap);
            if place <= MOST_GAP_PARTS {
                prop_assert!(gap <= places.longest(place) && gap > places.longest(place - 1), "{place}");
            }
        }

        #[test]
        fn a_multiplication_finds_what_a_division_finds(time in 0_i64..1 << 58, micros in 1_i64..1 << 45) {
            let expected = time / micros + i64::from(time % micros > 0);
            prop_assert_eq!(Length::of(micros).covering(time), expected);
        }
    }
}
