//! `footpath openapi`: the description of the server's routes.

use crate::Answer;
use crate::output::write;

/// Write the OpenAPI document of the server.
#[derive(Debug, clap::Args)]
pub(crate) struct Openapi {}

impl Openapi {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        write(&server::openapi_text(), None)?;
        Ok(Answer::Yes)
    }
}
