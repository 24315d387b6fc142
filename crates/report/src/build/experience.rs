//! Need, ease and delight at each touchpoint, and what the three weigh.

use std::collections::{BTreeMap, BTreeSet};

use model::resolve::{Resolved, Stop};
use stats::{
    ExperienceRow, NeedEaseDelight, NeedEaseDelightAnswer, experience_weights, need_ease_delight,
    target_gap,
};

use super::confidence;
use crate::answers::{Answer, Answers, latest_of_each, valid};
use crate::document::{Aspect, Estimate, Experience, ExperienceWeights, Share, Touchpoint};
use crate::small_cells::FLOOR;

const ASPECTS: [&str; 3] = ["need", "ease", "delight"];
const SCALE: (f64, f64) = (1.0, 5.0);
/// With fewer complete answers the three weigh alike.
const COMPLETE_NEEDED: u64 = 200;
/// Where the three explain less than this of loyalty, what each of them holds of it is no weight.
const LITTLE: f64 = 0.10;

/// Fills the touchpoints, and returns what need, ease and delight weigh; `None` where nobody was asked for them.
pub(super) fn fill(
    journey: &Resolved<'_>,
    answers: &[Answer],
    touchpoints: &mut [Touchpoint],
) -> Option<ExperienceWeights> {
    let sheets: Vec<Vec<NeedEaseDelightAnswer>> =
        journey.touchpoints.iter().map(|stop| sheets(answers, &stop.touchpoint.id)).collect();
    if sheets.iter().all(Vec::is_empty) {
        return None;
    }
    let weights = weights(journey, answers);
    let shares =
        [&weights.need, &weights.ease, &weights.delight].map(|weight| weight.value.unwrap_or(0.0));
    for ((stop, sheets), touchpoint) in journey.touchpoints.iter().zip(sheets).zip(touchpoints) {
        let told = need_ease_delight(&sheets, SCALE, shares, confidence());
        touchpoint.experience = experience(stop, &told);
    }
    Some(weights)
}

/// One sheet a customer, with the latest answer to each question, and one for every anonymous answer.
fn sheets(answers: &[Answer], touchpoint: &str) -> Vec<NeedEaseDelightAnswer> {
    let about = Answers::about(answers, Some(touchpoint));
    let mut named: BTreeMap<u64, [Option<f64>; 3]> = BTreeMap::new();
    let mut sheets = Vec::new();
    for (which, question) in ASPECTS.iter().enumerate() {
        for answer in latest_of_each(about.to(question)) {
            let mut alone = [None; 3];
            let sheet = match answer.customer {
                Some(customer) => named.entry(customer).or_default(),
                None => &mut alone,
            };
            sheet[which] = valid(answer);
            if answer.customer.is_none() {
                sheets.push(alone);
            }
        }
    }
    sheets.extend(named.into_values());
    let sheet =
        |[need, ease, delight]: [Option<f64>; 3]| NeedEaseDelightAnswer { need, ease, delight };
    sheets.into_iter().map(sheet).collect()
}

fn experience(stop: &Stop<'_>, told: &NeedEaseDelight) -> Option<Experience> {
    let aspect = |question: &str, aspect: &stats::Aspect| {
        let estimate = &aspect.mean_100;
        if estimate.n < FLOOR {
            return None;
        }
        let target = stop.touchpoint.targets.get(question).copied().map(hundredths);
        let gap = target.and_then(|target| target_gap(target, estimate));
        Some(Aspect {
            n: estimate.n,
            score: Estimate::from(estimate),
            top2: Share::of(aspect.top2.k, aspect.top2.n),
            target,
            against_target: gap.map(|gap| gap.verdict.name().to_owned()),
        })
    };
    let [need, ease, delight] = [
        aspect(ASPECTS[0], &told.need),
        aspect(ASPECTS[1], &told.ease),
        aspect(ASPECTS[2], &told.delight),
    ];
    if need.is_none() && ease.is_none() && delight.is_none() {
        return None;
    }
    let complete = told.index.n;
    let index = |estimate: &stats::Estimate| match complete {
        ..FLOOR => Estimate::default(),
        _ => Estimate::from(estimate),
    };
    Some(Experience {
        need,
        ease,
        delight,
        complete,
        index: index(&told.index),
        index_geometric: index(&told.index_geometric),
    })
}

