//! `footpath completions`: for the shell.

use clap_complete::Shell;

use crate::Answer;
use crate::output::write;

/// Print completions for a shell.
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, command: &mut clap::Command) -> anyhow::Result<Answer> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, command, "footpath", &mut script);
        write(&String::from_utf8(script)?, None)?;
        Ok(Answer::Yes)
    }
}
