//! Months and quarters of what was written, UTC.

use std::collections::BTreeSet;
use std::ops::Range;

use ::words::Comment;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Fewer customers than this in either of two periods, and longer periods are taken.
const ENOUGH: usize = 30;

/// The last closed period and the one before it.
pub(super) struct LatestTwo {
    /// `month` or `quarter`.
    pub(super) period: &'static str,
    /// First days, the earlier first.
    pub(super) days: [String; 2],
    pub(super) periods: [Range<i64>; 2],
}

/// The months in which anything was written, without holes.
pub(super) fn months(comments: &[Comment]) -> Vec<(String, Range<i64>)> {
    let dates = || comments.iter().filter_map(|comment| date(comment.at));
    let (Some(first), Some(last)) = (dates().min(), dates().max()) else { return Vec::new() };
    let mut months = Vec::new();
    let mut month = first.first_of_month();
    while month <= last {
        let next = month.saturating_add(1.month());
        if let Some(period) = between(month, next) {
            months.push((month.to_string(), period));
        }
        if next == month {
            break;
        }
        month = next;
    }
    months
}

/// The last two months that were over at the horizon, or quarters where too few wrote in a month; `None` where too few wrote
/// in a quarter as well.
pub(super) fn latest_two(comments: &[Comment], as_of: i64) -> Option<LatestTwo> {
    // A horizon within a day leaves its period open: there is more to come.
    let horizon = date(as_of)?;
    let n_customers = |period: &Range<i64>| {
        let within = comments.iter().filter(|comment| period.contains(&comment.at));
        // An anonymous comment is somebody of their own.
        let who: BTreeSet<(bool, u64)> = within
            .map(|comment| {
                (comment.customer.is_some(), comment.customer.unwrap_or(comment.key().0))
            })
            .collect();
        who.len()
    };
    let month = horizon.first_of_month();
    let quarter = month.saturating_sub((i64::from(month.month() - 1) % 3).months());
    [("month", month, 1), ("quarter", quarter, 3)].into_iter().find_map(|(period, end, months)| {
        let last = end.saturating_sub(i64::from(months).months());
        let before = last.saturating_sub(i64::from(months).months());
        let periods = [between(before, last)?, between(last, end)?];
        let is_enough = periods.iter().all(|period| n_customers(period) >= ENOUGH);
        let days = [before.to_string(), last.to_string()];
        is_enough.then_some(LatestTwo { period, days, periods })
    })
}

fn date(at: i64) -> Option<Date> {
    let moment = Timestamp::from_microsecond(at).ok().filter(|_| at != 0)?;
    Some(moment.to_zoned(TimeZone::UTC).date())
}

fn between(from: Date, to: Date) -> Option<Range<i64>> {
    let begin = |date: Date| {
        let midnight = date.to_zoned(TimeZone::UTC).ok()?;
        Some(midnight.timestamp().as_microsecond())
    };
    Some(begin(from)?..begin(to)?)
}

#[cfg(test)]
mod tests {
    use super::latest_two;
    use ::words::Comment;
    use jiff::Timestamp;

    fn micros(day: &str) -> i64 {
        format!("{day}T12:00:00Z").parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn comments(days: &[(&str, u64)]) -> Vec<Comment> {
        let each = days.iter().flat_map(|(day, n)| (0..*n).map(move |who| (micros(day), who)));
        each.map(|(at, who)| Comment {
            customer: Some(who),
            at,
            touchpoint: None,
            score: None,
            text: "full".to_owned(),
            language: None,
        })
        .collect()
    }

    fn check(days: &[(&str, u64)], as_of: &str, expected: Option<(&str, [&str; 2])>) {
        let latest = latest_two(&comments(days), micros(as_of));
        let told =
            latest.as_ref().map(|it| (it.period, [it.days[0].as_str(), it.days[1].as_str()]));
        assert_eq!(told, expected);
    }

    #[test]
    fn only_what_is_over_is_compared() {
        let days = [("2025-09-03", 30), ("2025-10-03", 40), ("2025-11-03", 90)];
        check(&days, "2025-11-30", Some(("month", ["2025-09-01", "2025-10-01"])));
        check(&days, "2025-12-01", Some(("month", ["2025-10-01", "2025-11-01"])));
    }

    #[test]
    fn quarters_where_months_are_thin() {
        let days = [("2025-05-03", 30), ("2025-08-03", 40), ("2025-09-03", 4)];
        check(&days, "2025-11-30", Some(("quarter", ["2025-04-01", "2025-07-01"])));
        check(&days[1..], "2025-11-30", None);
        check(&[], "2025-11-30", None);
    }
}
