//! Is a word used more by these than by those: the log-likelihood ratio G², and how many times more.
//!
//! With a of A on one side and b of B on the other, G² = 2 Σ O ln(O/E) over the four cells of used or not by side, where
//! 0 ln 0 = 0, with one degree of freedom. Rayson & Garside (2000) sum the two cells of the users alone, which comes to the
//! same for rare words. G² grows with the amount of text, so the size of the effect is the log ratio,
//! log₂((a/A)/(b/B)), with ½ in an empty cell: 1 is twice as often.
//!
//! A and B may be words of text. Better, they are **customers**: one who writes "parking" nine times is one customer.

use crate::distributions::chi2_upper;
use crate::estimate::finite;

/// How far a word tells one side from the other. All `None` where no test is possible: a side is empty, or nobody used
/// the word, which must not count among the tests that are adjusted for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Keyness {
    pub g2: Option<f64>,
    pub p: Option<f64>,
    /// The sum over the users alone.
    pub g2_two_term: Option<f64>,
    pub log_ratio: Option<f64>,
    /// The first side uses it at the higher rate.
    pub overused: bool,
}

/// The word's keyness for the first side: `a` of `total_a` used it there, `b` of `total_b` on the second side.
pub fn keyness(a: u64, b: u64, total_a: u64, total_b: u64) -> Keyness {
    let is_table = a <= total_a && b <= total_b && total_a > 0 && total_b > 0;
    if !is_table || a + b == 0 {
        let (g2, p, g2_two_term, log_ratio) = (None, None, None, None);
        return Keyness { g2, p, g2_two_term, log_ratio, overused: false };
    }
    // The product of two u64 needs u128; as floating-point numbers equal rates would differ by a rounding.
    let overused = u128::from(a) * u128::from(total_b) > u128::from(b) * u128::from(total_a);
    let [a, b, total_a, total_b] = [a, b, total_a, total_b].map(|count| count as f64);
    let total = total_a + total_b;
    let both = |a: f64, b: f64| {
        let expected = (a + b) / total;
        term(a, total_a * expected) + term(b, total_b * expected)
    };
    let used = both(a, b);
    // Rounding can leave either sum a hair below 0.
    let g2 = (2.0 * (used + both(total_a - a, total_b - b))).max(0.0);
    let filled = |count: f64| if count == 0.0 { 0.5 } else { count };
    let log_ratio = ((filled(a) / total_a) / (filled(b) / total_b)).log2();
    Keyness {
        g2: finite(g2),
        p: chi2_upper(g2, 1.0),
        g2_two_term: finite((2.0 * used).max(0.0)),
        log_ratio: finite(log_ratio),
        overused,
    }
}

/// O ln(O/E), with 0 ln 0 = 0.
fn term(observed: f64, expected: f64) -> f64 {
    if observed == 0.0 { 0.0 } else { observed * (observed / expected).ln() }
}

#[cfg(test)]
mod tests {
    use super::keyness;

    #[test]
    fn twice_the_rate_is_a_log_ratio_of_one() {
        assert_eq!(keyness(20, 10, 100, 100).log_ratio, Some(1.0));
        assert!(keyness(20, 10, 100, 100).overused);
    }

    #[test]
    fn a_word_of_everybody_tells_nothing() {
        let word = keyness(40, 60, 40, 60);
        assert_eq!((word.g2, word.p, word.log_ratio), (Some(0.0), Some(1.0), Some(0.0)));
    }

    #[test]
    fn nobody_on_a_side_or_no_use_at_all_is_no_test() {
        for (a, b, total_a, total_b) in
            [(0, 0, 10, 10), (0, 3, 0, 10), (3, 0, 10, 0), (0, 0, 0, 0), (4, 1, 3, 10)]
        {
            let word = keyness(a, b, total_a, total_b);
            assert_eq!(
                (word.g2, word.p, word.g2_two_term, word.log_ratio),
                (None, None, None, None)
            );
        }
    }
}
