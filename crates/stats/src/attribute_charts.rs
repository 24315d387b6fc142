//! Charts of counts: the share of defectives (p), defects per unit (u), and Laney's p' where days differ more than chance.
//!
//! p̄ ± k √(p̄(1 − p̄)/n), ū ± k √(ū/n) (Shewhart 1931). With thousands of checks a day these limits are so narrow that every
//! day is outside: the days themselves differ. Laney (2002) widens them by `σ_z`, the spread of the standardised shares as
//! their moving ranges show it.

use crate::chart::{Baseline, Chart, ChartKind, ChartPoint, NoChart, Signal};
use crate::estimate::finite;
use crate::moments::{mean, ordered_sum};
use crate::ranks::TIE;
use crate::run_rules;

/// Events of one period, and among how many units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    pub events: u64,
    pub of: f64,
}

/// A mean moving range over the standard deviation, of two normal values: 2/√π, to three digits as all tables have it.
pub(crate) const RANGE_OF_TWO: f64 = 1.128;

/// From this `σ_z` on, limits that assume binomial counts are too narrow.
pub const LANEY_FROM: f64 = 1.2;

/// Shares of defectives. A period without units, or with more defectives than units, has no point.
///
/// # Errors
/// A frozen baseline with fewer than 20 periods, or without both defectives and others.
pub fn p_chart(counts: &[Count], baseline: &Baseline, sigmas: f64) -> Result<Chart, NoChart> {
    let series = Series::of_shares(counts, baseline)?;
    Ok(series.chart(ChartKind::P, baseline, sigmas))
}

/// Defects per unit, which may be more than one.
///
/// # Errors
/// A frozen baseline with fewer than 20 periods, or without defects.
pub fn u_chart(counts: &[Count], baseline: &Baseline, sigmas: f64) -> Result<Chart, NoChart> {
    let known: Vec<Option<Count>> =
        counts.iter().map(|count| Some(*count).filter(|count| is_size(count.of))).collect();
    let series = Series::of(known, baseline, |rate, n| (rate / n).sqrt(), None)?;
    Ok(series.chart(ChartKind::U, baseline, sigmas))
}

/// Laney's chart, and the `σ_z` that it widens the limits by.
#[derive(Debug, Clone, PartialEq)]
pub struct LaneyChart {
    pub chart: Chart,
    /// Near 1: the shares vary as binomial ones do. `None` of fewer than two periods, and where nothing is or all is
    /// defective; the chart then has no limits.
    pub sigma_z: Option<f64>,
}

/// # Errors
/// As for [`p_chart`]; and where the shares of a frozen baseline are all alike.
pub fn laney_p(counts: &[Count], baseline: &Baseline, sigmas: f64) -> Result<LaneyChart, NoChart> {
    let mut series = Series::of_shares(counts, baseline)?;
    let sigma_z = series.sigma_z(baseline);
    if *baseline != Baseline::All && sigma_z.is_none_or(|sigma_z| sigma_z <= 0.0) {
        return Err(NoChart::NoVariation);
    }
    for sigma in &mut series.sigmas {
        *sigma = sigma.zip(sigma_z).map(|(sigma, sigma_z)| sigma * sigma_z);
    }
    Ok(LaneyChart { chart: series.chart(ChartKind::LaneyP, baseline, sigmas), sigma_z })
}

/// Three-sigma limits of shares: Laney's when `σ_z` exceeds [`LANEY_FROM`], binomial ones otherwise.
///
/// # Errors
/// As for [`p_chart`].
pub fn share_chart(counts: &[Count], baseline: &Baseline) -> Result<LaneyChart, NoChart> {
    let plain = p_chart(counts, baseline, 3.0)?;
    match laney_p(counts, baseline, 3.0) {
        Ok(laney) if laney.sigma_z.is_some_and(|sigma_z| sigma_z > LANEY_FROM) => Ok(laney),
        Ok(laney) => Ok(LaneyChart { chart: plain, sigma_z: laney.sigma_z }),
        Err(_) => Ok(LaneyChart { chart: plain, sigma_z: None }),
    }
}

