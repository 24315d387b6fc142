//! Touchpoints: what was counted and what was said at each.

use std::collections::BTreeMap;

use kernel::{START, Values};
use model::journey::Grade;
use model::resolve::{Resolved, Stop};

use super::{Measured, confidence, distribution};
use crate::answers::{Answer, Answers, Scored};
use crate::document::{BeliefGap, ChannelCount, Drivers, Importance, Share, TargetGap, Touchpoint};

/// Fills the touchpoints of a journey and returns the estimates behind their scores, touchpoint by touchpoint.
pub(super) fn fill(
    journey: &Resolved<'_>,
    measured: &Measured,
    answers: &[Answer],
    touchpoints: &mut Vec<Touchpoint>,
) -> Vec<BTreeMap<String, Scored>> {
    let stated = stated_importance(journey);
    let mut all_scored = Vec::new();
    for (number, stop) in journey.touchpoints.iter().enumerate() {
        let scored = Answers::about(answers, Some(&stop.touchpoint.id)).scores(confidence());
        let mut touchpoint = walked(&stop.touchpoint.id, number, measured);
        touchpoint.title.clone_from(&stop.touchpoint.title);
        touchpoint.stage = Some(stop.stage.id.clone());
        touchpoint.owner = stop.owner.map(str::to_owned);
        touchpoint.scores = scored
            .iter()
            .map(|(question, scored)| (question.clone(), scored.score.clone()))
            .collect();
        touchpoint.target_gap = target_gaps(stop, &scored);
        touchpoint.belief_gap = belief_gaps(stop, &scored);
        touchpoint.importance = stated[number].clone();
        touchpoint.evidence = grade(stop, &touchpoint).to_owned();
        touchpoints.push(touchpoint);
        all_scored.push(scored);
    }
    all_scored
}

/// Touchpoints without a journey: every activity is one.
pub(super) fn discovered(activities: &[&str], measured: &Measured) -> Vec<Touchpoint> {
    activities
        .iter()
        .enumerate()
        .map(|(number, activity)| walked(activity, number, measured))
        .collect()
}

fn walked(id: &str, number: usize, measured: &Measured) -> Touchpoint {
    let facts = measured.facts.touchpoints.get(number).copied().unwrap_or_default();
    let summary = &measured.summary;
    Touchpoint {
        id: id.to_owned(),
        title: id.to_owned(),
        stage: None,
        owner: None,
        visits: facts.visits,
        reach: Share::of(summary.reach.get(number).copied().unwrap_or(0), summary.customers),
        instances: facts.instances,
        repeats: facts.visits - facts.instances,
        instances_with_repeats: facts.instances_with_repeats,
        self_loops: facts.self_loops,
        first: facts.first,
        last: facts.last,
        wait_s: distribution(&waits_into(number as u16, measured)),
        channels: channels(number, measured),
        scores: BTreeMap::new(),
        target_gap: BTreeMap::new(),
        belief_gap: BTreeMap::new(),
        importance: None,
        experience: None,
        kano: None,
        evidence: if facts.visits > 0 { "measured" } else { "assumed" }.to_owned(),
    }
}

fn waits_into(touchpoint: u16, measured: &Measured) -> Values {
    let mut all = Values::default();
    for ((from, to), waits) in &measured.summary.waits {
        if *to == touchpoint && *from != START {
            all.merge(waits.clone());
        }
    }
    all
}

fn channels(touchpoint: usize, measured: &Measured) -> Vec<ChannelCount> {
    let n = measured.channels.len() + 1;
    let counts =
        measured.summary.channels.get(touchpoint * n + 1..(touchpoint + 1) * n).unwrap_or(&[]);
    let named = measured.channels.iter().zip(counts).filter(|(_, count)| **count > 0);
    let mut channels: Vec<ChannelCount> = named
        .map(|(channel, count)| ChannelCount { channel: channel.clone(), count: *count })
        .collect();
    channels.sort_by(|a, b| a.channel.cmp(&b.channel));
    channels
}

fn target_gaps(stop: &Stop<'_>, scored: &BTreeMap<String, Scored>) -> BTreeMap<String, TargetGap> {
    let targets = stop.touchpoint.targets.iter();
    let gaps = targets.filter_map(|(question, target)| {
        let gap = stats::target_gap(*target, &scored.get(question)?.estimate)?;
        let (low, high) = (gap.gap.lower, gap.gap.upper);
        let gap = TargetGap {
            target: gap.target,
            present: gap.present,
            gap: gap.gap.value?,
            low,
            high,
            n: gap.gap.n,
        };
        Some((question.clone(), gap))
    });
    gaps.collect()
}

fn belief_gaps(stop: &Stop<'_>, scored: &BTreeMap<String, Scored>) -> BTreeMap<String, BeliefGap> {
    let Some(belief) = &stop.touchpoint.belief else { return BTreeMap::new() };
    let gaps = belief.scores.iter().filter_map(|(question, believed)| {
        let gap = stats::belief_gap(*believed, &scored.get(question)?.estimate)?;
        Some((
            question.clone(),
            BeliefGap {
                belief: gap.belief,
                by: belief.by.clone(),
                present: gap.present,
                gap: gap.gap.value?,
                low: gap.gap.lower,
                high: gap.gap.upper,
                n: gap.gap.n,
            },
        ))
    });
    gaps.collect()
}

/// What customers state, as a share of all that is stated; `None` where the document states nothing.
fn stated_importance(journey: &Resolved<'_>) -> Vec<Option<Importance>> {
    let stated = |stop: &Stop<'_>| {
        stop.touchpoint.importance.as_ref().and_then(|importance| importance.customer)
    };
    let total: f64 = journey.touchpoints.iter().filter_map(stated).sum();
    let share = |stop: &Stop<'_>| {
        let share = stated(stop)? / total;
        Some(Importance { share, low: None, high: None, method: "stated".to_owned() })
    };
    journey.touchpoints.iter().map(share).collect()
}

/// Puts what was derived in the place of what was stated, where it could be.
pub(super) fn derived_importance(drivers: Option<&Drivers>, touchpoints: &mut [Touchpoint]) {
    let Some(analysis) = drivers.map(|drivers| &drivers.to_those_who_meet) else { return };
    for driver in &analysis.drivers {
        let touchpoint = touchpoints.iter_mut().find(|it| it.id == driver.touchpoint);
        if let (Some(touchpoint), Some(share)) = (touchpoint, driver.share.value) {
            let method = analysis.method.clone().unwrap_or_default();
            let (low, high) = (driver.share.low, driver.share.high);
            touchpoint.importance = Some(Importance { share, low, high, method });
        }
    }
}

/// The best evidence that there is for what the map says here.
fn grade(stop: &Stop<'_>, touchpoint: &Touchpoint) -> &'static str {
    if touchpoint.visits > 0 || touchpoint.scores.values().any(|score| score.n > 0) {
        return "measured";
    }
    match stop.touchpoint.feels.as_ref().map_or(Grade::Assumed, |feels| feels.grade) {
        Grade::Measured => "measured",
        Grade::Observed => "observed",
        Grade::Told => "told",
        Grade::Staff => "staff",
        Grade::Assumed => "assumed",
    }
}
