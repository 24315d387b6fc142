//! `footpath verify`: whether a data folder is what was written into it.

use std::path::PathBuf;

use crate::Answer;
use crate::output::{count, talk};
use crate::sources::open_lake;
use crate::watching::Watching;

/// Read every byte of a data folder and hold it against what was written; exit code 1 if a file is damaged.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
}

impl Verify {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let lake = open_lake(&self.data)?;
        let watching = Watching::begin()?;
        let verified = lake.verify(&watching.watch);
        drop(watching);
        let verified = verified?;
        for damage in &verified.damage {
            talk(&format!("damaged: {damage}"));
        }
        talk(&format!(
            "{} with {} read, {} damaged",
            count(verified.files, "file"),
            count(verified.events, "event"),
            count(verified.damage.len() as u64, "file")
        ));
        Ok(if verified.damage.is_empty() { Answer::Yes } else { Answer::No })
    }
}
