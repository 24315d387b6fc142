//! What customers say: answers by question, and the scores made of them.

use std::collections::BTreeMap;

use model::question::find_question;
use stats::{Confidence, Estimate};

use crate::document::{Score, Share};

/// One answer to one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Key of the customer; `None`: anonymous.
    pub customer: Option<u64>,
    /// µs UTC; 0 when not known.
    pub at: i64,
    pub question: String,
    /// Id of the touchpoint; `None`: the journey as a whole.
    pub touchpoint: Option<String>,
    pub score: Option<f64>,
    pub comment: Option<String>,
    /// µs UTC; when the customer was asked for it, where that is known.
    pub invited_at: Option<i64>,
    /// Values of [`Told::attributes`], in that order.
    pub attributes: Vec<Option<String>>,
}

/// Somebody who was asked and did not answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Silent {
    /// µs UTC; when the customer was asked.
    pub invited_at: i64,
    pub question: String,
    /// Id of the touchpoint; `None`: the journey as a whole.
    pub touchpoint: Option<String>,
}

/// What a customer complained of.
#[derive(Debug, Clone, PartialEq)]
pub struct Complaint {
    /// Key of the customer; `None`: anonymous.
    pub customer: Option<u64>,
    /// µs UTC; 0 when not known.
    pub at: i64,
    /// Id of the touchpoint; `None`: nobody said.
    pub touchpoint: Option<String>,
    /// As the organisation graded it, 1 to 5.
    pub severity: Option<f64>,
    pub text: String,
}

/// Everything that customers told: what they answered, and what they complained of; and who was asked in vain.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    pub answers: Vec<Answer>,
    /// Names of the columns that answers were read with.
    pub attributes: Vec<String>,
    pub silent: Vec<Silent>,
    pub complaints: Vec<Complaint>,
    /// Comments of both, coded by hand.
    pub codes: Vec<Code>,
    pub known: Known,
}

/// That a comment is, or is not, about a theme: said by somebody who did not see what the program says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Key of the comment.
    pub comment: u64,
    /// `None`: whoever coded the sheet.
    pub coder: Option<String>,
    pub theme: String,
    pub holds: bool,
}

/// What is known of customers whom nobody heard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    pub population: Option<Population>,
    /// How many were asked.
    pub invited: Option<u64>,
}

/// How many customers there are, by the values of an attribute that answers carry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Population {
    pub attribute: String,
    pub customers: BTreeMap<String, u64>,
}

/// Questions whose answers are no score: what a customer feels where something is there, and where it is not.
pub(crate) const FUNCTIONAL: &str = "functional";
pub(crate) const DYSFUNCTIONAL: &str = "dysfunctional";

/// Customers with an answer to `nps` about the whole journey; an anonymous one is someone of their own.
pub fn answered(answers: &[Answer]) -> u64 {
    latest_of_each(Answers::about(answers, None).to("nps")).len() as u64
}

impl Told {
    /// The place of a column among the values of an answer.
    pub fn attribute(&self, name: &str) -> Option<usize> {
        self.attributes.iter().position(|attribute| attribute == name)
    }

    /// The value of an answer by which the number of customers is known.
    pub fn stratum<'t>(&self, answer: &'t Answer) -> Option<&'t str> {
        let place = self.attribute(&self.known.population.as_ref()?.attribute)?;
        answer.attributes.get(place)?.as_deref()
    }
}

/// The name under which the pair of `expected` and `got` is reported.
pub const GAP: &str = "gap";

/// Answers about one thing, by question.
#[derive(Debug, Clone, Default)]
pub struct Answers<'a> {
    by_question: BTreeMap<&'a str, Vec<&'a Answer>>,
}

/// A score as it is reported, and the estimate behind it.
#[derive(Debug, Clone)]
pub(crate) struct Scored {
    pub(crate) score: Score,
    pub(crate) estimate: Estimate,
}

impl<'a> Answers<'a> {
    /// The answers about a touchpoint (`None`: about the whole journey).
    pub fn about(answers: &'a [Answer], touchpoint: Option<&str>) -> Self {
        let mut by_question: BTreeMap<&str, Vec<&Answer>> = BTreeMap::new();
        for answer in answers.iter().filter(|answer| answer.touchpoint.as_deref() == touchpoint) {
            by_question.entry(&answer.question).or_default().push(answer);
        }
        Self { by_question }
    }

    pub fn to(&self, question: &str) -> &[&'a Answer] {
        self.by_question.get(question).map_or(&[], Vec::as_slice)
    }

