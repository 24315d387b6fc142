//! `footpath import`: files of events into a data folder.

use std::fs::File;
use std::path::PathBuf;

use engine::Error;
use engine::lake::Lake;
use engine::quarantine::Quarantine;
use engine::scan::Files;

use crate::elsewhere::Elsewhere;
use crate::output::{count, talk};
use crate::sources::{Selection, percent};
use crate::watching::Watching;
use crate::{Answer, bad_rows};

/// Fill a data folder with events, each file whole or not at all; the same file twice is taken once.
#[derive(Debug, clap::Args)]
#[command(override_usage = "footpath import --data <FOLDER> --events <FILE>... [OPTIONS]")]
pub(crate) struct Import {
    /// The data folder; made if there is none.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    #[command(flatten)]
    elsewhere: Elsewhere,
    /// Files of events: CSV, TSV, JSONL, Parquet or XES, plain, gzip or zstd.
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    events: Vec<PathBuf>,
    /// Which column is which, such as `customer_id=case_id,at=timestamp`; given several times it is for one file each.
    #[arg(long, value_name = "NAME=COLUMN,…")]
    map: Vec<String>,
    /// Time zone of times that carry none, such as `Asia/Kolkata`; UTC when left out.
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Percent of rows that may be unusable before it is a failure.
    #[arg(long, value_name = "PERCENT", default_value_t = 1.0, value_parser = percent)]
    max_bad: f64,
    /// Where unusable rows are kept, if there are any; `FILE.quarantine.csv` in the working folder when left out.
    #[arg(long, value_name = "FILE")]
    quarantine: Option<PathBuf>,
    /// Mebibytes of events kept in memory before they go to temporary files.
    #[arg(long, value_name = "MIB", default_value_t = 512)]
    memory: usize,
}

impl Import {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let selection = Selection {
            events: self.events,
            map: self.map,
            zone: self.zone,
            max_bad: self.max_bad,
            quarantine: self.quarantine,
            memory: self.memory,
            ..Selection::default()
        };
        selection.check_places([], None)?;
        let sources = selection.sources(&[], &[])?;
        // A slip in a name leaves no folder behind.
        for path in selection.events.iter().filter(|path| path.as_os_str() != "-") {
            File::open(path).map_err(|cause| Error::reading(path, cause))?;
        }
        let lake = Lake::open(&self.elsewhere.place(&self.data))?;
        let quarantine = Quarantine::default();
        let watching = Watching::begin()?;
        let files = Files {
            events: &sources.events,
            bad_share: selection.bad_share(),
            memory: selection.memory_bytes(),
            ..Files::none(&quarantine, &watching.watch)
        };
        let imported = lake.import(&files);
        drop(watching);
        for (imported, path) in imported?.iter().zip(&selection.events) {
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
        bad_rows::keep(&quarantine, &selection.quarantine_path())?;
        lake.compact()?;
        let contents = lake.contents()?;
        talk(&format!(
            "{} holds {} in {}, {:.1} bytes an event",
            self.data.display(),
            count(contents.events, "event"),
            count(contents.files, "file"),
            contents.bytes as f64 / contents.events.max(1) as f64
        ));
        Ok(Answer::Yes)
    }
}
