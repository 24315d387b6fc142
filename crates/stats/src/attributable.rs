//! How much of a bad outcome goes along with a defect once other causes are held fixed: g-computation.
//!
//! A logistic regression of the outcome on the defect and the covariates; then the defect is set to absent for everybody
//! and the predictions are averaged: AF = 1 − (mean of the predictions)/(share
//! of bad outcomes). Standard error by the sandwich over the stacked
//! estimating equations and the delta method (Sjölander & Vansteelandt 2011; `AFglm` of R's AF package).

use nalgebra::{DMatrix, DVector};

use crate::{Confidence, Error, Estimate, Method, TwoByTwo};

/// One customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    /// The bad outcome came: the customer left.
    pub bad: bool,
    /// The customer met the defect.
    pub exposed: bool,
    /// What else may matter; as many for every customer.
    pub covariates: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct AdjustedAttribution {
    /// Log odds and their standard errors: intercept, defect, then the covariates.
    pub coefficients: Vec<(f64, f64)>,
    /// The adjusted attributable fraction.
    pub fraction: Estimate,
    /// What the crude table would say.
    pub crude_fraction: Option<f64>,
    pub risk_observed: f64,
    /// The risk predicted with the defect absent everywhere.
    pub risk_if_fixed: f64,
}

/// `None` when it cannot be estimated: no bad outcome or nothing else, everybody or nobody exposed, a covariate that
/// repeats the others, or outcomes that the covariates separate without a miss.
///
/// # Errors
/// Covariates of different lengths, or not finite.
pub fn adjusted_attributable_fraction(
    customers: &[Customer],
    conf: Confidence,
) -> Result<Option<AdjustedAttribution>, Error> {
    let sorted = checked(customers)?;
    Ok(attribution(&sorted, conf))
}

/// The customers in an order that does not depend on the input.
fn checked(customers: &[Customer]) -> Result<Vec<&Customer>, Error> {
    let expected = customers.first().map_or(0, |customer| customer.covariates.len());
    for (row, customer) in customers.iter().enumerate() {
        let got = customer.covariates.len();
        if got != expected {
            return Err(Error::RaggedCovariates { row, expected, got });
        }
        if !customer.covariates.iter().all(|x| x.is_finite()) {
            return Err(Error::NotFinite { row });
        }
    }
    let mut sorted: Vec<&Customer> = customers.iter().collect();
    sorted.sort_by(|a, b| {
        let by_covariates = a.covariates.iter().zip(&b.covariates).map(|(x, y)| x.total_cmp(y));
        (a.bad, a.exposed)
            .cmp(&(b.bad, b.exposed))
            .then_with(|| by_covariates.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then))
    });
    Ok(sorted)
}

fn attribution(customers: &[&Customer], conf: Confidence) -> Option<AdjustedAttribution> {
    let table = crude_table(customers);
    if table.n_exposed() == 0 || table.n_unexposed() == 0 {
        return None;
    }
    let design = design_matrix(customers);
    let outcome = DVector::from_iterator(
        customers.len(),
        customers.iter().map(|c| f64::from(u8::from(c.bad))),
    );
    let fit = Logistic::fit(&design, &outcome)?;
    let mut unexposed = design.clone();
    unexposed.column_mut(1).fill(0.0);
    let predicted = (&unexposed * &fit.beta).map(logistic);
    let (risk_observed, risk_if_fixed) = (outcome.mean(), predicted.mean());

    let variance = fraction_variance(&fit, &unexposed, &predicted, &outcome)?;
    let fraction = 1.0 - risk_if_fixed / risk_observed;
    let se = variance.sqrt();
    let estimate = Estimate::point(fraction, customers.len() as u64, Method::Sandwich, conf)
        .with_se(se)
        .with_interval(fraction - conf.z() * se, fraction + conf.z() * se);
    Some(AdjustedAttribution {
        coefficients: fit
            .beta
            .iter()
            .zip(fit.covariance.diagonal().iter())
            .map(|(b, v)| (*b, v.sqrt()))
            .collect(),
        fraction: estimate,
        crude_fraction: table.association(conf).attributable_fraction.value,
        risk_observed,
        risk_if_fixed,
    })
}

