//! What a touchpoint is to customers, from how they feel where it is there and where it is not (Kano 1984).

use std::collections::BTreeMap;

use model::resolve::Resolved;
use stats::{KanoAnswer, KanoCategory, KanoCounts, kano, wilson};

use super::confidence;
use crate::answers::{Answer, Answers, DYSFUNCTIONAL, FUNCTIONAL, latest, valid};
use crate::document::{Estimate, KanoCount, KanoResult, Share, Touchpoint};
use crate::small_cells::{FLOOR, withheld};

/// Above this share of answers that contradict each other the question is not understood.
const BADLY_WORDED: f64 = 0.05;

pub(super) fn fill(journey: &Resolved<'_>, answers: &[Answer], touchpoints: &mut [Touchpoint]) {
    for (stop, touchpoint) in journey.touchpoints.iter().zip(touchpoints) {
        touchpoint.kano = result(&Answers::about(answers, Some(&stop.touchpoint.id)));
    }
}

/// `None` where neither question was asked.
fn result(about: &Answers<'_>) -> Option<KanoResult> {
    let (functional, dysfunctional) = (about.to(FUNCTIONAL), about.to(DYSFUNCTIONAL));
    let all = || functional.iter().chain(dysfunctional);
    all().next()?;
    let (with, without) = (latest(functional), latest(dysfunctional));
    let pairs: Vec<(KanoAnswer, KanoAnswer)> = with
        .iter()
        .filter_map(|(customer, with)| Some((of_score(*with)?, of_score(*without.get(customer)?)?)))
        .collect();
    let n = pairs.len() as u64;
    let customers: BTreeMap<u64, ()> =
        with.keys().chain(without.keys()).map(|it| (*it, ())).collect();
    let counts = KanoCounts::of(&pairs);
    let told = kano(&counts).filter(|_| n >= FLOOR);
    let contradict = counts.0[KanoCategory::Questionable as usize];
    Some(KanoResult {
        n,
        invalid: all().filter(|answer| valid(answer).is_none()).count() as u64,
        unpaired: customers.len() as u64 - n,
        category: told.as_ref().map(|kano| name(kano.category).to_owned()),
        is_clear: told.as_ref().is_some_and(|kano| kano.fong_significant),
        counts: category_counts(&counts),
        better: if told.is_some() { better(&counts) } else { Estimate::default() },
        worse: if told.is_some() { worse(&counts) } else { Estimate::default() },
        badly_worded: told.is_some() && contradict as f64 > BADLY_WORDED * n as f64,
    })
}

/// 1 is "I like it", 5 "I dislike it".
fn of_score(score: f64) -> Option<KanoAnswer> {
    use KanoAnswer::{Dislike, Expect, Like, Neutral, Tolerate};
    [Like, Expect, Neutral, Tolerate, Dislike].get((score as usize).checked_sub(1)?).copied()
}

fn name(category: KanoCategory) -> &'static str {
    match category {
        KanoCategory::MustBe => "must_be",
        KanoCategory::OneDimensional => "one_dimensional",
        KanoCategory::Attractive => "attractive",
        KanoCategory::Indifferent => "indifferent",
        KanoCategory::Reverse => "reverse",
        KanoCategory::Questionable => "questionable",
    }
}

/// Categories add up to n, which is told.
fn category_counts(counts: &KanoCounts) -> Vec<KanoCount> {
    let n = counts.n();
    let withheld = withheld(&counts.0, FLOOR);
    let categories = KanoCategory::ALL.into_iter().zip(counts.0).zip(withheld);
    categories
        .map(|((category, k), is_withheld)| KanoCount {
            category: name(category).to_owned(),
            customers: (!is_withheld).then(|| Share::of(k, n)),
        })
        .collect()
}

fn better(counts: &KanoCounts) -> Estimate {
    let [must, one, attractive, indifferent, ..] = counts.0;
    let share = wilson(attractive + one, must + one + attractive + indifferent, confidence());
    Estimate { value: share.share, low: share.low, high: share.high }
}

fn worse(counts: &KanoCounts) -> Estimate {
    let [must, one, attractive, indifferent, ..] = counts.0;
    let share = wilson(must + one, must + one + attractive + indifferent, confidence());
    let below = |limit: Option<f64>| limit.map(|limit| 0.0 - limit);
    Estimate { value: below(share.share), low: below(share.high), high: below(share.low) }
}

#[cfg(test)]
mod tests {
    use super::result;
    use crate::answers::{Answer, Answers};

    /// Pairs of answers, a customer each.
    fn answers(pairs: &[(f64, f64, u64)]) -> Vec<Answer> {
        let each = pairs.iter().flat_map(|(with, without, n)| (0..*n).map(|_| (*with, *without)));
        each.enumerate()
            .flat_map(|(customer, (with, without))| {
                [("functional", with), ("dysfunctional", without)].map(|(question, score)| Answer {
                    customer: Some(customer as u64),
                    at: 1,
                    question: question.to_owned(),
                    touchpoint: None,
                    score: Some(score),
                    comment: None,
                    invited_at: None,
                    attributes: Vec::new(),
                })
            })
            .collect()
    }

    #[test]
    fn pairs_fall_into_categories() {
        // 30 must-be, 12 one-dimensional, 6 attractive, 8 indifferent.
        let told = answers(&[(2.0, 5.0, 30), (1.0, 5.0, 12), (1.0, 3.0, 6), (3.0, 3.0, 8)]);
        let kano = result(&Answers::about(&told, None)).unwrap();
        assert_eq!((kano.n, kano.category.as_deref(), kano.is_clear), (56, Some("must_be"), true));
        assert_eq!((kano.better.value, kano.worse.value), (Some(18.0 / 56.0), Some(-42.0 / 56.0)));
        assert!(kano.worse.low < kano.worse.value && kano.worse.value < kano.worse.high);
        assert!(!kano.badly_worded);
        let shown: Vec<Option<u64>> =
            kano.counts.iter().map(|count| count.customers.as_ref().map(|share| share.k)).collect();
        assert_eq!(shown, [Some(30), Some(12), Some(6), Some(8), Some(0), Some(0)]);
        let few = answers(&[(2.0, 5.0, 30), (1.0, 5.0, 12), (1.0, 3.0, 6), (1.0, 1.0, 2)]);
        let few = result(&Answers::about(&few, None)).unwrap();
        let shown: Vec<bool> = few.counts.iter().map(|count| count.customers.is_some()).collect();
        assert_eq!(shown, [true, true, false, true, true, false], "two, and six with them");
    }

    #[test]
    fn contradictions_are_the_question_s_fault() {
        let told = answers(&[(2.0, 5.0, 30), (1.0, 1.0, 2)]);
        assert!(result(&Answers::about(&told, None)).unwrap().badly_worded);
    }

    #[test]
    fn few_are_not_told_and_nobody_is_no_section() {
        let told = answers(&[(2.0, 5.0, 4), (2.0, 9.0, 1)]);
        let kano = result(&Answers::about(&told, None)).unwrap();
        assert_eq!((kano.n, kano.invalid, kano.unpaired), (4, 1, 1));
        assert_eq!((kano.category, kano.better.value), (None, None));
        assert!(result(&Answers::about(&[], None)).is_none());
    }
}
