//! Text, Markdown and JSON: snapshots of the visit, and what holds for every report.

use expect_test::expect_file;
use report::document::{Report, Verdict};
use report::render;

use crate::hostile::{foreign, hostile};
use crate::visit::{discovered, large, unmeasured, visit};

#[test]
fn the_text_is_as_expected() {
    let (journey, report) = visit();
    expect_file!["expected/visit.txt"].assert_eq(&render::text(Some(&journey), &report));
    expect_file!["expected/discovered.txt"].assert_eq(&render::text(None, &discovered()));
    let (journey, report) = unmeasured();
    expect_file!["expected/unmeasured.txt"].assert_eq(&render::text(Some(&journey), &report));
}

#[test]
fn the_markdown_is_as_expected() {
    let (journey, report) = visit();
    expect_file!["expected/visit.md"].assert_eq(&render::markdown(Some(&journey), &report));
}

#[test]
fn no_line_is_wider_than_a_hundred_columns() {
    for (journey, report) in [visit(), unmeasured(), large(), hostile(), foreign()] {
        for text in [render::text(Some(&journey), &report), render::text(None, &report)] {
            for line in text.lines() {
                assert!(width(line) <= 100, "{} columns: {line}", width(line));
            }
        }
    }
}

/// Letters of the far east and emoji take two columns; what joins or marks takes none.
fn width(line: &str) -> usize {
    let column = |c: char| match c as u32 {
        0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0x1f300..=0x1f6ff
        | 0x1f900..=0x1f9ff => 2,
        _ => 1,
    };
    line.chars().map(column).sum()
}

#[test]
fn markdown_tables_are_rectangular() {
    for (journey, report) in [visit(), hostile()] {
        let markdown = render::markdown(Some(&journey), &report);
        let mut cells = None;
        for line in markdown.lines() {
            if !line.starts_with('|') {
                cells = None;
                continue;
            }
            let here = line.replace("\\|", "").matches('|').count();
            assert_eq!(*cells.get_or_insert(here), here, "{line}");
        }
    }
}

#[test]
fn json_reads_back_as_the_same_report() {
    for report in [visit().1, discovered(), unmeasured().1] {
        let json = render::json(&report);
        // Pages keep the document's order, the published form is sorted by id.
        assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report.by_id());
        assert!(json.starts_with("{\n  \"report\": 1,\n  \"footpath\": ") && json.ends_with("}\n"));
    }
}

#[test]
fn every_form_names_every_finding_and_standard() {
    let (journey, report) = visit();
    let page = render::html(Some(&journey), &report);
    let markdown = render::markdown(Some(&journey), &report);
    for finding in &report.findings {
        let sentence = finding.sentence.replace(['“', '”'], "");
        assert!(page.replace(['“', '”'], "").contains(&sentence), "{sentence}");
    }
    for standard in &report.standards {
        assert!(
            page.contains(&standard.text) && markdown.contains(&standard.text),
            "{}",
            standard.text
        );
    }
    let order: Vec<usize> =
        report.findings.iter().map(|finding| page.find(&finding.sentence).unwrap()).collect();
    assert!(order.is_sorted(), "findings stand in their order");
    assert!(
        order.iter().all(|at| *at < page.find("id=\"map\"").unwrap()),
        "findings come before the map"
    );
}

#[test]
fn every_form_says_whom_it_is_about() {
    let (journey, mut report) = visit();
    let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    report.segment.insert("store".to_owned(), values(&["north", "south"]));
    report.segment.insert("zone".to_owned(), values(&["<b>a</b>"]));
    for (form, in_heading) in [
        (render::html(Some(&journey), &report), "Only where</span> <bdi>store is north or south;"),
        (render::markdown(Some(&journey), &report), "- Only where store is north or south;"),
        (render::text(Some(&journey), &report), "\nonly where store is north or south;"),
    ] {
        assert!(form.contains(in_heading), "{in_heading}");
    }
    for form in [render::html(Some(&journey), &report), render::markdown(Some(&journey), &report)] {
        assert!(form.contains("Only instances where store is north or south; zone is &lt;b"));
    }
    let json: serde_json::Value = serde_json::from_str(&render::json(&report)).unwrap();
    assert_eq!(json["segment"]["store"], serde_json::json!(["north", "south"]));
    let everybody: serde_json::Value = serde_json::from_str(&render::json(&visit().1)).unwrap();
    assert!(everybody.get("segment").is_none(), "everybody is no segment");
}

#[test]
fn every_form_tells_what_became_of_a_change_and_how_sure_that_is() {
    let (journey, report) = visit();
    let (proof, late) = (&report.proofs[0], "late answers are lower");
    let page = render::html(Some(&journey), &report);
    for form in [&page, &render::markdown(Some(&journey), &report)] {
        for told in [&proof.title, "Evidence B: ", "the likely cause", late, "366 of 1,464 invited"]
        {
            assert!(form.contains(told), "{told}");
        }
        assert!(!form.contains("caused it"), "only a lot lets one say that");
    }
    for (id, name) in [
        ("proofs", "Planned changes"),
        ("comparisons", "Compared"),
        ("respondents", "Who answered"),
    ] {
        assert!(page.contains(&format!("<a href=\"#{id}\">{name}</a>")), "{name}");
        assert!(page.contains(&format!("<section id=\"{id}\"")), "{name}");
    }
    let (journey, nothing) = unmeasured();
    let mut nothing = nothing;
    (nothing.proofs, nothing.comparisons) = (Vec::new(), Vec::new());
    let page = render::html(Some(&journey), &nothing);
    assert!(!page.contains("#proofs") && !page.contains("#comparisons"));
}

#[test]
fn what_is_not_there_is_said() {
    let (journey, report) = unmeasured();
    let page = render::html(Some(&journey), &report);
    for said in [
        "No events were read.",
        "Nothing is measured yet",
        "Nobody walked",
        "No funnel was measured.",
        "Not measured: no csat,",
        "no path was walked",
    ] {
        assert!(page.to_lowercase().contains(&said.to_lowercase()), "{said}");
    }
    assert!(
        ![">NaN", "\"NaN", ">inf<", "null"].iter().any(|never| page.contains(never)),
        "a number that does not exist was printed"
    );

    let page = render::html(None, &discovered());
    for said in [
        "Findings need a design",
        "Walked paths",
        "No standard is written",
        "Not measured yet: no answer",
        "Without a design nothing deviates",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(
        !page.contains("Line of visibility") && !page.contains("no owner"),
        "there is nothing to own or to hide"
    );
}

#[test]
fn a_verdict_always_has_its_glyph_and_its_word() {
    let (journey, mut report) = visit();
    for (verdict, sign) in [
        (Verdict::Meets, "● meets"),
        (Verdict::Defective, "▲ defective"),
        (Verdict::NotProven, "◌ not proven"),
    ] {
        report.standards.iter_mut().for_each(|standard| standard.verdict = verdict);
        assert!(
            render::text(Some(&journey), &report).matches(sign).count() >= report.standards.len()
        );
        assert!(
            render::markdown(Some(&journey), &report).matches(sign).count()
                >= report.standards.len()
        );
    }
}