    /// What was asked and has a score, by name.
    pub(crate) fn questions(&self) -> impl Iterator<Item = &'a str> {
        let asked = self.by_question.keys().copied();
        asked.filter(|question| ![FUNCTIONAL, DYSFUNCTIONAL].contains(question))
    }

    /// Every question with its score; `expected` and `got` once more as a pair.
    pub(crate) fn scores(&self, conf: Confidence) -> BTreeMap<String, Scored> {
        let mut scores: BTreeMap<String, Scored> = self
            .questions()
            .map(|question| (question.to_owned(), score(question, self.to(question), conf)))
            .collect();
        if let Some(gap) = self.experience_gap(conf) {
            scores.insert(GAP.to_owned(), gap);
        }
        scores
    }

    /// What was got against what was expected, over customers who told both.
    fn experience_gap(&self, conf: Confidence) -> Option<Scored> {
        let expected = latest(self.to("expected"));
        let got = latest(self.to("got"));
        let told_both = expected
            .iter()
            .filter_map(|(customer, expected)| Some((*expected, *got.get(customer)?)));
        let pairs: Vec<(Option<f64>, Option<f64>)> =
            told_both.map(|(e, g)| (Some(e), Some(g))).collect();
        if pairs.is_empty() {
            return None;
        }
        let gap = stats::experience_gap(&pairs, conf);
        let score = Score {
            n: gap.gap.n,
            mean: gap.gap.value,
            low: gap.gap.lower,
            high: gap.gap.upper,
            expected: gap.expected_mean,
            got: gap.got_mean,
            scale: Some([-6.0, 6.0]),
            method: gap.gap.method.name().to_owned(),
            flags: flags(&gap.gap),
            ..Score::default()
        };
        Some(Scored { score, estimate: gap.gap })
    }
}

/// The latest valid answer of each customer; an anonymous one has no pair.
pub(crate) fn latest(answers: &[&Answer]) -> BTreeMap<u64, f64> {
    let mut latest: BTreeMap<u64, (i64, f64)> = BTreeMap::new();
    for answer in answers {
        if let (Some(customer), Some(score)) = (answer.customer, valid(answer)) {
            let known = latest.entry(customer).or_insert((answer.at, score));
            if answer.at >= known.0 {
                *known = (answer.at, score);
            }
        }
    }
    latest.into_iter().map(|(customer, (_, score))| (customer, score)).collect()
}

/// The latest valid answer of each customer, and every anonymous one.
pub(crate) fn latest_of_each<'a>(answers: &[&'a Answer]) -> Vec<&'a Answer> {
    let mut named: BTreeMap<u64, &Answer> = BTreeMap::new();
    let mut all = Vec::new();
    for answer in answers.iter().filter(|answer| valid(answer).is_some()) {
        let Some(customer) = answer.customer else {
            all.push(*answer);
            continue;
        };
        let known = named.entry(customer).or_insert(answer);
        let later = |answer: &Answer| (answer.at, answer.score.unwrap_or_default());
        if later(answer) >= later(known) {
            *known = answer;
        }
    }
    all.extend(named.into_values());
    all
}

/// The score of an answer, if it is on the scale of its question.
pub(crate) fn valid(answer: &Answer) -> Option<f64> {
    let scale = find_question(&answer.question).map(|question| question.answers);
    answer.score.filter(|score| scale.is_none_or(|scale| is_on(*score, scale)))
}

/// Whether an answer is one of the whole numbers of a scale.
pub(crate) fn is_on(score: f64, (lowest, highest): (f64, f64)) -> bool {
    (lowest..=highest).contains(&score) && score.fract() == 0.0
}

fn score(question: &str, answers: &[&Answer], conf: Confidence) -> Scored {
    let given: Vec<stats::Answer<u64>> = answers
        .iter()
        .map(|answer| stats::Answer {
            customer: answer.customer,
            at: answer.at,
            score: answer.score,
        })
        .collect();
    let Some(known) = find_question(question) else {
        let values: Vec<Option<f64>> = given.iter().map(|answer| answer.score).collect();
        let estimate = stats::mean_interval(&values, conf, None);
        let invalid = given.len() as u64 - estimate.n;
        return Scored { score: mean(&estimate, invalid, None), estimate };
    };
    if question == "nps" {
        let (estimate, invalid) = stats::nps_score(&given, conf);
        let score = Score {
            score: estimate.value,
            mean: None,
            scale: Some([known.score.0, known.score.1]),
            ..mean(&estimate, invalid, None)
        };
        return Scored { score, estimate };
    }
    let (estimate, invalid) = stats::mean_score(&given, known.answers, conf);
    let valid =
        given.iter().filter_map(|answer| answer.score).filter(|score| is_on(*score, known.answers));
    let best = valid.clone().filter(|score| *score >= known.answers.1 - 1.0).count();
    let top2 = Share::of(best as u64, valid.count() as u64);
    let score = Score { top2: Some(top2), ..mean(&estimate, invalid, Some(known.answers)) };
    Scored { score, estimate }
}

fn mean(estimate: &Estimate, invalid: u64, scale: Option<(f64, f64)>) -> Score {
    Score {
        n: estimate.n,
        invalid,
        mean: estimate.value,
        low: estimate.lower,
        high: estimate.upper,
        scale: scale.map(|(lowest, highest)| [lowest, highest]),
        method: estimate.method.name().to_owned(),
        flags: flags(estimate),
        ..Score::default()
    }
}

fn flags(estimate: &Estimate) -> Vec<String> {
    estimate.flags.iter().map(|flag| flag.name().to_owned()).collect()
}

/// The standard deviation of single answers that an estimate's standard error implies.
pub(crate) fn spread(estimate: &Estimate) -> Option<f64> {
    let spread = estimate.se? * (estimate.n as f64).sqrt();
    (spread > 0.0).then_some(spread)
}
