//! Candidate phrases without any model: RAKE (Rose, Engel, Cramer & Cowley 2010).
//!
//! A candidate is a run of words between stop words or marks. A word scores degree/frequency: the summed lengths of the
//! candidates that it is in, over how often it occurs. A phrase scores the sum of its words, so long phrases of words
//! that like company come first.

use std::collections::{BTreeMap, BTreeSet};

/// A candidate phrase.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase {
    pub words: Vec<String>,
    pub score: f64,
    /// How often it occurs as a candidate of its own.
    pub n: u64,
}

impl Phrase {
    /// Its words with spaces between.
    pub fn text(&self) -> String {
        self.words.join(" ")
    }
}

/// RAKE of a text. It is read in lower case; the marks . , ; : ! ? ( ) and the end of a line part candidates, and words
/// are runs of letters, digits, apostrophes and hyphens.
pub fn rake_phrases(text: &str, stop_words: &BTreeSet<String>) -> Vec<Phrase> {
    let lower = text.to_lowercase();
    let is_mark = |c: char| ".,;:!?()\n".contains(c);
    let is_between = |c: char| !(c.is_alphanumeric() || c == '\'' || c == '-');
    let mut candidates = Vec::new();
    for fragment in lower.split(is_mark) {
        let words: Vec<&str> = fragment.split(is_between).filter(|word| !word.is_empty()).collect();
        let runs = words.split(|word| stop_words.contains(*word));
        candidates.extend(runs.map(|run| run.iter().map(|&word| word.to_owned()).collect()));
    }
    phrases(&candidates)
}

/// The distinct candidates with their scores, the best first, ties by the alphabet. Empty candidates are passed over.
pub fn phrases(candidates: &[Vec<String>]) -> Vec<Phrase> {
    /// (summed lengths of the candidates, occurrences)
    type Company = (u64, u64);
    let mut company: BTreeMap<&str, Company> = BTreeMap::new();
    let mut occurrences: BTreeMap<&[String], u64> = BTreeMap::new();
    for candidate in candidates.iter().filter(|candidate| !candidate.is_empty()) {
        *occurrences.entry(candidate).or_default() += 1;
        for word in candidate {
            let (degree, frequency) = company.entry(word).or_default();
            *degree += candidate.len() as u64;
            *frequency += 1;
        }
    }
    let score = |word: &String| {
        let (degree, frequency) = company[word.as_str()];
        degree as f64 / frequency as f64
    };
    let phrase = |(words, n): (&[String], u64)| Phrase {
        score: words.iter().map(score).sum(),
        words: words.to_vec(),
        n,
    };
    let mut phrases: Vec<Phrase> = occurrences.into_iter().map(phrase).collect();
    phrases.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.words.cmp(&b.words)));
    phrases
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::rake_phrases;

    fn check(text: &str, expected: &[(&str, f64, u64)]) {
        let stop_words: BTreeSet<String> = ["the", "is", "and"].map(str::to_owned).into();
        let found: Vec<(String, f64, u64)> = rake_phrases(text, &stop_words)
            .into_iter()
            .map(|phrase| (phrase.text(), phrase.score, phrase.n))
            .collect();
        let expected: Vec<(String, f64, u64)> =
            expected.iter().map(|&(text, score, n)| (text.to_owned(), score, n)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn marks_and_stop_words_part_candidates() {
        check(
            "The parking lot is full, and the lot",
            &[("parking lot", 3.5, 1), ("lot", 1.5, 1), ("full", 1.0, 1)],
        );
    }

    #[test]
    fn a_phrase_said_twice_is_one_phrase() {
        check("Full. full!", &[("full", 1.0, 2)]);
    }

    #[test]
    fn nothing_but_stop_words_is_nothing() {
        check("", &[]);
        check("the is the; and", &[]);
    }

    #[test]
    fn words_of_other_scripts_are_words() {
        check("and пустая парковка", &[("пустая парковка", 4.0, 1)]);
    }
}
