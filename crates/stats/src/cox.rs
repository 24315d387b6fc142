//! What goes along with leaving earlier: proportional hazards (Cox 1972).
//!
//! Rows are intervals (start, stop] of a customer's life with the covariates that held **during** it, so that something
//! that happens on the way, such as meeting a defect, can switch from 0 to 1. Coding it as "ever" from the beginning is
//! wrong: a customer must survive to have a defect, and the defect comes out as protection (immortal time, Suissa 2008).

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};

use crate::estimate::finite;
use crate::moments::ordered_sum;
use crate::{Confidence, Error};

/// An interval of one customer's life.
#[derive(Debug, Clone, PartialEq)]
pub struct CoxRow {
    /// When this row begins to count, exclusive; minus infinity for a whole life.
    pub start: f64,
    pub stop: f64,
    /// Whether the event came at `stop`.
    pub event: bool,
    pub covariates: Vec<f64>,
}

impl CoxRow {
    /// A life with covariates that do not change.
    pub fn whole_life(time: f64, event: bool, covariates: Vec<f64>) -> Self {
        Self { start: f64::NEG_INFINITY, stop: time, event, covariates }
    }
}

/// How events at the same time are handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ties {
    /// Efron 1977: the default, near the exact answer.
    #[default]
    Efron,
    /// Breslow 1974: pulls estimates towards 0 when there are many ties.
    Breslow,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CoxFit {
    /// One per covariate, in order.
    pub terms: Vec<CoxTerm>,
    pub n_events: u64,
    /// Log partial likelihood without covariates.
    pub loglik_null: f64,
    /// At the estimates; where a term is not estimable, at the limit it tends to.
    pub loglik: f64,
}

/// One covariate.
///
/// All `None` when it is **not estimable**: it repeats others, does not vary, or the likelihood grows for ever with it
/// (a group without events), which other programs print as a hazard ratio of 10⁹.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoxTerm {
    /// Log hazard ratio.
    pub coefficient: Option<f64>,
    pub se: Option<f64>,
    pub hazard_ratio: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
}

/// `None` without any event.
///
/// # Errors
/// Covariates of different lengths, values that are not finite, or an interval that ends no later than it starts.
pub fn cox(rows: &[CoxRow], ties: Ties, conf: Confidence) -> Result<Option<CoxFit>, Error> {
    check(rows)?;
    if !rows.iter().any(|row| row.event) {
        return Ok(None);
    }
    let n_terms = rows[0].covariates.len();
    let all: Vec<usize> = (0..n_terms).collect();
    let null = RiskSets::of(rows, &all, ties).evaluate(&DVector::zeros(n_terms));
    let kept = independent_columns(&null.information, &null.information.diagonal());
    let sets = RiskSets::of(rows, &kept, ties);
    let solution = maximise(&sets, kept.len());
    let terms = solution.terms(&sets.scales, conf);
    let by_column: BTreeMap<usize, CoxTerm> = kept.into_iter().zip(terms).collect();
    Ok(Some(CoxFit {
        terms: (0..n_terms)
            .map(|column| by_column.get(&column).copied().unwrap_or(CoxTerm::NOT_ESTIMABLE))
            .collect(),
        n_events: rows.iter().filter(|row| row.event).count() as u64,
        loglik_null: null.loglik,
        loglik: solution.at.loglik,
    }))
}

impl CoxTerm {
    pub(crate) const NOT_ESTIMABLE: Self =
        Self { coefficient: None, se: None, hazard_ratio: None, lower: None, upper: None };
}

fn check(rows: &[CoxRow]) -> Result<(), Error> {
    let expected = rows.first().map_or(0, |row| row.covariates.len());
    for (i, row) in rows.iter().enumerate() {
        if row.covariates.len() != expected {
            return Err(Error::RaggedCovariates { row: i, expected, got: row.covariates.len() });
        }
        let start_is_number = row.start.is_finite() || row.start == f64::NEG_INFINITY;
        if !start_is_number
            || !row.stop.is_finite()
            || !row.covariates.iter().all(|x| x.is_finite())
        {
            return Err(Error::NotFinite { row: i });
        }
        if row.start >= row.stop {
            return Err(Error::EmptyInterval { row: i });
        }
    }
    Ok(())
}

