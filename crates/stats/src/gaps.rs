//! The gaps: between what customers expect and get, between target and present, between belief and score.

use crate::distributions::t_two_sided_p;
use crate::moments::{mean, variance};
use crate::{Confidence, Estimate, Flag, Method, Proportion, mean_interval, welch_t, wilson};

/// Expected against got, over customers who gave both (SERVQUAL, Parasuraman, Zeithaml & Berry 1988).
#[derive(Debug, Clone, PartialEq)]
pub struct ExperienceGap {
    /// Mean of got − expected: negative when the experience falls short. Paired t interval; no interval when the
    /// differences do not vary.
    pub gap: Estimate,
    pub expected_mean: Option<f64>,
    pub got_mean: Option<f64>,
    /// Share of customers who got less than they expected.
    pub below: Proportion,
    pub t: Option<f64>,
    pub p: Option<f64>,
}

/// From (expected, got) pairs. Show both means with the gap: differences are less reliable than their parts, and
/// expectations sit near the ceiling.
pub fn experience_gap(pairs: &[(Option<f64>, Option<f64>)], conf: Confidence) -> ExperienceGap {
    let complete: Vec<(f64, f64)> = pairs
        .iter()
        .filter_map(|(expected, got)| expected.zip(*got))
        .filter(|(expected, got)| expected.is_finite() && got.is_finite())
        .collect();
    let (expected, got): (Vec<f64>, Vec<f64>) = complete.iter().copied().unzip();
    let differences: Vec<f64> = complete.iter().map(|(expected, got)| got - expected).collect();
    let below = differences.iter().filter(|&&difference| difference < 0.0).count();
    let (gap, t) = paired_mean(&differences, conf);
    ExperienceGap {
        p: t.and_then(|t| t_two_sided_p(t, differences.len() as f64 - 1.0)),
        gap,
        t,
        expected_mean: mean(&expected),
        got_mean: mean(&got),
        below: wilson(below as u64, differences.len() as u64, conf),
    }
}

/// Mean of paired differences and its t; neither interval nor t when they do not vary.
pub(crate) fn paired_mean(differences: &[f64], conf: Confidence) -> (Estimate, Option<f64>) {
    let values: Vec<Option<f64>> = differences.iter().copied().map(Some).collect();
    let mut estimate = mean_interval(&values, conf, None);
    if estimate.n > 0 {
        estimate.method = Method::PairedT;
    }
    if estimate.flags.contains(&Flag::ZeroVariance) {
        (estimate.lower, estimate.upper) = (None, None);
    }
    let t = estimate.value.zip(estimate.se).filter(|(_, se)| *se > 0.0).map(|(mean, se)| mean / se);
    (estimate, t)
}

/// Gaps of several dimensions together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedGap {
    pub unweighted: Option<f64>,
    /// `None` when the points add up to nothing.
    pub weighted: Option<f64>,
}

/// From (gap, points) per dimension; customers share out 100 points.
pub fn weighted_gap(dimensions: &[(f64, f64)]) -> WeightedGap {
    let gaps: Vec<f64> = dimensions.iter().map(|(gap, _)| *gap).collect();
    let points: f64 = dimensions.iter().map(|(_, points)| points).sum();
    let weighted: f64 = dimensions.iter().map(|(gap, points)| gap * points).sum();
    WeightedGap { unweighted: mean(&gaps), weighted: (points > 0.0).then(|| weighted / points) }
}

/// Target of the statement against the present.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetGap {
    pub target: f64,
    pub present: f64,
    /// target − present: positive is what remains to close. The limits are those of the score, turned round.
    pub gap: Estimate,
    pub verdict: TargetVerdict,
}

/// What the whole interval says about the target, never the point alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetVerdict {
    TargetMet,
    BelowTarget,
    NotDistinguishable,
}

impl TargetVerdict {
    pub fn name(self) -> &'static str {
        match self {
            Self::TargetMet => "target_met",
            Self::BelowTarget => "below_target",
            Self::NotDistinguishable => "not_distinguishable",
        }
    }
}

