//! Times of the examples: seconds since the first of March 2025, Indian time, and how they are written.

use jiff::SignedDuration;
use jiff::civil::{Date, date};

use super::dice::{Dice, HOUR, Spread};

/// Seconds since midnight of 1 March 2025, Indian standard time.
pub(super) type Second = i64;

const EPOCH: Date = date(2025, 3, 1);
const DAY: i64 = 86_400;

/// One year of data: 1 March 2025 to the end of February 2026.
pub(super) const YEAR_DAYS: i64 = 365;
pub(super) const END: Second = YEAR_DAYS * DAY;

/// Midnight of a day.
pub(super) fn midnight(year: i16, month: i8, day: i8) -> Second {
    i64::from(EPOCH.until(date(year, month, day)).map_or(0, |span| span.get_days())) * DAY
}

/// `2025-03-01T10:21:14+05:30`.
pub(super) fn written(at: Second) -> String {
    let day = EPOCH.saturating_add(SignedDuration::from_secs(at.div_euclid(DAY) * DAY));
    let second = at.rem_euclid(DAY);
    format!("{day}T{:02}:{:02}:{:02}+05:30", second / 3600, second / 60 % 60, second % 60)
}

/// The moment in microseconds UTC.
pub(super) fn micros(at: Second) -> i64 {
    const AHEAD: i64 = 5 * 3600 + 1800;
    let days = date(1970, 1, 1).until(EPOCH).map_or(0, |span| i64::from(span.get_days()));
    (days * DAY + at - AHEAD) * 1_000_000
}

/// The same day, at an hour when somebody would do it: nobody answers a survey at three in the night.
pub(super) fn in_daylight(at: Second) -> Second {
    let (day, second) = (at.div_euclid(DAY), at.rem_euclid(DAY));
    let (opens, closes) = (8 * 3600, 21 * 3600);
    if (opens..closes).contains(&second) {
        at
    } else {
        day * DAY + opens + second % (closes - opens)
    }
}

/// A moment between ten and seven on some day of the year, not before the day given.
pub(super) fn business_hour(dice: &mut Dice, from_day: i64) -> Second {
    let days = (YEAR_DAYS - from_day).max(1);
    (from_day + dice.below(days as usize) as i64) * DAY + dice.seconds(OPEN)
}

const OPEN: Spread = &[(0.0, 10.0 * HOUR), (1.0, 19.0 * HOUR)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_their_offset() {
        assert_eq!(written(0), "2025-03-01T00:00:00+05:30");
        assert_eq!(written(midnight(2025, 12, 31) + 3601), "2025-12-31T01:00:01+05:30");
        assert_eq!(midnight(2026, 3, 1), END);
    }

    #[test]
    fn night_becomes_day_of_the_same_date() {
        assert_eq!(written(in_daylight(3 * 3600)), "2025-03-01T11:00:00+05:30");
        assert_eq!(in_daylight(9 * 3600), 9 * 3600);
        assert_eq!(written(in_daylight(DAY - 1)), "2025-03-01T18:59:59+05:30");
    }
}
