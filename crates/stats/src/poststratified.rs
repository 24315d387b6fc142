//! Scores weighted to known numbers of customers: every stratum counts by its customers, not by who happened to answer.
//!
//! With N customers, Nₕ of them in stratum h, of whom nₕ answered: NPS = Σ Nₕ NPSₕ/N, weights w = Nₕ/nₕ, and the linearised
//! variance n/(n − 1) Σ z² with z = w(x − x̄ₕ)/N: only the spread within strata is left (Holt & Smith 1979; the same as
//! `postStratify` of R's survey package).

use std::collections::BTreeMap;

use crate::moments::{mean, ordered_sum};
use crate::nps::sign;
use crate::weighted::{is_weight, n_eff, with_linearised_interval};
use crate::{Confidence, Error, Estimate, Method};

#[derive(Debug, Clone, PartialEq)]
pub struct PostStratified {
    pub estimate: Estimate,
    /// What the mean would be without weights.
    pub unweighted: Option<f64>,
    /// Kish's, n over the effective n.
    pub design_effect: Option<f64>,
    /// By name.
    pub strata: Vec<StratumScore>,
    /// Answers left out because they are missing or off the scale.
    pub n_invalid: u64,
}

/// One stratum that somebody answered in.
#[derive(Debug, Clone, PartialEq)]
pub struct StratumScore {
    pub name: String,
    /// Known customers.
    pub customers: f64,
    pub n: u64,
    /// Customers per answer.
    pub weight: f64,
    pub score: f64,
}

impl PostStratified {
    /// The weight of every answer of a stratum; `None` for a stratum without answers.
    pub fn weight_of(&self, stratum: &str) -> Option<f64> {
        let place = self.strata.binary_search_by(|known| known.name.as_str().cmp(stratum)).ok()?;
        Some(self.strata[place].weight)
    }
}

/// The NPS in points of (stratum, answer) pairs, given the customers of every stratum.
///
/// # Errors
/// A stratum with customers but without answers, which no weight can mend: merge it with another by a declared rule; and
/// a stratum with answers whose customers are not known.
pub fn nps_poststratified(
    answers: &[(String, Option<f64>)],
    customers: &BTreeMap<String, f64>,
    conf: Confidence,
) -> Result<PostStratified, Error> {
    let signs: Vec<(String, Option<f64>)> = answers
        .iter()
        .map(|(stratum, answer)| {
            (stratum.clone(), answer.and_then(sign).map(|s| 100.0 * f64::from(s)))
        })
        .collect();
    let mut result = mean_poststratified(&signs, customers, conf)?;
    result.estimate = result.estimate.clipped(-100.0, 100.0);
    Ok(result)
}

/// The mean of (stratum, value) pairs, in the unit of the values, not cut to any scale.
///
/// # Errors
/// As for [`nps_poststratified`].
pub fn mean_poststratified(
    answers: &[(String, Option<f64>)],
    customers: &BTreeMap<String, f64>,
    conf: Confidence,
) -> Result<PostStratified, Error> {
    let mut by_stratum: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (stratum, value) in answers {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            by_stratum.entry(stratum).or_default().push(value);
        }
    }
    check(&by_stratum, customers)?;
    let strata: Vec<StratumScore> = by_stratum
        .iter()
        .filter_map(|(name, values)| StratumScore::of(name, values, *customers.get(*name)?))
        .collect();
    let all: Vec<f64> = by_stratum.values().flatten().copied().collect();
    let n_invalid = (answers.len() - all.len()) as u64;
    let total = ordered_sum(&strata.iter().map(|stratum| stratum.customers).collect::<Vec<_>>());
    let nothing = Estimate::none(Method::WeightedT, conf);
    if total <= 0.0 {
        let unweighted = mean(&all);
        return Ok(PostStratified {
            estimate: nothing,
            unweighted,
            design_effect: None,
            strata,
            n_invalid,
        });
    }
    let parts: Vec<f64> = strata.iter().map(|stratum| stratum.customers * stratum.score).collect();
    let residuals: Vec<(f64, f64)> = strata
        .iter()
        .zip(by_stratum.values())
        .flat_map(|(stratum, values)| {
            values.iter().map(|value| (stratum.weight, value - stratum.score))
        })
        .collect();
    let n = all.len() as u64;
    let n_eff = n_eff(&residuals.iter().map(|(weight, _)| *weight).collect::<Vec<_>>());
    let estimate = Estimate::point(ordered_sum(&parts) / total, n, Method::WeightedT, conf);
    let estimate = match n_eff {
        Some(n_eff) => estimate.with_n_eff(n_eff),
        None => estimate,
    };
    Ok(PostStratified {
        estimate: with_linearised_interval(estimate.with_size_flag(), &residuals),
        unweighted: mean(&all),
        design_effect: n_eff.map(|n_eff| n as f64 / n_eff),
        strata,
        n_invalid,
    })
}

impl StratumScore {
    fn of(name: &str, values: &[f64], customers: f64) -> Option<Self> {
        Some(Self {
            name: name.to_owned(),
            customers,
            n: values.len() as u64,
            weight: customers / values.len() as f64,
            score: mean(values)?,
        })
    }
}

fn check(
    answered: &BTreeMap<&str, Vec<f64>>,
    customers: &BTreeMap<String, f64>,
) -> Result<(), Error> {
    for (name, number) in customers {
        if !is_weight(*number) {
            return Err(Error::BadTarget { category: name.clone() });
        }
        if *number > 0.0 && !answered.contains_key(name.as_str()) {
            return Err(Error::NoAnswersIn { category: name.clone() });
        }
    }
    match answered.keys().find(|name| !customers.contains_key(**name)) {
        Some(name) => Err(Error::NoTargetFor { category: (*name).to_owned() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::nps_poststratified;
    use crate::{Confidence, Error};

    fn check(
        answers: &[(&str, f64)],
        customers: &[(&str, f64)],
        expected: Result<Option<f64>, Error>,
    ) {
        let answers: Vec<(String, Option<f64>)> =
            answers.iter().map(|(name, answer)| ((*name).to_owned(), Some(*answer))).collect();
        let customers: BTreeMap<String, f64> =
            customers.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect();
        let got = nps_poststratified(&answers, &customers, Confidence::P95);
        assert_eq!(got.map(|score| score.estimate.value), expected);
    }

    #[test]
    fn a_stratum_that_nobody_answered_in_is_named() {
        let farm = Err(Error::NoAnswersIn { category: "farm".to_owned() });
        check(&[("retail", 9.0)], &[("farm", 10.0), ("retail", 5.0)], farm.clone());
        // An answer off the scale is no answer.
        check(&[("retail", 9.0), ("farm", 11.0)], &[("farm", 10.0), ("retail", 5.0)], farm);
        check(&[("retail", 9.0)], &[("farm", 0.0), ("retail", 5.0)], Ok(Some(100.0)));
    }

    #[test]
    fn a_stratum_of_unknown_size_is_named() {
        let unknown = Err(Error::NoTargetFor { category: "farm".to_owned() });
        check(&[("retail", 9.0), ("farm", 3.0)], &[("retail", 5.0)], unknown);
        let bad = Err(Error::BadTarget { category: "retail".to_owned() });
        check(&[("retail", 9.0)], &[("retail", -5.0)], bad);
    }

    #[test]
    fn nobody_has_no_score() {
        check(&[], &[], Ok(None));
        check(&[("retail", 9.0)], &[("retail", 0.0)], Ok(None));
    }
}
