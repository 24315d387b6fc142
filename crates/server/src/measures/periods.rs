//! Days, weeks and months of a calendar, one after the other.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long a period is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Length {
    Day,
    /// From Monday.
    Week,
    #[default]
    Month,
}

/// A period of a calendar, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    /// Its first day.
    pub(crate) begin: Date,
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
}

impl Length {
    /// The period that a moment lies in.
    pub(crate) fn at(self, moment: Timestamp, zone: &TimeZone) -> Option<Period> {
        let date = moment.to_zoned(zone.clone()).date();
        self.beginning(self.begin(date), zone)
    }

    /// The period that ends where this one begins.
    pub(crate) fn before(self, period: Period, zone: &TimeZone) -> Option<Period> {
        let before = match self {
            Self::Day => period.begin.checked_sub(1.day()),
            Self::Week => period.begin.checked_sub(7.days()),
            Self::Month => period.begin.checked_sub(1.month()),
        };
        self.beginning(before.ok()?, zone)
    }

    /// The periods that lie between two moments at least in part, at most the last so many.
    pub(crate) fn between(
        self,
        (from, to): (Timestamp, Timestamp),
        zone: &TimeZone,
        most: usize,
    ) -> Vec<Period> {
        let mut periods = Vec::new();
        let mut period = self.at(to, zone);
        while let Some(it) = period.filter(|it| it.to > from && periods.len() < most) {
            periods.push(it);
            period = self.before(it, zone);
        }
        periods.reverse();
        periods
    }

    fn begin(self, date: Date) -> Date {
        match self {
            Self::Day => date,
            Self::Week => {
                date.saturating_sub(i64::from(date.weekday().since(Weekday::Monday)).days())
            }
            Self::Month => date.first_of_month(),
        }
    }

    fn beginning(self, begin: Date, zone: &TimeZone) -> Option<Period> {
        let next = match self {
            Self::Day => begin.checked_add(1.day()),
            Self::Week => begin.checked_add(7.days()),
            Self::Month => begin.checked_add(1.month()),
        };
        let midnight = |date: Date| date.to_zoned(zone.clone()).ok().map(|at| at.timestamp());
        Some(Period { begin, from: midnight(begin)?, to: midnight(next.ok()?)? })
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::Length;

    fn check(length: Length, from: &str, to: &str, expected: &[&str]) {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let ends = (from.parse().unwrap(), to.parse().unwrap());
        let told: Vec<String> = length
            .between(ends, &zone, 4)
            .into_iter()
            .map(|it| format!("{} {} {}", it.begin, it.from, it.to))
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn periods_follow_the_clocks_of_their_zone() {
        check(
            Length::Day,
            "2026-03-28T12:00:00Z",
            "2026-03-29T12:00:00Z",
            &[
                "2026-03-28 2026-03-27T23:00:00Z 2026-03-28T23:00:00Z",
                "2026-03-29 2026-03-28T23:00:00Z 2026-03-29T22:00:00Z",
            ],
        );
        check(
            Length::Week,
            "2026-03-29T12:00:00Z",
            "2026-03-30T12:00:00Z",
            &[
                "2026-03-23 2026-03-22T23:00:00Z 2026-03-29T22:00:00Z",
                "2026-03-30 2026-03-29T22:00:00Z 2026-04-05T22:00:00Z",
            ],
        );
    }

    #[test]
    fn of_many_periods_the_last_are_told() {
        check(
            Length::Month,
            "2020-01-01T12:00:00Z",
            "2026-01-01T00:00:00Z",
            &[
                "2025-10-01 2025-09-30T22:00:00Z 2025-10-31T23:00:00Z",
                "2025-11-01 2025-10-31T23:00:00Z 2025-11-30T23:00:00Z",
                "2025-12-01 2025-11-30T23:00:00Z 2025-12-31T23:00:00Z",
                "2026-01-01 2025-12-31T23:00:00Z 2026-01-31T23:00:00Z",
            ],
        );
    }
}
