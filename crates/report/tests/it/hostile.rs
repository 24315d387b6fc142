//! Words that are not ours: nobody's title becomes a tag, a control sequence or a broken drawing.

use model::journey::Journey;
use report::document::Report;
use report::{draw, render};
use serde_json::Value;

use crate::visit::visit;

const ATTACK: &str = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>]]>\u{1b}[31m\u{0}\u{202e}|`*_&amp;\n";

/// Every text of the journey and of the report, but ids, replaced by `with` (ids get it appended).
fn infested(with: &str) -> (Journey, Report) {
    let (journey, report) = visit();
    let mut journey = serde_json::to_value(journey).unwrap();
    let mut report = serde_json::to_value(report).unwrap();
    for document in [&mut journey, &mut report] {
        replace(document, "", with);
    }
    (serde_json::from_value(journey).unwrap(), serde_json::from_value(report).unwrap())
}

fn replace(value: &mut Value, key: &str, with: &str) {
    const OURS: [&str; 27] = [
        "kind",
        "unit",
        "verdict",
        "phase",
        "initiator",
        "within",
        "every",
        "grace",
        "at_most",
        "at_least",
        "scope",
        "grade",
        "mode",
        "per",
        "rule",
        "min",
        "max",
        "id",
        "touchpoint",
        "stage",
        "about",
        "importance_from",
        "limits",
        "proof",
        "approach",
        "direction",
        "sized_by",
    ];
    const LINKS: [&str; 6] = ["from", "to", "path", "between", "step", "next"];
    match value {
        Value::String(text) if !OURS.contains(&key) && !LINKS.contains(&key) => {
            *text = with.to_owned()
        }
        Value::String(text)
            if ["id", "touchpoint", "stage", "path", "between", "step"].contains(&key) =>
        {
            text.push_str(with);
        }
        Value::String(text) if ["from", "to"].contains(&key) && text != "^" && text != "$" => {
            text.push_str(with)
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, key, with)),
        Value::Object(entries) => {
            entries.iter_mut().for_each(|(key, value)| replace(value, key, with))
        }
        _ => {}
    }
}

pub(crate) fn hostile() -> (Journey, Report) {
    infested(ATTACK)
}

/// Right-to-left letters, wide letters, joined emoji and one word without an end.
pub(crate) fn foreign() -> (Journey, Report) {
    infested(
        "أبحث عن موقف للسيارة 👩\u{200d}👩\u{200d}👧\u{200d}👦 停车位在哪里呢 Donaudampfschifffahrtselektrizitätenhauptbetriebswerk",
    )
}

#[test]
fn no_form_carries_a_foreign_tag() {
    let (journey, report) = hostile();
    let page = render::html(Some(&journey), &report);
    assert_eq!(page.matches("<script").count(), 1, "the page has its own script only");
    for form in [&page, &draw::map(Some(&journey), &report, &draw::Style::default()).markup] {
        assert!(
            !form.contains("<img") && !form.contains("onerror=alert(1)>\""),
            "a tag came through"
        );
        assert!(form.contains("&lt;script&gt;alert(&#39;x&#39;)"), "the words themselves are kept");
        assert!(
            !form.contains(['\u{0}', '\u{1b}', '\u{202e}']),
            "a control character came through"
        );
    }
    let markdown = render::markdown(Some(&journey), &report);
    assert!(
        !markdown.contains("<script")
            && !markdown.contains("<img")
            && !markdown.contains(['\u{1b}', '\u{202e}'])
    );
    let text = render::text(Some(&journey), &report);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "a control character came through");
}

#[test]
fn hostile_and_foreign_pages_stay_well_formed() {
    for (journey, report) in [hostile(), foreign()] {
        crate::markup::check_html(&render::html(Some(&journey), &report));
        crate::markup::check_html(&render::html(None, &report));
    }
}
