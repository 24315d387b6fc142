//! Journey documents and change plans from disk.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use engine::Error;
use engine::measure::Planned;
use model::document::{Problem, Reading, read_bytes, read_change_plan};
use model::journey::Journey;

use crate::output::talk;

/// Reads a document and says what is wrong with it, problem by problem, on standard error.
pub(crate) fn read(path: &Path) -> anyhow::Result<Reading> {
    Ok(read_bytes(&bytes(path)?))
}

fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path.as_os_str() != "-" {
        return Ok(fs::read(path).map_err(|cause| Error::reading(path, cause))?);
    }
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)
        .context("read standard input")?;
    Ok(bytes)
}

/// Reads a change plan that must be valid and fit the journey.
pub(crate) fn read_plan(path: &Path, journey: &Journey) -> anyhow::Result<Planned> {
    let reading = read_change_plan(&bytes(path)?);
    let mismatches = reading.problems_with(journey);
    let problems: Vec<&Problem> = reading.problems.iter().chain(&mismatches).collect();
    for problem in &problems {
        talk(&format!("{}:{problem}", path.display()));
    }
    if reading.plan.is_none() {
        bail!("{} is no valid change plan; mend it and try again", path.display());
    }
    if !problems.is_empty() {
        bail!("{} does not fit this journey; mend it and try again", path.display());
    }
    Ok(Planned { path: path.to_owned(), reading })
}

/// Reads a document that must be valid; warnings are left to `footpath check`.
pub(crate) fn read_valid(path: &Path) -> anyhow::Result<Reading> {
    let reading = read(path)?;
    if !reading.is_valid() {
        for problem in reading.errors() {
            talk(&format!("{}:{problem}", path.display()));
        }
        bail!("{} is no valid journey document; mend it and try again", path.display());
    }
    Ok(reading)
}
