//! A score from raw answers, by the rule that fits how often customers answered.
//!
//! - Nobody answered twice: the plain interval (adjusted Wald for NPS, Student's for a mean).
//! - Somebody did, and there are fewer than 30 customers: the latest answer of each, and the plain interval; a clustered
//!   variance of so few customers is itself a guess.
//! - Somebody did, and there are 30 or more: all answers, with the variance that counts customers.

use std::collections::{BTreeMap, BTreeSet};

use crate::moments::is_on_scale;
use crate::{
    Clustered, Confidence, Estimate, Flag, NpsCounts, NpsMethod, Tier, clustered_mean,
    clustered_nps, mean_interval, nps_interval, wilson, wilson_effective,
};

/// One answer to one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<K> {
    /// Who answered; `None` for an anonymous answer, which is taken as a customer of its own.
    pub customer: Option<K>,
    /// When, in any unit: the latest answer of a customer is the one with the greatest `at`, then the last in the slice.
    pub at: i64,
    /// The answer as given; `None` or off the scale is invalid.
    pub score: Option<f64>,
}

/// The NPS, in points, and how many answers were invalid.
pub fn nps_score<K: Ord + Clone>(answers: &[Answer<K>], conf: Confidence) -> (Estimate, u64) {
    let (valid, invalid) = valid_answers(answers, (0.0, 10.0));
    let estimate = match by_customer(&valid) {
        Repeats::None => plain_nps(&valid, conf),
        Repeats::Few(latest) => plain_nps(&latest, conf).flagged(Flag::LatestPerCustomer),
        Repeats::Many => {
            let pairs: Vec<_> =
                valid.iter().map(|answer| (answer.customer.clone(), answer.score)).collect();
            clustered_nps(&pairs, conf).estimate
        }
    };
    (estimate, invalid)
}

/// The mean of whole-number answers on a scale `(lowest, highest)`, cut to it, and how many answers were invalid.
pub fn mean_score<K: Ord + Clone>(
    answers: &[Answer<K>],
    scale: (f64, f64),
    conf: Confidence,
) -> (Estimate, u64) {
    let (valid, invalid) = valid_answers(answers, scale);
    let estimate = match by_customer(&valid) {
        Repeats::None => plain_mean(&valid, scale, conf),
        Repeats::Few(latest) => plain_mean(&latest, scale, conf).flagged(Flag::LatestPerCustomer),
        Repeats::Many => {
            let pairs: Vec<_> = valid
                .iter()
                .filter_map(|answer| Some((answer.customer.clone(), answer.score?)))
                .collect();
            clustered_mean(&pairs, conf).estimate.clipped(scale.0, scale.1)
        }
    };
    (estimate, invalid)
}

/// The share of answers in the `top_k` best boxes of a scale, Wilson, and how many answers were invalid.
///
/// Answers are the whole numbers of the scale `(lowest, highest)`. Among many customers who repeat themselves n is taken for what it is worth.
pub fn top_share<K: Ord + Clone>(
    answers: &[Answer<K>],
    scale: (f64, f64),
    top_k: u32,
    conf: Confidence,
) -> (Estimate, u64) {
    let (valid, invalid) = valid_answers(answers, scale);
    let is_top =
        |answer: &Answer<K>| answer.score.is_some_and(|score| score > scale.1 - f64::from(top_k));
    let plain = |valid: &[&Answer<K>]| {
        let top = valid.iter().filter(|answer| is_top(answer)).count();
        Estimate::from(&wilson(top as u64, valid.len() as u64, conf))
    };
    let estimate = match by_customer(&valid) {
        Repeats::None => plain(&valid),
        Repeats::Few(latest) => plain(&latest).flagged(Flag::LatestPerCustomer),
        Repeats::Many => {
            let pairs: Vec<_> = valid
                .iter()
                .map(|answer| (answer.customer.clone(), f64::from(u8::from(is_top(answer)))))
                .collect();
            let Clustered { estimate, n_customers, .. } = clustered_mean(&pairs, conf);
            // Answers that do not vary are worth their customers. Clusters can also look better than independent answers,
            // by chance; that is not believed.
            let n_eff = estimate.n_eff.unwrap_or(n_customers as f64).min(estimate.n as f64);
            let share = estimate.value.unwrap_or(f64::NAN);
            wilson_effective(share, estimate.n, n_eff, conf).flagged(Flag::Clustered)
        }
    };
    (estimate, invalid)
}

/// Whether customers answered more than once, and what then counts.
enum Repeats<'a, K> {
    None,
    Few(Vec<&'a Answer<K>>),
    Many,
}

