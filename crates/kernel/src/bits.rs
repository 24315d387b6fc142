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
    pub(crate) fn has(&self, bit: usize) -> bool {
        let word = if bit < 64 { self.first } else { self.more[bit / 64 - 1] };
        word >> (bit % 64) & 1 == 1
    }

    #[inline]
    pub(crate) fn add(&mut self, other: &Self) {
        self.first |= other.first;
        for (ours, theirs) in self.more.iter_mut().zip(&other.more) {
            *ours |= theirs;
        }
    }

    /// Places of the bits that are set.
    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        let words = std::iter::once(&self.first).chain(&self.more);
        words.enumerate().flat_map(|(word, bits)| {
            let mut rest = *bits;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(word * 64 + bit)
            })
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
        assert_eq!(bits.iter().collect::<Vec<_>>(), set);
        assert!((0..len).all(|bit| bits.has(bit) == set.contains(&bit)));
        let mut sum = Bits::new(len);
        sum.add(&bits);
        assert_eq!(sum, bits);
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
