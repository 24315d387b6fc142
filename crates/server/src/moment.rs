//! Moments as the API writes them: RFC 3339, UTC.

use jiff::Timestamp;

use crate::error::Error;

/// µs since 1970 as text.
pub(crate) fn moment(at: i64) -> String {
    Timestamp::from_microsecond(at).unwrap_or_default().to_string()
}

/// µs since 1970 of a text; `place` is where it stood.
pub(crate) fn parse_moment(text: &str, place: &str) -> Result<i64, Error> {
    let told = |_| {
        let message = format!("`{text}` is no moment; write one as 2026-03-01T00:00:00Z");
        Error::invalid(message).at(place)
    };
    text.parse::<Timestamp>().map(Timestamp::as_microsecond).map_err(told)
}
