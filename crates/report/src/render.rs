//! A report for reading: one HTML page, text for a terminal, Markdown, JSON. Values in, text out; nothing is read or written.

mod computed;
mod html;
mod markdown;
mod tables;
mod text;
mod words;

use model::journey::Journey;

use crate::document::Report;

/// One self-contained page: no network, no font or script from elsewhere.
pub fn html(journey: Option<&Journey>, report: &Report) -> String {
    html::page(journey, report)
}

/// What the page may load and run, for who serves it: its own style and script, told by their hashes.
pub fn html_policy() -> String {
    html::policy()
}

/// For a terminal, at most 100 columns wide.
pub fn text(journey: Option<&Journey>, report: &Report) -> String {
    text::page(journey, report)
}

pub fn markdown(journey: Option<&Journey>, report: &Report) -> String {
    markdown::page(journey, report)
}

/// The report as it is published: pretty, keys in the order of the schema, arrays by id.
#[expect(
    clippy::expect_used,
    reason = "a report has text keys only, and writing to memory cannot fail"
)]
pub fn json(report: &Report) -> String {
    let mut text =
        serde_json::to_string_pretty(&report.clone().by_id()).expect("a report is always JSON");
    text.push('\n');
    text
}
