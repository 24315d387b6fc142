//! Times as people and programs write them, as microseconds since 1970 in UTC.
//!
//! Nearly every log writes `2024-03-31T18:05:00Z` or a close relative, so those are read digit by digit at fixed
//! places, the date only when it differs from the row before. Everything else goes to jiff, a hundred times slower.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::import::Unit;
use crate::quarantine::Reason;

/// Reads the times of one column of one file.
#[derive(Debug)]
pub struct Times {
    /// `None` is UTC.
    zone: Option<TimeZone>,
    /// The last date read and its midnight, because rows of a log lie close together.
    date: ([u8; 10], i64),
    /// The last local hour that lies wholly under one offset of `zone`, and that offset.
    hour: Option<(i64, i64)>,
}

/// Why a time is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Missing,
    /// A bare number, and nobody said of what.
    Number,
    /// The number 0.
    Zero,
    /// A day and a month that could be either way round.
    Ambiguous,
    Unreadable,
    OutOfRange,
}

/// A time as written: still without its zone if it did not say one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Written {
    micros: i64,
    offset: Option<i64>,
}

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// 1900-01-01 and 2200-01-01. What lies outside is a wrong unit or a placeholder such as 9999-12-31.
const RANGE: std::ops::Range<i64> = -25_567 * DAY..84_006 * DAY;

impl Times {
    #[must_use]
    pub fn new(zone: Option<TimeZone>) -> Self {
        Self { zone: zone.filter(|zone| *zone != TimeZone::UTC), date: ([0; 10], 0), hour: None }
    }

    /// Reads a time with an offset or, failing that, in the zone of the file.
    pub fn micros(&mut self, text: &[u8]) -> Result<i64, Fault> {
        let text = text.trim_ascii();
        let micros = match self.fixed_places(text) {
            Some(written) => self.in_utc(written)?,
            None => self.slowly(text)?,
        };
        in_range(micros)
    }

