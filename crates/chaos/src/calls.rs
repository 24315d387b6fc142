//! R4: any call to the disk or to the database may fail: before it did anything, unheard after it did, or for good.
//!
//! One short life of a lake is led again and again, each time with another call that fails, until no call is left. Then the
//! lake is opened whole, what was not acknowledged is sent again under its old key, and everything must be there once.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use engine::import::Watch;
use engine::lake::disk::{Disk, Folder};
use engine::lake::{Lake, Place};
use throwaway::{Durability, Postgres};

use crate::breaking::{BreakingDisk, Countdown, Fails, Proxy, files_below, socket_folder};
use crate::events::{self, Numbered, draw, lost_and_doubled};
use crate::random::Random;
use crate::{now, say};

const WAYS: [(Fails, &str); 3] = [
    (Fails::Once, "once"),
    (Fails::Unheard, "unheard after it was done"),
    (Fails::ForGood, "for good"),
];
const CUSTOMERS: u64 = 4;
/// µs; events lie in two months.
const SPAN: u64 = 30 * 86_400_000_000;
/// Who is erased.
const ERASED: u64 = 3;

/// What was found wrong after all calls of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Calls that failed, each in a life of its own.
    pub(crate) calls: u64,
    /// Lives that heard of it.
    pub(crate) told: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) damaged: u64,
    pub(crate) left_over: u64,
}

/// Every `step`-th call of each kind; whether all was sound.
pub(crate) fn run(step: u64) -> anyhow::Result<bool> {
    let mut is_sound = true;
    for (fails, how) in WAYS {
        let since = Instant::now();
        let found = on_disk(step, fails)?;
        is_sound &= found.tell("the disk", how, since)?;
    }
    let server = match Postgres::start(Durability::None) {
        Ok(server) => server,
        Err(why) => {
            say(&format!("R4: not tried on PostgreSQL: {why}"))?;
            return Ok(is_sound);
        }
    };
    let database = server.database().map_err(anyhow::Error::msg)?;
    for (fails, how) in WAYS {
        let since = Instant::now();
        let found = on_database(&database, step, fails)?;
        is_sound &= found.tell("PostgreSQL", how, since)?;
    }
    Ok(is_sound)
}

pub(crate) fn on_disk(step: u64, fails: Fails) -> anyhow::Result<Found> {
    let mut found = Found::default();
    for nth in (1..).step_by(step as usize) {
        let folder = tempfile::tempdir()?;
        let place = Place::folder(folder.path(), now);
        let calls = Countdown::new(nth, fails);
        let under = Folder::new(folder.path());
        let disk = Arc::new(BreakingDisk { under, calls: Arc::clone(&calls) });
        let life = Life::new(nth);
        let lake = Lake::open_on(&place, disk as Arc<dyn Disk>, None)?;
        let told = life.lead(&lake);
        drop(lake);
        if !calls.is_behind() {
            break;
        }
        life.judge(&place, told, &mut found).with_context(|| format!("call {nth}"))?;
    }
    Ok(found)
}

/// Each life in a workspace of its own, opened with the way whole, led over a way that is cut.
pub(crate) fn on_database(database: &str, step: u64, fails: Fails) -> anyhow::Result<Found> {
    let server = socket_folder(database).context("the server has no socket")?;
    let mut found = Found::default();
    for nth in (1..).step_by(step as usize) {
        let folder = tempfile::tempdir()?;
        let calls = Countdown::new(nth, fails);
        let proxy = Proxy::start(&server, Arc::clone(&calls))?;
        let whole = Place {
            database: Some(database.to_owned()),
            workspace: format!("{fails:?} {nth}"),
            ..Place::folder(folder.path(), now)
        };
        let cut = Place { database: Some(proxy.address(database)), ..whole.clone() };
        let life = Life::new(nth);
        // Opening it is a call like any other.
        let told = Lake::open(&cut).map_or(true, |lake| life.lead(&lake));
        if !calls.is_behind() {
            break;
        }
        life.judge(&whole, told, &mut found).with_context(|| format!("call {nth}"))?;
    }
    Ok(found)
}

/// What is sent in one life, by the keys of its requests.
struct Life {
    requests: Vec<(String, Vec<Numbered>)>,
}

impl Life {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut events = |first| draw((first, 24), (CUSTOMERS, SPAN), &mut random);
        let requests = vec![("a".to_owned(), events(0)), ("b".to_owned(), events(24))];
        Self { requests }
    }

    /// Sends, flushes, sends, flushes, compacts, erases, whatever fails; whether anything was told.
    fn lead(&self, lake: &Lake) -> bool {
        let mut failures = 0;
        for (key, events) in &self.requests {
            failures += u64::from(events::append(lake, Some(key), events).is_err());
            failures += u64::from(lake.flush().is_err());
        }
        failures += u64::from(lake.compact().is_err());
        failures += u64::from(lake.erase(&events::customer(ERASED)).is_err());
        failures > 0
    }

    /// Sends everything again, as clients do that heard nothing, and holds what is there against what was sent.
    fn judge(&self, place: &Place, told: bool, found: &mut Found) -> anyhow::Result<()> {
        let lake = Lake::open(place)?;
        for (key, events) in &self.requests {
            events::append(&lake, Some(key), events)?;
        }
        lake.erase(&events::customer(ERASED))?;
        let sent = || self.requests.iter().flat_map(|(_, events)| events);
        let kept = || sent().filter(|event| event.customer != ERASED).map(|event| event.number);
        for is_compacted in [false, true] {
            if is_compacted {
                lake.flush()?;
                lake.compact()?;
            }
            let (lost, doubled) = lost_and_doubled(&lake, kept())?;
            found.lost += lost;
            found.doubled += doubled;
        }
        found.damaged += lake.verify(&Watch::default())?.damage.len() as u64;
        drop(lake);
        // What the last opening swept is what the life before left.
        let lake = Lake::open(place)?;
        let there = files_below(&events_of(&place.folder));
        found.left_over += there.abs_diff(lake.contents()?.files);
        found.calls += 1;
        found.told += u64::from(told);
        Ok(())
    }
}

fn events_of(folder: &Path) -> std::path::PathBuf {
    folder.join("events")
}

impl Found {
    pub(crate) fn is_sound(&self) -> bool {
        self.lost + self.doubled + self.damaged + self.left_over == 0
    }

    fn tell(&self, what: &str, how: &str, since: Instant) -> anyhow::Result<bool> {
        anyhow::ensure!(self.told > 0, "no call to {what} failed: nothing was tried");
        say(&format!(
            "R4 {what}: {} calls failed {how}, {} told; {} lost, {} doubled, {} files damaged, {} left over, {:.1} s",
            self.calls,
            self.told,
            self.lost,
            self.doubled,
            self.damaged,
            self.left_over,
            since.elapsed().as_secs_f64()
        ))?;
        Ok(self.is_sound())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_call_to_the_disk_that_fails_loses_or_doubles_anything() {
        for (fails, how) in WAYS {
            let found = on_disk(3, fails).unwrap();
            assert!(found.is_sound() && found.told > 3, "{how}: {found:?}");
        }
    }
}
