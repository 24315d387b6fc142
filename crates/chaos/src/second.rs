//! R18: a second process on one data folder is refused, and let in as soon as the first one is gone, however it went.

use engine::lake::{Lake, Place};

use crate::kills::Victim;
use crate::random::Random;
use crate::{now, say};

/// So often; whether each was refused in words, and let in afterwards.
pub(crate) fn run(times: u32, seed: u64) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    let place = Place::folder(folder.path(), now);
    let mut random = Random::new(seed);
    let (mut refused, mut let_in) = (0, 0);
    for number in 0..times {
        let mut first = Victim::start(&place.folder, None, random.below(u64::MAX))?;
        first.wait_for_one(&format!("request {number}"))?;
        let told = Lake::open(&place).err().map_or_else(String::new, |why| why.to_string());
        refused += u32::from(told.contains("another footpath") && told.contains(&first.id()));
        first.kill()?;
        let_in += u32::from(Lake::open(&place).is_ok());
    }
    say(&format!(
        "R18: {times} second processes, {refused} refused; {let_in} let in after the first was killed"
    ))?;
    Ok(refused == times && let_in == times)
}
