//! Where customers walk otherwise than designed.

use super::{Evidence, Found, Ground};
use crate::document::{Kind, Share};
use crate::draw::number::share_among;

/// A deviation is told when at least this share of instances surely has it.
const WORTH_TELLING: f64 = 0.05;

/// At most so many undesigned steps, the most walked ones, are findings of their own.
const STEPS: usize = 5;

pub(super) fn found(ground: &Ground<'_>) -> Vec<Found> {
    let mut found = skipped(ground);
    found.extend(repeats(ground));
    found.extend(undesigned_steps(ground));
    found.extend(back_and_forth(ground));
    found.extend(abandonment(ground));
    found
}

fn is_told(share: &Share) -> bool {
    share.low.is_some_and(|low| low > WORTH_TELLING)
}

/// Walks are counted, not who walked them: no more customers than walks, and no more than there are.
fn at_most(ground: &Ground<'_>, share: &Share) -> u64 {
    share.k.min(ground.report.customers)
}

fn at(ground: &Ground<'_>, kind: Kind, touchpoint: usize, share: Share, sentence: String) -> Found {
    let id = ground.report.touchpoints[touchpoint].id.clone();
    Found {
        kind,
        about: id,
        touchpoint: Some(touchpoint),
        owner: None,
        customers: at_most(ground, &share),
        parts: ground.parts(Some(touchpoint), share.share.unwrap_or(0.0)),
        evidence: vec![Evidence::share("instances", &share, "events")],
        money: None,
        sentence,
    }
}

fn skipped(ground: &Ground<'_>) -> Vec<Found> {
    let n = ground.report.deviations.fitting_instances.n;
    let deviations = ground.report.deviations.by_touchpoint.iter().enumerate();
    let shares =
        deviations.map(|(number, deviation)| (number, Share::of(deviation.skipped.min(n), n)));
    let told = shares.filter(|(_, share)| is_told(share)).map(|(number, share)| {
        let sentence =
            format!("“{}” is left out in {}.", ground.title(number), share_among(&share, "walks"));
        let mut found = at(ground, Kind::Skipped, number, share, sentence);
        // Those who left it out did not reach it: what counts is who walks the journey.
        found.parts.reached_per_year = ground.report.customers as f64 / ground.years;
        found
    });
    told.collect()
}

fn repeats(ground: &Ground<'_>) -> Vec<Found> {
    let stops = ground.journey.touchpoints.iter().zip(&ground.report.touchpoints).enumerate();
    let once = stops.filter(|(_, (stop, _))| !stop.touchpoint.repeatable);
    let shares =
        once.map(|(number, (_, t))| (number, Share::of(t.instances_with_repeats, t.instances)));
    let told = shares.filter(|(_, share)| is_told(share)).map(|(number, share)| {
        let sentence = format!(
            "“{}” is designed to happen once and is repeated in {}.",
            ground.title(number),
            share_among(&share, "walks")
        );
        at(ground, Kind::Repeat, number, share, sentence)
    });
    told.collect()
}

fn undesigned_steps(ground: &Ground<'_>) -> Vec<Found> {
    let n = ground.report.deviations.fitting_instances.n;
    let steps = ground
        .report
        .transitions
        .iter()
        .filter(|step| !step.designed && step.from != "^" && step.to != "$");
    let mut told: Vec<(u64, Found)> = steps
        .filter(|step| step.from != step.to)
        .filter_map(|step| {
            let (from, to) = (ground.number(&step.from)?, ground.number(&step.to)?);
            let share = Share::of(step.instances.min(n), n);
            is_told(&share).then(|| {
                let sentence = format!(
                    "“{}” leads straight to “{}”, which is not designed, in {}.",
                    ground.title(from),
                    ground.title(to),
                    share_among(&share, "walks")
                );
                let about = format!("{} -> {}", step.from, step.to);
                (
                    step.instances,
                    Found { about, ..at(ground, Kind::UndesignedPath, from, share, sentence) },
                )
            })
        })
        .collect();
    told.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.about.cmp(&b.1.about)));
    told.into_iter().take(STEPS).map(|(_, found)| found).collect()
}

/// A B A, unless the design leads from A to B and back.
fn back_and_forth(ground: &Ground<'_>) -> Vec<Found> {
    let n = ground.report.instances.total;
    let is_designed = |from: &str, to: &str| {
        let step = ground.report.transitions.iter().find(|step| step.from == from && step.to == to);
        step.is_some_and(|step| step.designed)
    };
    let pairs = ground.report.deviations.back_and_forth.iter();
    let undesigned = pairs.filter(|pair| {
        let [a, b] = &pair.between;
        !(is_designed(a, b) && is_designed(b, a))
    });
    let told = undesigned.filter_map(|pair| {
        let [a, b] = &pair.between;
        let (first, second) = (ground.number(a)?, ground.number(b)?);
        let share = Share::of(pair.instances.min(n), n);
        is_told(&share).then(|| {
            let sentence = format!(
                "Customers go back and forth between “{}” and “{}” in {}.",
                ground.title(first),
                ground.title(second),
                share_among(&share, "walks")
            );
            let about = format!("{a} <-> {b}");
            Found { about, ..at(ground, Kind::BackAndForth, first, share, sentence) }
        })
    });
    told.collect()
}

fn abandonment(ground: &Ground<'_>) -> Vec<Found> {
    let n = ground.report.instances.total;
    let stages = ground.report.deviations.abandoned_after.iter();
    let told = stages.filter_map(|abandoned| {
        let share = Share::of(abandoned.count.min(n), n);
        let stage =
            ground.journey.journey.stages.iter().find(|stage| stage.id == abandoned.stage)?;
        is_told(&share).then(|| Found {
            kind: Kind::Abandonment,
            about: stage.id.clone(),
            touchpoint: None,
            owner: stage.owner.clone(),
            sentence: format!(
                "Customers give up after the stage “{}” in {}.",
                stage.title,
                share_among(&share, "walks")
            ),
            customers: at_most(ground, &share),
            parts: ground.parts(None, share.share.unwrap_or(0.0)),
            evidence: vec![Evidence::share("instances", &share, "events")],
            money: None,
        })
    });
    told.collect()
}
