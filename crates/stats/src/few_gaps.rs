//! Gaps between contacts where customers are few: intervals by drawing customers, not gaps, anew.
//!
//! The gaps of one customer go together, so that the limits of their curve are too narrow; with some fifty customers and more
//! that no longer matters. Rounds are drawn from streams of their own ([`chance`](crate::chance)), limits are percentiles (Efron
//! 1979).

use crate::chance::Chance;
use crate::quantile::quantile_of_sorted;
use crate::{Confidence, Estimate, Lifetime, Method, kaplan_meier};

/// Median gap and share of gaps within what was expected; n is customers.
#[derive(Debug, Clone, PartialEq)]
pub struct FewGaps {
    pub median: Estimate,
    pub within_expected: Estimate,
    pub rounds: u64,
    pub seed: u64,
}

const ROUNDS: u64 = 1_000;

/// The gaps of each customer; those that no contact ended are no events.
pub fn few_gaps(
    customers: &[Vec<Lifetime>],
    expected: f64,
    conf: Confidence,
    seed: u64,
) -> FewGaps {
    let mut sorted: Vec<Vec<Lifetime>> = customers.to_vec();
    let order = |a: &Lifetime, b: &Lifetime| a.time.total_cmp(&b.time).then(a.event.cmp(&b.event));
    sorted.iter_mut().for_each(|gaps| gaps.sort_by(order));
    sorted.sort_by(|a, b| {
        let parts = a.iter().zip(b).map(|(a, b)| order(a, b));
        parts.fold(a.len().cmp(&b.len()), std::cmp::Ordering::then)
    });
    let found = |gaps: &[Lifetime]| {
        let curve = kaplan_meier(gaps, conf);
        (curve.median().value, curve.survival_at(expected).value.map(|beyond| 1.0 - beyond))
    };
    let (median, within) = found(&sorted.concat());
    let rounds: Vec<(Option<f64>, Option<f64>)> = (0..if sorted.len() > 1 { ROUNDS } else { 0 })
        .map(|round| {
            let mut chance = Chance::of(seed, round);
            let drawn = (0..sorted.len()).map(|_| sorted[chance.below(sorted.len())].as_slice());
            found(&drawn.collect::<Vec<_>>().concat())
        })
        .collect();
    let estimate = |value: Option<f64>, drawn: Vec<f64>| Estimate {
        value,
        n: sorted.len() as u64,
        lower: limit(&drawn, 1.0 - conf.upper_tail()),
        upper: limit(&drawn, conf.upper_tail()),
        ..Estimate::none(Method::Percentile, conf)
    };
    // A median that is not reached lies beyond all others.
    let medians = rounds.iter().map(|round| round.0.unwrap_or(f64::INFINITY)).collect();
    let shares = rounds.iter().filter_map(|round| round.1).collect();
    FewGaps {
        median: estimate(median, medians),
        within_expected: estimate(within, shares),
        rounds: rounds.len() as u64,
        seed,
    }
}

fn limit(drawn: &[f64], share: f64) -> Option<f64> {
    let mut sorted = drawn.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile_of_sorted(&sorted, share).filter(|limit| limit.is_finite())
}

#[cfg(test)]
mod tests {
    use super::few_gaps;
    use crate::{Confidence, Lifetime};

    fn gaps(times: &[f64]) -> Vec<Lifetime> {
        times.iter().map(|time| Lifetime { time: *time, event: true }).collect()
    }

    #[test]
    fn one_customer_with_many_gaps_is_one_customer() {
        let customers = [gaps(&[40.0; 30]), gaps(&[5.0]), gaps(&[6.0]), gaps(&[7.0])];
        let few = few_gaps(&customers, 10.0, Confidence::P95, 7);
        let (low, high) = few.within_expected.interval().unwrap();
        assert!(low < 0.02 && high == 1.0, "{low} {high}");
        let turned: Vec<_> = customers.iter().rev().cloned().collect();
        assert_eq!(few_gaps(&turned, 10.0, Confidence::P95, 7), few);
    }

    #[test]
    fn nobody_and_one_have_no_interval() {
        let nobody = few_gaps(&[], 10.0, Confidence::P95, 7);
        assert_eq!((nobody.median.value, nobody.within_expected.value), (None, None));
        let one = few_gaps(&[gaps(&[5.0, 20.0])], 10.0, Confidence::P95, 7);
        assert_eq!((one.within_expected.value, one.within_expected.interval()), (Some(0.5), None));
    }

    #[test]
    fn a_median_that_is_not_reached_has_no_upper_limit() {
        let open = vec![Lifetime { time: 9.0, event: false }];
        let few = few_gaps(&[gaps(&[3.0]), open.clone(), open], 5.0, Confidence::P95, 7);
        assert_eq!((few.median.value, few.median.lower), (None, Some(3.0)));
        assert_eq!(few.median.upper, None);
    }
}
