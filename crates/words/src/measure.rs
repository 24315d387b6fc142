//! Everything at once: from comments and themes to what they say together.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use stats::Confidence;

use crate::agreement::{Agreement, agreement};
use crate::different::{Different, different};
use crate::groups::{Groups, groups};
use crate::names::Names;
use crate::phrases::{CommonPhrase, common_phrases};
use crate::quotes::{Quote, quotes};
use crate::reading::{Reading, in_order, n_customers, read};
use crate::sentiment::{Sentiment, sentiment};
use crate::shares::{ThemeShare, theme_share};
use crate::tagger::Tagger;
use crate::tokens::words;
use crate::{
    Comment, CommentKey, Correction, Embedder, Hashing, Language, Theme, ThemeMatch, Threshold,
    Tried, Word,
};

const QUOTES_PER_THEME: usize = 3;

/// How to measure.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    /// `None` is [`Hashing`], learned from the comments.
    pub embedder: Option<&'a dyn Embedder>,
    /// People who must not be named: staff, and customers where they are known.
    pub names: &'a [String],
    /// Half-open, in µs UTC, in the order in which they are to be told; the last is held against the one before it.
    pub periods: &'a [Range<i64>],
    /// A score of this or less is an unhappy customer's.
    pub unhappy_to: f64,
    /// A score of this or more is a happy one's.
    pub happy_from: f64,
    /// Groups begin by chance; the same seed gives the same chance.
    pub seed: u64,
    pub conf: Confidence,
}

impl Default for Options<'_> {
    /// Detractors and promoters, 95 %, no periods.
    fn default() -> Self {
        Self {
            embedder: None,
            names: &[],
            periods: &[],
            unhappy_to: 6.0,
            happy_from: 9.0,
            seed: 1,
            conf: Confidence::P95,
        }
    }
}

/// What the comments say.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// Which embedder it holds for.
    pub embedder: String,
    /// Comments with any text, and those without, which count nowhere.
    pub n_comments: u64,
    pub n_empty: u64,
    pub n_customers: u64,
    /// By time, then by key.
    pub comments: Vec<PlacedComment>,
    /// In the order of the themes given.
    pub themes: Vec<ThemeResult>,
    /// What tells unhappy customers (a) from happy ones (b); `None` where either are fewer than five.
    pub unhappy: Option<Different>,
    /// What tells the last period (a) from the one before (b).
    pub latest: Option<Different>,
    /// Suggested themes.
    pub groups: Groups,
    pub phrases: Vec<CommonPhrase>,
    pub sentiment: Sentiment,
}

/// A comment and its themes.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedComment {
    pub key: CommentKey,
    pub at: i64,
    pub language: Option<Language>,
    /// In the order of the themes given.
    pub themes: Vec<ThemeMatch>,
}

/// A theme among all comments.
#[derive(Debug, Clone, PartialEq)]
pub struct ThemeResult {
    pub id: String,
    pub title: String,
    pub threshold: Threshold,
    /// Says whether the shares below are a measure.
    pub agreement: Agreement,
    /// The coded comments that it rests on, by key.
    pub tried: Vec<Tried>,
    pub overall: ThemeShare,
    /// One per period given.
    pub by_period: Vec<ThemeShare>,
    pub by_touchpoint: BTreeMap<u32, ThemeShare>,
    pub quotes: Vec<Quote>,
}

