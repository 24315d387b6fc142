//! `footpath check`: validate documents.

use std::path::PathBuf;

use anyhow::bail;
use model::document::Severity;

use crate::output::{count, talk, write};
use crate::{Answer, document};

/// Validate journey documents: every problem with its line, column and a suggestion.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Journey documents, YAML or JSON.
    #[arg(required = true, value_name = "JOURNEY")]
    journeys: Vec<PathBuf>,
    /// Say nothing of documents that are valid, and hold warnings back.
    #[arg(long)]
    quiet: bool,
}

impl Check {
    /// Every document is looked at, whatever is wrong with the others.
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let mut answer = Answer::Yes;
        let mut unread = 0;
        for path in &self.journeys {
            let reading = match document::read(path) {
                Ok(reading) => reading,
                Err(error) => {
                    talk(&format!("error: {error:#}"));
                    unread += 1;
                    continue;
                }
            };
            let problems = reading.problems.iter();
            for problem in problems.filter(|it| !self.quiet || it.severity == Severity::Error) {
                talk(&format!("{}:{problem}", path.display()));
            }
            let errors = count(reading.errors().count() as u64, "error");
            let warnings = reading.warnings().count() as u64;
            if !reading.is_valid() {
                answer = Answer::No;
                let warnings = count(warnings, "warning");
                talk(&format!("{}: not valid; {errors} and {warnings}", path.display()));
            } else if let Some(journey) = reading.journey.filter(|_| !self.quiet) {
                let touchpoints = count(journey.touchpoints().count() as u64, "touchpoint");
                let standards = count(journey.all_standards().count() as u64, "standard");
                let warned = if warnings > 0 {
                    format!(", {}", count(warnings, "warning"))
                } else {
                    String::new()
                };
                let line =
                    format!("{}: valid; {touchpoints}, {standards}{warned}\n", path.display());
                write(&line, None)?;
            }
        }
        if unread > 0 {
            bail!("{} could not be read", count(unread, "document"));
        }
        Ok(answer)
    }
}
