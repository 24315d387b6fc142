//! Do two coders agree more than chance would have them: Cohen's kappa.
//!
//! κ = (o − e)/(1 − e), with o the agreement observed and e what chance gives from the margins (Cohen 1960); with weights
//! where the categories have an order and a near miss is less than a miss (Cohen 1968). The standard error is that of
//! Fleiss, Cohen & Everitt (1969),
//!
//! var κ = { Σ pᵢⱼ [wᵢⱼ − (rᵢ + cⱼ)(1 − κ)]² − [κ − e(1 − κ)]² } / (n (1 − e)²),
//!
//! with rᵢ and cⱼ the mean weights of row i and column j; weights of 1 on the diagonal and 0 elsewhere give plain kappa's.
//! Where both coders put everything into one category, chance alone agrees always: kappa has no value there, although the
//! agreement is 1.

use crate::estimate::finite;
use crate::{Confidence, Estimate, Flag, Method};

/// What a disagreement counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KappaWeights {
    /// Every disagreement counts in full: categories without an order.
    #[default]
    None,
    /// In proportion to the steps between the categories.
    Linear,
    /// In proportion to their square.
    Quadratic,
}

/// Agreement of two coders, or of a coder with the machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Kappa {
    /// In `[-1, 1]`, with κ ± z se.
    pub kappa: Estimate,
    /// The share coded alike; weighted, where weights are.
    pub agreement: Option<f64>,
    /// What chance would give, from the margins.
    pub chance: Option<f64>,
}

/// Kappa of a square table: `table[i][j]` were put into category i by the first and j by the second. A row that is
/// shorter than the table has no counts in the rest.
pub fn cohen_kappa(table: &[Vec<u64>], weights: KappaWeights, conf: Confidence) -> Kappa {
    let n: u64 = table.iter().flatten().sum();
    if n == 0 {
        return Kappa { kappa: Estimate::none(Method::Delta, conf), agreement: None, chance: None };
    }
    let shares = Shares::of(table, n as f64, weights);
    let (agreement, chance) = (shares.agreement(), shares.chance());
    let kappa = finite((agreement - chance) / (1.0 - chance)).filter(|_| chance < 1.0);
    let estimate = match kappa {
        None => Estimate { n, ..Estimate::none(Method::Delta, conf) },
        Some(kappa) => {
            let se = shares.variance(kappa, chance, n as f64).max(0.0).sqrt();
            let half = conf.z() * se;
            let estimate = Estimate::point(kappa, n, Method::Delta, conf)
                .with_se(se)
                .with_interval(kappa - half, kappa + half)
                .clipped(-1.0, 1.0);
            if se == 0.0 { estimate.flagged(Flag::ZeroVariance) } else { estimate }
        }
    };
    Kappa { kappa: estimate.with_size_flag(), agreement: Some(agreement), chance: Some(chance) }
}

/// The table as shares of n, with its margins and weights.
struct Shares {
    cells: Vec<Vec<f64>>,
    rows: Vec<f64>,
    columns: Vec<f64>,
    weights: KappaWeights,
}

