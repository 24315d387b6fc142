//! How sure an interval is: a level strictly between 0 and 1, checked once at the door.

use crate::distributions;

/// A two-sided confidence level.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Confidence(f64);

impl Confidence {
    pub const P90: Self = Self(0.90);
    /// The default everywhere.
    pub const P95: Self = Self(0.95);
    pub const P99: Self = Self(0.99);

    /// A level strictly between 0 and 1; `None` otherwise.
    pub fn new(level: f64) -> Option<Self> {
        (level > 0.0 && level < 1.0).then_some(Self(level))
    }

    pub fn level(self) -> f64 {
        self.0
    }

    /// The share of intervals that miss, both sides together.
    pub fn alpha(self) -> f64 {
        1.0 - self.0
    }

    /// The probability below the upper limit: (1 + level) / 2.
    pub fn upper_tail(self) -> f64 {
        f64::midpoint(1.0, self.0)
    }

    /// The normal quantile of the upper limit; 1.959963984540054 at 95 %.
    pub fn z(self) -> f64 {
        distributions::norm_at(self.upper_tail())
    }

    /// Student's quantile of the upper limit with `df` degrees of freedom, `df > 0`.
    pub fn t(self, df: f64) -> f64 {
        distributions::t_at(self.upper_tail(), df)
    }
}

impl Default for Confidence {
    fn default() -> Self {
        Self::P95
    }
}

#[cfg(test)]
mod tests {
    use super::Confidence;

    #[test]
    fn only_levels_between_zero_and_one_pass() {
        for bad in [0.0, 1.0, -0.5, 1.5, f64::NAN] {
            assert_eq!(Confidence::new(bad), None, "{bad}");
        }
        assert_eq!(Confidence::new(0.95), Some(Confidence::P95));
    }

    #[test]
    fn z_at_95_percent() {
        assert!((Confidence::P95.z() - 1.959_963_984_540_054).abs() < 1e-12);
    }
}
