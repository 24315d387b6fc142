//! `footpath words`: comments for people to code, so that what the program finds can be held against them.

use std::path::PathBuf;

use anyhow::{Context, bail};
use engine::coding::sample;
use engine::quarantine::Quarantine;
use engine::scan::Files;
use model::resolve::Resolved;

use crate::output::{count, talk, write};
use crate::sources::Selection;
use crate::watching::Watching;
use crate::{Answer, bad_rows, document};

/// Work with what customers write.
#[derive(Debug, clap::Args)]
pub(crate) struct Words {
    #[command(subcommand)]
    work: Work,
}

#[derive(Debug, clap::Subcommand)]
enum Work {
    Sample(Sample),
}

/// Draw comments at random and write a sheet on which people say yes or no to each theme; `measure --codes` reads it back.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "footpath words sample <JOURNEY> --responses <FILE>... [OPTIONS] -o <FILE>",
    after_help = "Give a copy of the sheet to each coder, who fills in `coder`. Do not show them a report before."
)]
struct Sample {
    /// The journey document with the themes; `-` is standard input.
    #[arg(value_name = "JOURNEY")]
    journey: PathBuf,
    /// Files of answers: CSV, JSONL or Parquet.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    responses: Vec<PathBuf>,
    /// Files of complaints: CSV, JSONL or Parquet.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    complaints: Vec<PathBuf>,
    /// At least so many comments; customers are drawn with everything that they wrote.
    #[arg(short, value_name = "N", default_value_t = 200)]
    n: usize,
    /// Another number draws other customers.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Which column is which; given several times it is for one file each, responses first, then complaints.
    #[arg(long, value_name = "NAME=COLUMN,…")]
    map: Vec<String>,
    /// Time zone of times that carry none, such as `Asia/Kolkata`; UTC when left out.
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Write here instead of to standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Words {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        match self.work {
            Work::Sample(sample) => sample.run(),
        }
    }
}

impl Sample {
    fn run(self) -> anyhow::Result<Answer> {
        if self.responses.is_empty() && self.complaints.is_empty() {
            bail!("there is nothing to draw from; give --responses or --complaints");
        }
        if self.n == 0 {
            bail!("-n 0: a sheet without a comment says nothing; leave -n out for 200");
        }
        let first = self.responses.first().or(self.complaints.first()).cloned();
        let selection = Selection { map: self.map, zone: self.zone, ..Selection::default() };
        let read = [&self.journey].into_iter().chain(&self.responses).chain(&self.complaints);
        selection.check_places(read, self.output.as_deref())?;
        let reading = document::read_valid(&self.journey)?;
        let journey = reading.journey.as_ref().context("read the journey")?;
        let sources = selection.sources(&self.responses, &self.complaints)?;
        let quarantine = Quarantine::default();
        let watching = Watching::begin()?;
        let files = Files {
            responses: &sources.responses,
            complaints: &sources.complaints,
            bad_share: selection.bad_share(),
            memory: selection.memory_bytes(),
            ..Files::none(&quarantine, &watching.watch)
        };
        let drawn = sample(&Resolved::of(journey), &files, self.n, self.seed);
        drop(watching);
        let (sheet, _) = drawn?;
        let selection = Selection { events: first.into_iter().collect(), ..selection };
        bad_rows::keep(&quarantine, &selection.quarantine_path())?;
        write(&sheet.csv, self.output.as_deref())?;
        talk(&format!(
            "{} of {} by {}; write yes or no under each theme, and give the sheet to measure with --codes",
            sheet.comments,
            count(sheet.of as u64, "comment"),
            count(sheet.customers as u64, "customer")
        ));
        Ok(Answer::Yes)
    }
}
