//! Where the company puts its weight and where customers put theirs: importance that stands in the wrong place.
//!
//! What customers hold important is derived from their answers where that could be done, and only else what is stated.

use super::document::{on_paper, stated};
use super::{Evidence, Found, Ground};
use crate::document::{DriverAnalysis, ImportanceFrom, Kind, Unit};
use crate::draw::number::decimal;

/// Customers and company this far apart, of 5, are apart.
const APART: f64 = 2.0;
/// The company's scale.
const HIGHEST: f64 = 5.0;

pub(super) fn found(ground: &Ground<'_>) -> Vec<Found> {
    let touchpoints = 0..ground.journey.touchpoints.len();
    touchpoints.filter_map(|number| misplaced(ground, number)).collect()
}

/// How much customers hold of a touchpoint, on the company's scale.
struct Held {
    value: f64,
    low: f64,
    high: f64,
    is_derived: bool,
}

fn misplaced(ground: &Ground<'_>, number: usize) -> Option<Found> {
    let touchpoint = ground.journey.touchpoints[number].touchpoint;
    let company = stated(touchpoint, |importance| importance.company)?;
    let held = derived(ground, number).or_else(|| {
        let value = stated(touchpoint, |importance| importance.customer)?;
        Some(Held { value, low: value, high: value, is_derived: false })
    })?;
    let is_proven = if held.value > company { held.low > company } else { held.high < company };
    if (held.value - company).abs() < APART || !is_proven {
        return None;
    }
    let title = ground.title(number);
    let (value, company_says) = (decimal(held.value, 1), decimal(company, 1));
    let (sentence, what) = if held.is_derived {
        let sentence = format!(
            "“{title}” moves {} {value} of 5, measured by the touchpoint that moves it most; the company gives it {company_says} of 5.",
            ground.report.drivers.as_ref().map_or("loyalty", |drivers| drivers.outcome.as_str())
        );
        (sentence, "share of what is explained, to those who meet it, an association")
    } else {
        let sentence = format!(
            "“{title}” matters {value} of 5 to customers and {company_says} of 5 to the company."
        );
        (sentence, "stated importance")
    };
    let mut parts = ground.parts(Some(number), (held.value - company).abs() / HIGHEST);
    // Too much of a good thing harms less than too little: what the company over-rates counts by what customers give it.
    parts.importance = held.value / HIGHEST;
    parts.importance_from =
        if held.is_derived { ImportanceFrom::Derived } else { ImportanceFrom::Stated };
    let mut found =
        Found { parts, ..on_paper(ground, Kind::MisplacedImportance, number, sentence, what) };
    if held.is_derived {
        found.evidence = evidence(ground, number, what);
    }
    Some(found)
}

/// `None` where too little is explained to say, or the touchpoint is no driver.
fn derived(ground: &Ground<'_>, number: usize) -> Option<Held> {
    let analysis = sound(ground)?;
    let strongest =
        analysis.drivers.iter().filter_map(|driver| driver.share.value).fold(0.0, f64::max);
    let id = &ground.report.touchpoints[number].id;
    let driver = analysis.drivers.iter().find(|driver| driver.touchpoint == *id)?;
    let on_scale = |share: f64| (HIGHEST * share / strongest).min(HIGHEST);
    let value = on_scale(driver.share.value?);
    // What is no more than chance may be less than it seems, and is never more.
    let low = if driver.supported { on_scale(driver.share.low?) } else { 0.0 };
    Some(Held { value, low, high: on_scale(driver.share.high?), is_derived: true })
}

fn sound<'a>(ground: &Ground<'a>) -> Option<&'a DriverAnalysis> {
    let analysis = &ground.report.drivers.as_ref()?.to_those_who_meet;
    analysis.is_sound().then_some(analysis)
}

fn evidence(ground: &Ground<'_>, number: usize, what: &str) -> Vec<Evidence> {
    let Some(analysis) = sound(ground) else { return Vec::new() };
    let id = &ground.report.touchpoints[number].id;
    let driver = analysis.drivers.iter().find(|driver| driver.touchpoint == *id);
    let of = |driver: &crate::document::Driver| Evidence {
        what: what.to_owned(),
        unit: Unit::Share,
        value: driver.share.value,
        low: driver.share.low,
        high: driver.share.high,
        n: analysis.n,
        source: "responses".to_owned(),
    };
    driver.map(of).into_iter().collect()
}
