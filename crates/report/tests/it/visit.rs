//! What the tests draw: a retail chain's loyalty visit, and the same seen in other ways.

use model::journey::Journey;
use report::document::{Report, Verdict};

/// 2,418 simulated walks of 1,254 customers over ten touchpoints.
pub(crate) fn visit() -> (Journey, Report) {
    let journey = serde_json::from_str(include_str!("../fixtures/journey.json")).unwrap();
    let report = serde_json::from_str(include_str!("../fixtures/report.json")).unwrap();
    (journey, report)
}

/// The same walks when nobody designed anything and nobody was asked.
pub(crate) fn discovered() -> Report {
    let (_, mut report) = visit();
    report.journey = None;
    report.standards.clear();
    report.findings.clear();
    report.funnels.clear();
    report.defects = None;
    for touchpoint in &mut report.touchpoints {
        touchpoint.title.clone_from(&touchpoint.id);
        touchpoint.stage = None;
        touchpoint.owner = None;
        touchpoint.scores.clear();
        touchpoint.target_gap.clear();
        touchpoint.belief_gap.clear();
        touchpoint.importance = None;
    }
    // Activities come in no useful order.
    report.touchpoints.sort_by(|a, b| a.id.cmp(&b.id));
    report.transitions.iter_mut().for_each(|transition| transition.designed = false);
    report.variants.top.iter_mut().for_each(|variant| variant.fits = None);
    report.deviations.fitness = None;
    report.deviations.fitting_instances = Default::default();
    report.deviations.by_touchpoint.clear();
    report.deviations.back_and_forth.clear();
    report.deviations.abandoned_after.clear();
    report
}

/// A journey that was written before anybody walked it.
pub(crate) fn unmeasured() -> (Journey, Report) {
    let (journey, mut report) = visit();
    report.events.read = 0;
    report.events.bound = 0;
    report.events.unbound = 0;
    report.events.quarantined = 0;
    report.events.unbound_activities.clear();
    report.period.from = None;
    report.period.to = None;
    report.as_of = None;
    report.customers = 0;
    report.instances.total = 0;
    report.instances.ended = 0;
    report.instances.timed_out = 0;
    report.instances.open = 0;
    report.duration_s = Default::default();
    report.transitions.clear();
    report.variants.top.clear();
    report.variants.total = 0;
    report.variants.singletons = 0;
    report.deviations.fitness = None;
    report.deviations.fitting_instances = Default::default();
    report.deviations.by_touchpoint.clear();
    report.deviations.back_and_forth.clear();
    report.deviations.abandoned_after.clear();
    report.funnels.clear();
    report.findings.clear();
    report.scores.clear();
    report.defects = None;
    for touchpoint in &mut report.touchpoints {
        touchpoint.visits = 0;
        touchpoint.reach = Default::default();
        touchpoint.instances = 0;
        touchpoint.wait_s = Default::default();
        touchpoint.channels.clear();
        touchpoint.scores.clear();
        touchpoint.target_gap.clear();
        touchpoint.belief_gap.clear();
        touchpoint.importance = None;
    }
    for standard in &mut report.standards {
        standard.kept_share = Default::default();
        (standard.checks, standard.kept, standard.broken, standard.pending) = (0, 0, 0, 0);
        (standard.dpmo, standard.sigma, standard.overrun_s, standard.cost) =
            (None, None, None, None);
        (standard.leaving, standard.cadence) = (None, None);
        standard.costs.clear();
        standard.verdict = Verdict::NotProven;
        standard.needed = None;
        standard.listed = false;
    }
    (journey, report)
}

/// Sixty touchpoints: the visit six times over, with findings and standards to match.
pub(crate) fn large() -> (Journey, Report) {
    let (mut journey, mut report) = visit();
    let (stages, touchpoints) = (journey.stages.clone(), report.touchpoints.clone());
    let (transitions, standards) = (report.transitions.clone(), report.standards.clone());
    let findings = report.findings.clone();
    for copy in 2..=6 {
        let again =
            |id: &str| if id == "^" || id == "$" { id.to_owned() } else { format!("{id}-{copy}") };
        for stage in &stages {
            let mut stage = stage.clone();
            stage.id = again(&stage.id);
            for touchpoint in &mut stage.touchpoints {
                touchpoint.id = again(&touchpoint.id);
                touchpoint.title = format!("{}, time {copy}", touchpoint.title);
                touchpoint
                    .standards
                    .iter_mut()
                    .for_each(|standard| standard.id = again(&standard.id));
            }
            journey.stages.push(stage);
        }
        report.touchpoints.extend(touchpoints.iter().cloned().map(|mut touchpoint| {
            touchpoint.id = again(&touchpoint.id);
            touchpoint.stage = touchpoint.stage.as_deref().map(again);
            touchpoint
        }));
        report.transitions.extend(transitions.iter().cloned().map(|mut transition| {
            transition.from = again(&transition.from);
            transition.to = again(&transition.to);
            transition
        }));
        report.standards.extend(standards.iter().cloned().map(|mut standard| {
            standard.id = again(&standard.id);
            standard.touchpoint = standard.touchpoint.as_deref().map(again);
            // A report holds the steps of the worst three curves, however many standards there are.
            if copy > 3
                && let Some(leaving) = &mut standard.leaving
            {
                leaving.without.steps.clear();
                leaving.with.steps.clear();
            }
            standard
        }));
        report.findings.extend(findings.iter().cloned());
    }
    for (rank, finding) in (1..).zip(&mut report.findings) {
        finding.rank = rank;
    }
    (journey, report)
}
