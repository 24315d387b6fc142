//! What must hold of weights, charts, effects of changes and cadence, whatever the numbers are.

use std::collections::BTreeMap;

use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use stats::{
    Aim, Baseline, BeforeAfterRow, Candidate, Comparison, ComparisonVerdict, Confidence, Contacts,
    Count, CusumRule, DifferenceInDifferences, Estimate, EwmaRule, FourSamples, Margin, Measured,
    Method, NpsCounts, NpsMethod, Power, Proof, Sides, Steady, Wanted, cadence, change_points,
    compare_all, cuped, cusum, cusum_run_length, difference_in_differences, ewma_chart,
    ewma_run_length, interrupted_series, judge, mean_interval, n_eff, nps_did, nps_interval,
    nps_poststratified, p_chart, priorities, rake, trim_weights, u_chart, weighted_mean,
    weighted_nps,
};

const ROUNDING: f64 = 1e-9;

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= ROUNDING * (1.0 + a.abs().max(b.abs())),
        (None, None) => true,
        _ => false,
    }
}

fn negative(value: Option<f64>) -> Option<f64> {
    value.map(|value| -value)
}

/// The same estimate of the opposite.
fn is_mirrored(a: &Estimate, b: &Estimate) -> bool {
    near(a.value, negative(b.value))
        && near(a.lower, negative(b.upper))
        && near(a.upper, negative(b.lower))
        && near(a.se, b.se)
}

fn nps_counts() -> impl Strategy<Value = NpsCounts> {
    (0_u64..40, 0_u64..40, 0_u64..40).prop_map(|(p, a, d)| NpsCounts::new(p, a, d))
}

fn answers() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((0_u8..=10).prop_map(f64::from), 0..40)
}

/// Periods whose units vary.
fn counted() -> impl Strategy<Value = Vec<Count>> {
    let count = (0_u64..20, 20_u64..200)
        .prop_map(|(events, of)| Count { events: events.min(of), of: of as f64 });
    prop::collection::vec(count, 20..40)
}

fn rows() -> impl Strategy<Value = Vec<BeforeAfterRow<u32>>> {
    let row = (-9.0..9.0_f64, 0_u32..14, any::<bool>());
    let row = row.prop_map(|(value, unit, after)| BeforeAfterRow {
        value,
        treated: unit % 2 == 0,
        after,
        unit,
    });
    prop::collection::vec(row, 0..50)
}

/// Rows by age and region; every category is someone's, as each combination occurs.
fn margins() -> impl Strategy<Value = [Margin; 2]> {
    let extra = prop::collection::vec((0_usize..3, 0_usize..2), 0..30);
    (extra, 10.0..90.0_f64, 10.0..90.0_f64, 10.0..90.0_f64, 0.1..0.9_f64).prop_map(
        |(extra, young, middle, old, north)| {
            let ages = ["young", "middle", "old"];
            let regions = ["north", "south"];
            let each = (0..3).flat_map(|age| (0..2).map(move |region| (age, region)));
            let rows: Vec<(usize, usize)> = each.chain(extra).collect();
            let total = young + middle + old;
            let named = |pairs: &[(&str, f64)]| -> BTreeMap<String, f64> {
                pairs.iter().map(|(name, target)| ((*name).to_owned(), *target)).collect()
            };
            [
                Margin {
                    labels: rows.iter().map(|row| ages[row.0].to_owned()).collect(),
                    targets: named(&[("young", young), ("middle", middle), ("old", old)]),
                },
                Margin {
                    labels: rows.iter().map(|row| regions[row.1].to_owned()).collect(),
                    targets: named(&[("north", total * north), ("south", total * (1.0 - north))]),
                },
            ]
        },
    )
}

