//! The report's forms, held to what a reader may count on.
#![expect(clippy::unwrap_used, reason = "tests")]

mod drawings;
mod forms;
mod hostile;
mod markup;
mod schema;
mod sizes;
mod visit;
