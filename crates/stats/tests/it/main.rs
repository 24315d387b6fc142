//! The crate against numbers of other programs, and against its laws.
#![expect(clippy::unwrap_used, reason = "tests")]

mod driver_laws;
mod driver_simulations;
mod laws;
mod vectors;