/// The rows in the order in which they enter the risk set as time runs backwards, and in which they leave it.
struct RiskSets {
    /// By stop, latest first.
    entering: Vec<Entry>,
    /// Places in `entering`, by start, latest first.
    leaving: Vec<usize>,
    /// What each covariate was divided by.
    scales: Vec<f64>,
    ties: Ties,
}

struct Entry {
    start: f64,
    stop: f64,
    event: bool,
    /// Covariates, scaled.
    x: DVector<f64>,
}

/// A covariate less its mean and over its spread: this changes nothing but keeps the exponentials small, and what counts
/// as a small step does not depend on the unit.
struct Scaling {
    mean: f64,
    scale: f64,
}

impl Scaling {
    fn of(rows: &[CoxRow], column: usize) -> Self {
        let values: Vec<f64> = rows.iter().map(|row| row.covariates[column]).collect();
        let mean = ordered_sum(&values) / values.len() as f64;
        let squares: Vec<f64> = values.iter().map(|value| (value - mean).powi(2)).collect();
        let spread = (ordered_sum(&squares) / values.len() as f64).sqrt();
        Self { mean, scale: if spread > 0.0 { spread } else { 1.0 } }
    }

    fn apply(&self, value: f64) -> f64 {
        (value - self.mean) / self.scale
    }
}

/// The log partial likelihood and its derivatives at one point.
struct Evaluation {
    loglik: f64,
    score: DVector<f64>,
    information: DMatrix<f64>,
}

/// Sums over a set of rows: of the risks, of the covariates weighted by them, of their squares.
#[derive(Clone)]
struct Sums {
    risk: f64,
    x: DVector<f64>,
    xx: DMatrix<f64>,
}

impl Sums {
    fn zero(n_terms: usize) -> Self {
        Self { risk: 0.0, x: DVector::zeros(n_terms), xx: DMatrix::zeros(n_terms, n_terms) }
    }

    /// Adds a row, or with a negative risk takes it out.
    fn add(&mut self, x: &DVector<f64>, risk: f64) {
        self.risk += risk;
        self.x.axpy(risk, x, 1.0);
        self.xx.ger(risk, x, x, 1.0);
    }
}

impl RiskSets {
    fn of(rows: &[CoxRow], columns: &[usize], ties: Ties) -> Self {
        let scalings: Vec<Scaling> =
            columns.iter().map(|&column| Scaling::of(rows, column)).collect();
        let scaled = |row: &CoxRow| {
            let values = columns
                .iter()
                .zip(&scalings)
                .map(|(&column, scaling)| scaling.apply(row.covariates[column]));
            DVector::from_iterator(columns.len(), values)
        };
        let mut sorted: Vec<&CoxRow> = rows.iter().collect();
        sorted.sort_by(|a, b| order(b, a));
        let entering: Vec<Entry> = sorted
            .into_iter()
            .map(|row| Entry { start: row.start, stop: row.stop, event: row.event, x: scaled(row) })
            .collect();
        let mut leaving: Vec<usize> = (0..entering.len()).collect();
        leaving.sort_by(|&a, &b| entering[b].start.total_cmp(&entering[a].start));
        let scales = scalings.iter().map(|scaling| scaling.scale).collect();
        Self { entering, leaving, scales, ties }
    }

    /// One pass backwards over the times: O(rows × terms²).
    fn evaluate(&self, beta: &DVector<f64>) -> Evaluation {
        let risks: Vec<f64> = self.entering.iter().map(|entry| entry.x.dot(beta).exp()).collect();
        let mut at_risk = Sums::zero(self.scales.len());
        let mut result = Evaluation {
            loglik: 0.0,
            score: DVector::zeros(self.scales.len()),
            information: DMatrix::zeros(self.scales.len(), self.scales.len()),
        };
        let mut left = 0;
        let mut from = 0;
        for tied in self.entering.chunk_by(|a, b| a.stop == b.stop) {
            let mut events = Sums::zero(self.scales.len());
            let mut n_events = 0_u32;
            for (entry, risk) in tied.iter().zip(&risks[from..]) {
                at_risk.add(&entry.x, *risk);
                if entry.event {
                    n_events += 1;
                    events.add(&entry.x, *risk);
                    result.loglik += entry.x.dot(beta);
                    result.score += &entry.x;
                }
            }
            from += tied.len();
            // Who starts at this time or later is not yet at risk at it.
            while left < self.leaving.len()
                && self.entering[self.leaving[left]].start >= tied[0].stop
            {
                let place = self.leaving[left];
                at_risk.add(&self.entering[place].x, -risks[place]);
                left += 1;
            }
            result.subtract_time(&at_risk, &events, n_events, self.ties);
        }
        result
    }
}

