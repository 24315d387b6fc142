//! How a cadence was kept up: adherence, beats, gaps with those that no contact ended, and who is overdue.

use kernel::{Beats, FEW_CUSTOMERS, GapPlaces};
use model::rule::Cadence;
use model::span::Span;
use stats::{Lifetime, RatioSums, Tied, few_gaps, kaplan_meier_of_counts, ratio_of_totals};

use super::confidence;
use crate::document::{CadenceGap, CadenceKept, Estimate, Share};

/// Decides which customers are drawn where they are few.
const SEED: u64 = 20_250_301;

/// `None` where contact was owed to nobody.
pub(super) fn kept(rule: &Cadence, beats: &Beats) -> Option<CadenceKept> {
    if beats.time.customers == 0 {
        return None;
    }
    let promised = rule.every.micros().saturating_add(rule.grace.map_or(0, Span::micros));
    Some(CadenceKept {
        customers: beats.time.customers,
        promised_s: promised as f64 / 1e6,
        adherence: adherence(beats),
        beats: Share::of(beats.kept, beats.due),
        gaps: gaps(beats, promised),
        overdue_now: Share::of(beats.overdue, beats.here),
    })
}

fn adherence(beats: &Beats) -> Estimate {
    let time = &beats.time;
    let beyond = ratio_of_totals(
        &RatioSums {
            customers: time.customers,
            x: time.x as f64,
            y: time.y as f64,
            xx: time.xx as f64,
            xy: time.xy as f64,
            yy: time.yy as f64,
        },
        confidence(),
    );
    let rest = |part: Option<f64>| part.map(|beyond| (1.0 - beyond).clamp(0.0, 1.0));
    Estimate { value: rest(beyond.value), low: rest(beyond.upper), high: rest(beyond.lower) }
}

fn gaps(beats: &Beats, promised: i64) -> CadenceGap {
    let places = GapPlaces::of(promised);
    let longest = |place: u16| places.longest(place) as f64 / 1e6;
    let expected = promised as f64 / 1e6;
    let [ended, not_ended] =
        [0, 1].map(|kind| beats.gaps.iter().map(|place| place[kind]).sum::<u64>());
    if beats.time.customers < FEW_CUSTOMERS {
        let lifetime = |(place, is_open): &(u16, u16)| Lifetime {
            time: longest(*place),
            event: *is_open == 0,
        };
        let customers: Vec<Vec<Lifetime>> =
            beats.few.iter().map(|gaps| gaps.iter().map(lifetime).collect()).collect();
        let few = few_gaps(&customers, expected, confidence(), SEED);
        return CadenceGap {
            ended,
            not_ended,
            median_s: Estimate::from(&few.median),
            within_promise: Estimate::from(&few.within_expected),
            method: "bootstrap".to_owned(),
            rounds: Some(few.rounds),
            seed: Some(few.seed),
        };
    }
    let counts = beats.gaps.iter().enumerate().map(|(place, [events, censored])| Tied {
        time: longest(place as u16),
        events: *events,
        censored: *censored,
    });
    let curve = kaplan_meier_of_counts(&counts.collect::<Vec<_>>(), confidence());
    let beyond = curve.survival_at(expected);
    let rest = |part: Option<f64>| part.map(|beyond| 1.0 - beyond);
    CadenceGap {
        ended,
        not_ended,
        median_s: Estimate::from(&curve.median()),
        within_promise: Estimate {
            value: rest(beyond.value),
            low: rest(beyond.upper),
            high: rest(beyond.lower),
        },
        method: "log_log".to_owned(),
        rounds: None,
        seed: None,
    }
}
