//! This period against the last: words that are new, and themes that became more or fewer.

use ::words::{ThemeResult, ThemeShare};
use stats::{Adjustment, adjust_p, proportion_difference};

use super::periods::LatestTwo;
use super::{MOST, confidence, may_be_told, share};
use crate::document::{Estimate, Latest, LatestTheme, LatestWord};

/// From what was measured over months and, after them, the two periods.
pub(super) fn latest(two: &LatestTwo, measured: &::words::Words) -> Option<Latest> {
    let different = measured.latest.as_ref()?;
    let words = different.words.iter().filter(|word| may_be_told(word));
    let word = |word: &::words::TellingWord| {
        Some(LatestWord {
            word: word.text.clone(),
            now: word.customers_a,
            before: word.customers_b,
            g2: word.keyness.g2?,
            q: word.q,
            log_ratio: word.keyness.log_ratio?,
        })
    };
    let [before, from] = two.days.clone();
    Some(Latest {
        period: two.period.to_owned(),
        from,
        before,
        customers: different.n_customers_a,
        customers_before: different.n_customers_b,
        tested: different.n_tested,
        words: words.filter_map(word).take(MOST).collect(),
        themes: themes(&measured.themes),
    })
}

/// Themes that may be told in both periods; a difference is one test of as many.
fn themes(results: &[ThemeResult]) -> Vec<LatestTheme> {
    let mut p = Vec::new();
    let mut themes: Vec<LatestTheme> = results
        .iter()
        .filter_map(|theme| {
            let [.., before, now] = theme.by_period.as_slice() else { return None };
            let counts = |of: &ThemeShare| of.share.as_ref().map(|share| (share.k, share.n));
            let (a, b) = (counts(before)?, counts(now)?);
            let difference = proportion_difference(a, b, confidence());
            p.push(difference.p_fisher);
            Some(LatestTheme {
                theme: theme.id.clone(),
                now: share(now)?,
                before: share(before)?,
                difference: Estimate::from(&difference.estimate),
                q: None,
            })
        })
        .collect();
    for (theme, q) in themes.iter_mut().zip(adjust_p(&p, Adjustment::BenjaminiHochberg)) {
        theme.q = q;
    }
    themes
}
