//! One look at each event of an instance: where its symbol occurs, and which touchpoint it visits.

use crate::plan::{Plan, UNBOUND};

/// Up to this many events an instance needs one word of marks per set.
pub(crate) const SHORT: usize = 64;

/// Up to this many places a short instance's marks lie in an array, which an index of one byte cannot leave.
const PLACES: usize = 256;

/// What one instance visits; memory that the next one uses again.
#[derive(Debug)]
pub(crate) struct Visits {
    path: Vec<u16>,
    at: Vec<i64>,
    short: Box<Short>,
    long: Vec<u64>,
    /// Bit `t`: touchpoint `t` was met, of the first 64.
    met: u64,
}

#[derive(Debug)]
struct Short {
    marks: [u64; PLACES],
    path: [u16; SHORT],
    at: [i64; SHORT],
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
        Self { path: Vec::new(), at: Vec::new(), short: Box::new(short), long: Vec::new(), met: 0 }
    }

    /// Whether [`Self::follow_short`] can take an instance.
    #[inline]
    pub(crate) fn is_short(events: usize, plan: &Plan) -> bool {
        events <= SHORT && plan.places <= PLACES
    }

    /// The path of a short instance, and the marks of each set. Nothing here is decided by an event, because no
    /// processor could guess the decision: an unbound event is written down too, and the next one written over it.
    #[inline]
    pub(crate) fn follow_short<'a>(
        &'a mut self,
        at: &[i64],
        symbols: &[u16],
        plan: &Plan,
    ) -> (Path<'a>, &'a [u64]) {
        let Short { marks, path, at: times } = &mut *self.short;
        for mark in &mut marks[..plan.places] {
            *mark = 0;
        }
        let (mut n, mut met) = (0, 0);
        for (row, (at, symbol)) in at.iter().zip(symbols).enumerate() {
            let symbol = plan.symbols[usize::from(*symbol)];
            marks[usize::from(symbol.class as u8)] |= 1 << (row % SHORT);
            path[n % SHORT] = symbol.touchpoint;
            times[n % SHORT] = *at;
            n += usize::from(symbol.touchpoint != UNBOUND);
            met |= symbol.met;
        }
        for (set, class) in &plan.unions {
            marks[usize::from(*set as u8)] |= marks[usize::from(*class as u8)];
        }
        (Path { touchpoints: &path[..n], at: &times[..n], met }, &marks[..plan.sets])
    }

    /// The same for an instance of any length, with as many words per set as it has 64 events.
    pub(crate) fn follow_long(
        &mut self,
        at: &[i64],
        symbols: &[u16],
        plan: &Plan,
    ) -> (Path<'_>, &[u64]) {
        let words = at.len().div_ceil(64);
        self.long.clear();
        self.long.resize(plan.places * words, 0);
        self.path.clear();
        self.at.clear();
        self.met = 0;
        for (row, (at, symbol)) in at.iter().zip(symbols).enumerate() {
            let symbol = plan.symbols[usize::from(*symbol)];
            self.long[usize::from(symbol.class) * words + row / 64] |= 1 << (row % 64);
            if symbol.touchpoint != UNBOUND {
                self.path.push(symbol.touchpoint);
                self.at.push(*at);
                self.met |= symbol.met;
            }
        }
        for (set, class) in &plan.unions {
            for word in 0..words {
                self.long[usize::from(*set) * words + word] |=
                    self.long[usize::from(*class) * words + word];
            }
        }
        let path = Path { touchpoints: &self.path, at: &self.at, met: self.met };
        (path, &self.long[..plan.sets * words])
    }
}
