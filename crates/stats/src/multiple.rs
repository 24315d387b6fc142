//! Many comparisons at once: 40 touchpoints by 5 segments make 200 tests, of which ten are false at 5 %.

/// How p values are adjusted for their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// False discovery rate (Benjamini & Hochberg 1995): over all tests on one page or report. The default.
    BenjaminiHochberg,
    /// False discovery rate under any dependence (Benjamini & Yekutieli 2001).
    BenjaminiYekutieli,
    /// No false claim at all (Holm 1979): where a single one is costly, such as a published "we improved".
    Holm,
}

/// Adjusted p values in the order given. Missing ones stay missing and do not count among the tests.
pub fn adjust_p(p: &[Option<f64>], adjustment: Adjustment) -> Vec<Option<f64>> {
    let mut order: Vec<(usize, f64)> = p
        .iter()
        .enumerate()
        .filter_map(|(i, p)| p.filter(|p| !p.is_nan()).map(|p| (i, p)))
        .collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let m = order.len();
    let mut adjusted = vec![None; p.len()];
    match adjustment {
        Adjustment::BenjaminiHochberg => step_up(&order, m as f64, &mut adjusted),
        Adjustment::BenjaminiYekutieli => {
            let harmonic: f64 = (1..=m).map(|i| 1.0 / i as f64).sum();
            step_up(&order, m as f64 * harmonic, &mut adjusted);
        }
        Adjustment::Holm => {
            let mut highest = 0.0_f64;
            for (rank, &(i, p)) in order.iter().enumerate() {
                highest = highest.max((m - rank) as f64 * p);
                adjusted[i] = Some(highest.min(1.0));
            }
        }
    }
    adjusted
}

/// Which tests are proven when at most a share `rate` of those listed may be false (Benjamini–Hochberg).
pub fn proven(p: &[Option<f64>], rate: f64) -> Vec<bool> {
    let adjusted = adjust_p(p, Adjustment::BenjaminiHochberg);
    adjusted.into_iter().map(|q| q.is_some_and(|q| q <= rate)).collect()
}

/// q of the j-th smallest is the least of factor × p(i)/i over i ≥ j.
fn step_up(ascending: &[(usize, f64)], factor: f64, adjusted: &mut [Option<f64>]) {
    let mut lowest = 1.0_f64;
    for (rank, &(i, p)) in ascending.iter().enumerate().rev() {
        // The quotient first: the largest p value must not fall by a rounding when it is multiplied by m/m.
        lowest = lowest.min(p * (factor / (rank + 1) as f64));
        adjusted[i] = Some(lowest);
    }
}
