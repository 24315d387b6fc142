//! Did it change more where it was changed: (T₁ − T₀) − (C₁ − C₀), changed units against a comparison.
//!
//! The interaction of a regression on group and period. Rows of one customer, store or adviser go together, so the
//! variance counts these units: the cluster-robust sandwich with factor G/(G − 1) · (n − 1)/(n − 4), and Student's interval
//! with G − 1 degrees of freedom (Bertrand, Duflo & Mullainathan 2004). With fewer than ten units it is too small, and the
//! units are permuted instead. It holds if both groups would have moved alike: see `pre_trend`.

use std::collections::BTreeMap;

use crate::moments::{mean, ordered_sum};
use crate::unit_permutation::{UnitPermutation, UnitSums, permute_units};
use crate::{Confidence, Estimate, Flag, Method};

/// One observation of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct BeforeAfterRow<K> {
    pub value: f64,
    /// The unit is one of those that get the change.
    pub treated: bool,
    /// The change had come, or would have.
    pub after: bool,
    pub unit: K,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceInDifferences {
    /// The cluster-robust estimate, whatever the number of units; see [`DifferenceInDifferences::judged`].
    pub estimate: Estimate,
    pub n_units: u64,
    pub change_treated: Option<f64>,
    pub change_control: Option<f64>,
    /// With fewer than ten units, unless one is on both sides.
    pub permutation: Option<UnitPermutation>,
}

/// Below so many units the permutation is what is judged.
pub const FEWEST_CLUSTERS: usize = 10;

impl DifferenceInDifferences {
    /// The estimate to draw conclusions from: with few units its interval is that of the permutation, if there is one.
    pub fn judged(&self) -> Estimate {
        if !self.estimate.flags.contains(&Flag::FewClusters) {
            return self.estimate.clone();
        }
        let bare = Estimate {
            lower: None,
            upper: None,
            se: None,
            method: Method::Permutation,
            ..self.estimate.clone()
        };
        match self.permutation.as_ref().and_then(|permutation| permutation.interval) {
            Some((lower, upper)) => bare.with_interval(lower, upper),
            None => bare,
        }
    }
}

/// Rows whose value is not finite are left out. No estimate unless there are observations of both groups before and after;
/// no interval from four rows or from one unit.
pub fn difference_in_differences<K: Ord + Clone>(
    rows: &[BeforeAfterRow<K>],
    conf: Confidence,
) -> DifferenceInDifferences {
    let rows: Vec<&BeforeAfterRow<K>> = rows.iter().filter(|row| row.value.is_finite()).collect();
    let cells = Cells::of(&rows);
    let units: BTreeMap<&K, ()> = rows.iter().map(|row| (&row.unit, ())).collect();
    let change_treated = cells.change(true);
    let change_control = cells.change(false);
    let estimate = match change_treated.zip(change_control) {
        Some((treated, control)) => {
            let n = rows.len() as u64;
            let estimate = Estimate::point(treated - control, n, Method::ClusteredT, conf);
            let estimate = estimate.with_size_flag().flagged(Flag::Clustered);
            with_clustered_interval(estimate, &rows, &cells)
        }
        None => Estimate::none(Method::ClusteredT, conf),
    };
    let permutation = (units.len() < FEWEST_CLUSTERS && estimate.value.is_some())
        .then(|| permute_units(&sums_of_units(&rows)?, conf))
        .flatten();
    DifferenceInDifferences {
        estimate,
        n_units: units.len() as u64,
        change_treated,
        change_control,
        permutation,
    }
}

/// Mean and size of the four groups, by (treated, after).
struct Cells(BTreeMap<(bool, bool), (f64, f64)>);

impl Cells {
    fn of<K>(rows: &[&BeforeAfterRow<K>]) -> Self {
        let mut values: BTreeMap<(bool, bool), Vec<f64>> = BTreeMap::new();
        for row in rows {
            values.entry((row.treated, row.after)).or_default().push(row.value);
        }
        let cell =
            |(key, values): (_, Vec<f64>)| Some((key, (mean(&values)?, values.len() as f64)));
        Self(values.into_iter().filter_map(cell).collect())
    }

    fn change(&self, treated: bool) -> Option<f64> {
        Some(self.0.get(&(treated, true))?.0 - self.0.get(&(treated, false))?.0)
    }

    /// What a row adds to the difference of the differences of means: its distance from the mean of its cell over the size
    /// of the cell, signed as the cell is. The regression's own influence, as it has a coefficient for every cell.
    fn influence<K>(&self, row: &BeforeAfterRow<K>) -> f64 {
        let Some((mean, n)) = self.0.get(&(row.treated, row.after)) else { return 0.0 };
        let part = (row.value - mean) / n;
        if row.treated == row.after { part } else { -part }
    }
}

