//! Two reports on one journey against each other: shares of two segments or of two periods, judged all at once.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stats::{ComparisonVerdict, Power, Sides, compare_all};

use crate::build::confidence;
use crate::document::{Compared, Estimate, Report, Share};
use crate::small_cells::FLOOR;

/// Everything that two reports have in common and that is a share of counted things.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Differences {
    /// In document order: standards, reach of touchpoints, steps of funnels; fitting instances last.
    pub rows: Vec<Difference>,
    /// Rows that are not told, because a side counts fewer than five.
    pub withheld: u64,
}

/// A share on both sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    pub measure: Measure,
    /// Id of the standard, of the touchpoint, or of the funnel with its step: `stages/entered`.
    pub about: String,
    pub share: Share,
    pub against: Share,
    /// The first side less the second; the interval is that of the row alone.
    pub difference: Estimate,
    /// Of the row alone.
    pub p: Option<f64>,
    /// Adjusted for all rows (Benjamini and Hochberg 1995).
    pub q: Option<f64>,
    pub verdict: Compared,
    /// The smallest difference that would have been found, in four of five times, among as many rows.
    pub detectable: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Of a standard's settled checks those that were kept.
    Kept,
    /// Of all customers those who met a touchpoint.
    Reach,
    /// Of all customers those who came to a step of a funnel.
    Step,
    /// Of all instances those that fit the design.
    Fitting,
}

/// So many claims in a hundred may be false.
const POWER: Power = Power { alpha: 0.05, power: 0.8 };

/// The first report against the second.
pub fn differences(report: &Report, against: &Report) -> Differences {
    let (ours, theirs) = (shares(report), shares(against));
    let mut pairs = Vec::new();
    let mut withheld = 0;
    for (measure, about, share) in ours {
        let same = theirs.iter().find(|(kind, other, _)| (*kind, other) == (measure, &about));
        let Some((_, _, other)) = same else { continue };
        if share.n.min(other.n) < FLOOR {
            withheld += 1;
            continue;
        }
        pairs.push((measure, about, share, other.clone()));
    }
    let comparisons: Vec<stats::Comparison> = pairs
        .iter()
        .map(|(_, about, share, other)| stats::Comparison {
            name: about.clone(),
            sides: Sides::Share((other.k, other.n), (share.k, share.n)),
        })
        .collect();
    let compared = compare_all(&comparisons, confidence(), POWER);
    let rows =
        pairs.into_iter().zip(compared).map(|((measure, about, share, against), row)| Difference {
            measure,
            about,
            share,
            against,
            difference: Estimate::from(&row.difference),
            p: row.p,
            q: row.q,
            verdict: match row.verdict {
                ComparisonVerdict::Higher => Compared::Higher,
                ComparisonVerdict::Lower => Compared::Lower,
                ComparisonVerdict::NoDetectableDifference => Compared::NoDetectableDifference,
            },
            detectable: row.detectable,
        });
    Differences { rows: rows.collect(), withheld }
}

fn shares(report: &Report) -> Vec<(Measure, String, Share)> {
    let standards =
        report.standards.iter().map(|it| (Measure::Kept, it.id.clone(), it.kept_share.clone()));
    let reach =
        report.touchpoints.iter().map(|it| (Measure::Reach, it.id.clone(), it.reach.clone()));
    let steps = report.funnels.iter().flat_map(|funnel| {
        let about = |step: &str| format!("{}/{step}", funnel.id);
        funnel.steps.iter().map(move |it| (Measure::Step, about(&it.step), it.share.clone()))
    });
    let fitting = (Measure::Fitting, String::new(), report.deviations.fitting_instances.clone());
    standards.chain(reach).chain(steps).chain([fitting]).collect()
}
