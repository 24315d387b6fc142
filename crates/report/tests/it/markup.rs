//! Pages are well formed, name what they refer to, and need nothing from elsewhere.

use std::collections::BTreeSet;

use report::render;

use crate::visit::{discovered, large, unmeasured, visit};

#[test]
fn every_page_is_well_formed() {
    let (journey, report) = visit();
    let (unwalked, nothing) = unmeasured();
    let (long, much) = large();
    for page in [
        render::html(Some(&journey), &report),
        render::html(None, &discovered()),
        render::html(Some(&unwalked), &nothing),
        render::html(None, &nothing),
        render::html(Some(&long), &much),
    ] {
        check_html(&page);
    }
}

/// A page that a strict parser, a strict policy and a machine without network accept.
pub(crate) fn check_html(page: &str) {
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"), "{}", &page[..60]);
    let mut open: Vec<&str> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut wanted: Vec<String> = Vec::new();
    for tag in tags(page) {
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closed out of turn");
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        check_attributes(tag, &mut ids, &mut wanted);
        let is_void = matches!(name, "meta" | "!doctype");
        if !is_void && !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    let missing: Vec<&String> = wanted.iter().filter(|id| !ids.contains(id.as_str())).collect();
    assert!(missing.is_empty(), "nothing has the id {missing:?}");
}

/// What stands between `<` and `>`, outside style and script.
fn tags(page: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let tag = &rest[at + 1..];
        let end = tag.find('>').unwrap();
        tags.push(&tag[..end]);
        rest = &tag[end + 1..];
        for raw in ["style", "script"] {
            if tags.last() == Some(&raw) {
                rest = &rest[rest.find(&format!("</{raw}>")).unwrap()..];
            }
        }
    }
    tags
}

fn check_attributes<'a>(tag: &'a str, ids: &mut BTreeSet<&'a str>, wanted: &mut Vec<String>) {
    let mut rest = tag.split_once(' ').map_or("", |(_, rest)| rest);
    let mut names = BTreeSet::new();
    while let Some((name, after)) = rest.split_once("=\"") {
        let name = name.trim().trim_start_matches("hidden ").trim_start();
        let (value, after) = after.split_once('"').unwrap();
        assert!(names.insert(name), "`{name}` twice in <{tag}>");
        assert!(
            name != "style" && !name.starts_with("on"),
            "the policy refuses `{name}` in <{tag}>"
        );
        let is_local = name == "xmlns"
            || !value.contains("://")
            || !["href", "src", "content"].contains(&name);
        assert!(is_local, "the network is named in <{tag}>");
        match name {
            "id" => assert!(ids.insert(value), "the id `{value}` is there twice"),
            "aria-labelledby" => wanted.extend(value.split(' ').map(str::to_owned)),
            "href" => wanted.push(value.strip_prefix('#').unwrap().to_owned()),
            _ => {}
        }
        rest = after;
    }
}

#[test]
fn headings_never_skip_a_level() {
    let (journey, report) = visit();
    let page = render::html(Some(&journey), &report);
    let mut before = 0;
    for tag in tags(&page) {
        let Some(level) = tag.strip_prefix('h').and_then(|rest| rest.chars().next()?.to_digit(10))
        else {
            continue;
        };
        assert!(level <= before + 1, "h{level} follows h{before}");
        before = level;
    }
    assert_eq!(page.matches("<h1").count(), 1);
}

#[test]
fn tables_are_captioned_and_scoped() {
    let (journey, report) = visit();
    let page = render::html(Some(&journey), &report);
    let tables = page.matches("<table>").count();
    assert!(tables > 8, "{tables}");
    assert_eq!(page.matches("<caption>").count(), tables);
    assert_eq!(page.matches("<th ").count(), page.matches("<th scope=").count());
    // Rows carry their heading: as many as rows in the bodies.
    assert_eq!(page.matches("<th scope=\"row\"").count(), page.matches("<tr>").count() - tables);
}

#[test]
fn the_policy_names_the_style_and_the_script_by_their_hashes() {
    let (journey, report) = visit();
    let page = render::html(Some(&journey), &report);
    let policy = page
        .split("Content-Security-Policy\" content=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(policy.starts_with("default-src &#39;none&#39;; style-src &#39;sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    // The same page twice is the same to the byte, whoever writes it.
    assert_eq!(page, render::html(Some(&journey), &report));
}
