//! One look at each event of an instance: where its symbol occurs, and which touchpoint it visits.

use crate::plan::{Plan, UNBOUND};

/// Up to this many events an instance needs one word of marks per set.
pub(crate) const SHORT: usize = 64;

/// Up to this many places a short instance's marks lie in an array, which an index of one byte cannot leave.
const PLACES: usize = 256;

/// So many are cleared whether they are needed or not: a number that the compiler knows costs a few stores, any other a call.
const FEW_PLACES: usize = 32;

/// What was followed last; memory that is used again for what comes next.
#[derive(Debug)]
pub(crate) struct Visits {
    is_short: bool,
    short: Box<Short>,
    long: Long,
    /// How many visits there are.
    n: usize,
    /// Bit `t`: touchpoint `t` was met, of the first 64.
    met: u64,
}

#[derive(Debug)]
struct Short {
    marks: [u64; PLACES],
    path: [u16; SHORT],
    at: [i64; SHORT],
}

#[derive(Debug, Default)]
struct Long {
    marks: Vec<u64>,
    path: Vec<u16>,
    at: Vec<i64>,
}

/// Touchpoints in order and when, unbound events left out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<'a> {
    pub(crate) touchpoints: &'a [u16],
    pub(crate) at: &'a [i64],
    pub(crate) met: u64,
}

impl Visits {
    pub(crate) fn new() -> Self {
        let short = Short { marks: [0; PLACES], path: [UNBOUND; SHORT], at: [0; SHORT] };
        Self { is_short: true, short: Box::new(short), long: Long::default(), n: 0, met: 0 }
    }

    /// Whether [`Self::follow_short`] can take so many events.
    #[inline]
    pub(crate) fn is_short(events: usize, plan: &Plan) -> bool {
        events <= SHORT && plan.places <= PLACES
    }

    /// Follows events, and says after which silences an instance is over (a bit per event). Nothing here is decided by an
    /// event, because no processor could guess the decision: an unbound event is written down too, and the next one
    /// written over it. One loop does it all, because where it ends has to be guessed as well.
    #[inline]
    pub(crate) fn follow_short(&mut self, at: &[i64], symbols: &[u16], plan: &Plan) -> u64 {
        let Short { marks, path, at: times } = &mut *self.short;
        marks[..FEW_PLACES].copy_from_slice(&[0; FEW_PLACES]);
        if plan.places > FEW_PLACES {
            marks[FEW_PLACES..plan.places].fill(0);
        }
        let closes_after = plan.closes_after();
        let (mut n, mut met, mut late) = (0, 0, 0);
        let mut last = at.first().copied().unwrap_or_default();
        for (row, (at, symbol)) in at.iter().zip(symbols).enumerate() {
            let symbol = plan.symbols[usize::from(*symbol)];
            marks[usize::from(symbol.class as u8)] |= 1 << (row % SHORT);
            path[n % SHORT] = symbol.touchpoint;
            times[n % SHORT] = *at;
            n += usize::from(symbol.touchpoint != UNBOUND);
            met |= symbol.met;
            late |= u64::from(at - last > closes_after) << (row % SHORT);
            last = *at;
        }
        for (set, class) in &plan.unions {
            marks[usize::from(*set as u8)] |= marks[usize::from(*class as u8)];
        }
        (self.is_short, self.n, self.met) = (true, n, met);
        late
    }

    /// Follows any number of events, with as many words per set as there are 64 of them.
    pub(crate) fn follow_long(&mut self, at: &[i64], symbols: &[u16], plan: &Plan) {
        let words = at.len().div_ceil(64);
        let Long { marks, path, at: times } = &mut self.long;
        marks.clear();
        marks.resize(plan.places * words, 0);
        path.clear();
        times.clear();
        self.met = 0;
        for (row, (at, symbol)) in at.iter().zip(symbols).enumerate() {
            let symbol = plan.symbols[usize::from(*symbol)];
            marks[usize::from(symbol.class) * words + row / 64] |= 1 << (row % 64);
            if symbol.touchpoint != UNBOUND {
                path.push(symbol.touchpoint);
                times.push(*at);
                self.met |= symbol.met;
            }
        }
        for (set, class) in &plan.unions {
            for word in 0..words {
                marks[usize::from(*set) * words + word] |=
                    marks[usize::from(*class) * words + word];
            }
        }
        marks.truncate(plan.sets * words);
        (self.is_short, self.n) = (false, path.len());
    }

    #[inline]
    pub(crate) fn path(&self) -> Path<'_> {
        let (touchpoints, at) = if self.is_short {
            (&self.short.path[..self.n], &self.short.at[..self.n])
        } else {
            (&self.long.path[..self.n], &self.long.at[..self.n])
        };
        Path { touchpoints, at, met: self.met }
    }

    /// Marks of each set, and whether one word is enough for each.
    #[inline]
    pub(crate) fn marks(&self, plan: &Plan) -> (bool, &[u64]) {
        let marks = if self.is_short { &self.short.marks[..plan.sets] } else { &self.long.marks };
        (self.is_short, marks)
    }
}
