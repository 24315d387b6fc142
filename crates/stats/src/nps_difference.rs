//! Has the NPS moved: two independent samples, b minus a, the interval first. Customers asked twice are not independent:
//! see `nps_paired`.

use crate::distributions::norm_two_sided_p;
use crate::{Confidence, Estimate, Flag, Method, NpsCounts};

/// A difference with its test.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub estimate: Estimate,
    pub z: Option<f64>,
    /// Two-sided.
    pub p: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NpsDifferenceMethod {
    Wald,
    /// Three imaginary answers to each sample (Lewis & Sauro 2021). The default.
    AdjustedWald,
}

/// The raw difference in points; interval, z and p are those of the (adjusted) difference. No value if either sample is
/// empty, no test if neither varies.
pub fn nps_difference(
    a: &NpsCounts,
    b: &NpsCounts,
    method: NpsDifferenceMethod,
    conf: Confidence,
) -> Difference {
    let name = match method {
        NpsDifferenceMethod::Wald => Method::Wald,
        NpsDifferenceMethod::AdjustedWald => Method::AdjustedWald,
    };
    let nothing = Difference { estimate: Estimate::none(name, conf), z: None, p: None };
    let Some((from, to)) = centre_and_se(a, method).zip(centre_and_se(b, method)) else {
        return nothing;
    };
    let Some((score_a, score_b)) = a.score().zip(b.score()) else {
        return nothing;
    };
    let centre = to.0 - from.0;
    let se = to.1.hypot(from.1);
    let estimate = Estimate::point(score_b - score_a, a.n() + b.n(), name, conf)
        .with_se(se)
        .with_interval(centre - conf.z() * se, centre + conf.z() * se)
        .clipped(-200.0, 200.0);
    if se == 0.0 {
        return Difference { estimate: estimate.flagged(Flag::ZeroVariance), z: None, p: None };
    }
    let z = centre / se;
    Difference { estimate, z: Some(z), p: Some(norm_two_sided_p(z)) }
}

fn centre_and_se(counts: &NpsCounts, method: NpsDifferenceMethod) -> Option<(f64, f64)> {
    match method {
        NpsDifferenceMethod::Wald => {
            Some((counts.score()?, 100.0 * (counts.variance()? / counts.n() as f64).sqrt()))
        }
        NpsDifferenceMethod::AdjustedWald => {
            let adjusted = counts.adjusted();
            Some((adjusted.centre, adjusted.se))
        }
    }
}
