//! Sixty touchpoints, as many standards, a hundred findings.

use report::draw::{self, Cell, Style};
use report::render;

use crate::visit::{large, visit};

#[test]
fn a_long_journey_grows_sideways_only() {
    let (journey, report) = large();
    let svg = draw::map(Some(&journey), &report, &Style::default());
    let (short, measured) = visit();
    let one = draw::map(Some(&short), &measured, &Style::default());
    assert_eq!(journey.touchpoints().count(), 60);
    assert!(svg.width > 60.0 * 130.0, "{}", svg.width);
    assert!(svg.height < one.height * 1.3, "{} against {}", svg.height, one.height);
    let page = render::html(Some(&journey), &report);
    assert!(page.len() < 2_000_000, "{}", page.len());
}

#[test]
fn many_findings_and_standards_are_folded() {
    let (journey, report) = large();
    let page = render::html(Some(&journey), &report);
    for summary in ["Findings 7 to 20", "Findings 21 to 114", "<summary>40 more</summary>"] {
        assert!(page.contains(summary), "{summary}");
    }
    let text = render::text(Some(&journey), &report);
    assert!(text.contains("104 more findings") && text.contains("… and 20 more"));
}

#[test]
fn a_discovered_log_of_many_activities_draws_the_busiest() {
    let (_, mut report) = large();
    report.journey = None;
    let svg = draw::map(None, &report, &Style::default());
    assert_eq!(svg.table.rows.len(), 24);
    let page = render::html(None, &report);
    assert!(page.contains("36 less visited touchpoints"));
}

#[test]
fn paper_gets_a_long_map_in_parts() {
    let (journey, report) = large();
    let parts = draw::map_parts(Some(&journey), &report, &Style::default(), 12);
    assert!(
        parts.iter().all(|part| part.width <= Style::default().width + 400.0),
        "a part is too wide for a page"
    );
    let rows: Vec<&Cell> =
        parts.iter().flat_map(|part| &part.table.rows).filter_map(|row| row.first()).collect();
    let whole = draw::map(Some(&journey), &report, &Style::default());
    let all: Vec<&Cell> = whole.table.rows.iter().filter_map(|row| row.first()).collect();
    assert_eq!(rows, all, "the parts are the map, in order");
    let page = render::html(Some(&journey), &report);
    assert_eq!(page.matches("class=\"part\"").count(), parts.len());
    let (short, measured) = visit();
    assert!(!render::html(Some(&short), &measured).contains("class=\"part\""));
}
