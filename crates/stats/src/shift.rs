//! Have the answers moved as a whole: tests on the categories and on the ranks.

use crate::distributions::{chi2_upper, norm_upper};
use crate::moments::present;
use crate::ranks::average_ranks;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CategoryTest {
    pub chi2: f64,
    pub df: u32,
    pub p: f64,
    /// Below 5 the p value is rough: say so.
    pub min_expected: f64,
}

/// Pearson's chi-squared on two rows of counts; categories that nobody used are dropped. `None` if a row is empty or
/// fewer than two categories are left.
pub fn category_chi2(a: &[u64], b: &[u64]) -> Option<CategoryTest> {
    let columns: Vec<[f64; 2]> = a
        .iter()
        .zip(b)
        .filter(|(a, b)| **a + **b > 0)
        .map(|(a, b)| [*a as f64, *b as f64])
        .collect();
    let rows = [0, 1].map(|row| columns.iter().map(|column| column[row]).sum::<f64>());
    let n = rows[0] + rows[1];
    if columns.len() < 2 || rows.contains(&0.0) {
        return None;
    }
    let (mut chi2, mut min_expected) = (0.0, f64::INFINITY);
    for column in &columns {
        for (count, row) in column.iter().zip(rows) {
            let expected = row * (column[0] + column[1]) / n;
            chi2 += (count - expected).powi(2) / expected;
            min_expected = min_expected.min(expected);
        }
    }
    let df = (columns.len() - 1) as u32;
    Some(CategoryTest { chi2, df, p: chi2_upper(chi2, f64::from(df))?, min_expected })
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannWhitney {
    /// Pairs in which b is larger, ties counted half.
    pub u: f64,
    /// Two-sided, normal with correction for ties and continuity; 1 if all values are equal.
    pub p: f64,
    /// P(B > A) + P(B = A)/2: ½ when nothing moved.
    pub prob_superiority: f64,
}

/// Wilcoxon 1945, Mann & Whitney 1947. `None` if either side is empty.
pub fn mann_whitney(a: &[Option<f64>], b: &[Option<f64>]) -> Option<MannWhitney> {
    let (a, b) = (present(a), present(b));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let pooled: Vec<f64> = a.iter().chain(&b).copied().collect();
    let ranks = average_ranks(&pooled);
    let (n_a, n_b, n) = (a.len() as f64, b.len() as f64, pooled.len() as f64);
    let rank_sum: f64 = ranks[a.len()..].iter().sum();
    let u = rank_sum - n_b * (n_b + 1.0) / 2.0;
    let pairs = n_a * n_b;
    let spread = (pairs / 12.0 * ((n + 1.0) - tie_term(&ranks) / (n * (n - 1.0)))).max(0.0).sqrt();
    let above = u.max(pairs - u) - pairs / 2.0 - 0.5;
    let p = if spread > 0.0 { (2.0 * norm_upper(above / spread)).min(1.0) } else { 1.0 };
    Some(MannWhitney { u, p, prob_superiority: u / pairs })
}

/// Σ (t³ − t) over groups of t equal ranks.
fn tie_term(ranks: &[f64]) -> f64 {
    let mut sorted = ranks.to_vec();
    sorted.sort_by(f64::total_cmp);
    let cube = |t: f64| t * t * t - t;
    sorted.chunk_by(|a, b| a == b).map(|tied| cube(tied.len() as f64)).sum()
}
