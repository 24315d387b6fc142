//! Events in, a measured report out: importers that push rows in chunks, and the scan that feeds the kernel.

mod asked_columns;
mod columns;
mod complaints;
pub mod discover;
mod duplicates;
pub mod error;
mod gather;
pub mod import;
mod kept;
pub mod measure;
mod notes;
mod presorted;
pub mod quarantine;
pub mod responses;
pub mod scan;
mod scatter;
pub mod time;
mod unknown;

pub use error::Error;