/// Rates in time with what each may vary by.
struct Series {
    centre: Option<f64>,
    values: Vec<Option<f64>>,
    sigmas: Vec<Option<f64>>,
    highest: Option<f64>,
}

impl Series {
    fn of_shares(counts: &[Count], baseline: &Baseline) -> Result<Self, NoChart> {
        let is_share = |count: &Count| is_size(count.of) && count.events as f64 <= count.of;
        let known = counts.iter().map(|count| Some(*count).filter(is_share)).collect();
        let sigma = |share: f64, n: f64| (share * (1.0 - share) / n).max(0.0).sqrt();
        Self::of(known, baseline, sigma, Some(1.0))
    }

    fn of(
        counts: Vec<Option<Count>>,
        baseline: &Baseline,
        sigma: impl Fn(f64, f64) -> f64,
        highest: Option<f64>,
    ) -> Result<Self, NoChart> {
        let inside = baseline.of(&counts)?;
        let events: u64 = inside.iter().map(|count| count.events).sum();
        let of = ordered_sum(&inside.iter().map(|count| count.of).collect::<Vec<f64>>());
        let centre = finite(events as f64 / of);
        let never_varies = centre.is_some_and(|rate| sigma(rate, 1.0) == 0.0);
        if never_varies && *baseline != Baseline::All {
            return Err(NoChart::NoVariation);
        }
        Ok(Self {
            centre,
            values: counts.iter().map(|count| count.map(|c| c.events as f64 / c.of)).collect(),
            sigmas: counts
                .iter()
                .map(|count| count.zip(centre).map(|(count, rate)| sigma(rate, count.of)))
                .collect(),
            highest,
        })
    }

    /// In units of what each point may vary by.
    fn z(&self) -> Vec<Option<f64>> {
        let standardised = |(value, sigma): (&Option<f64>, &Option<f64>)| {
            let (off, sigma) = ((*value)? - self.centre?, (*sigma)?);
            Some(if off.abs() <= TIE { 0.0 } else { off / sigma })
        };
        self.values.iter().zip(&self.sigmas).map(standardised).collect()
    }

    fn sigma_z(&self, baseline: &Baseline) -> Option<f64> {
        if self.sigmas.iter().flatten().any(|sigma| *sigma <= 0.0) {
            return None;
        }
        let inside: Vec<f64> = self
            .z()
            .into_iter()
            .enumerate()
            .filter(|(index, _)| baseline.holds(*index))
            .filter_map(|(_, z)| z)
            .collect();
        mean_moving_range(&inside).map(|range| range / RANGE_OF_TWO)
    }

    fn chart(&self, kind: ChartKind, baseline: &Baseline, sigmas: f64) -> Chart {
        let z = self.z();
        let limit =
            |index: usize, side: f64| Some(self.centre? + side * sigmas * self.sigmas[index]?);
        let points = (0..self.values.len()).map(|index| ChartPoint {
            index,
            value: self.values[index],
            lower: limit(index, -1.0).map(|lower| lower.max(0.0)),
            upper: limit(index, 1.0)
                .map(|upper| self.highest.map_or(upper, |most| upper.min(most))),
            in_baseline: baseline.holds(index) && self.values[index].is_some(),
            signals: Vec::new(),
        });
        let mut points: Vec<ChartPoint> = points.collect();
        mark(&mut points, &z, baseline, sigmas);
        Chart { kind, centre: self.centre, points }
    }
}

