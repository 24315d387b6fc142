//! From counted summaries to measures, verdicts and findings, and to the pages that show them.

pub mod answers;
pub mod build;
mod by_id;
pub mod coding;
pub mod differences;
pub mod document;
pub mod draft;
pub mod draw;
pub mod findings;
pub mod plan;
pub mod render;
pub mod schema;
pub mod small_cells;
pub mod symbols;