proptest! {
    #[test]
    fn weights_of_one_change_nothing(answers in answers(), weight in 0.1..50.0_f64) {
        let plain: Vec<Option<f64>> = answers.iter().copied().map(Some).collect();
        let one: Vec<(f64, Option<f64>)> = plain.iter().map(|answer| (weight, *answer)).collect();
        let (weighted, mean) = (weighted_mean(&one, Confidence::P95), mean_interval(&plain, Confidence::P95, None));
        let parts = |estimate: &Estimate| [estimate.value, estimate.lower, estimate.upper, estimate.se];
        for (a, b) in parts(&weighted.estimate).into_iter().zip(parts(&mean)) {
            prop_assert!(near(a, b), "{a:?} {b:?}");
        }
        let nps = weighted_nps(&one, Confidence::P95).estimate;
        prop_assert!(near(nps.value, NpsCounts::of(&plain).score()));
        if !answers.is_empty() {
            prop_assert!(near(weighted.design_effect, Some(1.0)));
        }
    }

    #[test]
    fn weights_never_make_answers_worth_more_than_they_are(weights in prop::collection::vec(0.0..9.0_f64, 1..40)) {
        if let Some(effective) = n_eff(&weights) {
            prop_assert!(effective >= 1.0 - ROUNDING && effective <= weights.len() as f64 + ROUNDING);
        }
    }

    #[test]
    fn strata_that_answered_alike_change_nothing(groups in prop::collection::vec(nps_counts(), 1..4), times in 1.0..90.0_f64) {
        let mut answers = Vec::new();
        let mut customers = BTreeMap::new();
        for (i, counts) in groups.iter().enumerate().filter(|(_, counts)| counts.n() > 0) {
            for (answer, n) in [(10.0, counts.promoters), (8.0, counts.passives), (2.0, counts.detractors)] {
                answers.extend((0..n).map(|_| (format!("{i}"), Some(answer))));
            }
            customers.insert(format!("{i}"), times * counts.n() as f64);
        }
        let score = nps_poststratified(&answers, &customers, Confidence::P95).unwrap();
        prop_assert!(near(score.estimate.value, score.unweighted));
        let total: f64 = score.strata.iter().map(|stratum| stratum.weight * stratum.n as f64).sum();
        prop_assert!(near(Some(total), Some(customers.values().sum())));
        answers.reverse();
        prop_assert_eq!(nps_poststratified(&answers, &customers, Confidence::P95).unwrap(), score);
    }

    #[test]
    fn raked_weights_add_up_to_the_targets_in_any_order(margins in margins()) {
        let weights = rake(&margins, None).unwrap().weights;
        for margin in &margins {
            for (category, target) in &margin.targets {
                let labelled = margin.labels.iter().zip(&weights).filter(|(label, _)| *label == category);
                let sum: f64 = labelled.map(|(_, weight)| weight).sum();
                prop_assert!((sum / target - 1.0).abs() < 1e-8, "{category}: {sum}, {target}");
            }
        }
        let mut backwards = margins;
        backwards.iter_mut().for_each(|margin| margin.labels.reverse());
        let mut again = rake(&backwards, None).unwrap().weights;
        again.reverse();
        prop_assert_eq!(again, weights);
    }

    #[test]
    fn trimming_keeps_the_sum_and_the_cap(weights in prop::collection::vec(0.1..9.0_f64, 1..30), times in 1.0..6.0_f64) {
        if let Some(trimmed) = trim_weights(&weights, times) {
            prop_assert!(near(Some(trimmed.weights.iter().sum()), Some(weights.iter().sum())));
            prop_assert!(trimmed.weights.iter().all(|weight| *weight <= trimmed.cap * (1.0 + ROUNDING)));
        }
    }

    #[test]
    fn charts_of_merged_periods_have_the_same_centre(counts in counted(), which in any::<prop::sample::Index>()) {
        let place = which.index(counts.len() - 1);
        let mut merged = counts.clone();
        let next = merged.remove(place + 1);
        merged[place] = Count { events: merged[place].events + next.events, of: merged[place].of + next.of };
        for chart in [p_chart, u_chart] {
            let [apart, together] = [&counts, &merged].map(|counts| chart(counts, &Baseline::All, 3.0).unwrap());
            prop_assert!(near(apart.centre, together.centre));
            // More units are known better.
            let width = |chart: &stats::Chart, place: usize| chart.points[place].upper.unwrap() - chart.centre.unwrap();
            prop_assert!(width(&together, place) <= width(&apart, place) + ROUNDING);
        }
    }

    #[test]
    fn limits_do_not_learn_from_what_they_judge(counts in counted(), later in counted()) {
        let frozen = Baseline::Frozen(0..counts.len());
        let long = [counts.clone(), later].concat();
        if let (Ok(short), Ok(long)) = (p_chart(&counts, &frozen, 3.0), p_chart(&long, &frozen, 3.0)) {
            prop_assert_eq!(&short.points[..], &long.points[..counts.len()]);
            prop_assert!(short.points.iter().all(|point| point.signals.is_empty()));
        }
    }

    #[test]
    fn what_falls_mirrors_what_rises(values in prop::collection::vec(-5.0..5.0_f64, 0..30)) {
        let steady = Steady { centre: 0.0, sd: 1.3 };
        let up: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        let down: Vec<Option<f64>> = values.iter().map(|value| Some(-value)).collect();
        let [a, b] = [&up, &down].map(|values| cusum(values, steady, CusumRule::CUSTOMARY).unwrap());
        prop_assert!(a.up.iter().zip(&b.down).all(|(a, b)| near(*a, negative(*b))));
        prop_assert_eq!(a.chart.first_signal(), b.chart.first_signal());
        let [a, b] = [&up, &down].map(|values| ewma_chart(values, steady, EwmaRule::CUSTOMARY).unwrap());
        prop_assert_eq!(a.out(), b.out());
    }

    #[test]
    fn wider_limits_run_longer_and_shifts_are_found_sooner(
        narrow in 0.5..4.0_f64, more in 0.1..1.0_f64, shift in 0.0..2.0_f64, memory in 0.05..1.0_f64,
    ) {
        let sums = |limit, shift| cusum_run_length(CusumRule { allowance: 0.5, limit }, shift).unwrap();
        prop_assert!(sums(narrow, shift) < sums(narrow + more, shift));
        prop_assert!(sums(narrow, shift) > sums(narrow, shift + more));
        prop_assert!(near(Some(sums(narrow, shift)), Some(sums(narrow, -shift))));
        let average = |width, shift| ewma_run_length(EwmaRule { memory, width }, shift).unwrap();
        prop_assert!(average(narrow, shift) < average(narrow + more, shift));
        prop_assert!(average(narrow, shift) > average(narrow, shift + more));
    }

    #[test]
    fn differences_turn_round_with_the_groups_and_not_with_the_rows(rows in rows()) {
        let found = difference_in_differences(&rows, Confidence::P95);
        let turned: Vec<BeforeAfterRow<u32>> =
            rows.iter().map(|row| BeforeAfterRow { treated: !row.treated, ..row.clone() }).collect();
        let turned = difference_in_differences(&turned, Confidence::P95);
        prop_assert!(is_mirrored(&found.estimate, &turned.estimate), "{found:?} {turned:?}");
        let p = |found: &DifferenceInDifferences| found.permutation.as_ref().map(|permutation| permutation.p);
        prop_assert!(near(p(&found), p(&turned)));
        let mut backwards = rows;
        backwards.reverse();
        prop_assert_eq!(difference_in_differences(&backwards, Confidence::P95), found);
    }

    #[test]
    fn a_constant_effect_is_added_and_its_p_value_agrees_with_its_interval(
        values in prop::collection::vec((-3.0..3.0_f64, -3.0..3.0_f64), 8), effect in -9.0..9.0_f64,
    ) {
        let rows = |effect: f64| -> Vec<BeforeAfterRow<usize>> {
            values
                .iter()
                .enumerate()
                .flat_map(|(unit, (before, after))| {
                    let treated = unit < 4;
                    let gained = if treated { effect } else { 0.0 };
                    [(*before, false), (*after + gained, true)]
                        .map(|(value, after)| BeforeAfterRow { value, treated, after, unit })
                })
                .collect()
        };
        let [without, with] = [0.0, effect].map(|effect| difference_in_differences(&rows(effect), Confidence::P95));
        prop_assert!(near(with.estimate.value, without.estimate.value.map(|value| value + effect)));
        prop_assert!(near(with.estimate.se, without.estimate.se));
        let permutation = with.permutation.unwrap();
        prop_assert_eq!(permutation.n_assignments, 70);
        let (lower, upper) = permutation.interval.unwrap();
        let (before, after) = without.permutation.unwrap().interval.unwrap();
        prop_assert!(near(Some(lower), Some(before + effect)) && near(Some(upper), Some(after + effect)));
        let holds_zero = lower < -ROUNDING && upper > ROUNDING;
        let excludes_zero = lower > ROUNDING || upper < -ROUNDING;
        prop_assert!(!holds_zero || permutation.p > 0.05);
        prop_assert!(!excludes_zero || permutation.p <= 0.05);
    }

    #[test]
    fn four_samples_turn_round(a in nps_counts(), b in nps_counts(), c in nps_counts(), d in nps_counts()) {
        let samples = FourSamples { treated_before: a, treated_after: b, control_before: c, control_after: d };
        let turned = FourSamples { treated_before: c, treated_after: d, control_before: a, control_after: b };
        let [found, turned] = [samples, turned].map(|samples| nps_did(&samples, Confidence::P95));
        prop_assert!(is_mirrored(&found.estimate, &turned.estimate) && near(found.p, turned.p));
    }

    #[test]
    fn what_was_known_before_may_be_in_any_unit(
        pairs in prop::collection::vec((0.0..9.0_f64, 0.0..9.0_f64, any::<bool>()), 4..40), scale in 0.5..5.0_f64,
    ) {
        let groups = |scale: f64| [true, false].map(|changed| -> Vec<(Option<f64>, Option<f64>)> {
            let of_group = pairs.iter().filter(|pair| pair.2 == changed);
            of_group.map(|(y, x, _)| (Some(*y), Some(scale * x - 7.0))).collect()
        });
        let [one, other] = [1.0, scale].map(|scale| {
            let [changed, control] = groups(scale);
            cuped(&control, &changed, Confidence::P95)
        });
        prop_assert!(near(one.adjusted.difference.value, other.adjusted.difference.value));
        let rough = |a: Option<f64>, b: Option<f64>| a.zip(b).is_none_or(|(a, b)| (a - b).abs() < 1e-6);
        prop_assert!(rough(one.variance_ratio, other.variance_ratio));
    }

    #[test]
    fn a_series_keeps_its_breaks_when_a_line_is_added(
        values in prop::collection::vec(-5.0..5.0_f64, 16..40), level in -9.0..9.0_f64, slope in -2.0..2.0_f64,
    ) {
        let tilted = values.iter().enumerate().map(|(t, value)| Some(value + level + slope * t as f64));
        let tilted: Vec<Option<f64>> = tilted.collect();
        let plain: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        let [a, b] = [plain, tilted].map(|series| interrupted_series(&series, 8, None, Confidence::P95).unwrap());
        let close = |a: &Estimate, b: &Estimate| (a.value.unwrap() - b.value.unwrap()).abs() < 1e-7;
        prop_assert!(close(&a.level_change, &b.level_change) && close(&a.effect_at_end, &b.effect_at_end));
        prop_assert!((b.trend.value.unwrap() - a.trend.value.unwrap() - slope).abs() < 1e-7);
    }

    #[test]
    fn levels_meet_at_change_points(values in prop::collection::vec(-2.0..2.0_f64, 8..30), jump in 4.0..9.0_f64) {
        let half = values.len() / 2;
        let series: Vec<Option<Measured>> = values
            .iter()
            .enumerate()
            .map(|(t, value)| Some(Measured { value: if t < half { *value } else { value + jump }, variance: 0.5 }))
            .collect();
        let found = change_points(&series, Confidence::P95, 5).unwrap();
        prop_assert!(found.windows(2).all(|pair| pair[0].index + 3 <= pair[1].index && pair[0].after == pair[1].before));
        prop_assert!(found.iter().all(|point| point.index >= 3 && point.index + 3 <= values.len()));
        prop_assert_eq!(change_points(&series, Confidence::P95, 5).unwrap(), found);
    }

    #[test]
    fn what_is_better_one_way_is_worse_the_other(
        value in -9.0..9.0_f64, half in 0.1..9.0_f64, smallest in 0.0..5.0_f64,
    ) {
        let estimate = |value: f64| {
            Estimate::point(value, 90, Method::Wald, Confidence::P95).with_interval(value - half, value + half)
        };
        let verdict = |value, wanted| judge(&estimate(value), Aim { wanted, smallest }, Power::CUSTOMARY);
        prop_assert_eq!(verdict(value, Wanted::Higher), verdict(-value, Wanted::Lower));
        let found = verdict(value, Wanted::Higher).proof;
        prop_assert!(found != Proof::Improved || value > half);
        prop_assert!(found != Proof::Worse || value < -half);
    }

    #[test]
    fn rows_turn_round_with_their_sides(pairs in prop::collection::vec((nps_counts(), nps_counts()), 0..12)) {
        let rows = |turned: bool| -> Vec<Comparison> {
            let sides = |(a, b): &(NpsCounts, NpsCounts)| if turned { Sides::Nps(*b, *a) } else { Sides::Nps(*a, *b) };
            pairs.iter().map(|pair| Comparison { name: "touchpoint".to_owned(), sides: sides(pair) }).collect()
        };
        let [found, turned] = [false, true].map(|turned| compare_all(&rows(turned), Confidence::P95, Power::CUSTOMARY));
        for (a, b) in found.iter().zip(&turned) {
            prop_assert!(is_mirrored(&a.difference, &b.difference) && near(a.q, b.q) && near(a.detectable, b.detectable));
            let expected = match a.verdict {
                ComparisonVerdict::Higher => ComparisonVerdict::Lower,
                ComparisonVerdict::Lower => ComparisonVerdict::Higher,
                none @ ComparisonVerdict::NoDetectableDifference => none,
            };
            prop_assert_eq!(b.verdict, expected);
        }
    }

    #[test]
    fn cadence_is_a_share_of_what_was_watched(
        days in prop::collection::vec(prop::collection::vec(0_i64..400, 0..9), 0..12), expected in 5.0..90.0_f64,
    ) {
        let customers: Vec<Contacts> =
            days.iter().map(|days| Contacts { since: Some(0), until: None, days: days.clone() }).collect();
        let found = cadence(&customers, 365, expected, Confidence::P95).unwrap();
        prop_assert!(found.beats.k <= found.beats.n && found.overdue.k <= found.overdue.n);
        prop_assert!(found.adherence.value.is_none_or(|share| (0.0..=1.0).contains(&share)));
        prop_assert_eq!(found.overdue_customers.len() as u64, found.overdue.k);
        let mut backwards = customers;
        backwards.reverse();
        let again = cadence(&backwards, 365, expected, Confidence::P95).unwrap();
        prop_assert_eq!((&again.curve, &again.adherence, &again.beats), (&found.curve, &found.adherence, &found.beats));
    }

    #[test]
    fn priorities_share_out_all_there_is(
        factors in prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64, -3.0..3.0_f64), 0..9),
    ) {
        let candidates: Vec<Candidate> = factors
            .iter()
            .enumerate()
            .map(|(i, (reach, importance, gap))| Candidate {
                name: format!("touchpoint {i}"),
                reach: Some(*reach),
                importance: Some(*importance),
                gap: Some(*gap),
            })
            .collect();
        let ranked = priorities(&candidates);
        let shares: Vec<f64> = ranked.iter().filter_map(|one| one.share).collect();
        prop_assert!(shares.is_empty() || (shares.iter().sum::<f64>() - 1.0).abs() < ROUNDING);
        prop_assert!(ranked.is_sorted_by(|a, b| a.score >= b.score));
    }
}

/// Not weighted at all, so that the two files of code cannot agree on a mistake of one of them.
#[test]
fn a_weighted_score_is_the_plain_one() {
    let answers: Vec<(f64, Option<f64>)> = [9.0, 10.0, 3.0, 7.0].map(|a| (2.0, Some(a))).to_vec();
    let plain = nps_interval(&NpsCounts::new(2, 1, 1), NpsMethod::Wald, Confidence::P95);
    let weighted = weighted_nps(&answers, Confidence::P95).estimate;
    // Divisor n − 1 here, n there.
    let corrected = plain.se.map(|se| se * (4.0_f64 / 3.0).sqrt());
    assert!(near(weighted.value, plain.value) && near(weighted.se, corrected));
}
