//! Distinct walked paths, each with how often it was walked.
//!
//! A path is known by a 128-bit hash of its touchpoints, so two paths are told apart but for one chance in 2^64 at
//! billions of variants; the touchpoints themselves are kept once per variant as its exemplar. A slot of the table is
//! eight bytes, and all else that is known of a variant is written down in the order in which variants are met: a log of
//! nothing but new paths costs one random look a path, and looks are collected so that their cache misses overlap.

use crate::packed::{Packed, Unpacking};

/// Distinct paths and how many instances walked each.
#[derive(Debug, Clone)]
pub struct Variants {
    slots: Vec<Slot>,
    known: Vec<Known>,
    /// Touchpoints of all variants, one after another.
    steps: Vec<u16>,
    waiting: Waiting,
}

/// What is known of a variant beside its touchpoints.
#[derive(Debug, Clone, Copy)]
struct Known {
    hash: Hash,
    /// Where its touchpoints end; they begin where those of the variant before end.
    end: u64,
    counts: [u32; 3],
}

/// One variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant<'a> {
    pub path: &'a [u16],
    /// Instances that ended, timed out, are open.
    pub counts: [u64; 3],
    pub hash: u128,
}

/// High and low half.
type Hash = (u64, u64);

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// A part of the hash that does not decide where the slot is, so that a wrong one is nearly always seen here.
    tag: u32,
    /// 1 + number of the variant; 0: free.
    number: u32,
}

#[derive(Debug, Clone, Default)]
struct Waiting {
    hashes: Vec<Hash>,
    states: Vec<u8>,
    ends: Vec<u32>,
    steps: Vec<u16>,
}

const TOGETHER: usize = 256;

impl Default for Variants {
    fn default() -> Self {
        Self {
            slots: vec![Slot::default(); 1 << 10],
            known: Vec::new(),
            steps: Vec::new(),
            waiting: Waiting::default(),
        }
    }
}

impl Variants {
    /// Counts one instance in a state (0 ended, 1 timed out, 2 open).
    #[inline]
    pub(crate) fn add(&mut self, path: &[u16], state: usize) {
        self.waiting.hashes.push(hash(path));
        self.waiting.states.push(state as u8);
        self.waiting.steps.extend_from_slice(path);
        self.waiting.ends.push(self.waiting.steps.len() as u32);
        if self.waiting.hashes.len() == TOGETHER {
            self.settle();
        }
    }

    /// Puts what waits into the table.
    pub(crate) fn settle(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        let homes = self.homes(waiting.hashes.iter().copied());
        let mut begin = 0;
        for (index, home) in homes.into_iter().enumerate() {
            let end = waiting.ends[index] as usize;
            let number = self.number(home, waiting.hashes[index], &waiting.steps[begin..end]);
            self.known[number].counts[usize::from(waiting.states[index])] += 1;
            begin = end;
        }
        waiting.clear();
        self.waiting = waiting;
    }

    pub(crate) fn merge(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        if self.len() < other.len() {
            std::mem::swap(self, &mut other);
        }
        let mut begin = 0;
        for known in other.known.chunks(TOGETHER) {
            let homes = self.homes(known.iter().map(|known| known.hash));
            for (home, known) in homes.into_iter().zip(known) {
                let end = known.end as usize;
                let number = self.number(home, known.hash, &other.steps[begin..end]);
                let ours = &mut self.known[number].counts;
                ours.iter_mut().zip(known.counts).for_each(|(ours, theirs)| *ours += theirs);
                begin = end;
            }
        }
    }

    /// The number of the variant in the first slot that each of these may be in, if it is the one, in a table that has room
    /// for all of them. First all slots, then all variants: so cache misses overlap.
    fn homes(&mut self, hashes: impl ExactSizeIterator<Item = Hash> + Clone) -> Vec<Option<u32>> {
        self.reserve(hashes.len());
        let mask = self.slots.len() - 1;
        let slots: Vec<Slot> =
            hashes.clone().map(|(_, low)| self.slots[low as usize & mask]).collect();
        let is_it = |(slot, hash): (Slot, Hash)| {
            let number = slot.number.checked_sub(1).filter(|_| slot.tag == tag(hash))?;
            (self.known[number as usize].hash == hash).then_some(number)
        };
        slots.into_iter().zip(hashes).map(is_it).collect()
    }

