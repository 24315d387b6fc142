//! The same customers twice: their own change, not the difference of two crowds.

use nalgebra::{DMatrix, DVector};

use crate::distributions::{binomial_lower, chi2_upper, t_two_sided_p};
use crate::gaps::paired_mean;
use crate::nps::sign;
use crate::{Confidence, Estimate};

#[derive(Debug, Clone, PartialEq)]
pub struct PairedNps {
    /// Mean change in points, after − before. No interval when the changes do not vary.
    pub difference: Estimate,
    /// Two-sided, paired t.
    pub p: Option<f64>,
    /// Whether the whole distribution moved.
    pub stuart_maxwell: Option<StuartMaxwell>,
}

/// Test of equal margins (Stuart 1955; Maxwell 1970).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StuartMaxwell {
    pub chi2: f64,
    pub df: u32,
    pub p: f64,
}

/// From (before, after) answers; a pair with an invalid answer is left out.
pub fn nps_paired(pairs: &[(Option<f64>, Option<f64>)], conf: Confidence) -> PairedNps {
    let signs: Vec<(i8, i8)> = pairs
        .iter()
        .filter_map(|(before, after)| Some((sign((*before)?)?, sign((*after)?)?)))
        .collect();
    let changes: Vec<f64> =
        signs.iter().map(|(before, after)| 100.0 * f64::from(after - before)).collect();
    let (difference, t) = paired_mean(&changes, conf);
    PairedNps {
        difference: difference.clipped(-200.0, 200.0),
        p: t.and_then(|t| t_two_sided_p(t, changes.len() as f64 - 1.0)),
        stuart_maxwell: stuart_maxwell(&signs),
    }
}

/// Categories that nobody used are dropped; `None` if what is left is still singular.
fn stuart_maxwell(signs: &[(i8, i8)]) -> Option<StuartMaxwell> {
    let mut table = [[0_i64; 3]; 3];
    for &(before, after) in signs {
        table[usize::try_from(before + 1).ok()?][usize::try_from(after + 1).ok()?] += 1;
    }
    let row = |i: usize| table[i].iter().sum::<i64>();
    let column = |j: usize| table.iter().map(|row| row[j]).sum::<i64>();
    let used: Vec<usize> = (0..3).filter(|&i| row(i) + column(i) > 0).collect();
    // The margins' differences add up to 0, so one category says nothing of its own.
    let kept = &used[..used.len().checked_sub(1)?];
    let covariance = |i: usize, j: usize| {
        if i == j { row(i) + column(i) - 2 * table[i][i] } else { -(table[i][j] + table[j][i]) }
    };
    // Whole numbers: whether the matrix is singular can be told exactly.
    let determinant = match *kept {
        [a] => covariance(a, a),
        [a, b] => covariance(a, a) * covariance(b, b) - covariance(a, b).pow(2),
        _ => 0,
    };
    if determinant == 0 {
        return None;
    }
    let moved =
        DVector::from_iterator(kept.len(), kept.iter().map(|&i| (row(i) - column(i)) as f64));
    let matrix =
        DMatrix::from_fn(kept.len(), kept.len(), |r, c| covariance(kept[r], kept[c]) as f64);
    let chi2 = moved.dot(&matrix.lu().solve(&moved)?);
    let df = kept.len() as u32;
    Some(StuartMaxwell { chi2, df, p: chi2_upper(chi2.max(0.0), f64::from(df))? })
}

/// A yes or no of the same customers before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct McNemar {
    /// Exact and two-sided; 1 when nobody changed.
    pub p_exact: f64,
    /// Only before : only after; `None` when nobody had it only after.
    pub odds_ratio: Option<f64>,
}

/// From the customers who had the defect only before and only after (`McNemar` 1947, exact binomial).
pub fn mcnemar(only_before: u64, only_after: u64) -> McNemar {
    let changed = only_before + only_after;
    let one_side = binomial_lower(only_before.min(only_after), changed, 0.5).unwrap_or(1.0);
    McNemar {
        p_exact: if changed == 0 { 1.0 } else { (2.0 * one_side).min(1.0) },
        odds_ratio: (only_after > 0).then(|| only_before as f64 / only_after as f64),
    }
}
