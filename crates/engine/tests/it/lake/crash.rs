//! What an interrupted step leaves behind is not seen, and is gone when the lake is opened again.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use engine::lake::disk::{Body, Disk, Folder};
use engine::lake::{Lake, Place};

use super::{Happened, clock, open, request};

/// A disk whose n-th call fails, once or from then on.
#[derive(Debug)]
struct Failing {
    under: Folder,
    left: AtomicU64,
    for_good: bool,
}

impl Failing {
    fn call(&self) -> io::Result<()> {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            Some(if self.for_good { left.saturating_sub(1) } else { left.wrapping_sub(1) })
        });
        match left {
            Ok(0 | 1) if self.for_good => Err(io::Error::other("the disk is broken")),
            Ok(1) => Err(io::Error::other("the disk failed once")),
            _ => Ok(()),
        }
    }
}

impl Disk for Failing {
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.call()?;
        self.under.put(path, bytes)
    }

    fn open(&self, path: &str) -> io::Result<Body> {
        self.call()?;
        self.under.open(path)
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        self.call()?;
        self.under.delete(path)
    }

    fn address(&self) -> String {
        self.under.address()
    }
}

fn events(from: u64) -> Vec<Happened> {
    (from..from + 24)
        .map(|n| {
            (
                n % 4,
                n as i64 * 2500,
                ["came", "served", "left"][n as usize % 3],
                "web",
                "north",
                n + 1,
            )
        })
        .collect()
}

fn files_below(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let below = entries.map(|entry| entry.unwrap().path());
    below.map(|path| if path.is_dir() { files_below(&path) } else { 1 }).sum()
}

/// Flush, more events, flush, compact, erase: the n-th call to the disk fails, and nothing is lost or doubled.
fn attempt(nth: u64, for_good: bool) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::folder(folder.path(), clock);
    let disk = Arc::new(Failing {
        under: Folder::new(folder.path()),
        left: AtomicU64::new(nth),
        for_good,
    });
    let lake = Lake::open_on(&place, Arc::clone(&disk) as Arc<dyn Disk>, None).unwrap();
    let append = |from| lake.append(&[request(&lake, &events(from))]).unwrap();
    append(0);
    let mut failures = 0;
    failures += u64::from(lake.flush().is_err());
    append(24);
    failures += u64::from(lake.flush().is_err());
    failures += u64::from(lake.compact().is_err());
    let erased = lake.erase("3");
    failures += u64::from(erased.is_err());
    drop(lake);
    let lake = open(folder.path());
    lake.forget().unwrap();
    let kept: Vec<u64> = (0..48).filter(|n| n % 4 != 3).collect();
    assert_eq!(lake.view(None, None).unwrap().ids().unwrap().len(), kept.len(), "call {nth}");
    lake.flush().unwrap();
    lake.compact().unwrap();
    let ids = lake.view(None, None).unwrap().ids().unwrap();
    let mut expected: Vec<u64> =
        kept.iter().map(|n| engine::import::hash(format!("e{}", n + 1).as_bytes())).collect();
    expected.sort_unstable();
    assert_eq!(ids, expected, "call {nth}");
    drop(lake);
    let lake = open(folder.path());
    let contents = lake.contents().unwrap();
    assert_eq!(files_below(&folder.path().join("events")) as u64, contents.files, "remnants stay");
    assert_eq!(lake.verify(&Default::default()).unwrap().damage, Vec::<String>::new());
    failures > 0
}

#[test]
fn any_call_to_the_disk_may_fail() {
    for for_good in [false, true] {
        let mut nth = 1;
        while attempt(nth, for_good) {
            nth += 1;
        }
        assert!(nth > 10, "only {nth} calls were tried");
    }
}
