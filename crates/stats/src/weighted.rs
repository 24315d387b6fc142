//! Scores of weighted answers, and what the weights cost.
//!
//! The mean m = Σwx/Σw with the linearised variance n/(n − 1) Σ z², z = w(x − m)/Σw, as if the answers were drawn with
//! replacement (Lumley's survey package for R has the same), and Student's interval with n − 1 degrees of freedom. Kish's
//! effective n, (Σw)²/Σw² (1965), says how many equally weighted answers these are worth; n over it is the design effect.

use crate::moments::ordered_sum;
use crate::nps::sign;
use crate::{Confidence, Estimate, Flag, Method};

/// A mean over answers that do not all count the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighted {
    /// With the effective n where any answer has weight.
    pub estimate: Estimate,
    /// n over the effective n, which is 1 + the squared coefficient of variation of the weights.
    pub design_effect: Option<f64>,
    /// Answers left out: off the scale, missing, or with a weight that is negative or no number.
    pub n_invalid: u64,
}

/// The NPS in points of (weight, answer) pairs.
pub fn weighted_nps(answers: &[(f64, Option<f64>)], conf: Confidence) -> Weighted {
    let signs: Vec<(f64, Option<f64>)> = answers
        .iter()
        .map(|(weight, answer)| (*weight, answer.and_then(sign).map(|s| 100.0 * f64::from(s))))
        .collect();
    let mut weighted = weighted_mean(&signs, conf);
    weighted.estimate = weighted.estimate.clipped(-100.0, 100.0);
    weighted
}

/// The mean of (weight, value) pairs, in the unit of the values, not cut to any scale.
///
/// No value if the weights add up to
/// 0; no interval from one answer. An answer of weight 0 counts in n, as it was drawn like the others.
pub fn weighted_mean(answers: &[(f64, Option<f64>)], conf: Confidence) -> Weighted {
    let valid: Vec<(f64, f64)> = answers
        .iter()
        .filter(|(weight, _)| is_weight(*weight))
        .filter_map(|(weight, value)| Some((*weight, value.filter(|value| value.is_finite())?)))
        .collect();
    let n_invalid = (answers.len() - valid.len()) as u64;
    let nothing = Estimate::none(Method::WeightedT, conf);
    let (n, n_eff) = (valid.len() as u64, n_eff(&weights_of(&valid)));
    let Some(centre) = centre(&valid) else {
        return Weighted { estimate: nothing, design_effect: None, n_invalid };
    };
    let estimate = Estimate::point(centre, n, Method::WeightedT, conf).with_size_flag();
    let estimate = match n_eff {
        Some(n_eff) => estimate.with_n_eff(n_eff),
        None => estimate,
    };
    let residuals: Vec<(f64, f64)> =
        valid.iter().map(|(weight, value)| (*weight, value - centre)).collect();
    Weighted {
        estimate: with_linearised_interval(estimate, &residuals),
        design_effect: n_eff.map(|n_eff| n as f64 / n_eff),
        n_invalid,
    }
}

/// Kish's effective number of answers. `None` if no weight is positive.
pub fn n_eff(weights: &[f64]) -> Option<f64> {
    let total = ordered_sum(weights);
    let squares: Vec<f64> = weights.iter().map(|weight| weight * weight).collect();
    (total > 0.0).then(|| total * total / ordered_sum(&squares))
}

/// The interval from (weight, distance from the mean) pairs; none of fewer than two.
pub(crate) fn with_linearised_interval(estimate: Estimate, residuals: &[(f64, f64)]) -> Estimate {
    let Some(centre) = estimate.value.filter(|_| residuals.len() > 1) else {
        return estimate;
    };
    let n = residuals.len() as f64;
    let total = ordered_sum(&weights_of(residuals));
    let squares: Vec<f64> =
        residuals.iter().map(|(weight, residual)| (weight * residual / total).powi(2)).collect();
    let se = (n / (n - 1.0) * ordered_sum(&squares)).sqrt();
    let half = estimate.conf.t(n - 1.0) * se;
    let estimate = estimate.with_se(se).with_interval(centre - half, centre + half);
    if se == 0.0 { estimate.flagged(Flag::ZeroVariance) } else { estimate }
}

/// The weighted mean; exactly the value that all share, if they do.
pub(crate) fn centre(pairs: &[(f64, f64)]) -> Option<f64> {
    let total = ordered_sum(&weights_of(pairs));
    let first = pairs.first()?.1;
    if total <= 0.0 {
        return None;
    }
    if pairs.iter().all(|(_, value)| *value == first) {
        return Some(first);
    }
    let products: Vec<f64> = pairs.iter().map(|(weight, value)| weight * value).collect();
    Some(ordered_sum(&products) / total)
}

/// Whether a number can be a weight.
pub(crate) fn is_weight(weight: f64) -> bool {
    weight >= 0.0 && weight.is_finite()
}

fn weights_of(pairs: &[(f64, f64)]) -> Vec<f64> {
    pairs.iter().map(|(weight, _)| *weight).collect()
}

#[cfg(test)]
mod tests {
    use super::{weighted_mean, weighted_nps};
    use crate::{Confidence, Flag};

    #[test]
    fn weights_that_add_up_to_nothing_say_nothing() {
        let none = weighted_nps(&[(0.0, Some(9.0)), (0.0, Some(3.0))], Confidence::P95);
        assert_eq!((none.estimate.value, none.estimate.se, none.design_effect), (None, None, None));
    }

    #[test]
    fn bad_weights_and_answers_are_counted() {
        let rows = [(1.0, Some(9.0)), (-1.0, Some(3.0)), (f64::NAN, Some(9.0)), (1.0, None)];
        let one = weighted_nps(&rows, Confidence::P95);
        assert_eq!((one.estimate.value, one.estimate.se, one.n_invalid), (Some(100.0), None, 3));
    }

    #[test]
    fn equal_answers_have_no_width_and_a_flag() {
        let rows = [0.1, 0.7, 0.3].map(|weight| (weight, Some(7.3)));
        let same = weighted_mean(&rows, Confidence::P95).estimate;
        assert_eq!((same.value, same.interval()), (Some(7.3), Some((7.3, 7.3))));
        assert_eq!(same.flags, [Flag::SmallN, Flag::ZeroVariance]);
    }
}
