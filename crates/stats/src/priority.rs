//! Where one point of improvement moves most: reach × importance × gap.
//!
//! Importance is that to those who meet the touchpoint; importance to all customers has reach in it already. The ceiling, reach
//! × importance, is the most that one point can move the outcome: an offer that one customer in a hundred sees stays small,
//! whatever is done about it.

use crate::draws::Draws;
use crate::moments::ordered_sum;
use crate::{Confidence, Estimate, Method, quantile_of_sorted};

/// A touchpoint and what its priority is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub name: String,
    pub reach: Option<f64>,
    pub importance: Option<f64>,
    /// Target less present; a target that is met leaves nothing to do.
    pub gap: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Priority {
    pub name: String,
    /// `None` if a factor is unknown.
    pub score: Option<f64>,
    /// Of all scores together; `None` where they add up to nothing.
    pub share: Option<f64>,
    pub ceiling: Option<f64>,
}

/// The highest score first, equal ones by name, unknown ones last.
pub fn priorities(candidates: &[Candidate]) -> Vec<Priority> {
    let known = |factor: Option<f64>| factor.filter(|factor| factor.is_finite());
    let mut ranked: Vec<Priority> = candidates
        .iter()
        .map(|candidate| {
            let factors = known(candidate.reach).zip(known(candidate.importance));
            let ceiling = factors.map(|(reach, importance)| reach * importance);
            let score = ceiling.zip(known(candidate.gap)).map(|(most, gap)| most * gap.max(0.0));
            Priority { name: candidate.name.clone(), score, share: None, ceiling }
        })
        .collect();
    let total = ordered_sum(&ranked.iter().filter_map(|one| one.score).collect::<Vec<f64>>());
    for one in &mut ranked {
        one.share = one.score.filter(|_| total > 0.0).map(|score| score / total);
    }
    ranked.sort_by(|a, b| {
        let by_score = match (a.score, b.score) {
            (Some(a), Some(b)) => b.total_cmp(&a),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        by_score.then_with(|| a.name.cmp(&b.name))
    });
    ranked
}

/// What a priority is made of, each with its standard error.
#[derive(Debug, Clone, PartialEq)]
pub struct PriorityFactors {
    pub reach: Estimate,
    pub importance: Estimate,
    pub gap: Estimate,
}

impl PriorityFactors {
    /// Value and standard error of all three.
    fn known(&self) -> Option<[(f64, f64); 3]> {
        let part = |factor: &Estimate| factor.value.zip(factor.se);
        Some([part(&self.reach)?, part(&self.importance)?, part(&self.gap)?])
    }

    fn score(&self) -> Option<f64> {
        Some(self.reach.value? * self.importance.value? * self.gap.value?.max(0.0))
    }

    fn n(&self) -> u64 {
        self.reach.n.min(self.importance.n).min(self.gap.n)
    }
}

/// The score with the interval of the delta method on the logarithm.
///
/// exp(ln score ± z √Σ(se/x)²), the factors independent.
/// No interval unless every factor is more than its standard error above 0: see [`priority_simulated`].
pub fn priority_interval(factors: &PriorityFactors, conf: Confidence) -> Estimate {
    let Some(score) = factors.score() else {
        return Estimate::none(Method::Delta, conf);
    };
    let estimate = Estimate::point(score, factors.n(), Method::Delta, conf);
    match factors.known() {
        Some(known) if known.iter().all(|(value, se)| *value > *se && *se >= 0.0) => {
            let variation: f64 = known.iter().map(|(value, se)| (se / value).powi(2)).sum();
            let half = conf.z() * variation.sqrt();
            estimate
                .with_se(score * variation.sqrt())
                .with_interval(score * (-half).exp(), score * half.exp())
        }
        _ => estimate,
    }
}

/// The score with an interval of simulated products, for factors that may be 0.
///
/// The parametric bootstrap (Efron & Tibshirani 1993): each factor is drawn around its value with its standard error, reach
/// kept within 0 and 1 and the others from 0 upwards. The seed belongs with the result.
pub fn priority_simulated(factors: &PriorityFactors, conf: Confidence, seed: u64) -> Estimate {
    const PRODUCTS: usize = 10_000;
    let Some(score) = factors.score() else {
        return Estimate::none(Method::Bootstrap, conf);
    };
    let estimate = Estimate::point(score, factors.n(), Method::Bootstrap, conf);
    let Some(known) = factors.known() else { return estimate };
    let mut draws = Draws::seeded(seed);
    let mut product = || {
        let [reach, importance, gap] =
            known.map(|(value, se)| (value + se * draws.normal()).max(0.0));
        reach.min(1.0) * importance * gap
    };
    let mut products: Vec<f64> = (0..PRODUCTS).map(|_| product()).collect();
    products.sort_by(f64::total_cmp);
    let at = |p: f64| quantile_of_sorted(&products, p);
    match at(1.0 - conf.upper_tail()).zip(at(conf.upper_tail())) {
        Some((lower, upper)) => estimate.with_interval(lower, upper),
        None => estimate,
    }
}

#[cfg(test)]
mod tests {
    use super::{Candidate, PriorityFactors, priorities, priority_interval, priority_simulated};
    use crate::{Confidence, Estimate, Method};

    fn factors(values: [(f64, f64); 3]) -> PriorityFactors {
        let [reach, importance, gap] = values
            .map(|(value, se)| Estimate::point(value, 200, Method::T, Confidence::P95).with_se(se));
        PriorityFactors { reach, importance, gap }
    }

    #[test]
    fn unknown_ones_come_last_and_equal_ones_by_name() {
        let one = |name: &str, gap| Candidate {
            name: name.to_owned(),
            reach: Some(0.5),
            importance: Some(0.2),
            gap,
        };
        let ranked = priorities(&[
            one("d", None),
            one("c", Some(1.0)),
            one("b", Some(1.0)),
            one("a", Some(-3.0)),
        ]);
        let names: Vec<&str> = ranked.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["b", "c", "a", "d"]);
        assert_eq!((ranked[2].score, ranked[2].share), (Some(0.0), Some(0.0)));
        assert_eq!((ranked[3].score, ranked[3].ceiling), (None, Some(0.1)));
        assert_eq!(priorities(&[one("a", Some(0.0))])[0].share, None);
    }

    #[test]
    fn both_intervals_agree_where_both_may_be_used() {
        let sure = factors([(0.5, 0.01), (0.3, 0.01), (2.0, 0.1)]);
        let (delta, simulated) = (
            priority_interval(&sure, Confidence::P95),
            priority_simulated(&sure, Confidence::P95, 1),
        );
        for (a, b) in [(delta.lower, simulated.lower), (delta.upper, simulated.upper)] {
            assert!((a.unwrap() / b.unwrap() - 1.0).abs() < 0.02, "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_gap_that_may_be_none_has_no_logarithm() {
        let unsure = factors([(0.5, 0.01), (0.3, 0.01), (0.5, 0.6)]);
        let delta = priority_interval(&unsure, Confidence::P95);
        assert_eq!((delta.value, delta.interval()), (Some(0.075), None));
        let (lower, upper) = priority_simulated(&unsure, Confidence::P95, 1).interval().unwrap();
        assert!(lower == 0.0 && upper > 0.2 && upper < 0.3, "{lower} {upper}");
        let unknown = PriorityFactors { gap: Estimate::none(Method::T, Confidence::P95), ..unsure };
        assert_eq!(priority_simulated(&unknown, Confidence::P95, 1).value, None);
    }
}