    /// The number of a path, a new one if it was not known. `home` is what was known of it a moment ago.
    #[inline]
    fn number(&mut self, home: Option<u32>, hash: Hash, path: &[u16]) -> usize {
        match home {
            Some(number) => number as usize,
            None => self.place(hash, path),
        }
    }

    fn place(&mut self, hash: Hash, path: &[u16]) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = hash.1 as usize & mask;
        loop {
            let slot = self.slots[place];
            if slot.number == 0 {
                self.steps.extend_from_slice(path);
                self.known.push(Known { hash, end: self.steps.len() as u64, counts: [0; 3] });
                self.slots[place] = Slot { tag: tag(hash), number: self.known.len() as u32 };
                return self.known.len() - 1;
            }
            let number = slot.number as usize - 1;
            if slot.tag == tag(hash) && self.known[number].hash == hash {
                return number;
            }
            place = (place + 1) & mask;
        }
    }

    /// Keeps the table at most two thirds full.
    fn reserve(&mut self, more: usize) {
        let needed = (self.known.len() + more) * 3 / 2 + 1;
        if needed <= self.slots.len() {
            return;
        }
        let mask = needed.next_power_of_two() - 1;
        let mut slots = vec![Slot::default(); mask + 1];
        for (number, known) in self.known.iter().enumerate() {
            let mut place = known.hash.1 as usize & mask;
            while slots[place].number != 0 {
                place = (place + 1) & mask;
            }
            slots[place] = Slot { tag: tag(known.hash), number: number as u32 + 1 };
        }
        self.slots = slots;
    }

    /// How many distinct paths there are, the empty one included.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// All variants, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = Variant<'_>> {
        self.part(0, 1)
    }

    /// One of `parts` roughly equal parts of all variants.
    pub fn part(&self, part: usize, parts: usize) -> impl Iterator<Item = Variant<'_>> {
        let size = self.known.len().div_ceil(parts.max(1));
        let from = (part * size).min(self.known.len());
        let mut begin = from.checked_sub(1).map_or(0, |before| self.known[before].end) as usize;
        self.known[from..].iter().take(size).map(move |known| {
            let end = known.end as usize;
            Variant {
                path: &self.steps[std::mem::replace(&mut begin, end)..end],
                counts: known.counts.map(u64::from),
                hash: u128::from(known.hash.0) << 64 | u128::from(known.hash.1),
            }
        })
    }

    /// The `n` most walked paths, those of equal count by their touchpoints; and how many were walked once.
    pub fn top(&self, n: usize) -> (Vec<Variant<'_>>, u64) {
        let mut top: Vec<Variant<'_>> = Vec::new();
        let mut singletons = 0;
        let mut least = 0;
        for variant in self.iter().filter(|variant| !variant.path.is_empty()) {
            singletons += u64::from(variant.total() == 1);
            if variant.total() >= least {
                top.push(variant);
            }
            if top.len() >= 4 * n.max(16) {
                keep_most_walked(&mut top, n);
                least = top.last().map_or(0, Variant::total);
            }
        }
        keep_most_walked(&mut top, n);
        (top, singletons)
    }
}

/// Variants that wait for nothing, in the order in which they were met.
impl Packed for Variants {
    fn pack(&self, out: &mut Vec<u8>) {
        (self.len() as u64).pack(out);
        for variant in self.iter() {
            (variant.path.len() as u64).pack(out);
            variant.path.iter().for_each(|step| step.pack(out));
            variant.counts.pack(out);
        }
    }

    fn unpack(from: &mut Unpacking<'_>) -> Option<Self> {
        let mut variants = Self::default();
        let n = from.count()?;
        variants.reserve(n);
        for _ in 0..n {
            let path: Vec<u16> = Packed::unpack(from)?;
            let number = variants.place(hash(&path), &path);
            let counts: [u32; 3] = Packed::unpack(from)?;
            let known = variants.known[number].counts.iter_mut().zip(counts);
            known.for_each(|(ours, theirs)| *ours = ours.saturating_add(theirs));
        }
        Some(variants)
    }
}

