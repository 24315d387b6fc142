//! `footpath publish`: a data folder as other tools read it.

use std::path::PathBuf;

use crate::Answer;
use crate::output::{count, talk};
use crate::sources::open_lake;

/// Write a DuckLake catalogue of a data folder, which DuckDB attaches and reads.
#[derive(Debug, clap::Args)]
pub(crate) struct Publish {
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// Where the catalogue goes; a file that is not there yet.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Publish {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let lake = open_lake(&self.data)?;
        let events = lake.publish(&self.output, &self.data)?;
        talk(&format!(
            "{}: {} for `ATTACH 'ducklake:sqlite:{}'`",
            self.output.display(),
            count(events, "event"),
            self.output.display()
        ));
        Ok(Answer::Yes)
    }
}
