//! Clocks that tests move, one for each test that does.

use std::sync::atomic::{AtomicI64, Ordering};

const COUNT: usize = 16;

/// 2026-03-02, a Monday, noon in UTC.
pub(crate) const MONDAY_NOON: i64 = 1_772_452_800_000_000;
pub(crate) const MINUTE: i64 = 60_000_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

static CLOCKS: [AtomicI64; COUNT] = [const { AtomicI64::new(MONDAY_NOON) }; COUNT];

/// What the clock of this number shows.
pub(crate) fn clock<const N: usize>() -> i64 {
    CLOCKS[N].load(Ordering::SeqCst)
}

/// Moves a clock on.
pub(crate) fn pass<const N: usize>(micros: i64) {
    CLOCKS[N].fetch_add(micros, Ordering::SeqCst);
}