fn keep_most_walked(variants: &mut Vec<Variant<'_>>, n: usize) {
    variants.sort_unstable_by(|a, b| b.total().cmp(&a.total()).then_with(|| a.path.cmp(b.path)));
    variants.truncate(n);
}

impl Waiting {
    fn clear(&mut self) {
        self.hashes.clear();
        self.states.clear();
        self.ends.clear();
        self.steps.clear();
    }
}

fn tag(hash: Hash) -> u32 {
    hash.0 as u32
}

impl Variant<'_> {
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

impl PartialEq for Variants {
    fn eq(&self, other: &Self) -> bool {
        let all = |variants: &Self| {
            let mut variants = variants.clone();
            variants.settle();
            let mut all: Vec<(Vec<u16>, [u64; 3])> =
                variants.iter().map(|v| (v.path.to_vec(), v.counts)).collect();
            all.sort_unstable();
            all
        };
        all(self) == all(other)
    }
}

/// Two folded multiplications per four touchpoints, each lane with its own constants.
fn hash(path: &[u16]) -> (u64, u64) {
    let mut high = 0x9e37_79b9_7f4a_7c15 ^ path.len() as u64;
    let mut low = 0xc2b2_ae3d_27d4_eb4f ^ (path.len() as u64).rotate_left(32);
    let mut chunks = path.chunks_exact(4);
    for chunk in &mut chunks {
        let word = u64::from(chunk[0])
            | u64::from(chunk[1]) << 16
            | u64::from(chunk[2]) << 32
            | u64::from(chunk[3]) << 48;
        high = fold(high ^ word, 0xa076_1d64_78bd_642f);
        low = fold(low ^ word, 0xe703_7ed1_a0b4_28db);
    }
    let word = chunks.remainder().iter().fold(0xffff, |word, step| word << 16 | u64::from(*step));
    (fold(high ^ word, 0x8ebc_6af0_9c88_c6e3), fold(low ^ word, 0x5899_65cc_7537_4cc3))
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    // Adding `a` keeps what a product with zero would lose.
    (product as u64) ^ ((product >> 64) as u64) ^ a.rotate_left(29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, HashSet};

    use proptest::prelude::*;

    #[test]
    fn hashes_of_near_paths_differ_in_both_halves() {
        let (mut high, mut low) = (HashSet::new(), HashSet::new());
        let mut paths = 0;
        for length in 0..7_u32 {
            for code in 0..8_u32.pow(length) {
                let path: Vec<u16> =
                    (0..length).map(|at| (code / 8_u32.pow(at) % 8) as u16).collect();
                let (a, b) = hash(&path);
                high.insert(a);
                low.insert(b);
                paths += 1;
            }
        }
        assert_eq!((high.len(), low.len()), (paths, paths));
    }

    proptest! {
        #[test]
        fn counts_are_those_of_a_plain_map(
            paths in prop::collection::vec((prop::collection::vec(0_u16..4, 0..6), 0_usize..3), 0..900),
            cut in 0_usize..900,
        ) {
            let cut = cut.min(paths.len());
            let (mut left, mut right, mut whole) = (Variants::default(), Variants::default(), Variants::default());
            let mut plain: BTreeMap<Vec<u16>, [u64; 3]> = BTreeMap::new();
            for (index, (path, state)) in paths.iter().enumerate() {
                if index < cut { left.add(path, *state) } else { right.add(path, *state) }
                whole.add(path, *state);
                plain.entry(path.clone()).or_default()[*state] += 1;
            }
            right.merge(left);
            whole.settle();
            prop_assert!(right == whole);
            let counted: BTreeMap<Vec<u16>, [u64; 3]> = whole.iter().map(|v| (v.path.to_vec(), v.counts)).collect();
            prop_assert_eq!(&counted, &plain);
            let mut most: Vec<(u64, Vec<u16>)> = plain.iter().filter(|(path, _)| !path.is_empty())
                .map(|(path, counts)| (counts.iter().sum(), path.clone())).collect();
            most.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
            let (top, once) = whole.top(5);
            prop_assert_eq!(once, most.iter().filter(|(count, _)| *count == 1).count() as u64);
            most.truncate(5);
            prop_assert_eq!(top.iter().map(|v| (v.total(), v.path.to_vec())).collect::<Vec<_>>(), most);
        }
    }
}
