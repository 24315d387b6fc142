//! `footpath check`: validate documents.

use std::path::PathBuf;

use crate::output::{talk, write};
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
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let mut answer = Answer::Yes;
        for path in &self.journeys {
            let reading = document::read(path)?;
            let shown = reading.problems.iter().filter(|problem| !self.quiet || problem.severity == model::document::Severity::Error);
            for problem in shown {
                talk(&format!("{}:{problem}", path.display()));
            }
            let (errors, warnings) = (reading.errors().count(), reading.warnings().count());
            if !reading.is_valid() {
                answer = Answer::No;
                talk(&format!("{}: {} and {}", path.display(), count(errors, "error"), count(warnings, "warning")));
            } else if let Some(journey) = reading.journey.filter(|_| !self.quiet) {
                let touchpoints = count(journey.touchpoints().count(), "touchpoint");
                let standards = count(journey.all_standards().count(), "standard");
                let warned = if warnings > 0 { format!(", {}", count(warnings, "warning")) } else { String::new() };
                write(&format!("{}: valid; {touchpoints}, {standards}{warned}\n", path.display()), None)?;
            }
        }
        Ok(answer)
    }
}

fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
