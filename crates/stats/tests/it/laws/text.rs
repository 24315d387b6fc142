//! What must hold of words, phrases and agreement whatever they are.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};
use stats::{
    Confidence, KappaWeights, WordClass, WordCounts, c_tf_idf, cohen_kappa, keyness,
    log_odds_dirichlet, phrases, rake_phrases,
};

const ROUNDING: f64 = 1e-9;

fn tables() -> impl Strategy<Value = Vec<Vec<u64>>> {
    (1_usize..5)
        .prop_flat_map(|size| prop::collection::vec(prop::collection::vec(0_u64..20, size), size))
}

fn transposed(table: &[Vec<u64>]) -> Vec<Vec<u64>> {
    (0..table.len()).map(|j| table.iter().map(|row| row[j]).collect()).collect()
}

proptest! {
    #[test]
    fn keyness_turns_round_with_the_sides(a in 0_u64..50, b in 0_u64..50, rest_a in 0_u64..500, rest_b in 0_u64..500) {
        let (here, there) = (keyness(a, b, a + rest_a, b + rest_b), keyness(b, a, b + rest_b, a + rest_a));
        prop_assert_eq!(here.g2.is_some(), a + b > 0 && a + rest_a > 0 && b + rest_b > 0);
        if let (Some(here_g2), Some(there_g2)) = (here.g2, there.g2) {
            prop_assert!((here_g2 - there_g2).abs() < ROUNDING);
            prop_assert!((here.log_ratio.unwrap() + there.log_ratio.unwrap()).abs() < ROUNDING);
            prop_assert!((0.0..=1.0).contains(&here.p.unwrap()));
            prop_assert!(!(here.overused && there.overused));
            // The cells of those who do not use the word only add.
            prop_assert!(here.g2_two_term.unwrap() <= here_g2 + ROUNDING);
        }
    }

    #[test]
    fn log_odds_turn_round_with_the_sides(rows in prop::collection::vec((0_u32..30, 0_u32..30), 1..8), prior in 0.0..50.0_f64) {
        let table = |turned: bool| -> BTreeMap<String, WordCounts> {
            let row = |(i, &(a, b)): (usize, &(u32, u32))| {
                let (a, b) = if turned { (b, a) } else { (a, b) };
                let (a, b) = (f64::from(a), f64::from(b));
                (format!("w{i}"), WordCounts { a, b, background: a + b })
            };
            rows.iter().enumerate().map(row).collect()
        };
        let (here, there) = (log_odds_dirichlet(&table(false), prior), log_odds_dirichlet(&table(true), prior));
        for (word, odds) in &here {
            let turned = there[word];
            prop_assert_eq!(odds.delta.is_some(), turned.delta.is_some());
            let sum = odds.delta.unwrap_or_default() + turned.delta.unwrap_or_default();
            prop_assert!(sum.abs() < ROUNDING);
            prop_assert!(odds.z.is_none_or(f64::is_finite));
        }
    }

    #[test]
    fn kappa_lies_within_its_limits_and_does_not_ask_who_coded_first(table in tables()) {
        for weights in [KappaWeights::None, KappaWeights::Linear, KappaWeights::Quadratic] {
            let found = cohen_kappa(&table, weights, Confidence::P95);
            let turned = cohen_kappa(&transposed(&table), weights, Confidence::P95);
            prop_assert_eq!(found.kappa.value.is_some(), turned.kappa.value.is_some());
            if let (Some(value), Some((lower, upper))) = (found.kappa.value, found.kappa.interval()) {
                prop_assert!((-1.0..=1.0).contains(&value) && lower <= value && value <= upper, "{:?}", found);
                prop_assert!((value - turned.kappa.value.unwrap()).abs() < ROUNDING);
                prop_assert!((found.kappa.se.unwrap() - turned.kappa.se.unwrap()).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn the_standard_error_of_kappa_is_that_of_its_slopes(table in tables()) {
        for weights in [KappaWeights::None, KappaWeights::Linear, KappaWeights::Quadratic] {
            let found = cohen_kappa(&table, weights, Confidence::P95).kappa;
            if let (Some(value), Some(se)) = (found.value, found.se) && value < 0.999 {
                let slow = slow_se(&table, weights);
                // Slopes are measured over a step, so a table of few comments is off in the fourth digit.
                prop_assert!((se - slow).abs() < 1e-3 * (1.0 + slow), "{} {}", se, slow);
            }
        }
    }

    #[test]
    fn weights_of_words_are_not_negative_and_ignore_the_order(
        classes in prop::collection::vec(prop::collection::vec("[a-d]", 0..12), 0..4),
    ) {
        let of = |words: &Vec<String>| WordClass { name: String::new(), words: words.clone() };
        let forwards: Vec<WordClass> = classes.iter().map(of).collect();
        let mut backwards = forwards.clone();
        backwards.iter_mut().for_each(|class| class.words.reverse());
        let weights = c_tf_idf(&forwards);
        prop_assert!(weights.iter().flatten().all(|word| word.weight > 0.0 && word.weight.is_finite()));
        prop_assert_eq!(c_tf_idf(&backwards), weights);
    }

    #[test]
    fn phrases_come_from_the_text_and_ignore_the_order(text in "\\PC{0,80}", words in prop::collection::vec(prop::collection::vec("[a-c]", 0..4), 0..9)) {
        let lower = text.to_lowercase();
        for phrase in rake_phrases(&text, &BTreeSet::from(["a".to_owned()])) {
            prop_assert!(phrase.words.iter().all(|word| lower.contains(word.as_str()) && word != "a"));
            prop_assert!(phrase.score >= phrase.words.len() as f64 - ROUNDING);
        }
        let mut backwards = words.clone();
        backwards.reverse();
        prop_assert_eq!(phrases(&backwards), phrases(&words));
    }
}

/// The delta method with slopes taken by measuring: one cell is raised, all are divided by the new sum. Tables are made
/// large first, because only whole counts can be given.
fn slow_se(table: &[Vec<u64>], weights: KappaWeights) -> f64 {
    const LARGE: u64 = 1_000_000;
    let n: u64 = table.iter().flatten().sum();
    let large: Vec<Vec<u64>> =
        table.iter().map(|row| row.iter().map(|count| count * LARGE).collect()).collect();
    let kappa = |table: &[Vec<u64>]| cohen_kappa(table, weights, Confidence::P95).kappa.value;
    let centre = kappa(&large).unwrap();
    // A cell that is raised by a share h of all moves kappa by h times its slope.
    let step = n * 100;
    let h = step as f64 / (n * LARGE) as f64;
    let mut squares = 0.0;
    for (i, row) in table.iter().enumerate() {
        for (j, count) in row.iter().enumerate() {
            let mut raised = large.clone();
            raised[i][j] += step;
            let slope = (kappa(&raised).unwrap() - centre) / h;
            squares += *count as f64 / n as f64 * slope * slope;
        }
    }
    // Slopes of shares that are divided by their sum average to nothing.
    (squares / n as f64).sqrt()
}
