//! `footpath backup`: a copy of a data folder, which may be in use.

use std::path::PathBuf;

use engine::lake::{back_up, check_backup, prune_backups};

use crate::elsewhere::Elsewhere;
use crate::output::{count, talk};
use crate::watching::Watching;
use crate::{Answer, clock};

/// Copy a data folder, while a server works on it or not; each file of events is kept once for all copies.
#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    #[command(flatten)]
    elsewhere: Elsewhere,
    /// Where copies are kept, each in a folder that is named after the moment.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Take older copies away, so that so many are left.
    #[arg(long, value_name = "COPIES")]
    keep: Option<usize>,
    /// Read the copy again when it is made, and hold every byte against its checksum.
    #[arg(long)]
    check: bool,
}

impl Backup {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let now = jiff::Timestamp::from_microsecond(clock::now())?;
        let name = now.strftime("%Y-%m-%dT%H%M%SZ").to_string();
        let watching = Watching::begin()?;
        let made = back_up(&self.elsewhere.place(&self.data), &self.to, &name, &watching.watch)?;
        let copy = self.to.join(&name);
        let damage = if self.check { check_backup(&copy, &watching.watch)? } else { Vec::new() };
        drop(watching);
        for damage in &damage {
            talk(&format!("damaged: {damage}"));
        }
        talk(&format!(
            "{}: {} and {}, of which {} new ({:.1} MB)",
            copy.display(),
            count(made.rows, "row"),
            count(made.files, "file"),
            made.new_files,
            made.new_bytes as f64 / 1e6
        ));
        if let Some(keep) = self.keep {
            let gone = prune_backups(&self.to, keep)?;
            talk(&format!("{} taken away", count(gone, "older copy").replace("copys", "copies")));
        }
        Ok(if damage.is_empty() { Answer::Yes } else { Answer::No })
    }
}
