//! The NPS when those who answered are a good part of all customers: 40 of 51 key accounts.

use crate::{Confidence, Estimate, Method, NpsCounts};

#[derive(Debug, Clone, PartialEq)]
pub struct FinitePopulationNps {
    pub estimate: Estimate,
    /// √((N − n)/(N − 1)): 1 for an endless population, 0 for a census.
    pub correction: f64,
}

/// The NPS in points of a sample out of `population` customers.
///
/// The correction multiplies both the half-width and the
/// shift of the adjusted Wald centre, so a census gives exactly the raw score without width. `None` without answers or
/// with more answers than customers.
pub fn nps_finite_population(
    counts: &NpsCounts,
    population: u64,
    conf: Confidence,
) -> Option<FinitePopulationNps> {
    let n = counts.n();
    let score = counts.score()?;
    if n > population {
        return None;
    }
    let correction = if n == population {
        0.0
    } else {
        ((population - n) as f64 / (population - 1) as f64).sqrt()
    };
    let adjusted = counts.adjusted();
    let centre = score + correction * (adjusted.centre - score);
    let se = correction * adjusted.se;
    let estimate = Estimate::point(score, n, Method::FinitePopulation, conf)
        .with_se(se)
        .with_interval(centre - conf.z() * se, centre + conf.z() * se)
        .clipped(-100.0, 100.0)
        .with_size_flag();
    Some(FinitePopulationNps { estimate, correction })
}
