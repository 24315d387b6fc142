//! What is tidy: walls between crates, names and sizes of files, words that may not stand, documents that lead somewhere.
//!
//! Each rule is a function from paths and texts to complaints, so that it can be shown a violation as well as the
//! repository. A complaint is one sentence: the place, the rule, and what to do.

mod documents;
mod files;
mod manifests;
mod walls;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the repository, its path written with `/` from the root.
#[derive(Debug, Clone)]
struct Tracked {
    path: String,
    /// `None` for what is not text, and for data.
    text: Option<String>,
}

/// Endings of files that people write; everything else is data.
const WRITTEN: [&str; 12] =
    ["rs", "toml", "lock", "md", "yaml", "yml", "json", "sh", "js", "mjs", "ts", "css"];

/// Files that people write and that have no ending.
const WRITTEN_WHOLE: [&str; 3] = [".ci/run", ".gitignore", "Dockerfile"];

/// Cargo runs a test in the folder of its crate. The folder that it was compiled in may be another clone's, where two share
/// a target folder.
fn root() -> PathBuf {
    std::env::current_dir().unwrap().join("../..").canonicalize().unwrap()
}

/// Every file of the repository, sorted by path.
///
/// The tree is walked rather than git asked: a copy without history, or one that belongs to somebody else, is held to the
/// same rules. Folders that tools fill (cargo marks its own with `CACHEDIR.TAG`) are no part of it.
fn tracked() -> Vec<Tracked> {
    let mut found = Vec::new();
    walk(&root(), "", &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 100, "the walk found only {} files", found.len());
    found
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<Tracked>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.file_type().unwrap().is_dir() {
            let is_filled_by_tools = [".git", "node_modules", "footpath-demo", "dist", "target"]
                .contains(&name.as_str())
                || entry.path().join("CACHEDIR.TAG").exists();
            if !is_filled_by_tools {
                walk(&entry.path(), &format!("{path}/"), found);
            }
        } else {
            found.push(Tracked { text: text_of(&entry.path(), &path), path });
        }
    }
}

fn text_of(file: &Path, path: &str) -> Option<String> {
    let ending = path
        .rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'))
        .map_or("", |(_, ending)| ending);
    let is_written = WRITTEN.contains(&ending) || WRITTEN_WHOLE.contains(&path);
    // Another test may be writing or removing a temporary file.
    is_written.then(|| fs::read_to_string(file).ok()).flatten()
}

/// Fails with every complaint, one to a line.
#[track_caller]
fn hold(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n\n{}\n", complaints.join("\n"));
}

/// Each rule is shown at least one violation and must name what is wrong with it.
#[track_caller]
fn complains(complaints: &[String], of: &[&str]) {
    assert_eq!(complaints.len(), of.len(), "{complaints:#?}");
    for (complaint, part) in complaints.iter().zip(of) {
        assert!(complaint.contains(part), "`{complaint}` does not say `{part}`");
    }
}
