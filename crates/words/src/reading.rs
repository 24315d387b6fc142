//! Comments as the rest of the crate works on them: in one order, in words and vectors, each by somebody.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_64;

use crate::tokens::sentences;
use crate::vector::Index;
use crate::{Comment, CommentKey, Embedder, FEWEST_CUSTOMERS, Hashing, Language, Vector, Word};

/// How many parts the customers are dealt into where something is learned on some and tried on others.
pub(crate) const FOLDS: u64 = 5;

/// Who wrote a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Who {
    Customer(u64),
    /// Nobody known, and nobody else: the place of the comment.
    Alone(usize),
}

/// A comment that was read.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) comment: &'a Comment,
    pub(crate) key: CommentKey,
    pub(crate) who: Who,
    /// All comments of a customer are in the same.
    pub(crate) fold: u64,
    pub(crate) language: Option<Language>,
    pub(crate) words: Vec<Word>,
    pub(crate) whole: Vector,
    /// Of each sentence, where there is more than one: a long comment is about several things.
    pub(crate) sentences: Vec<Vector>,
}

impl Reading<'_> {
    /// The whole of the comment, then its sentences: what is held against themes.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &Vector> {
        std::iter::once(&self.whole).chain(&self.sentences)
    }

    /// How near the comment, or the sentence of it that is nearest, comes to a text.
    pub(crate) fn nearness(&self, text: &Vector) -> f64 {
        self.texts().map(|own| own.cosine(text)).fold(f64::NEG_INFINITY, f64::max)
    }

    /// The same to each text of an index.
    pub(crate) fn nearness_to_each(&self, index: &Index) -> Vec<f64> {
        let mut nearest = index.cosines(&self.whole);
        for sentence in &self.sentences {
            for (nearest, here) in nearest.iter_mut().zip(index.cosines(sentence)) {
                *nearest = nearest.max(here);
            }
        }
        nearest
    }

    /// The score, if it is a number.
    pub(crate) fn score(&self) -> Option<f64> {
        self.comment.score.filter(|score| score.is_finite())
    }
}

/// The comments that hold any text with their languages, in an order that is theirs and not the caller's.
pub(crate) fn in_order(comments: &[Comment]) -> Vec<(&Comment, Option<Language>)> {
    let mut sorted: Vec<&Comment> =
        comments.iter().filter(|comment| !comment.text.trim().is_empty()).collect();
    sorted.sort_by(|a, b| {
        let known = |comment: &Comment| (comment.at, comment.customer, comment.touchpoint);
        let score = |comment: &Comment| comment.score.unwrap_or(f64::NEG_INFINITY);
        let texts = || (&a.text, &a.language).cmp(&(&b.text, &b.language));
        known(a).cmp(&known(b)).then_with(texts).then_with(|| score(a).total_cmp(&score(b)))
    });
    let language = |comment: &Comment| Language::of(comment.language.as_deref(), &comment.text);
    sorted.into_iter().map(|comment| (comment, language(comment))).collect()
}

/// Reads comments that are in order, whose words are known. Without an embedder it is the one that learned from them.
pub(crate) fn read<'a>(
    comments: &[(&'a Comment, Option<Language>)],
    words: Vec<Vec<Word>>,
    hashing: &Hashing,
    embedder: Option<&dyn Embedder>,
) -> Vec<Reading<'a>> {
    let embed = |text: &str, language| match embedder {
        Some(embedder) => embedder.embed(text, language),
        None => hashing.embed(text, language),
    };
    let read = |(place, (&(comment, language), words)): (usize, (&(&'a Comment, _), Vec<Word>))| {
        let key = comment.key();
        let dealt = comment.customer.map_or(key.0, |customer| xxh3_64(&customer.to_le_bytes()));
        let parts = sentences(&comment.text);
        let parts = if parts.len() > 1 { parts } else { Vec::new() };
        Reading {
            comment,
            key,
            who: comment.customer.map_or(Who::Alone(place), Who::Customer),
            fold: dealt % FOLDS,
            language,
            // What is known of the words is not found out twice.
            whole: match embedder {
                Some(embedder) => embedder.embed(&comment.text, language),
                None => hashing.embed_words(&words),
            },
            words,
            sentences: parts.into_iter().map(|part| embed(part, language)).collect(),
        }
    };
    comments.iter().zip(words).enumerate().map(read).collect()
}

/// How many customers wrote these.
pub(crate) fn n_customers<'a>(readings: impl IntoIterator<Item = &'a Reading<'a>>) -> u64 {
    let who: BTreeSet<Who> = readings.into_iter().map(|reading| reading.who).collect();
    who.len() as u64
}

/// Whether so many customers may be shown.
pub(crate) fn may_be_shown(n_customers: u64) -> bool {
    n_customers >= FEWEST_CUSTOMERS
}
