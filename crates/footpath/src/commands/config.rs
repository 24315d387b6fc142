//! `footpath config`: the settings of the server, and where each comes from.

use std::fmt::Write as _;

use server::From;

use crate::Answer;
use crate::commands::serve::Chosen;
use crate::output::write;

/// Show every setting of the server and where its value comes from.
#[derive(Debug, clap::Args)]
pub(crate) struct Config {
    #[command(flatten)]
    chosen: Chosen,
}

impl Config {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let effective = self.chosen.resolve()?;
        let mut text = String::new();
        for setting in effective.config.settings() {
            let from = match effective.from.get(setting.name) {
                Some(From::File) => "file",
                Some(From::Environment) => "environment",
                Some(From::Flag) => "flag",
                Some(From::Default) | None => "default",
            };
            writeln!(
                text,
                "{:<18} {:<32} {from:<12} {}",
                setting.name, setting.value, setting.doc
            )?;
        }
        write(&text, None)?;
        Ok(Answer::Yes)
    }
}
