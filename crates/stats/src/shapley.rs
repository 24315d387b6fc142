//! Each column's fair share of R²: the mean of what it adds over all orders in which columns can come in.
//!
//! Lindeman, Merenda & Gold (1980), computed as a Shapley value: over all sets S of the other columns the sum of
//! |S|!(p − |S| − 1)!/p! · (R²(S ∪ j) − R²(S)). It is never negative and sums to R²; general dominance, Kruskal's
//! averaging and Shapley regression are the same thing. A player may also be a group of columns that come in together
//! (Grömping 2006).
//!
//! All 2^p values of R² come from one walk: a set is another set and one more player, whose columns are eliminated from
//! what the smaller set has left of the matrix. A column of which others leave nothing adds nothing.

use nalgebra::DMatrix;

use crate::Covariance;
use crate::regression::{NOTHING, regression};

/// More players than this are not computed exactly: the sets double with each.
pub const MOST_PLAYERS: usize = 15;

/// The share of each column but the outcome's.
///
/// `None` without columns or with more than [`MOST_PLAYERS`], if one does not vary, if some cannot be told apart, or if
/// no rows could have this matrix.
pub fn lmg(covariance: &Covariance) -> Option<Vec<f64>> {
    if covariance.size() - 1 > MOST_PLAYERS {
        return None;
    }
    regression(covariance)?;
    let each: Vec<Vec<usize>> = (1..covariance.size()).map(|column| vec![column]).collect();
    lmg_of_groups(covariance, &each)
}

/// The share of each group of columns, also where columns cannot be told apart: those share what they hold in common.
/// `None` with more groups than [`MOST_PLAYERS`] or if anything does not vary.
pub(crate) fn lmg_of_groups(covariance: &Covariance, groups: &[Vec<usize>]) -> Option<Vec<f64>> {
    if groups.len() > MOST_PLAYERS {
        return None;
    }
    let r2 = r2_of_sets(covariance, groups)?;
    let mut shares = vec![0.0; groups.len()];
    let weights = weights(groups.len());
    for (set, &without) in r2.iter().enumerate() {
        let weight = weights.get(set.count_ones() as usize).copied().unwrap_or_default();
        for (player, share) in shares.iter_mut().enumerate() {
            if set & 1 << player == 0 {
                *share += weight * (r2[set | 1 << player] - without);
            }
        }
    }
    Some(shares)
}

/// By the size of a set, how much what is added to it counts: |S|!(p − |S| − 1)!/p!.
fn weights(players: usize) -> Vec<f64> {
    let mut weight = 1.0 / players as f64;
    let mut weights = Vec::with_capacity(players);
    for size in 1..=players {
        weights.push(weight);
        weight *= size as f64 / (players - size).max(1) as f64;
    }
    weights
}

/// R² of every set of groups; bit j of a place says whether group j is in the set.
fn r2_of_sets(covariance: &Covariance, groups: &[Vec<usize>]) -> Option<Vec<f64>> {
    // The outcome last, so that what is still to come is always a block at the end.
    let mut columns: Vec<usize> = groups.iter().flatten().copied().collect();
    columns.push(0);
    let correlation = covariance.select(&columns).correlation()?;
    let mut walk = Walk {
        ends: groups
            .iter()
            .scan(0, |end, group| {
                *end += group.len();
                Some(*end)
            })
            .collect(),
        left: vec![correlation.matrix().clone(); groups.len() + 1],
        r2: vec![0.0; 1 << groups.len()],
    };
    walk.extend(0, 0, 0);
    Some(walk.r2)
}

struct Walk {
    /// Where the columns of each group end.
    ends: Vec<usize>,
    /// What is left of the matrix at each depth of the walk.
    left: Vec<DMatrix<f64>>,
    r2: Vec<f64>,
}

impl Walk {
    /// Every set that has one more of the groups `next..`, and the sets that follow from it.
    fn extend(&mut self, depth: usize, set: usize, next: usize) {
        for group in next..self.ends.len() {
            let start = if group == 0 { 0 } else { self.ends[group - 1] };
            let (above, below) = self.left.split_at_mut(depth + 1);
            let (from, into) = (&above[depth], &mut below[0]);
            let last = from.nrows() - 1;
            for column in start..=last {
                for row in column..=last {
                    into[(row, column)] = from[(row, column)];
                }
            }
            for column in start..self.ends[group] {
                eliminate(into, column);
            }
            let with = set | 1 << group;
            self.r2[with] = 1.0 - into[(last, last)];
            self.extend(depth + 1, with, group + 1);
        }
    }
}

/// Takes out of the columns after it what a column explains of them; works on the lower triangle.
fn eliminate(matrix: &mut DMatrix<f64>, column: usize) {
    let pivot = matrix[(column, column)];
    if pivot < NOTHING {
        return;
    }
    let last = matrix.nrows() - 1;
    for c in column + 1..=last {
        let part = matrix[(c, column)] / pivot;
        for r in c..=last {
            let explained = part * matrix[(r, column)];
            matrix[(r, c)] -= explained;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{lmg, lmg_of_groups, weights};
    use crate::Covariance;

    #[test]
    fn weights_of_all_sets_without_a_player_sum_to_one() {
        assert_eq!(weights(1), [1.0]);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-15;
        let of_three = weights(3);
        assert!(
            close(of_three[0], 1.0 / 3.0)
                && close(of_three[1], 1.0 / 6.0)
                && close(of_three[2], 1.0 / 3.0)
        );
    }

    #[test]
    fn one_column_holds_its_squared_correlation() {
        let rows = vec![vec![4.0, 1.0], vec![1.0, 1.0]];
        assert_eq!(lmg(&Covariance::new(&rows).unwrap()), Some(vec![0.25]));
    }

    #[test]
    fn twins_share_what_they_hold() {
        let rows = vec![vec![1.0, 0.6, 0.6], vec![0.6, 1.0, 1.0], vec![0.6, 1.0, 1.0]];
        let twins = Covariance::new(&rows).unwrap();
        assert_eq!(lmg(&twins), None);
        let shares = lmg_of_groups(&twins, &[vec![1], vec![2]]).unwrap();
        assert!(shares.iter().all(|share| (share - 0.18).abs() < 1e-12), "{shares:?}");
    }

    #[test]
    fn too_many_or_no_columns() {
        let identity = |n: usize| {
            let row = |r: usize| (0..n).map(|c| f64::from(u8::from(r == c))).collect();
            Covariance::new(&(0..n).map(row).collect::<Vec<_>>()).unwrap()
        };
        assert_eq!(lmg(&identity(17)), None);
        assert_eq!(lmg(&identity(1)), None);
        assert_eq!(lmg(&identity(16)), Some(vec![0.0; 15]));
    }
}
