//! The kernel against hand-computed figures and against a slow oracle, on random logs.

mod figures;
mod journeys;
mod laws;
mod oracle;
mod random;