fn by_customer<'a, K: Ord>(valid: &[&'a Answer<K>]) -> Repeats<'a, K> {
    let named: Vec<&K> = valid.iter().filter_map(|answer| answer.customer.as_ref()).collect();
    let distinct: BTreeSet<&K> = named.iter().copied().collect();
    if distinct.len() == named.len() {
        return Repeats::None;
    }
    let n_customers = (valid.len() - named.len() + distinct.len()) as u64;
    if Tier::of(n_customers) == Tier::Normal {
        return Repeats::Many;
    }
    let mut latest: BTreeMap<&K, &Answer<K>> = BTreeMap::new();
    let mut kept: Vec<&Answer<K>> = Vec::new();
    for &answer in valid {
        match &answer.customer {
            None => kept.push(answer),
            Some(customer) => {
                let slot = latest.entry(customer).or_insert(answer);
                if answer.at >= slot.at {
                    *slot = answer;
                }
            }
        }
    }
    kept.extend(latest.into_values());
    Repeats::Few(kept)
}

fn valid_answers<K>(
    answers: &[Answer<K>],
    (lowest, highest): (f64, f64),
) -> (Vec<&Answer<K>>, u64) {
    let is_valid =
        |answer: &&Answer<K>| answer.score.is_some_and(|score| is_on_scale(score, lowest, highest));
    let valid: Vec<&Answer<K>> = answers.iter().filter(is_valid).collect();
    let invalid = (answers.len() - valid.len()) as u64;
    (valid, invalid)
}

fn plain_nps<K>(valid: &[&Answer<K>], conf: Confidence) -> Estimate {
    let scores: Vec<Option<f64>> = valid.iter().map(|answer| answer.score).collect();
    nps_interval(&NpsCounts::of(&scores), NpsMethod::AdjustedWald, conf)
}

fn plain_mean<K>(valid: &[&Answer<K>], scale: (f64, f64), conf: Confidence) -> Estimate {
    let scores: Vec<Option<f64>> = valid.iter().map(|answer| answer.score).collect();
    mean_interval(&scores, conf, Some(scale))
}

#[cfg(test)]
mod tests {
    use super::{Answer, mean_score, nps_score, top_share};
    use crate::{Confidence, Flag, Method, wilson};

    fn answers(rows: impl IntoIterator<Item = (u32, i64, f64)>) -> Vec<Answer<u32>> {
        rows.into_iter()
            .map(|(who, at, score)| Answer { customer: Some(who), at, score: Some(score) })
            .collect()
    }

    #[test]
    fn once_each_is_the_plain_interval() {
        let (nps, invalid) = nps_score(&answers((0..40).map(|i| (i, 0, 9.0))), Confidence::P95);
        assert_eq!((nps.method, nps.n, invalid), (Method::AdjustedWald, 40, 0));
        assert!(!nps.flags.contains(&Flag::Clustered));
    }

    #[test]
    fn few_customers_count_by_their_latest_answer() {
        let rows = answers([(1, 5, 10.0), (1, 9, 0.0), (1, 7, 10.0), (2, 1, 10.0)]);
        let (nps, _) = nps_score(&rows, Confidence::P95);
        assert_eq!((nps.value, nps.n), (Some(0.0), 2));
        assert!(nps.flags.contains(&Flag::LatestPerCustomer));
    }

    #[test]
    fn many_customers_count_as_clusters() {
        let rows = answers((0..80).map(|i| (i % 40, i64::from(i), f64::from(i % 5 + 1))));
        let (mean, _) = mean_score(&rows, (1.0, 5.0), Confidence::P95);
        assert_eq!((mean.method, mean.n, mean.value), (Method::ClusteredT, 80, Some(3.0)));
        // Both answers of a customer are equal here, so 80 answers are worth about 40.
        assert!((mean.n_eff.unwrap() - 39.0).abs() < 1e-9);
    }

    #[test]
    fn a_top_share_is_as_wide_as_its_customers_are_few() {
        let scale = (1.0, 5.0);
        let twice = answers((0..80).map(|i| (i % 40, i64::from(i), f64::from(i % 5 + 1))));
        let once = answers((0..40).map(|i| (i, 0, f64::from(i % 5 + 1))));
        let width = |rows: &[Answer<u32>]| {
            let (lower, upper) = top_share(rows, scale, 2, Confidence::P95).0.interval().unwrap();
            upper - lower
        };
        assert!((width(&twice) - width(&once)).abs() < 0.005);
        // Everybody satisfied: no variance to cluster, but no certainty either.
        let all = answers((0..80).map(|i| (i % 40, i64::from(i), 5.0)));
        let (share, _) = top_share(&all, scale, 2, Confidence::P95);
        assert_eq!((share.value, share.upper), (Some(1.0), Some(1.0)));
        assert!(
            (share.lower.unwrap() - wilson(40, 40, Confidence::P95).low.unwrap()).abs() < 1e-12
        );
    }

    #[test]
    fn nobody_gives_no_score() {
        let (nps, invalid) = nps_score::<u32>(&[], Confidence::P95);
        assert_eq!((nps.value, nps.interval(), invalid), (None, None, 0));
        let off = [Answer { customer: Some(1), at: 0, score: Some(11.0) }];
        assert_eq!(nps_score(&off, Confidence::P95).1, 1);
    }
}
