//! Findings: typed, ranked statements of a defect or gap, with evidence, size and owner.
//!
//! Score = customers reached per year × importance × size. Each source of findings is a file and a line in [`SOURCES`].

mod document;
mod importance;
mod paths;
mod scores;
mod standards;
mod words;

use std::collections::BTreeMap;

use model::resolve::Resolved;

use crate::answers::Scored;
use crate::build::importance::weight;
use crate::document::{
    Evidence, Finding, FindingMoney, ImportanceFrom, Kind, Report, ScoreParts, Share, Unit,
};

/// What findings are made from.
pub(crate) struct Ground<'a> {
    pub(crate) journey: &'a Resolved<'a>,
    /// Touchpoints in document order; findings are still empty.
    pub(crate) report: &'a Report,
    pub(crate) scored: &'a [BTreeMap<String, Scored>],
    pub(crate) years: f64,
}

type Source = fn(&Ground<'_>) -> Vec<Found>;

const SOURCES: [Source; 6] = [
    standards::found,
    scores::found,
    importance::found,
    words::found,
    paths::found,
    document::found,
];

/// A finding before it has a rank.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) kind: Kind,
    pub(crate) about: String,
    /// Number of the touchpoint; `None`: the whole journey.
    pub(crate) touchpoint: Option<usize>,
    /// `None`: the touchpoint's.
    pub(crate) owner: Option<String>,
    pub(crate) sentence: String,
    pub(crate) customers: u64,
    pub(crate) parts: ScoreParts,
    pub(crate) evidence: Vec<Evidence>,
    /// What it goes along with in money; no part of the score.
    pub(crate) money: Option<FindingMoney>,
}

/// Collects, scores and ranks all findings of a report.
pub(crate) fn rank(
    journey: &Resolved<'_>,
    report: &Report,
    scored: &[BTreeMap<String, Scored>],
    years: f64,
) -> Vec<Finding> {
    let ground = Ground { journey, report, scored, years };
    let found = SOURCES.iter().flat_map(|source| source(&ground));
    let mut findings: Vec<Finding> = found.map(|found| ground.finding(found)).collect();
    findings.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| (a.kind, &a.about, &a.sentence).cmp(&(b.kind, &b.about, &b.sentence)))
    });
    for (rank, finding) in findings.iter_mut().enumerate() {
        finding.rank = rank as u32 + 1;
    }
    findings
}

/// What an unstated importance counts as: the middle of 1..5.
const MIDDLE: f64 = 3.0;

impl Ground<'_> {
    fn finding(&self, found: Found) -> Finding {
        let touchpoint = found.touchpoint.map(|number| &self.report.touchpoints[number]);
        let ScoreParts { reached_per_year, importance, size, .. } = found.parts;
        Finding {
            rank: 0,
            kind: found.kind,
            about: found.about,
            touchpoint: touchpoint.map(|touchpoint| touchpoint.id.clone()),
            owner: found
                .owner
                .or_else(|| touchpoint.and_then(|touchpoint| touchpoint.owner.clone())),
            sentence: found.sentence,
            customers: found.customers,
            score: reached_per_year * importance * size,
            parts: found.parts,
            evidence: found.evidence,
            money: found.money,
        }
    }

    /// Reach a year of a touchpoint (`None`: of the journey), its importance, and the size of what was found there.
    pub(crate) fn parts(&self, touchpoint: Option<usize>, size: f64) -> ScoreParts {
        let reached = touchpoint
            .map_or(self.report.customers, |number| self.report.touchpoints[number].reach.k);
        let (importance, importance_from) = self.importance(touchpoint);
        ScoreParts {
            reached_per_year: reached as f64 / self.years,
            importance,
            importance_from,
            size,
        }
    }

    /// The higher of derived importance, as a share of the touchpoint that moves customers most, and of what customers state;
    /// the middle where neither is known. Derived importance raises what nobody believed in, and never cuts what customers
    /// say they need: what always worked moves nobody until it fails.
    fn importance(&self, touchpoint: Option<usize>) -> (f64, ImportanceFrom) {
        let Some(number) = touchpoint else { return (MIDDLE / 5.0, ImportanceFrom::Assumed) };
        let touchpoint = self.journey.touchpoints[number].touchpoint;
        let stated = touchpoint.importance.as_ref().and_then(|importance| importance.customer);
        let stated = stated.map(|stated| stated / 5.0);
        let derived =
            self.report.drivers.as_ref().and_then(|drivers| weight(drivers, &touchpoint.id));
        match (derived, stated) {
            (Some(derived), stated) if stated.is_none_or(|stated| stated < derived) => {
                (derived, ImportanceFrom::Derived)
            }
            (_, Some(stated)) => (stated, ImportanceFrom::Stated),
            (_, None) => (MIDDLE / 5.0, ImportanceFrom::Assumed),
        }
    }

    pub(crate) fn title(&self, touchpoint: usize) -> &str {
        &self.report.touchpoints[touchpoint].title
    }

    pub(crate) fn number(&self, id: &str) -> Option<usize> {
        self.journey.find_touchpoint(id)
    }
}

impl Evidence {
    pub(crate) fn share(what: impl Into<String>, share: &Share, source: &str) -> Self {
        Self {
            what: what.into(),
            unit: Unit::Share,
            value: share.share,
            low: share.low,
            high: share.high,
            n: share.n,
            source: source.to_owned(),
        }
    }
}