    /// Reads a number of `unit` since 1970, with a fraction or without.
    pub(crate) fn number(text: &[u8], unit: Unit) -> Result<i64, Fault> {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Err(Fault::Missing);
        }
        let (negative, digits) =
            text.strip_prefix(b"-").map_or((false, text), |digits| (true, digits));
        let mut parts = digits.splitn(2, |&byte| byte == b'.');
        let whole = number(parts.next().unwrap_or_default()).ok_or(Fault::Unreadable)?;
        let mut nanos = i128::from(whole) * unit.nanos();
        if let Some(fraction) = parts.next() {
            let kept = fraction.get(..9).unwrap_or(fraction);
            let value = if kept.is_empty() { 0 } else { number(kept).ok_or(Fault::Unreadable)? };
            nanos += i128::from(value) * unit.nanos()
                / 10_i128.pow(u32::try_from(kept.len()).unwrap_or(0));
        }
        let micros = nanos / 1_000;
        Self::instant(
            i64::try_from(if negative { -micros } else { micros })
                .map_err(|_| Fault::OutOfRange)?,
        )
    }

    /// A number of microseconds since 1970. Zero is what programs write when they have no time.
    pub(crate) fn instant(micros: i64) -> Result<i64, Fault> {
        if micros == 0 { Err(Fault::Zero) } else { in_range(micros) }
    }

    /// Microseconds on the clock of the file's zone, as microseconds in UTC. In a gap of the clock (spring) the time
    /// is moved forward, in a fold (autumn) the first of the two is taken, as jiff and the calendar standards do.
    pub(crate) fn local(&mut self, micros: i64) -> Result<i64, Fault> {
        let Some(zone) = &self.zone else { return in_range(micros) };
        let hour = micros.div_euclid(HOUR);
        if let Some((known, offset)) = self.hour
            && known == hour
        {
            return in_range(micros - offset);
        }
        in_range(micros)?;
        let one_offset =
            match (offset_at(zone, hour * HOUR), offset_at(zone, hour * HOUR + HOUR - 1)) {
                (Some(first), Some(last)) if first == last => Some(first),
                _ => None,
            };
        if let Some(offset) = one_offset {
            self.hour = Some((hour, offset));
            return in_range(micros - offset);
        }
        let clock = clock(micros).ok_or(Fault::OutOfRange)?;
        let instant =
            zone.to_ambiguous_timestamp(clock).compatible().map_err(|_| Fault::OutOfRange)?;
        in_range(instant.as_microsecond())
    }

    pub(crate) fn is_utc(&self) -> bool {
        self.zone.is_none()
    }

    fn in_utc(&mut self, written: Written) -> Result<i64, Fault> {
        match written.offset {
            Some(offset) => Ok(written.micros - offset),
            None => self.local(written.micros),
        }
    }

    /// `YYYY-MM-DD`, then maybe `Thh:mm`, `:ss`, a fraction, an offset. `None` for every other shape.
    fn fixed_places(&mut self, text: &[u8]) -> Option<Written> {
        let (date, rest) = text.split_first_chunk::<10>()?;
        if *date != self.date.0 {
            self.date = (*date, midnight(date)?);
        }
        let midnight = self.date.1;
        let Some((b'T' | b't' | b' ', rest)) = rest.split_first() else {
            return rest.is_empty().then_some(Written { micros: midnight, offset: None });
        };
        let (clock, rest) = rest.split_first_chunk::<5>()?;
        let (hours, minutes) = (two(clock[0], clock[1])?, two(clock[3], clock[4])?);
        if clock[2] != b':' || hours > 23 || minutes > 59 {
            return None;
        }
        let mut micros = midnight + hours * HOUR + minutes * MINUTE;
        let mut rest = rest;
        if let [b':', tens, ones, after @ ..] = rest {
            let seconds = two(*tens, *ones)?;
            // A leap second has no number of its own in UTC microseconds; it becomes the second before.
            micros += if seconds == 60 { 59 } else { seconds } * SECOND;
            if seconds > 60 {
                return None;
            }
            rest = after;
            if let [b'.' | b',', after @ ..] = rest {
                let (fraction, after) = fraction(after)?;
                micros += fraction;
                rest = after;
            }
        }
        Some(Written { micros, offset: offset(rest)? })
    }

    #[cold]
    fn slowly(&mut self, text: &[u8]) -> Result<i64, Fault> {
        if text.is_empty() {
            return Err(Fault::Missing);
        }
        let text = std::str::from_utf8(text).map_err(|_| Fault::Unreadable)?;
        let is_number = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-'))
            && text.parse::<f64>().is_ok();
        // jiff takes 20240331 for a date, and so do we; every other number needs its unit said.
        if is_number && (text.len() != 8 || text.contains(['.', '-'])) {
            return Err(Fault::Number);
        }
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Ok(instant.as_microsecond());
        }
        if let Ok(zoned) = text.parse::<jiff::Zoned>() {
            return Ok(zoned.timestamp().as_microsecond());
        }
        if let Ok(zoned) = jiff::fmt::rfc2822::parse(text) {
            return Ok(zoned.timestamp().as_microsecond());
        }
        if let Ok(clock) = text.parse::<DateTime>() {
            let instant = TimeZone::UTC.to_timestamp(clock).map_err(|_| Fault::OutOfRange)?;
            return self.local(instant.as_microsecond());
        }
        Err(if reads_like_a_day_and_a_month(text) { Fault::Ambiguous } else { Fault::Unreadable })
    }
}

