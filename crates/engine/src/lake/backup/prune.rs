//! Whether a copy is what was written, and older copies taken away.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::manifest::Manifest;
use super::{FILES, tables, writing};
use crate::error::Error;
use crate::import::Watch;
use crate::lake::write::checksum;

/// Reads every byte of a copy; gives back a sentence for each damage.
pub fn check_backup(copy: &Path, watch: &Watch) -> Result<Vec<String>, Error> {
    let manifest = Manifest::read(copy)?;
    let root = copy.parent().filter(|root| !root.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut damage = Vec::new();
    for table in &manifest.tables {
        watch.check()?;
        if let Err(error) = tables::check(copy, table) {
            damage.push(error.to_string());
        }
    }
    for file in &manifest.files {
        watch.check()?;
        let path = root.join(FILES).join(&file.path);
        match fs::read(&path) {
            Ok(bytes) if checksum(&bytes) == file.checksum => {}
            Ok(_) => damage.push(format!("{}: its bytes have changed", path.display())),
            Err(cause) => damage.push(format!("{}: it cannot be read: {cause}", path.display())),
        }
    }
    Ok(damage)
}

/// Takes away all copies but the last `keep`, and files that no copy has; gives back how many copies went.
pub fn prune_backups(root: &Path, keep: usize) -> Result<u64, Error> {
    let mut copies = copies(root)?;
    let gone = copies.len().saturating_sub(keep.max(1));
    let kept = copies.split_off(gone);
    for copy in &copies {
        fs::remove_dir_all(copy).map_err(|cause| writing(copy, cause))?;
    }
    let mut used: HashSet<PathBuf> = HashSet::new();
    for copy in &kept {
        let files = Manifest::read(copy)?.files;
        used.extend(files.iter().map(|file| root.join(FILES).join(&file.path)));
    }
    if gone > 0 {
        sweep(&root.join(FILES), &used)?;
    }
    Ok(copies.len() as u64)
}

/// Whole copies, oldest first: their names begin with the moment.
fn copies(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let reading = |cause| Error::world(format!("reading {}", root.display()), cause);
    let mut copies = Vec::new();
    for entry in fs::read_dir(root).map_err(reading)? {
        let path = entry.map_err(reading)?.path();
        if path.join("manifest.json").is_file() {
            copies.push(path);
        }
    }
    copies.sort();
    Ok(copies)
}

fn sweep(folder: &Path, used: &HashSet<PathBuf>) -> Result<(), Error> {
    let failed = |cause| writing(folder, cause);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            sweep(&path, used)?;
        } else if !used.contains(&path) {
            fs::remove_file(&path).map_err(failed)?;
        }
    }
    Ok(())
}