/// Puts the signals of the run rules on every point that is judged; limits that are not three sigma wide take the place of
/// the first rule.
pub(crate) fn mark(points: &mut [ChartPoint], z: &[Option<f64>], baseline: &Baseline, sigmas: f64) {
    let is_customary = (sigmas - 3.0).abs() <= TIE;
    for ((point, z), mut signals) in points.iter_mut().zip(z).zip(run_rules(z)) {
        if *baseline != Baseline::All && baseline.holds(point.index) {
            continue;
        }
        if !is_customary {
            signals.retain(|signal| *signal != Signal::BeyondThreeSigma);
            if z.is_some_and(|z| z.abs() > sigmas + TIE) {
                signals.push(Signal::BeyondTheLimit);
            }
        }
        point.signals = signals;
    }
}

/// The mean distance of each value from the one before. `None` of fewer than two.
pub(crate) fn mean_moving_range(values: &[f64]) -> Option<f64> {
    mean(&values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect::<Vec<f64>>())
}

fn is_size(n: f64) -> bool {
    n > 0.0 && n.is_finite()
}

#[cfg(test)]
mod tests {
    use super::{Count, laney_p, p_chart, share_chart, u_chart};
    use crate::{Baseline, ChartKind, NoChart};

    fn counts(events: &[u64], of: f64) -> Vec<Count> {
        events.iter().map(|events| Count { events: *events, of }).collect()
    }

    /// Twenty quiet periods, and what comes after.
    fn quiet_then(after: &[u64]) -> Vec<Count> {
        let quiet: Vec<u64> = (0..20).map(|i| 4 + i % 3).collect();
        counts(&[quiet.as_slice(), after].concat(), 100.0)
    }

    #[test]
    fn a_frozen_baseline_does_not_learn_from_what_it_judges() {
        let alarm = p_chart(&quiet_then(&[30, 30, 30]), &Baseline::Frozen(0..20), 3.0).unwrap();
        let calm = p_chart(&quiet_then(&[5]), &Baseline::Frozen(0..20), 3.0).unwrap();
        assert_eq!((alarm.centre, alarm.out()), (calm.centre, vec![20, 21, 22]));
        assert_eq!(calm.first_signal(), None);
        assert_eq!(alarm.points.iter().filter(|point| point.in_baseline).count(), 20);
    }

    #[test]
    fn a_short_or_empty_baseline_says_why_there_is_no_chart() {
        let short = NoChart::ShortBaseline { needed: 20, got: 19 };
        assert_eq!(p_chart(&quiet_then(&[]), &Baseline::Frozen(1..30), 3.0), Err(short));
        let none = counts(&[0; 25], 50.0);
        for chart in [p_chart, u_chart] {
            assert_eq!(chart(&none, &Baseline::Frozen(0..20), 3.0), Err(NoChart::NoVariation));
        }
        assert_eq!(laney_p(&none, &Baseline::Frozen(0..20), 3.0), Err(NoChart::NoVariation));
    }

    #[test]
    fn a_period_without_units_has_no_point() {
        let series = [
            Count { events: 1, of: 10.0 },
            Count { events: 0, of: 0.0 },
            Count { events: 3, of: 2.0 },
        ];
        let chart = p_chart(&series, &Baseline::All, 3.0).unwrap();
        assert_eq!(chart.centre, Some(0.1));
        assert_eq!(
            (chart.points[1].value, chart.points[1].lower, chart.points[2].value),
            (None, None, None)
        );
        let empty = u_chart(&[], &Baseline::All, 3.0).unwrap();
        assert_eq!((empty.centre, empty.points.len()), (None, 0));
    }

    #[test]
    fn laneys_limits_only_where_the_days_differ() {
        let days = |spread: u64| -> Vec<Count> {
            let events: Vec<u64> =
                (0..40).map(|day| 5000 + if day % 2 == 0 { spread } else { 0 }).collect();
            counts(&events, 100_000.0)
        };
        let kinds = [days(20), days(2000)]
            .map(|series| share_chart(&series, &Baseline::Frozen(0..30)).unwrap().chart.kind);
        assert_eq!(kinds, [ChartKind::P, ChartKind::LaneyP]);
    }
}
