//! What the outcome would hang on if everybody had met everything, where some did not.
//!
//! Who did not meet a touchpoint has no score of it and answers about the whole without it. EM takes every gap for a score
//! that is there and unknown, and then expects the outcome to follow it; slopes come out too flat. So the outcome is explained
//! by what was met, as across all customers (whether each touchpoint was met, and the score of those who did), and only how
//! scores go together among themselves is filled by EM. With the slopes b and the rest's variance s² of the first, and the
//! scores' covariances S of the second, somebody who meets everything has an outcome of variance bʹSb + s², and Sb with the
//! scores.

use nalgebra::{DMatrix, DVector};

use super::layout::Layout;
use super::moments::{Made, Moments, Sample};
use super::survey::{Row, Survey};
use super::{Matters, Unanswerable};
use crate::Covariance;
use crate::regression::Standardised;

#[derive(Debug)]
pub(super) struct AsIfMet {
    /// The outcome by what was met.
    moments: Moments,
    /// The column there of each column of scores, in their order.
    columns: Vec<usize>,
}

impl AsIfMet {
    /// With the sample of all customers; `None` where everybody met everything.
    pub(super) fn of(
        survey: &Survey,
        scores: &Layout,
        rows: &[&Row],
        groups: &[&[&Row]],
    ) -> Result<Option<(Self, Sample)>, Unanswerable> {
        if !scores.some_did_not_meet() {
            return Ok(None);
        }
        let met = Layout::of(survey, rows, Matters::AcrossAllCustomers);
        let column = |name: &str| {
            let player = met.players.iter().find(|player| player.name == name);
            player.and_then(|player| player.score_column)
        };
        let scored = scores.players.iter().filter(|player| player.score_column.is_some());
        let Some(columns) = scored.map(|player| column(&player.name)).collect() else {
            return Ok(None);
        };
        let (moments, sample) = Moments::of(survey, &met, groups)?;
        Ok(Some((Self { moments, columns }, sample)))
    }

    /// The samples of rounds, put together with those of the scores.
    pub(super) fn drawn(
        &self,
        scores: Vec<Option<Sample>>,
        rounds: &[Vec<f64>],
    ) -> Vec<Option<Sample>> {
        let met = self.moments.drawn(rounds);
        scores.into_iter().zip(met).map(|(scores, met)| self.sample(&scores?, &met?)).collect()
    }

    pub(super) fn sample(&self, scores: &Sample, met: &Sample) -> Option<Sample> {
        let by_met = Standardised::of(&met.covariance)?;
        let spread = |column: usize| met.covariance.at(column, column).sqrt();
        let standardised = by_met.slopes();
        let slope = |&column: &usize| standardised[column - 1] * spread(0) / spread(column);
        let slopes = DVector::from_iterator(self.columns.len(), self.columns.iter().map(slope));
        let rest = met.covariance.at(0, 0) * (1.0 - by_met.r2()?).max(0.0);
        let n = self.columns.len();
        let among = scores.covariance.matrix().view((1, 1), (n, n)).into_owned();
        let with_outcome = &among * &slopes;
        let outcome = slopes.dot(&with_outcome) + rest;
        let cell = |r: usize, c: usize| match (r, c) {
            (0, 0) => outcome,
            (0, other) | (other, 0) => with_outcome[other - 1],
            (r, c) => among[(r - 1, c - 1)],
        };
        Some(Sample {
            covariance: Covariance::of_matrix(&DMatrix::from_fn(n + 1, n + 1, cell)),
            rows: scores.rows,
            made: Made::from_both(scores.made, met.made),
        })
    }
}
