//! Complaints over time: how many came for each walk that began, so that more customers are not taken for worse service.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::Days;
use model::resolve::Resolved;
use stats::{Baseline, Chart, Count, Measured, u_chart};

use super::kept::FEWEST;
use super::periods::{FEWEST_PERIODS, Length, date, date_of, ends};
use super::trends::{level_changes, signals};
use crate::answers::Complaint;
use crate::document::{ComplaintPoint, ComplaintTrend, Limits};

/// Fewer complaints than this make no chart: most periods would have none.
const FEWEST_COMPLAINTS: u64 = 20;
/// Standard deviations to either limit.
const SIGMAS: f64 = 3.0;

/// The whole journey first, then touchpoint by touchpoint.
pub(super) fn trends(
    journey: &Resolved<'_>,
    complaints: &[Complaint],
    begun: &Days,
) -> Vec<ComplaintTrend> {
    let touchpoints = journey.touchpoints.iter().map(|stop| Some(stop.touchpoint.id.as_str()));
    let trend = |touchpoint: Option<&str>| {
        let is_about = |complaint: &&Complaint| {
            touchpoint.is_none() || complaint.touchpoint.as_deref() == touchpoint
        };
        let about = complaints.iter().filter(is_about);
        let at = about.map(|complaint| complaint.at).filter(|at| *at != 0).filter_map(date);
        let touchpoint = touchpoint.map(str::to_owned);
        Some(ComplaintTrend { touchpoint, ..trend(&at.collect::<Vec<_>>(), begun)? })
    };
    std::iter::once(None).chain(touchpoints).filter_map(trend).collect()
}

/// Complaints of a period and walks that began in it.
type Period = (u64, u64);

/// The touchpoint left open; `None` where there is too little of it.
fn trend(complaints: &[Date], begun: &Days) -> Option<ComplaintTrend> {
    let walks: Vec<(Date, u64)> = begun
        .iter()
        .filter_map(|(day, of)| Some((date_of(day)?, of.kept + of.broken + of.pending)))
        .collect();
    let span = ends(walks.iter().map(|(date, _)| *date))?;
    let told = complaints.iter().filter(|date| (span.0..=span.1).contains(*date));
    let told: Vec<Date> = told.copied().collect();
    if (told.len() as u64) < FEWEST_COMPLAINTS {
        return None;
    }
    let length = Length::that_fits(span, told.len());
    let mut periods: BTreeMap<Date, Period> =
        length.between(span).into_iter().map(|begin| (begin, (0, 0))).collect();
    for date in told {
        periods.entry(length.begin(date)).or_default().0 += 1;
    }
    for (date, n) in walks {
        periods.entry(length.begin(date)).or_default().1 += n;
    }
    let is_known = |(_, n): &Period| *n >= FEWEST;
    if periods.values().filter(|it| is_known(it)).count() < FEWEST_PERIODS {
        return None;
    }
    let values: Vec<Period> = periods.values().copied().collect();
    let (chart, limits) = chart(&values)?;
    let days: Vec<String> = periods.keys().map(Date::to_string).collect();
    let measured: Vec<Option<Measured>> =
        values.iter().map(|it| is_known(it).then(|| value(*it))).collect();
    let point = |((from, of), point): ((&Date, &Period), &stats::ChartPoint)| ComplaintPoint {
        from: from.to_string(),
        complaints: of.0,
        n: of.1,
        value: point.value,
        low: point.lower,
        high: point.upper,
        in_baseline: point.in_baseline,
        signals: signals(point),
    };
    Some(ComplaintTrend {
        touchpoint: None,
        period: length.name().to_owned(),
        chart: "u".to_owned(),
        limits,
        centre: chart.centre,
        points: periods.iter().zip(&chart.points).map(point).collect(),
        changes: level_changes(&measured, &days),
    })
}

/// Half a complaint more in the variance, so that a period without one is not known for certain.
fn value((complaints, n): Period) -> Measured {
    let n = n as f64;
    Measured { value: complaints as f64 / n, variance: (complaints as f64 + 0.5) / n / n }
}

/// Limits from the first twenty periods where there are more; else from all of them.
fn chart(values: &[Period]) -> Option<(Chart, Limits)> {
    let count =
        |&(events, n): &Period| Count { events, of: if n < FEWEST { 0.0 } else { n as f64 } };
    let counts: Vec<Count> = values.iter().map(count).collect();
    let known = counts.iter().enumerate().filter(|(_, it)| it.of > 0.0);
    let behind = known.map(|(place, _)| place).nth(Baseline::FEWEST);
    let frozen = behind.and_then(|end| u_chart(&counts, &Baseline::Frozen(0..end), SIGMAS).ok());
    match frozen {
        Some(chart) => Some((chart, Limits::Frozen)),
        None => Some((u_chart(&counts, &Baseline::All, SIGMAS).ok()?, Limits::Provisional)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_the_walks_with_twice_the_complaints_are_no_change_and_twice_the_complaints_are() {
        let first: Date = "2025-01-06".parse().unwrap();
        let weeks = |of: &[(i32, u64)]| {
            let (mut complaints, mut begun) = (Vec::new(), Vec::new());
            for (week, (n, walks)) in of.iter().enumerate() {
                let day = first.saturating_add(jiff::ToSpan::days(7 * week as i64));
                complaints.extend(std::iter::repeat_n(day, *n as usize));
                begun.push((day, *walks));
            }
            (complaints, begun)
        };
        let told = |of: &[(i32, u64)]| {
            let (complaints, begun) = weeks(of);
            trend(&complaints, &days(&begun)).unwrap()
        };
        let busier = [(20, 200); 22].into_iter().chain([(40, 400); 6]).collect::<Vec<_>>();
        let busier = told(&busier);
        assert_eq!((busier.limits, busier.changes.len()), (Limits::Frozen, 0));
        assert!(busier.points.iter().all(|point| point.signals.is_empty()));
        let worse = [(20, 200); 22].into_iter().chain([(44, 200); 6]).collect::<Vec<_>>();
        let worse = told(&worse);
        assert_eq!(
            worse.changes.iter().map(|it| it.at.as_str()).collect::<Vec<_>>(),
            ["2025-06-09"]
        );
        assert!(!worse.points[22].signals.is_empty() && worse.points[22].complaints == 44);
    }

    #[test]
    fn few_complaints_make_no_chart() {
        let first: Date = "2025-01-06".parse().unwrap();
        let begun: Vec<(Date, u64)> =
            (0..20).map(|week| (first.saturating_add(jiff::ToSpan::days(7 * week)), 9)).collect();
        assert_eq!(trend(&[first; 19], &days(&begun)), None);
        assert_eq!(trend(&[first; 40], &Days::default()), None);
    }

    fn days(of: &[(Date, u64)]) -> Days {
        let mut days = Days::default();
        let epoch = jiff::civil::date(1970, 1, 1);
        for (date, n) in of {
            let at = i64::from((*date - epoch).get_days()) * 86_400_000_000;
            days.begin(at, *n);
        }
        days
    }
}