fn crude_table(customers: &[&Customer]) -> TwoByTwo {
    let mut table = TwoByTwo::default();
    for customer in customers {
        let cell = match (customer.exposed, customer.bad) {
            (true, true) => &mut table.exposed_bad,
            (true, false) => &mut table.exposed_good,
            (false, true) => &mut table.unexposed_bad,
            (false, false) => &mut table.unexposed_good,
        };
        *cell += 1;
    }
    table
}

/// Columns: 1, the defect, the covariates.
fn design_matrix(customers: &[&Customer]) -> DMatrix<f64> {
    let n_covariates = customers.first().map_or(0, |customer| customer.covariates.len());
    DMatrix::from_fn(customers.len(), n_covariates + 2, |row, column| match column {
        0 => 1.0,
        1 => f64::from(u8::from(customers[row].exposed)),
        _ => customers[row].covariates[column - 2],
    })
}

/// Variance of the fraction from the equations of (mean outcome, mean prediction, coefficients) stacked.
fn fraction_variance(
    fit: &Logistic,
    unexposed: &DMatrix<f64>,
    predicted: &DVector<f64>,
    outcome: &DVector<f64>,
) -> Option<f64> {
    let n = outcome.len() as f64;
    let (risk, risk_fixed) = (outcome.mean(), predicted.mean());
    // How each customer moves the two means; the coefficients move the second one through the slope of the prediction.
    let slope = unexposed.transpose() * predicted.map(|p| p * (1.0 - p)) / n;
    let scores_of_beta = &fit.scores * (&fit.covariance * n);
    let through_beta = scores_of_beta * slope;
    let of_risk = outcome.add_scalar(-risk);
    let of_fixed = predicted.add_scalar(-risk_fixed) + through_beta;
    // Delta method for 1 − fixed/observed.
    let influence = of_risk * (risk_fixed / (risk * risk)) - of_fixed / risk;
    let variance = influence.map(|x| x * x).sum() - influence.sum().powi(2) / n;
    let variance = variance / (n - 1.0) / n;
    (variance.is_finite() && variance >= 0.0).then_some(variance)
}

/// A fitted logistic regression.
struct Logistic {
    beta: DVector<f64>,
    /// Inverse of the information.
    covariance: DMatrix<f64>,
    /// Per row, its share in the score: x (y − p).
    scores: DMatrix<f64>,
}

impl Logistic {
    /// Newton's method; `None` if it does not settle (separated outcomes) or the information is singular.
    fn fit(design: &DMatrix<f64>, outcome: &DVector<f64>) -> Option<Self> {
        let mut beta = DVector::zeros(design.ncols());
        for _ in 0..50 {
            let fitted = (design * &beta).map(logistic);
            let residual = outcome - &fitted;
            let weights = fitted.map(|p| p * (1.0 - p));
            let weighted = DMatrix::from_fn(design.nrows(), design.ncols(), |r, c| {
                design[(r, c)] * weights[r]
            });
            let information = design.transpose() * weighted;
            if is_singular(&information) {
                return None;
            }
            let cholesky = information.cholesky()?;
            let step = cholesky.solve(&(design.transpose() * &residual));
            beta += &step;
            let settled = step
                .iter()
                .zip(beta.iter())
                .all(|(step, beta)| step.abs() <= 1e-11 * (1.0 + beta.abs()));
            if settled {
                let scores = DMatrix::from_fn(design.nrows(), design.ncols(), |r, c| {
                    design[(r, c)] * residual[r]
                });
                return Some(Self { beta, covariance: cholesky.inverse(), scores });
            }
        }
        None
    }
}

/// Whether a column repeats others: what Cholesky leaves of its diagonal is nothing beside what it began with.
fn is_singular(information: &DMatrix<f64>) -> bool {
    let Some(cholesky) = information.clone().cholesky() else {
        return true;
    };
    let factor = cholesky.l();
    (0..information.nrows()).any(|i| factor[(i, i)].powi(2) <= 1e-10 * information[(i, i)])
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
