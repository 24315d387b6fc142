//! The emotion curve of customers who told their feelings: every figure of it with an interval, by drawing customers anew.
//!
//! The feeling of a stage is the mean over the customers who told one there. A peak or a largest fall is the most extreme of
//! several means, so it lies further out than the truth by chance; how often a round puts it at the same stage says how
//! much of it is where it is.

use crate::bootstrap::percentile_interval;
use crate::chance::Chance;
use crate::covariance::by_content;
use crate::{Confidence, EmotionCurve, Estimate, Method, emotion_curve, mean_interval};

/// As many as an interval of percentiles wants.
pub const CURVE_ROUNDS: u64 = 1000;

/// The curve with its intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct FeltCurve {
    pub curve: EmotionCurve,
    /// Stage by stage, over the customers who told a feeling there; Student's interval.
    pub stages: Vec<Estimate>,
    pub mean: Estimate,
    pub area: Estimate,
    pub peak: Estimate,
    pub end: Estimate,
    pub peak_end: Estimate,
    /// `None` if the feeling never falls.
    pub largest_drop: Option<Estimate>,
    /// The shares of rounds in which peak and largest fall stand at the same stage as in the curve.
    pub peak_there: f64,
    pub drop_there: Option<f64>,
    pub n_customers: u64,
}

/// From the feelings of each customer, stage by stage. `None` without stages, or if nobody told a feeling of one of them.
pub fn felt_curve(
    stages: &[String],
    customers: &[Vec<Option<f64>>],
    (lowest, highest): (f64, f64),
    seed: u64,
    conf: Confidence,
) -> Option<FeltCurve> {
    let told =
        |row: &&Vec<Option<f64>>| row.len() == stages.len() && row.iter().any(Option::is_some);
    let mut rows: Vec<Vec<f64>> = customers
        .iter()
        .filter(told)
        .map(|row| row.iter().map(|feeling| feeling.unwrap_or(f64::NEG_INFINITY)).collect())
        .collect();
    // In an order of their own, so that no round depends on that of the input.
    rows.sort_by(|a, b| by_content(a, b));
    let curve_of = |means: Option<Vec<f64>>| {
        let named: Vec<(String, f64)> = stages.iter().cloned().zip(means?).collect();
        emotion_curve(&named)
    };
    let n_stages = stages.len();
    let curve = curve_of(means(&rows, 0..rows.len(), n_stages))?;
    let mut rounds: Vec<EmotionCurve> = Vec::new();
    for round in 0..CURVE_ROUNDS {
        let mut chance = Chance::of(seed, round);
        let drawn = (0..rows.len()).map(|_| chance.below(rows.len()));
        rounds.extend(curve_of(means(&rows, drawn, n_stages)));
    }
    let n = rows.len() as u64;
    let estimate = |value: f64, of: &dyn Fn(&EmotionCurve) -> Option<f64>| {
        let values: Vec<f64> = rounds.iter().filter_map(of).collect();
        let estimate = Estimate::point(value, n, Method::Percentile, conf).with_size_flag();
        match percentile_interval(&values, conf) {
            Some((lower, upper)) => estimate.with_interval(lower, upper),
            None => estimate,
        }
    };
    let share = |is_there: &dyn Fn(&EmotionCurve) -> bool| {
        rounds.iter().filter(|round| is_there(round)).count() as f64 / rounds.len().max(1) as f64
    };
    let drop_of = |curve: &EmotionCurve| curve.largest_drop.as_ref().map(|(drop, _)| *drop);
    let column = |stage: usize| -> Vec<Option<f64>> {
        rows.iter().map(|row| Some(row[stage]).filter(|feeling| feeling.is_finite())).collect()
    };
    Some(FeltCurve {
        stages: (0..n_stages)
            .map(|stage| mean_interval(&column(stage), conf, Some((lowest, highest))))
            .collect(),
        mean: estimate(curve.mean, &|round| Some(round.mean)),
        area: estimate(curve.area, &|round| Some(round.area)),
        peak: estimate(curve.peak, &|round| Some(round.peak)),
        end: estimate(curve.end, &|round| Some(round.end)),
        peak_end: estimate(curve.peak_end, &|round| Some(round.peak_end)),
        largest_drop: drop_of(&curve)
            .map(|drop| estimate(drop, &|round| Some(drop_of(round).unwrap_or(0.0)))),
        peak_there: share(&|round| round.peak_stage == curve.peak_stage),
        drop_there: curve.largest_drop.as_ref().map(|(_, into)| {
            share(&|round| round.largest_drop.as_ref().is_some_and(|(_, there)| there == into))
        }),
        n_customers: n,
        curve,
    })
}

/// The mean feeling of each stage over some of the customers; `None` if one of them has none.
fn means(
    rows: &[Vec<f64>],
    drawn: impl Iterator<Item = usize>,
    n_stages: usize,
) -> Option<Vec<f64>> {
    let mut sums = vec![(0.0, 0_u64); n_stages];
    for row in drawn {
        for (sum, feeling) in sums.iter_mut().zip(&rows[row]) {
            if feeling.is_finite() {
                *sum = (sum.0 + feeling, sum.1 + 1);
            }
        }
    }
    sums.into_iter().map(|(sum, n)| (n > 0).then(|| sum / n as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::felt_curve;
    use crate::Confidence;

    fn stages() -> Vec<String> {
        ["arrive", "shop", "leave"].map(str::to_owned).to_vec()
    }

    /// 60 customers: well at first, badly in the middle, every third one silent about the end.
    fn customers() -> Vec<Vec<Option<f64>>> {
        (0..60)
            .map(|n| {
                let sway = f64::from(n % 5) / 2.0 - 1.0;
                vec![Some(2.0 + sway), Some(-3.0 - sway), (n % 3 > 0).then_some(1.0 + sway)]
            })
            .collect()
    }

    #[test]
    fn every_figure_has_its_interval() {
        let felt = felt_curve(&stages(), &customers(), (-5.0, 5.0), 1, Confidence::P95).unwrap();
        assert_eq!((felt.n_customers, felt.stages[2].n), (60, 40));
        assert_eq!((felt.curve.peak_stage.as_str(), felt.peak_there), ("shop", 1.0));
        assert_eq!(felt.drop_there, Some(1.0));
        let drop = felt.largest_drop.as_ref().unwrap();
        for estimate in [&felt.mean, &felt.area, &felt.peak, &felt.end, &felt.peak_end, drop] {
            let (lower, upper) = estimate.interval().unwrap();
            let value = estimate.value.unwrap();
            assert!(lower <= value && value <= upper && lower < upper, "{estimate:?}");
        }
    }

    #[test]
    fn the_order_of_customers_says_nothing() {
        let mut turned = customers();
        turned.reverse();
        let felt = |rows: &[Vec<Option<f64>>]| {
            felt_curve(&stages(), rows, (-5.0, 5.0), 9, Confidence::P95)
        };
        assert_eq!(felt(&turned), felt(&customers()));
    }

    #[test]
    fn a_stage_that_nobody_felt_is_no_curve() {
        let nobody = vec![vec![Some(1.0), None, Some(2.0)]; 9];
        assert_eq!(felt_curve(&stages(), &nobody, (-5.0, 5.0), 1, Confidence::P95), None);
        assert_eq!(felt_curve(&[], &[], (-5.0, 5.0), 1, Confidence::P95), None);
    }
}
