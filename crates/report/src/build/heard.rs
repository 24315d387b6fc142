//! Scores weighed to the customers there are, and what those who kept silent could make of the score.

use std::collections::{BTreeMap, BTreeSet};

use model::question::find_question;
use model::resolve::Resolved;
use stats::{
    NpsCounts, NpsMethod, PostStratified, mean_interval, mean_poststratified, nps_interval,
    nps_nonresponse_bounds, nps_poststratified,
};

use super::confidence;
use crate::answers::{Answer, Answers, Population, Told, latest_of_each, valid};
use crate::document::{Estimate, Silence, Stratum, Weighed, WeighedScore};
use crate::small_cells::{FLOOR, withheld};

/// `None` where nobody said how many customers there are.
pub(super) fn weighed(journey: &Resolved<'_>, told: &Told) -> Option<Weighed> {
    let population = told.known.population.as_ref()?;
    let touchpoints = journey.touchpoints.iter().map(|stop| Some(stop.touchpoint.id.as_str()));
    let mut scores = Vec::new();
    for touchpoint in std::iter::once(None).chain(touchpoints) {
        let about = Answers::about(&told.answers, touchpoint);
        scores.extend(about.questions().filter_map(|question| {
            score(told, touchpoint, question, &latest_of_each(about.to(question)))
        }));
    }
    let without = told.answers.iter().filter(|answer| told.stratum(answer).is_none()).count();
    Some(Weighed {
        attribute: population.attribute.clone(),
        customers: population.customers.values().sum(),
        strata: strata(population, told),
        without: without as u64,
        scores,
    })
}

/// How many customers of each value answered; anonymous answers are each somebody's of their own.
fn strata(population: &Population, told: &Told) -> Vec<Stratum> {
    let mut who: BTreeMap<&str, (BTreeSet<u64>, u64)> = BTreeMap::new();
    for answer in &told.answers {
        let Some(value) = told.stratum(answer) else { continue };
        let answered = who.entry(value).or_default();
        match answer.customer {
            Some(customer) => _ = answered.0.insert(customer),
            None => answered.1 += 1,
        }
    }
    let counts: Vec<u64> = population
        .customers
        .keys()
        .map(|value| who.get(value.as_str()).map_or(0, |it| it.0.len() as u64 + it.1))
        .collect();
    let (total, all): (u64, u64) = (population.customers.values().sum(), counts.iter().sum());
    let withheld = withheld(&counts, FLOOR);
    let each = population.customers.iter().zip(&counts).zip(withheld);
    each.map(|(((value, customers), answered), is_withheld)| Stratum {
        value: value.clone(),
        customers: *customers,
        share: *customers as f64 / total.max(1) as f64,
        answered: (!is_withheld).then_some(*answered),
        share_answered: (!is_withheld).then(|| *answered as f64 / all.max(1) as f64),
    })
    .collect()
}

/// `None` under five answers.
fn score(
    all: &Told,
    touchpoint: Option<&str>,
    question: &str,
    answers: &[&Answer],
) -> Option<WeighedScore> {
    let told: Vec<(String, Option<f64>)> = answers
        .iter()
        .filter_map(|answer| Some((all.stratum(answer)?.to_owned(), valid(answer))))
        .collect();
    let population = all.known.population.as_ref()?;
    if (told.len() as u64) < FLOOR {
        return None;
    }
    let customers: BTreeMap<String, f64> =
        population.customers.iter().map(|(value, n)| (value.clone(), *n as f64)).collect();
    let values: Vec<Option<f64>> = told.iter().map(|(_, value)| *value).collect();
    let scale = find_question(question).map(|question| question.score);
    let (unweighed, result) = if question == "nps" {
        let counts = NpsCounts::of(&values);
        let plain = nps_interval(&counts, NpsMethod::AdjustedWald, confidence());
        (plain, nps_poststratified(&told, &customers, confidence()))
    } else {
        let plain = mean_interval(&values, confidence(), scale);
        (plain, mean_poststratified(&told, &customers, confidence()))
    };
    let mut score = WeighedScore {
        touchpoint: touchpoint.map(str::to_owned),
        question: question.to_owned(),
        n: unweighed.n,
        n_effective: None,
        unweighed: Estimate::from(&unweighed),
        weighed: Estimate::default(),
        why_not: None,
    };
    match result {
        Ok(PostStratified { estimate, .. }) => {
            let estimate = match scale {
                Some((lowest, highest)) => estimate.clipped(lowest, highest),
                None => estimate,
            };
            score.n_effective = estimate.n_eff;
            score.weighed = Estimate::from(&estimate);
        }
        Err(stats::Error::NoAnswersIn { category }) => {
            let attribute = &population.attribute;
            score.why_not = Some(format!("nobody whose {attribute} is {category} answered this"));
        }
        Err(why) => score.why_not = Some(why.to_string()),
    }
    Some(score)
}

