//! What customers say in their own words: comments of answers and complaints together, themes as the document names them.

mod coded;
mod latest;
mod periods;
pub(crate) mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ::words::{Different, Options, Standing, ThemeResult, ThemeShare};
use model::resolve::Resolved;

use super::confidence;
use crate::answers::Told;
use crate::document::{
    Estimate, ReadSentiment, SaidPhrase, Share, SuggestedTheme, Telling, TellingWord, Theme,
    ThemeAt, ThemeMonth, Words,
};
use crate::small_cells::FLOOR;
use coded::Coded;
use periods::{latest_two, months};
use written::{Written, place};

/// At most this share of the words that are told apart may be chance.
const FALSE_DISCOVERY: f64 = 0.10;
/// As many of each list as a page can hold.
const MOST: usize = 30;

/// `None` where nobody wrote anything.
pub(super) fn measure(journey: &Resolved<'_>, told: &Told, as_of: i64) -> Option<Words> {
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
    let latest = latest_two(&written.all, as_of);
    // The last of the periods is held against the one before it.
    let two = latest.iter().flat_map(|latest| latest.periods.clone());
    let periods: Vec<Range<i64>> =
        months.iter().map(|(_, period)| period.clone()).chain(two).collect();
    let options = Options { periods: &periods, conf: confidence(), ..Options::default() };
    let measured =
        ::words::measure(&written.all, &themes, &coded::corrections(&told.codes), &options);
    let coded = Coded::of(&measured, &written, &told.codes);
    let complaints = complaints(&measured, &written);
    let theme = |theme: &ThemeResult| {
        told_theme(
            journey,
            theme,
            &months,
            complaints.get(&theme.id).copied().unwrap_or_default(),
            (&written, &coded),
        )
    };
    Some(Words {
        comments: measured.n_comments.saturating_sub(written.n_complaints),
        complaints: written.n_complaints,
        customers: measured.n_customers,
        embedder: measured.embedder.clone(),
        themes: measured.themes.iter().map(theme).collect(),
        unhappy: measured.unhappy.as_ref().map(telling),
        latest: latest.and_then(|latest| latest::latest(&latest, &measured)),
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
    (written, coded): (&Written, &Coded<'_>),
) -> Theme {
    let mut touchpoints: Vec<ThemeAt> = theme
        .by_touchpoint
        .iter()
        .filter_map(|(number, at)| {
            let mut stops = journey.touchpoints.iter();
            let stop = stops.find(|stop| place(&stop.touchpoint.id) == *number)?;
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
        complaints: (complaining >= FLOOR).then(|| Share::of(complaints, written.n_complaints)),
        score: theme.overall.score.as_ref().map(Estimate::from),
        touchpoints,
        months: months.iter().zip(&theme.by_period).map(month).collect(),
        quotes: theme.quotes.iter().map(|quote| quote.text.clone()).collect(),
        coding: coded.of_theme(theme),
    }
}

fn share(theme: &ThemeShare) -> Option<Share> {
    let share = theme.share.as_ref()?;
    Some(Share { k: share.k, n: share.n, share: share.share, low: share.low, high: share.high })
}

fn telling(different: &Different) -> Telling {
    let told = different.words.iter().filter(|word| may_be_told(word));
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

/// Proven with all others, and used by nobody or by enough on either side: of a few it could be asked who they are.
fn may_be_told(word: &::words::TellingWord) -> bool {
    let is_few = |customers: u64| (1..FLOOR).contains(&customers);
    word.q.is_some_and(|q| q <= FALSE_DISCOVERY)
        && !is_few(word.customers_a)
        && !is_few(word.customers_b)
}

fn suggested(group: &::words::Group) -> SuggestedTheme {
    SuggestedTheme {
        label: group.label.clone(),
        customers: group.n_customers,
        quotes: group.examples.iter().map(|quote| quote.text.clone()).collect(),
    }
}
