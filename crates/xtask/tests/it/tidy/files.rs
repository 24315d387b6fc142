//! One idea, one file: names that say what is inside, sizes that a reader can hold, a first line that says what it is for.

use super::{Tracked, complains, hold, tracked};

/// Names that say where somebody put things rather than what they are.
const BANNED: [&str; 11] = [
    "util", "utils", "common", "helper", "helpers", "types", "traits", "structs", "misc", "mod",
    "stuff",
];

const MOST_LINES: usize = 500;

/// Endings of files that hold code.
const CODE: [&str; 6] = [".rs", ".js", ".mjs", ".ts", ".css", ".sh"];

fn banned_name(path: &str) -> Option<String> {
    let is_code = CODE.iter().any(|ending| path.ends_with(ending));
    let part = path
        .split('/')
        .find(|part| BANNED.contains(&part.split('.').next().unwrap_or_default()))?;
    is_code.then(|| format!("{path}: `{part}` says nothing; name the file after the idea in it (foo.rs and foo/, no mod.rs)"))
}

/// Lines that are neither blank nor comment, tests at the bottom of the file left out.
fn lines_of_code(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_tests = |pair: &[&str]| {
        pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{')
    };
    let end = lines.windows(2).position(is_tests).unwrap_or(lines.len());
    let is_code = |line: &&&str| {
        !line.is_empty() && !["//", "/*", "* ", "*/"].iter().any(|mark| line.starts_with(mark))
    };
    lines[..end].iter().filter(is_code).count()
}

fn too_long(path: &str, text: &str) -> Option<String> {
    let lines = lines_of_code(text);
    let told = format!(
        "{path}: {lines} lines of code, {MOST_LINES} at most; find the second idea in it and give it a file"
    );
    (lines > MOST_LINES).then_some(told)
}

fn without_word(path: &str, text: &str) -> Option<String> {
    let told = format!("{path}: begin with `//!` and one sentence on what the file is for");
    (!text.starts_with("//!")).then_some(told)
}

fn code(files: &[Tracked]) -> impl Iterator<Item = (&str, &str)> {
    let is_code = |file: &&Tracked| CODE.iter().any(|ending| file.path.ends_with(ending));
    files
        .iter()
        .filter(is_code)
        .map(|file| (file.path.as_str(), file.text.as_deref().unwrap_or_default()))
}

#[test]
fn names_say_what_is_inside() {
    let complaints: Vec<String> =
        code(&tracked()).filter_map(|(path, _)| banned_name(path)).collect();
    hold(&complaints);
}

#[test]
fn no_file_is_too_long() {
    let complaints: Vec<String> =
        code(&tracked()).filter_map(|(path, text)| too_long(path, text)).collect();
    hold(&complaints);
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    let files = tracked();
    let rust =
        code(&files).filter(|(path, _)| path.starts_with("crates/") && path.ends_with(".rs"));
    let complaints: Vec<String> =
        rust.filter_map(|(path, text)| without_word(path, text)).collect();
    hold(&complaints);
}

#[test]
fn a_vague_long_or_silent_file_is_told() {
    let names = [
        "crates/x/src/utils.rs",
        "crates/x/src/a/mod.rs",
        "web/src/common/a.ts",
        "crates/x/src/type_of.rs",
        "a/mod.md",
    ];
    let told: Vec<String> = names.into_iter().filter_map(banned_name).collect();
    complains(&told, &["`utils.rs`", "`mod.rs`", "`common`"]);
    let tests = "#[cfg(test)]\nmod tests {\n".to_owned() + &"let x = 1;\n".repeat(900);
    let long = "// a comment\n\n".to_owned() + &"let x = 1;\n".repeat(501) + &tests;
    let short = "let x = 1;\n".repeat(500) + &tests;
    complains(
        &[too_long("long.rs", &long), too_long("short.rs", &short)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>(),
        &["long.rs: 501 lines"],
    );
    let told: Vec<String> =
        [without_word("a.rs", "//! What a is."), without_word("b.rs", "use a;")]
            .into_iter()
            .flatten()
            .collect();
    complains(&told, &["b.rs: begin with `//!`"]);
}
