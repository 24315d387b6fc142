//! `footpath measure`: a journey held against events and answers.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, bail};
use engine::lake::{Elsewhere, OnPart, Task};
use engine::measure::{Answered, Asked, Document, measure};
use engine::quarantine::Quarantine;
use engine::scan::Files;
use model::journey::{Journey, Scalar};
use model::resolve::Resolved;
use report::answers::Known;
use report::document::{Report, Verdict};
use report::render;

use crate::output::{count, talk, write};
use crate::population::population;
use crate::sources::Selection;
use crate::watching::Watching;
use crate::{Answer, bad_rows, document, on_cluster};

/// Measure a designed journey against real events and answers.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "footpath measure <JOURNEY> --events <FILE>... [OPTIONS]",
    after_help = "Name the journey first: what follows `--events` is taken for a file of events."
)]
pub(crate) struct Measure {
    /// The journey document; `-` is standard input.
    #[arg(value_name = "JOURNEY")]
    pub(crate) journey: PathBuf,
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Files of answers: CSV, JSONL or Parquet.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub(crate) responses: Vec<PathBuf>,
    /// Files of complaints: CSV, JSONL or Parquet with `text`, and `customer_id`, `at`, `touchpoint`, `severity` where known.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub(crate) complaints: Vec<PathBuf>,
    /// Sheets of comments coded by hand, as `footpath words sample` makes them.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub(crate) codes: Vec<PathBuf>,
    /// How many customers there are by a column of the answers: `segment=family:900,young:640`, or a file with that column
    /// and `customers`. Scores are shown weighed beside those as answered.
    #[arg(long, value_name = "FILE|ATTRIBUTE=VALUE:COUNT,…")]
    pub(crate) population: Option<String>,
    /// How many customers were asked about the whole journey in the period: says what silence could make of the score.
    #[arg(long, value_name = "N")]
    pub(crate) invited: Option<u64>,
    /// Only instances of which this holds, such as `region=north,channel=app`.
    #[arg(long, value_name = "ATTRIBUTE=VALUE,…")]
    pub(crate) segment: Option<String>,
    /// Hold defects against leaving within strata as well, such as `region=north|south`; with the attribute alone, by the
    /// values that the document's personas name.
    #[arg(long, value_name = "ATTRIBUTE[=VALUE|…]")]
    pub(crate) strata: Option<String>,
    /// Compare answers by this column of theirs: each of its values against all others together.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) compare: Option<String>,
    /// Compare what came since this moment with what came before it; the last month that is over with the one before it when
    /// left out.
    #[arg(long, value_name = "TIME")]
    pub(crate) compare_period: Option<String>,
    /// Plans of changes: whether each brought what it was to bring.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub(crate) plan: Vec<PathBuf>,
    /// Measure the data folder on the cluster of this scheduler, such as `df://10.0.0.1:50050`.
    #[arg(long, value_name = "URL", requires = "data")]
    pub(crate) cluster: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Write here instead of to standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 1 when a standard is defective.
    #[arg(long)]
    pub(crate) fail_on_defect: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
    Html,
    Markdown,
}

