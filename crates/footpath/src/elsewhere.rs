//! A data folder whose parts lie elsewhere.

use std::path::Path;

use anyhow::bail;
use engine::lake::{Lake, Place};

use crate::{clock, environment};

/// Options that say where the parts of a data folder are, if not in it.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Elsewhere {
    /// The database of the data folder, if it is not a file in it: `postgres://…`.
    #[arg(long, value_name = "URL", requires = "data")]
    pub(crate) database: Option<String>,
    /// An object store in which a new data folder keeps its files: `s3://bucket/prefix`, reached as `AWS_ENDPOINT_URL`,
    /// `AWS_ACCESS_KEY_ID` and so on say. The folder remembers it.
    #[arg(long, value_name = "S3", requires = "data")]
    pub(crate) files: Option<String>,
}

impl Elsewhere {
    /// The whole place of a data folder.
    pub(crate) fn place(&self, folder: &Path) -> Place {
        Place {
            database: self.database.clone(),
            files: self.files.clone(),
            access: environment::access(),
            ..Place::folder(folder, clock::now)
        }
    }

    /// A lake that is there already: a question makes none.
    pub(crate) fn open(&self, folder: &Path) -> anyhow::Result<Lake> {
        if !folder.is_dir() {
            bail!(
                "{}: there is no such data folder; fill one with `footpath import --data {} --events FILE`",
                folder.display(),
                folder.display()
            );
        }
        Ok(Lake::open(&self.place(folder))?)
    }
}
