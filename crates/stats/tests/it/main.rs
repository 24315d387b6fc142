//! The crate against numbers of other programs, and against its laws.
#![expect(clippy::unwrap_used, reason = "tests")]

mod coverage;
mod driver_laws;
mod driver_simulations;
mod exposure_laws;
mod laws;
mod laws_of_change;
mod vectors;
