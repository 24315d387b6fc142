//! A chart that adds up: the cumulative sum finds a shift of known size soonest (Page 1954), in both directions.
//!
//! With y = (x − centre)/sd: `up = max(0, up + y − k)` and `down = min(0, down + y + k)`; a signal when up
//! exceeds h or down falls below −h. k is half the shift to be found. h = 5 with k = ½ calls a steady process out once in
//! 465 points, and finds a shift of one standard deviation after ten.

use crate::chart::{Chart, ChartKind, ChartPoint};
use crate::individuals_chart::Steady;

/// In standard deviations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CusumRule {
    /// k: what is forgiven at each point.
    pub allowance: f64,
    /// h: how much may add up.
    pub limit: f64,
}

impl CusumRule {
    pub const CUSTOMARY: Self = Self { allowance: 0.5, limit: 5.0 };

    pub(crate) fn is_sound(self) -> bool {
        [self.allowance, self.limit].iter().all(|part| *part >= 0.0 && part.is_finite())
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Cusum {
    /// What has added up above the centre; `None` where the value is missing, and the sum stays.
    pub up: Vec<Option<f64>>,
    /// Below it, as a number of 0 or less.
    pub down: Vec<Option<f64>>,
    /// At each point the sum that is farther from 0.
    pub chart: Chart,
}

/// The periods after those that `steady` is from. `None` unless sd is positive and the rule is one.
pub fn cusum(values: &[Option<f64>], steady: Steady, rule: CusumRule) -> Option<Cusum> {
    let has_scale = steady.sd > 0.0 && steady.sd.is_finite() && steady.centre.is_finite();
    if !has_scale || !rule.is_sound() {
        return None;
    }
    let (mut up, mut down) = (0.0_f64, 0.0_f64);
    let mut sums = Vec::with_capacity(values.len());
    for value in values {
        sums.push(value.filter(|value| value.is_finite()).map(|value| {
            let off = (value - steady.centre) / steady.sd;
            up = (up + off - rule.allowance).max(0.0);
            down = (down + off + rule.allowance).min(0.0);
            (up, down)
        }));
    }
    let farther = |(up, down): (f64, f64)| if up >= -down { up } else { down };
    let point = |(index, sums): (usize, &Option<(f64, f64)>)| {
        let limits = sums.map(|_| rule.limit);
        ChartPoint::against_limits(index, sums.map(farther), limits.map(|h| -h), limits)
    };
    let points = sums.iter().enumerate().map(point).collect();
    Some(Cusum {
        up: sums.iter().map(|sums| sums.map(|(up, _)| up)).collect(),
        down: sums.iter().map(|sums| sums.map(|(_, down)| down)).collect(),
        chart: Chart { kind: ChartKind::Cusum, centre: Some(0.0), points },
    })
}

#[cfg(test)]
mod tests {
    use super::{CusumRule, cusum};
    use crate::Steady;

    #[test]
    fn a_drop_adds_up_below() {
        let steady = Steady { centre: 0.0, sd: 2.0 };
        let values = [Some(-4.0), None, Some(-4.0), Some(-4.0), Some(-4.0)];
        let sums = cusum(&values, steady, CusumRule::CUSTOMARY).unwrap();
        assert_eq!(sums.down, [Some(-1.5), None, Some(-3.0), Some(-4.5), Some(-6.0)]);
        assert_eq!((sums.chart.first_signal(), sums.up[4]), (Some(4), Some(0.0)));
    }

    #[test]
    fn without_a_scale_there_are_no_sums() {
        let flat = Steady { centre: 0.0, sd: 0.0 };
        assert_eq!(cusum(&[Some(1.0)], flat, CusumRule::CUSTOMARY), None);
        let bad = CusumRule { allowance: -0.5, limit: 5.0 };
        assert_eq!(cusum(&[Some(1.0)], Steady { centre: 0.0, sd: 1.0 }, bad), None);
    }
}
