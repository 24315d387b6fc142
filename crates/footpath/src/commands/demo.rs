//! `footpath demo`: examples with data, in a workspace that is served, or each as a page.

mod example;
mod pages;
mod workspace;

use std::path::PathBuf;

use anyhow::Context;

use self::example::Named;
use crate::Answer;
use crate::output::talk;

/// Fill a workspace with example journeys and their data, make a user of each role, and serve it.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// Where to write; what was filled before is served again as it is.
    #[arg(long, value_name = "DIR", default_value = "footpath-demo")]
    out: PathBuf,
    /// Only these examples.
    #[arg(long, value_enum, value_name = "NAME")]
    only: Vec<Named>,
    /// Measure the examples without a server: each becomes a page to open in a browser.
    #[arg(long)]
    pages: bool,
    /// Where to listen.
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:7070",
        conflicts_with = "pages"
    )]
    listen: String,
}

impl Demo {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let chosen = if self.only.is_empty() { Named::ALL.to_vec() } else { self.only };
        std::fs::create_dir_all(&self.out).with_context(|| {
            format!("cannot make the folder {}; name another with --out", self.out.display())
        })?;
        if self.pages {
            return pages::write_all(&chosen, &self.out);
        }
        let data = self.out.join("data");
        if data.exists() {
            talk(&format!("{} was filled before; it is served as it is", data.display()));
        } else {
            workspace::fill(&chosen, &self.out, &self.listen)?;
        }
        workspace::serve(&data, &self.listen)
    }
}
