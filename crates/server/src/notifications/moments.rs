//! When a letter of notices may go: not in quiet hours, and together with the others of the day or the week.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::preferences::Digest;

/// The times of a user.
#[derive(Debug, Clone)]
pub(crate) struct Times {
    pub(super) digest: Digest,
    /// Minutes of the day, from and to; through midnight if from is the later one.
    pub(super) quiet: Option<(u16, u16)>,
    pub(super) zone: TimeZone,
}

/// When letters of a day go, and on which day those of a week.
const MORNING: Time = Time::constant(8, 0, 0, 0);
const LETTER_DAY: Weekday = Weekday::Monday;

impl Times {
    /// Until when nothing is sent; `None`: now is fine.
    pub(crate) fn quiet_until(&self, now: i64) -> Option<i64> {
        let (from, to) = self.quiet.filter(|(from, to)| from != to)?;
        let here = self.local(now);
        let minute = u16::try_from(here.hour()).ok()? * 60 + u16::try_from(here.minute()).ok()?;
        let is_quiet =
            if from < to { (from..to).contains(&minute) } else { minute >= from || minute < to };
        if !is_quiet {
            return None;
        }
        let today = here.date();
        let day = if minute < to { today } else { today.tomorrow().ok()? };
        let end = self.at(day, time(to))?;
        // On a day when the clock is set forward, the end may not be a time of that day.
        Some(end.max(now + 1))
    }

    /// When what is told at `now` goes.
    pub(crate) fn first(&self, now: i64) -> i64 {
        let together = self.together(now);
        self.quiet_until(together).unwrap_or(together)
    }

    /// Whether what has waited since `since` may go now; else when to look again.
    pub(crate) fn may_go(&self, since: i64, now: i64) -> Result<(), i64> {
        let together = self.together(since);
        if together > now {
            return Err(self.quiet_until(together).unwrap_or(together));
        }
        self.quiet_until(now).map_or(Ok(()), Err)
    }

    /// When what came at `since` goes together with the rest.
    fn together(&self, since: i64) -> i64 {
        let is_day = |day: Date| match self.digest {
            Digest::Immediately => false,
            Digest::Daily => true,
            Digest::Weekly => day.weekday() == LETTER_DAY,
        };
        let mut day = self.local(since).date();
        for _ in 0..9 {
            if is_day(day)
                && let Some(morning) = self.at(day, MORNING)
                && morning >= since
            {
                return morning;
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        since
    }

    fn local(&self, at: i64) -> Zoned {
        Timestamp::from_microsecond(at).unwrap_or_default().to_zoned(self.zone.clone())
    }

    fn at(&self, day: Date, time: Time) -> Option<i64> {
        let at = day.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
        Some(at.timestamp().as_microsecond())
    }
}

fn time(minute: u16) -> Time {
    let part = |value: u16| i8::try_from(value).unwrap_or_default();
    Time::new(part(minute / 60 % 24), part(minute % 60), 0, 0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::{Digest, Times};

    fn times(digest: Digest, quiet: Option<(u16, u16)>, zone: &str) -> Times {
        Times { digest, quiet, zone: TimeZone::get(zone).unwrap() }
    }

    fn at(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    fn told(at: i64) -> String {
        jiff::Timestamp::from_microsecond(at).unwrap().to_string()
    }

    #[test]
    fn letters_of_a_day_go_in_the_morning_of_the_zone() {
        let berlin = times(Digest::Daily, Some((20 * 60, 7 * 60)), "Europe/Berlin");
        // Winter and summer: 8 o'clock is another moment.
        assert_eq!(told(berlin.first(at("2026-03-02T12:00:00Z"))), "2026-03-03T07:00:00Z");
        assert_eq!(told(berlin.first(at("2026-07-02T12:00:00Z"))), "2026-07-03T06:00:00Z");
        let weekly = times(Digest::Weekly, None, "Europe/Berlin");
        assert_eq!(told(weekly.first(at("2026-03-03T12:00:00Z"))), "2026-03-09T07:00:00Z");
        assert_eq!(
            weekly.may_go(at("2026-03-03T12:00:00Z"), at("2026-03-09T06:59:59Z")),
            Err(at("2026-03-09T07:00:00Z"))
        );
        assert_eq!(weekly.may_go(at("2026-03-03T12:00:00Z"), at("2026-03-09T07:00:00Z")), Ok(()));
    }

    #[test]
    fn quiet_hours_go_through_midnight_and_end_when_they_end() {
        let now = times(Digest::Immediately, Some((20 * 60, 7 * 60)), "Europe/Berlin");
        assert_eq!(now.quiet_until(at("2026-03-02T18:59:59Z")), None);
        assert_eq!(
            now.quiet_until(at("2026-03-02T19:00:00Z")).map(told).as_deref(),
            Some("2026-03-03T06:00:00Z")
        );
        assert_eq!(
            now.quiet_until(at("2026-03-03T05:59:59Z")).map(told).as_deref(),
            Some("2026-03-03T06:00:00Z")
        );
        assert_eq!(now.quiet_until(at("2026-03-03T06:00:00Z")), None);
        let noon = times(Digest::Daily, Some((7 * 60, 12 * 60)), "UTC");
        assert_eq!(
            told(noon.first(at("2026-03-02T12:00:00Z"))),
            "2026-03-03T12:00:00Z",
            "the morning is quiet"
        );
    }

    fn any_times() -> impl Strategy<Value = Times> {
        let digest =
            prop_oneof![Just(Digest::Immediately), Just(Digest::Daily), Just(Digest::Weekly)];
        let zone = prop_oneof![
            Just("UTC"),
            Just("Europe/Berlin"),
            Just("America/Sao_Paulo"),
            Just("Asia/Kolkata"),
            Just("Australia/Lord_Howe"),
            Just("Pacific/Apia"),
            Just("America/New_York")
        ];
        let quiet = proptest::option::of((0_u16..1440, 0_u16..1440));
        (digest, quiet, zone).prop_map(|(digest, quiet, zone)| times(digest, quiet, zone))
    }

    proptest! {
        /// Whatever the zone and the hours: the moment that is named is not quiet, is not before, and comes within days.
        #[test]
        fn what_waits_goes_at_a_moment_that_is_not_quiet(times in any_times(), minutes in 0_i64..(3 * 366 * 1440)) {
            let now = at("2025-01-01T00:00:00Z") + minutes * 60_000_000;
            let mut moment = times.first(now);
            // A clock that is set forward can put the end of the quiet hours into others; then it is looked again.
            for _ in 0..3 {
                match times.may_go(now, moment) {
                    Ok(()) => break,
                    Err(later) => {
                        prop_assert!(later > moment, "{} {}", told(later), told(moment));
                        moment = later;
                    }
                }
            }
            prop_assert_eq!(times.may_go(now, moment), Ok(()));
            prop_assert_eq!(times.quiet_until(moment), None);
            prop_assert!(moment >= now);
            prop_assert!(moment - now <= 10 * 86_400_000_000, "{}", told(moment));
        }
    }
}
