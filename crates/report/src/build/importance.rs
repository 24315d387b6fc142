//! Derived importance: what customers' answers about touchpoints say of their answer about the whole.

use std::collections::BTreeMap;

use kernel::Summary;
use model::question::find_question;
use model::resolve::Resolved;
use stats::drivers::{self, Analysis, Caution, LeftOut, Matters, Options};
use stats::{Crosshair, Item};

use super::confidence;
use super::sheets::Sheets;
use crate::answers::{Answer, Scored};
use crate::document::{Driver, DriverAnalysis, Drivers, Estimate, Quadrant};
use crate::draw::number::{percent, plural};

/// Any number would do; this one stands in every report, so that its intervals can be made again.
const SEED: u64 = 20_250_301;

/// `None` where the document names no question about the whole, or nobody answered it.
pub(super) fn derive(
    journey: &Resolved<'_>,
    summary: &Summary,
    answers: &[Answer],
    scored: &[BTreeMap<String, Scored>],
) -> Option<Drivers> {
    let outcome = &journey.journey.outcomes.loyalty.as_ref()?.question;
    let sheets = Sheets::of(journey, summary, answers, outcome)?;
    if sheets.n_rows == 0 {
        return None;
    }
    let to_those_who_meet = analysis(&sheets, Matters::ToThoseWhoMeet);
    let across_all_customers = analysis(&sheets, Matters::AcrossAllCustomers);
    let (quadrants, crosshair) = quadrants(journey, &sheets, &to_those_who_meet, scored);
    Some(Drivers {
        outcome: outcome.clone(),
        to_those_who_meet,
        across_all_customers,
        quadrants,
        crosshair,
    })
}

fn analysis(sheets: &Sheets, matters: Matters) -> DriverAnalysis {
    let options = Options { matters, seed: SEED, conf: confidence() };
    match drivers::drivers(&sheets.survey, &options) {
        Ok(analysis) => told(sheets, &analysis),
        Err(why) => DriverAnalysis {
            method: None,
            why_not: Some(why.to_string()),
            n: sheets.n_rows,
            customers: sheets.n_customers,
            needed: needed(sheets),
            r2: None,
            adjusted_r2: None,
            rounds: 0,
            seed: SEED,
            warnings: Vec::new(),
            drivers: Vec::new(),
        },
    }
}

/// Fewer answers are too few to go by.
fn needed(sheets: &Sheets) -> u64 {
    (10 * sheets.drivers.len() as u64).max(100)
}

fn told(sheets: &Sheets, analysis: &Analysis) -> DriverAnalysis {
    let named = sheets.named();
    let driver = |(id, question): &(&str, &str)| {
        let driver = analysis.drivers.iter().find(|driver| driver.touchpoint == *id)?;
        let range = driver.rank_interval;
        Some(Driver {
            touchpoint: (*id).to_owned(),
            question: (*question).to_owned(),
            n: driver.n_met,
            share: Estimate::from(&driver.share),
            rank: Estimate {
                value: Some(driver.rank as f64),
                low: range.map(|range| range.0 as f64),
                high: range.map(|range| range.1 as f64),
            },
            slope: driver.slope,
            correlation: driver.correlation,
            supported: driver.supported == Some(true),
            suppressed: driver.suppressed,
        })
    };
    let mut warnings: Vec<String> = analysis.cautions.iter().map(caution).collect();
    warnings.extend(analysis.left_out.iter().map(|(name, why)| left_out(name, *why)));
    if !analysis.pooled.is_empty() {
        warnings.push(format!(
            "too few met {} for an importance of their own; they count together",
            analysis.pooled.join(", ")
        ));
    }
    DriverAnalysis {
        method: Some(analysis.method.name().to_owned()),
        why_not: None,
        n: analysis.n,
        customers: analysis.n_customers,
        needed: needed(sheets),
        r2: analysis.r2.value,
        adjusted_r2: analysis.adjusted_r2,
        rounds: analysis.rounds,
        seed: analysis.seed,
        warnings,
        drivers: named.iter().filter_map(driver).collect(),
    }
}

