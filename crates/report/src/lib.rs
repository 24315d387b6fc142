//! From counted summaries to measures, verdicts and findings, and to the pages that show them.

pub mod document;
pub mod draw;
pub mod render;
pub mod schema;
