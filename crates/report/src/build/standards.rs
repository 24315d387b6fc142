//! Standards: checks and verdicts.

use std::collections::BTreeSet;

use kernel::Checks;
use model::question::find_question;
use model::resolve::{Held, Resolved};
use model::rule::{Rule, Score};
use stats::VerdictKind;

use super::{Measured, cadence, confidence, costs, distribution, leaving};
use crate::answers::{Answer, Answers, is_on};
use crate::document::{Share, Standard, Verdict};
use crate::plan::Compiled;

/// At most this share of the defects that are listed as proven may be false (Benjamini & Hochberg 1995).
const FALSE_DISCOVERY: f64 = 0.10;

/// The checks of every standard, in document order.
pub(super) fn checks(
    journey: &Resolved<'_>,
    compiled: &Compiled,
    measured: &Measured,
    answers: &[Answer],
) -> Vec<Checks> {
    let standards = journey.standards.iter().zip(&compiled.rule_of);
    let checks = standards.map(|(held, rule)| match (&held.standard.rule, rule) {
        (_, Some(rule)) => measured.summary.checks[*rule].clone(),
        (Rule::Score(rule), None) => check_scores(journey, held, rule, answers),
        _ => Checks::default(),
    });
    checks.collect()
}

/// Judges every standard by its checks, in document order.
pub(super) fn judge(
    journey: &Resolved<'_>,
    (compiled, checks): (&Compiled, &[Checks]),
    measured: &Measured,
    answers: &[Answer],
    years: f64,
) -> Vec<Standard> {
    let judged: Vec<(Standard, Option<f64>)> = journey
        .standards
        .iter()
        .zip(&compiled.rule_of)
        .zip(checks)
        .map(|((held, rule), checks)| {
            let (mut standard, p) = verdict(journey, held, checks);
            let tables = costs::outcomes(journey, *rule, checks, measured, answers);
            standard.costs = costs::costs(held, checks, &tables, (years, journey, measured));
            standard.cost = costs::surest(&standard.costs);
            standard.leaving = leaving::leaving(&checks.follow_up);
            if let Rule::Cadence(rule) = &held.standard.rule {
                standard.cadence = cadence::kept(rule, &checks.beats);
            }
            (standard, p)
        })
        .collect();
    let p: Vec<Option<f64>> = judged.iter().map(|(_, p)| *p).collect();
    let proven = stats::proven(&p, FALSE_DISCOVERY);
    let listed = judged.into_iter().zip(proven).map(|((standard, _), proven)| Standard {
        listed: proven && standard.verdict == Verdict::Defective,
        ..standard
    });
    let mut standards: Vec<Standard> = listed.collect();
    leaving::keep_drawn(&mut standards);
    standards
}

/// A standard with its verdict, and the p value of being defective.
fn verdict(journey: &Resolved<'_>, held: &Held<'_>, checks: &Checks) -> (Standard, Option<f64>) {
    let standard = held.standard;
    let decided = checks.kept + checks.broken;
    let verdict =
        stats::verdict(checks.kept, decided, standard.promise, standard.tolerance, confidence());
    let dpmo = stats::dpmo(checks.broken, decided, 1, 1.5, confidence());
    let is_cadence = matches!(standard.rule, Rule::Cadence(_));
    let judged = Standard {
        id: standard.id.clone(),
        text: standard.text.clone(),
        touchpoint: held
            .touchpoint
            .map(|touchpoint| journey.touchpoints[touchpoint].touchpoint.id.clone()),
        rule: standard.rule.key().to_owned(),
        owner: held.owner.map(str::to_owned),
        promise: standard.promise,
        tolerance: standard.tolerance,
        checks: checks.total(),
        kept: checks.kept,
        broken: checks.broken,
        pending: checks.pending,
        unknown: checks.unknown,
        instances_broken: checks.instances_broken,
        customers_broken: checks.customers_broken,
        kept_share: Share::of(checks.kept, decided),
        dpmo: dpmo.as_ref().map(|dpmo| dpmo.dpmo),
        sigma: dpmo.as_ref().and_then(|dpmo| dpmo.sigma),
        overrun_s: (checks.overruns.totals().count > 0).then(|| distribution(&checks.overruns)),
        missed_beats: is_cadence.then_some(checks.missed_beats),
        too_soon: is_cadence.then_some(checks.too_soon),
        verdict: match verdict.kind {
            VerdictKind::Meets => Verdict::Meets,
            VerdictKind::Defective => Verdict::Defective,
            VerdictKind::NotProven => Verdict::NotProven,
        },
        needed: verdict.needed,
        listed: false,
        cost: None,
        costs: Vec::new(),
        leaving: None,
        cadence: None,
    };
    (judged, verdict.p)
}

/// Every valid answer to the question, at the standard's touchpoint, is a check.
fn check_scores(
    journey: &Resolved<'_>,
    held: &Held<'_>,
    rule: &Score,
    answers: &[Answer],
) -> Checks {
    let touchpoint =
        held.touchpoint.map(|number| journey.touchpoints[number].touchpoint.id.as_str());
    let about = Answers::about(answers, touchpoint);
    let mut checks = Checks::default();
    let mut broken = BTreeSet::new();
    for answer in about.to(&rule.question) {
        let Some(score) = answer.score.filter(|score| is_valid(&rule.question, *score)) else {
            continue;
        };
        let is_low = rule.at_least.is_some_and(|least| score < least);
        let is_kept = !is_low && !rule.at_most.is_some_and(|most| score > most);
        if !is_kept {
            broken.extend(answer.customer);
        }
        // An answer whose time nobody knows belongs to no day.
        match (answer.at, is_kept) {
            (0, true) => checks.kept += 1,
            (0, false) => checks.broken += 1,
            (at, is_kept) => checks.settle(at, is_kept),
        }
    }
    checks.customers_broken = broken.len() as u64;
    checks
}

pub(super) fn is_valid(question: &str, score: f64) -> bool {
    find_question(question).is_none_or(|question| is_on(score, question.answers))
}
