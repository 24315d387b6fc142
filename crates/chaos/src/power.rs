//! R2: an acknowledged event is never lost nor doubled when the power goes, and no file of the lake is half there.
//!
//! The files lie on a simulated disk that forgets, tears and reorders what was not synced. The database is SQLite as it is,
//! in memory: after a loss of power it has exactly what was committed, which is its own promise. So what is tried is the
//! order in which the lake syncs its files, commits its steps, and cleans up after itself.

mod simulated;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, bail};
use engine::import::Watch;
use engine::lake::disk::Folder;
use engine::lake::{Lake, Place};

pub(crate) use self::simulated::LeftOut;
use self::simulated::Simulated;
use crate::events::{self, Numbered, draw, lost_and_doubled};
use crate::random::Random;
use crate::{now, say};

/// Losses of power that one lake goes through before a new one begins.
const LOSSES: u32 = 100;
/// Calls to the disk before the power goes, at most.
const MOST_CALLS: u64 = 60;
/// What is done before the power goes at the latest.
const MOST_DEEDS: u32 = 12;
const CUSTOMERS: u64 = 4;
/// µs; events lie in two months.
const SPAN: u64 = 30 * 86_400_000_000;

/// What was found wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Ends of a process, and how many of them by a loss of power.
    pub(crate) crashes: u64,
    pub(crate) losses: u64,
    pub(crate) events: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    /// Files that are listed and not whole.
    pub(crate) damaged: u64,
    /// Files that are there and not listed.
    pub(crate) left_over: u64,
}

/// Loses power so often, on all cores; whether all was sound.
pub(crate) fn run(crashes: u32, seed: u64, left_out: Option<LeftOut>) -> anyhow::Result<bool> {
    let since = Instant::now();
    let found = trial(crashes, seed, left_out)?;
    say(&format!(
        "R2: {} crashes ({} by a loss of power), {} events acknowledged; {} lost, {} doubled, {} files damaged, {} left over, {:.1} s",
        found.crashes,
        found.losses,
        found.events,
        found.lost,
        found.doubled,
        found.damaged,
        found.left_over,
        since.elapsed().as_secs_f64()
    ))?;
    Ok(found.is_sound())
}

pub(crate) fn trial(crashes: u32, seed: u64, left_out: Option<LeftOut>) -> anyhow::Result<Found> {
    let lakes = crashes.div_ceil(LOSSES);
    let next = AtomicU32::new(0);
    let work = || -> anyhow::Result<Found> {
        let mut found = Found::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= lakes {
                return Ok(found);
            }
            let losses = LOSSES.min(crashes - number * LOSSES);
            found.add(one_lake(losses, seed.wrapping_add(u64::from(number) << 20), left_out)?);
        }
    };
    // Twice the cores: half of them wait for a database to answer.
    let threads = 2 * thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut found = Found::default();
        for one in all {
            found.add(one.join().map_err(|_| anyhow::anyhow!("a trial panicked"))??);
        }
        Ok(found)
    })
}

/// A lake that loses power again and again.
fn one_lake(losses: u32, seed: u64, left_out: Option<LeftOut>) -> anyhow::Result<Found> {
    let mut random = Random::new(seed);
    let folder = tempfile::tempdir_in(memory())?;
    let root = Path::new("/lake");
    let disk = Simulated::new(root, left_out, Random::new(random.below(u64::MAX)));
    let mut trial = Trial {
        place: Place::folder(folder.path(), now),
        folder: Arc::new(Folder::on(root, Arc::new(disk.clone()))),
        disk,
        random,
        stored: BTreeMap::new(),
        events: 0,
        found: Found::default(),
    };
    for _ in 0..losses {
        let is_sudden = trial.random.below(4) == 0;
        if is_sudden {
            // While it cleans up after the last time.
            let call = 1 + trial.random.below(8);
            trial.disk.lose_power_at(call);
        }
        let lake = trial.open()?;
        if !trial.disk.is_lost() {
            trial.check(&lake)?;
            if !trial.found.is_sound() {
                // What is wrong stays wrong; it is counted once.
                return Ok(Found { events: trial.events, ..trial.found });
            }
            let call = 1 + trial.random.below(MOST_CALLS);
            trial.disk.lose_power_at(call);
            trial.live(&lake)?;
        }
        drop(lake);
        trial.found.crashes += 1;
        trial.restart();
    }
    let lake = trial.open()?;
    trial.check(&lake)?;
    Ok(Found { events: trial.events, ..trial.found })
}

/// Where a database costs no wait for a disk.
pub(crate) fn memory() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { memory } else { std::env::temp_dir() }
}

