//! What a defect goes along with: how much likelier customers who met it leave or give a low score, and what that would
//! cost a year. Associations, until a change with a comparison group confirms them.

use std::collections::BTreeMap;

use kernel::Checks;
use model::question::find_question;
use model::resolve::{Held, Resolved};
use stats::{Claim, Fix, TwoByTwo};

use super::money::{self, Known};
use super::standards::is_valid;
use super::{Measured, confidence};
use crate::answers::{Answer, Answers};
use crate::document::{Cost, Estimate};

/// Customers by defect and outcome, outcome by outcome.
pub(super) fn outcomes(
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

/// The association with every outcome of which enough is known, by outcome.
pub(super) fn costs(
    held: &Held<'_>,
    checks: &Checks,
    tables: &[(&'static str, TwoByTwo)],
    (years, journey, measured): (f64, &Resolved<'_>, &Measured),
) -> Vec<Cost> {
    let value = held.standard.cost_of_defect.map(|each| broken_per_year(checks, years, each));
    let currency = journey.journey.outcomes.value.as_ref().and_then(|value| value.currency.clone());
    let fix = Fix {
        exposed_per_year: checks.customers_broken as f64 / years,
        effectiveness: 1.0,
        value_per_customer: None,
    };
    let stratified = money::stratified(checks, measured.strata.as_ref());
    let known = Known {
        checks,
        years,
        worth: &measured.summary.worth,
        value: journey.journey.outcomes.value.as_ref(),
        stratified: stratified.as_ref(),
    };
    let told = tables.iter().filter_map(|(outcome, table)| {
        let saved = stats::customers_saved(table, &fix, confidence());
        let association = &saved.association;
        association.risk_ratio.value?;
        let is_of_staying = *outcome == "retained";
        let is_supported = is_of_staying && saved.claim == Claim::Supported;
        Some(Cost {
            outcome: (*outcome).to_owned(),
            table: [
                table.exposed_bad,
                table.exposed_good,
                table.unexposed_bad,
                table.unexposed_good,
            ],
            risk_difference: Estimate::from(&association.risk_difference),
            risk_ratio: Estimate::from(&association.risk_ratio),
            odds_ratio: Estimate::from(&association.odds_ratio),
            attributable_share: Estimate::from(&association.attributable_fraction),
            e_value: association.e_value,
            e_value_of_limit: association.e_value_limit,
            customers_lost_per_year: is_supported.then(|| Estimate::from(&saved.saved)),
            stratified: stratified.clone().filter(|_| is_of_staying),
            money: is_of_staying.then(|| money::money(table, association, &known)),
            currency: value.as_ref().and(currency.clone()),
            value_per_year: value.clone(),
            caveat: "association".to_owned(),
        })
    });
    let mut costs: Vec<Cost> = told.collect();
    costs.sort_by(|a, b| a.outcome.cmp(&b.outcome));
    costs
}

/// The outcome that the defect raises most surely.
pub(super) fn surest(costs: &[Cost]) -> Option<Cost> {
    let low = |cost: &Cost| cost.risk_ratio.low.unwrap_or(0.0);
    costs.iter().max_by(|a, b| low(a).total_cmp(&low(b))).cloned()
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
