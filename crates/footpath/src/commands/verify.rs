//! `footpath verify`: whether a data folder is what was written into it.

use std::path::PathBuf;

use crate::Answer;
use crate::elsewhere::Elsewhere;
use crate::output::{count, talk};
use crate::watching::Watching;

/// Read every byte of a data folder and hold it against what was written; exit code 1 if something is damaged.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    #[command(flatten)]
    elsewhere: Elsewhere,
}

impl Verify {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let lake = self.elsewhere.open(&self.data)?;
        let watching = Watching::begin()?;
        let verified = lake.verify(&watching.watch);
        drop(watching);
        let verified = verified?;
        for damage in &verified.damage {
            talk(&format!("damaged: {damage}"));
        }
        for damage in &verified.database {
            talk(&format!("damaged: the database: {damage}"));
        }
        talk(&format!(
            "{} with {} read, {} damaged",
            count(verified.files, "file"),
            count(verified.events, "event"),
            count(verified.damage.len() as u64, "file")
        ));
        Ok(if verified.is_sound() { Answer::Yes } else { Answer::No })
    }
}
