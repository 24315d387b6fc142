//! Do those who answer late answer differently: the late resemble the silent (Armstrong & Overton 1977).
//!
//! A difference is a warning that the score of those who never answered lies further in its direction. No difference is
//! no proof that the silent are like the rest.

use crate::moments::present;
use crate::{
    Confidence, Estimate, NpsCounts, NpsDifferenceMethod, NpsMethod, mean_interval, median,
    nps_difference, nps_interval, welch_t,
};

#[derive(Debug, Clone, PartialEq)]
pub struct EarlyLate {
    /// The delay that parts them; an answer with just this delay is early.
    pub median_delay: Option<f64>,
    pub early: Estimate,
    pub late: Estimate,
    /// Late less early. No value when one of them is empty, as it is when all delays are equal.
    pub difference: Estimate,
    /// Two-sided.
    pub p: Option<f64>,
}

/// The NPS of (delay, answer) pairs, split at the median delay of the valid ones.
pub fn nps_early_late(answers: &[(f64, Option<f64>)], conf: Confidence) -> EarlyLate {
    let valid: Vec<(f64, Option<f64>)> = answers
        .iter()
        .copied()
        .filter(|(delay, answer)| delay.is_finite() && NpsCounts::of(&[*answer]).n() == 1)
        .collect();
    let (median_delay, early, late) = split(&valid);
    let (early, late) = (NpsCounts::of(&early), NpsCounts::of(&late));
    let is_whole = early.n() > 0 && late.n() > 0;
    let test = nps_difference(&early, &late, NpsDifferenceMethod::AdjustedWald, conf);
    EarlyLate {
        median_delay,
        early: nps_interval(&early, NpsMethod::AdjustedWald, conf),
        late: nps_interval(&late, NpsMethod::AdjustedWald, conf),
        difference: test.estimate,
        p: test.p.filter(|_| is_whole),
    }
}

/// The mean of (delay, value) pairs, split at the median delay of those with a value.
pub fn mean_early_late(answers: &[(f64, Option<f64>)], conf: Confidence) -> EarlyLate {
    let valid: Vec<(f64, Option<f64>)> = answers
        .iter()
        .copied()
        .filter(|(delay, value)| delay.is_finite() && value.is_some_and(f64::is_finite))
        .collect();
    let (median_delay, early, late) = split(&valid);
    let test = welch_t(&present(&early), &present(&late), conf);
    EarlyLate {
        median_delay,
        early: mean_interval(&early, conf, None),
        late: mean_interval(&late, conf, None),
        difference: test.difference,
        p: test.p,
    }
}

type Answers = Vec<Option<f64>>;

fn split(valid: &[(f64, Option<f64>)]) -> (Option<f64>, Answers, Answers) {
    let delays: Vec<f64> = valid.iter().map(|(delay, _)| *delay).collect();
    let middle = median(&delays);
    let is_early = |delay: f64| middle.is_some_and(|middle| delay <= middle);
    let (early, late): (Vec<_>, Vec<_>) = valid.iter().partition(|(delay, _)| is_early(*delay));
    let answers = |side: Vec<(f64, Option<f64>)>| side.into_iter().map(|(_, a)| a).collect();
    (middle, answers(early), answers(late))
}

#[cfg(test)]
mod tests {
    use super::{mean_early_late, nps_early_late};
    use crate::Confidence;

    #[test]
    fn split_at_the_median_delay() {
        let answers = [(1.0, 10.0), (2.0, 9.0), (3.0, 9.0), (4.0, 3.0), (5.0, 1.0), (6.0, 9.0)];
        let answers = answers.map(|(delay, answer)| (delay, Some(answer)));
        let nps = nps_early_late(&answers, Confidence::P95);
        assert_eq!(nps.median_delay, Some(3.5));
        assert_eq!((nps.early.value, nps.early.n, nps.late.n), (Some(100.0), 3, 3));
        assert!((nps.difference.value.unwrap() + 400.0 / 3.0).abs() < 1e-9);
        let mean = mean_early_late(&answers, Confidence::P95);
        assert!((mean.difference.value.unwrap() + 5.0).abs() < 1e-12);
    }

    #[test]
    fn equal_delays_have_no_late_half() {
        let answers = [(1.0, Some(10.0)), (1.0, Some(3.0)), (2.0, None), (3.0, Some(11.0))];
        let nps = nps_early_late(&answers, Confidence::P95);
        assert_eq!((nps.early.n, nps.late.n), (2, 0));
        assert_eq!((nps.difference.value, nps.p), (None, None));
        let none = mean_early_late(&[], Confidence::P95);
        assert_eq!((none.median_delay, none.difference.value), (None, None));
    }
}
