//! What must hold whatever the numbers are.

mod text;

use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use stats::{
    Adjustment, Confidence, CoxRow, Estimate, Lifetime, Method, NpsCounts, NpsMethod,
    ProportionMethod, StepCount, Ties, TwoByTwo, VerdictKind, adjust_p, cox, kaplan_meier,
    log_rank, mean_interval, nps_interval, proportion_interval, proven, quantile_of_sorted,
    rolled_throughput_yield, verdict, wilson,
};

/// Rounding, relative to numbers of the size of a score in points.
const ROUNDING: f64 = 1e-9;

fn counts() -> impl Strategy<Value = NpsCounts> {
    (0_u64..60, 0_u64..60, 0_u64..60).prop_map(|(p, a, d)| NpsCounts::new(p, a, d))
}

fn lifetimes() -> impl Strategy<Value = Vec<Lifetime>> {
    let lifetime = (1_u8..12, any::<bool>())
        .prop_map(|(time, event)| Lifetime { time: f64::from(time), event });
    prop::collection::vec(lifetime, 1..40)
}

fn p_values() -> impl Strategy<Value = Vec<Option<f64>>> {
    prop::collection::vec(prop::option::weighted(0.9, 0.0..=1.0_f64), 0..30)
}

/// Every number of an estimate.
fn parts(estimate: &Estimate) -> [Option<f64>; 4] {
    [estimate.value, estimate.lower, estimate.upper, estimate.se]
}

