//! The application over HTTP, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit;
mod document;
mod examples;
mod house;
mod matrix;
mod measures;
mod origin;
mod told;
