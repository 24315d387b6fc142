//! What must hold of importance whatever customers answer.

use proptest::prelude::{
    ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use stats::drivers::{Analysis, Answer, Drivers, Matters, Options, Row, Survey, drivers};
use stats::{
    Confidence, Covariance, Estimate, em_covariance, importance_with_unmet, lmg, lmg_sampled,
    nearest_correlation, pairwise_correlation, regression, relative_weights,
};

const ROUNDING: f64 = 1e-9;

type Table = Vec<Vec<Option<f64>>>;

/// Rows of whole numbers with gaps, the outcome first.
fn table(share_known: f64) -> impl Strategy<Value = Table> {
    (2_usize..6).prop_flat_map(move |columns| {
        let cell = prop::option::weighted(share_known, (0_u8..6).prop_map(f64::from));
        prop::collection::vec(prop::collection::vec(cell, columns), 0..40)
    })
}

/// A survey of five touchpoints, the last two rarely met, with three rows to every two customers.
fn survey() -> impl Strategy<Value = (Vec<Row>, u64)> {
    let score = || (0_u8..11).prop_map(|score| Answer::Score(f64::from(score)));
    let often = || prop_oneof![8 => score(), 2 => any::<bool>().prop_map(|_| Answer::NotMet), 1 => any::<bool>().prop_map(|_| Answer::NotAsked)];
    let rarely = || prop_oneof![1 => score(), 3 => any::<bool>().prop_map(|_| Answer::NotMet)];
    let answers = (score(), often(), often(), rarely(), rarely())
        .prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e]);
    let row = (0_u64..60, prop::option::weighted(0.95, 0_u8..11), answers, any::<bool>());
    let rows = prop::collection::vec(row, 0..90).prop_map(|rows| {
        let row =
            |(customer, outcome, answers, attribute): (u64, Option<u8>, Vec<Answer>, bool)| Row {
                customer,
                outcome: outcome.map(f64::from),
                answers,
                attributes: vec![Some(f64::from(u8::from(attribute)))],
            };
        rows.into_iter().map(row).collect()
    });
    (rows, any::<u64>())
}

fn names() -> Vec<String> {
    ["range", "app", "till", "returns", "parking"].map(str::to_owned).to_vec()
}

/// The survey with rows backwards and touchpoints moved on by some places.
fn turned(rows: &[Row], by: usize) -> Survey {
    let mut touchpoints = names();
    touchpoints.rotate_left(by);
    let turned = rows.iter().rev().cloned().map(|mut row| {
        row.answers.rotate_left(by);
        row
    });
    Survey::new(touchpoints, turned.collect()).unwrap()
}

fn options(matters: Matters, seed: u64) -> Options {
    Options { matters, seed, conf: Confidence::P95 }
}

fn few_rounds(survey: &Survey, options: &Options) -> Option<Analysis> {
    let drivers = Drivers::of(survey, options).ok()?;
    drivers.analysis(&drivers.rounds(0..12))
}

fn estimates(analysis: &Analysis) -> Vec<&Estimate> {
    let of_drivers = analysis.drivers.iter().flat_map(|driver| [&driver.importance, &driver.share]);
    of_drivers.chain([&analysis.r2]).collect()
}

fn moved<T: Clone>(values: &[T], by: usize) -> Vec<T> {
    let mut moved = values.to_vec();
    moved.rotate_left(by);
    moved
}

fn close(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance)
}