/// Measures comments. The order of comments and corrections does not matter.
pub fn measure(
    comments: &[Comment],
    themes: &[Theme],
    corrections: &[Correction],
    options: &Options<'_>,
) -> Words {
    let sorted = in_order(comments);
    let words: Vec<Vec<Word>> =
        sorted.iter().map(|(comment, language)| words(&comment.text, *language)).collect();
    let hashing = Hashing::learn_words(words.iter().map(Vec::as_slice));
    let embedder = options.embedder.unwrap_or(&hashing);
    let readings = read(&sorted, words, &hashing, options.embedder);
    let names = Names::of(options.names);

    let mut ids = BTreeSet::new();
    let themes = themes.iter().filter(|theme| ids.insert(&theme.id));
    let mut placed: Vec<PlacedComment> = readings.iter().map(unplaced).collect();
    let mut results = Vec::new();
    for theme in themes {
        let tagger = Tagger::of(theme, corrections, &readings, embedder);
        let found: Vec<Option<ThemeMatch>> =
            readings.iter().map(|reading| tagger.find(reading)).collect();
        results.push(result(theme, &tagger, (&readings, &found), options));
        for (comment, found) in placed.iter_mut().zip(found) {
            comment.themes.extend(found);
        }
    }
    let without: Vec<&Reading<'_>> = readings
        .iter()
        .zip(&placed)
        .filter(|(_, placed)| placed.themes.is_empty())
        .map(|(reading, _)| reading)
        .collect();
    placed.sort_by_key(|comment| (comment.at, comment.key));
    Words {
        embedder: embedder.id(),
        n_comments: readings.len() as u64,
        n_empty: (comments.len() - readings.len()) as u64,
        n_customers: n_customers(&readings),
        comments: placed,
        themes: results,
        unhappy: unhappy(&readings, &names, options),
        latest: latest(&readings, &names, options),
        groups: groups(&without, &names, options.seed),
        phrases: common_phrases(&readings, &names),
        sentiment: sentiment(&readings, &hashing, options.conf),
    }
}

fn unplaced(reading: &Reading<'_>) -> PlacedComment {
    let (key, at, language) = (reading.key, reading.comment.at, reading.language);
    PlacedComment { key, at, language, themes: Vec::new() }
}

fn result(
    theme: &Theme,
    tagger: &Tagger<'_>,
    (readings, found): (&[Reading<'_>], &[Option<ThemeMatch>]),
    options: &Options<'_>,
) -> ThemeResult {
    let all = || readings.iter().zip(found.iter().map(Option::is_some));
    let among = |is_meant: &dyn Fn(&Comment) -> bool| {
        theme_share(all().filter(|(reading, _)| is_meant(reading.comment)), options.conf)
    };
    let touchpoints: BTreeSet<u32> =
        readings.iter().filter_map(|reading| reading.comment.touchpoint).collect();
    let of_touchpoint =
        |touchpoint: u32| (touchpoint, among(&|comment| comment.touchpoint == Some(touchpoint)));
    let near: Vec<(f64, &Reading<'_>)> = readings
        .iter()
        .zip(found)
        .filter_map(|(reading, found)| Some((found.as_ref()?.similarity, reading)))
        .collect();
    let tried = tagger.tried();
    ThemeResult {
        id: theme.id.clone(),
        title: theme.title.clone(),
        threshold: tagger.threshold,
        agreement: agreement(&tried, options.conf),
        tried,
        overall: among(&|_| true),
        by_period: options
            .periods
            .iter()
            .map(|period| among(&|comment| period.contains(&comment.at)))
            .collect(),
        by_touchpoint: touchpoints.into_iter().map(of_touchpoint).collect(),
        quotes: quotes(&near, options.names, QUOTES_PER_THEME),
    }
}

fn unhappy(
    readings: &[Reading<'_>],
    names: &Names<'_>,
    options: &Options<'_>,
) -> Option<Different> {
    let with_score = |is_meant: &dyn Fn(f64) -> bool| -> Vec<&Reading<'_>> {
        readings.iter().filter(|reading| reading.score().is_some_and(is_meant)).collect()
    };
    let unhappy = with_score(&|score| score <= options.unhappy_to);
    let happy = with_score(&|score| score >= options.happy_from);
    different(&unhappy, &happy, names)
}

fn latest(readings: &[Reading<'_>], names: &Names<'_>, options: &Options<'_>) -> Option<Different> {
    let [.., before, last] = options.periods else {
        return None;
    };
    let within = |period: &Range<i64>| -> Vec<&Reading<'_>> {
        readings.iter().filter(|reading| period.contains(&reading.comment.at)).collect()
    };
    different(&within(last), &within(before), names)
}
