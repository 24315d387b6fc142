//! Flags of one customer: one bit per touchpoint or rule, cleared for each customer.

/// The first 64 stand in a word of their own, because nearly every journey needs no more and a word costs nothing to
/// clear; the others follow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    first: u64,
    more: Vec<u64>,
    /// Bits in all.
    len: usize,
}

impl Bits {
    pub(crate) fn new(len: usize) -> Self {
        Self { first: 0, more: vec![0; len.div_ceil(64).saturating_sub(1)], len }
    }

    #[inline]
    pub(crate) fn clear(&mut self) {
        self.first = 0;
        if !self.more.is_empty() {
            self.more.fill(0);
        }
    }

    /// Sets a bit if `value`; never takes one back.
    #[inline]
    pub(crate) fn set(&mut self, bit: usize, value: bool) {
        let flag = u64::from(value) << (bit % 64);
        if bit < 64 {
            self.first |= flag;
        } else {
            self.more[bit / 64 - 1] |= flag;
        }
    }

    /// Sets the bits of the first 64.
    #[inline]
    pub(crate) fn add_first(&mut self, bits: u64) {
        self.first |= bits;
    }

    #[inline]
    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// Places of the bits that are set, from 64 on.
    #[inline]
    pub(crate) fn beyond_first(&self) -> impl Iterator<Item = usize> {
        self.more.iter().enumerate().flat_map(|(word, bits)| {
            let bits = *bits;
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| (word + 1) * 64 + bit)
        })
    }

    /// As many words as the bits need.
    pub(crate) fn words(&self) -> Vec<u64> {
        std::iter::once(self.first)
            .chain(self.more.iter().copied())
            .take(self.len.div_ceil(64))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(len: usize, set: &[usize], words: &[u64]) {
        let mut bits = Bits::new(len);
        set.iter().for_each(|bit| bits.set(*bit, true));
        set.iter().for_each(|bit| bits.set(*bit, false));
        assert_eq!(bits.words(), words);
        let beyond: Vec<usize> = set.iter().copied().filter(|bit| *bit >= 64).collect();
        assert_eq!(bits.beyond_first().collect::<Vec<_>>(), beyond);
        assert_eq!(bits.first(), words.first().copied().unwrap_or(0));
        bits.clear();
        assert_eq!(bits, Bits::new(len));
    }

    #[test]
    fn few_bits_and_many_bits_behave_alike() {
        check(0, &[], &[]);
        check(3, &[0, 2], &[5]);
        check(64, &[63], &[1 << 63]);
        check(65, &[63, 64], &[1 << 63, 1]);
        check(200, &[0, 64, 130, 199], &[1, 1, 4, 1 << 7]);
    }
}