impl Shares {
    fn of(table: &[Vec<u64>], n: f64, weights: KappaWeights) -> Self {
        let size = table.iter().map(Vec::len).max().unwrap_or(0).max(table.len());
        let count =
            |i: usize, j: usize| table.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0);
        // Margins are summed as counts, so that one category for everything gives a chance of exactly 1.
        let margin = |count: &dyn Fn(usize) -> u64| (0..size).map(count).sum::<u64>() as f64 / n;
        Self {
            cells: (0..size).map(|i| (0..size).map(|j| count(i, j) as f64 / n).collect()).collect(),
            rows: (0..size).map(|i| margin(&|j| count(i, j))).collect(),
            columns: (0..size).map(|j| margin(&|i| count(i, j))).collect(),
            weights,
        }
    }

    fn weight(&self, i: usize, j: usize) -> f64 {
        let steps = i.abs_diff(j) as f64 / (self.rows.len().max(2) - 1) as f64;
        match self.weights {
            KappaWeights::None => f64::from(u8::from(i == j)),
            KappaWeights::Linear => 1.0 - steps,
            KappaWeights::Quadratic => 1.0 - steps * steps,
        }
    }

    fn sum(&self, term: impl Fn(usize, usize) -> f64) -> f64 {
        let size = self.rows.len();
        (0..size).flat_map(|i| (0..size).map(move |j| (i, j))).map(|(i, j)| term(i, j)).sum()
    }

    fn agreement(&self) -> f64 {
        self.sum(|i, j| self.weight(i, j) * self.cells[i][j])
    }

    fn chance(&self) -> f64 {
        self.sum(|i, j| self.weight(i, j) * self.rows[i] * self.columns[j])
    }

    fn variance(&self, kappa: f64, chance: f64, n: f64) -> f64 {
        let size = self.rows.len();
        let mean = |weight: &dyn Fn(usize) -> f64, shares: &[f64]| -> f64 {
            shares.iter().enumerate().map(|(k, share)| share * weight(k)).sum()
        };
        let row_weights: Vec<f64> =
            (0..size).map(|i| mean(&|j| self.weight(i, j), &self.columns)).collect();
        let column_weights: Vec<f64> =
            (0..size).map(|j| mean(&|i| self.weight(i, j), &self.rows)).collect();
        let missed = 1.0 - kappa;
        let spread = self.sum(|i, j| {
            let expected = (row_weights[i] + column_weights[j]) * missed;
            self.cells[i][j] * (self.weight(i, j) - expected).powi(2)
        });
        (spread - (kappa - chance * missed).powi(2)) / (n * (1.0 - chance).powi(2))
    }
}

#[cfg(test)]
mod tests {
    use super::{KappaWeights, cohen_kappa};
    use crate::{Confidence, Flag};

    fn check(table: &[&[u64]], weights: KappaWeights, expected: (Option<f64>, Option<f64>)) {
        let table: Vec<Vec<u64>> = table.iter().map(|row| row.to_vec()).collect();
        let found = cohen_kappa(&table, weights, Confidence::P95);
        for (found, expected) in [(found.kappa.value, expected.0), (found.agreement, expected.1)] {
            assert_eq!(found.is_some(), expected.is_some(), "{table:?}");
            let apart = found.unwrap_or_default() - expected.unwrap_or_default();
            assert!(apart.abs() < 1e-12, "{table:?}: {found:?}, expected {expected:?}");
        }
    }

    #[test]
    fn chance_alone_is_zero_and_turned_round_is_minus_one() {
        check(&[&[25, 25], &[25, 25]], KappaWeights::None, (Some(0.0), Some(0.5)));
        check(&[&[0, 10], &[10, 0]], KappaWeights::None, (Some(-1.0), Some(0.0)));
    }

    #[test]
    fn one_category_for_everything_agrees_and_has_no_kappa() {
        check(&[&[10, 0], &[0, 0]], KappaWeights::None, (None, Some(1.0)));
        check(&[&[10]], KappaWeights::Linear, (None, Some(1.0)));
    }

    #[test]
    fn nothing_coded_is_no_value() {
        check(&[], KappaWeights::None, (None, None));
        check(&[&[0, 0], &[0, 0]], KappaWeights::Quadratic, (None, None));
    }

    #[test]
    fn a_near_miss_costs_less_when_weighted() {
        let table: &[&[u64]] = &[&[10, 5, 0], &[5, 10, 5], &[0, 5, 10]];
        // Margins .3, .4, .3. Plain: p_o .6, p_e .34. Linear: p_o .8, p_e .58. Quadratic: p_o .9, p_e .7.
        check(table, KappaWeights::None, (Some(0.26 / 0.66), Some(0.6)));
        check(table, KappaWeights::Linear, (Some(0.22 / 0.42), Some(0.8)));
        check(table, KappaWeights::Quadratic, (Some(0.2 / 0.3), Some(0.9)));
    }

    #[test]
    fn with_two_categories_weights_change_nothing() {
        let table = vec![vec![20, 5], vec![10, 15]];
        let plain = cohen_kappa(&table, KappaWeights::None, Confidence::P95);
        assert_eq!(cohen_kappa(&table, KappaWeights::Quadratic, Confidence::P95), plain);
    }

    #[test]
    fn perfect_agreement_has_no_spread_and_says_so() {
        let kappa = cohen_kappa(&[vec![10, 0], vec![0, 10]], KappaWeights::None, Confidence::P95);
        assert_eq!(kappa.kappa.interval(), Some((1.0, 1.0)));
        assert_eq!(kappa.kappa.flags, [Flag::SmallN, Flag::ZeroVariance]);
    }
}
