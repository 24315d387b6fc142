//! The page: one file that needs nothing from anywhere, readable without its script.

mod change;
mod csp;
mod defects;
mod drawings;
mod drivers;
mod experience;
mod findings;
mod heard;
mod overview;
mod said;
mod sections;
mod table;
mod trends;

use model::journey::Journey;

use crate::document::Report;
use crate::draw::markup::Markup;
use crate::draw::{Columns, FONTS, style_sheet};

use super::words;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// What every section draws from.
struct Page<'a> {
    journey: Option<&'a Journey>,
    report: &'a Report,
    columns: Columns<'a>,
}

pub(super) fn page(journey: Option<&Journey>, report: &Report) -> String {
    let page = Page { journey, report, columns: Columns::new(journey, report) };
    let style = style();
    let mut out = Markup::new();
    out.raw("<!doctype html>\n");
    out.within("html", &[("lang", "en")], |out| {
        out.within("head", &[], |out| head(out, &page, &style));
        out.within("body", &[], |out| body(out, &page));
    });
    // Style and script are ours alone, and their closing tags must not be escaped; they are put in where the marks stand.
    let text = out.into_string();
    let text = text.replacen(STYLE_MARK, &style, 1);
    let mut text = text.replacen(SCRIPT_MARK, SCRIPT, 1);
    text.push('\n');
    text
}

fn style() -> String {
    format!(":root{{--fp-fonts:{FONTS}}}\n{}{STYLE}", style_sheet())
}

pub(super) fn policy() -> String {
    csp::policy(&[&style()], &[SCRIPT])
}

/// Private use characters cannot come from a document: the first such mark in the page is the one in its head.
const STYLE_MARK: &str = "\u{f8f0}style\u{f8f0}";
const SCRIPT_MARK: &str = "\u{f8f0}script\u{f8f0}";

fn head(out: &mut Markup, page: &Page<'_>, style: &str) {
    let policy = csp::policy(&[style], &[SCRIPT]);
    out.raw("<meta charset=\"utf-8\"/>");
    out.empty("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)]);
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
    out.raw("<meta name=\"color-scheme\" content=\"light dark\"/>");
    out.raw("<meta name=\"referrer\" content=\"no-referrer\"/>");
    out.empty(
        "meta",
        &[("name", "generator"), ("content", &format!("Footpath {}", page.report.footpath))],
    );
    out.element("title", &[], &format!("{} · Footpath", words::title(page.journey, page.report)));
    out.within("style", &[], |out| out.text(STYLE_MARK));
    out.within("script", &[], |out| out.text(SCRIPT_MARK));
}

fn body(out: &mut Markup, page: &Page<'_>) {
    out.element("a", &[("class", "skip"), ("href", "#main")], "Skip to the report");
    overview::header(out, page);
    out.within("main", &[("id", "main"), ("tabindex", "-1")], |out| {
        overview::figures(out, page);
        overview::notices(out, page);
        findings::section(out, page);
        drawings::map_section(out, page);
        drawings::flow_section(out, page);
        sections::standards(out, page);
        defects::defects(out, page);
        defects::leaving(out, page);
        defects::cadence(out, page);
        sections::funnels(out, page);
        drivers::importance(out, page);
        sections::gaps(out, page);
        experience::experience(out, page);
        heard::heard(out, page);
        said::said(out, page);
        trends::trends(out, page);
        change::comparisons(out, page);
        change::proofs(out, page);
        change::respondents(out, page);
        sections::variants(out, page);
        sections::deviations(out, page);
        sections::computed(out, page);
    });
    overview::footer(out, page);
}

/// A section with its heading; the heading's id is what the contents at the top lead to.
fn section(out: &mut Markup, id: &'static str, heading: &str, content: impl FnOnce(&mut Markup)) {
    let heading_id = format!("{id}-heading");
    out.within("section", &[("id", id), ("aria-labelledby", &heading_id)], |out| {
        out.element("h2", &[("id", &heading_id)], heading);
        content(out);
    });
}

/// What stands where there is nothing to show: what it would show, and what to do for it.
fn empty_state(out: &mut Markup, what: &str, how: &str) {
    out.within("div", &[("class", "empty")], |out| {
        out.element("p", &[("class", "empty-what")], what);
        out.element("p", &[], how);
    });
}