impl Evaluation {
    /// What the risk set takes away at one time with events; under Efron each tied event sees a part of the others gone.
    fn subtract_time(&mut self, at_risk: &Sums, events: &Sums, n_events: u32, ties: Ties) {
        for i in 0..n_events {
            let gone = match ties {
                Ties::Efron => f64::from(i) / f64::from(n_events),
                Ties::Breslow => 0.0,
            };
            let risk = at_risk.risk - gone * events.risk;
            let mean = (&at_risk.x - &events.x * gone) / risk;
            self.loglik -= risk.ln();
            self.information += (&at_risk.xx - &events.xx * gone) / risk - &mean * mean.transpose();
            self.score -= mean;
        }
    }
}

/// Where Newton's method came to rest.
struct Solution {
    beta: DVector<f64>,
    at: Evaluation,
    /// Information of each term before any was estimated.
    reference: DVector<f64>,
    /// Terms that had stopped moving.
    settled: Vec<bool>,
}

/// Newton with halved steps, until the terms rest or the likelihood no longer grows.
///
/// A term that still moves when the likelihood has stopped growing has no maximum.
fn maximise(sets: &RiskSets, n_terms: usize) -> Solution {
    let mut beta = DVector::zeros(n_terms);
    let mut at = sets.evaluate(&beta);
    let reference = at.information.diagonal();
    let mut last_step = DVector::zeros(n_terms);
    for _ in 0..60 {
        let Some(cholesky) = at.information.clone().cholesky() else {
            break;
        };
        let mut step = cholesky.solve(&at.score);
        if moves(&step, &beta, 1e-11).contains(&true) {
            let mut next = sets.evaluate(&(&beta + &step));
            for _ in 0..30 {
                if next.loglik >= at.loglik - 1e-12 * at.loglik.abs() {
                    break;
                }
                step *= 0.5;
                next = sets.evaluate(&(&beta + &step));
            }
            let grown = next.loglik - at.loglik;
            beta += &step;
            at = next;
            last_step = step;
            if grown.abs() > 1e-13 * (1.0 + at.loglik.abs()) {
                continue;
            }
        } else {
            last_step = step;
        }
        break;
    }
    let settled = moves(&last_step, &beta, 1e-5).into_iter().map(|moves| !moves).collect();
    Solution { beta, at, reference, settled }
}

/// Which terms a step moves by more than a limit relative to their size.
fn moves(step: &DVector<f64>, beta: &DVector<f64>, limit: f64) -> Vec<bool> {
    step.iter()
        .zip(beta.iter())
        .map(|(step, beta)| step.abs() > limit * (1.0 + beta.abs()))
        .collect()
}

impl Solution {
    /// The terms in the units of the covariates, given the scale of each.
    fn terms(&self, scales: &[f64], conf: Confidence) -> Vec<CoxTerm> {
        let settled: Vec<usize> = (0..self.settled.len()).filter(|&i| self.settled[i]).collect();
        let (information, reference) = self.information_of(&settled);
        // Where one term runs away, the information on others can run out with it.
        let kept: Vec<usize> =
            independent_columns(&information, &reference).into_iter().map(|i| settled[i]).collect();
        let (information, _) = self.information_of(&kept);
        let mut terms = vec![CoxTerm::NOT_ESTIMABLE; self.settled.len()];
        let Some(covariance) = information.cholesky().map(|cholesky| cholesky.inverse()) else {
            return terms;
        };
        for (place, &i) in kept.iter().enumerate() {
            let (beta, se) =
                (self.beta[i] / scales[i], covariance[(place, place)].sqrt() / scales[i]);
            terms[i] = CoxTerm {
                coefficient: Some(beta),
                se: Some(se),
                hazard_ratio: finite(beta.exp()),
                lower: finite((beta - conf.z() * se).exp()),
                upper: finite((beta + conf.z() * se).exp()),
            };
        }
        terms
    }

    /// Information among some terms, and what each had at the start.
    fn information_of(&self, kept: &[usize]) -> (DMatrix<f64>, DVector<f64>) {
        let n = kept.len();
        (
            DMatrix::from_fn(n, n, |r, c| self.at.information[(kept[r], kept[c])]),
            DVector::from_fn(n, |i, _| self.reference[kept[i]]),
        )
    }
}

