//! Standards that are proven broken.

use model::resolve::Held;
use model::rule::Rule;

use super::{Evidence, Found, Ground};
use crate::document::{FindingMoney, Kind, Share, Standard, Unit};
use crate::draw::number;

pub(super) fn found(ground: &Ground<'_>) -> Vec<Found> {
    let held = ground.journey.standards.iter();
    let judged = held.zip(&ground.report.standards).filter(|(_, standard)| standard.listed);
    judged.map(|(held, standard)| defect(ground, held, standard)).collect()
}

fn defect(ground: &Ground<'_>, held: &Held<'_>, standard: &Standard) -> Found {
    let broken = Share::of(standard.broken, standard.kept + standard.broken);
    let mut evidence = vec![Evidence::share("checks broken", &broken, source(held))];
    if let Some(cost) = &standard.cost {
        evidence.push(Evidence {
            what: format!("risk ratio of a bad outcome ({}), an association", cost.outcome),
            unit: Unit::Ratio,
            value: cost.risk_ratio.value,
            low: cost.risk_ratio.low,
            high: cost.risk_ratio.high,
            n: cost.table.iter().sum(),
            source: source(held).to_owned(),
        });
    }
    if let Some(kept) = &standard.cadence {
        let overdue = &kept.overdue_now;
        evidence.push(Evidence::share("customers overdue now", overdue, "events"));
    }
    let mut parts = ground.parts(held.touchpoint, broken.share.unwrap_or(0.0));
    // A promise of contact is broken above all for those whom the touchpoint never reached.
    let broken_per_year = standard.customers_broken as f64 / ground.years;
    parts.reached_per_year = parts.reached_per_year.max(broken_per_year);
    Found {
        kind: kind(&held.standard.rule),
        about: standard.id.clone(),
        touchpoint: held.touchpoint,
        owner: standard.owner.clone(),
        sentence: sentence(standard, &broken),
        customers: standard.customers_broken,
        parts,
        evidence,
        money: money(standard),
    }
}

/// What is known of it: what mending would keep, where an effect can be shown, and defects at their stated cost.
fn money(standard: &Standard) -> Option<FindingMoney> {
    let told = standard.costs.iter().find_map(|cost| cost.money.as_ref());
    let shown = told.filter(|money| !money.kept.is_empty());
    let stated = standard.costs.iter().find_map(|cost| cost.value_per_year.clone());
    if shown.is_none() && stated.is_none() {
        return None;
    }
    let currency = standard.costs.iter().find_map(|cost| cost.currency.clone());
    Some(FindingMoney {
        kept: shown.map_or(Vec::new(), |money| money.kept.clone()),
        stated,
        currency: currency.or_else(|| told.and_then(|money| money.currency.clone())),
        says: told.map_or(String::new(), |money| money.says.clone()),
        caveat: "association".to_owned(),
    })
}

fn kind(rule: &Rule) -> Kind {
    match rule {
        Rule::Consistent(_) => Kind::Inconsistent,
        Rule::Cadence(_) => Kind::Cadence,
        _ => Kind::DefectiveStandard,
    }
}

fn source(held: &Held<'_>) -> &'static str {
    match held.standard.rule {
        Rule::Score(_) => "responses",
        Rule::Walked(_) => "walks",
        _ => "events",
    }
}

fn sentence(standard: &Standard, broken: &Share) -> String {
    // A promise is said as it was written, be it 99.95%.
    let promise = format!("{:.4}", 100.0 * standard.promise);
    let mut sentence = format!(
        "“{}” is promised for {}% and broken in {}",
        standard.text.trim_end_matches('.'),
        promise.trim_end_matches('0').trim_end_matches('.'),
        number::share_among(broken, "checks")
    );
    if let Some(kept) = &standard.cadence
        && let Some(adherence) = kept.adherence.value
    {
        sentence.push_str(&format!(
            "; contact was kept up for {}{} of the time in which it was owed",
            number::percent(adherence),
            number::percent_interval(kept.adherence.low, kept.adherence.high)
                .map(|interval| format!(" [{interval}]"))
                .unwrap_or_default()
        ));
    }
    if let Some(missed) = standard.missed_beats.filter(|missed| *missed > 0) {
        let beats = number::plural(missed as usize, "beat was", "beats were");
        sentence.push_str(&format!("; {beats} missed"));
    }
    sentence.push('.');
    sentence
}
