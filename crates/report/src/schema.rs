//! The published JSON Schema of the report.

use crate::document::Report;

/// The schema of [`Report`], pretty, ending in a line break: the text of `docs/reference/report.schema.json`.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Report);
    format!("{:#}\n", schema.as_value())
}
