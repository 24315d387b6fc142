//! `footpath restore`: a data folder out of a copy.

use std::path::PathBuf;

use engine::lake::restore;

use crate::Answer;
use crate::elsewhere::Elsewhere;
use crate::output::{count, talk};
use crate::watching::Watching;

/// Make a new data folder out of a backup, on either kind of database; who asked to be forgotten since is forgotten again.
#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// One copy: a folder that `footpath backup` made.
    #[arg(value_name = "COPY")]
    copy: PathBuf,
    /// The data folder to be made.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    #[command(flatten)]
    elsewhere: Elsewhere,
}

impl Restore {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let watching = Watching::begin()?;
        let restored = restore(&self.copy, &self.elsewhere.place(&self.data), &watching.watch);
        drop(watching);
        let restored = restored?;
        talk(&format!(
            "{}: {} and {}; {} forgotten again",
            self.data.display(),
            count(restored.rows, "row"),
            count(restored.files, "file"),
            count(restored.forgotten, "customer")
        ));
        Ok(Answer::Yes)
    }
}
