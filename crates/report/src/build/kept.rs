//! Standards over time: the share of checks that were kept, week by week or month by month.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Checks, OfDay};
use model::resolve::Resolved;
use stats::{Baseline, ChartKind, Count, LaneyChart, Measured, share_chart};

use super::periods::{FEWEST_PERIODS, Length, date_of, ends};
use super::trends::{level_changes, signals};
use crate::document::{KeptPoint, KeptTrend, Limits};

/// Fewer settled checks than this make no value of a period.
pub(super) const FEWEST: u64 = 5;
/// One in so many may still be pending. While more are, only what was quick is settled, and looks better or worse than the
/// period will.
const PENDING: u64 = 20;

/// In document order, `checks` being those of each standard.
pub(super) fn trends(journey: &Resolved<'_>, checks: &[Checks]) -> Vec<KeptTrend> {
    let trends = journey.standards.iter().zip(checks).filter_map(|(held, checks)| {
        let touchpoint = held.touchpoint.map(|number| journey.touchpoints[number].touchpoint);
        Some(KeptTrend {
            standard: held.standard.id.clone(),
            touchpoint: touchpoint.map(|touchpoint| touchpoint.id.clone()),
            ..trend(checks)?
        })
    });
    trends.collect()
}

/// The checks that began in each period, by its first day, without holes.
#[derive(Debug, Clone)]
pub(super) struct Periods {
    pub(super) length: Length,
    pub(super) checks: BTreeMap<Date, OfDay>,
}

impl Periods {
    /// `None` where nothing was ever settled or pending.
    pub(super) fn of(checks: &Checks) -> Option<Self> {
        let n = checks.kept + checks.broken;
        let span = ends(checks.days.iter().filter_map(|(day, _)| date_of(day)))?;
        let length = Length::that_fits(span, n.try_into().unwrap_or(usize::MAX));
        Some(Self::by(length, checks, span))
    }

    fn by(length: Length, checks: &Checks, span: (Date, Date)) -> Self {
        let mut periods: BTreeMap<Date, OfDay> =
            length.between(span).into_iter().map(|begin| (begin, OfDay::default())).collect();
        for (day, of_day) in checks.days.iter() {
            let Some(date) = date_of(day) else { continue };
            let period = periods.entry(length.begin(date)).or_default();
            period.kept += of_day.kept;
            period.broken += of_day.broken;
            period.pending += of_day.pending;
        }
        Self { length, checks: periods }
    }
}

/// (kept, kept and broken), once nearly everything that began is settled and there is enough of it.
pub(super) fn settled(of: &OfDay) -> Option<(u64, u64)> {
    let n = of.kept + of.broken;
    let is_settled = PENDING * of.pending <= n + of.pending;
    (n >= FEWEST && is_settled).then_some((of.kept, n))
}

/// The kept share, and how much chance moves it: with two imaginary checks of each kind (Agresti & Coull 1998), so that it is
/// not nothing where all were kept.
pub(super) fn value((kept, n): (u64, u64)) -> Measured {
    let share = (kept as f64 + 2.0) / (n as f64 + 4.0);
    Measured { value: kept as f64 / n as f64, variance: share * (1.0 - share) / (n as f64 + 4.0) }
}

/// The trend of one standard, its id left open; `None` where there are too few periods, or nothing ever varies.
fn trend(checks: &Checks) -> Option<KeptTrend> {
    let Periods { length, checks: periods } = Periods::of(checks)?;
    let values: Vec<Option<(u64, u64)>> = periods.values().map(settled).collect();
    let known = values.iter().flatten();
    let is_steady = known.clone().all(|(kept, _)| *kept == 0) || known.clone().all(|(k, n)| k == n);
    if known.count() < FEWEST_PERIODS || is_steady {
        return None;
    }
    let (LaneyChart { chart, sigma_z }, limits) = chart(&values)?;
    let days: Vec<String> = periods.keys().map(Date::to_string).collect();
    let measured: Vec<Option<Measured>> = values.iter().map(|it| it.map(value)).collect();
    let point = |((from, of), point): ((&Date, &OfDay), &stats::ChartPoint)| KeptPoint {
        from: from.to_string(),
        kept: of.kept,
        n: of.kept + of.broken,
        pending: of.pending,
        value: point.value,
        low: point.lower,
        high: point.upper,
        in_baseline: point.in_baseline,
        signals: signals(point),
    };
    Some(KeptTrend {
        standard: String::new(),
        touchpoint: None,
        period: length.name().to_owned(),
        chart: if chart.kind == ChartKind::LaneyP { "laney_p" } else { "p" }.to_owned(),
        sigma_z,
        limits,
        centre: chart.centre,
        points: periods.iter().zip(&chart.points).map(point).collect(),
        changes: level_changes(&measured, &days),
    })
}

