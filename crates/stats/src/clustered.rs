//! One customer who answers k times is not k customers: means whose variance counts customers.
//!
//! The linearised variance G/(G − 1) Σ z² over G customers, where z is the sum of a customer's distances from the mean,
//! divided by the number of all answers (Kish 1965; the same as `svymean` of R's survey package with customers as clusters), and Student's interval with G − 1 degrees of freedom.

use std::collections::BTreeMap;

use crate::moments::{mean, ordered_sum};
use crate::nps::sign;
use crate::{Confidence, Estimate, Flag, Method};

/// A mean over answers of customers who may answer more than once.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustered {
    pub estimate: Estimate,
    pub n_customers: u64,
    /// Variance relative to as many answers from as many customers; `None` if the answers do not vary.
    pub design_effect: Option<f64>,
}

/// The NPS in points of (customer, answer) pairs; a customer that is `None` is someone of their own.
pub fn clustered_nps<K: Ord + Clone>(
    answers: &[(Option<K>, Option<f64>)],
    conf: Confidence,
) -> Clustered {
    let signs: Vec<(Option<K>, f64)> = answers
        .iter()
        .filter_map(|(customer, answer)| Some((customer.clone(), f64::from(sign((*answer)?)?))))
        .collect();
    let mut clustered = clustered_mean(&signs, conf);
    let estimate = &mut clustered.estimate;
    for field in [&mut estimate.value, &mut estimate.lower, &mut estimate.upper, &mut estimate.se] {
        *field = field.map(|value| 100.0 * value);
    }
    clustered.estimate = clustered.estimate.clipped(-100.0, 100.0);
    clustered
}

/// The mean of (customer, value) pairs, in the unit of the values, not cut to any scale. No standard error and no
/// interval with fewer than two customers.
pub fn clustered_mean<K: Ord + Clone>(answers: &[(Option<K>, f64)], conf: Confidence) -> Clustered {
    let values: Vec<f64> = answers.iter().map(|(_, value)| *value).collect();
    let Some(centre) = mean(&values) else {
        let estimate = Estimate::none(Method::ClusteredT, conf);
        return Clustered { estimate, n_customers: 0, design_effect: None };
    };
    let n = values.len() as f64;
    let residuals = residuals_by_customer(answers, centre);
    let groups = residuals.len() as f64;
    let estimate = Estimate::point(centre, values.len() as u64, Method::ClusteredT, conf);
    let estimate = estimate.with_size_flag().flagged(Flag::Clustered);
    if residuals.len() < 2 {
        return Clustered { estimate, n_customers: residuals.len() as u64, design_effect: None };
    }
    let squares: Vec<f64> = residuals.iter().map(|sum| (sum / n).powi(2)).collect();
    let variance = groups / (groups - 1.0) * ordered_sum(&squares);
    let se = variance.sqrt();
    let half = conf.t(groups - 1.0) * se;
    let simple: Vec<f64> = values.iter().map(|value| (value - centre).powi(2)).collect();
    let simple_variance = ordered_sum(&simple) / n / n;
    let design_effect = (simple_variance > 0.0).then(|| variance / simple_variance);
    let estimate = estimate.with_se(se).with_interval(centre - half, centre + half);
    let estimate = match design_effect {
        Some(effect) if effect > 0.0 => estimate.with_n_eff(n / effect),
        Some(_) => estimate,
        None => estimate.flagged(Flag::ZeroVariance),
    };
    Clustered { estimate, n_customers: residuals.len() as u64, design_effect }
}

/// Sums of residuals, one per customer.
fn residuals_by_customer<K: Ord + Clone>(answers: &[(Option<K>, f64)], centre: f64) -> Vec<f64> {
    let mut named: BTreeMap<&K, Vec<f64>> = BTreeMap::new();
    let mut sums = Vec::new();
    for (customer, value) in answers {
        match customer {
            Some(customer) => named.entry(customer).or_default().push(value - centre),
            None => sums.push(value - centre),
        }
    }
    sums.extend(named.values().map(|residuals| ordered_sum(residuals)));
    sums
}
