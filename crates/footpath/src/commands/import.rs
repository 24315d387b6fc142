//! `footpath import`: files of events into a data folder.

use std::path::PathBuf;

use engine::lake::{Lake, Place};
use engine::quarantine::Quarantine;
use engine::scan::Files;

use crate::output::{count, talk};
use crate::sources::Selection;
use crate::watching::Watching;
use crate::{Answer, bad_rows};

/// Fill a data folder with events, each file whole or not at all; the same file twice is taken once.
#[derive(Debug, clap::Args)]
#[command(override_usage = "footpath import --into <FOLDER> --events <FILE>... [OPTIONS]")]
pub(crate) struct Import {
    /// The data folder; made if there is none.
    #[arg(long, value_name = "FOLDER")]
    into: PathBuf,
    #[command(flatten)]
    selection: Selection,
}

impl Import {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        self.selection.check_places([], None)?;
        let sources = self.selection.sources(&[], &[])?;
        let quarantine = Quarantine::default();
        let lake = Lake::open(&Place::folder(&self.into))?;
        let watching = Watching::begin()?;
        let files = Files {
            events: &sources.events,
            lake: None,
            responses: &[],
            complaints: &[],
            bad_share: self.selection.bad_share(),
            memory: self.selection.memory_bytes(),
            quarantine: &quarantine,
            watch: &watching.watch,
        };
        let imported = lake.import(&files);
        drop(watching);
        for (imported, path) in imported?.iter().zip(&self.selection.events) {
            let told = match &imported.read {
                None => "was imported before; nothing to do".to_owned(),
                Some(_) => {
                    let (events, files) =
                        (count(imported.events, "event"), count(imported.files, "file"));
                    format!("{events} into {files}")
                }
            };
            talk(&format!("{}: {told}", path.display()));
        }
        bad_rows::keep(&quarantine, &self.selection.quarantine_path())?;
        lake.compact()?;
        let contents = lake.contents()?;
        talk(&format!(
            "{} holds {} in {}, {:.1} bytes an event",
            self.into.display(),
            count(contents.events, "event"),
            count(contents.files, "file"),
            contents.bytes as f64 / contents.events.max(1) as f64
        ));
        Ok(Answer::Yes)
    }
}
