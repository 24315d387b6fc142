//! Random numbers for permutations and bootstraps: always from a seed that the caller gives, so that the same question
//! has the same answer.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::distributions::norm_at;

pub(crate) struct Draws(ChaCha8Rng);

impl Draws {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Strictly between 0 and 1.
    pub(crate) fn unit(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / (1_u64 << 53) as f64;
        ((self.0.next_u64() >> 11) as f64 + 0.5) * SCALE
    }

    /// One of `0..n`, n > 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n - 1)
    }

    /// A standard normal number.
    pub(crate) fn normal(&mut self) -> f64 {
        norm_at(self.unit())
    }

    /// Every order equally likely (Fisher & Yates 1938).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Draws;

    #[test]
    fn a_seed_gives_its_numbers_and_they_are_even() {
        let mean = |seed| {
            let mut draws = Draws::seeded(seed);
            (0..10_000).map(|_| draws.unit()).sum::<f64>() / 10_000.0
        };
        assert_eq!(mean(7).to_bits(), mean(7).to_bits());
        assert!((mean(7) - 0.5).abs() < 0.02 && mean(7) != mean(8));
    }

    #[test]
    fn a_shuffle_loses_nothing() {
        let mut items: Vec<usize> = (0..50).collect();
        Draws::seeded(1).shuffle(&mut items);
        assert!(!items.is_sorted());
        items.sort_unstable();
        assert!(items.into_iter().eq(0..50));
    }
}
