//! What need, ease and delight weigh in loyalty: relative weights (Johnson 2000) of the three on the outcome, as shares of
//! what they hold together.
//!
//! Intervals leave out one of fifty groups of customers at a time (the delete-a-group jackknife, Kott 2001): customers and
//! not answers, and no chance in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Confidence, Covariance, Estimate, Flag, Method, regression, relative_weights};

const GROUPS: u64 = 50;

/// One customer's three answers about a touchpoint, with what the same customer said of the whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExperienceRow {
    pub customer: u64,
    pub need: f64,
    pub ease: f64,
    pub delight: f64,
    pub outcome: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ExperienceWeights {
    /// Of need, ease and delight; they sum to 1. Their n is that of the rows.
    pub weights: [Estimate; 3],
    /// What the three explain of the outcome's variance.
    pub r2: f64,
    /// Whether a better answer goes along with a better outcome for each of the three.
    pub all_upwards: bool,
    pub n_customers: u64,
}

/// `None` where one of the columns does not vary, or two cannot be told apart.
pub fn experience_weights(rows: &[ExperienceRow], conf: Confidence) -> Option<ExperienceWeights> {
    let (weights, covariance) = shares(rows.iter())?;
    let all = regression(&covariance)?;
    let customers: BTreeSet<u64> = rows.iter().map(|row| row.customer).collect();
    // Keys need not be spread evenly, so customers are dealt in the order of their keys.
    let group: BTreeMap<u64, u64> =
        customers.iter().zip(0..).map(|(customer, place)| (*customer, place % GROUPS)).collect();
    let is_of = |row: &ExperienceRow, out: u64| group.get(&row.customer) == Some(&out);
    let groups = GROUPS.min(customers.len() as u64);
    let left_out: Option<Vec<[f64; 3]>> = (0..groups)
        .map(|out| {
            let kept = rows.iter().filter(|row| !is_of(row, out));
            shares(kept).map(|(weights, _)| weights)
        })
        .collect();
    let estimate = |which: usize| {
        let point = Estimate::point(weights[which], rows.len() as u64, Method::Jackknife, conf)
            .flagged(Flag::Clustered);
        let Some(left_out) = left_out.as_ref().filter(|rounds| rounds.len() > 1) else {
            return point;
        };
        let n = left_out.len() as f64;
        let squares: f64 =
            left_out.iter().map(|round| (round[which] - weights[which]).powi(2)).sum();
        let se = (squares * (n - 1.0) / n).sqrt();
        let half = conf.t(n - 1.0) * se;
        point
            .with_se(se)
            .with_interval(weights[which] - half, weights[which] + half)
            .clipped(0.0, 1.0)
    };
    Some(ExperienceWeights {
        weights: [0, 1, 2].map(estimate),
        r2: all.r2,
        all_upwards: all.correlations.iter().all(|correlation| *correlation > 0.0),
        n_customers: customers.len() as u64,
    })
}

/// Relative weights as shares of their sum.
fn shares<'a>(rows: impl Iterator<Item = &'a ExperienceRow>) -> Option<([f64; 3], Covariance)> {
    let rows: Vec<Vec<Option<f64>>> =
        rows.map(|row| [row.outcome, row.need, row.ease, row.delight].map(Some).to_vec()).collect();
    let (covariance, _) = Covariance::of_rows(&rows)?;
    let weights = relative_weights(&covariance)?;
    let total: f64 = weights.iter().sum();
    let share = |which: usize| weights.get(which).map(|weight| weight / total);
    let shares = [share(0)?, share(1)?, share(2)?];
    shares.iter().all(|share| share.is_finite()).then_some((shares, covariance))
}

#[cfg(test)]
mod tests {
    use super::{ExperienceRow, experience_weights};
    use crate::Confidence;
    use crate::draws::Draws;

    fn rows(weights: [f64; 3], n: u64) -> Vec<ExperienceRow> {
        let mut draws = Draws::seeded(3);
        (0..n)
            .map(|number| {
                let [need, ease, delight] = [(); 3].map(|()| draws.normal());
                let told = weights[0] * need + weights[1] * ease + weights[2] * delight;
                let outcome = told + draws.normal();
                ExperienceRow { customer: number / 2, need, ease, delight, outcome }
            })
            .collect()
    }

    #[test]
    fn what_was_put_in_comes_out() {
        // Independent columns: shares are those of squared slopes, 4 : 1 : 1.
        let found = experience_weights(&rows([2.0, 1.0, 1.0], 4000), Confidence::P95).unwrap();
        for (weight, truth) in found.weights.iter().zip([4.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0]) {
            let (lower, upper) = weight.interval().unwrap();
            assert!(lower <= truth && truth <= upper, "{weight:?} {truth}");
            assert!(upper - lower < 0.1);
        }
        assert!((found.weights.iter().filter_map(|it| it.value).sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!((found.n_customers, found.all_upwards), (2000, true));
    }

    #[test]
    fn order_says_nothing_and_what_does_not_vary_has_no_weights() {
        let mut turned = rows([1.0, 1.0, -1.0], 300);
        turned.reverse();
        let found = experience_weights(&turned, Confidence::P95);
        assert_eq!(found, experience_weights(&rows([1.0, 1.0, -1.0], 300), Confidence::P95));
        assert_eq!(found.map(|found| found.all_upwards), Some(false));
        let flat: Vec<ExperienceRow> =
            turned.into_iter().map(|row| ExperienceRow { ease: 3.0, ..row }).collect();
        assert_eq!(experience_weights(&flat, Confidence::P95), None);
        assert_eq!(experience_weights(&[], Confidence::P95), None);
    }
}