/// Limits from the first twenty periods where there are more; else, and where those were all alike, from all of them.
fn chart(values: &[Option<(u64, u64)>]) -> Option<(LaneyChart, Limits)> {
    let count = |it: &Option<(u64, u64)>| match *it {
        Some((kept, n)) => Count { events: kept, of: n as f64 },
        None => Count { events: 0, of: 0.0 },
    };
    let counts: Vec<Count> = values.iter().map(count).collect();
    let known = values.iter().enumerate().filter(|(_, it)| it.is_some());
    let behind = known.map(|(place, _)| place).nth(Baseline::FEWEST);
    let frozen = behind.and_then(|end| share_chart(&counts, &Baseline::Frozen(0..end)).ok());
    match frozen {
        Some(chart) => Some((chart, Limits::Frozen)),
        None => Some((share_chart(&counts, &Baseline::All).ok()?, Limits::Provisional)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    /// Checks of weeks from the fifth of January 1970 on, a Monday: (kept, broken) of each.
    fn weeks(of: &[(u64, u64)]) -> Checks {
        let mut checks = Checks::default();
        for (week, (kept, broken)) in (0..).zip(of) {
            let at = (4 + 7 * week) * DAY;
            (0..*kept).for_each(|_| checks.settle(at, true));
            (0..*broken).for_each(|_| checks.settle(at, false));
        }
        checks
    }

    #[test]
    fn a_fall_after_twenty_weeks_is_told_by_their_limits() {
        let quiet = (0..24).map(|week| (90 + week % 3, 10 - week % 3));
        let fall = std::iter::repeat_n((70, 30), 4);
        let trend = trend(&weeks(&quiet.chain(fall).collect::<Vec<_>>())).unwrap();
        assert_eq!((trend.limits, trend.period.as_str()), (Limits::Frozen, "week"));
        let told: Vec<&str> = trend
            .points
            .iter()
            .filter(|point| !point.signals.is_empty())
            .map(|point| point.from.as_str())
            .collect();
        assert_eq!(told.first(), Some(&"1970-06-22"));
        assert_eq!(trend.points.iter().filter(|point| point.in_baseline).count(), 20);
        assert_eq!(trend.changes.len(), 1);
        assert_eq!(trend.changes[0].at, "1970-06-22");
        assert!(trend.changes[0].size.high.unwrap() < 0.0);
    }

    #[test]
    fn few_periods_and_nothing_that_varies_have_no_chart() {
        assert!(trend(&Checks::default()).is_none());
        assert!(trend(&weeks(&[(90, 10); 7])).is_none());
        assert!(trend(&weeks(&[(90, 0); 40])).is_none());
        assert!(trend(&weeks(&[(0, 90); 40])).is_none());
        let mut of = [(90, 0), (80, 10)].repeat(11);
        (of[3], of[5]) = ((1, 0), (1, 0));
        let provisional = trend(&weeks(&of)).unwrap();
        assert_eq!(provisional.limits, Limits::Provisional);
    }

    #[test]
    fn what_is_mostly_pending_or_tiny_has_no_value() {
        let of = |kept, broken, pending| settled(&OfDay { kept, broken, pending });
        assert_eq!((of(4, 0, 0), of(5, 0, 0), of(3, 2, 0)), (None, Some((5, 5)), Some((3, 5))));
        assert_eq!((of(90, 5, 5), of(90, 4, 6), of(0, 0, 9)), (Some((90, 95)), None, None));
    }
}
