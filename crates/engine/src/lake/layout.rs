//! Which file an event is in: a month and a bucket of customers.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Buckets of customers; a customer's bucket is the upper four bits of the key.
pub(crate) const BUCKETS: u32 = 16;

pub(crate) fn bucket(customer: u64) -> u32 {
    (customer >> 60) as u32
}

/// Months since January 1970, UTC.
pub(crate) fn month(at: i64) -> i64 {
    // Times were held to the years that a calendar has when they were read.
    let at = Timestamp::from_microsecond(at).unwrap_or_default();
    let date = at.to_zoned(TimeZone::UTC).date();
    12 * (i64::from(date.year()) - 1970) + i64::from(date.month()) - 1
}

/// `2025-03`.
pub(crate) fn month_name(month: i64) -> String {
    format!("{:04}-{:02}", 1970 + month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// Rows from `from` on that lie in one month: the month, and where the next one begins. `at` never falls.
pub(crate) fn month_end(at: &[i64], from: usize) -> (i64, usize) {
    let first = month(at[from]);
    let end = at[from..].partition_point(|later| month(*later) == first);
    (first, from + end)
}

/// Where a new file goes, below the lake's folder.
pub(crate) fn path(workspace: &str, month: i64, bucket: u32) -> String {
    let name = uuid::Uuid::now_v7();
    format!("events/{workspace}/month={}/bucket={bucket:02}/{name}.parquet", month_name(month))
}

#[cfg(test)]
mod tests {
    use super::{bucket, month, month_end, month_name};

    fn at(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        let named = |text| month_name(month(at(text)));
        assert_eq!(named("1970-01-01T00:00:00Z"), "1970-01");
        assert_eq!(named("1969-12-31T23:59:59.999999Z"), "1969-12");
        assert_eq!(named("2024-02-29T23:59:59Z"), "2024-02");
        assert_eq!(named("2024-03-01T00:00:00Z"), "2024-03");
        let times =
            ["2024-02-01T00:00:00Z", "2024-02-29T23:00:00Z", "2024-03-01T00:00:00Z"].map(at);
        assert_eq!(month_end(&times, 0), (month(times[0]), 2));
        assert_eq!(month_end(&times, 2).1, 3);
    }

    #[test]
    fn buckets_are_the_upper_bits() {
        assert_eq!([0, u64::MAX, 1 << 60].map(bucket), [0, 15, 1]);
    }
}