pub(super) fn caution(caution: &Caution) -> String {
    match caution {
        Caution::FewCustomers { have, want } => format!(
            "{} answered, and {want} are needed before anybody should go by this",
            plural(*have as usize, "customer", "customers")
        ),
        Caution::ExplainsLittle => {
            "these touchpoints explain little; do not set priorities from this".to_owned()
        }
        Caution::Halo { first_component } => format!(
            "{} of all scores is one general feeling, so touchpoints can hardly be told apart",
            percent(*first_component)
        ),
        Caution::Alike { a, b } => format!("{a} and {b} cannot be told apart by their scores"),
        Caution::MethodsDiffer { ahead, behind } => format!(
            "another method (sampled orders) puts {behind} before {ahead}: take their order as open"
        ),
        Caution::NotConverged => "the missing scores could not be settled; look closer".to_owned(),
        Caution::RoundsNotConverged { rounds } => format!(
            "in {} the missing scores could not be settled",
            plural(*rounds as usize, "round of the bootstrap", "rounds of the bootstrap")
        ),
        Caution::ByPair { repaired } => format!(
            "too many patterns of missing scores; correlations are by pair{}",
            if *repaired { ", and were repaired to fit together" } else { "" }
        ),
    }
}

fn left_out(name: &str, why: LeftOut) -> String {
    let why = match why {
        LeftOut::NobodyMet => "nobody met it",
        LeftOut::TooFewMet => "too few met it",
        LeftOut::DoesNotVary => "all of its scores are equal",
    };
    format!("{name} has no importance: {why}")
}

/// Importance against performance, and where low and high part.
fn quadrants(
    journey: &Resolved<'_>,
    sheets: &Sheets,
    analysis: &DriverAnalysis,
    scored: &[BTreeMap<String, Scored>],
) -> (Vec<Quadrant>, Option<[f64; 2]>) {
    let mut placed = Vec::new();
    for (number, question) in &sheets.drivers {
        let id = &journey.touchpoints[*number].touchpoint.id;
        let driver = analysis.drivers.iter().find(|driver| driver.touchpoint == *id);
        let (Some(driver), Some(scored)) = (driver, scored[*number].get(question)) else {
            continue;
        };
        let Some(scale) = find_question(question).map(|question| question.score) else { continue };
        let share = |value: Option<f64>| value.map(|value| (value - scale.0) / (scale.1 - scale.0));
        let estimate = &scored.estimate;
        let performance = stats::Estimate {
            value: share(estimate.value),
            lower: share(estimate.lower),
            upper: share(estimate.upper),
            ..estimate.clone()
        };
        let importance = stats::Estimate {
            value: driver.share.value,
            lower: driver.share.low,
            upper: driver.share.high,
            ..estimate.clone()
        };
        let item = Item { name: id.clone(), importance, performance };
        placed.push((item, question, scored.score.clone()));
    }
    let items: Vec<Item> = placed.iter().map(|(item, ..)| item.clone()).collect();
    let crosshair = stats::cross(&items, Crosshair::Mean);
    let quadrants = stats::importance_performance(&items, Crosshair::Mean);
    let told =
        placed.into_iter().zip(quadrants).map(|((item, question, score), quadrant)| Quadrant {
            touchpoint: item.name,
            question: question.clone(),
            importance: Estimate::from(&item.importance),
            performance: Estimate::from(&item.performance),
            score,
            quadrant: quadrant.quadrant.map(|quadrant| quadrant.name().to_owned()),
            unsure: quadrant.unsure,
        });
    (told.collect(), crosshair.map(|(importance, performance)| [importance, performance]))
}

/// What a driver counts as beside the strongest one, in the ranking of findings; `None` where too little is explained to go
/// by, or it explains no more than chance would.
pub(crate) fn weight(drivers: &Drivers, touchpoint: &str) -> Option<f64> {
    let analysis = &drivers.to_those_who_meet;
    let shares = analysis.drivers.iter().filter_map(|driver| driver.share.value);
    let strongest = shares.fold(0.0, f64::max);
    let driver = analysis.drivers.iter().find(|driver| driver.touchpoint == touchpoint)?;
    let weight = driver.share.value? / strongest;
    (analysis.is_sound() && driver.supported && weight.is_finite()).then_some(weight)
}
