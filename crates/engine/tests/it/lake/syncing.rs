//! What a folder syncs, call by call.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use engine::lake::disk::system::{FileSystem, Machine, Unsynced};
use engine::lake::disk::{Body, Disk as _, Folder};

/// The file system of this machine, with a list of the folders that were synced; the process may end before a sync.
#[derive(Debug, Default)]
struct Noting {
    synced: Mutex<Vec<PathBuf>>,
    ends_before: Option<PathBuf>,
}

impl FileSystem for Noting {
    fn create(&self, file: &Path) -> io::Result<Box<dyn Unsynced>> {
        Machine.create(file)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Machine.rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        Machine.remove(file)
    }

    fn open(&self, file: &Path) -> io::Result<Body> {
        Machine.open(file)
    }

    fn is_folder(&self, folder: &Path) -> bool {
        Machine.is_folder(folder)
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        Machine.create_folder(folder)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if self.ends_before.as_deref() == Some(folder) {
            return Err(io::Error::other("the process ended"));
        }
        self.synced.lock().unwrap().push(folder.to_owned());
        Machine.sync_folder(folder)
    }
}

#[test]
fn a_folder_that_another_process_made_is_written_down_before_a_file_is_put_into_it() {
    let root = tempfile::tempdir().unwrap();
    let month = root.path().join("month");
    let dying = Arc::new(Noting { ends_before: Some(month.clone()), ..Noting::default() });
    let first = Folder::on(root.path(), Arc::clone(&dying) as Arc<dyn FileSystem>);
    first.put("month/bucket/a", b"a").unwrap_err();
    assert!(month.join("bucket").is_dir());
    // The folder is there, and nobody knows whether its name is.
    let noting = Arc::new(Noting::default());
    let second = Folder::on(root.path(), Arc::clone(&noting) as Arc<dyn FileSystem>);
    let synced = || std::mem::take(&mut *noting.synced.lock().unwrap());
    second.put("month/bucket/a", b"a").unwrap();
    assert_eq!(synced(), [root.path().to_owned(), month.clone(), month.join("bucket")]);
    // Once is enough.
    second.put("month/bucket/b", b"b").unwrap();
    assert_eq!(synced(), [month.join("bucket")]);
    second.delete("month/bucket/b").unwrap();
    assert_eq!(synced(), [month.join("bucket")]);
    second.delete("absent/c").unwrap();
    assert_eq!(synced(), [] as [PathBuf; 0]);
}
