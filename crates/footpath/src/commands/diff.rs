//! `footpath diff`: what changed between two documents.

use std::path::PathBuf;

use anyhow::Context;

use crate::output::write;
use crate::{Answer, document};

/// Compare two journey documents: touchpoints, standards, owners and targets that changed.
#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// The journey document as it was.
    old: PathBuf,
    /// The journey document as it is now.
    new: PathBuf,
    /// How to write the difference.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Table,
    Json,
}

impl Diff {
    /// A difference is what was asked for, so it is no failure.
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let old = document::read_valid(&self.old)?.journey.context("read the old document")?;
        let new = document::read_valid(&self.new)?.journey.context("read the new document")?;
        let diff = model::diff::diff(&old, &new);
        match self.format {
            Format::Table => write(&diff.to_string(), None)?,
            Format::Json => write(&format!("{}\n", serde_json::to_string_pretty(&diff)?), None)?,
        }
        Ok(Answer::Yes)
    }
}
