//! Every number that other programs computed for us: each case of each file of vectors, reported by its id.
//!
//! The files are those of `tests/corpus/vectors/`, or of the folder that `FOOTPATH_VECTORS` names. A case is
//! `{id, fn, inputs, expected, tol: {abs, rel}}` and passes when every number in `expected` is met within
//! abs + rel·|expected| and every `null` by no value.

mod before_after;
mod cadence_reach;
mod compare;
mod control_charts;
mod defect_cost;
mod defects;
mod differences;
mod distributions;
mod drivers;
mod gaps;
mod inputs;
mod sample_size;
mod scores;
mod text;
mod weighting;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde_json::Value;

use compare::differences_of;
use inputs::Inputs;

#[test]
fn vectors() {
    let folder = folder();
    let mut tally = Tally::default();
    for path in files(&folder) {
        tally.add_file(&path);
    }
    println!("{} of {} cases pass in {}", tally.passed, tally.cases, folder.display());
    assert!(
        tally.failures.is_empty(),
        "{} cases fail:\n{}",
        tally.failures.len(),
        tally.failures.join("\n")
    );
    assert!(tally.cases > 0, "no case of the covered topics in {}", folder.display());
}

#[derive(Default)]
struct Tally {
    cases: usize,
    passed: usize,
    failures: Vec<String>,
}

impl Tally {
    fn add_file(&mut self, path: &Path) {
        let text = std::fs::read_to_string(path).unwrap();
        let file: Value = match serde_json::from_str(&text) {
            Ok(file) => file,
            Err(error) => return self.failures.push(format!("{}: {error}", path.display())),
        };
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let topic = file["topic"].as_str().unwrap_or(&stem);
        let Some(cases) = file["cases"].as_array() else {
            return self.failures.push(format!("{}: no `cases`", path.display()));
        };
        for case in cases {
            let id = case["id"].as_str().unwrap_or("a case without id");
            self.cases += 1;
            match check(topic, case) {
                Ok(()) => self.passed += 1,
                Err(why) => self.failures.push(format!("{id}: {why}")),
            }
        }
    }
}

fn check(topic: &str, case: &Value) -> Result<(), String> {
    let name = case["fn"].as_str().unwrap_or_default();
    let inputs = Inputs(&case["inputs"]);
    // A panic is this case's failure, and no reason to keep the others' results from the reader.
    let answered = catch_unwind(AssertUnwindSafe(|| answer(topic, name, inputs)));
    let got = answered
        .map_err(|_| "panics".to_owned())?
        .ok_or_else(|| format!("`{name}` is not implemented"))?;
    let differences = differences_of(&got, &case["expected"], &case["tol"]);
    if differences.is_empty() { Ok(()) } else { Err(differences.join("; ")) }
}

/// What the crate answers, in the shape of `expected`; `None` for a function it does not have.
fn answer(topic: &str, name: &str, inputs: Inputs<'_>) -> Option<Value> {
    match topic {
        "distributions" => distributions::answer(name, inputs),
        "scores" => scores::answer(name, inputs),
        "differences" => differences::answer(name, inputs),
        "sample_size" => sample_size::answer(name, inputs),
        "gaps" => gaps::answer(name, inputs),
        "drivers" => drivers::answer(name, inputs),
        "defects" => defects::answer(name, inputs),
        "defect_cost" => defect_cost::answer(name, inputs),
        "text" => text::answer(name, inputs),
        "weighting" => weighting::answer(name, inputs),
        "control_charts" => control_charts::answer(name, inputs),
        "before_after" => before_after::answer(name, inputs),
        "cadence_reach" => cadence_reach::answer(name, inputs),
        _ => None,
    }
}

fn folder() -> PathBuf {
    match std::env::var_os("FOOTPATH_VECTORS") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/vectors"),
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}