/// `None` where nobody said how many were asked, or nobody answered.
pub(super) fn silence(told: &Told) -> Option<Silence> {
    let invited = told.known.invited?;
    let about = Answers::about(&told.answers, None);
    let latest = latest_of_each(about.to("nps"));
    let scores: Vec<Option<f64>> = latest.iter().map(|answer| valid(answer)).collect();
    let counts = NpsCounts::of(&scores);
    silent(&counts, invited)
}

/// What those who did not answer could make of a score; nothing under five answers.
pub(super) fn silent(counts: &NpsCounts, invited: u64) -> Option<Silence> {
    let bounds = nps_nonresponse_bounds(counts, invited)?;
    Some(Silence {
        invited,
        answered: counts.n(),
        response_rate: bounds.response_rate,
        score: counts.score().filter(|_| counts.n() >= FLOOR)?,
        low: bounds.lower,
        high: bounds.upper,
        break_even: bounds.break_even,
    })
}

#[cfg(test)]
mod tests {
    use super::{silence, weighed};
    use crate::answers::{Answer, Known, Population, Told};
    use crate::document::Silence;
    use model::resolve::Resolved;

    const JOURNEY: &str = "footpath: 1\njourney: j\ntitle: J\nstages:\n  - {id: s, title: S, touchpoints: [{id: t, title: T}]}\n";

    fn told(strata: &[(&str, f64, u64)], customers: &[(&str, u64)], invited: u64) -> Told {
        let each =
            strata.iter().flat_map(|(stratum, score, n)| (0..*n).map(move |_| (*stratum, *score)));
        let answers = each.enumerate().map(|(customer, (stratum, score))| Answer {
            customer: Some(customer as u64),
            at: 0,
            question: "nps".to_owned(),
            touchpoint: None,
            score: Some(score),
            comment: None,
            invited_at: None,
            attributes: vec![Some(stratum.to_owned())],
        });
        let customers = customers.iter().map(|(value, n)| ((*value).to_owned(), *n)).collect();
        let population = Some(Population { attribute: "segment".to_owned(), customers });
        let known = Known { population, invited: Some(invited) };
        let attributes = vec!["segment".to_owned()];
        Told { answers: answers.collect(), attributes, known, ..Told::default() }
    }

    #[test]
    fn a_stratum_counts_as_many_as_it_has() {
        let reading = model::document::read(JOURNEY);
        let journey = Resolved::of(reading.journey.as_ref().unwrap());
        // 30 promoters of 100 customers, 20 detractors of 300: (100 − 300) / 400.
        let told = told(&[("a", 10.0, 30), ("b", 0.0, 20)], &[("a", 100), ("b", 300)], 200);
        let weighed = weighed(&journey, &told).unwrap();
        let score = &weighed.scores[0];
        assert_eq!((score.unweighed.value, score.weighed.value), (Some(20.0), Some(-50.0)));
        assert!(score.n == 50 && score.n_effective.unwrap() < 40.0);
        let answered: Vec<Option<u64>> = weighed.strata.iter().map(|it| it.answered).collect();
        assert_eq!(answered, [Some(30), Some(20)]);
        let expected = Silence {
            invited: 200,
            answered: 50,
            response_rate: 0.25,
            score: 20.0,
            low: -70.0,
            high: 80.0,
            break_even: Some(-20.0 / 3.0),
        };
        let silence = silence(&told).unwrap();
        assert!((silence.break_even.unwrap() - expected.break_even.unwrap()).abs() < 1e-9);
        assert_eq!(Silence { break_even: expected.break_even, ..silence }, expected);
    }

    #[test]
    fn a_few_who_answered_are_withheld_with_another_value() {
        let reading = model::document::read(JOURNEY);
        let journey = Resolved::of(reading.journey.as_ref().unwrap());
        let told = told(
            &[("a", 10.0, 30), ("b", 0.0, 2), ("c", 7.0, 9)],
            &[("a", 100), ("b", 300), ("c", 10)],
            41,
        );
        let answered: Vec<Option<u64>> =
            weighed(&journey, &told).unwrap().strata.iter().map(|it| it.answered).collect();
        assert_eq!(answered, [Some(30), None, None]);
        assert_eq!(silence(&told).unwrap().break_even, None, "nobody was silent");
    }
}
