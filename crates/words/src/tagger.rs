//! Decides which comments are about a theme.
//!
//! A comment is about a theme when the whole of it, or a sentence of it, comes at least as near as the threshold to a seed,
//! to the middle of the seeds, or to a comment that a person put there, and no nearer to one that a person took out.
//! Words that must or must not stand in it are settled before. What a person said of the comment itself goes before all.
//!
//! Seeds are read in the language of the comment, because their owner writes one list for all, and a word has its stem and
//! its weight by language.

use std::collections::{BTreeMap, BTreeSet};

use crate::reading::Reading;
use crate::threshold::calibrated;
use crate::tokens::words;
use crate::vector::Index;
use crate::{
    CommentKey, Correction, Embedder, Language, Origin, Theme, ThemeMatch, Threshold, Tried,
    Vector, Why, Word,
};

/// A theme as the machine knows it.
#[derive(Debug)]
pub(crate) struct Tagger<'a> {
    theme: &'a Theme,
    wordings: BTreeMap<Option<Language>, Wording>,
    /// By key.
    examples: Vec<Example<'a>>,
    /// Of the examples, in their order.
    index: Index,
    default: f64,
    pub(crate) threshold: Threshold,
}

/// The theme's own words in one language.
#[derive(Debug)]
struct Wording {
    seeds: Vec<Vector>,
    middle: Vector,
    must: Vec<Vec<Word>>,
    never: Vec<Vec<Word>>,
}

/// A comment that a person put into the theme or took out of it.
#[derive(Debug)]
pub(crate) struct Example<'a> {
    pub(crate) reading: &'a Reading<'a>,
    pub(crate) holds: bool,
    pub(crate) origin: Origin,
}

/// What the machine may not look at while it is tried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hidden {
    key: CommentKey,
    fold: Option<u64>,
}

impl Hidden {
    fn hides(self, example: &Example<'_>) -> bool {
        example.reading.key == self.key || self.fold == Some(example.reading.fold)
    }
}

impl<'a> Tagger<'a> {
    pub(crate) fn of(
        theme: &'a Theme,
        corrections: &[Correction],
        readings: &'a [Reading<'a>],
        embedder: &dyn Embedder,
    ) -> Self {
        let languages: BTreeSet<Option<Language>> =
            readings.iter().map(|reading| reading.language).collect();
        let wordings = languages
            .into_iter()
            .map(|language| (language, Wording::of(theme, language, embedder)))
            .collect();
        let default = embedder.default_threshold();
        let examples = examples(theme, corrections, readings);
        let mut tagger = Self {
            theme,
            wordings,
            index: Index::of(examples.iter().map(|example| &example.reading.whole)),
            examples,
            default,
            threshold: Threshold { value: default, n: 0 },
        };
        tagger.threshold = tagger.calibrated_without(None);
        tagger
    }

    /// Whether the comment is about the theme.
    pub(crate) fn find(&self, reading: &Reading<'_>) -> Option<ThemeMatch> {
        let theme = self.theme.id.clone();
        let hidden = Hidden { key: reading.key, fold: None };
        let opinion = self.opinion(reading, hidden);
        let place = self.examples.binary_search_by_key(&reading.key, |example| example.reading.key);
        if let Ok(place) = place {
            let similarity = opinion.as_ref().map_or(0.0, |opinion| opinion.similarity);
            let by_hand = ThemeMatch { theme, similarity, why: Why::ByHand, word: None };
            return self.examples[place].holds.then_some(by_hand);
        }
        opinion.filter(|opinion| opinion.similarity >= self.threshold.value)
    }

    /// The codings that were made without sight of the machine's answer, each with what the machine says of the comment
    /// when it learned from customers of other folds alone.
    pub(crate) fn tried(&self) -> Vec<Tried> {
        let mut thresholds: BTreeMap<u64, f64> = BTreeMap::new();
        let coded = self.examples.iter().filter(|example| example.origin == Origin::Coded);
        coded
            .map(|example| {
                let (reading, fold) = (example.reading, example.reading.fold);
                let threshold = *thresholds
                    .entry(fold)
                    .or_insert_with(|| self.calibrated_without(Some(fold)).value);
                let hidden = Hidden { key: reading.key, fold: Some(fold) };
                let says = self.opinion(reading, hidden);
                let found = says.is_some_and(|says| says.similarity >= threshold);
                Tried { comment: reading.key, holds: example.holds, found }
            })
            .collect()
    }

    fn calibrated_without(&self, fold: Option<u64>) -> Threshold {
        let shown = self.examples.iter().filter(|example| fold != Some(example.reading.fold));
        let coded: Vec<(Option<f64>, bool)> = shown
            .map(|example| {
                let hidden = Hidden { key: example.reading.key, fold };
                let opinion = self.opinion(example.reading, hidden);
                (opinion.map(|opinion| opinion.similarity), example.holds)
            })
            .collect();
        calibrated(&coded, self.default)
    }

    /// How near the comment comes; `None` if its words, or a comment taken out, rule it out.
    fn opinion(&self, reading: &Reading<'_>, hidden: Hidden) -> Option<ThemeMatch> {
        let wording = self.wordings.get(&reading.language)?;
        if wording.never.iter().any(|words| holds(reading, words)) {
            return None;
        }
        let met = wording.must.iter().position(|words| holds(reading, words));
        if met.is_none() && !wording.must.is_empty() {
            return None;
        }
        let near = reading.nearness_to_each(&self.index);
        let of_examples = |holds: bool| {
            let all = self.examples.iter().zip(&near);
            let alike =
                all.filter(move |(example, _)| example.holds == holds && !hidden.hides(example));
            alike.map(|(example, near)| (*near, Why::Example(example.reading.key)))
        };
        let seeds = wording.seeds.iter().enumerate();
        let own = seeds.map(|(place, seed)| (reading.nearness(seed), Why::Seed(place)));
        let middle = std::iter::once((reading.nearness(&wording.middle), Why::Seeds));
        let (similarity, why) = nearest(own.chain(middle).chain(of_examples(true)))?;
        let is_ruled_out = nearest(of_examples(false)).is_some_and(|(out, _)| out > similarity);
        (!is_ruled_out).then(|| ThemeMatch {
            theme: self.theme.id.clone(),
            similarity,
            why,
            word: met.and_then(|place| self.theme.must.get(place).cloned()),
        })
    }
}