impl Measure {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let told = self.responses.iter().chain(&self.complaints).chain(&self.codes);
        let read = [&self.journey].into_iter().chain(told).chain(&self.plan);
        self.selection.check_places(read, self.output.as_deref())?;
        let reading = document::read_valid(&self.journey)?;
        let journey = reading.journey.as_ref().context("read the journey")?;
        let resolved = Resolved::of(journey);
        let document = Document { path: &self.journey, reading: &reading, journey: &resolved };
        let sources = self.selection.sources(&self.responses, &self.complaints)?;
        let codes = self.selection.codes(&self.codes)?;
        let asked = self.asked(journey)?;
        let quarantine = Quarantine::default();
        let watching = Watching::begin()?;
        let lake = self.selection.lake()?;
        let view = lake.as_ref().map(|lake| asked.view(lake)).transpose()?;
        let deliver = |tasks: Vec<Task>, on_part: &mut OnPart<'_>| {
            let address = self.cluster.as_deref().unwrap_or_default();
            on_cluster::deliver(address, &tasks, (&watching.watch, &talk), on_part)
        };
        let files = Files {
            events: &sources.events,
            lake: view.as_ref(),
            elsewhere: self.cluster.as_ref().map(|_| Elsewhere { deliver: &deliver }),
            responses: &sources.responses,
            complaints: &sources.complaints,
            codes: &codes,
            bad_share: self.selection.bad_share(),
            memory: self.selection.memory_bytes(),
            ..Files::none(&quarantine, &watching.watch)
        };
        let answered = measure(document, &files, &asked);
        drop(watching);
        let answered = answered?;
        say(&answered);
        bad_rows::keep(&quarantine, &self.selection.quarantine_path())?;
        let text = match self.format {
            Format::Table => render::text(Some(journey), &answered.report),
            Format::Json => render::json(&answered.report),
            Format::Html => render::html(Some(journey), &answered.report),
            Format::Markdown => render::markdown(Some(journey), &answered.report),
        };
        write(&text, self.output.as_deref())?;
        let defective = defective(&answered.report);
        if !self.fail_on_defect || defective.is_empty() {
            return Ok(Answer::Yes);
        }
        talk(&format!("defective: {}", defective.join(", ")));
        Ok(Answer::No)
    }

    fn asked(&self, journey: &Journey) -> anyhow::Result<Asked> {
        let population = self.population.as_deref().map(population).transpose()?;
        let plans = self.plan.iter().map(|path| document::read_plan(path, journey));
        let strata = self.strata.as_deref().map(|text| strata(text, journey));
        Ok(Asked {
            strata: strata.transpose()?,
            compare: self.compare.clone(),
            since: self.selection.time("compare-period", self.compare_period.as_deref())?,
            plans: plans.collect::<anyhow::Result<_>>()?,
            known: Known { population, invited: self.invited },
            ..self.selection.asked(self.segment.as_deref())?
        })
    }
}

/// An attribute and the values that make strata.
fn strata(text: &str, journey: &Journey) -> anyhow::Result<(String, Vec<String>)> {
    if journey.outcomes.retained.is_none() {
        bail!(
            "--strata {text}: the document does not say what it is to stay, so there is nothing to compare; write it under \
             `outcomes`, such as `retained: {{again: paid, within: 60d}}`"
        );
    }
    let (name, values) = text.split_once('=').unwrap_or((text, ""));
    let name = name.trim();
    if name.is_empty() {
        bail!(
            "--strata: `{text}` names no attribute; write `attribute` or `attribute=value|value`"
        );
    }
    let named = values.split('|').map(|value| value.trim().to_owned());
    let mut values: Vec<String> = if values.is_empty() {
        let segments = journey.personas.iter().filter_map(|persona| persona.segment.as_ref());
        let own = segments.filter(|segment| segment.attribute == name);
        own.flat_map(|segment| segment.values.iter().map(Scalar::text)).collect()
    } else {
        named.filter(|value| !value.is_empty()).collect()
    };
    let mut seen = BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
    if values.is_empty() {
        bail!(
            "--strata {text}: no persona of the document names a value of `{name}`; write the values, such as \
             `{name}=north|south`"
        );
    }
    Ok((name.to_owned(), values))
}

/// Ids of the standards that are proven broken.
fn defective(report: &Report) -> Vec<&str> {
    let standards = report.standards.iter();
    let defective = standards.filter(|standard| standard.verdict == Verdict::Defective);
    defective.map(|standard| standard.id.as_str()).collect()
}

/// What the reader of the result should know first.
pub(crate) fn say(answered: &Answered) {
    for read in &answered.reads {
        let file = read.path.display();
        for note in &read.notes {
            talk(&format!("note: {file}: {note}"));
        }
        if read.rows_at_epoch > 0 {
            let events = count(read.rows_at_epoch, "event");
            talk(&format!(
                "note: {file}: {events} at 1970-01-01T00:00:00Z to the second: most likely the time is missing there"
            ));
        }
        for (name, unreadable) in &read.unreadable {
            let values = count(*unreadable, "value");
            talk(&format!(
                "note: {file}: {values} of `{name}` could not be read, taken as missing"
            ));
        }
    }
    for note in &answered.notes {
        talk(&format!("note: {note}"));
    }
}