proptest! {
    #[test]
    fn proportion_intervals_hold_the_point_and_widen_with_confidence(k in 0_u64..=400, rest in 0_u64..=400) {
        use ProportionMethod::{AgrestiCoull, ClopperPearson, Jeffreys, Wilson};
        let n = k + rest;
        for method in [Wilson, AgrestiCoull, ClopperPearson, Jeffreys] {
            let [narrow, wide] = [Confidence::P90, Confidence::P99].map(|conf| proportion_interval(k, n, method, conf));
            if n == 0 {
                prop_assert_eq!((narrow.share, narrow.low, narrow.high), (None, None, None));
                continue;
            }
            let (share, low, high) = (narrow.share.unwrap(), narrow.low.unwrap(), narrow.high.unwrap());
            prop_assert!((0.0..=share).contains(&low) && (share..=1.0).contains(&high), "{method:?}: {narrow:?}");
            prop_assert!(wide.low.unwrap() <= low && high <= wide.high.unwrap(), "{method:?}: {narrow:?} {wide:?}");
        }
    }

    #[test]
    fn nps_intervals_hold_the_point_and_widen_with_confidence(counts in counts()) {
        for method in [NpsMethod::Wald, NpsMethod::Goodman, NpsMethod::AdjustedWald, NpsMethod::Score] {
            let [narrow, wide] = [Confidence::P90, Confidence::P99].map(|conf| nps_interval(&counts, method, conf));
            let Some((lower, upper)) = narrow.interval() else {
                prop_assert_eq!(counts.n(), 0);
                continue;
            };
            let score = narrow.value.unwrap();
            prop_assert!(-100.0 <= lower && lower <= upper && upper <= 100.0);
            // Three imaginary answers pull the adjusted interval off a score at the edge of the scale.
            let may_miss = method == NpsMethod::AdjustedWald;
            let holds = lower <= score + ROUNDING && score <= upper + ROUNDING;
            prop_assert!(holds || may_miss, "{method:?}: {narrow:?}");
            let (wider_lower, wider_upper) = wide.interval().unwrap();
            prop_assert!(wider_lower <= lower + ROUNDING && upper <= wider_upper + ROUNDING, "{method:?}");
        }
    }

    #[test]
    fn nps_turns_round_when_promoters_and_detractors_change_places(counts in counts()) {
        let turned = NpsCounts::new(counts.detractors, counts.passives, counts.promoters);
        for method in [NpsMethod::Wald, NpsMethod::Goodman, NpsMethod::AdjustedWald, NpsMethod::Score] {
            let [a, b] = [counts, turned].map(|counts| nps_interval(&counts, method, Confidence::P95));
            let mirror = |x: Option<f64>, y: Option<f64>| match (x, y) {
                (Some(x), Some(y)) => (x + y).abs() < ROUNDING,
                (None, None) => true,
                _ => false,
            };
            prop_assert!(mirror(a.value, b.value) && mirror(a.lower, b.upper) && mirror(a.upper, b.lower), "{a:?} {b:?}");
        }
    }

    #[test]
    fn mean_intervals_hold_the_mean_and_do_not_depend_on_order(
        values in prop::collection::vec(prop::option::weighted(0.9, -50.0..50.0_f64), 0..30),
    ) {
        let [narrow, wide] = [Confidence::P90, Confidence::P99].map(|conf| mean_interval(&values, conf, None));
        if let Some((lower, upper)) = narrow.interval() {
            let (wider_lower, wider_upper) = wide.interval().unwrap();
            let ordered = [wider_lower, lower, narrow.value.unwrap(), upper, wider_upper];
            prop_assert!(ordered.is_sorted(), "{ordered:?}");
        }
        let mut backwards = values;
        backwards.reverse();
        prop_assert_eq!(mean_interval(&backwards, Confidence::P90, None), narrow);
    }

    #[test]
    fn the_needed_checks_settle_a_verdict_and_one_less_does_not(
        kept in 0_u64..300, broken in 0_u64..300, promise in 0.01..0.99_f64,
    ) {
        let n = kept + broken;
        let now = verdict(kept, n, promise, 0.0, Confidence::P95);
        prop_assert_eq!(now.kind != VerdictKind::NotProven, now.needed == Some(0));
        if let Some(needed @ 1..=1_000_000) = now.needed {
            let share = kept as f64 / n as f64;
            // A hundred thousandth of room for rounding on either side of the whole number.
            prop_assert!(score_statistic(share, promise, (n + needed) as f64 * 1.00001) >= Confidence::P95.z());
            prop_assert!(needed == 1 || score_statistic(share, promise, (n + needed - 1) as f64 * 0.99999) < Confidence::P95.z());
        }
    }

    #[test]
    fn more_kept_checks_never_worsen_a_verdict(kept in 0_u64..200, broken in 0_u64..200, promise in 0.0..=1.0_f64) {
        let rank = |kind| match kind {
            VerdictKind::Defective => 0,
            VerdictKind::NotProven => 1,
            VerdictKind::Meets => 2,
        };
        let at = |kept| verdict(kept, kept + broken, promise, 0.0, Confidence::P95);
        let (now, then) = (at(kept), at(kept + 1));
        if kept + broken > 0 {
            prop_assert!(rank(now.kind) <= rank(then.kind));
            prop_assert!(now.p.unwrap() <= then.p.unwrap() + ROUNDING);
        }
    }

    #[test]
    fn adjusted_p_values_keep_the_order_and_only_grow(p in p_values()) {
        use Adjustment::{BenjaminiHochberg, BenjaminiYekutieli, Holm};
        for adjustment in [BenjaminiHochberg, BenjaminiYekutieli, Holm] {
            let q = adjust_p(&p, adjustment);
            let mut both: Vec<(f64, f64)> = p.iter().zip(&q).filter_map(|(p, q)| p.zip(*q)).collect();
            prop_assert_eq!(both.len(), p.iter().flatten().count());
            prop_assert!(both.iter().all(|(p, q)| p <= q && *q <= 1.0));
            both.sort_by(|a, b| a.0.total_cmp(&b.0));
            prop_assert!(both.is_sorted_by(|a, b| a.1 <= b.1));
        }
    }

    #[test]
    fn what_is_proven_stays_proven_when_a_p_value_falls(p in p_values(), which in any::<prop::sample::Index>()) {
        if !p.is_empty() {
            let before = proven(&p, 0.1);
            let mut smaller = p;
            let place = which.index(smaller.len());
            smaller[place] = smaller[place].map(|p| p / 2.0);
            let after = proven(&smaller, 0.1);
            prop_assert!(before.iter().zip(&after).all(|(before, after)| !before || *after));
        }
    }

    #[test]
    fn survival_never_rises_and_stays_within_its_limits(lifetimes in lifetimes()) {
        let curve = kaplan_meier(&lifetimes, Confidence::P95);
        let heights: Vec<f64> = (0..14).map(|time| curve.survival_at(f64::from(time)).value.unwrap()).collect();
        prop_assert!(heights.is_sorted_by(|a, b| a >= b), "{heights:?}");
        for time in 0..14 {
            let at = curve.survival_at(f64::from(time));
            prop_assert!(parts(&at).iter().flatten().all(|part| part.is_finite()));
            if let Some((lower, upper)) = at.interval() {
                prop_assert!(0.0 <= lower && lower <= at.value.unwrap() && at.value.unwrap() <= upper && upper <= 1.0);
            }
        }
        // Without censoring the curve is the share that is left.
        let all: Vec<Lifetime> = lifetimes.iter().map(|life| Lifetime { event: true, ..*life }).collect();
        let left = all.iter().filter(|life| life.time > 5.0).count() as f64 / all.len() as f64;
        prop_assert!((kaplan_meier(&all, Confidence::P95).survival_at(5.0).value.unwrap() - left).abs() < ROUNDING);
    }

    #[test]
    fn the_restricted_mean_is_the_mean_when_nobody_is_censored(lifetimes in lifetimes()) {
        let all: Vec<Lifetime> = lifetimes.iter().map(|life| Lifetime { event: true, ..*life }).collect();
        let mean = all.iter().map(|life| life.time.min(8.0)).sum::<f64>() / all.len() as f64;
        let restricted = kaplan_meier(&all, Confidence::P95).restricted_mean(8.0);
        prop_assert!((restricted.value.unwrap() - mean).abs() < ROUNDING);
    }

    #[test]
    fn as_many_events_are_expected_as_observed(
        rows in prop::collection::vec((1_u8..40, any::<bool>(), 0_u8..4), 1..40),
    ) {
        let lives: Vec<(u8, Lifetime)> =
            rows.iter().map(|&(time, event, group)| (group, Lifetime { time: f64::from(time), event })).collect();
        let test = log_rank(&lives);
        let observed: f64 = test.groups.iter().map(|group| group.observed as f64).sum();
        let expected: f64 = test.groups.iter().map(|group| group.expected).sum();
        prop_assert!((observed - expected).abs() < ROUNDING);
        prop_assert!(test.p.is_none_or(|p| (0.0..=1.0).contains(&p)));
    }

    #[test]
    fn cox_answers_or_says_not_estimable_in_any_order(
        rows in prop::collection::vec((1_u8..9, any::<bool>(), 0_u8..3, -5_i8..5), 1..30),
    ) {
        let mut lives: Vec<CoxRow> = rows
            .iter()
            .map(|&(time, event, x, y)| CoxRow::whole_life(f64::from(time), event, vec![f64::from(x), f64::from(y)]))
            .collect();
        let fit = cox(&lives, Ties::Efron, Confidence::P95).unwrap();
        if let Some(fit) = &fit {
            prop_assert!(fit.loglik >= fit.loglik_null - ROUNDING);
            for term in &fit.terms {
                let parts = [term.coefficient, term.se, term.hazard_ratio, term.lower, term.upper];
                prop_assert!(parts.iter().all(Option::is_none) || parts.iter().flatten().filter(|x| x.is_finite()).count() == 5, "{term:?}");
            }
        }
        lives.reverse();
        prop_assert_eq!(cox(&lives, Ties::Efron, Confidence::P95).unwrap(), fit);
    }

    #[test]
    fn rolled_yield_lies_within_its_limits(steps in prop::collection::vec((0_u64..20, 0_u64..200), 1..8)) {
        let steps: Vec<StepCount> =
            steps.into_iter().map(|(defective, good)| StepCount { defective, units: defective + good }).collect();
        if let Some(rolled) = rolled_throughput_yield(&steps, Confidence::P95) {
            let value = rolled.yield_.value.unwrap();
            if let Some((lower, upper)) = rolled.yield_.interval() {
                prop_assert!(0.0 <= lower && lower <= value + ROUNDING && value <= upper + ROUNDING && upper <= 1.0);
            } else {
                prop_assert_eq!(value, 0.0);
            }
        } else {
            prop_assert!(steps.iter().any(|step| step.units == 0));
        }
    }

    #[test]
    fn no_table_gives_a_number_that_is_not_one(a in 0_u64..30, b in 0_u64..30, c in 0_u64..30, d in 0_u64..30) {
        let table = TwoByTwo { exposed_bad: a, exposed_good: b, unexposed_bad: c, unexposed_good: d };
        let found = table.association(Confidence::P95);
        let estimates = [&found.risk_difference, &found.risk_ratio, &found.odds_ratio, &found.attributable_fraction];
        for estimate in estimates {
            prop_assert!(parts(estimate).iter().flatten().all(|part| part.is_finite()), "{estimate:?}");
            if let (Some(value), Some((lower, upper))) = (estimate.value, estimate.interval()) {
                prop_assert!(lower <= value + ROUNDING && value <= upper + ROUNDING, "{estimate:?}");
            }
        }
        let pooled = stats::mantel_haenszel(&[table], Confidence::P95);
        if let (Some(pooled), false) = (pooled.risk_ratio.value, found.continuity_corrected) {
            prop_assert!((pooled - found.risk_ratio.value.unwrap()).abs() < ROUNDING, "one stratum is the table itself");
        }
    }

    #[test]
    fn quantiles_rise_and_stay_within_the_data(mut values in prop::collection::vec(-100.0..100.0_f64, 1..40)) {
        values.sort_by(f64::total_cmp);
        let at: Vec<f64> = (0..=20).map(|i| quantile_of_sorted(&values, f64::from(i) / 20.0).unwrap()).collect();
        prop_assert!(at.is_sorted());
        prop_assert_eq!((at[0], at[20]), (values[0], values[values.len() - 1]));
    }
}

/// The test that Wilson's interval inverts: distance of a share from a promise in standard errors under the promise.
fn score_statistic(share: f64, promise: f64, n: f64) -> f64 {
    (share - promise).abs() / (promise * (1.0 - promise) / n).sqrt()
}

#[test]
fn wilson_of_nothing_or_of_too_much_has_no_value() {
    for (k, n) in [(0, 0), (3, 2)] {
        let share = wilson(k, n, Confidence::P95);
        assert_eq!(
            (share.share, share.low, share.high, share.method),
            (None, None, None, Method::Wilson)
        );
    }
}
