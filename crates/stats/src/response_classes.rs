//! Scores when some were readier to answer than others: every class of invitations counts by who was invited.
//!
//! Adjusted NPS = Σ Wₕ · NPS of h, with Wₕ the share of class h in the invitations, and Var = Σ Wₕ² vₕ/nₕ (weighting classes,
//! Oh & Scheuren 1983). A channel that half its customers answer else drags the score. This mends nothing within a class:
//! the bounds of `nps_nonresponse_bounds` belong beside it.

use crate::moments::ordered_sum;
use crate::{Confidence, Estimate, Flag, Method, NpsCounts, NpsMethod, nps_interval};

/// Customers invited in one way, and what they answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseClass {
    pub name: String,
    pub invited: u64,
    pub counts: NpsCounts,
}

impl ResponseClass {
    /// The share of the invited who answered, validly or not. `None` if nobody was invited or more answered than were.
    pub fn response_rate(&self) -> Option<f64> {
        let answered = self.counts.n() + self.counts.invalid;
        (self.invited > 0 && answered <= self.invited)
            .then(|| answered as f64 / self.invited as f64)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct ClassAdjusted {
    /// Every answer counts the same.
    pub raw: Estimate,
    /// Every invitation counts the same. `None` where a class was invited and is silent.
    pub adjusted: Estimate,
    /// Classes with invitations but without a valid answer, by name: nobody speaks for them.
    pub silent: Vec<String>,
}

pub fn nps_response_classes(classes: &[ResponseClass], conf: Confidence) -> ClassAdjusted {
    let sum = |part: fn(&NpsCounts) -> u64| classes.iter().map(|class| part(&class.counts)).sum();
    let pooled = NpsCounts::new(sum(|c| c.promoters), sum(|c| c.passives), sum(|c| c.detractors));
    let mut silent: Vec<String> = classes
        .iter()
        .filter(|class| class.invited > 0 && class.counts.n() == 0)
        .map(|class| class.name.clone())
        .collect();
    silent.sort();
    let raw = nps_interval(&pooled, NpsMethod::AdjustedWald, conf);
    let adjusted = if silent.is_empty() {
        adjusted(classes, pooled.n(), conf)
    } else {
        Estimate::none(Method::Stratified, conf)
    };
    ClassAdjusted { raw, adjusted, silent }
}

fn adjusted(classes: &[ResponseClass], n: u64, conf: Confidence) -> Estimate {
    let invited: u64 = classes.iter().map(|class| class.invited).sum();
    if invited == 0 || n == 0 {
        return Estimate::none(Method::Stratified, conf);
    }
    let (mut scores, mut variances) = (Vec::new(), Vec::new());
    for class in classes {
        if let Some((score, variance)) = class.counts.score().zip(class.counts.variance()) {
            let share = class.invited as f64 / invited as f64;
            scores.push(share * score);
            variances.push(share * share * variance / class.counts.n() as f64);
        }
    }
    let (score, se) = (ordered_sum(&scores), 100.0 * ordered_sum(&variances).sqrt());
    let estimate = Estimate::point(score, n, Method::Stratified, conf)
        .with_se(se)
        .with_interval(score - conf.z() * se, score + conf.z() * se)
        .clipped(-100.0, 100.0)
        .with_size_flag();
    if se == 0.0 { estimate.flagged(Flag::ZeroVariance) } else { estimate }
}

#[cfg(test)]
mod tests {
    use super::{ResponseClass, nps_response_classes};
    use crate::{Confidence, NpsCounts};

    fn class(name: &str, invited: u64, counts: (u64, u64, u64)) -> ResponseClass {
        let counts = NpsCounts::new(counts.0, counts.1, counts.2);
        ResponseClass { name: name.to_owned(), invited, counts }
    }

    #[test]
    fn equal_response_rates_change_nothing() {
        let classes = [class("web", 200, (60, 25, 15)), class("sms", 100, (10, 20, 20))];
        let score = nps_response_classes(&classes, Confidence::P95);
        assert!((score.raw.value.unwrap() - score.adjusted.value.unwrap()).abs() < 1e-12);
    }

    #[test]
    fn a_silent_class_is_named_and_nothing_is_said_for_all() {
        let classes = [class("web", 200, (60, 25, 15)), class("post", 100, (0, 0, 0))];
        let score = nps_response_classes(&classes, Confidence::P95);
        assert_eq!((score.raw.value, score.adjusted.value), (Some(45.0), None));
        assert_eq!(score.silent, ["post"]);
        assert_eq!(classes[1].response_rate(), Some(0.0));
    }

    #[test]
    fn a_class_that_nobody_was_invited_in_weighs_nothing() {
        let classes = [class("web", 200, (60, 25, 15)), class("walk-in", 0, (5, 0, 0))];
        let score = nps_response_classes(&classes, Confidence::P95);
        assert_eq!(score.adjusted.value, Some(45.0));
        assert_eq!(classes[1].response_rate(), None);
        let nobody = nps_response_classes(&[], Confidence::P95);
        assert_eq!((nobody.raw.value, nobody.adjusted.value), (None, None));
    }
}
