//! Numbers that other programs computed from the same logs: pm4py, DuckDB, ClickHouse, retentioneering, lifelines.
//!
//! The expected numbers and where they come from are in `tests/corpus/golden/`. Two of the logs may be published and lie in
//! `tests/corpus/`; the others are looked for in the folder that `FOOTPATH_CORPUS` names, or else in `../shared/data` beside
//! the repository. A test says on standard error which logs it ran and which it could not.

mod columns;
mod corpus;
mod declare;
mod differences;
mod dirty;
mod funnels;
mod journey;
mod late_orders;
mod rules;
mod step_matrix;
mod walked;
