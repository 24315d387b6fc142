//! R3: a full disk does no damage, is told in words, and needs no restart once there is room again.
//!
//! A small file system in memory is filled to the brim at a random point while a lake with its database works on it.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use engine::import::Watch;
use engine::lake::{Lake, Place};
use tempfile::TempDir;

use crate::events::{self, Numbered, draw, lost_and_doubled};
use crate::random::Random;
use crate::{now, say};

const SIZE: &str = "64m";
/// Rounds after which a new lake begins, so that its own growth does not fill the disk.
const ROUNDS: u32 = 10;
/// Bytes that are free at most when work begins.
const ROOM: u64 = 2 << 20;
const MOST_DEEDS: u32 = 60;
const BATCH: u64 = 300;
const CUSTOMERS: u64 = 60;
/// µs; events lie in two months.
const SPAN: u64 = 30 * 86_400_000_000;

/// Fills the disk so often; whether all was sound. `None`: no such disk can be had here.
pub(crate) fn run(rounds: u32, seed: u64) -> anyhow::Result<Option<bool>> {
    let since = Instant::now();
    let disk = match SmallDisk::mount() {
        Ok(disk) => disk,
        Err(why) => {
            say(&format!("R3: not tried: {why}"))?;
            return Ok(None);
        }
    };
    let scratch = tempfile::tempdir()?;
    let mut found = Found::default();
    for first in (0..rounds).step_by(ROUNDS as usize) {
        let mut trial = Trial::begin(&disk, scratch.path(), seed + u64::from(first))?;
        for _ in first..rounds.min(first + ROUNDS) {
            trial.round(&mut found)?;
        }
    }
    say(&format!(
        "R3: full {} times, {} failures told ({} by the database, {} by files), {} events acknowledged; {} lost or doubled, \
         {} files damaged, {} failures without the right words, {:.1} s",
        found.rounds,
        found.by_database + found.by_files,
        found.by_database,
        found.by_files,
        found.events,
        found.wrong,
        found.damaged,
        found.unclear,
        since.elapsed().as_secs_f64()
    ))?;
    ensure!(found.by_database + found.by_files > 0, "the disk was never full: nothing was tried");
    Ok(Some(found.wrong + found.damaged + found.unclear == 0))
}

#[derive(Debug, Default)]
struct Found {
    rounds: u64,
    by_database: u64,
    by_files: u64,
    events: u64,
    wrong: u64,
    damaged: u64,
    unclear: u64,
}

/// A file system of a few MiB, gone with this value.
pub(crate) struct SmallDisk {
    pub(crate) folder: TempDir,
}

impl SmallDisk {
    pub(crate) fn mount() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={SIZE}"), "tmpfs"]).arg(folder.path());
        let done = mount.output().context("mount")?;
        ensure!(
            done.status.success(),
            "a small disk needs the right to mount one ({})",
            String::from_utf8_lossy(&done.stderr).trim()
        );
        Ok(Self { folder })
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // If it fails, an empty folder in memory stays until the machine stops.
        let _stays = Command::new("umount").arg(self.folder.path()).status();
    }
}

struct Trial<'a> {
    lake: Lake,
    data: PathBuf,
    ballast: PathBuf,
    scratch: &'a Path,
    random: Random,
    next: u64,
    /// Numbers of acknowledged events.
    stored: BTreeSet<u64>,
}

impl<'a> Trial<'a> {
    fn begin(disk: &SmallDisk, scratch: &'a Path, seed: u64) -> anyhow::Result<Self> {
        let data = disk.folder.path().join("data");
        Ok(Self {
            lake: Lake::open(&Place::folder(&data, now))?,
            data,
            ballast: disk.folder.path().join("ballast"),
            scratch,
            random: Random::new(seed),
            next: 0,
            stored: BTreeSet::new(),
        })
    }

    /// Fills the disk, works until it fails, makes room, and works on as if nothing had been.
    fn round(&mut self, found: &mut Found) -> anyhow::Result<()> {
        let before = self.stored.len() as u64;
        let room = self.random.below(ROOM);
        fill(&self.ballast, room)?;
        let mut failures = 0;
        for _ in 0..MOST_DEEDS {
            let done = self.deed()?;
            if let Err(cause) = done {
                let told = cause.to_string();
                let is_clear = told.contains("full") && told.contains("room");
                if !is_clear {
                    say(&format!("R3: not clear: {told}"))?;
                }
                found.unclear += u64::from(!is_clear);
                match cause {
                    engine::Error::Stored(_) => found.by_database += 1,
                    _ => found.by_files += 1,
                }
                failures += 1;
                // A few more, as others would who do not know yet.
                if failures > 3 {
                    break;
                }
            }
        }
        fs::remove_file(&self.ballast)?;
        self.append().context("the lake does not recover")?;
        self.lake.flush().context("the lake does not recover")?;
        self.lake.compact().context("the lake does not recover")?;
        let (lost, doubled) = lost_and_doubled(&self.lake, self.stored.iter().copied())?;
        let contents = self.lake.contents()?;
        let stored = contents.events + contents.tail;
        found.wrong += lost + doubled + stored.abs_diff(self.stored.len() as u64);
        let damage = self.lake.verify(&Watch::default())?.damage;
        damage.iter().try_for_each(|damage| say(&format!("R3: damaged: {damage}")))?;
        found.damaged += damage.len() as u64;
        found.events += self.stored.len() as u64 - before;
        found.rounds += 1;
        Ok(())
    }

    fn deed(&mut self) -> anyhow::Result<Result<(), engine::Error>> {
        Ok(match self.random.below(8) {
            0..=3 => self.append(),
            4..=5 => self.lake.flush().map(drop),
            6 => self.lake.compact().map(drop),
            _ => self.import()?,
        })
    }

    fn new_events(&mut self) -> Vec<Numbered> {
        let events = draw((self.next, BATCH), (CUSTOMERS, SPAN), &mut self.random);
        self.next += BATCH;
        events
    }

    fn append(&mut self) -> Result<(), engine::Error> {
        let events = self.new_events();
        events::append(&self.lake, None, &events)?;
        self.stored.extend(events.iter().map(|event| event.number));
        Ok(())
    }

    fn import(&mut self) -> anyhow::Result<Result<(), engine::Error>> {
        let events = self.new_events();
        let imported = events::import(&self.lake, self.scratch, &events)?;
        if imported.is_ok() {
            self.stored.extend(events.iter().map(|event| event.number));
        }
        Ok(imported)
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        // The next lake begins anew; what cannot be removed shows when it does not fit.
        let _shows = fs::remove_dir_all(&self.data);
    }
}

/// A file as large as fits, less some room.
fn fill(ballast: &Path, room: u64) -> anyhow::Result<()> {
    let mut file = File::create(ballast)?;
    let block = vec![1; 1 << 16];
    let mut size = 0;
    loop {
        match file.write(&block) {
            Ok(written) => size += written as u64,
            Err(cause) if cause.kind() == io::ErrorKind::StorageFull => break,
            Err(cause) => bail!("filling the disk: {cause}"),
        }
    }
    OpenOptions::new().write(true).open(ballast)?.set_len(size.saturating_sub(room))?;
    Ok(())
}
