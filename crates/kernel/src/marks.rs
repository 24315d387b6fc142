//! Where in an instance a set of symbols occurs: one bit per event.
//!
//! A rule asks only "the next of these after here" and "the last of those before here". With a bit per event both are
//! one shift and one count of zeros, and a rule whose symbols do not occur costs a comparison with zero. Nearly all
//! instances fit in one word; longer ones use as many as they need, through the same trait and the same rules.

use crate::beats::{Gap, Phase};

/// Positions in an instance, ascending.
pub(crate) trait Marks: Copy {
    /// The first position at or after `from`.
    fn next(self, from: usize) -> Option<usize>;
    /// The first one at or after `from` that is not among the others.
    fn next_outside(self, others: Self, from: usize) -> Option<usize>;
    /// The last position before `to`.
    fn before(self, to: usize) -> Option<usize>;
    fn has(self, position: usize) -> bool;
    fn count(self) -> u64;
    fn is_empty(self) -> bool;
    /// Hands over every position in every one of these, with the number of the one it is in.
    fn each(
        all: impl Iterator<Item = Self>,
        scratch: &mut Scratch,
        found: impl FnMut(usize, usize),
    );

    fn iter(self) -> Positions<Self> {
        self.iter_from(0)
    }

    fn iter_from(self, from: usize) -> Positions<Self> {
        Positions { marks: self, from }
    }
}

/// Memory that questions use again.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Words that are not empty, and their numbers.
    words: Vec<(u64, usize)>,
    /// By how much times were passed.
    pub(crate) over: Vec<i64>,
    /// One bit per event.
    pub(crate) used: Vec<u64>,
    /// Of the cadence at hand: a phase for each walk, and the gaps of all.
    pub(crate) phases: Vec<Phase>,
    pub(crate) gaps: Vec<Gap>,
}

#[derive(Clone, Copy)]
pub(crate) struct Positions<M> {
    marks: M,
    from: usize,
}

impl<M: Marks> Iterator for Positions<M> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let position = self.marks.next(self.from)?;
        self.from = position + 1;
        Some(position)
    }
}

impl Marks for u64 {
    #[inline]
    fn next(self, from: usize) -> Option<usize> {
        if from >= 64 {
            return None;
        }
        let rest = self & (u64::MAX << from);
        (rest != 0).then(|| rest.trailing_zeros() as usize)
    }

    #[inline]
    fn next_outside(self, others: Self, from: usize) -> Option<usize> {
        (self & !others).next(from)
    }

    #[inline]
    fn before(self, to: usize) -> Option<usize> {
        let rest = if to >= 64 { self } else { self & !(u64::MAX << to) };
        (rest != 0).then(|| 63 - rest.leading_zeros() as usize)
    }

    #[inline]
    fn has(self, position: usize) -> bool {
        position < 64 && self >> position & 1 == 1
    }

    #[inline]
    fn count(self) -> u64 {
        u64::from(self.count_ones())
    }

    #[inline]
    fn is_empty(self) -> bool {
        self == 0
    }

    /// One loop over all positions of all words. A loop per word would have to guess where each one ends, and that costs
    /// more than all else that is done with a position.
    #[inline]
    fn each(
        all: impl Iterator<Item = Self>,
        scratch: &mut Scratch,
        mut found: impl FnMut(usize, usize),
    ) {
        let words = &mut scratch.words;
        let mut n = 0;
        for (number, word) in all.enumerate() {
            if n + 1 >= words.len() {
                words.resize(2 * n + 64, (0, 0));
            }
            words[n] = (word, number);
            n += usize::from(word != 0);
        }
        let words = &words[..(n + 1).min(words.len())];
        let mut at = 0;
        let mut rest = words.first().map_or(0, |word| word.0);
        while at < n {
            found(words[at].1, rest.trailing_zeros() as usize);
            rest &= rest - 1;
            at += usize::from(rest == 0);
            let next = words[at].0;
            rest = if rest == 0 { next } else { rest };
        }
    }
}

impl Marks for &[u64] {
    fn next(self, from: usize) -> Option<usize> {
        let first = from / 64;
        let word = self.get(first)? & (u64::MAX << (from % 64));
        if word != 0 {
            return Some(first * 64 + word.trailing_zeros() as usize);
        }
        let skipped = self[first + 1..].iter().position(|word| *word != 0)?;
        let word = first + 1 + skipped;
        Some(word * 64 + self[word].trailing_zeros() as usize)
    }

    fn next_outside(self, others: Self, from: usize) -> Option<usize> {
        Marks::iter_from(self, from).find(|position| !others.has(*position))
    }

    fn before(self, to: usize) -> Option<usize> {
        let last = (to / 64).min(self.len());
        if let Some(word) = self.get(last) {
            let word = word & !(u64::MAX << (to % 64));
            if word != 0 {
                return Some(last * 64 + 63 - word.leading_zeros() as usize);
            }
        }
        let word = self[..last].iter().rposition(|word| *word != 0)?;
        Some(word * 64 + 63 - self[word].leading_zeros() as usize)
    }

    fn has(self, position: usize) -> bool {
        self.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1)
    }

    fn count(self) -> u64 {
        self.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    fn is_empty(self) -> bool {
        self.iter().all(|word| *word == 0)
    }

    fn each(all: impl Iterator<Item = Self>, _: &mut Scratch, mut found: impl FnMut(usize, usize)) {
        for (number, words) in all.enumerate() {
            Marks::iter(words).for_each(|position| found(number, position));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(positions: &[usize]) {
        let mut words = [0_u64; 4];
        for position in positions {
            words[position / 64] |= 1 << (position % 64);
        }
        let long: &[u64] = &words;
        for at in 0..260 {
            assert_eq!(long.next(at), positions.iter().copied().find(|p| *p >= at), "next {at}");
            assert_eq!(
                long.before(at),
                positions.iter().copied().rfind(|p| *p < at),
                "before {at}"
            );
            assert_eq!(long.has(at), positions.contains(&at));
            if positions.iter().all(|p| *p < 64) {
                assert_eq!(words[0].next(at), long.next(at));
                assert_eq!(words[0].before(at), long.before(at));
                assert_eq!(words[0].has(at), long.has(at));
            }
        }
        assert_eq!(Marks::iter(long).collect::<Vec<_>>(), positions);
        assert_eq!(Marks::count(long), positions.len() as u64);
    }

    #[test]
    fn one_word_and_many_words_answer_alike() {
        agree(&[]);
        agree(&[0]);
        agree(&[63]);
        agree(&[0, 5, 62, 63]);
        agree(&[0, 63, 64, 127, 128, 255]);
        agree(&[200]);
    }
}
