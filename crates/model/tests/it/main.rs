//! The journey document from outside: read, refuse, write, compare.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod arbitrary;
mod broken;
mod change_plan;
mod diff;
mod every_key;
mod exchange;
mod map;
mod publish;
mod reference;
mod round_trip;
mod schema;
