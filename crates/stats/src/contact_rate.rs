//! Was a customer contacted as often as expected: contacts over exposure/interval, with Garwood's interval.
//!
//! Contacts that follow a calendar vary less than Poisson ones, so the interval is too wide rather than too narrow. None in 90
//! days where one in 30 is expected is not yet proof for a single customer: pool by adviser or region.

use crate::{Confidence, Estimate, defects_per_unit};

#[derive(Debug, Clone, PartialEq)]
pub struct ContactRate {
    /// Contacts that the interval promises over the exposure.
    pub expected: Option<f64>,
    /// Contacts per expected contact; n is the number of contacts.
    pub ratio: Estimate,
    pub verdict: Option<RateVerdict>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RateVerdict {
    /// Fewer contacts than expected.
    Under,
    Over,
    /// Which is no evidence of being on cadence.
    NotDistinguishable,
}

impl RateVerdict {
    pub fn name(self) -> &'static str {
        match self {
            Self::Under => "under",
            Self::Over => "over",
            Self::NotDistinguishable => "not_distinguishable",
        }
    }
}

/// Both lengths of time in the same unit. No value unless both are positive.
pub fn contact_rate_ratio(
    contacts: u64,
    exposure: f64,
    expected_interval: f64,
    conf: Confidence,
) -> ContactRate {
    let sound = |time: f64| time > 0.0 && time.is_finite();
    let expected = Some(exposure / expected_interval)
        .filter(|expected| sound(exposure) && sound(expected_interval) && sound(*expected));
    let rate = defects_per_unit(contacts, expected.unwrap_or(0.0), conf).rate;
    let ratio = Estimate { n: contacts, ..rate };
    let verdict = ratio.interval().map(|(lower, upper)| {
        if upper < 1.0 {
            RateVerdict::Under
        } else if lower > 1.0 {
            RateVerdict::Over
        } else {
            RateVerdict::NotDistinguishable
        }
    });
    ContactRate { expected, ratio, verdict }
}

#[cfg(test)]
mod tests {
    use super::{RateVerdict, contact_rate_ratio};
    use crate::Confidence;

    #[test]
    fn a_verdict_needs_the_whole_interval() {
        for (contacts, exposure, verdict) in [
            (0, 90.0, Some(RateVerdict::NotDistinguishable)),
            (0, 120.0, Some(RateVerdict::Under)),
            (40, 400.0, Some(RateVerdict::Over)),
            (3, 0.0, None),
            (3, f64::NAN, None),
        ] {
            assert_eq!(
                contact_rate_ratio(contacts, exposure, 30.0, Confidence::P95).verdict,
                verdict
            );
        }
        let none = contact_rate_ratio(3, 90.0, 0.0, Confidence::P95);
        assert_eq!((none.expected, none.ratio.value), (None, None));
    }
}
