//! Chance that falls the same way whoever asks first: a stream of its own for every round.
//!
//! A result that rests on chance names its seed, and a round draws from the stream of its own number, so rounds may be
//! shared out over threads in any way and the result stays the same.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

#[derive(Debug)]
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// `stream` is the number of the round, or of whatever else shall not hang on what was drawn before it.
    pub(crate) fn of(seed: u64, stream: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut rng = ChaCha8Rng::from_seed(bytes);
        rng.set_stream(stream);
        Self(rng)
    }

    /// From 0 to below `n`, which is far below 2^32: how unevenly the product falls is then beyond notice.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.0.next_u32()) * n as u64) >> 32) as usize
    }

    /// A standard normal number (Box & Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        // 1 − u is above 0, which a logarithm wants.
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A chi-squared number by the cube root of Wilson & Hilferty (1931); 0 without degrees of freedom.
    pub(crate) fn chi_squared(&mut self, df: f64) -> f64 {
        if df <= 0.0 {
            return 0.0;
        }
        let spread = 2.0 / (9.0 * df);
        df * (1.0 - spread + self.normal() * spread.sqrt()).max(0.0).powi(3)
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// From 0 to below 1, in steps of 2^-53.
    fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn a_stream_does_not_hang_on_another() {
        let mut first = Chance::of(7, 0);
        first.normal();
        let draw = |stream| Chance::of(7, stream).below(1 << 30);
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut chance = Chance::of(1, 1);
        let n = 20_000;
        let normals: Vec<f64> = (0..n).map(|_| chance.normal()).collect();
        let squares: Vec<f64> = normals.iter().map(|x| x * x).collect();
        let chi: Vec<f64> = (0..n).map(|_| chance.chi_squared(8.0)).collect();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / f64::from(n);
        assert!(mean(&normals).abs() < 0.03);
        assert!((mean(&squares) - 1.0).abs() < 0.04);
        assert!((mean(&chi) - 8.0).abs() < 0.12);
        assert!((0..100).all(|_| chance.below(3) < 3));
    }
}
