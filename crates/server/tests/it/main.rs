//! The application over HTTP, on both databases.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on has failed, and says what it could not try"
)]

mod audit;
mod browser;
mod clocks;
mod collect;
mod coming_and_going;
mod document;
mod doors;
mod down;
mod erasing;
mod examples;
mod files;
mod findings;
mod guide;
mod house;
mod instances;
mod jobs;
mod journeys;
mod mail;
mod matrix;
mod measures;
mod notifications;
mod once;
mod origin;
mod over_time;
mod pages;
mod pushes;
mod python;
mod receiver;
mod refused;
mod retaining;
mod sdks;
mod second_factor;
mod secrets;
mod set_up;
mod sign_in;
mod single_sign_on;
mod told;
mod webhooks;
