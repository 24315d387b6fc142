//! The crate on comments in several languages, and against its laws.
#![expect(clippy::unwrap_used, reason = "tests")]

mod laws;
mod measured;
#[cfg(feature = "model")]
mod model;
mod placed;
mod said;