/// Columns, from the left, that the ones before them do not determine.
///
/// Cholesky, with what is left of each diagonal held against a reference: next to nothing says nothing.
fn independent_columns(information: &DMatrix<f64>, reference: &DVector<f64>) -> Vec<usize> {
    let n = information.nrows();
    let mut rest = information.clone();
    let mut kept = Vec::new();
    for column in 0..n {
        let left = rest[(column, column)];
        if left.is_nan() || left <= 1e-9 * reference[column] || left <= 0.0 {
            continue;
        }
        kept.push(column);
        for i in column + 1..n {
            for j in column + 1..n {
                let explained = rest[(i, column)] * rest[(column, j)] / left;
                rest[(i, j)] -= explained;
            }
        }
    }
    kept
}

/// A total order of rows, so that sums do not depend on the order of the input.
fn order(a: &CoxRow, b: &CoxRow) -> std::cmp::Ordering {
    a.stop
        .total_cmp(&b.stop)
        .then(a.start.total_cmp(&b.start))
        .then(a.event.cmp(&b.event))
        .then_with(|| {
            let parts = a.covariates.iter().zip(&b.covariates).map(|(x, y)| x.total_cmp(y));
            parts.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        })
}

#[cfg(test)]
mod tests {
    use super::{CoxRow, CoxTerm, Ties, cox};
    use crate::{Confidence, Error};

    fn fit(rows: &[(f64, bool, &[f64])]) -> super::CoxFit {
        let rows: Vec<CoxRow> = rows
            .iter()
            .map(|&(time, event, x)| CoxRow::whole_life(time, event, x.to_vec()))
            .collect();
        cox(&rows, Ties::Efron, Confidence::P95).unwrap().unwrap()
    }

    #[test]
    fn a_group_without_events_is_not_estimable() {
        let rows: [(f64, bool, &[f64]); 6] = [
            (1.0, true, &[1.0]),
            (2.0, true, &[1.0]),
            (3.0, true, &[1.0]),
            (2.5, false, &[0.0]),
            (4.0, false, &[0.0]),
            (5.0, false, &[0.0]),
        ];
        assert_eq!(fit(&rows).terms, [CoxTerm::NOT_ESTIMABLE]);
    }

    #[test]
    fn more_covariates_than_the_lives_can_tell_apart() {
        let rows: [(f64, bool, &[f64]); 3] =
            [(2.0, false, &[0.0, 0.0]), (1.0, true, &[1.0, 1.0]), (2.0, false, &[0.0, -2.0])];
        let fit = fit(&rows);
        assert_eq!(fit.terms, [CoxTerm::NOT_ESTIMABLE; 2], "{fit:?}");
    }

    #[test]
    fn a_covariate_that_repeats_another_is_left_out() {
        let rows: [(f64, bool, &[f64]); 5] = [
            (1.0, true, &[1.0, 2.0, 7.0]),
            (2.0, true, &[0.0, 0.0, 7.0]),
            (3.0, false, &[1.0, 2.0, 7.0]),
            (4.0, true, &[1.0, 2.0, 7.0]),
            (5.0, true, &[0.0, 0.0, 7.0]),
        ];
        let both = fit(&rows);
        let alone: Vec<_> = rows.iter().map(|(time, event, x)| (*time, *event, &x[..1])).collect();
        assert_eq!(
            both.terms,
            [fit(&alone).terms[0], CoxTerm::NOT_ESTIMABLE, CoxTerm::NOT_ESTIMABLE]
        );
        assert!(both.terms[0].coefficient.is_some());
    }

    #[test]
    fn what_cannot_be_computed_is_refused() {
        let row =
            |start, stop, x: &[f64]| CoxRow { start, stop, event: true, covariates: x.to_vec() };
        let refused = |rows: &[CoxRow]| cox(rows, Ties::Efron, Confidence::P95).unwrap_err();
        assert_eq!(refused(&[row(2.0, 2.0, &[])]), Error::EmptyInterval { row: 0 });
        assert_eq!(refused(&[row(0.0, f64::NAN, &[])]), Error::NotFinite { row: 0 });
        let ragged = [row(0.0, 1.0, &[1.0]), row(0.0, 1.0, &[])];
        assert_eq!(refused(&ragged), Error::RaggedCovariates { row: 1, expected: 1, got: 0 });
        assert_eq!(cox(&[], Ties::Efron, Confidence::P95), Ok(None));
    }
}
