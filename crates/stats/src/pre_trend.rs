//! Were both groups on parallel ways before the change: the difference of their trends, with its interval.
//!
//! An interval that holds 0 does not prove a parallel history (Roth 2022): it may be wide. It is shown, not tested away.

use std::collections::BTreeSet;

use nalgebra::{DMatrix, DVector};

use crate::least_squares::least_squares;
use crate::{Confidence, Estimate, Flag, Method};

/// One observation from before the change.
#[derive(Debug, Clone, PartialEq)]
pub struct PreRow<K> {
    pub value: f64,
    pub treated: bool,
    /// When, in the unit that the trend is per.
    pub period: f64,
    pub unit: K,
}

/// Trend of the treated less trend of the others, per period.
///
/// The interaction of group and time in a regression, with the
/// cluster-robust variance of `difference_in_differences`. No value unless both groups have two periods.
pub fn pre_trend<K: Ord + Clone>(rows: &[PreRow<K>], conf: Confidence) -> Estimate {
    let none = Estimate::none(Method::ClusteredT, conf);
    let mut rows: Vec<&PreRow<K>> =
        rows.iter().filter(|row| row.value.is_finite() && row.period.is_finite()).collect();
    rows.sort_by(|a, b| {
        let by_place = a.unit.cmp(&b.unit).then(a.treated.cmp(&b.treated));
        by_place.then(a.period.total_cmp(&b.period)).then(a.value.total_cmp(&b.value))
    });
    let periods = |treated: bool| {
        let of_group = rows.iter().filter(|row| row.treated == treated);
        of_group.map(|row| row.period.to_bits()).collect::<BTreeSet<u64>>().len()
    };
    if periods(true) < 2 || periods(false) < 2 {
        return none;
    }
    // Time from the first period on, so that the columns are of like size.
    let start = rows.iter().map(|row| row.period).fold(f64::INFINITY, f64::min);
    let x = DMatrix::from_fn(rows.len(), 4, |row, column| {
        let (time, group) = (rows[row].period - start, f64::from(u8::from(rows[row].treated)));
        [1.0, group, time, group * time][column]
    });
    let y = DVector::from_iterator(rows.len(), rows.iter().map(|row| row.value));
    let Some(fit) = least_squares(x, &y) else { return none };
    let units: Vec<&K> = rows.iter().map(|row| &row.unit).collect();
    let n_units = units.iter().collect::<BTreeSet<_>>().len();
    let value = fit.coefficients[3];
    let estimate = Estimate::point(value, rows.len() as u64, Method::ClusteredT, conf);
    let estimate = estimate.with_size_flag().flagged(Flag::Clustered);
    let Some(covariance) = fit.clustered_covariance(&units) else { return estimate };
    let se = covariance[(3, 3)].max(0.0).sqrt();
    let half = conf.t(n_units as f64 - 1.0) * se;
    let estimate = estimate.with_se(se).with_interval(value - half, value + half);
    if n_units < crate::FEWEST_CLUSTERS { estimate.flagged(Flag::FewClusters) } else { estimate }
}

#[cfg(test)]
mod tests {
    use super::{PreRow, pre_trend};
    use crate::Confidence;

    fn row(unit: u32, treated: bool, period: f64, value: f64) -> PreRow<u32> {
        PreRow { value, treated, period, unit }
    }

    #[test]
    fn the_difference_of_two_slopes() {
        let rows: Vec<PreRow<u32>> = (0..20)
            .flat_map(|unit| {
                let slope = if unit < 10 { 3.0 } else { 1.0 };
                let noise = f64::from(unit % 5) - 2.0;
                (0..3)
                    .map(move |t| row(unit, unit < 10, f64::from(t), slope * f64::from(t) + noise))
            })
            .collect();
        let trend = pre_trend(&rows, Confidence::P95);
        assert!((trend.value.unwrap() - 2.0).abs() < 1e-9, "{trend:?}");
        assert!(trend.interval().is_some());
    }

    #[test]
    fn one_period_has_no_trend() {
        let rows = [
            row(1, true, 0.0, 1.0),
            row(1, true, 1.0, 2.0),
            row(2, false, 1.0, 3.0),
            row(3, false, 1.0, 0.0),
        ];
        assert_eq!(pre_trend(&rows, Confidence::P95).value, None);
        assert_eq!(pre_trend::<u32>(&[], Confidence::P95).value, None);
    }
}
