//! The store's promises, each held on SQLite and on a PostgreSQL server of the test's own.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail by panicking, and says what it could not try"
)]

mod appending;
mod auditing;
mod both;
mod dumping;
mod erasing;
mod files;
mod jobs;
mod journeys;
mod opening;
mod people;
mod replying;
mod telling;
