//! Answers about the whole journey, each with the answers about touchpoints that belong to it.
//!
//! An answer about the whole is explained by what the same customer said of touchpoints since the answer before it, never by
//! what was said later. A touchpoint without an answer was *not met* where events say that the customer never came there,
//! and *not asked* everywhere else: the two must not be confused, because what was not met has no score to be missing.

use std::collections::BTreeMap;

use kernel::Summary;
use model::resolve::Resolved;
use stats::drivers::{Answer as Said, Row, Survey};

use crate::answers::{Answer, valid};

/// Everything that explains, and what is explained.
#[derive(Debug, Clone)]
pub(super) struct Sheets {
    /// Touchpoints (by number) that somebody answered about, in document order, and the question that stands for each.
    pub(super) drivers: Vec<(usize, String)>,
    /// One row an answer about the whole, with the touchpoints in that order.
    pub(super) survey: Survey,
    pub(super) n_rows: u64,
    pub(super) n_customers: u64,
    /// Ids of the drivers.
    names: Vec<String>,
}

/// Questions that can stand for a touchpoint, best first; the most answered one is taken where there is no first.
const STANDS_FOR: [&str; 6] = ["csat", "got", "need", "ease", "delight", "ces"];

impl Sheets {
    /// Anonymous answers belong to no sheet.
    pub(super) fn of(
        journey: &Resolved<'_>,
        summary: &Summary,
        answers: &[Answer],
        outcome: &str,
    ) -> Option<Self> {
        let drivers = drivers(journey, answers);
        let place: BTreeMap<(&str, &str), usize> = drivers
            .iter()
            .enumerate()
            .map(|(place, (number, question))| {
                let id = journey.touchpoints[*number].touchpoint.id.as_str();
                ((id, question.as_str()), place)
            })
            .collect();
        // By customer, in the order of time; of one moment, what is said of touchpoints comes first.
        let mut said: BTreeMap<u64, Vec<(i64, usize, f64)>> = BTreeMap::new();
        for answer in answers {
            let (Some(customer), Some(score)) = (answer.customer, valid(answer)) else { continue };
            let place = match answer.touchpoint.as_deref() {
                None if answer.question == outcome => drivers.len(),
                None => continue,
                Some(id) => match place.get(&(id, answer.question.as_str())) {
                    Some(place) => *place,
                    None => continue,
                },
            };
            said.entry(customer).or_default().push((answer.at, place, score));
        }
        let mut rows = Vec::new();
        for (customer, mut said) in said {
            said.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
            let unsaid = unsaid(journey, summary, customer, &drivers);
            let mut sheet = unsaid.clone();
            for (_, place, score) in said {
                if place < drivers.len() {
                    sheet[place] = Said::Score(score);
                    continue;
                }
                let answers = std::mem::replace(&mut sheet, unsaid.clone());
                rows.push(Row { customer, outcome: Some(score), answers, attributes: Vec::new() });
            }
        }
        let names =
            drivers.iter().map(|(number, _)| journey.touchpoints[*number].touchpoint.id.clone());
        let names: Vec<String> = names.collect();
        let n_rows = rows.len() as u64;
        let mut customers: Vec<u64> = rows.iter().map(|row| row.customer).collect();
        customers.dedup();
        let n_customers = customers.len() as u64;
        let survey = Survey::new(names.clone(), rows).ok()?;
        Some(Self { drivers, names, survey, n_rows, n_customers })
    }

    /// Touchpoints and the questions that stand for them, by id.
    pub(super) fn named(&self) -> Vec<(&str, &str)> {
        let questions = self.drivers.iter().map(|(_, question)| question.as_str());
        self.names.iter().map(String::as_str).zip(questions).collect()
    }
}

/// The question that stands for each touchpoint.
fn drivers(journey: &Resolved<'_>, answers: &[Answer]) -> Vec<(usize, String)> {
    let mut counts: BTreeMap<&str, [u64; STANDS_FOR.len()]> = BTreeMap::new();
    for answer in
        answers.iter().filter(|answer| answer.customer.is_some() && valid(answer).is_some())
    {
        let question = STANDS_FOR.iter().position(|question| *question == answer.question);
        if let (Some(touchpoint), Some(question)) = (answer.touchpoint.as_deref(), question) {
            counts.entry(touchpoint).or_default()[question] += 1;
        }
    }
    let question = |id: &str| {
        let counts = counts.get(id)?;
        let most = counts.iter().max().filter(|most| **most > 0)?;
        // The first of those that are asked as often as the most asked one, or nearly so.
        let question = counts.iter().position(|count| 10 * count >= 9 * most)?;
        Some(STANDS_FOR[question].to_owned())
    };
    let touchpoints = journey.touchpoints.iter().enumerate();
    touchpoints
        .filter_map(|(number, stop)| Some((number, question(&stop.touchpoint.id)?)))
        .collect()
}

/// What holds of a customer's touchpoints before anything is said of them.
fn unsaid(
    journey: &Resolved<'_>,
    summary: &Summary,
    customer: u64,
    drivers: &[(usize, String)],
) -> Vec<Said> {
    let watched = summary.watched.binary_search_by_key(&customer, |watched| watched.customer);
    let met = watched.ok().map(|place| &summary.watched[place].met);
    let of = |(number, _): &(usize, String)| {
        let is_bound = !journey.touchpoints[*number].touchpoint.events.is_empty();
        let is_met = |met: &Vec<u64>| {
            met.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
        };
        match met {
            Some(met) if is_bound && !is_met(met) => Said::NotMet,
            _ => Said::NotAsked,
        }
    };
    drivers.iter().map(of).collect()
}