impl Fault {
    /// The reason to put a row into the quarantine for, with the value that is wrong.
    pub fn reason(self, value: &[u8]) -> Reason {
        let why = match self {
            Self::Missing => return Reason::NoTime,
            Self::Zero => return Reason::ZeroTime,
            Self::Number => {
                "a bare number does not say its unit; write `--map at=<column>:s` (or `:ms`, `:us`, `:ns`) if it counts from 1970"
            }
            Self::Ambiguous => {
                "day and month could be either way round; write it as YYYY-MM-DD hh:mm:ss"
            }
            Self::Unreadable => "write it as 2024-03-31 18:05:00 or 2024-03-31T18:05:00Z",
            Self::OutOfRange => "it lies outside 1900 to 2199",
        };
        let value = String::from_utf8_lossy(value.get(..80).unwrap_or(value)).into_owned();
        Reason::BadTime { value, why: why.to_owned() }
    }
}

impl Unit {
    pub(crate) fn nanos(self) -> i128 {
        match self {
            Self::Seconds => 1_000_000_000,
            Self::Millis => 1_000_000,
            Self::Micros => 1_000,
            Self::Nanos => 1,
        }
    }
}

pub fn in_range(micros: i64) -> Result<i64, Fault> {
    if RANGE.contains(&micros) { Ok(micros) } else { Err(Fault::OutOfRange) }
}

pub(crate) fn all_in_range(micros: &[i64]) -> bool {
    // Without a way out the loop runs on whole registers.
    micros.iter().fold(true, |fine, at| fine & RANGE.contains(at))
}

/// The offset of `zone` at a time on its clock; `None` in a gap or a fold.
fn offset_at(zone: &TimeZone, micros: i64) -> Option<i64> {
    match zone.to_ambiguous_timestamp(clock(micros)?).offset() {
        AmbiguousOffset::Unambiguous { offset } => Some(i64::from(offset.seconds()) * SECOND),
        _ => None,
    }
}

fn clock(micros: i64) -> Option<DateTime> {
    Some(TimeZone::UTC.to_datetime(jiff::Timestamp::from_microsecond(micros).ok()?))
}

/// Midnight of `YYYY-MM-DD` or `YYYY/MM/DD` in UTC.
fn midnight(date: &[u8; 10]) -> Option<i64> {
    let &[c, e, n, t, dash, m1, m2, dash_again, d1, d2] = date;
    if dash != dash_again || !matches!(dash, b'-' | b'/') {
        return None;
    }
    let year = two(c, e)? * 100 + two(n, t)?;
    let (month, day) = (two(m1, m2)?, two(d1, d2)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => return None,
    };
    if day < 1 || day > longest {
        return None;
    }
    // Years begin in March here, so that the leap day comes last and months are 153 days to every five.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + day
        - 1;
    Some((days - 719_468) * DAY)
}

/// 1 to 9 digits or more of a second, as microseconds, and what follows them.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (fraction, rest) =
        text.split_at_checked(digits).filter(|(fraction, _)| !fraction.is_empty())?;
    let kept = fraction.get(..6).unwrap_or(fraction);
    let scale = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1].get(kept.len())?;
    Some((number(kept)? * scale, rest))
}

/// The offset that a time ends with; `Some(None)` when it says none, `None` when this is something else.
#[expect(
    clippy::option_option,
    reason = "not an offset at all, and none given, are two things here"
)]
fn offset(text: &[u8]) -> Option<Option<i64>> {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let (sign, digits) = match text {
        [] => return Some(None),
        b"Z" | b"z" | b"UTC" | b"GMT" => return Some(Some(0)),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match *digits {
        [h1, h2] => (two(h1, h2)?, 0),
        [h1, h2, m1, m2] | [h1, h2, b':', m1, m2] => (two(h1, h2)?, two(m1, m2)?),
        _ => return None,
    };
    (hours <= 23 && minutes <= 59).then_some(Some(sign * (hours * HOUR + minutes * MINUTE)))
}

fn two(tens: u8, ones: u8) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then_some(i64::from(tens) * 10 + i64::from(ones))
}

fn number(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_i64, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 { None } else { value.checked_mul(10)?.checked_add(i64::from(digit)) }
    })
}

