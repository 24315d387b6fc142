//! Counts by time say what rows say, and nobody is credited with the time that it took to meet a defect.

use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use stats::{
    Confidence, CoxRow, CoxTerm, Lifetime, RiskSet, Tied, Ties, cox, exposure_hazard, kaplan_meier,
    kaplan_meier_of_counts, log_rank, restricted_mean_difference,
};

/// How long somebody stayed, whether they left then, and when they met the defect.
#[derive(Debug, Clone, Copy)]
struct Life {
    time: u64,
    left: bool,
    met: Option<u64>,
}

fn lives() -> impl Strategy<Value = Vec<Life>> {
    let life = (1_u64..12, any::<bool>(), prop::option::of(0_u64..12))
        .prop_map(|(time, left, met)| Life { time, left, met: met.filter(|met| *met < time) });
    prop::collection::vec(life, 1..60)
}

/// Rows (start, stop] with what held during them.
fn rows(lives: &[Life]) -> Vec<CoxRow> {
    let row = |start: u64, stop: u64, event: bool, exposed: f64| CoxRow {
        start: start as f64,
        stop: stop as f64,
        event,
        covariates: vec![exposed],
    };
    let of_life = |life: &Life| match life.met {
        None => vec![row(0, life.time, life.left, 0.0)],
        Some(0) => vec![row(0, life.time, life.left, 1.0)],
        Some(met) => vec![row(0, met, false, 0.0), row(met, life.time, life.left, 1.0)],
    };
    lives.iter().flat_map(of_life).collect()
}

fn sets(lives: &[Life]) -> Vec<RiskSet> {
    let at = |time: u64| {
        let with = |life: &Life| life.met.is_some_and(|met| met < time);
        let count = |exposed: bool, leaves: bool| {
            let here = lives.iter().filter(|life| life.time >= time && with(life) == exposed);
            here.filter(|life| !leaves || (life.time == time && life.left)).count() as u64
        };
        RiskSet {
            time: time as f64,
            at_risk: [count(false, false), count(true, false)],
            left: [count(false, true), count(true, true)],
        }
    };
    (1..=12).map(at).collect()
}

fn term(rows: &[CoxRow]) -> Option<CoxTerm> {
    cox(rows, Ties::Efron, Confidence::P95).unwrap().map(|fit| fit.terms[0])
}

proptest! {
    #[test]
    fn counts_by_time_say_what_rows_say(lives in lives()) {
        let found = exposure_hazard(&sets(&lives), Confidence::P95).term;
        let expected = term(&rows(&lives));
        let Some(expected) = expected.filter(|term| term.coefficient.is_some()) else {
            // Rows give up a little earlier where hardly anything is known.
            return Ok(());
        };
        if found.coefficient.is_none() {
            // Where nobody of the other side was there, rows are left with what rounding left.
            prop_assert!(expected.se.unwrap() > 1e3, "{expected:?}");
            return Ok(());
        }
        for (found, expected) in [
            (found.coefficient, expected.coefficient),
            (found.se, expected.se),
            (found.lower, expected.lower),
            (found.upper, expected.upper),
        ] {
            let (found, expected) = (found.unwrap(), expected.unwrap());
            prop_assert!((found - expected).abs() <= 1e-6 * (1.0 + expected.abs()), "{found} {expected}");
        }
    }

    #[test]
    fn what_rows_cannot_estimate_counts_do_not_either(lives in lives()) {
        let alone = |left: bool| lives.iter().filter(|life| life.left && life.met.is_some() == left).count();
        if alone(true) == 0 || alone(false) == 0 {
            let found = exposure_hazard(&sets(&lives), Confidence::P95).term;
            prop_assert_eq!(found.hazard_ratio, None);
        }
    }

    #[test]
    fn where_nobody_changes_sides_it_is_the_log_rank_test(lives in lives()) {
        let fixed: Vec<Life> = lives.iter().map(|life| Life { met: life.met.map(|_| 0), ..*life }).collect();
        let found = exposure_hazard(&sets(&fixed), Confidence::P95);
        let groups: Vec<(bool, Lifetime)> = fixed
            .iter()
            .map(|life| (life.met.is_some(), Lifetime { time: life.time as f64, event: life.left }))
            .collect();
        let expected = log_rank(&groups);
        match (found.chi2, expected.chi2) {
            (Some(found), Some(expected)) => prop_assert!((found - expected).abs() < 1e-9 * (1.0 + expected)),
            (found, expected) => prop_assert!(found.is_none() || expected.is_none(), "{found:?} {expected:?}"),
        }
    }

    #[test]
    fn curves_of_counts_are_those_of_lifetimes(lives in lives()) {
        let lifetimes: Vec<Lifetime> =
            lives.iter().map(|life| Lifetime { time: life.time as f64, event: life.left }).collect();
        let count = |time: u64, left: bool| {
            lives.iter().filter(|life| life.time == time && life.left == left).count() as u64
        };
        let counts: Vec<Tied> = (1..=12)
            .rev()
            .map(|time| Tied { time: time as f64, events: count(time, true), censored: count(time, false) })
            .collect();
        let curve = kaplan_meier(&lifetimes, Confidence::P95);
        prop_assert_eq!(&kaplan_meier_of_counts(&counts, Confidence::P95), &curve);
        let nothing = restricted_mean_difference(&curve, &curve, 6.0);
        prop_assert_eq!(nothing.value, Some(0.0));
    }
}

#[test]
fn immortal_time_is_nobodys() {
    // Everybody leaves with the same chance each day; the defect is met on the way, with the same chance each day as well.
    let mut state = 20_250_301_u64;
    let mut below = |n: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let lives: Vec<Life> = (0..3_000)
        .map(|_| {
            let mut met = None;
            for time in 1..=60 {
                if met.is_none() && below(20) == 0 {
                    met = Some(time - 1);
                }
                if below(25) == 0 {
                    return Life { time, left: true, met };
                }
            }
            Life { time: 60, left: false, met }
        })
        .collect();
    let naive: Vec<CoxRow> = lives
        .iter()
        .map(|life| {
            let ever = f64::from(u8::from(life.met.is_some()));
            CoxRow::whole_life(life.time as f64, life.left, vec![ever])
        })
        .collect();
    let naive = term(&naive).unwrap();
    assert!(naive.upper.unwrap() < 0.7, "the defect looks like protection: {naive:?}");
    let ours = exposure_hazard(&sets_of_days(&lives), Confidence::P95);
    let (low, high) = (ours.term.lower.unwrap(), ours.term.upper.unwrap());
    assert!(low < 1.0 && 1.0 < high && high / low < 1.3, "{ours:?}");
    assert!(ours.p.unwrap() > 0.05, "{ours:?}");
}

fn sets_of_days(lives: &[Life]) -> Vec<RiskSet> {
    let longest = lives.iter().map(|life| life.time).max().unwrap();
    let at = |time: u64| {
        let mut set = RiskSet { time: time as f64, at_risk: [0, 0], left: [0, 0] };
        for life in lives.iter().filter(|life| life.time >= time) {
            let side = usize::from(life.met.is_some_and(|met| met < time));
            set.at_risk[side] += 1;
            set.left[side] += u64::from(life.time == time && life.left);
        }
        set
    };
    (1..=longest).map(at).collect()
}
