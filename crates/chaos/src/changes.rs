//! R5: a file that was changed, cut off, exchanged or taken away is found, and no other one is accused.

use std::fs;
use std::path::Path;
use std::time::Instant;

use engine::import::Watch;
use engine::lake::{Lake, Place};

use crate::events::{self, draw};
use crate::random::Random;
use crate::{now, say};

const EVENTS: u64 = 600;
const CUSTOMERS: u64 = 60;
/// µs; events lie in two months.
const SPAN: u64 = 30 * 86_400_000_000;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) changes: u64,
    /// Changes that `verify` told of, by the name of the file.
    pub(crate) found: u64,
    /// Whole files that were told of as well.
    pub(crate) accused: u64,
    /// Questions to the changed lake that were refused, and such that got another answer than the whole one.
    pub(crate) refused: u64,
    pub(crate) moved: u64,
}

impl Found {
    pub(crate) fn is_sound(&self) -> bool {
        self.found == self.changes && self.accused == 0 && self.moved == 0
    }
}

/// So many changes, one after the other; whether each was found.
pub(crate) fn run(changes: u64, seed: u64) -> anyhow::Result<bool> {
    let since = Instant::now();
    let found = trial(changes, seed)?;
    say(&format!(
        "R5: {} changes to files, {} found, {} whole files accused; of questions without verifying {} were refused, {} got a wrong answer; {:.1} s",
        found.changes,
        found.found,
        found.accused,
        found.refused,
        found.moved,
        since.elapsed().as_secs_f64()
    ))?;
    Ok(found.is_sound())
}

pub(crate) fn trial(changes: u64, seed: u64) -> anyhow::Result<Found> {
    let mut random = Random::new(seed);
    let folder = tempfile::tempdir()?;
    let lake = Lake::open(&Place::folder(folder.path(), now))?;
    events::append(&lake, None, &draw((0, EVENTS), (CUSTOMERS, SPAN), &mut random))?;
    lake.flush()?;
    let paths = lake.view(None, None)?.paths();
    let answer = |lake: &Lake| {
        let view = lake.view(None, None)?;
        Ok::<_, engine::Error>((view.ids()?, view.times()?, view.texts()?))
    };
    let whole = answer(&lake)?;
    let mut found = Found::default();
    for _ in 0..changes {
        let path = &paths[random.below(paths.len() as u64) as usize];
        let other = &paths[random.below(paths.len() as u64) as usize];
        let place = folder.path().join(path);
        let bytes = fs::read(&place)?;
        change(&place, &bytes, &fs::read(folder.path().join(other))?, &mut random)?;
        found.changes += 1;
        let damage = lake.verify(&Watch::default())?.damage;
        let named = damage.iter().filter(|told| told.contains(path.as_str())).count() as u64;
        found.found += named.min(1);
        found.accused += damage.len() as u64 - named;
        match answer(&lake) {
            Err(_) => found.refused += 1,
            Ok(answer) => found.moved += u64::from(answer != whole),
        }
        fs::write(&place, &bytes)?;
    }
    Ok(found)
}

/// Changes a file in one of five ways, so that it is another one afterwards.
fn change(place: &Path, bytes: &[u8], other: &[u8], random: &mut Random) -> std::io::Result<()> {
    let mut changed = bytes.to_vec();
    let at = random.below(bytes.len() as u64) as usize;
    match random.below(10) {
        0 => return fs::remove_file(place),
        1 => changed.truncate(at),
        2 => changed.push(random.below(256) as u8),
        3 if other != bytes => changed = other.to_vec(),
        _ => changed[at] ^= 1 << random.below(8),
    }
    fs::write(place, changed)
}

#[cfg(test)]
mod tests {
    use super::trial;

    #[test]
    fn every_change_is_found() {
        let found = trial(60, 3).unwrap();
        assert!(found.is_sound() && found.changes == 60, "{found:?}");
    }
}
