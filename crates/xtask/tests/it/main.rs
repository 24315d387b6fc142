//! The repository held to its own rules; a rule that is broken says which, where, and what to do.

#![expect(clippy::unwrap_used, reason = "a test that cannot read the repository has to stop")]

mod tidy;
