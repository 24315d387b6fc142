//! What customers answered: an outcome, and touchpoint by touchpoint a score or why there is none.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::Error;

/// What a row holds for a touchpoint. Why a score is missing decides what may be done about it, so it is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer {
    /// A score that is not finite counts as not asked, and is counted as invalid.
    Score(f64),
    /// The customer did not meet the touchpoint: there is no score, and none is missing.
    NotMet,
    /// There may be a score, and nobody knows it: not asked, or skipped.
    NotAsked,
}

/// One filled-in questionnaire.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The same number in all rows of a customer, and in no row of another.
    pub customer: u64,
    /// What importance is for. A row without it is left out and counted.
    pub outcome: Option<f64>,
    /// In the order of the survey's touchpoints.
    pub answers: Vec<Answer>,
    /// What tells who meets what, such as tenure, or 0 and 1 for a segment: it helps to judge the scores that are missing,
    /// and is no driver itself.
    pub attributes: Vec<Option<f64>>,
}

/// Rows that fit together.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    pub(super) touchpoints: Vec<String>,
    pub(super) rows: Vec<Row>,
    pub(super) n_attributes: usize,
}

impl Survey {
    /// # Errors
    /// Two touchpoints of one name, or rows with more or fewer answers than touchpoints, or than the first has attributes.
    pub fn new(touchpoints: Vec<String>, rows: Vec<Row>) -> Result<Self, Error> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = touchpoints.iter().find(|name| !seen.insert(*name)) {
            return Err(Error::SameTouchpoint { name: twice.clone() });
        }
        let n_attributes = rows.first().map_or(0, |row| row.attributes.len());
        for (i, row) in rows.iter().enumerate() {
            let (expected, got) = (touchpoints.len(), row.answers.len());
            if expected != got {
                return Err(Error::RaggedAnswers { row: i, expected, got });
            }
            let (expected, got) = (n_attributes, row.attributes.len());
            if expected != got {
                return Err(Error::RaggedCovariates { row: i, expected, got });
            }
        }
        Ok(Self { touchpoints, rows, n_attributes })
    }

    pub fn touchpoints(&self) -> &[String] {
        &self.touchpoints
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(super) fn by_name(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.touchpoints.len()).collect();
        order.sort_by_key(|&touchpoint| &self.touchpoints[touchpoint]);
        order
    }
}

impl Answer {
    pub(super) fn score(self) -> Option<f64> {
        match self {
            Self::Score(score) if score.is_finite() => Some(score),
            _ => None,
        }
    }

    pub(super) fn is_invalid(self) -> bool {
        matches!(self, Self::Score(score) if !score.is_finite())
    }
}

impl Row {
    /// The outcome, if it is a finite number.
    pub(super) fn told(&self) -> Option<f64> {
        self.outcome.filter(|outcome| outcome.is_finite())
    }

    /// A total order of one customer's rows that does not hang on the order of the touchpoints.
    pub(super) fn by_content(&self, other: &Self, touchpoints: &[usize]) -> Ordering {
        let order = |answer: Answer| match answer.score() {
            Some(score) => (0, score),
            None if answer == Answer::NotMet => (1, 0.0),
            None => (2, 0.0),
        };
        let answers = touchpoints.iter().map(|&touchpoint| {
            let (mine, others) =
                (order(self.answers[touchpoint]), order(other.answers[touchpoint]));
            mine.0.cmp(&others.0).then(mine.1.total_cmp(&others.1))
        });
        let attributes =
            self.attributes.iter().zip(&other.attributes).map(|(mine, others)| {
                match (mine, others) {
                    (Some(mine), Some(others)) => mine.total_cmp(others),
                    _ => mine.is_some().cmp(&others.is_some()),
                }
            });
        let outcome = self.told().unwrap_or_default().total_cmp(&other.told().unwrap_or_default());
        let first = |a: Ordering, b: Ordering| a.then(b);
        outcome
            .then_with(|| answers.fold(Ordering::Equal, first))
            .then_with(|| attributes.fold(Ordering::Equal, first))
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Row, Survey};
    use crate::Error;

    #[test]
    fn rows_must_fit_together() {
        let row = |answers: usize, attributes: usize| Row {
            customer: 1,
            outcome: None,
            answers: vec![Answer::NotMet; answers],
            attributes: vec![None; attributes],
        };
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let refused = |touchpoints: &[&str], rows: Vec<Row>| {
            Survey::new(names(touchpoints), rows).unwrap_err()
        };
        assert_eq!(
            refused(&["a", "b", "a"], vec![]),
            Error::SameTouchpoint { name: "a".to_owned() }
        );
        let ragged = Error::RaggedAnswers { row: 1, expected: 1, got: 2 };
        assert_eq!(refused(&["a"], vec![row(1, 0), row(2, 0)]), ragged);
        let ragged = Error::RaggedCovariates { row: 1, expected: 1, got: 0 };
        assert_eq!(refused(&["a"], vec![row(1, 1), row(1, 0)]), ragged);
    }
}
