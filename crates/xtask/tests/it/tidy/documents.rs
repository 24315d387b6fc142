//! Documents that lead somewhere: links that exist, decisions that are listed, examples and corpora that name their source.

use std::collections::BTreeSet;

use super::{Tracked, complains, hold, root, tracked};

/// The second command of README.md, which CI calls too.
const TEST_COMMAND: &str = "./test.sh";

/// What every decision record tells.
const SECTIONS: [&str; 4] = ["## Context", "## Decision", "## Consequences", "## Gaps"];

fn text<'a>(files: &'a [Tracked], path: &str) -> &'a str {
    files
        .iter()
        .find(|file| file.path == path)
        .and_then(|file| file.text.as_deref())
        .unwrap_or_default()
}

/// Targets of the links of a document, code left out.
fn links(markdown: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut is_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        let parts = line.split("](").skip(1).filter(|_| !is_code);
        found.extend(parts.filter_map(|part| part.split(')').next()));
    }
    found
}

/// Links to files that do not exist; `exists` is asked for paths from the root.
fn dead_links(path: &str, markdown: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let local = links(markdown).into_iter().filter(|link| {
        !["://", "mailto:"].iter().any(|far| link.contains(far)) && !link.starts_with('#')
    });
    let dead = local.filter(|link| {
        let file = link.split('#').next().unwrap_or_default();
        !exists(&format!("{folder}/{file}"))
    });
    dead.map(|link| {
        format!("{path}: the link `{link}` leads nowhere; mend it, or write what it should lead to")
    })
    .collect()
}

fn decisions(index: &str, records: &[(&str, &str)]) -> Vec<String> {
    let mut told = Vec::new();
    let listed: BTreeSet<&str> = links(index).into_iter().collect();
    for (number, (path, text)) in records.iter().enumerate() {
        let name = path.rsplit('/').next().unwrap_or_default();
        if !listed.contains(name) {
            told.push(format!("{path}: not in docs/adr/README.md; link it there"));
        }
        if !name.starts_with(&format!("{:03}-", number + 1)) {
            told.push(format!(
                "{path}: decisions are numbered without gaps or doubles; this one is {:03}",
                number + 1
            ));
        }
        for section in SECTIONS.iter().filter(|section| !text.contains(*section)) {
            told.push(format!("{path}: the section `{section}` is missing; a decision without it cannot be judged later"));
        }
    }
    told
}

/// Folders directly under one of these, and the file that says where their content comes from.
fn without_source(files: &[Tracked], under: &str, document: &str, must_hold: &str) -> Vec<String> {
    let inside = files.iter().filter_map(|file| file.path.strip_prefix(under)?.split_once('/'));
    let folders: BTreeSet<&str> = inside.map(|(folder, _)| folder).collect();
    let silent = folders
        .into_iter()
        .filter(|folder| !text(files, &format!("{under}{folder}/{document}")).contains(must_hold));
    silent
        .map(|folder| {
            format!("{under}{folder}/: needs a {document} with `{must_hold}`: where the data come from, and under which licence")
        })
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let files = tracked();
    let exists = |path: &str| root().join(path.trim_start_matches('/')).exists();
    let markdown = files.iter().filter(|file| file.path.ends_with(".md"));
    let complaints: Vec<String> = markdown
        .flat_map(|file| dead_links(&file.path, file.text.as_deref().unwrap_or_default(), exists))
        .collect();
    hold(&complaints);
}

#[test]
fn decisions_are_listed_and_whole() {
    let files = tracked();
    let is_record =
        |file: &&Tracked| file.path.starts_with("docs/adr/") && file.path != "docs/adr/README.md";
    let records: Vec<(&str, &str)> = files
        .iter()
        .filter(is_record)
        .map(|file| (file.path.as_str(), file.text.as_deref().unwrap_or_default()))
        .collect();
    assert!(!records.is_empty(), "docs/adr/ is empty");
    hold(&decisions(text(&files, "docs/adr/README.md"), &records));
}

#[test]
fn data_name_their_source() {
    let files = tracked();
    let mut complaints = without_source(&files, "examples/", "README.md", "## Source");
    complaints.extend(without_source(&files, "examples/", "journey.yaml", "footpath: 1"));
    complaints.extend(without_source(&files, "tests/corpus/", "SOURCE.md", ""));
    hold(&complaints);
}

#[test]
fn ci_runs_what_the_readme_says() {
    let files = tracked();
    for path in ["README.md", "CONTRIBUTING.md", ".ci/run"] {
        assert!(
            text(&files, path).contains(TEST_COMMAND),
            "{path}: does not name `{TEST_COMMAND}`, the one command that runs all tests"
        );
    }
    let lines = text(&files, "ARCHITECTURE.md").lines().count();
    assert!(
        (1..300).contains(&lines),
        "ARCHITECTURE.md: {lines} lines; under 300, or nobody reads it"
    );
}

#[test]
fn a_document_that_leads_nowhere_is_told() {
    let exists = |path: &str| path == "docs/here.md";
    let markdown =
        "[a](here.md) [b](gone.md#x) [c](https://example.org) [d](#part)\n```\n[e](code.md)\n```\n";
    complains(&dead_links("docs/a.md", markdown, exists), &["`gone.md#x` leads nowhere"]);
    let whole = SECTIONS.join("\n");
    let records = [("docs/adr/001-a.md", whole.as_str()), ("docs/adr/003-b.md", "## Context")];
    complains(
        &decisions("[a](001-a.md)", &records),
        &["003-b.md: not in", "this one is 002", "`## Decision`", "`## Consequences`", "`## Gaps`"],
    );
    let file =
        |path: &str, text: &str| Tracked { path: path.to_owned(), text: Some(text.to_owned()) };
    let files = [
        file("examples/a/README.md", "## Source"),
        file("examples/b/README.md", "none"),
        file("examples/c/x.csv", ""),
    ];
    complains(
        &without_source(&files, "examples/", "README.md", "## Source"),
        &["examples/b/", "examples/c/"],
    );
}
