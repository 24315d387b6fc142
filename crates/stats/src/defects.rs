//! Defects of deliveries against their standards: rate, defects per unit, defects per million opportunities, sigma level.
//!
//! A unit is one delivery, a *defective* fails at least one standard, a *defect* is one failure. Show defects per unit
//! before DPMO: opportunities can be gamed, so they are frozen with the journey's version.

use crate::distributions::{gamma_at, norm_quantile};
use crate::{Confidence, Estimate, Method, Proportion, wilson};

/// Share of defective deliveries and its mirror image.
#[derive(Debug, Clone, PartialEq)]
pub struct DefectRate {
    pub rate: Proportion,
    pub conformance: Proportion,
}

/// Wilson's intervals; no value without units.
pub fn defect_rate(defective: u64, units: u64, conf: Confidence) -> DefectRate {
    let rate = wilson(defective, units, conf);
    let conformance = rate.complement();
    DefectRate { rate, conformance }
}

#[derive(Debug, Clone, PartialEq)]
pub struct DefectsPerUnit {
    /// Defects per unit, Garwood's exact Poisson interval.
    pub rate: Estimate,
    /// Share of units without a defect if defects fall independently: exp(−rate).
    pub yield_poisson: Option<f64>,
}

/// Defects per unit with Garwood's interval (1936): chi-squared quantiles of 2k and 2k + 2 over twice the units. `units`
/// may be any exposure, such as customer-days; no value unless it is positive.
pub fn defects_per_unit(defects: u64, units: f64, conf: Confidence) -> DefectsPerUnit {
    if !(units > 0.0 && units.is_finite()) {
        return DefectsPerUnit { rate: Estimate::none(Method::Garwood, conf), yield_poisson: None };
    }
    let k = defects as f64;
    let tail = conf.alpha() / 2.0;
    let lower = if defects == 0 { 0.0 } else { gamma_at(tail, k) / units };
    let upper = gamma_at(1.0 - tail, k + 1.0) / units;
    let mut rate =
        Estimate::point(k / units, defects, Method::Garwood, conf).with_interval(lower, upper);
    rate.n = units as u64;
    DefectsPerUnit { rate, yield_poisson: Some((-k / units).exp()) }
}

/// Defects per million opportunities.
#[derive(Debug, Clone, PartialEq)]
pub struct Dpmo {
    pub dpmo: f64,
    /// Upper limit of the DPMO by Garwood's interval, at most a million.
    pub dpmo_upper: f64,
    /// With the shift; `None` at 0 defects, where only the bound below means something, and at a million.
    pub sigma: Option<f64>,
    /// Without the shift.
    pub sigma_unshifted: Option<f64>,
    /// Sigma, shifted, at the upper limit: at least this good, so far as is known.
    pub sigma_of_upper: Option<f64>,
}

/// Φ⁻¹(1 − DPMO/10⁶) + shift; the shift of 1.5 is a convention, not a measurement. `None` without opportunities.
pub fn dpmo(
    defects: u64,
    units: u64,
    opportunities_per_unit: u64,
    shift: f64,
    conf: Confidence,
) -> Option<Dpmo> {
    let opportunities = units as f64 * opportunities_per_unit as f64;
    let dpu = defects_per_unit(defects, opportunities, conf).rate;
    let dpmo = 1e6 * dpu.value?;
    let dpmo_upper = (1e6 * dpu.upper?).min(1e6);
    Some(Dpmo {
        dpmo,
        dpmo_upper,
        sigma: sigma_level(dpmo, shift),
        sigma_unshifted: sigma_level(dpmo, 0.0),
        sigma_of_upper: sigma_level(dpmo_upper, shift),
    })
}

/// The sigma level of a DPMO; `None` unless it lies strictly between 0 and a million.
pub fn sigma_level(dpmo: f64, shift: f64) -> Option<f64> {
    // The quantile of the small tail turned round keeps all digits of a small DPMO.
    norm_quantile(dpmo / 1e6).map(|z| shift - z)
}

#[cfg(test)]
mod tests {
    use super::dpmo;
    use crate::Confidence;

    #[test]
    fn without_defects_only_the_bound_has_a_sigma() {
        let clean = dpmo(0, 100, 1, 1.5, Confidence::P95).unwrap();
        assert_eq!((clean.dpmo, clean.sigma), (0.0, None));
        // Garwood's upper limit of 0 in 100 is .0369: Φ⁻¹(.9631) + 1.5.
        assert!((clean.dpmo_upper - 36_888.794_541).abs() < 1e-3);
        assert!((clean.sigma_of_upper.unwrap() - 3.2879).abs() < 1e-3);
        assert_eq!(dpmo(0, 0, 1, 1.5, Confidence::P95), None);
        let all = dpmo(100, 100, 1, 1.5, Confidence::P95).unwrap();
        assert_eq!(
            (all.dpmo, all.sigma, all.dpmo_upper, all.sigma_of_upper),
            (1e6, None, 1e6, None)
        );
    }
}
