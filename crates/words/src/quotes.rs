//! Comments that stand for many: near the middle of what they stand for, of readable length, by different customers, and
//! without what would tell who wrote them.

use std::collections::BTreeSet;

use crate::reading::{Reading, Who, n_customers};
use crate::redact::redact;
use crate::tokens::is_spaceless;
use crate::{CommentKey, FEWEST_QUOTED};

/// Shorter ones say nothing, longer ones are not read.
const READABLE: std::ops::RangeInclusive<usize> = 25..=300;
/// Texts nearer than this say the same twice.
const THE_SAME: f64 = 0.9;

/// A comment to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    pub comment: CommentKey,
    /// Redacted.
    pub text: String,
    pub score: Option<f64>,
}

/// At most `most` of the comments, each given with how near the middle it is. None where fewer than ten customers wrote
/// them.
pub(crate) fn quotes(near: &[(f64, &Reading<'_>)], names: &[String], most: usize) -> Vec<Quote> {
    if n_customers(near.iter().map(|(_, reading)| *reading)) < FEWEST_QUOTED {
        return Vec::new();
    }
    let mut sorted: Vec<(f64, &Reading<'_>)> =
        near.iter().copied().filter(|(_, reading)| is_readable(&reading.comment.text)).collect();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.key.cmp(&b.1.key)));
    let mut customers: BTreeSet<Who> = BTreeSet::new();
    let mut chosen: Vec<&Reading<'_>> = Vec::new();
    for (_, reading) in sorted {
        let says_more = || chosen.iter().all(|said| said.whole.cosine(&reading.whole) < THE_SAME);
        if chosen.len() < most && says_more() && customers.insert(reading.who) {
            chosen.push(reading);
        }
    }
    let quote = |reading: &Reading<'_>| Quote {
        comment: reading.key,
        text: redact(reading.comment.text.trim(), names),
        score: reading.score(),
    };
    chosen.into_iter().map(quote).collect()
}

/// A character of a script without spaces says about as much as three letters.
fn is_readable(text: &str) -> bool {
    let length = text.trim().chars().map(|c| if is_spaceless(c) { 3 } else { 1 }).sum();
    READABLE.contains(&length)
}

#[cfg(test)]
mod tests {
    use super::is_readable;

    #[test]
    fn a_quote_is_a_sentence_or_three() {
        for (text, expected) in [
            ("Full again.", false),
            ("The parking lot was full again.", true),
            ("停车场又满了，没人管。", true),
            ("满了", false),
        ] {
            assert_eq!(is_readable(text), expected, "{text}");
        }
        assert!(!is_readable(&"very long ".repeat(40)));
    }
}
