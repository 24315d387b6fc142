//! Importance where not everybody meets everything: each touchpoint is whether it was met, and the score of those who did.
//!
//! A touchpoint becomes two columns, met (0 or 1) and met × (score − mean score), which come in together as one player of
//! LMG; one that everybody met is its score alone. The question is how much of the difference between **all** customers
//! comes from a touchpoint, so how many meet it is in the answer already and must not be multiplied in again. A score that
//! exists but was not asked for is no unmet touchpoint: filling it in this way would be biased.

use crate::Covariance;
use crate::regression::Standardised;
use crate::relative_weights::weights_of;
use crate::shapley::lmg_of_groups;

/// Up to so many players each share is exact; beyond, relative weights are summed over a player's columns.
pub const EXACT_PLAYERS: usize = 12;

/// How shares of R² are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DriverMethod {
    Lmg,
    RelativeWeights,
}

impl DriverMethod {
    /// The exact one wherever it can be had.
    pub fn of(players: usize) -> Self {
        if players <= EXACT_PLAYERS { Self::Lmg } else { Self::RelativeWeights }
    }

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lmg => "lmg",
            Self::RelativeWeights => "relative_weights",
        }
    }

    /// The share of each group of columns; `None` if anything does not vary.
    pub(crate) fn shares(self, covariance: &Covariance, groups: &[Vec<usize>]) -> Option<Vec<f64>> {
        match self {
            Self::Lmg => lmg_of_groups(covariance, groups),
            Self::RelativeWeights => weights_of_groups(covariance, groups),
        }
    }
}

/// Relative weights summed over the columns of each group.
pub(crate) fn weights_of_groups(
    covariance: &Covariance,
    groups: &[Vec<usize>],
) -> Option<Vec<f64>> {
    let weights = weights_of(&Standardised::of(covariance)?);
    let sum = |group: &Vec<usize>| group.iter().map(|&column| weights[column - 1]).sum();
    Some(groups.iter().map(sum).collect())
}

/// Population importance, touchpoint by touchpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct UnmetImportance {
    pub r2: f64,
    /// `None` for a touchpoint that nobody met, or that does not vary.
    pub shares: Vec<Option<f64>>,
    /// The share of the customers who met each touchpoint.
    pub reach: Vec<f64>,
    pub method: DriverMethod,
    /// Customers with an outcome.
    pub n: u64,
}

/// From each customer's outcome, and by touchpoint each customer's score, `None` where it was not met.
///
/// Customers without an outcome are left out. `None` without customers, if lengths differ, if the outcome does not vary,
/// or if no touchpoint does.
pub fn importance_with_unmet(
    outcome: &[Option<f64>],
    touchpoints: &[Vec<Option<f64>>],
) -> Option<UnmetImportance> {
    if touchpoints.iter().any(|scores| scores.len() != outcome.len()) {
        return None;
    }
    let kept: Vec<usize> =
        (0..outcome.len()).filter(|&i| outcome[i].is_some_and(f64::is_finite)).collect();
    let mut columns = vec![kept.iter().map(|&i| outcome[i]).collect::<Vec<Option<f64>>>()];
    let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut reach = Vec::new();
    for (touchpoint, scores) in touchpoints.iter().enumerate() {
        let scores: Vec<Option<f64>> =
            kept.iter().map(|&i| scores[i].filter(|score| score.is_finite())).collect();
        reach.push(scores.iter().flatten().count() as f64 / kept.len().max(1) as f64);
        let first = columns.len();
        columns.extend(columns_of(&scores));
        if columns.len() > first {
            groups.push((touchpoint, (first..columns.len()).collect()));
        }
    }
    let rows: Vec<Vec<Option<f64>>> =
        (0..kept.len()).map(|i| columns.iter().map(|column| column[i]).collect()).collect();
    let (covariance, n) = Covariance::of_rows(&rows)?;
    let players: Vec<Vec<usize>> = groups.iter().map(|(_, group)| group.clone()).collect();
    let method = DriverMethod::of(players.len());
    let r2 = Standardised::of(&covariance)?.r2()?;
    let mut shares = vec![None; touchpoints.len()];
    for ((touchpoint, _), share) in groups.iter().zip(method.shares(&covariance, &players)?) {
        shares[*touchpoint] = Some(share);
    }
    Some(UnmetImportance { r2, shares, reach, method, n })
}

/// Those of the two columns that vary.
fn columns_of(scores: &[Option<f64>]) -> Vec<Vec<Option<f64>>> {
    let met: Vec<f64> = scores.iter().flatten().copied().collect();
    let Some(centre) = crate::mean(&met) else { return Vec::new() };
    let mut columns = Vec::new();
    if met.len() < scores.len() {
        columns
            .push(scores.iter().map(|score| Some(f64::from(u8::from(score.is_some())))).collect());
    }
    if met.iter().any(|&score| score != met[0]) {
        columns.push(scores.iter().map(|score| Some(score.map_or(0.0, |x| x - centre))).collect());
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::importance_with_unmet;

    #[test]
    fn touchpoints_that_nobody_met_have_no_importance() {
        let outcome: Vec<Option<f64>> = (0..9).map(|i| Some(f64::from(i * i % 7))).collect();
        let scores: Vec<Option<f64>> = (0..9).map(|i| Some(f64::from(i % 4))).collect();
        let constant = vec![Some(3.0); 9];
        let sometimes: Vec<Option<f64>> = (0..9).map(|i| (i % 2 == 0).then_some(3.0)).collect();
        let found =
            importance_with_unmet(&outcome, &[scores, vec![None; 9], constant, sometimes]).unwrap();
        let known: Vec<bool> = found.shares.iter().map(Option::is_some).collect();
        assert_eq!(known, [true, false, false, true]);
        assert_eq!(found.reach, [1.0, 0.0, 1.0, 5.0 / 9.0]);
        let sum: f64 = found.shares.iter().flatten().sum();
        assert!((sum - found.r2).abs() < 1e-12);
    }

    #[test]
    fn without_anything_that_varies_there_is_nothing_to_say() {
        assert_eq!(importance_with_unmet(&[], &[]), None);
        assert_eq!(importance_with_unmet(&[Some(1.0)], &[vec![Some(2.0)]]), None);
        let flat = [Some(1.0), Some(1.0), Some(1.0)];
        assert_eq!(importance_with_unmet(&flat, &[vec![Some(2.0), None, Some(1.0)]]), None);
        assert_eq!(importance_with_unmet(&[Some(1.0), Some(2.0)], &[vec![None, None]]), None);
    }
}
