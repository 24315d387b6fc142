//! What customers say in their own words: comments of answers and complaints together, themes as the document names them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ::words::{
    Comment, CommentKey, Different, FEWEST_CUSTOMERS, Language, Options, Standing, ThemeResult,
    ThemeShare,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use model::question::find_question;
use model::resolve::Resolved;

use super::confidence;
use crate::answers::Told;
use crate::document::{
    Estimate, ReadSentiment, SaidPhrase, Share, SuggestedTheme, Telling, TellingWord, Theme,
    ThemeAt, ThemeMonth, Words,
};

/// At most this share of the words that are told apart may be chance.
const FALSE_DISCOVERY: f64 = 0.10;
/// As many of each list as a page can hold.
const MOST: usize = 30;

/// `None` where nobody wrote anything.
pub(super) fn measure(journey: &Resolved<'_>, told: &Told) -> Option<Words> {
    let written = Written::of(journey, told);
    if written.all.is_empty() {
        return None;
    }
    let themes: Vec<::words::Theme> = journey
        .journey
        .themes
        .iter()
        .map(|theme| ::words::Theme {
            id: theme.id.clone(),
            title: theme.title.clone(),
            seeds: theme.seeds.clone(),
            must: theme.must.clone(),
            never: theme.never.clone(),
        })
        .collect();
    let months = months(&written.all);
    let periods: Vec<Range<i64>> = months.iter().map(|(_, period)| period.clone()).collect();
    let options = Options { periods: &periods, conf: confidence(), ..Options::default() };
    let measured = ::words::measure(&written.all, &themes, &[], &options);
    let complaints = complaints(&measured, &written);
    let theme = |theme: &ThemeResult| {
        told_theme(
            journey,
            theme,
            &months,
            complaints.get(&theme.id).copied().unwrap_or_default(),
            &written,
        )
    };
    Some(Words {
        comments: measured.n_comments.saturating_sub(written.n_complaints),
        complaints: written.n_complaints,
        customers: measured.n_customers,
        embedder: measured.embedder.clone(),
        themes: measured.themes.iter().map(theme).collect(),
        unhappy: measured.unhappy.as_ref().map(telling),
        suggested: measured.groups.groups.iter().take(MOST).map(suggested).collect(),
        phrases: measured
            .phrases
            .iter()
            .take(MOST)
            .map(|phrase| SaidPhrase { phrase: phrase.text.clone(), customers: phrase.customers })
            .collect(),
        sentiment: ReadSentiment {
            r2: Estimate::from(&measured.sentiment.r2),
            customers: measured.sentiment.n_customers,
            not_enough: measured.sentiment.not_enough.map(|why| why.to_string()),
        },
    })
}

/// Everything that was written.
struct Written {
    all: Vec<Comment>,
    /// Which of it are complaints, and whose.
    complaints: BTreeMap<CommentKey, Option<u64>>,
    n_complaints: u64,
}

impl Written {
    fn of(journey: &Resolved<'_>, told: &Told) -> Self {
        let place = |id: &Option<String>| {
            let number = id.as_deref().and_then(|id| journey.find_touchpoint(id))?;
            u32::try_from(number).ok()
        };
        // An answer about a touchpoint that nobody knows is left out whole; a complaint is one wherever it was.
        let is_known = |id: &Option<String>| id.is_none() || place(id).is_some();
        let answers = told.answers.iter().filter(|answer| is_known(&answer.touchpoint));
        let comments = answers.filter_map(|answer| {
            Some(Comment {
                customer: answer.customer,
                at: answer.at,
                touchpoint: place(&answer.touchpoint),
                score: answer.score.and_then(|score| out_of_ten(&answer.question, score)),
                text: answer.comment.clone()?,
                language: None,
            })
        });
        let mut all: Vec<Comment> = comments.collect();
        let mut complaints = BTreeMap::new();
        for complaint in &told.complaints {
            let comment = Comment {
                customer: complaint.customer,
                at: complaint.at,
                touchpoint: place(&complaint.touchpoint),
                score: None,
                text: complaint.text.clone(),
                language: None,
            };
            complaints.insert(comment.key(), complaint.customer);
            all.push(comment);
        }
        let n_complaints = complaints.len() as u64;
        let language = common_language(&all);
        for comment in all.iter_mut().filter(|comment| detected(comment).is_none()) {
            comment.language.clone_from(&language);
        }
        // A comment is known by what it is, its language left out.
        Self { all, complaints, n_complaints }
    }
}

/// The language that nearly all comments are in whose language can be told: that of the short ones too.
fn common_language(comments: &[Comment]) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for language in comments.iter().filter_map(detected) {
        *counts.entry(language).or_default() += 1;
    }
    let all: usize = counts.values().sum();
    let (language, most) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (10 * most >= 9 * all).then_some(language)
}

