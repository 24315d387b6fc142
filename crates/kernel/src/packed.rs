//! The compact form of a summary, in which it travels from the machine that counted to the one that adds up.
//!
//! Whole numbers in as few bytes as they need, lists behind their length; of a set of durations the steps from one to the next.
//! What was cut off, goes on after its end, or was made with another plan is refused. Whether bytes were altered on the way is
//! for those to find who send them.

use std::collections::BTreeMap;

use crate::END;
use crate::checks::Checks;
use crate::plan::Plan;
use crate::summary::Summary;

impl Summary {
    /// The form that [`Self::unpack`] reads.
    pub fn pack(mut self) -> Vec<u8> {
        self.settle();
        let mut out = Vec::new();
        Packed::pack(&self, &mut out);
        out
    }

    /// A summary that was made with this plan; `None` if it cannot be one.
    pub fn unpack(bytes: &[u8], plan: &Plan) -> Option<Self> {
        let mut unpacking = Unpacking { rest: bytes };
        let summary: Self = Packed::unpack(&mut unpacking)?;
        (unpacking.rest.is_empty() && summary.is_of(plan)).then_some(summary)
    }

    /// Whether everything that is counted by a number of the plan has the plan's size.
    fn is_of(&self, plan: &Plan) -> bool {
        let new = Self::new(plan);
        let is_shaped_like = |a: &Checks, b: &Checks| {
            a.strata.len() == b.strata.len() && a.groups.len() == b.groups.len()
        };
        let is_touchpoint = |touchpoint: u16| usize::from(touchpoint) < plan.touchpoints;
        let words = plan.settings.rules.len().div_ceil(64);
        self.reach.len() == new.reach.len()
            && self.channels.len() == new.channels.len()
            && self.waiting.len() == new.waiting.len()
            && self.checks.len() == new.checks.len()
            && self.checks.iter().zip(&new.checks).all(|(a, b)| is_shaped_like(a, b))
            && self.funnels.len() == new.funnels.len()
            && self.funnels.iter().zip(&new.funnels).all(|(a, b)| a.steps.len() == b.steps.len())
            && self.steps().all(|touchpoint| is_touchpoint(touchpoint) || touchpoint == END)
            && self.waits.keys().all(|(from, to)| is_touchpoint(*from) && is_touchpoint(*to))
            && self.variants.iter().all(|variant| variant.path.iter().all(|it| is_touchpoint(*it)))
            && self.watched.iter().all(|it| it.kept.len() == words && it.broken.len() == words)
    }

    /// What customers met instead of a funnel's next step.
    fn steps(&self) -> impl Iterator<Item = u16> {
        let steps = self.funnels.iter().flat_map(|funnel| &funnel.steps);
        steps.flat_map(|step| step.instead.keys().copied())
    }
}

/// What can be packed and unpacked again. Everything takes at least one byte.
pub(crate) trait Packed: Sized {
    fn pack(&self, out: &mut Vec<u8>);

    fn unpack(from: &mut Unpacking<'_>) -> Option<Self>;
}

/// Bytes that are still to be unpacked.
#[derive(Debug)]
pub(crate) struct Unpacking<'a> {
    rest: &'a [u8],
}

impl Unpacking<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// How many items follow; no more than there are bytes left for them.
    pub(crate) fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(u64::unpack(self)?).ok()?;
        (count <= self.rest.len()).then_some(count)
    }
}

/// A struct is its fields, one after another; one that is added to it and not here does not compile.
macro_rules! packed {
    ($type:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::packed::Packed for $type {
            fn pack(&self, out: &mut Vec<u8>) {
                let Self { $($field),+ } = self;
                $($crate::packed::Packed::pack($field, out);)+
            }

            fn unpack(from: &mut $crate::packed::Unpacking<'_>) -> Option<Self> {
                $(let $field = $crate::packed::Packed::unpack(from)?;)+
                Some(Self { $($field),+ })
            }
        }
    };
}
pub(crate) use packed;

/// Seven bits a byte, the lowest first; the eighth says that there are more.
impl Packed for u128 {
    fn pack(&self, out: &mut Vec<u8>) {
        let mut value = *self;
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
    }

