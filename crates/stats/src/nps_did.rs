//! Did the NPS rise more where something was changed: four samples of different people.
//!
//! The raw (T₁ − T₀) − (C₁ − C₀); interval and p from three imaginary answers in each sample, as in `nps_difference`. If the
//! same customers answered before and after, the samples are not independent: see `difference_in_differences`.

use crate::distributions::norm_two_sided_p;
use crate::{Confidence, Difference, Estimate, Method, NpsCounts};

/// The answers of both groups, before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct FourSamples {
    pub treated_before: NpsCounts,
    pub treated_after: NpsCounts,
    pub control_before: NpsCounts,
    pub control_after: NpsCounts,
}

/// In points. No value if any sample is empty.
pub fn nps_did(samples: &FourSamples, conf: Confidence) -> Difference {
    let signed = [
        (1.0, &samples.treated_after),
        (-1.0, &samples.treated_before),
        (-1.0, &samples.control_after),
        (1.0, &samples.control_before),
    ];
    let (mut value, mut centre, mut variance, mut n) = (0.0, 0.0, 0.0, 0);
    for (sign, counts) in signed {
        let Some(score) = counts.score() else {
            let estimate = Estimate::none(Method::AdjustedWald, conf);
            return Difference { estimate, z: None, p: None };
        };
        let adjusted = counts.adjusted();
        value += sign * score;
        centre += sign * adjusted.centre;
        variance += adjusted.se * adjusted.se;
        n += counts.n();
    }
    let se = variance.sqrt();
    let estimate = Estimate::point(value, n, Method::AdjustedWald, conf)
        .with_se(se)
        .with_interval(centre - conf.z() * se, centre + conf.z() * se)
        .clipped(-400.0, 400.0);
    let z = centre / se;
    Difference { estimate, z: Some(z), p: Some(norm_two_sided_p(z)) }
}

#[cfg(test)]
mod tests {
    use super::{FourSamples, nps_did};
    use crate::{Confidence, NpsCounts};

    #[test]
    fn an_empty_sample_has_no_difference() {
        let some = NpsCounts::new(6, 2, 2);
        let samples = FourSamples {
            treated_before: some,
            treated_after: NpsCounts::new(0, 0, 0),
            control_before: some,
            control_after: some,
        };
        let none = nps_did(&samples, Confidence::P95);
        assert_eq!((none.estimate.value, none.estimate.n, none.p), (None, 0, None));
    }
}
