//! The store's promises, each held on SQLite and on a PostgreSQL server of the test's own.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, reason = "tests")]

mod appending;
mod both;
mod erasing;
mod files;
mod opening;
