//! R17: copies taken while others write are each the lake of one moment, and who asked to be forgotten stays so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use engine::import::Watch;
use engine::lake::{Lake, Place, back_up, check_backup, restore};

use crate::events::{self, Numbered, customer, draw};
use crate::random::Random;
use crate::{now, say};

const CUSTOMERS: u64 = 12;
/// µs; some months, so that there are several files.
const SPAN: u64 = 90 * 86_400_000_000;
const COPIES: u64 = 3;
/// Events of a request.
const REQUEST: u64 = 7;

/// So many rounds; whether every copy was sound.
pub(crate) fn run(rounds: u64, seed: u64) -> anyhow::Result<bool> {
    let since = Instant::now();
    let mut found = Found::default();
    for round in 0..rounds {
        trial(Random::new(seed.wrapping_add(round << 20)), &mut found)?;
    }
    say(&format!(
        "R17: {} copies while {} events were written; {} lost, {} too many, {} requests in halves, {} forgotten came back, {:.1} s",
        found.copies,
        found.events,
        found.lost,
        found.too_many,
        found.halves,
        found.came_back,
        since.elapsed().as_secs_f64()
    ))?;
    Ok(found.lost + found.too_many + found.halves + found.came_back == 0)
}

#[derive(Debug, Default)]
struct Found {
    copies: u64,
    events: u64,
    lost: u64,
    too_many: u64,
    halves: u64,
    came_back: u64,
}

/// What is known of what was sent.
#[derive(Debug, Default)]
struct Sent {
    requests: Mutex<Vec<Vec<Numbered>>>,
    /// So many of them are acknowledged.
    acknowledged: AtomicUsize,
    /// Nothing of these customers is sent any more: whoever sends or forgets holds it meanwhile.
    forgotten: Mutex<BTreeSet<u64>>,
    is_over: AtomicBool,
}

/// A copy, and how many requests were acknowledged when it was begun.
struct Copied {
    folder: PathBuf,
    acknowledged: usize,
}

fn trial(mut random: Random, found: &mut Found) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir_in(crate::power::memory())?;
    let place = Place::folder(&scratch.path().join("data"), now);
    let root = scratch.path().join("copies");
    let lake = Lake::open(&place)?;
    let sent = Sent::default();
    let (mut writing, mut keeping) = (fork(&mut random), fork(&mut random));
    let copies = thread::scope(|scope| -> anyhow::Result<Vec<Copied>> {
        let writer = scope.spawn(|| write(&lake, &sent, &mut writing));
        let keeper = scope.spawn(|| keep(&lake, &sent, &mut keeping));
        let copied = copy(&place, &root, &sent, &mut random);
        sent.is_over.store(true, Ordering::Relaxed);
        for one in [writer, keeper] {
            one.join().map_err(|_| anyhow::anyhow!("a trial panicked"))??;
        }
        copied
    })?;
    // Wishes of after the last copy are known to the next one.
    back_up(&place, &root, "last", &Watch::default())?;
    drop(lake);
    found.events += lock(&sent.requests).iter().map(|request| request.len() as u64).sum::<u64>();
    for copied in copies {
        judge(&copied, &sent, scratch.path(), found)?;
    }
    Ok(())
}

fn fork(random: &mut Random) -> Random {
    Random::new(random.below(u64::MAX))
}

fn write(lake: &Lake, sent: &Sent, random: &mut Random) -> anyhow::Result<()> {
    let mut number = 0;
    while !sent.is_over.load(Ordering::Relaxed) {
        let forgotten = lock(&sent.forgotten);
        let mut events = draw((number, REQUEST), (CUSTOMERS, SPAN), random);
        events.retain(|event| !forgotten.contains(&event.customer));
        number += REQUEST;
        lock(&sent.requests).push(events.clone());
        events::append(lake, Some(&format!("request {number}")), &events)?;
        sent.acknowledged.fetch_add(1, Ordering::SeqCst);
    }
    Ok(())
}

/// Flushes, compacts, forgets and tidies up, as a server does.
fn keep(lake: &Lake, sent: &Sent, random: &mut Random) -> anyhow::Result<()> {
    while !sent.is_over.load(Ordering::Relaxed) {
        match random.below(12) {
            0..6 => drop(lake.flush()?),
            6..9 => drop(lake.compact()?),
            9 => drop(lake.tidy(i64::MAX)?),
            10 => thread::yield_now(),
            _ => {
                // At most half of all, so that something is left to compare.
                let number = 2 * random.below(CUSTOMERS / 2);
                let mut forgotten = lock(&sent.forgotten);
                lake.erase(&customer(number))?;
                forgotten.insert(number);
            }
        }
    }
    Ok(())
}

fn copy(
    place: &Place,
    root: &Path,
    sent: &Sent,
    random: &mut Random,
) -> anyhow::Result<Vec<Copied>> {
    let mut copies = Vec::new();
    for number in 0..COPIES {
        let enough = sent.acknowledged.load(Ordering::SeqCst) + 5 + random.below(20) as usize;
        while sent.acknowledged.load(Ordering::SeqCst) < enough {
            thread::yield_now();
        }
        let acknowledged = sent.acknowledged.load(Ordering::SeqCst);
        let name = format!("copy-{number}");
        back_up(place, root, &name, &Watch::default())?;
        copies.push(Copied { folder: root.join(name), acknowledged });
    }
    Ok(copies)
}

fn judge(copied: &Copied, sent: &Sent, scratch: &Path, found: &mut Found) -> anyhow::Result<()> {
    let damage = check_backup(&copied.folder, &Watch::default())?;
    anyhow::ensure!(damage.is_empty(), "a copy is damaged: {damage:?}");
    let name = copied.folder.file_name().unwrap_or_default();
    let place = Place::folder(&scratch.join("restored").join(name), now);
    restore(&copied.folder, &place, &Watch::default())?;
    let lake = Lake::open(&place)?;
    let verified = lake.verify(&Watch::default())?;
    anyhow::ensure!(verified.is_sound(), "what was restored is damaged: {verified:?}");
    let there = lake.view(None, None)?.ids()?;
    let mut left: BTreeMap<u64, u64> = BTreeMap::new();
    there.iter().for_each(|id| *left.entry(*id).or_default() += 1);
    let forgotten = lock(&sent.forgotten);
    for (place, request) in lock(&sent.requests).iter().enumerate() {
        let (gone, certain): (Vec<Numbered>, Vec<Numbered>) =
            request.iter().partition(|event| forgotten.contains(&event.customer));
        let mut take = |event: &Numbered| {
            let times = left.get_mut(&events::id(event.number)).filter(|times| **times > 0);
            times.map(|times| *times -= 1).is_some()
        };
        found.came_back += gone.iter().filter(|event| take(event)).count() as u64;
        let has = certain.iter().filter(|event| take(event)).count();
        found.halves += u64::from(has != 0 && has != certain.len());
        if place < copied.acknowledged {
            found.lost += (certain.len() - has) as u64;
        }
    }
    // Whatever is left was never sent, or is there twice.
    found.too_many += left.values().sum::<u64>();
    found.copies += 1;
    Ok(())
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
