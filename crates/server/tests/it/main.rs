//! The application over HTTP, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit;
mod browser;
mod document;
mod house;
mod matrix;
mod origin;
mod second_factor;
mod set_up;
mod sign_in;
