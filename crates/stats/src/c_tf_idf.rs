//! Which words tell one class of texts from the others: the words that label a group of comments.
//!
//! Class-based tf-idf (Grootendorst 2022): W = tf · ln(1 + A / f), where tf is the word's share of the class's words, f how
//! often it occurs over **all** classes, and A the mean number of words per class. A is not cut to a whole number, as
//! some programs cut it: then three classes of short texts would all have the same A. A class without words has no
//! weights, but it is a class, and counts in A.

use std::collections::BTreeMap;

/// A class of texts, as the words that they hold, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordClass {
    pub name: String,
    pub words: Vec<String>,
}

/// What a word weighs within a class.
#[derive(Debug, Clone, PartialEq)]
pub struct WordWeight {
    pub word: String,
    pub weight: f64,
    /// How often it occurs in the class.
    pub n: u64,
}

/// The weights of each class in the order of the classes; within a class the heaviest first, ties by the alphabet.
pub fn c_tf_idf(classes: &[WordClass]) -> Vec<Vec<WordWeight>> {
    let counts: Vec<BTreeMap<&str, u64>> = classes.iter().map(|class| tally(class)).collect();
    let mut everywhere: BTreeMap<&str, u64> = BTreeMap::new();
    for (word, n) in counts.iter().flatten() {
        *everywhere.entry(word).or_default() += n;
    }
    let n_words: usize = classes.iter().map(|class| class.words.len()).sum();
    let mean_words = n_words as f64 / classes.len() as f64;
    let weigh = |(class, counts): (&WordClass, &BTreeMap<&str, u64>)| {
        let size = class.words.len() as f64;
        let weight = |(word, n): (&&str, &u64)| {
            let all = everywhere[word] as f64;
            let weight = *n as f64 / size * (mean_words / all).ln_1p();
            WordWeight { word: (*word).to_owned(), weight, n: *n }
        };
        let mut weights: Vec<WordWeight> = counts.iter().map(weight).collect();
        // The map gave them in the order of the alphabet, and this sort keeps that among ties.
        weights.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        weights
    };
    classes.iter().zip(&counts).map(weigh).collect()
}

fn tally(class: &WordClass) -> BTreeMap<&str, u64> {
    let mut counts = BTreeMap::new();
    for word in &class.words {
        *counts.entry(word.as_str()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{WordClass, c_tf_idf};

    fn class(name: &str, words: &str) -> WordClass {
        WordClass {
            name: name.to_owned(),
            words: words.split_whitespace().map(str::to_owned).collect(),
        }
    }

    #[test]
    fn a_word_of_one_class_outweighs_a_word_of_all() {
        let weights = c_tf_idf(&[class("a", "the lot the lot"), class("b", "the till the till")]);
        let words: Vec<&str> = weights[0].iter().map(|weight| weight.word.as_str()).collect();
        assert_eq!(words, ["lot", "the"]);
    }

    #[test]
    fn an_empty_class_has_no_weights_and_halves_the_mean() {
        let weights = c_tf_idf(&[class("a", "lot lot"), class("b", "")]);
        assert_eq!((weights[0].len(), weights[1].len()), (1, 0));
        // tf 1, A = 2/2, f = 2.
        assert!((weights[0][0].weight - 1.5_f64.ln()).abs() < 1e-15);
        assert_eq!(c_tf_idf(&[]), Vec::<Vec<super::WordWeight>>::new());
    }
}
