//! How many of those who wrote anything wrote about a theme, and how they scored.

use std::collections::BTreeSet;

use stats::{Confidence, Estimate, Proportion, clustered_mean, wilson};

use crate::reading::{Reading, Who, may_be_shown};

/// A theme among some comments: all, those of a period, or those of a touchpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct ThemeShare {
    /// Customers with a comment.
    pub n_customers: u64,
    /// Customers with the theme among them, with Wilson's interval; `None` where they are fewer than five.
    pub share: Option<Proportion>,
    /// The mean score of the comments with the theme, its variance counting customers; `None` where fewer than five
    /// customers with the theme gave one.
    pub score: Option<Estimate>,
}

/// The share of a theme among comments, each with whether it has the theme.
pub(crate) fn theme_share<'a>(
    comments: impl IntoIterator<Item = (&'a Reading<'a>, bool)>,
    conf: Confidence,
) -> ThemeShare {
    let (mut all, mut with): (BTreeSet<Who>, BTreeSet<Who>) = Default::default();
    let mut scores: Vec<(Option<Who>, f64)> = Vec::new();
    for (reading, has_theme) in comments {
        all.insert(reading.who);
        if has_theme {
            with.insert(reading.who);
            scores.extend(reading.score().map(|score| (Some(reading.who), score)));
        }
    }
    let (n_customers, n_with) = (all.len() as u64, with.len() as u64);
    let score = clustered_mean(&scores, conf);
    ThemeShare {
        n_customers,
        share: may_be_shown(n_with).then(|| wilson(n_with, n_customers, conf)),
        score: may_be_shown(score.n_customers).then_some(score.estimate),
    }
}