struct Trial {
    place: Place,
    disk: Simulated,
    folder: Arc<Folder>,
    random: Random,
    /// Numbers of acknowledged events, and whose they are.
    stored: BTreeMap<u64, u64>,
    events: u64,
    found: Found,
}

impl Trial {
    /// A process that knows only what the disk has. Sometimes it was the process alone that ended, and the power goes later.
    fn restart(&mut self) {
        if self.random.below(4) == 0 {
            self.disk.go_on();
        } else {
            self.disk.restart();
            self.found.losses += 1;
        }
        self.folder = Arc::new(Folder::on(Path::new("/lake"), Arc::new(self.disk.clone())));
    }

    fn open(&self) -> anyhow::Result<Lake> {
        Ok(Lake::open_on(&self.place, Arc::clone(&self.folder) as _, None)?)
    }

    /// Does this and that until the power goes.
    fn live(&mut self, lake: &Lake) -> anyhow::Result<()> {
        for _ in 0..MOST_DEEDS {
            let done = match self.random.below(10) {
                0..=3 => self.append(lake),
                4..=6 => lake.flush().map(drop),
                7 => lake.compact().map(drop),
                8 => self.import(lake)?,
                _ => self.erase(lake),
            };
            match done {
                Ok(()) => {}
                Err(_) if self.disk.is_lost() => return Ok(()),
                Err(cause) => bail!("with power, {cause}"),
            }
            if self.disk.is_lost() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn new_events(&mut self) -> Vec<Numbered> {
        let count = 1 + self.random.below(6);
        let events = draw((self.events, count), (CUSTOMERS, SPAN), &mut self.random);
        self.events += count;
        events
    }

    fn acknowledged(&mut self, events: &[Numbered]) {
        self.stored.extend(events.iter().map(|event| (event.number, event.customer)));
    }

    fn append(&mut self, lake: &Lake) -> Result<(), engine::Error> {
        let events = self.new_events();
        events::append(lake, None, &events)?;
        self.acknowledged(&events);
        Ok(())
    }

    /// A file of events, whole or not at all.
    fn import(&mut self, lake: &Lake) -> anyhow::Result<Result<(), engine::Error>> {
        let events = self.new_events();
        let imported = events::import(lake, &self.place.folder, &events)?;
        if imported.is_ok() {
            self.acknowledged(&events);
        }
        Ok(imported)
    }

    /// The wish is committed before any file is touched.
    fn erase(&mut self, lake: &Lake) -> Result<(), engine::Error> {
        let customer = self.random.below(CUSTOMERS);
        self.stored.retain(|_, of| *of != customer);
        lake.erase(&events::customer(customer)).map(drop)
    }

    /// What is there against what was acknowledged.
    fn check(&mut self, lake: &Lake) -> anyhow::Result<()> {
        let damage = lake.verify(&Watch::default())?.damage;
        self.found.damaged += damage.len() as u64;
        let listed: BTreeSet<PathBuf> = lake
            .view(None, None)?
            .paths()
            .iter()
            .map(|path| {
                path.split('/').fold(PathBuf::from("/lake"), |place, part| place.join(part))
            })
            .collect();
        let there: BTreeSet<PathBuf> = self.disk.files().into_iter().collect();
        self.found.left_over += there.difference(&listed).count() as u64;
        if damage.is_empty() {
            let stored = self.stored.keys().copied();
            let told = lost_and_doubled(lake, stored).context("reading what is whole")?;
            let (lost, doubled) = told;
            self.found.lost += lost;
            self.found.doubled += doubled;
        }
        Ok(())
    }
}

impl Found {
    pub(crate) fn is_sound(&self) -> bool {
        self.lost + self.doubled + self.damaged + self.left_over == 0
    }

    fn add(&mut self, other: Self) {
        self.crashes += other.crashes;
        self.losses += other.losses;
        self.events += other.events;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.damaged += other.damaged;
        self.left_over += other.left_over;
    }
}

#[cfg(test)]
mod tests {
    use super::{LeftOut, trial};

    #[test]
    fn the_lake_survives() {
        let found = trial(400, 7, None).unwrap();
        assert!(found.is_sound() && found.events > 400, "{found:?}");
    }

    /// The trial can fail: without any one of the syncs it finds what that sync is for.
    #[test]
    fn without_a_sync_it_does_not() {
        let found = |left_out| trial(400, 7, Some(left_out)).unwrap();
        for left_out in [LeftOut::Content, LeftOut::Name, LeftOut::Folder] {
            assert!(found(left_out).damaged > 0, "{left_out:?}");
        }
        assert!(found(LeftOut::Removal).left_over > 0);
    }
}
