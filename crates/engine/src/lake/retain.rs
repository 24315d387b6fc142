//! What is too old goes, by whole months.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::{Before, Change, DataFile, Deed, Retention, TooOld};

use super::Lake;
use super::layout::month;
use crate::error::Error;

impl Lake {
    /// How much is older than that, which [`Self::retain`] would take away.
    pub fn too_old(&self, retention: Retention) -> Result<TooOld, Error> {
        let before = before(retention, self.now());
        let mut too_old = self.wait(self.workspace().too_old(before))?;
        too_old.events += events(&self.old_files(before)?);
        Ok(too_old)
    }

    /// Takes away what is older than that; gives back how much.
    pub fn retain(&self, retention: Retention, deed: &Deed) -> Result<TooOld, Error> {
        let before = before(retention, self.now());
        let removed = self.old_files(before)?;
        let in_files = events(&removed);
        if !removed.is_empty() {
            self.commit(Change { why: "retain".to_owned(), removed, ..Change::default() })?;
        }
        self.wait(self.workspace().drop_old(before, in_files, deed))
    }

    fn old_files(&self, before: Before) -> Result<Vec<DataFile>, Error> {
        let Some(moment) = before.events else { return Ok(Vec::new()) };
        let first = month(moment);
        let mut files = self.snapshot()?.files;
        files.retain(|file| file.new.month < first);
        Ok(files)
    }
}

fn events(files: &[DataFile]) -> u64 {
    files.iter().map(|file| file.new.records).sum()
}

/// The first moments that are kept: the current month, and as many whole ones before it.
fn before(retention: Retention, now: i64) -> Before {
    let first = |months: Option<u32>| Some(month_begins(month(now) - i64::from(months?)));
    Before {
        events: first(retention.events),
        answers: first(retention.answers),
        refused: first(retention.refused),
    }
}

/// µs of the first moment of a month since January 1970, UTC.
fn month_begins(month: i64) -> i64 {
    let (year, of_year) = (1970 + month.div_euclid(12), month.rem_euclid(12) + 1);
    let day = i16::try_from(year).ok().and_then(|year| Date::new(year, of_year as i8, 1).ok());
    let zoned = day.and_then(|day| day.to_zoned(TimeZone::UTC).ok());
    // Before all calendars nothing happened.
    zoned.map_or(Timestamp::MIN, |it| it.timestamp()).as_microsecond()
}

#[cfg(test)]
mod tests {
    use store::Retention;

    use super::{before, month_begins};
    use crate::lake::layout::month;

    #[test]
    fn whole_months_are_kept() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
        let retention = Retention { events: Some(2), answers: Some(14), refused: None };
        let before = before(retention, at("2026-03-31T23:59:59Z"));
        assert_eq!(before.events, Some(at("2026-01-01T00:00:00Z")));
        assert_eq!(before.answers, Some(at("2025-01-01T00:00:00Z")));
        assert_eq!(before.refused, None);
        for number in [-25, -1, 0, 1, 600, 675] {
            assert_eq!(month(month_begins(number)), number);
            assert_eq!(month(month_begins(number) - 1), number - 1);
        }
    }
}