fn detected(comment: &Comment) -> Option<String> {
    Language::of(None, &comment.text).map(|language| language.code().to_owned())
}

/// Scores of all questions on one scale, so that the unhappy can be told from the happy.
fn out_of_ten(question: &str, score: f64) -> Option<f64> {
    let (lowest, highest) = find_question(question)?.answers;
    (lowest..=highest).contains(&score).then(|| 10.0 * (score - lowest) / (highest - lowest))
}

/// Complaints with each theme, and the customers who made them.
fn complaints(measured: &::words::Words, written: &Written) -> BTreeMap<String, (u64, u64)> {
    let mut with: BTreeMap<String, (u64, BTreeSet<u64>)> = BTreeMap::new();
    for comment in &measured.comments {
        let Some(customer) = written.complaints.get(&comment.key) else { continue };
        for theme in &comment.themes {
            let counted = with.entry(theme.theme.clone()).or_default();
            counted.0 += 1;
            // An anonymous complaint is somebody of their own.
            counted.1.insert(customer.unwrap_or(comment.key.0));
        }
    }
    with.into_iter().map(|(theme, (n, customers))| (theme, (n, customers.len() as u64))).collect()
}

fn told_theme(
    journey: &Resolved<'_>,
    theme: &ThemeResult,
    months: &[(String, Range<i64>)],
    (complaints, complaining): (u64, u64),
    written: &Written,
) -> Theme {
    let mut touchpoints: Vec<ThemeAt> = theme
        .by_touchpoint
        .iter()
        .filter_map(|(number, at)| {
            let stop = journey.touchpoints.get(*number as usize)?;
            Some(ThemeAt { touchpoint: stop.touchpoint.id.clone(), customers: share(at)? })
        })
        .collect();
    touchpoints.sort_by(|a, b| {
        b.customers.k.cmp(&a.customers.k).then_with(|| a.touchpoint.cmp(&b.touchpoint))
    });
    let month = |((from, _), share_of): (&(String, Range<i64>), &ThemeShare)| ThemeMonth {
        from: from.clone(),
        customers: share(share_of),
        n: share_of.n_customers,
    };
    let (is_measure, why_not) = match theme.agreement.standing {
        Standing::Measure => (true, None),
        Standing::NotYet(why) => (false, Some(why.to_string())),
    };
    Theme {
        id: theme.id.clone(),
        title: theme.title.clone(),
        is_measure,
        why_not,
        customers: share(&theme.overall),
        complaints: (complaining >= FEWEST_CUSTOMERS)
            .then(|| Share::of(complaints, written.n_complaints)),
        score: theme.overall.score.as_ref().map(Estimate::from),
        touchpoints,
        months: months.iter().zip(&theme.by_period).map(month).collect(),
        quotes: theme.quotes.iter().map(|quote| quote.text.clone()).collect(),
    }
}

fn share(theme: &ThemeShare) -> Option<Share> {
    let share = theme.share.as_ref()?;
    Some(Share { k: share.k, n: share.n, share: share.share, low: share.low, high: share.high })
}

fn telling(different: &Different) -> Telling {
    let told = different.words.iter().filter(|word| word.q.is_some_and(|q| q <= FALSE_DISCOVERY));
    let word = |word: &::words::TellingWord| {
        Some(TellingWord {
            word: word.text.clone(),
            unhappy: word.customers_a,
            happy: word.customers_b,
            g2: word.keyness.g2?,
            q: word.q,
            log_ratio: word.keyness.log_ratio?,
            z: word.log_odds.z?,
        })
    };
    Telling {
        unhappy: different.n_customers_a,
        happy: different.n_customers_b,
        tested: different.n_tested,
        words: told.filter_map(word).take(MOST).collect(),
    }
}

fn suggested(group: &::words::Group) -> SuggestedTheme {
    SuggestedTheme {
        label: group.label.clone(),
        customers: group.n_customers,
        quotes: group.examples.iter().map(|quote| quote.text.clone()).collect(),
    }
}

/// The months in which anything was written, without holes.
fn months(comments: &[Comment]) -> Vec<(String, Range<i64>)> {
    let date = |at: i64| {
        let moment = Timestamp::from_microsecond(at).ok().filter(|_| at != 0)?;
        Some(moment.to_zoned(TimeZone::UTC).date())
    };
    let dates = || comments.iter().filter_map(|comment| date(comment.at));
    let (Some(first), Some(last)) = (dates().min(), dates().max()) else { return Vec::new() };
    let begin = |date: Date| date.to_zoned(TimeZone::UTC).map(|it| it.timestamp().as_microsecond());
    let mut months = Vec::new();
    let mut month = first.first_of_month();
    while month <= last {
        let next = month.saturating_add(1.month());
        if let (Ok(from), Ok(to)) = (begin(month), begin(next)) {
            months.push((month.to_string(), from..to));
        }
        if next == month {
            break;
        }
        month = next;
    }
    months
}