fn reads_like_a_day_and_a_month(text: &str) -> bool {
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<_> = date.split(['/', '.', '-']).collect();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts[0].len() <= 2 && parts.iter().all(|part| digits(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zone: Option<&str>, cases: &[(&str, &str)]) {
        let zone = zone.map(|name| TimeZone::get(name).unwrap());
        let mut times = Times::new(zone);
        // Twice, so that what is remembered from the row before is tried too.
        for (text, expected) in cases.iter().chain(cases) {
            let read = match times.micros(text.as_bytes()) {
                Ok(micros) => jiff::Timestamp::from_microsecond(micros).unwrap().to_string(),
                Err(fault) => format!("{fault:?}"),
            };
            assert_eq!(&read, expected, "for {text}");
        }
    }

    #[test]
    fn the_shapes_of_logs() {
        check(
            None,
            &[
                ("2024-03-31T18:05:07Z", "2024-03-31T18:05:07Z"),
                ("2024-03-31t18:05:07z", "2024-03-31T18:05:07Z"),
                ("2024-03-31 18:05:07", "2024-03-31T18:05:07Z"),
                (" 2024-03-31 18:05 ", "2024-03-31T18:05:00Z"),
                ("2024-03-31", "2024-03-31T00:00:00Z"),
                ("2024/03/31 18:05", "2024-03-31T18:05:00Z"),
                ("2024-03-31T18:05:07.5+02:00", "2024-03-31T16:05:07.5Z"),
                ("2024-03-31 18:05:07.123456789-0530", "2024-03-31T23:35:07.123456Z"),
                ("2024-03-31 18:05:07,25 UTC", "2024-03-31T18:05:07.25Z"),
                ("2024-03-31 18:05:07+00", "2024-03-31T18:05:07Z"),
                ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
                ("20240331T180507Z", "2024-03-31T18:05:07Z"),
                ("20240331", "2024-03-31T00:00:00Z"),
                ("2024-03-31T18:05:07+02:00[Europe/Berlin]", "2024-03-31T16:05:07Z"),
                ("Sun, 31 Mar 2024 18:05:07 +0200", "2024-03-31T16:05:07Z"),
                ("2000-02-29", "2000-02-29T00:00:00Z"),
                ("1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00Z"),
                ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
                ("1900-01-01", "1900-01-01T00:00:00Z"),
                ("2199-12-31 23:59:59", "2199-12-31T23:59:59Z"),
            ],
        );
    }

    #[test]
    fn what_is_no_time() {
        check(
            None,
            &[
                ("", "Missing"),
                ("  ", "Missing"),
                ("1711908307", "Number"),
                ("1711908307.25", "Number"),
                ("0", "Number"),
                ("31/03/2024 18:05", "Ambiguous"),
                ("3.4.24", "Ambiguous"),
                ("yesterday", "Unreadable"),
                ("2024-02-30", "Unreadable"),
                ("1900-02-29", "Unreadable"),
                ("2024-13-01", "Unreadable"),
                ("2024-03-31T24:00:00Z", "Unreadable"),
                ("2024-03-31T18:60", "Unreadable"),
                ("2024-03-31T18:05:61", "Unreadable"),
                ("2024-03-31T18:05:07.", "Unreadable"),
                ("2024-03-31T18:05:07+99:00", "Unreadable"),
                ("2024-03-31T", "Unreadable"),
                ("1899-12-31T23:59:59Z", "OutOfRange"),
                ("2200-01-01", "OutOfRange"),
                ("9999-12-31T23:59:59Z", "OutOfRange"),
                ("0001-01-01", "OutOfRange"),
            ],
        );
    }

    #[test]
    fn a_zone_with_summer_time() {
        check(
            Some("Europe/Berlin"),
            &[
                ("2024-03-31 01:59:59", "2024-03-31T00:59:59Z"),
                // In the gap from 02:00 to 03:00: moved forward by the hour that is missing.
                ("2024-03-31 02:30", "2024-03-31T01:30:00Z"),
                ("2024-03-31 03:00", "2024-03-31T01:00:00Z"),
                ("2024-10-27 01:59", "2024-10-26T23:59:00Z"),
                // In the fold: the first of the two.
                ("2024-10-27 02:30", "2024-10-27T00:30:00Z"),
                ("2024-10-27 03:00", "2024-10-27T02:00:00Z"),
                // An offset of its own outranks the zone.
                ("2024-10-27 03:00Z", "2024-10-27T03:00:00Z"),
                ("2024-07-01", "2024-06-30T22:00:00Z"),
                ("20240701", "2024-06-30T22:00:00Z"),
            ],
        );
        // Half an hour of summer time, and an offset of 45 minutes that begins within an hour.
        check(
            Some("Australia/Lord_Howe"),
            &[
                ("2024-10-06 02:15", "2024-10-05T15:45:00Z"),
                ("2024-10-06 02:30", "2024-10-05T15:30:00Z"),
            ],
        );
        check(
            Some("Asia/Kathmandu"),
            &[
                ("1986-01-01 00:10", "1985-12-31T18:40:00Z"),
                ("1986-01-01 00:15", "1985-12-31T18:30:00Z"),
            ],
        );
    }

    #[test]
    fn numbers_with_a_unit() {
        let cases = [
            ("1711908307", Unit::Seconds, Ok(1_711_908_307_000_000)),
            ("1711908307.000198", Unit::Seconds, Ok(1_711_908_307_000_198)),
            ("1711908307123", Unit::Millis, Ok(1_711_908_307_123_000)),
            ("1711908307123456", Unit::Micros, Ok(1_711_908_307_123_456)),
            ("1711908307123456789", Unit::Nanos, Ok(1_711_908_307_123_456)),
            ("-1", Unit::Seconds, Ok(-1_000_000)),
            ("0", Unit::Seconds, Err(Fault::Zero)),
            ("", Unit::Seconds, Err(Fault::Missing)),
            ("1711908307123", Unit::Seconds, Err(Fault::OutOfRange)),
            ("1e9", Unit::Seconds, Err(Fault::Unreadable)),
            ("2024-03-31", Unit::Seconds, Err(Fault::Unreadable)),
            ("99999999999999999999", Unit::Seconds, Err(Fault::Unreadable)),
        ];
        for (text, unit, expected) in cases {
            assert_eq!(Times::number(text.as_bytes(), unit), expected, "for {text}");
        }
    }

    proptest::proptest! {
        /// The fixed places and jiff agree wherever both read a text.
        #[test]
        fn fixed_places_agree_with_jiff(micros in RANGE.start..RANGE.end - DAY, digits in 0_u8..=6, minutes in -1439_i32..1440) {
            let scale = 10_i64.pow(u32::from(6 - digits));
            let instant = jiff::Timestamp::from_microsecond(micros.div_euclid(scale) * scale).unwrap();
            let offset = jiff::tz::Offset::from_seconds(minutes * 60).unwrap();
            let text = jiff::fmt::temporal::DateTimePrinter::new().precision(Some(digits))
                .timestamp_with_offset_to_string(&instant, offset);
            proptest::prop_assert_eq!(Times::new(None).fixed_places(text.as_bytes()).map(|w| w.micros - w.offset.unwrap()),
                Some(instant.as_microsecond()), "{}", text);
        }

        #[test]
        fn no_text_panics(text in proptest::collection::vec(proptest::num::u8::ANY, 0..40), hint in "[0-9T:+Z .-]{0,40}") {
            let mut times = Times::new(TimeZone::get("Europe/Berlin").ok());
            let _ = times.micros(&text);
            let _ = times.micros(hint.as_bytes());
            let _ = Times::number(hint.as_bytes(), Unit::Millis);
        }
    }
}
