//! Files of a folder on the disk, and of nothing above it.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// A folder that holds no pages.
#[derive(Debug, PartialEq, Eq)]
pub struct Missing {
    pub folder: PathBuf,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: no index.html in it; name the folder that `cargo xtask web` writes, web/dist",
            self.folder.display()
        )
    }
}

impl std::error::Error for Missing {}

pub(crate) fn read(folder: &Path, path: &str) -> Option<Vec<u8>> {
    let is_inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !is_inside {
        return None;
    }
    // A link inside the folder may lead out of it.
    let whole = fs::canonicalize(folder.join(path)).ok()?;
    whole.starts_with(fs::canonicalize(folder).ok()?).then(|| fs::read(whole).ok())?
}
