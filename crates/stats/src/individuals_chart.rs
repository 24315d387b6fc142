//! A chart of single values, such as a weekly score: mean ± 3 mean moving range/1.128, and the moving ranges themselves.
//!
//! The moving range (Shewhart 1931; Wheeler 1993) measures what varies from one period to the next, so that a shift in
//! the baseline does not widen its own limits.

use crate::attribute_charts::{RANGE_OF_TWO, mark, mean_moving_range};
use crate::chart::{Baseline, Chart, ChartKind, ChartPoint, NoChart};
use crate::moments::mean;
use crate::ranks::TIE;

/// Where a steady process stands, and how much single values of it vary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steady {
    pub centre: f64,
    pub sd: f64,
}

impl Steady {
    /// From the values of a baseline.
    ///
    /// # Errors
    /// Fewer than 20 values in a frozen baseline (two in a look back), or all the same.
    pub fn of(values: &[Option<f64>], baseline: &Baseline) -> Result<Self, NoChart> {
        let inside = baseline.of(&known(values))?;
        let short = NoChart::ShortBaseline { needed: 2, got: inside.len() };
        let centre = mean(&inside).ok_or(short)?;
        let sd = mean_moving_range(&inside).ok_or(short)? / RANGE_OF_TWO;
        if sd <= TIE * centre.abs() { Err(NoChart::NoVariation) } else { Ok(Self { centre, sd }) }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct IndividualsChart {
    pub individuals: Chart,
    /// The spread itself; its first point has no value.
    pub moving_ranges: Chart,
}

/// # Errors
/// As for [`Steady::of`].
pub fn individuals_chart(
    values: &[Option<f64>],
    baseline: &Baseline,
) -> Result<IndividualsChart, NoChart> {
    let steady = Steady::of(values, baseline)?;
    let values = known(values);
    let point = |index: usize, value: Option<f64>, limits: (f64, f64)| ChartPoint {
        index,
        value,
        lower: Some(limits.0),
        upper: Some(limits.1),
        in_baseline: value.is_some() && baseline.holds(index),
        signals: Vec::new(),
    };
    let (low, high) = (steady.centre - 3.0 * steady.sd, steady.centre + 3.0 * steady.sd);
    let mut points: Vec<ChartPoint> =
        values.iter().enumerate().map(|(index, value)| point(index, *value, (low, high))).collect();
    let z: Vec<Option<f64>> =
        values.iter().map(|value| value.map(|value| (value - steady.centre) / steady.sd)).collect();
    mark(&mut points, &z, baseline, 3.0);
    let individuals = Chart { kind: ChartKind::Individuals, centre: Some(steady.centre), points };
    Ok(IndividualsChart { individuals, moving_ranges: ranges(&values, steady, baseline) })
}

/// Ranges share values with their neighbours, so only points beyond the limit mean anything.
fn ranges(values: &[Option<f64>], steady: Steady, baseline: &Baseline) -> Chart {
    /// Standard deviation of the range of two normal values.
    const SPREAD_OF_RANGE: f64 = 0.853;
    let centre = RANGE_OF_TWO * steady.sd;
    let upper = centre + 3.0 * SPREAD_OF_RANGE * steady.sd;
    let mut before = None;
    let points = values.iter().enumerate().map(|(index, value)| {
        let range = value.zip(before).map(|(now, before): (f64, f64)| (now - before).abs());
        before = value.or(before);
        let mut point = ChartPoint::against_limits(index, range, Some(0.0), Some(upper));
        point.in_baseline = range.is_some() && baseline.holds(index);
        if point.in_baseline && *baseline != Baseline::All {
            point.signals.clear();
        }
        point
    });
    Chart { kind: ChartKind::MovingRange, centre: Some(centre), points: points.collect() }
}

fn known(values: &[Option<f64>]) -> Vec<Option<f64>> {
    values.iter().map(|value| value.filter(|value| value.is_finite())).collect()
}

#[cfg(test)]
mod tests {
    use super::individuals_chart;
    use crate::{Baseline, NoChart, Signal};

    /// Montgomery's viscosity example has the same arithmetic: mean moving range over 1.128.
    #[test]
    fn limits_come_from_moving_ranges() {
        let values = [10.0, 12.0, 11.0, 13.0, 10.0].map(Some);
        let chart = individuals_chart(&values, &Baseline::All).unwrap();
        let sd = 2.0 / 1.128;
        let first = &chart.individuals.points[0];
        assert!((first.upper.unwrap() - (11.2 + 3.0 * sd)).abs() < 1e-12);
        assert!((chart.moving_ranges.points[0].upper.unwrap() - 2.0 * 3.268_617).abs() < 1e-4);
        assert_eq!(chart.moving_ranges.points[0].value, None);
        assert_eq!(chart.moving_ranges.points[1].value, Some(2.0));
    }

    #[test]
    fn a_jump_after_the_baseline_is_told_in_both_charts() {
        let mut values: Vec<Option<f64>> = (0..24).map(|i| Some(f64::from(i % 4))).collect();
        values[10] = None;
        values.push(Some(40.0));
        let chart = individuals_chart(&values, &Baseline::Frozen(0..22)).unwrap();
        let last = chart.individuals.points.last().unwrap();
        assert_eq!(last.signals, [Signal::BeyondThreeSigma]);
        assert_eq!(chart.moving_ranges.first_signal(), Some(24));
        assert_eq!(chart.individuals.points[10].value, None);
    }

    #[test]
    fn what_does_not_vary_or_is_too_short_has_no_chart() {
        let same = [Some(3.0); 30];
        assert_eq!(individuals_chart(&same, &Baseline::All), Err(NoChart::NoVariation));
        let short = NoChart::ShortBaseline { needed: 2, got: 1 };
        assert_eq!(individuals_chart(&[Some(1.0), None], &Baseline::All), Err(short));
    }
}
