//! Journey documents from disk.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use engine::Error;
use model::document::{Reading, read_bytes};

use crate::output::talk;

/// Reads a document and says what is wrong with it, problem by problem, on standard error.
pub(crate) fn read(path: &Path) -> anyhow::Result<Reading> {
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)
            .context("read standard input")?;
        bytes
    } else {
        fs::read(path).map_err(|cause| Error::reading(path, cause))?
    };
    Ok(read_bytes(&bytes))
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
