//! Events in, a measured report out: importers that push rows in chunks, and the scan that feeds the kernel.

mod asked_columns;
mod codes;
pub mod coding;
mod columns;
mod complaints;
pub mod discover;
mod duplicates;
pub mod error;
mod gather;
pub mod import;
mod kept;
mod known;
pub mod lake;
mod looked_at;
pub mod measure;
mod notes;
mod population;
mod presorted;
pub mod quarantine;
pub mod responses;
pub mod scan;
mod scatter;
mod sound;
pub mod time;
mod unknown;

pub use error::Error;
pub use population::{count_of, read_population};