proptest! {
    #[test]
    fn shares_sum_to_r2_and_move_with_their_columns(rows in table(0.999), by in 0_usize..5) {
        let Some((covariance, _)) = Covariance::of_rows(&rows) else { return Ok(()) };
        let all = [regression(&covariance).is_some(), lmg(&covariance).is_some(), relative_weights(&covariance).is_some()];
        prop_assert!(all == [true; 3] || all == [false; 3], "{all:?}");
        let Some(fit) = regression(&covariance) else { return Ok(()) };
        let by = by % (covariance.size() - 1);
        let shifted: Table = rows.iter().map(|row| [&row[..1], &moved(&row[1..], by)].concat()).collect();
        let (shifted, _) = Covariance::of_rows(&shifted).unwrap();
        for shares in [lmg, relative_weights] {
            let (there, here) = (shares(&shifted).unwrap(), shares(&covariance).unwrap());
            prop_assert!(here.iter().all(|&share| share >= -ROUNDING), "{here:?}");
            prop_assert!((here.iter().sum::<f64>() - fit.r2).abs() < 1e-7, "{here:?} {fit:?}");
            prop_assert!(close(&moved(&here, by), &there, 1e-6), "{here:?} {there:?}");
        }
        let sampled = lmg_sampled(&covariance, 20, 1).unwrap();
        prop_assert!((sampled.shares.iter().sum::<f64>() - sampled.r2).abs() < ROUNDING);
        prop_assert!((sampled.r2 - fit.r2).abs() < 1e-6);
    }

    #[test]
    fn players_of_two_columns_share_all_of_r2(rows in table(0.8)) {
        let Some(first) = rows.first() else { return Ok(()) };
        let column = |c: usize| rows.iter().map(|row| row[c]).collect::<Vec<_>>();
        let touchpoints: Vec<_> = (1..first.len()).map(column).collect();
        if let Some(found) = importance_with_unmet(&column(0), &touchpoints) {
            let sum: f64 = found.shares.iter().flatten().sum();
            prop_assert!((sum - found.r2).abs() < 1e-6, "{found:?}");
            prop_assert!(found.shares.iter().flatten().all(|&share| share >= -ROUNDING));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn gaps_give_finite_numbers_in_any_order(rows in table(0.7)) {
        let mut backwards = rows.clone();
        backwards.reverse();
        let fit = em_covariance(&rows);
        prop_assert_eq!(&fit, &em_covariance(&backwards));
        if let Some(fit) = fit {
            prop_assert!(fit.means.iter().chain(fit.covariance.rows().iter().flatten()).all(|x| x.is_finite()));
            prop_assert!(fit.covariance.smallest_eigenvalue().unwrap() > -1e-6);
        }
        let pairwise = pairwise_correlation(&rows);
        prop_assert_eq!(&pairwise, &pairwise_correlation(&backwards));
        if let Some(matrix) = pairwise.and_then(|pairwise| pairwise.matrix()) {
            let (nearest, _) = nearest_correlation(&matrix).unwrap();
            prop_assert!(nearest.smallest_eigenvalue().unwrap() > -1e-6);
        }
    }

    #[test]
    fn no_order_and_no_split_changes_an_analysis((rows, seed) in survey(), by in 0_usize..5) {
        for matters in [Matters::ToThoseWhoMeet, Matters::AcrossAllCustomers] {
            let options = options(matters, seed);
            let survey = Survey::new(names(), rows.clone()).unwrap();
            let found = few_rounds(&survey, &options);
            prop_assert_eq!(&found, &few_rounds(&turned(&rows, by), &options));
            let Some(found) = found else { continue };
            let ready = Drivers::of(&survey, &options).unwrap();
            let split = [ready.rounds(9..12), ready.rounds(0..9), ready.rounds(3..4)].concat();
            prop_assert_eq!(Some(found), ready.analysis(&split));
        }
    }

    #[test]
    fn an_analysis_holds_together((rows, seed) in survey()) {
        for matters in [Matters::ToThoseWhoMeet, Matters::AcrossAllCustomers] {
            let survey = Survey::new(names(), rows.clone()).unwrap();
            let Some(found) = few_rounds(&survey, &options(matters, seed)) else { continue };
            let parts = |estimate: &Estimate| [estimate.value, estimate.lower, estimate.upper];
            prop_assert!(estimates(&found).iter().flat_map(|e| parts(e)).flatten().all(|x| x.is_finite() && x > -ROUNDING));
            let sum: f64 = found.drivers.iter().filter_map(|driver| driver.importance.value).sum();
            prop_assert!((sum - found.r2.value.unwrap()).abs() < 1e-6, "{found:?}");
            prop_assert!(found.drivers.is_sorted_by_key(|driver| driver.rank));
            prop_assert_eq!(found.rounds + found.rounds_failed, 12);
            let told = found.drivers.len() - usize::from(!found.pooled.is_empty()) + found.pooled.len() + found.left_out.len();
            prop_assert_eq!(told, names().len());
        }
    }
}

#[test]
fn too_little_data_is_told_and_never_a_number() {
    let row = |i: u32, outcome: f64, score: f64| Row {
        customer: u64::from(i),
        outcome: Some(outcome),
        answers: vec![Answer::Score(score)],
        attributes: vec![],
    };
    let asked = |rows: Vec<Row>| {
        let survey = Survey::new(vec!["till".to_owned()], rows).unwrap();
        [Matters::ToThoseWhoMeet, Matters::AcrossAllCustomers].map(|matters| {
            drivers(&survey, &options(matters, 1)).map(|_| ()).unwrap_err().to_string()
        })
    };
    let varied = |i: u32| f64::from(i * i % 7);
    let told = |rows: Vec<Row>, why: &str| {
        for answer in asked(rows) {
            assert!(answer.starts_with("not enough data") && answer.contains(why), "{answer}");
        }
    };
    told(vec![], "0 rows");
    told(vec![row(1, 2.0, 3.0)], "1 rows");
    told(vec![row(1, f64::NAN, 3.0), row(2, f64::INFINITY, 4.0)], "0 rows");
    told((0..50).map(|i| row(i, 5.0, varied(i))).collect(), "outcomes are equal");
    told((0..50).map(|i| row(i, varied(i), 4.0)).collect(), "no touchpoint");
    told((0..50).map(|i| row(i, varied(i), f64::NAN)).collect(), "no touchpoint");
    told((0..29).map(|i| row(i, varied(i), f64::from(i % 5))).collect(), "no touchpoint");
    told((0..50).map(|i| row(i % 20, varied(i), f64::from(i % 5))).collect(), "no touchpoint");
}
