//! Do groups leave at different times: the log-rank test (Mantel 1966; Peto & Peto 1972).

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};

use crate::Lifetime;
use crate::distributions::chi2_upper;

#[derive(Debug, Clone, PartialEq)]
pub struct LogRank<K> {
    /// In the order of the groups' names.
    pub groups: Vec<LogRankGroup<K>>,
    /// `None` unless two groups were at risk of an event.
    pub chi2: Option<f64>,
    pub df: Option<u32>,
    pub p: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LogRankGroup<K> {
    pub group: K,
    pub n: u64,
    pub observed: u64,
    /// Events that would have come if the group made no difference.
    pub expected: f64,
}

/// Observed less expected events with their hypergeometric variance. Lifetimes that are not finite are left out.
pub fn log_rank<K: Ord + Clone>(lifetimes: &[(K, Lifetime)]) -> LogRank<K> {
    let mut sorted: Vec<(&K, Lifetime)> = lifetimes
        .iter()
        .filter(|(_, life)| life.time.is_finite())
        .map(|(group, life)| (group, *life))
        .collect();
    sorted.sort_by(|a, b| a.1.time.total_cmp(&b.1.time).then_with(|| a.0.cmp(b.0)));
    let mut places: BTreeMap<&K, usize> = sorted.iter().map(|(group, _)| (*group, 0)).collect();
    for (place, slot) in places.values_mut().enumerate() {
        *slot = place;
    }
    let rows: Vec<(usize, Lifetime)> =
        sorted.iter().map(|(group, life)| (places[*group], *life)).collect();
    let tally = Tally::of(&rows, places.len());
    let (chi2, df) = tally.statistic().unzip();
    let groups = places
        .into_iter()
        .map(|(group, i)| LogRankGroup {
            group: group.clone(),
            n: rows.iter().filter(|(place, _)| *place == i).count() as u64,
            observed: tally.observed[i],
            expected: tally.expected[i],
        })
        .collect();
    let p = chi2.zip(df).and_then(|(chi2, df)| chi2_upper(chi2, f64::from(df)));
    LogRank { groups, chi2, df, p }
}

/// Sums over the event times.
struct Tally {
    observed: Vec<u64>,
    expected: Vec<f64>,
    variance: DMatrix<f64>,
}

impl Tally {
    /// From rows sorted by time.
    fn of(rows: &[(usize, Lifetime)], n_groups: usize) -> Self {
        let mut at_risk = vec![0.0; n_groups];
        for (group, _) in rows {
            at_risk[*group] += 1.0;
        }
        let mut tally = Self {
            observed: vec![0; n_groups],
            expected: vec![0.0; n_groups],
            variance: DMatrix::zeros(n_groups, n_groups),
        };
        for tied in rows.chunk_by(|a, b| a.1.time == b.1.time) {
            let n: f64 = at_risk.iter().sum();
            for (group, _) in tied.iter().filter(|(_, life)| life.event) {
                tally.observed[*group] += 1;
            }
            let d = tied.iter().filter(|(_, life)| life.event).count() as f64;
            if d > 0.0 {
                tally.add_time(&at_risk, n, d);
            }
            for (group, _) in tied {
                at_risk[*group] -= 1.0;
            }
        }
        tally
    }

    /// One time with d events among n at risk.
    fn add_time(&mut self, at_risk: &[f64], n: f64, d: f64) {
        let spread = if n > 1.0 { d * (n - d) / (n - 1.0) } else { 0.0 };
        for (i, in_i) in at_risk.iter().enumerate() {
            self.expected[i] += d * in_i / n;
            for (j, in_j) in at_risk.iter().enumerate() {
                let same = if i == j { in_i / n } else { 0.0 };
                self.variance[(i, j)] += spread * (same - in_i / n * in_j / n);
            }
        }
    }

    /// Chi-squared and degrees of freedom over the groups that were ever at risk of an event, but one.
    fn statistic(&self) -> Option<(f64, u32)> {
        let present: Vec<usize> =
            (0..self.expected.len()).filter(|&i| self.expected[i] > 0.0).collect();
        let rest = present.get(1..).filter(|rest| !rest.is_empty())?;
        let excess = DVector::from_iterator(
            rest.len(),
            rest.iter().map(|&i| self.observed[i] as f64 - self.expected[i]),
        );
        let variance =
            DMatrix::from_fn(rest.len(), rest.len(), |r, c| self.variance[(rest[r], rest[c])]);
        let chi2 = excess.dot(&variance.cholesky()?.solve(&excess));
        Some((chi2, rest.len() as u32))
    }
}