/// The gap to a target of any score, with the interval of the score: adjusted Wald for NPS, Student's for means.
/// `None` without a score.
pub fn target_gap(target: f64, present: &Estimate) -> Option<TargetGap> {
    let value = present.value?;
    let turned = |limit: Option<f64>| limit.map(|limit| target - limit);
    let verdict = match present.interval() {
        Some((lower, _)) if lower >= target => TargetVerdict::TargetMet,
        Some((_, upper)) if upper < target => TargetVerdict::BelowTarget,
        _ => TargetVerdict::NotDistinguishable,
    };
    let gap = Estimate {
        value: Some(target - value),
        lower: turned(present.upper),
        upper: turned(present.lower),
        ..present.clone()
    };
    Some(TargetGap { target, present: value, gap, verdict })
}

/// The company's belief against the customers' score.
#[derive(Debug, Clone, PartialEq)]
pub struct BeliefGap {
    pub belief: f64,
    pub present: f64,
    /// belief − present: positive when the company thinks itself better than its customers do.
    pub gap: Estimate,
}

/// One belief, taken as said: the interval is that of the score, turned round. `None` without a score.
pub fn belief_gap(belief: f64, present: &Estimate) -> Option<BeliefGap> {
    let TargetGap { present, gap, .. } = target_gap(belief, present)?;
    Some(BeliefGap { belief, present, gap })
}

/// Beliefs of several raters against customers' answers: Welch's interval from two raters on; with one rater there is a
/// gap without one. `None` without raters or without answers.
pub fn belief_gap_of_raters(
    raters: &[f64],
    answers: &[f64],
    conf: Confidence,
) -> Option<BeliefGap> {
    let (belief, present) = mean(raters).zip(mean(answers))?;
    let gap = match variance(raters) {
        Some(_) => welch_t(answers, raters, conf).difference,
        None => Estimate::point(belief - present, answers.len() as u64, Method::Welch, conf),
    };
    Some(BeliefGap { belief, present, gap })
}

#[cfg(test)]
mod tests {
    use super::{TargetVerdict, belief_gap, belief_gap_of_raters, target_gap};
    use crate::{Confidence, Estimate, Flag, Method, mean_interval};

    fn answers(values: &[f64]) -> Estimate {
        let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        mean_interval(&values, Confidence::P95, Some((1.0, 5.0)))
    }

    #[test]
    fn a_target_of_a_mean_is_judged_by_its_whole_interval() {
        let check = |target: f64, expected: TargetVerdict| {
            let gap = target_gap(target, &answers(&[3.0, 4.0, 4.0, 3.0, 4.0, 3.0])).unwrap();
            assert_eq!(
                (gap.present, gap.gap.value, gap.verdict),
                (3.5, Some(target - 3.5), expected),
                "{target}"
            );
            let (lower, upper) = gap.gap.interval().unwrap();
            assert!(lower < target - 3.5 && target - 3.5 < upper);
        };
        check(4.4, TargetVerdict::BelowTarget);
        check(3.6, TargetVerdict::NotDistinguishable);
        check(2.5, TargetVerdict::TargetMet);
    }

    #[test]
    fn no_answers_no_gap() {
        assert_eq!(target_gap(4.0, &answers(&[])), None);
        assert_eq!(belief_gap(4.0, &answers(&[])), None);
        assert_eq!(belief_gap_of_raters(&[], &[4.0], Confidence::P95), None);
        let single = target_gap(4.0, &answers(&[3.0])).unwrap();
        assert_eq!(
            (single.gap.interval(), single.verdict),
            (None, TargetVerdict::NotDistinguishable)
        );
    }

    #[test]
    fn one_rater_has_a_gap_and_two_have_an_interval() {
        let customers = [2.0, 3.0, 3.0, 4.0];
        let one = belief_gap_of_raters(&[4.5], &customers, Confidence::P95).unwrap();
        assert_eq!((one.gap.value, one.gap.interval()), (Some(1.5), None));
        let two = belief_gap_of_raters(&[4.0, 5.0], &customers, Confidence::P95).unwrap();
        let (lower, upper) = two.gap.interval().unwrap();
        assert!(lower < 1.5 && 1.5 < upper && two.gap.method == Method::Welch);
    }

    #[test]
    fn answers_that_do_not_vary_have_a_gap_with_a_flag() {
        let gap = belief_gap(5.0, &answers(&[4.0, 4.0, 4.0])).unwrap().gap;
        assert_eq!((gap.value, gap.interval()), (Some(1.0), Some((1.0, 1.0))));
        assert!(gap.flags.contains(&Flag::ZeroVariance));
    }
}
