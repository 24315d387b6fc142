//! `footpath sql`: a data folder asked in SQL.

use std::io::{self, BufWriter, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use engine::lake::{Lake, Tables};
use engine::quarantine::Quarantine;
use engine::scan::Files;
use query::sql::{Form, Limits, ask};

use crate::elsewhere::Elsewhere;
use crate::output::{self, count, talk};
use crate::sources::{Selection, percent};
use crate::watching::Watching;
use crate::{Answer, bad_rows, document};

/// Ask a data folder in SQL: events, and with a journey its instances, visits and checks.
///
/// The tables are `events`; with --journey `instances`, `visits` and `checks`; with --responses `responses`. They can be read and
/// nothing else. `select table_name, column_name, data_type from information_schema.columns` tells what is in them.
#[derive(Debug, clap::Args)]
pub(crate) struct Sql {
    /// One `select` or `explain`, such as "select activity, count(*) from events group by activity".
    question: String,
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    #[command(flatten)]
    elsewhere: Elsewhere,
    /// A journey document: adds instances, visits and checks.
    #[arg(long, value_name = "FILE")]
    journey: Option<PathBuf>,
    /// Files of answers, CSV, JSONL or Parquet: adds responses.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    responses: Vec<PathBuf>,
    /// Which column of the answers is which, such as `customer_id=case_id,at=timestamp`.
    #[arg(long, value_name = "NAME=COLUMN,…")]
    map: Vec<String>,
    /// Time zone of times in answers that carry none, such as `Asia/Kolkata`; UTC when left out.
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// The horizon of the journey: later events are in no instance. The last event's time when left out.
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Percent of answers that may be unusable before it is a failure.
    #[arg(long, value_name = "PERCENT", default_value_t = 1.0, value_parser = percent)]
    max_bad: f64,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write here instead of to standard output.
    #[arg(short, long, value_name = "FILE", visible_alias = "output")]
    out: Option<PathBuf>,
    /// Mebibytes of memory for sorting, grouping and joining; what needs more goes to temporary files where it can.
    #[arg(long, value_name = "MIB", default_value_t = 1024)]
    memory: usize,
    /// Mebibytes of temporary files.
    #[arg(long, value_name = "MIB", default_value_t = 16384)]
    disk: u64,
    /// Seconds that the question may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    time_limit: u64,
    /// Rows that the answer may have.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    max_rows: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
    Parquet,
    Arrow,
}

impl Sql {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let form = self.format.form();
        if !form.is_text() && self.out.is_none() && io::stdout().is_terminal() {
            bail!("--format {:?} is not for people to read; name a file with --out", self.format);
        }
        let selection = self.selection();
        let read = self.responses.iter().chain(&self.journey);
        selection.check_places(read, self.out.as_deref())?;
        let watching = Watching::begin()?;
        let lake = self.elsewhere.open(&self.data)?;
        let tables = self.tables(&lake, &selection, &watching)?;
        let limits = Limits {
            memory: self.memory.saturating_mul(1 << 20),
            disk: self.disk.saturating_mul(1 << 20),
            time: Duration::from_secs(self.time_limit),
            rows: self.max_rows,
        };
        // Whole before anybody sees it: a limit may be met at the last row.
        let whole = tempfile::tempfile().context("make a temporary file")?;
        let mut out = BufWriter::new(&whole);
        let answered = ask(&self.question, tables, &limits, (form, &mut out), &watching.watch);
        let flushed = out.into_inner().map(|_| ());
        drop(watching);
        let rows = answered?;
        flushed.map_err(|failed| failed.into_error()).context("write a temporary file")?;
        output::copy(&whole, self.out.as_deref())?;
        if let Some(out) = &self.out {
            talk(&format!("{}: {}", out.display(), count(rows, "row")));
        }
        Ok(Answer::Yes)
    }

    /// What the command line says as other commands would hear it.
    fn selection(&self) -> Selection {
        Selection {
            data: Some(self.data.clone()),
            map: self.map.clone(),
            zone: self.zone.clone(),
            as_of: self.as_of.clone(),
            max_bad: self.max_bad,
            ..Selection::default()
        }
    }

    fn tables(
        &self,
        lake: &Lake,
        selection: &Selection,
        watching: &Watching,
    ) -> anyhow::Result<Tables> {
        let view = lake.view(None, None)?;
        let mut tables = Tables::of(&view, &watching.watch);
        if let Some(path) = &self.journey {
            let reading = document::read_valid(path)?;
            let journey = reading.journey.as_ref().context("read the journey")?;
            tables = tables.with_journey(&view, journey, &selection.asked(None)?)?;
        }
        if !self.responses.is_empty() {
            let sources = selection.sources(&self.responses, &[])?;
            let quarantine = Quarantine::default();
            let files = Files {
                responses: &sources.responses,
                bad_share: selection.bad_share(),
                ..Files::none(&quarantine, &watching.watch)
            };
            tables = tables.with_answers(&view, &files)?.0;
            let kept = self.responses.first().map_or(Path::new("responses"), PathBuf::as_path);
            let name = kept.file_name().unwrap_or_default().to_string_lossy().into_owned();
            bad_rows::keep(&quarantine, Path::new(&format!("{name}.quarantine.csv")))?;
        }
        Ok(tables)
    }
}

impl Format {
    fn form(self) -> Form {
        match self {
            Self::Table => Form::Table,
            Self::Csv => Form::Csv,
            Self::Json => Form::Json,
            Self::Parquet => Form::Parquet,
            Self::Arrow => Form::Arrow,
        }
    }
}
