//! Distinct walked paths, each with how often it was walked.
//!
//! A path is known by a 128-bit hash of its touchpoints, so two paths are told apart but for one chance in 2^64 at
//! billions of variants; the touchpoints themselves are kept once per variant as its exemplar. A slot of the table is 32
//! bytes: looking a path up costs one cache miss, and lookups are collected so that those misses overlap.

/// Distinct paths and how many instances walked each.
#[derive(Debug, Clone)]
pub struct Variants {
    slots: Vec<Slot>,
    /// Touchpoints of all variants, one after another, and where each begins.
    steps: Vec<u16>,
    begins: Vec<u64>,
    waiting: Waiting,
}

/// One variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant<'a> {
    pub path: &'a [u16],
    /// Instances that ended, timed out, are open.
    pub counts: [u64; 3],
    pub hash: u128,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    high: u64,
    low: u64,
    /// 1 + number of the variant; 0: free.
    number: u32,
    counts: [u32; 3],
}

#[derive(Debug, Clone, Default)]
struct Waiting {
    hashes: Vec<(u64, u64)>,
    states: Vec<u8>,
    ends: Vec<u32>,
    steps: Vec<u16>,
}

const TOGETHER: usize = 256;

impl Default for Variants {
    fn default() -> Self {
        Self {
            slots: vec![Slot::default(); 1 << 10],
            steps: Vec::new(),
            begins: vec![0],
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
        let waiting = std::mem::take(&mut self.waiting);
        self.reserve(waiting.hashes.len());
        let mask = self.slots.len() - 1;
        let homes: Vec<Slot> =
            waiting.hashes.iter().map(|(_, low)| self.slots[*low as usize & mask]).collect();
        let mut begin = 0;
        for (index, (high, low)) in waiting.hashes.iter().enumerate() {
            let end = waiting.ends[index] as usize;
            let home = homes[index];
            let place = if home.number != 0 && home.high == *high && home.low == *low {
                *low as usize & mask
            } else {
                self.place((*high, *low), &waiting.steps[begin..end])
            };
            self.slots[place].counts[usize::from(waiting.states[index])] += 1;
            begin = end;
        }
        self.waiting = waiting;
        self.waiting.hashes.clear();
        self.waiting.states.clear();
        self.waiting.ends.clear();
        self.waiting.steps.clear();
    }

    /// The slot of a path, a new one if it was not known.
    fn place(&mut self, (high, low): (u64, u64), path: &[u16]) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = low as usize & mask;
        loop {
            let slot = &mut self.slots[place];
            if slot.number == 0 {
                self.steps.extend_from_slice(path);
                *slot = Slot { high, low, number: self.begins.len() as u32, counts: [0; 3] };
                self.begins.push(self.steps.len() as u64);
                return place;
            }
            if slot.high == high && slot.low == low {
                return place;
            }
            place = (place + 1) & mask;
        }
    }

    /// Keeps the table at most two thirds full.
    fn reserve(&mut self, more: usize) {
        let needed = (self.begins.len() + more) * 3 / 2;
        if needed <= self.slots.len() {
            return;
        }
        let size = needed.next_power_of_two();
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        for slot in old {
            if slot.number != 0 {
                let mut place = slot.low as usize & (size - 1);
                while self.slots[place].number != 0 {
                    place = (place + 1) & (size - 1);
                }
                self.slots[place] = slot;
            }
        }
    }

    pub(crate) fn merge(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        self.reserve(other.begins.len());
        for slot in &other.slots {
            if slot.number != 0 {
                let place = self.place((slot.high, slot.low), other.path(slot.number));
                for (ours, theirs) in self.slots[place].counts.iter_mut().zip(slot.counts) {
                    *ours += theirs;
                }
            }
        }
    }

    fn path(&self, number: u32) -> &[u16] {
        let number = number as usize;
        &self.steps[self.begins[number - 1] as usize..self.begins[number] as usize]
    }

    /// How many distinct paths there are, the empty one included.
    pub fn len(&self) -> usize {
        self.begins.len() - 1
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All variants, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = Variant<'_>> {
        self.slots.iter().filter(|slot| slot.number != 0).map(|slot| self.variant(slot))
    }

    /// One of `parts` roughly equal parts of all variants.
    pub fn part(&self, part: usize, parts: usize) -> impl Iterator<Item = Variant<'_>> {
        let size = self.slots.len().div_ceil(parts.max(1));
        let slots = self.slots.iter().skip(part * size).take(size);
        slots.filter(|slot| slot.number != 0).map(|slot| self.variant(slot))
    }

    fn variant(&self, slot: &Slot) -> Variant<'_> {
        Variant {
            path: self.path(slot.number),
            counts: slot.counts.map(u64::from),
            hash: u128::from(slot.high) << 64 | u128::from(slot.low),
        }
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

fn keep_most_walked(variants: &mut Vec<Variant<'_>>, n: usize) {
    variants.sort_unstable_by(|a, b| b.total().cmp(&a.total()).then_with(|| a.path.cmp(b.path)));
    variants.truncate(n);
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
