//! A share as an imperfect eye tells it, corrected for how often that eye errs (Rogan & Gladen 1978).
//!
//! With told share a, sensitivity s (found among those that have it) and specificity c (passed over among those that have it
//! not), the true share is (a + c − 1)/(s + c − 1). All three come from samples; the interval is that of Lang & Reiczigel
//! (2014), which adds z² to the first sample and one hit and one miss to the others, so that an eye without a known mistake
//! is not taken for one that cannot err.

use crate::{Confidence, Estimate, Method};

/// k of n.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tried {
    pub k: u64,
    pub n: u64,
}

impl Tried {
    fn share(self) -> Option<f64> {
        (self.n > 0 && self.k <= self.n).then(|| self.k as f64 / self.n as f64)
    }

    /// With a hit and a miss more.
    fn moderated(self) -> (f64, f64) {
        let n = self.n as f64 + 2.0;
        ((self.k as f64 + 1.0) / n, n)
    }
}

/// The true share. `None` if one of the samples is empty, or if the eye tells no more than chance does: then nothing that it
/// says can be corrected. The value is cut to 0..1, as the interval is.
pub fn corrected_share(
    told: Tried,
    sensitivity: Tried,
    specificity: Tried,
    conf: Confidence,
) -> Option<Estimate> {
    let (share, found, passed) = (told.share()?, sensitivity.share()?, specificity.share()?);
    let tells = found + passed - 1.0;
    if tells <= 0.0 {
        return None;
    }
    let value = ((share + passed - 1.0) / tells).clamp(0.0, 1.0);
    let z2 = conf.z().powi(2);
    let n = told.n as f64 + z2;
    let share = (told.k as f64 + z2 / 2.0) / n;
    let (found, n_found) = sensitivity.moderated();
    let (passed, n_passed) = specificity.moderated();
    let tells = found + passed - 1.0;
    if tells <= 0.0 {
        return None;
    }
    let centre = (share + passed - 1.0) / tells;
    let of_found = found * (1.0 - found) / n_found;
    let of_passed = passed * (1.0 - passed) / n_passed;
    let shift = 2.0 * z2 * (centre * of_found - (1.0 - centre) * of_passed);
    let spread =
        share * (1.0 - share) / n + centre.powi(2) * of_found + (1.0 - centre).powi(2) * of_passed;
    let se = spread.sqrt() / tells;
    let (lower, upper) = (centre + shift - conf.z() * se, centre + shift + conf.z() * se);
    let estimate = Estimate::point(value, told.n, Method::Delta, conf)
        .with_se(se)
        // What was told is always held possible.
        .with_interval(lower.min(value), upper.max(value))
        .clipped(0.0, 1.0);
    Some(estimate.with_size_flag())
}

#[cfg(test)]
mod tests {
    use super::{Tried, corrected_share};
    use crate::Confidence;
    use crate::draws::Draws;

    fn tried(k: u64, n: u64) -> Tried {
        Tried { k, n }
    }

    #[test]
    fn errors_are_taken_out() {
        // 0.9 of a fifth and 0.1 of the rest are told: 0.26.
        let share =
            corrected_share(tried(260, 1000), tried(90, 100), tried(90, 100), Confidence::P95);
        let share = share.unwrap();
        assert!((share.value.unwrap() - 0.2).abs() < 1e-12);
        assert!(share.lower.unwrap() < 0.2 && share.upper.unwrap() > 0.2);
    }

    #[test]
    fn an_eye_that_tells_nothing_is_not_corrected() {
        let told = |found, passed| {
            corrected_share(tried(5, 10), found, passed, Confidence::P95).and_then(|it| it.value)
        };
        assert_eq!(told(tried(5, 10), tried(5, 10)), None);
        assert_eq!(told(tried(1, 10), tried(5, 10)), None);
        assert_eq!(told(tried(0, 0), tried(5, 10)), None);
        assert_eq!(told(tried(10, 10), tried(0, 0)), None);
        assert_eq!(told(tried(10, 10), tried(10, 10)), Some(0.5));
    }

    #[test]
    fn nothing_known_of_mistakes_is_not_certainty() {
        let share = corrected_share(tried(0, 50), tried(9, 9), tried(9, 9), Confidence::P95);
        let share = share.unwrap();
        assert_eq!((share.value, share.lower), (Some(0.0), Some(0.0)));
        assert!(share.upper.unwrap() > 0.03, "{share:?}");
    }

    /// How often the interval holds the truth, over many surveys whose three samples are drawn anew.
    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        for (truth, found, passed, n, n_tried) in
            [(0.3, 0.9, 0.85, 260, 90), (0.05, 0.8, 0.97, 400, 60), (0.6, 0.7, 0.9, 150, 40)]
        {
            let mut draws = Draws::seeded(7);
            let mut drawn = |share: f64, n: u64| {
                tried((0..n).filter(|_| draws.unit() < share).count() as u64, n)
            };
            let told = truth * found + (1.0 - truth) * (1.0 - passed);
            let rounds = 2000;
            let mut held = 0;
            for _ in 0..rounds {
                let told = drawn(told, n);
                let (found, passed) = (drawn(found, n_tried), drawn(passed, n_tried));
                let share = corrected_share(told, found, passed, Confidence::P95).unwrap();
                let (lower, upper) = share.interval().unwrap();
                held += u32::from(lower <= truth && truth <= upper);
            }
            let coverage = f64::from(held) / f64::from(rounds);
            assert!((0.93..=0.99).contains(&coverage), "{truth}: {coverage}");
        }
    }
}
