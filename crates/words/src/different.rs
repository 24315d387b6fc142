//! Words, and phrases of two, that tell one side's comments from the other's: the unhappy from the happy, this period from
//! the last.
//!
//! Customers are counted, not words. G² says whether a word is used more on one side at all, the log ratio how much more,
//! and since hundreds of words are tried at once, what is proven is proven together (Benjamini–Hochberg). The log odds with
//! a prior hold rare words back: their z is what to sort by where a side is small. Someone who is on both sides counts on
//! both.

use std::collections::{BTreeMap, BTreeSet};

use stats::{Adjustment, Keyness, LogOdds, WordCounts, adjust_p, keyness, log_odds_dirichlet};

use crate::names::Names;
use crate::reading::{Reading, Who, may_be_shown, n_customers};
use crate::{Language, Word};

/// How many words are told at most; all are tested.
const MOST_WORDS: usize = 200;
/// How many customers the prior is worth: a word must be used by about as many before its odds are its own.
const PRIOR_CUSTOMERS: f64 = 10.0;

/// What tells one side from the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Different {
    pub n_customers_a: u64,
    pub n_customers_b: u64,
    /// Words and phrases that enough customers use to be tested.
    pub n_tested: u64,
    /// The surest first.
    pub words: Vec<TellingWord>,
}

/// A word or a phrase of two that one side uses more.
#[derive(Debug, Clone, PartialEq)]
pub struct TellingWord {
    /// The form that most comments have.
    pub text: String,
    pub customers_a: u64,
    pub customers_b: u64,
    pub keyness: Keyness,
    /// p adjusted for the number of tests.
    pub q: Option<f64>,
    pub log_odds: LogOdds,
}

/// What is counted as one: the stems of one or two words of a language.
type Term = (Option<Language>, Vec<String>);

#[derive(Default)]
struct Use {
    a: BTreeSet<Who>,
    b: BTreeSet<Who>,
    forms: BTreeMap<String, u64>,
}

/// What tells `a` from `b`; `None` if either has fewer than five customers. `names` are not told.
pub(crate) fn different<'a>(
    a: &[&'a Reading<'a>],
    b: &[&'a Reading<'a>],
    names: &Names<'_>,
) -> Option<Different> {
    let [total_a, total_b] = [a, b].map(|side| n_customers(side.iter().copied()));
    if !may_be_shown(total_a) || !may_be_shown(total_b) {
        return None;
    }
    let mut uses: BTreeMap<Term, Use> = BTreeMap::new();
    for (side, is_a) in [(a, true), (b, false)] {
        for reading in side {
            for (stems, form) in terms(&reading.words, names) {
                let used = uses.entry((reading.language, stems)).or_default();
                if is_a { &mut used.a } else { &mut used.b }.insert(reading.who);
                *used.forms.entry(form).or_default() += 1;
            }
        }
    }
    let odds = log_odds(&uses, total_a + total_b);
    uses.retain(|_, used| may_be_shown(used.a.union(&used.b).count() as u64));
    let mut words: Vec<TellingWord> = uses
        .iter()
        .map(|(term, used)| {
            let (customers_a, customers_b) = (used.a.len() as u64, used.b.len() as u64);
            TellingWord {
                text: most_used(&used.forms),
                customers_a,
                customers_b,
                keyness: keyness(customers_a, customers_b, total_a, total_b),
                q: None,
                log_odds: odds.get(&key(term)).copied().unwrap_or(LogOdds { delta: None, z: None }),
            }
        })
        .collect();
    let p: Vec<Option<f64>> = words.iter().map(|word| word.keyness.p).collect();
    for (word, q) in words.iter_mut().zip(adjust_p(&p, Adjustment::BenjaminiHochberg)) {
        word.q = q;
    }
    let n_tested = words.len() as u64;
    let g2 = |word: &TellingWord| word.keyness.g2.unwrap_or_default();
    words.sort_by(|a, b| g2(b).total_cmp(&g2(a)).then_with(|| a.text.cmp(&b.text)));
    words.truncate(MOST_WORDS);
    Some(Different { n_customers_a: total_a, n_customers_b: total_b, n_tested, words })
}

/// The form that most comments have, ties by the alphabet.
pub(crate) fn most_used(forms: &BTreeMap<String, u64>) -> String {
    let most = forms.values().max().copied().unwrap_or_default();
    forms.iter().find(|(_, n)| **n == most).map(|(form, _)| form.clone()).unwrap_or_default()
}

/// The distinct words and phrases of a comment that tell something: stems and how it is written. A phrase does not cross a
/// mark; pairs of characters are phrases already.
fn terms(words: &[Word], names: &Names<'_>) -> BTreeMap<Vec<String>, String> {
    let is_told = |word: &Word| word.is_telling && !names.hide(&word.text);
    let mut terms = BTreeMap::new();
    for word in words.iter().filter(|word| is_told(word)) {
        terms.entry(vec![word.stem.clone()]).or_insert_with(|| word.text.clone());
    }
    for pair in words.windows(2) {
        let [first, second] = pair else { continue };
        let is_phrase = !second.begins && !first.is_pair && !second.is_pair;
        if is_phrase && is_told(first) && is_told(second) {
            let stems = vec![first.stem.clone(), second.stem.clone()];
            terms.entry(stems).or_insert_with(|| format!("{} {}", first.text, second.text));
        }
    }
    terms
}

/// Log odds over all words, also those that too few customers use to be told: they are part of what is written. Words and
/// phrases are families of their own, since a phrase's words are counted already.
fn log_odds(uses: &BTreeMap<Term, Use>, n_customers: u64) -> BTreeMap<String, LogOdds> {
    let mut odds = BTreeMap::new();
    for length in [1, 2] {
        let family = uses.iter().filter(|((_, stems), _)| stems.len() == length);
        let counts: BTreeMap<String, WordCounts> = family
            .map(|(term, used)| {
                let (a, b) = (used.a.len() as f64, used.b.len() as f64);
                (key(term), WordCounts { a, b, background: a + b })
            })
            .collect();
        let all: f64 = counts.values().map(|count| count.background).sum();
        let per_customer = all / n_customers as f64;
        odds.extend(log_odds_dirichlet(&counts, PRIOR_CUSTOMERS * per_customer));
    }
    odds
}

fn key((language, stems): &Term) -> String {
    format!("{} {}", language.as_ref().map_or("", Language::code), stems.join(" "))
}