fn hundredths(score: f64) -> f64 {
    100.0 * (score - SCALE.0) / (SCALE.1 - SCALE.0)
}

/// From loyalty where there is enough to go by, else alike.
fn weights(journey: &Resolved<'_>, answers: &[Answer]) -> ExperienceWeights {
    let rows = rows(journey, answers);
    let complete = rows.len() as u64;
    let equal = |why: String, r2: Option<f64>| {
        let third = || Estimate { value: Some(1.0 / 3.0), low: None, high: None };
        ExperienceWeights {
            need: third(),
            ease: third(),
            delight: third(),
            method: "equal".to_owned(),
            why_equal: Some(why),
            complete,
            needed: COMPLETE_NEEDED,
            r2,
        }
    };
    if complete < COMPLETE_NEEDED {
        let why = format!(
            "{complete} customers answered all three at a touchpoint and about the whole; {COMPLETE_NEEDED} are needed"
        );
        return equal(why, None);
    }
    let Some(found) = experience_weights(&rows, confidence()) else {
        return equal("the three cannot be told apart by these answers".to_owned(), None);
    };
    if found.r2 < LITTLE {
        let why = "the three explain less than a tenth of the answer about the whole";
        return equal(why.to_owned(), Some(found.r2));
    }
    if !found.all_upwards {
        let why = "a better answer to one of the three does not go along with a better one about the whole";
        return equal(why.to_owned(), Some(found.r2));
    }
    let [need, ease, delight] = [0, 1, 2].map(|which| Estimate::from(&found.weights[which]));
    ExperienceWeights {
        need,
        ease,
        delight,
        method: "relative_weights".to_owned(),
        why_equal: None,
        complete,
        needed: COMPLETE_NEEDED,
        r2: Some(found.r2),
    }
}

/// Customers with all three answers about a touchpoint and one about the whole, the latest of each.
fn rows(journey: &Resolved<'_>, answers: &[Answer]) -> Vec<ExperienceRow> {
    let Some(loyalty) = journey.journey.outcomes.loyalty.as_ref() else { return Vec::new() };
    let latest = |touchpoint: Option<&str>, question: &str| {
        crate::answers::latest(Answers::about(answers, touchpoint).to(question))
    };
    let whole = latest(None, &loyalty.question);
    let asked: BTreeSet<&str> = answers
        .iter()
        .filter(|answer| ASPECTS.contains(&answer.question.as_str()))
        .filter_map(|answer| answer.touchpoint.as_deref())
        .collect();
    let mut rows = Vec::new();
    for stop in
        journey.touchpoints.iter().filter(|stop| asked.contains(stop.touchpoint.id.as_str()))
    {
        let [need, ease, delight] =
            ASPECTS.map(|question| latest(Some(&stop.touchpoint.id), question));
        rows.extend(need.iter().filter_map(|(customer, need)| {
            Some(ExperienceRow {
                customer: *customer,
                need: *need,
                ease: *ease.get(customer)?,
                delight: *delight.get(customer)?,
                outcome: *whole.get(customer)?,
            })
        }));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::sheets;
    use crate::answers::Answer;

    fn answer(customer: Option<u64>, at: i64, question: &str, score: f64) -> Answer {
        Answer {
            customer,
            at,
            question: question.to_owned(),
            touchpoint: Some("till".to_owned()),
            score: Some(score),
            comment: None,
            invited_at: None,
            attributes: Vec::new(),
        }
    }

    #[test]
    fn a_sheet_holds_the_latest_valid_answers_of_a_customer() {
        let answers = [
            answer(Some(1), 1, "need", 2.0),
            answer(Some(1), 2, "need", 4.0),
            answer(Some(1), 3, "need", 9.0),
            answer(Some(1), 1, "ease", 5.0),
            answer(None, 1, "ease", 3.0),
            answer(None, 1, "delight", 3.0),
        ];
        let mut told: Vec<[Option<f64>; 3]> = sheets(&answers, "till")
            .into_iter()
            .map(|sheet| [sheet.need, sheet.ease, sheet.delight])
            .collect();
        told.sort_by(|a, b| b.partial_cmp(a).unwrap());
        let expected =
            [[Some(4.0), Some(5.0), None], [None, Some(3.0), None], [None, None, Some(3.0)]];
        assert_eq!(told, expected);
        assert!(sheets(&answers, "door").is_empty());
    }
}
