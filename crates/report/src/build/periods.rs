//! Weeks from Monday and calendar months, UTC, without holes.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Fewer periods with a value make no chart.
pub(super) const FEWEST_PERIODS: usize = 8;
/// Weeks are taken where there are so many of them, and so much in one on average.
const WEEKS: usize = 20;
const A_WEEK: usize = 12;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    Week,
    Month,
}

impl Length {
    /// Weeks where so many observations from the first day to the last fill them, else months.
    pub(super) fn that_fits((first, last): (Date, Date), n: usize) -> Self {
        let weeks = (last - first).get_days().unsigned_abs() as usize / 7;
        if weeks >= WEEKS && n >= A_WEEK * weeks { Self::Week } else { Self::Month }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The first day of the period that a day lies in.
    pub(super) fn begin(self, date: Date) -> Date {
        match self {
            Self::Week => {
                date.saturating_sub(i64::from(date.weekday().since(Weekday::Monday)).days())
            }
            Self::Month => date.first_of_month(),
        }
    }

    /// The first day of the period after the one that begins here.
    pub(super) fn next(self, begin: Date) -> Date {
        let next = match self {
            Self::Week => begin.saturating_add(7.days()),
            Self::Month => begin.saturating_add(1.month()),
        };
        // At the end of time there is none, and the last one is given again.
        self.begin(next)
    }

    /// The first day of the period before the one that begins here.
    pub(super) fn previous(self, begin: Date) -> Date {
        match self {
            Self::Week => begin.saturating_sub(7.days()),
            Self::Month => begin.saturating_sub(1.month()),
        }
    }

    /// First days of all periods between two days.
    pub(super) fn between(self, (first, last): (Date, Date)) -> Vec<Date> {
        let mut begins = Vec::new();
        let mut begin = self.begin(first);
        while begin <= last {
            begins.push(begin);
            let next = self.next(begin);
            if next == begin {
                break;
            }
            begin = next;
        }
        begins
    }
}

/// The day of a moment in µs; `None` of one that is not known.
pub(super) fn date(at: i64) -> Option<Date> {
    let moment = Timestamp::from_microsecond(at).ok().filter(|_| at != 0)?;
    Some(moment.to_zoned(TimeZone::UTC).date())
}

/// A day counted from 1970-01-01.
pub(super) fn date_of(day: i64) -> Option<Date> {
    let second = day.checked_mul(86_400)?;
    Some(Timestamp::from_second(second).ok()?.to_zoned(TimeZone::UTC).date())
}

/// The first moment of a day, µs.
pub(super) fn midnight(date: Date) -> Option<i64> {
    date.to_zoned(TimeZone::UTC).ok().map(|it| it.timestamp().as_microsecond())
}

/// The first and the last of some days.
pub(super) fn ends(dates: impl Iterator<Item = Date>) -> Option<(Date, Date)> {
    dates.fold(None, |ends, date| match ends {
        None => Some((date, date)),
        Some((first, last)) => Some((first.min(date), last.max(date))),
    })
}

#[cfg(test)]
mod tests {
    use super::{Length, date_of};
    use jiff::civil::date;

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let span = (date(2025, 2, 27), date(2025, 3, 10));
        let weeks = Length::Week.between(span);
        assert_eq!(weeks, [date(2025, 2, 24), date(2025, 3, 3), date(2025, 3, 10)]);
        assert_eq!(Length::Month.between(span), [date(2025, 2, 1), date(2025, 3, 1)]);
        assert_eq!(Length::Month.previous(date(2025, 3, 1)), date(2025, 2, 1));
        assert_eq!((date_of(0), date_of(-1)), (Some(date(1970, 1, 1)), Some(date(1969, 12, 31))));
        assert_eq!(date_of(i64::MAX), None);
    }

    #[test]
    fn time_ends_and_so_do_periods() {
        let last = jiff::civil::Date::MAX;
        assert_eq!(Length::Month.between((last, last)).len(), 1);
    }
}
