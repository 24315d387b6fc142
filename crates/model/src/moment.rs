//! Moments as people write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// RFC 3339, or a date with or without a time in the zone; `None` if it is neither.
pub fn moment(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let date = || text.parse::<Date>().map(|date| date.at(0, 0, 0, 0));
    let civil = text.parse::<DateTime>().or_else(|_| date()).ok()?;
    Some(civil.to_zoned(zone.clone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::moment;
    use jiff::tz::TimeZone;

    #[test]
    fn a_date_a_time_and_a_time_with_its_offset() {
        let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
        let read = |text| moment(text, &kolkata).map(|moment| moment.to_string());
        assert_eq!(read("2025-10-01").as_deref(), Some("2025-09-30T18:30:00Z"));
        assert_eq!(read("2025-10-01 12:00").as_deref(), Some("2025-10-01T06:30:00Z"));
        assert_eq!(read("2025-10-01T12:00:00Z").as_deref(), Some("2025-10-01T12:00:00Z"));
        for text in ["", "soon", "2025-13-01", "1.10.2025", "2025"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
