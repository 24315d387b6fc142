//! `footpath publish`: a data folder as other tools read it.

use std::path::PathBuf;

use crate::Answer;
use crate::elsewhere::Elsewhere;
use crate::output::{count, talk};

/// Write a DuckLake catalogue of a data folder, which DuckDB attaches and reads.
#[derive(Debug, clap::Args)]
pub(crate) struct Publish {
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    #[command(flatten)]
    elsewhere: Elsewhere,
    /// Where the catalogue goes; a file that is not there yet.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Publish {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let lake = self.elsewhere.open(&self.data)?;
        let events = lake.publish(&self.output)?;
        talk(&format!(
            "{}: {} for `ATTACH 'ducklake:sqlite:{}'`",
            self.output.display(),
            count(events, "event"),
            self.output.display()
        ));
        Ok(Answer::Yes)
    }
}
