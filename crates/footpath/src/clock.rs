//! The only place that asks what time it is.

/// µs since 1970, UTC.
#[expect(clippy::disallowed_methods, reason = "the clock itself")]
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}
