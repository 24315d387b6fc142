//! The examples in the repository are the ones that the generator writes.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use demo::{Example, Twin, write};

#[test]
fn the_committed_examples_are_what_the_generator_writes() {
    for example in Example::ALL {
        let fresh = Scratch::new(example.name());
        write(example, &fresh.0, Twin::No).unwrap();
        let names = names(&fresh.0);
        assert_eq!(names, files(example), "{}", example.name());
        for name in names {
            let (fresh, committed) =
                (content(&fresh.0.join(&name)), content(&committed(example).join(&name)));
            let place = fresh.iter().zip(&committed).position(|(a, b)| a != b);
            assert!(
                fresh == committed,
                "examples/{}/{name}: {} bytes, generated {}, first difference at {place:?}; \
                 run `cargo xtask demo-data` and read the change",
                example.name(),
                committed.len(),
                fresh.len(),
            );
        }
    }
}

#[test]
fn the_twin_has_the_same_journey_and_customers_and_other_data() {
    for example in Example::ALL {
        let twin = Scratch::new(&format!("{}-twin", example.name()));
        write(example, &twin.0, Twin::Yes).unwrap();
        let mut without_truths = files(example);
        without_truths.retain(|name| !["codes.csv", "truth.yaml"].contains(name));
        assert_eq!(names(&twin.0), without_truths, "{}: the twin has truths", example.name());
        for name in names(&twin.0) {
            let (planted, twin) =
                (content(&committed(example).join(&name)), content(&twin.0.join(&name)));
            let is_written = ["journey.yaml", "plan.yaml"].contains(&name.as_str());
            assert_eq!(planted == twin, is_written, "{}/{name}", example.name());
        }
        let [planted, twin] =
            [&committed(example), &twin.0].map(|folder| customers(&folder.join("events.csv.gz")));
        assert!(planted.len() > 1_900, "{} has {} customers", example.name(), planted.len());
        assert_eq!(planted, twin, "{}", example.name());
    }
}

/// By name, `truth.yaml` last.
fn files(example: Example) -> Vec<&'static str> {
    let mut files = Vec::new();
    files.extend((example == Example::LoyaltyVisit).then_some("codes.csv"));
    files.extend(["complaints.csv", "events.csv.gz", "journey.yaml"]);
    files.extend(example.plan().map(|_| "plan.yaml"));
    files.extend(["responses.csv", "walks.csv", "truth.yaml"]);
    files
}

/// Names of the files in a folder, by name, `truth.yaml` last.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_by_key(|name| (name == "truth.yaml", name.clone()));
    names
}

fn customers(events: &Path) -> Vec<String> {
    let text = String::from_utf8(content(events)).unwrap();
    let mut customers: Vec<String> =
        text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect();
    customers.sort_unstable();
    customers.dedup();
    customers
}

/// A file's bytes; those of a gzip file unpacked, because which of its two compressors flate2 uses depends on what else
/// is built with it, and the same rows then make other bytes.
fn content(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if path.extension().is_some_and(|extension| extension == "gz") {
        unpacked(&bytes)
    } else {
        bytes
    }
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut unpacked).unwrap();
    unpacked
}

fn committed(example: Example) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .join("examples")
        .join(example.name())
}

/// A folder that goes when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        Self(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed lies in the target folder, where it hurts nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}
