//! Themes that complaints are about.

use super::{Evidence, Found, Ground};
use crate::document::Kind;
use crate::draw::number::{share_among, share_of};

/// A theme in fewer of the complaints than this, by the lower bound, is one of many.
const MANY: f64 = 0.10;
/// A theme that fewer customers than one in so many complain of, by the lower bound, is what always happens.
const ONE_IN: f64 = 150.0;

pub(super) fn found(ground: &Ground<'_>) -> Vec<Found> {
    let Some(words) = &ground.report.words else { return Vec::new() };
    let found = words.themes.iter().filter_map(|theme| {
        let share =
            theme.complaints.as_ref().filter(|share| share.low.is_some_and(|low| low >= MANY))?;
        let of_all = share_of(share.k, ground.report.customers.max(share.k));
        if of_all.low.is_none_or(|low| low < 1.0 / ONE_IN) {
            return None;
        }
        let touchpoint = theme.touchpoints.first().and_then(|at| ground.number(&at.touchpoint));
        let quote = theme.quotes.first().map(|quote| format!(" “{quote}”")).unwrap_or_default();
        let sentence = format!(
            "“{}” is what {} are about.{quote}",
            theme.title,
            share_among(share, "complaints")
        );
        Some(Found {
            kind: Kind::ComplaintTheme,
            about: theme.id.clone(),
            touchpoint,
            owner: None,
            sentence,
            customers: theme.customers.as_ref().map_or(share.k, |customers| customers.k),
            parts: ground.parts(touchpoint, share.share.unwrap_or(0.0)),
            evidence: vec![
                Evidence::share("complaints with the theme", share, "complaints"),
                Evidence::share("complaints of it by customer", &of_all, "complaints"),
            ],
            money: None,
        })
    });
    found.collect()
}
