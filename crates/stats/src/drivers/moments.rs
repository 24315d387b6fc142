//! From how often each group of customers was drawn to the covariance matrix of the columns.

use super::Unanswerable;
use super::cells::{Cells, Patterns};
use super::layout::Layout;
use super::pairs::Pairs;
use super::survey::{Row, Survey};
use crate::em::{Limits, Normal, fit};
use crate::{Covariance, FEWEST_PAIRS};

/// Where EM gives way to pairs: more touchpoints, or more patterns × columns³ than a fiftieth of a second a round can do.
const MOST_TOUCHPOINTS_OF_EM: usize = 30;
const MOST_WORK_OF_EM: usize = 100_000_000;

/// The outcome and the players' columns as one sample has them.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) covariance: Covariance,
    pub(super) rows: f64,
    pub(super) made: Made,
}

/// How a covariance matrix came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    Complete,
    Em { converged: bool },
    Pairs { repaired: bool },
}

impl Made {
    /// Of a matrix that two others went into.
    pub(super) fn from_both(one: Self, other: Self) -> Self {
        match (one, other) {
            (Self::Pairs { repaired: a }, Self::Pairs { repaired: b }) => {
                Self::Pairs { repaired: a || b }
            }
            (pairs @ Self::Pairs { .. }, _) | (_, pairs @ Self::Pairs { .. }) => pairs,
            (Self::Em { converged: a }, Self::Em { converged: b }) => {
                Self::Em { converged: a && b }
            }
            (em @ Self::Em { .. }, _) | (_, em @ Self::Em { .. }) => em,
            (Self::Complete, Self::Complete) => Self::Complete,
        }
    }
}

#[derive(Debug)]
pub(super) struct Moments {
    source: Source,
    /// Rows in each group.
    pub(super) group_rows: Vec<f64>,
    /// Columns of the outcome and the players; the attributes come after them.
    n_told: usize,
}

#[derive(Debug)]
enum Source {
    /// With what rounds start from: the solution of all customers.
    Patterns {
        cells: Cells,
        start: Option<Normal>,
        n_columns: usize,
    },
    Pairs(Pairs),
}

impl Moments {
    /// The moments with the sample of all customers.
    pub(super) fn of(
        survey: &Survey,
        layout: &Layout,
        groups: &[&[&Row]],
    ) -> Result<(Self, Sample), Unanswerable> {
        let mut patterns = patterns(layout, groups);
        let n_columns = layout.n_columns();
        let work = patterns.len() * n_columns.pow(3);
        let is_large = work > MOST_WORK_OF_EM || survey.touchpoints.len() > MOST_TOUCHPOINTS_OF_EM;
        let source = if patterns.len() > 1 && is_large {
            Source::Pairs(Pairs::of(layout, groups))
        } else {
            Source::Patterns {
                cells: Cells::of(layout, groups, &mut patterns),
                start: None,
                n_columns,
            }
        };
        let group_rows: Vec<f64> = groups.iter().map(|rows| rows.len() as f64).collect();
        let mut moments = Self { source, group_rows, n_told: layout.n_told() };
        let all = vec![vec![1.0; groups.len()]];
        if let Source::Pairs(pairs) = &moments.source
            // The outcome is in every row, and every touchpoint has enough of those.
            && let Some((a, b)) = pairs.drawn(&all[0]).too_few(moments.n_told, FEWEST_PAIRS as f64)
        {
            let name = |column: usize| {
                let player =
                    layout.players.iter().find(|player| player.columns().any(|own| own == column));
                player.map_or_else(String::new, |player| player.name.clone())
            };
            return Err(Unanswerable::TooFewMetBoth { a: name(a), b: name(b) });
        }
        let sample = moments.samples(&all, Limits::FULL).pop().flatten();
        let (sample, normal) = sample.ok_or(Unanswerable::NoTouchpoint)?;
        if let Source::Patterns { start, .. } = &mut moments.source {
            *start = normal;
        }
        Ok((moments, sample))
    }

    /// The sample of each round; `None` where a pair of columns did not vary in it.
    pub(super) fn drawn(&self, rounds: &[Vec<f64>]) -> Vec<Option<Sample>> {
        let rows: f64 = self.group_rows.iter().sum();
        let samples = self.samples(rounds, Limits::resampled(rows));
        samples.into_iter().map(|sample| sample.map(|(sample, _)| sample)).collect()
    }

    fn samples(
        &self,
        rounds: &[Vec<f64>],
        limits: Limits,
    ) -> Vec<Option<(Sample, Option<Normal>)>> {
        let rows = |weights: &[f64]| weights.iter().zip(&self.group_rows).map(|(w, n)| w * n).sum();
        match &self.source {
            Source::Pairs(pairs) => rounds
                .iter()
                .map(|weights| {
                    let from = pairs.drawn(weights).covariance(self.n_told)?;
                    let made = Made::Pairs { repaired: from.repaired };
                    Some((Sample { covariance: from.covariance, rows: rows(weights), made }, None))
                })
                .collect(),
            Source::Patterns { cells, start, n_columns } => cells
                .drawn(rounds)
                .into_iter()
                .zip(rounds)
                .map(|(patterns, weights)| {
                    let alone = || Normal::start(&patterns, *n_columns);
                    let fit = fit(&patterns, &start.clone().unwrap_or_else(alone), limits);
                    let told: Vec<usize> = (0..self.n_told).collect();
                    let covariance = fit.normal.covariance().select(&told);
                    let made = match patterns.len() {
                        1 => Made::Complete,
                        _ => Made::Em { converged: fit.converged },
                    };
                    Some((Sample { covariance, rows: rows(weights), made }, Some(fit.normal)))
                })
                .collect(),
        }
    }
}

/// Known before the sums are made, which many patterns would make long.
fn patterns(layout: &Layout, groups: &[&[&Row]]) -> Patterns {
    let mut patterns = Patterns::default();
    if layout.is_complete() {
        return patterns;
    }
    let (mut values, mut observed) = (Vec::new(), Vec::new());
    for row in groups.iter().copied().flatten() {
        layout.write(row, &mut values, &mut observed);
        patterns.place(&observed);
    }
    patterns
}