fn with_clustered_interval<K: Ord>(
    estimate: Estimate,
    rows: &[&BeforeAfterRow<K>],
    cells: &Cells,
) -> Estimate {
    const COEFFICIENTS: f64 = 4.0;
    let mut influences: BTreeMap<&K, Vec<f64>> = BTreeMap::new();
    for row in rows {
        influences.entry(&row.unit).or_default().push(cells.influence(row));
    }
    let (n, units) = (rows.len() as f64, influences.len() as f64);
    let estimate = if influences.len() < FEWEST_CLUSTERS {
        estimate.flagged(Flag::FewClusters)
    } else {
        estimate
    };
    let Some(value) = estimate.value.filter(|_| influences.len() > 1 && n > COEFFICIENTS) else {
        return estimate;
    };
    let squares: Vec<f64> =
        influences.values().map(|influence| ordered_sum(influence).powi(2)).collect();
    let factor = units / (units - 1.0) * (n - 1.0) / (n - COEFFICIENTS);
    let se = (factor * ordered_sum(&squares)).sqrt();
    let half = estimate.conf.t(units - 1.0) * se;
    let estimate = estimate.with_se(se).with_interval(value - half, value + half);
    if se == 0.0 { estimate.flagged(Flag::ZeroVariance) } else { estimate }
}

/// `None` if a unit is both treated and not.
fn sums_of_units<K: Ord>(rows: &[&BeforeAfterRow<K>]) -> Option<Vec<UnitSums>> {
    let mut units: BTreeMap<&K, (bool, [Vec<f64>; 2])> = BTreeMap::new();
    for row in rows {
        let (treated, values) = units.entry(&row.unit).or_insert((row.treated, Default::default()));
        if *treated != row.treated {
            return None;
        }
        values[usize::from(row.after)].push(row.value);
    }
    let sums = |(treated, values): (bool, [Vec<f64>; 2])| UnitSums {
        treated,
        sums: [ordered_sum(&values[0]), ordered_sum(&values[1])],
        sizes: [values[0].len() as f64, values[1].len() as f64],
    };
    Some(units.into_values().map(sums).collect())
}

#[cfg(test)]
mod tests {
    use super::{BeforeAfterRow, difference_in_differences};
    use crate::{Confidence, Flag};

    type Row = BeforeAfterRow<u32>;

    /// Two rows per unit: (treated, before, after).
    fn rows(units: &[(bool, f64, f64)]) -> Vec<Row> {
        let pair = |(unit, (treated, before, after)): (usize, &(bool, f64, f64))| {
            [(*before, false), (*after, true)].map(|(value, after)| Row {
                value,
                treated: *treated,
                after,
                unit: u32::try_from(unit).unwrap(),
            })
        };
        units.iter().enumerate().flat_map(pair).collect()
    }

    #[test]
    fn four_stores_are_permuted() {
        let stores =
            rows(&[(true, 1.0, 5.0), (true, 2.0, 7.0), (false, 1.0, 1.5), (false, 3.0, 3.0)]);
        let found = difference_in_differences(&stores, Confidence::P95);
        assert_eq!((found.estimate.value, found.n_units), (Some(4.25), 4));
        assert!(found.estimate.flags.contains(&Flag::FewClusters));
        let permutation = found.permutation.as_ref().unwrap();
        // Six ways to choose two of four; only this one and its mirror image are as far apart.
        assert_eq!((permutation.n_assignments, permutation.interval), (6, None));
        assert!((permutation.p - 2.0 / 6.0).abs() < 1e-12);
        assert_eq!((found.judged().value, found.judged().interval()), (Some(4.25), None));
    }

    #[test]
    fn nine_stores_can_say_something() {
        let noise = [0.1, -0.2, 0.3, 0.0, -0.1, 0.2, -0.3, 0.15, 0.05];
        let stores: Vec<(bool, f64, f64)> = noise
            .iter()
            .enumerate()
            .map(|(i, noise)| (i < 4, 5.0, 5.0 + noise + if i < 4 { 2.0 } else { 0.0 }))
            .collect();
        let found = difference_in_differences(&rows(&stores), Confidence::P95);
        let permutation = found.permutation.as_ref().unwrap();
        assert_eq!(permutation.n_assignments, 126);
        assert!((permutation.p - 1.0 / 126.0).abs() < 1e-12);
        let (lower, upper) = found.judged().interval().unwrap();
        let value = found.estimate.value.unwrap();
        assert!(1.5 < lower && lower < value && value < upper && upper < 2.5, "{lower} {upper}");
    }

    #[test]
    fn an_empty_group_has_a_change_of_the_other_only() {
        let found = difference_in_differences(&rows(&[(true, 1.0, 2.0)]), Confidence::P95);
        assert_eq!(
            (found.estimate.value, found.change_treated, found.change_control),
            (None, Some(1.0), None)
        );
        let nothing = difference_in_differences(&rows(&[]), Confidence::P95);
        assert_eq!((nothing.estimate.value, nothing.n_units, nothing.permutation), (None, 0, None));
    }

    #[test]
    fn a_unit_on_both_sides_is_not_permuted() {
        let mut both = rows(&[(true, 1.0, 2.0), (false, 1.0, 1.0), (false, 0.0, 2.0)]);
        both[0].unit = 2;
        assert_eq!(difference_in_differences(&both, Confidence::P95).permutation, None);
    }
}
