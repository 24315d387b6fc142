//! What the document itself shows beside the measures: effort where few go, touchpoints without a promise or an owner.

use model::journey::{Importance, Touchpoint};

use super::{Evidence, Found, Ground};
use crate::document::{ImportanceFrom, Kind, Unit};
use crate::draw::number::{decimal, share_among};

/// Fewer customers than this are few for something that the company holds high.
const FEW: f64 = 0.10;
/// Stated importance, 1..5, from which the company holds something high.
const HIGH: f64 = 4.0;
/// What is missing on paper counts little beside what customers feel.
const ON_PAPER: f64 = 0.01;

pub(super) fn found(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for number in 0..ground.journey.touchpoints.len() {
        found.extend(low_reach(ground, number));
        found.extend(no_standard(ground, number));
        found.extend(no_owner(ground, number));
    }
    found
}

pub(super) fn stated(
    touchpoint: &Touchpoint,
    whose: fn(&Importance) -> Option<f64>,
) -> Option<f64> {
    touchpoint.importance.as_ref().and_then(whose)
}

pub(super) fn on_paper(
    ground: &Ground<'_>,
    kind: Kind,
    number: usize,
    sentence: String,
    what: &str,
) -> Found {
    let reach = &ground.report.touchpoints[number].reach;
    Found {
        kind,
        about: ground.report.touchpoints[number].id.clone(),
        touchpoint: Some(number),
        owner: None,
        sentence,
        customers: reach.k,
        parts: ground.parts(Some(number), ON_PAPER),
        evidence: vec![Evidence {
            what: what.to_owned(),
            unit: Unit::Count,
            value: None,
            low: None,
            high: None,
            n: reach.n,
            source: "document".to_owned(),
        }],
        money: None,
    }
}

/// Effort where few go. The effort is made for all customers of the journey, and the many who do not come are its size;
/// half of it, because nobody suffers from what is not used.
fn low_reach(ground: &Ground<'_>, number: usize) -> Option<Found> {
    let company = stated(ground.journey.touchpoints[number].touchpoint, |i| i.company)
        .filter(|held| *held >= HIGH)?;
    let reach = &ground.report.touchpoints[number].reach;
    if reach.high.is_none_or(|high| high >= FEW) {
        return None;
    }
    let size = (1.0 - reach.share.unwrap_or(0.0)) / 2.0;
    let sentence = format!(
        "“{}” reaches {}, and the company rates it {} of 5.",
        ground.title(number),
        share_among(reach, "customers"),
        decimal(company, 1)
    );
    let mut parts = ground.parts(None, size);
    parts.importance = company / 5.0;
    parts.importance_from = ImportanceFrom::Stated;
    let evidence = vec![Evidence::share("customers reached", reach, "events")];
    Some(Found { parts, evidence, ..on_paper(ground, Kind::LowReach, number, sentence, "reach") })
}

fn no_standard(ground: &Ground<'_>, number: usize) -> Option<Found> {
    let touchpoint = &ground.journey.touchpoints[number].touchpoint;
    if !touchpoint.standards.is_empty() {
        return None;
    }
    let sentence = format!(
        "“{}” has no written standard: nobody can say which deliveries are defects.",
        ground.title(number)
    );
    Some(on_paper(ground, Kind::NoStandard, number, sentence, "no standard in the document"))
}

fn no_owner(ground: &Ground<'_>, number: usize) -> Option<Found> {
    if ground.journey.touchpoints[number].owner.is_some() {
        return None;
    }
    let sentence = format!("Nobody owns “{}”.", ground.title(number));
    Some(on_paper(ground, Kind::NoOwner, number, sentence, "no owner in the document"))
}
