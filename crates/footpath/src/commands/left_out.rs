//! Commands that this build does not have.

use std::ffi::OsString;

use anyhow::bail;

use crate::Answer;

/// Whatever was asked of a command that is left out.
#[derive(Debug, clap::Args)]
pub(crate) struct LeftOut {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _asked: Vec<OsString>,
}

impl LeftOut {
    pub(crate) fn run(self, command: &str) -> anyhow::Result<Answer> {
        bail!("`footpath {command}` is not in this build; {}", HOW);
    }
}

/// How to have them all.
pub(crate) const HOW: &str =
    "build the one that has it with `cargo build --release -p footpath --features full`";