impl Wording {
    fn of(theme: &Theme, language: Option<Language>, embedder: &dyn Embedder) -> Self {
        let seeds: Vec<Vector> =
            theme.seeds.iter().map(|seed| embedder.embed(seed, language)).collect();
        // Every entry keeps its place, also one without words, so that a match can name it.
        let entries = |entries: &[String]| -> Vec<Vec<Word>> {
            entries.iter().map(|entry| words(entry, language)).collect()
        };
        Self {
            middle: Vector::centroid(&seeds),
            seeds,
            must: entries(&theme.must),
            never: entries(&theme.never),
        }
    }
}

/// What people said of comments that are here, one per comment, by key.
fn examples<'a>(
    theme: &Theme,
    corrections: &[Correction],
    readings: &'a [Reading<'a>],
) -> Vec<Example<'a>> {
    let mut said: BTreeMap<CommentKey, (Origin, bool)> = BTreeMap::new();
    for correction in corrections.iter().filter(|correction| correction.theme == theme.id) {
        let here = (correction.origin, correction.holds);
        let first = said.entry(correction.comment).or_insert(here);
        *first = here.min(*first);
    }
    let mut by_key: BTreeMap<CommentKey, &Reading<'_>> = BTreeMap::new();
    for reading in readings {
        by_key.entry(reading.key).or_insert(reading);
    }
    said.into_iter()
        .filter_map(|(key, (origin, holds))| {
            Some(Example { reading: by_key.get(&key)?, holds, origin })
        })
        .collect()
}

/// Whether the comment holds the words one after another, in any of their forms.
fn holds(reading: &Reading<'_>, wanted: &[Word]) -> bool {
    if wanted.is_empty() {
        return false;
    }
    if let [alone] = wanted
        && alone.is_pair
    {
        // A single character of a script without spaces stands in two pairs.
        return reading.words.iter().any(|word| word.is_pair && word.text.contains(&alone.text));
    }
    let is_met = |there: &[Word]| there.iter().zip(wanted).all(|(a, b)| a.stem == b.stem);
    reading.words.windows(wanted.len()).any(is_met)
}

/// The nearest, the first of those that are equally near.
fn nearest(all: impl Iterator<Item = (f64, Why)>) -> Option<(f64, Why)> {
    all.reduce(|best, next| if next.0 > best.0 { next } else { best })
}