    fn unpack(from: &mut Unpacking<'_>) -> Option<Self> {
        let mut value = 0;
        for shift in (0..Self::BITS).step_by(7) {
            let byte = from.byte()?;
            let bits = Self::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return None;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

impl Packed for u64 {
    fn pack(&self, out: &mut Vec<u8>) {
        let mut value = *self;
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
    }

    fn unpack(from: &mut Unpacking<'_>) -> Option<Self> {
        let first = from.byte()?;
        if first < 0x80 {
            return Some(Self::from(first));
        }
        let mut value = Self::from(first & 0x7f);
        for shift in (7..Self::BITS).step_by(7) {
            let byte = from.byte()?;
            let bits = Self::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return None;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

macro_rules! narrow {
    ($($type:ty),+) => {
        $(impl Packed for $type {
            fn pack(&self, out: &mut Vec<u8>) {
                u64::from(*self).pack(out);
            }

            fn unpack(from: &mut Unpacking<'_>) -> Option<Self> {
                Self::try_from(u64::unpack(from)?).ok()
            }
        })+
    };
}
narrow!(u16, u32);

/// The sign in the lowest bit, so that small numbers are short on both sides of 0.
impl Packed for i64 {
    fn pack(&self, out: &mut Vec<u8>) {
        ((self << 1) ^ (self >> 63)).cast_unsigned().pack(out);
    }

    fn unpack(from: &mut Unpacking<'_>) -> Option<Self> {
        let value = u64::unpack(from)?;
        Some((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }
}

impl Packed for i128 {
    fn pack(&self, out: &mut Vec<u8>) {
        ((self << 1) ^ (self >> 127)).cast_unsigned().pack(out);
    }

    fn unpack(from: &mut Unpacking<'_>) -> Option<Self> {
        let value = u128::unpack(from)?;
        Some((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        (self.len() as u64).pack(out);
        self.iter().for_each(|item| item.pack(out));
    }

    fn unpack(from: &mut Unpacking<'_>) -> Option<Self> {
        (0..from.count()?).map(|_| T::unpack(from)).collect()
    }
}

impl<T: Packed, const N: usize> Packed for [T; N] {
    fn pack(&self, out: &mut Vec<u8>) {
        self.iter().for_each(|item| item.pack(out));
    }

    fn unpack(from: &mut Unpacking<'_>) -> Option<Self> {
        let items: Option<Vec<T>> = (0..N).map(|_| T::unpack(from)).collect();
        items?.try_into().ok()
    }
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        u64::from(self.is_some()).pack(out);
        self.iter().for_each(|item| item.pack(out));
    }

    fn unpack(from: &mut Unpacking<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(None),
            1 => T::unpack(from).map(Some),
            _ => None,
        }
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    fn pack(&self, out: &mut Vec<u8>) {
        self.0.pack(out);
        self.1.pack(out);
    }

    fn unpack(from: &mut Unpacking<'_>) -> Option<Self> {
        Some((A::unpack(from)?, B::unpack(from)?))
    }
}

impl<K: Packed + Ord, V: Packed> Packed for BTreeMap<K, V> {
    fn pack(&self, out: &mut Vec<u8>) {
        (self.len() as u64).pack(out);
        for (key, value) in self {
            key.pack(out);
            value.pack(out);
        }
    }

    fn unpack(from: &mut Unpacking<'_>) -> Option<Self> {
        (0..from.count()?).map(|_| Packed::unpack(from)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Packed, Unpacking};

    /// What comes back, and in how many bytes it went.
    fn there_and_back<T: Packed>(value: &T) -> (Option<T>, usize) {
        let mut bytes = Vec::new();
        value.pack(&mut bytes);
        let mut unpacking = Unpacking { rest: &bytes };
        let back = T::unpack(&mut unpacking);
        assert!(unpacking.rest.is_empty());
        for cut in 0..bytes.len() {
            assert!(T::unpack(&mut Unpacking { rest: &bytes[..cut] }).is_none(), "cut at {cut}");
        }
        (back, bytes.len())
    }

    #[test]
    fn numbers_take_as_few_bytes_as_they_need() {
        for (value, bytes) in [(0, 1), (127, 1), (128, 2), (u64::MAX, 10)] {
            assert_eq!(there_and_back(&value), (Some(value), bytes));
        }
        for (value, bytes) in [(0, 1), (-1, 1), (-64, 1), (64, 2), (i64::MIN, 10), (i64::MAX, 10)] {
            assert_eq!(there_and_back(&value), (Some(value), bytes));
        }
        for value in [i128::MIN, -1, 0, i128::MAX] {
            assert_eq!(there_and_back(&value).0, Some(value));
        }
    }

    #[test]
    fn lists_come_back_as_they_were() {
        let lists = vec![(Some(3_u64), vec![-4_i64, 5]), (None, Vec::new())];
        assert_eq!(there_and_back(&lists).0, Some(lists));
    }

    #[test]
    fn what_no_number_needs_is_refused() {
        let too_long = [0xff; 10];
        assert!(u64::unpack(&mut Unpacking { rest: &too_long }).is_none());
        let too_large = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
        assert!(u64::unpack(&mut Unpacking { rest: &too_large }).is_none());
        assert!(u16::unpack(&mut Unpacking { rest: &[0x80, 0x80, 0x04] }).is_none());
        // A list cannot be longer than its bytes.
        let endless = [0xff, 0xff, 0xff, 0xff, 0x0f, 1];
        assert!(Vec::<u64>::unpack(&mut Unpacking { rest: &endless }).is_none());
    }
}
