//! `footpath discover`: no journey yet; what do customers walk?

use std::path::PathBuf;

use engine::discover::{FunnelAsked, discover, parse_funnel};
use engine::quarantine::Quarantine;
use engine::scan::Files;
use report::render;

use crate::commands::measure::say;
use crate::output::write;
use crate::sources::{Selection, stem};
use crate::watching::Watching;
use crate::{Answer, bad_rows};

/// See what customers walk before there is a journey; `--format yaml` writes a draft document to begin from.
#[derive(Debug, clap::Args)]
#[command(override_usage = "footpath discover --events <FILE>... [OPTIONS]")]
pub(crate) struct Discover {
    #[command(flatten)]
    selection: Selection,
    /// A funnel such as `visit > cart,basket > pay within 3d`; may be given several times.
    #[arg(long, value_name = "STEPS")]
    funnel: Vec<String>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write here instead of to standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Table,
    Json,
    Html,
    Yaml,
}

impl Discover {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        self.selection.check_places([], self.output.as_deref())?;
        let sources = self.selection.sources(&[], &[])?;
        let asked = self.selection.asked(None)?;
        let funnels: Vec<FunnelAsked> =
            self.funnel.iter().map(|text| parse(text)).collect::<anyhow::Result<_>>()?;
        let quarantine = Quarantine::default();
        let watching = Watching::begin()?;
        let lake = self.selection.lake()?;
        let view = lake.as_ref().map(|lake| asked.view(lake)).transpose()?;
        let files = Files {
            events: &sources.events,
            lake: view.as_ref(),
            bad_share: self.selection.bad_share(),
            memory: self.selection.memory_bytes(),
            ..Files::none(&quarantine, &watching.watch)
        };
        let name = self.selection.named().map_or_else(String::new, |path| stem(path));
        let discovered = discover(&files, &asked, &funnels, &name);
        drop(watching);
        let discovered = discovered?;
        say(&discovered.answered);
        bad_rows::keep(&quarantine, &self.selection.quarantine_path())?;
        let report = &discovered.answered.report;
        let text = match self.format {
            Format::Table => render::text(None, report),
            Format::Json => render::json(report),
            Format::Html => render::html(None, report),
            Format::Yaml => model::write::write(&discovered.draft),
        };
        write(&text, self.output.as_deref())?;
        Ok(Answer::Yes)
    }
}

fn parse(text: &str) -> anyhow::Result<FunnelAsked> {
    parse_funnel(text).map_err(|why| anyhow::anyhow!("--funnel {why}"))
}
