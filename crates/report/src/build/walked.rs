//! What the walked paths say by themselves: how many, how long, in which order.

use std::collections::BTreeMap;

use kernel::{END, PathFacts, Plan, START, Summary, Values};
use model::resolve::Resolved;

use super::transitions::transitions;
use super::{Measured, distribution, instances, moment, period};
use crate::document::{
    Abandoned, BackAndForth, Deviations, Report, Share, TouchpointDeviations, Variant, Variants,
};

/// Variants told in the report.
const TOP_VARIANTS: usize = 20;

/// The parts of the report that need no journey; `names` are the ids of touchpoints.
pub(super) fn report(measured: &Measured, names: &[&str], plan: &Plan) -> Report {
    let summary = &measured.summary;
    Report {
        report: 1,
        footpath: measured.program.clone(),
        journey: None,
        version: None,
        as_of: summary.span.and_then(|_| moment(measured.as_of)),
        period: period(measured),
        segment: BTreeMap::new(),
        events: measured.events.clone(),
        customers: summary.customers,
        instances: instances(summary.instances),
        duration_s: distribution(&durations(summary, plan)),
        scores: BTreeMap::new(),
        touchpoints: Vec::new(),
        transitions: transitions(measured, names, plan),
        variants: variants(summary, names, plan),
        deviations: deviations(&measured.facts, names, plan),
        funnels: Vec::new(),
        standards: Vec::new(),
        defects: None,
        drivers: None,
        experience_weights: None,
        emotion: None,
        weighed: None,
        silence: None,
        trends: Vec::new(),
        kept_trends: Vec::new(),
        complaint_trends: Vec::new(),
        comparisons: Vec::new(),
        proofs: Vec::new(),
        words: None,
        findings: Vec::new(),
    }
}

/// How long instances took: those that ended; where the design knows no end, those that are over; where nothing is ever
/// over, all.
fn durations(summary: &Summary, plan: &Plan) -> Values {
    let mut durations = summary.durations[0].clone();
    if !plan.has_ends() {
        durations.merge(summary.durations[1].clone());
    }
    if !plan.can_close() {
        durations.merge(summary.durations[2].clone());
    }
    durations
}

/// The id of a touchpoint, the start or the end.
pub(super) fn name(names: &[&str], touchpoint: u16) -> String {
    match touchpoint {
        START => "^".to_owned(),
        END => "$".to_owned(),
        touchpoint => names[usize::from(touchpoint)].to_owned(),
    }
}

fn variants(summary: &Summary, names: &[&str], plan: &Plan) -> Variants {
    let (top, singletons) = summary.variants.top(TOP_VARIANTS);
    let walked: u64 = summary.instances.iter().sum();
    let is_empty = |variant: &kernel::Variant<'_>| variant.path.is_empty();
    let n_empty: u64 =
        summary.variants.iter().filter(is_empty).map(|variant| variant.total()).sum();
    let n = (walked - n_empty).max(1);
    let mut scratch = kernel::AlignScratch::default();
    let mut fits = |variant: &kernel::Variant<'_>| {
        let design = plan.settings().design.as_ref()?;
        let [ended, timed_out, _] = variant.counts;
        let complete = if plan.has_ends() { ended } else { ended + timed_out };
        Some(design.align(variant.path, complete > 0, &mut scratch).cost == 0)
    };
    let top = top.iter().map(|variant| Variant {
        path: variant.path.iter().map(|touchpoint| name(names, *touchpoint)).collect(),
        count: variant.total(),
        share: variant.total() as f64 / n as f64,
        fits: fits(variant),
    });
    let top = top.collect();
    Variants { total: summary.variants.len() as u64 - u64::from(n_empty > 0), singletons, top }
}

fn deviations(facts: &PathFacts, names: &[&str], plan: &Plan) -> Deviations {
    let has_design = plan.settings().design.is_some();
    let touchpoints = facts.touchpoints.iter().zip(names).filter(|_| has_design);
    let by_touchpoint = touchpoints.map(|(facts, name)| TouchpointDeviations {
        id: (*name).to_owned(),
        skipped: facts.skipped,
        undesigned: facts.undesigned,
        out_of_order: facts.out_of_order,
        repeated: facts.repeated,
    });
    let mut back_and_forth: Vec<BackAndForth> = facts
        .back_and_forth
        .iter()
        .map(|((a, b), times)| BackAndForth {
            between: [name(names, *a), name(names, *b)],
            count: times.count,
            instances: times.instances,
        })
        .collect();
    back_and_forth.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.between.cmp(&b.between)));
    let (fitting_instances, fitness) = fitness(facts);
    Deviations {
        fitting_instances,
        fitness,
        by_touchpoint: by_touchpoint.collect(),
        back_and_forth,
        abandoned_after: Vec::new(),
    }
}

/// Instances that fit, and the mean fitness 1 − cost / worst cost over all that walked a path.
fn fitness(facts: &PathFacts) -> (Share, Option<f64>) {
    let aligned = facts.alignments.iter();
    let n: u64 = aligned.clone().map(|(_, count)| count).sum();
    let fitting: u64 =
        aligned.clone().filter(|((cost, _), _)| *cost == 0).map(|(_, count)| count).sum();
    let sum: f64 = aligned
        .map(|((cost, worst), count)| {
            (1.0 - f64::from(*cost) / f64::from((*worst).max(1))) * *count as f64
        })
        .sum();
    (Share::of(fitting, n), (n > 0).then(|| sum / n as f64))
}

/// Instances that were given up, by the stage of their last visit.
pub(super) fn abandoned(journey: &Resolved<'_>, facts: &PathFacts) -> Vec<Abandoned> {
    let mut counts = vec![0; journey.journey.stages.len()];
    for (stop, abandoned) in journey.touchpoints.iter().zip(&facts.abandoned_after) {
        counts[stop.stage_at] += abandoned;
    }
    let stages = journey.journey.stages.iter().zip(counts);
    stages.map(|(stage, count)| Abandoned { stage: stage.id.clone(), count }).collect()
}
