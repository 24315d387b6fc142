//! Who asked to be forgotten, kept beside the copies: keys of customers, which nobody can turn into names.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::writing;
use crate::error::Error;
use crate::lake::disk::{Disk as _, Folder};

/// A customer's wish to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Wish {
    pub(super) workspace: String,
    /// The keyed hash, with a sign.
    pub(super) customer: i64,
    pub(super) asked_at: i64,
}

const NAME: &str = "erasures.jsonl";

/// All wishes that copies at `root` know of; of a customer who asked several times the last.
pub(super) fn read(root: &Path) -> Result<Vec<Wish>, Error> {
    let path = root.join(NAME);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(Error::world(format!("reading {}", path.display()), cause)),
    };
    (1..)
        .zip(text.lines())
        .map(|(line, text)| {
            serde_json::from_str(text)
                .map_err(|cause| Error::on_line(&path, line, format!("it is damaged: {cause}")))
        })
        .collect()
}

/// Adds wishes to those that are known.
pub(super) fn add(root: &Path, wishes: &[Wish]) -> Result<(), Error> {
    let mut all: BTreeMap<(String, i64), i64> = BTreeMap::new();
    for wish in read(root)?.iter().chain(wishes) {
        let asked_at = all.entry((wish.workspace.clone(), wish.customer)).or_insert(i64::MIN);
        *asked_at = (*asked_at).max(wish.asked_at);
    }
    let mut text = String::new();
    for ((workspace, customer), asked_at) in all {
        let line = serde_json::to_string(&Wish { workspace, customer, asked_at });
        text.push_str(&line.map_err(|cause| writing(root, cause.into()))?);
        text.push('\n');
    }
    Folder::new(root).put(NAME, text.as_bytes()).map_err(|cause| writing(root, cause))
}
