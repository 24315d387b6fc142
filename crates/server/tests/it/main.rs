//! The application over HTTP, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit;
mod collect;
mod document;
mod house;
mod matrix;
mod once;
mod origin;
mod sdks;
