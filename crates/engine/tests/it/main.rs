//! Files of every kind, clean and dirty, through the importers.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod answers;
mod any_bytes;
mod delimited;
mod json;
mod lake;
mod packed;
mod parquet;
mod reading;
mod segment;
mod several;
mod ways;
mod xes;
