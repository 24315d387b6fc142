//! The kernel against hand-computed figures and against a slow oracle, on random logs.

#![expect(clippy::unwrap_used, reason = "figures are written by hand and read by the tests alone")]

mod figures;
mod journeys;
mod laws;
mod oracle;
mod random;
