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
/// What is pending may not move the share by more than so many of its standard errors. Near the horizon what is settled is what
/// was quick, and looks better or worse than the period will.
const PENDING: f64 = 0.25;

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

/// (kept, kept and broken) of each, where there is enough of it, up to the first in which too much is pending: from there on
/// nothing is told, because a later one that seems settled is one in which all was quick.
fn settled<'p>(periods: impl Iterator<Item = &'p OfDay>) -> Vec<Option<(u64, u64)>> {
    let mut is_over = true;
    let values = periods.map(|of| {
        is_over &= is_settled(of);
        enough((of.kept, of.kept + of.broken)).filter(|_| is_over)
    });
    values.collect()
}

pub(super) fn enough((kept, n): (u64, u64)) -> Option<(u64, u64)> {
    (n >= FEWEST).then_some((kept, n))
}

fn is_settled(of: &OfDay) -> bool {
    let n = of.kept + of.broken;
    let open = of.pending as f64 / (n + of.pending).max(1) as f64;
    of.pending == 0 || open <= PENDING * value((of.kept, n.max(1))).variance.sqrt()
}

/// The days of which all is told, and the first of which it is not: that on which the first week begins in which too much is
/// pending.
pub(super) fn settled_days(checks: &Checks) -> (Vec<(Date, OfDay)>, Option<Date>) {
    let days = checks.days.iter().filter_map(|(day, of)| Some((date_of(day)?, of)));
    let days: Vec<(Date, OfDay)> = days.collect();
    let Some(span) = ends(days.iter().map(|(day, _)| *day)) else { return (days, None) };
    let weeks = Periods::by(Length::Week, checks, span).checks;
    let end = weeks.iter().find(|(_, of)| !is_settled(of)).map(|(week, _)| *week);
    let told = days.into_iter().filter(|(day, _)| end.is_none_or(|end| *day < end));
    (told.collect(), end)
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
    let values = settled(periods.values());
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
    fn what_is_pending_or_tiny_has_no_value_and_nothing_behind_it_has() {
        let of = |kept, broken, pending| OfDay { kept, broken, pending };
        let told =
            |all: &[OfDay]| settled(all.iter()).iter().map(Option::is_some).collect::<Vec<_>>();
        assert_eq!(told(&[of(4, 0, 0), of(5, 0, 0), of(3, 2, 0)]), [false, true, true]);
        // Nearly one in a hundred may break still, where one in a hundred broke.
        assert_eq!(told(&[of(990, 10, 0), of(995, 0, 5), of(99, 1, 0)]), [true, false, false]);
        assert_eq!(told(&[of(5000, 4999, 5), of(0, 0, 9)]), [true, false]);
    }

    #[test]
    fn days_are_told_up_to_the_first_week_that_is_open() {
        let mut checks = weeks(&[(9, 1), (9, 1), (9, 1)]);
        assert_eq!(settled_days(&checks).0.len(), 3);
        checks.days = kernel::Days::default();
        assert_eq!(settled_days(&checks), (Vec::new(), None));
    }
}
