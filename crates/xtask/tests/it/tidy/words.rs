//! Words that may not stand in the repository: marks of unfinished work, and places of one machine.

use super::{complains, hold, tracked};

/// What a finished repository does not hold, and what to do instead. Written in two parts, so that this file may hold them.
const UNFINISHED: [(&str, &str, &str); 8] = [
    ("TO", "DO", "do it, or open an issue"),
    ("FIX", "ME", "mend it, or open an issue"),
    ("to", "do!(", "write it"),
    ("unimplement", "ed!(", "write it"),
    ("#[ign", "ore", "a test that does not run is no test: make it fast, or take it out"),
    ("#[should", "_panic", "return an error, and compare it"),
    (
        "#[al",
        "low(",
        "write `#[expect(lint, reason = \"…\")]`, which tells when it is no longer needed",
    ),
    (
        "#![al",
        "low(",
        "write `#![expect(lint, reason = \"…\")]`, which tells when it is no longer needed",
    ),
];

/// First folders of paths that exist on somebody's machine only.
const MACHINE: [&str; 5] = ["root", "home", "work", "Users", "mnt"];

fn unfinished(path: &str, text: &str) -> Vec<String> {
    let mut told = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (first, second, instead) in UNFINISHED {
            let mark = format!("{first}{second}");
            if line.contains(&mark) {
                told.push(format!("{path}:{}: `{mark}`; {instead}", number + 1));
            }
        }
    }
    told
}

/// An absolute path, unless it is the tail of a longer word such as an address.
fn machine_paths(path: &str, text: &str) -> Vec<String> {
    let mut told = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for folder in MACHINE {
            let needle = format!("/{folder}/");
            let is_whole = |at: usize| {
                !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}>/~*".contains(c))
            };
            if line.match_indices(&needle).any(|(at, _)| is_whole(at)) {
                told.push(format!("{path}:{}: `{needle}…` exists on one machine only; write the path from the root of the repository", number + 1));
            }
        }
    }
    told
}

#[test]
fn nothing_is_left_unfinished() {
    let files = tracked();
    let code = files.iter().filter(|file| {
        [".rs", ".ts", ".js", ".mjs", ".sh"].iter().any(|ending| file.path.ends_with(ending))
    });
    let complaints: Vec<String> = code
        .flat_map(|file| unfinished(&file.path, file.text.as_deref().unwrap_or_default()))
        .collect();
    hold(&complaints);
}

#[test]
fn no_path_is_of_one_machine() {
    let complaints: Vec<String> = tracked()
        .iter()
        .flat_map(|file| machine_paths(&file.path, file.text.as_deref().unwrap_or_default()))
        .collect();
    hold(&complaints);
}

#[test]
fn a_mark_or_a_machine_path_is_told() {
    let mark = format!("fn a() {{ {}{}) }}", "to", "do!(");
    complains(&unfinished("a.rs", &format!("ok\n{mark}")), &["a.rs:2"]);
    complains(&unfinished("a.rs", &format!("{}{}clippy::x)]", "#[al", "low(")), &["`#[al"]);
    complains(&unfinished("a.rs", "#[expect(clippy::x, reason = \"y\")]"), &[]);
    let home = format!("read \"/{}/me/data.csv\"", "home");
    complains(&machine_paths("a.md", &home), &["a.md:1: `/home"]);
    complains(
        &machine_paths("a.md", &format!("https://example.org/{0}/x and ../{0}/y", "home")),
        &[],
    );
}
