//! The application over HTTP, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit;
mod browser;
mod collect;
mod document;
mod examples;
mod house;
mod instances;
mod journeys;
mod matrix;
mod measures;
mod once;
mod origin;
mod over_time;
mod pushes;
mod sdks;
mod second_factor;
mod set_up;
mod sign_in;
mod told;
