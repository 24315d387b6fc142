//! Phrases that many customers write, found without any model.
//!
//! RAKE over all comments, where a customer's phrase counts once however often it is said. Scripts without spaces are left
//! out: their words are pairs of characters here, and no run of pairs is a phrase.

use std::collections::{BTreeMap, BTreeSet};

use stats::phrases;

use crate::names::Names;
use crate::reading::{Reading, Who, may_be_shown};

const MOST_PHRASES: usize = 50;

/// A candidate phrase.
#[derive(Debug, Clone, PartialEq)]
pub struct CommonPhrase {
    pub text: String,
    /// RAKE's: long phrases of words that like company score high.
    pub score: f64,
    pub customers: u64,
}

/// Phrases of two words and more that at least five customers write, the best first. Those with a name in them are left
/// out.
pub(crate) fn common_phrases(readings: &[Reading<'_>], names: &Names<'_>) -> Vec<CommonPhrase> {
    let mut said: BTreeMap<Vec<String>, BTreeSet<Who>> = BTreeMap::new();
    for reading in readings {
        for candidate in candidates(reading) {
            said.entry(candidate).or_default().insert(reading.who);
        }
    }
    let once_each: Vec<Vec<String>> = said
        .iter()
        .flat_map(|(candidate, who)| std::iter::repeat_n(candidate, who.len()).cloned())
        .collect();
    let is_told = |words: &[String]| words.len() > 1 && !words.iter().any(|w| names.hide(w));
    phrases(&once_each)
        .into_iter()
        .filter(|phrase| may_be_shown(phrase.n) && is_told(&phrase.words))
        .map(|phrase| CommonPhrase {
            text: phrase.text(),
            score: phrase.score,
            customers: phrase.n,
        })
        .take(MOST_PHRASES)
        .collect()
}

/// Runs of telling words between stop words and marks.
fn candidates(reading: &Reading<'_>) -> Vec<Vec<String>> {
    let mut runs: Vec<Vec<String>> = vec![Vec::new()];
    for word in &reading.words {
        let is_part = word.is_telling && !word.is_pair;
        if word.begins || !is_part {
            runs.push(Vec::new());
        }
        if let Some(run) = runs.last_mut().filter(|_| is_part) {
            run.push(word.text.clone());
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}
