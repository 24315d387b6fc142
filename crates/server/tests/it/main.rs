//! The application over HTTP, on both databases.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on has failed, and says what it could not try"
)]

mod audit;
mod browser;
mod collect;
mod coming_and_going;
mod document;
mod doors;
mod down;
mod erasing;
mod examples;
mod files;
mod guide;
mod house;
mod instances;
mod journeys;
mod matrix;
mod measures;
mod once;
mod origin;
mod over_time;
mod pushes;
mod refused;
mod retaining;
mod sdks;
mod second_factor;
mod set_up;
mod sign_in;
mod single_sign_on;
mod told;
