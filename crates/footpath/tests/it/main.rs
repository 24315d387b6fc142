//! The program as its users meet it: what it prints, what it writes, and how it ends.
#![expect(clippy::unwrap_used, reason = "tests")]

mod bad_input;
mod cafe;
mod change;
#[cfg(feature = "cluster")]
mod cluster;
mod commands;
mod data_folder;
mod golden;
mod object_store;
mod one_log;
mod people;
mod program;
#[cfg(feature = "sql")]
mod sql;
mod truths;
