//! Which words tell two sides apart, with rare words held back: log odds with an informative Dirichlet prior.
//!
//! Monroe, Colaresi & Quinn (2008): each side's count of a word is raised by α = α₀ · (its share of a background), so
//! that a word seen three times is not taken for a discovery. With A and B the sums of the sides' counts,
//!
//! δ = ln((a + α)/(A + α₀ − a − α)) − ln((b + α)/(B + α₀ − b − α)), var δ ≈ 1/(a + α) + 1/(b + α), z = δ/√var.
//!
//! Without a background, or with it empty, there is no prior and nothing is said. A word that the background does not
//! hold has no prior of its own: it has a δ if both sides use it.

use std::collections::BTreeMap;

use crate::estimate::finite;

/// A word's difference between two sides; positive where the first uses it more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogOdds {
    pub delta: Option<f64>,
    /// δ in standard errors.
    pub z: Option<f64>,
}

/// A word's counts on either side and in the background.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WordCounts {
    pub a: f64,
    pub b: f64,
    pub background: f64,
}

/// The log odds of each word, by word. `prior` is α₀: how many words the background is worth on either side.
pub fn log_odds_dirichlet(
    counts: &BTreeMap<String, WordCounts>,
    prior: f64,
) -> BTreeMap<String, LogOdds> {
    // A map is iterated in the order of its keys, so these sums are always made in the same order.
    let total = |part: fn(&WordCounts) -> f64| counts.values().map(part).sum::<f64>();
    let (total_a, total_b) = (total(|word| word.a), total(|word| word.b));
    let background = total(|word| word.background);
    let log_odds = |word: &WordCounts| {
        let alpha = prior * word.background / background;
        let (a, b) = (word.a + alpha, word.b + alpha);
        let delta = (a / (total_a + prior - a)).ln() - (b / (total_b + prior - b)).ln();
        let z = delta / (1.0 / a + 1.0 / b).sqrt();
        LogOdds { delta: finite(delta), z: finite(delta).and(finite(z)) }
    };
    counts.iter().map(|(word, counts)| (word.clone(), log_odds(counts))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{LogOdds, WordCounts, log_odds_dirichlet};

    fn table(rows: &[(&str, f64, f64, f64)]) -> BTreeMap<String, WordCounts> {
        let row = |&(word, a, b, background): &(&str, f64, f64, f64)| {
            (word.to_owned(), WordCounts { a, b, background })
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn the_prior_holds_rare_words_back() {
        let rows = [
            ("rare", 3.0, 0.0, 3.0),
            ("common", 300.0, 100.0, 400.0),
            ("the", 700.0, 900.0, 1600.0),
        ];
        let odds = log_odds_dirichlet(&table(&rows), 100.0);
        assert!(odds["rare"].z.unwrap() < odds["common"].z.unwrap());
    }

    #[test]
    fn what_has_no_odds_has_no_value() {
        let nothing = LogOdds { delta: None, z: None };
        let alone = log_odds_dirichlet(&table(&[("only", 5.0, 3.0, 8.0)]), 10.0);
        assert_eq!(alone["only"], nothing, "a word that is all of the text has no odds");
        let no_background =
            log_odds_dirichlet(&table(&[("x", 5.0, 3.0, 0.0), ("y", 1.0, 3.0, 0.0)]), 10.0);
        assert_eq!(no_background["x"], nothing);
        let beyond =
            log_odds_dirichlet(&table(&[("x", 5.0, 0.0, 0.0), ("y", 1.0, 3.0, 4.0)]), 10.0);
        assert_eq!(beyond["x"], nothing, "no prior, and one side without it");
    }
}
