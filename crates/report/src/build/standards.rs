//! Standards: checks, verdicts, and what a defect goes along with.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Checks;
use model::question::find_question;
use model::resolve::{Held, Resolved};
use model::rule::{Rule, Score};
use stats::{Claim, Fix, TwoByTwo, VerdictKind};

use super::{Measured, confidence, distribution};
use crate::answers::{Answer, Answers, is_on};
use crate::document::{Cost, Estimate, Share, Standard, Verdict};
use crate::plan::Compiled;

/// At most this share of the defects that are listed as proven may be false (Benjamini & Hochberg 1995).
const FALSE_DISCOVERY: f64 = 0.10;

/// Judges every standard, in document order.
pub(super) fn judge(
    journey: &Resolved<'_>,
    compiled: &Compiled,
    measured: &Measured,
    answers: &[Answer],
    years: f64,
) -> Vec<Standard> {
    let judged: Vec<(Standard, Option<f64>)> = journey
        .standards
        .iter()
        .zip(&compiled.rule_of)
        .map(|(held, rule)| {
            let checks = match (&held.standard.rule, rule) {
                (_, Some(rule)) => measured.summary.checks[*rule].clone(),
                (Rule::Score(rule), None) => check_scores(journey, held, rule, answers),
                _ => Checks::default(),
            };
            let (mut standard, p) = verdict(journey, held, &checks);
            let tables = outcomes(journey, *rule, &checks, measured, answers);
            standard.cost = cost(held, &checks, tables, (years, journey));
            (standard, p)
        })
        .collect();
    let p: Vec<Option<f64>> = judged.iter().map(|(_, p)| *p).collect();
    let proven = stats::proven(&p, FALSE_DISCOVERY);
    let listed = judged.into_iter().zip(proven).map(|((standard, _), proven)| Standard {
        listed: proven && standard.verdict == Verdict::Defective,
        ..standard
    });
    listed.collect()
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
        if rule.at_least.is_some_and(|least| score < least)
            || rule.at_most.is_some_and(|most| score > most)
        {
            checks.broken += 1;
            broken.extend(answer.customer);
        } else {
            checks.kept += 1;
        }
    }
    checks.customers_broken = broken.len() as u64;
    checks
}

fn is_valid(question: &str, score: f64) -> bool {
    find_question(question).is_none_or(|question| is_on(score, question.answers))
}

/// Customers by defect and outcome, outcome by outcome.
fn outcomes(
    journey: &Resolved<'_>,
    rule: Option<usize>,
    checks: &Checks,
    measured: &Measured,
    answers: &[Answer],
) -> Vec<(&'static str, TwoByTwo)> {
    let mut tables = Vec::new();
    if journey.journey.outcomes.retained.is_some() {
        let [exposed_bad, exposed_good, unexposed_bad, unexposed_good] = checks.retention;
        tables.push((
            "retained",
            TwoByTwo { exposed_bad, exposed_good, unexposed_bad, unexposed_good },
        ));
    }
    if let (Some(loyalty), Some(rule)) = (&journey.journey.outcomes.loyalty, rule) {
        let scores = latest_scores(&loyalty.question, answers);
        let mut table = TwoByTwo::default();
        for watched in &measured.summary.watched {
            let Some(score) = scores.get(&watched.customer) else { continue };
            let has = |words: &[u64]| words[rule / 64] >> (rule % 64) & 1 == 1;
            match (has(&watched.broken), has(&watched.kept), is_bad(&loyalty.question, *score)) {
                (true, _, true) => table.exposed_bad += 1,
                (true, _, false) => table.exposed_good += 1,
                (false, true, true) => table.unexposed_bad += 1,
                (false, true, false) => table.unexposed_good += 1,
                (false, false, _) => {}
            }
        }
        tables.push(("loyalty", table));
    }
    tables
}

/// The latest valid answer of each customer about the whole journey.
fn latest_scores(question: &str, answers: &[Answer]) -> BTreeMap<u64, f64> {
    let mut latest: BTreeMap<u64, (i64, f64)> = BTreeMap::new();
    for answer in Answers::about(answers, None).to(question) {
        let score = answer.score.filter(|score| is_valid(question, *score));
        if let (Some(customer), Some(score)) = (answer.customer, score) {
            let known = latest.entry(customer).or_insert((answer.at, score));
            if answer.at >= known.0 {
                *known = (answer.at, score);
            }
        }
    }
    latest.into_iter().map(|(customer, (_, score))| (customer, score)).collect()
}

/// Detractors for NPS (Reichheld 2003), the lower two fifths of any other scale.
fn is_bad(question: &str, score: f64) -> bool {
    match find_question(question) {
        Some(known) if question != "nps" => {
            let (lowest, highest) = known.answers;
            score < lowest + 0.4 * (highest - lowest + 1.0)
        }
        _ => score <= 6.0,
    }
}

/// The association with the outcome that the defect raises most surely.
fn cost(
    held: &Held<'_>,
    checks: &Checks,
    tables: Vec<(&'static str, TwoByTwo)>,
    (years, journey): (f64, &Resolved<'_>),
) -> Option<Cost> {
    let told = tables.into_iter().filter_map(|(outcome, table)| {
        let association = table.association(confidence());
        association.risk_ratio.value?;
        Some((outcome, table, association))
    });
    let surest = told.max_by(|(_, _, a), (_, _, b)| {
        let low = |association: &stats::Association| association.risk_ratio.lower.unwrap_or(0.0);
        low(a).total_cmp(&low(b))
    });
    let (outcome, table, association) = surest?;
    let fix = Fix {
        exposed_per_year: checks.customers_broken as f64 / years,
        effectiveness: 1.0,
        value_per_customer: None,
    };
    let saved = stats::customers_saved(&table, &fix, confidence());
    let is_supported = outcome == "retained" && saved.claim == Claim::Supported;
    let value = held.standard.cost_of_defect.map(|each| broken_per_year(checks, years, each));
    let currency = journey.journey.outcomes.value.as_ref().and_then(|value| value.currency.clone());
    Some(Cost {
        outcome: outcome.to_owned(),
        table: [table.exposed_bad, table.exposed_good, table.unexposed_bad, table.unexposed_good],
        risk_ratio: Estimate::from(&association.risk_ratio),
        attributable_share: Estimate::from(&association.attributable_fraction),
        customers_lost_per_year: is_supported.then(|| Estimate::from(&saved.saved)),
        currency: value.as_ref().and(currency),
        value_per_year: value,
        caveat: "association".to_owned(),
    })
}

/// Defects a year at a stated cost each; the interval is that of the share of checks that break.
fn broken_per_year(checks: &Checks, years: f64, each: f64) -> Estimate {
    let decided = checks.kept + checks.broken;
    let share = stats::wilson(checks.broken, decided, confidence());
    let money = |share: f64| share * decided as f64 / years * each;
    Estimate {
        value: share.share.map(money),
        low: share.low.map(money),
        high: share.high.map(money),
    }
}
