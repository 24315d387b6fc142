//! A data folder made out of a copy; who asked to be forgotten since is forgotten again.

use std::fs;
use std::path::Path;

use store::Store;

use super::manifest::Manifest;
use super::{FILES, registry, tables};
use crate::error::Error;
use crate::import::Watch;
use crate::lake::disk::{Disk as _, Folder};
use crate::lake::folder::DataFolder;
use crate::lake::place::Place;
use crate::lake::write::checksum;

/// What restoring came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restored {
    pub rows: u64,
    pub files: u64,
    /// Customers who asked to be forgotten after the copy was made, and are.
    pub forgotten: u64,
}

/// Makes the data folder `place`, which must not be there yet, out of a copy.
pub fn restore(copy: &Path, place: &Place, watch: &Watch) -> Result<Restored, Error> {
    let is_taken = fs::read_dir(&place.folder).is_ok_and(|mut entries| entries.next().is_some());
    if is_taken {
        return Err(Error::caller(format!(
            "{}: there is something here already; restore into a new folder",
            place.folder.display()
        )));
    }
    let manifest = Manifest::read(copy)?;
    let root = copy.parent().filter(|root| !root.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|cause| Error::world("starting the database's timer", cause))?;
    let lock = place.take()?;
    let filled = runtime.block_on(async {
        let mut filling = Store::open_for_restore(&place.database_url(), manifest.step).await?;
        for table in &manifest.tables {
            watch.check()?;
            tables::fill(copy, table, &mut filling).await?;
        }
        put_files(&manifest, root, place, watch)?;
        // Only now is there anything: a restore that is cut short leaves an empty database.
        let store = filling.finish().await?;
        store.close().await;
        Ok(())
    });
    drop(lock);
    if let Err(error) = filled {
        place.leave_begun();
        return Err(error);
    }
    let forgotten = forget_again(root, place)?;
    Ok(Restored { rows: manifest.rows(), files: manifest.files.len() as u64, forgotten })
}

fn put_files(manifest: &Manifest, root: &Path, place: &Place, watch: &Watch) -> Result<(), Error> {
    let (pool, disk) = (Folder::new(&root.join(FILES)), place.disk()?);
    for file in &manifest.files {
        watch.check()?;
        let from = root.join(FILES).join(&file.path);
        let bytes = pool.open(&file.path).and_then(|body| body.bytes());
        let bytes =
            bytes.map_err(|cause| Error::in_file(&from, format!("it cannot be read: {cause}")))?;
        if checksum(&bytes) != file.checksum {
            return Err(Error::in_file(&from, "its bytes have changed since the backup was made"));
        }
        disk.put(&file.path, &bytes)
            .map_err(|cause| Error::world(format!("writing {}", file.path), cause))?;
    }
    Ok(())
}

/// Forgets whom the copy still knew.
fn forget_again(root: &Path, place: &Place) -> Result<u64, Error> {
    let wishes = registry::read(root)?;
    if wishes.is_empty() {
        return Ok(0);
    }
    let folder = DataFolder::open(place)?;
    let mut forgotten = 0;
    let mut workspaces: Vec<&str> = wishes.iter().map(|wish| &*wish.workspace).collect();
    workspaces.dedup();
    for name in workspaces {
        if !folder.has_workspace(name)? {
            continue;
        }
        let lake = folder.lake(name)?;
        for wish in wishes.iter().filter(|wish| wish.workspace == name) {
            forgotten +=
                u64::from(lake.forget_again(wish.customer.cast_unsigned(), wish.asked_at)?);
        }
        lake.forget()?;
    }
    Ok(forgotten)
}
