//! A chart that remembers: the exponentially weighted moving average finds small lasting shifts of a score (Roberts 1959).
//!
//! After t values z = λx + (1 − λ)z, from the centre on; limits centre ± L sd √(λ/(2 − λ) (1 − (1 − λ)²ᵗ)) (Lucas & Saccucci
//! 1990). λ = .2 with L = 2.86 calls a steady process out once in 371 points, and half a standard deviation after 36.

use crate::chart::{Chart, ChartKind, ChartPoint};
use crate::individuals_chart::Steady;

/// How much each new value counts, and how many standard deviations are too many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EwmaRule {
    /// λ, above 0 and at most 1: at 1 there is no memory.
    pub memory: f64,
    /// L.
    pub width: f64,
}

impl EwmaRule {
    pub const CUSTOMARY: Self = Self { memory: 0.2, width: 2.86 };

    pub(crate) fn is_sound(self) -> bool {
        self.memory > 0.0 && self.memory <= 1.0 && self.width > 0.0 && self.width.is_finite()
    }
}

/// The periods after those that `steady` is from, or their signals are about limits that they made.
///
/// A missing value leaves the average, and the count of values, where they are. `None` unless sd is positive and the rule
/// is one.
pub fn ewma_chart(values: &[Option<f64>], steady: Steady, rule: EwmaRule) -> Option<Chart> {
    let has_scale = steady.sd > 0.0 && steady.sd.is_finite() && steady.centre.is_finite();
    if !has_scale || !rule.is_sound() {
        return None;
    }
    let EwmaRule { memory, width } = rule;
    let (mut average, mut forgotten) = (steady.centre, 1.0);
    let points = values.iter().enumerate().map(|(index, value)| {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            return ChartPoint::against_limits(index, None, None, None);
        };
        average = memory * value + (1.0 - memory) * average;
        forgotten *= (1.0 - memory) * (1.0 - memory);
        let half = width * steady.sd * (memory / (2.0 - memory) * (1.0 - forgotten)).sqrt();
        let (lower, upper) = (steady.centre - half, steady.centre + half);
        ChartPoint::against_limits(index, Some(average), Some(lower), Some(upper))
    });
    let points = points.collect();
    Some(Chart { kind: ChartKind::Ewma, centre: Some(steady.centre), points })
}

#[cfg(test)]
mod tests {
    use super::{EwmaRule, ewma_chart};
    use crate::Steady;

    const STEADY: Steady = Steady { centre: 7.0, sd: 0.5 };

    #[test]
    fn without_memory_it_is_a_chart_of_single_values() {
        let rule = EwmaRule { memory: 1.0, width: 3.0 };
        let chart = ewma_chart(&[Some(8.0), None, Some(8.6)], STEADY, rule).unwrap();
        assert_eq!((chart.points[0].value, chart.points[0].upper), (Some(8.0), Some(8.5)));
        assert_eq!((chart.points[1].value, chart.first_signal()), (None, Some(2)));
    }

    #[test]
    fn without_a_scale_or_a_rule_there_is_no_chart() {
        let bad = [
            (0.0, 0.2, 3.0),
            (f64::NAN, 0.2, 3.0),
            (1.0, 0.0, 3.0),
            (1.0, 1.1, 3.0),
            (1.0, 0.2, -1.0),
        ];
        for (sd, memory, width) in bad {
            let rule = EwmaRule { memory, width };
            assert_eq!(ewma_chart(&[Some(1.0)], Steady { sd, ..STEADY }, rule), None);
        }
        let empty = ewma_chart(&[], STEADY, EwmaRule::CUSTOMARY).unwrap();
        assert_eq!((empty.points.len(), empty.first_signal()), (0, None));
    }
}
