//! R6: in whatever order events come, late, again, in pieces and by whichever door, each is there once.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use engine::lake::{Lake, Place};

use crate::events::{self, Numbered, draw, lost_and_doubled};
use crate::random::Random;
use crate::{now, say};

const MOST_EVENTS: u64 = 60;
const CUSTOMERS: u64 = 5;
/// µs; what comes first may have happened up to 400 days later than what comes last.
const SPAN: u64 = 400 * 86_400_000_000;
/// Events of a piece at most.
const PIECE: u64 = 12;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) cases: u64,
    pub(crate) events: u64,
    /// Events that were sent more often than once, in other company or as a whole request.
    pub(crate) again: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
}

/// So many cases, on all cores; whether all was sound.
pub(crate) fn run(cases: u64, seed: u64) -> anyhow::Result<bool> {
    let since = Instant::now();
    let found = trial(cases, seed)?;
    say(&format!(
        "R6: {} cases, {} events, {} sent again; {} lost, {} doubled, {:.1} s",
        found.cases,
        found.events,
        found.again,
        found.lost,
        found.doubled,
        since.elapsed().as_secs_f64()
    ))?;
    Ok(found.lost + found.doubled == 0)
}

pub(crate) fn trial(cases: u64, seed: u64) -> anyhow::Result<Found> {
    let next = AtomicU64::new(0);
    let work = || -> anyhow::Result<Found> {
        let mut found = Found::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= cases {
                return Ok(found);
            }
            case(Random::new(seed.wrapping_add(number << 20)), &mut found)?;
        }
    };
    let threads = 2 * thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut found = Found::default();
        for one in all {
            let one = one.join().map_err(|_| anyhow::anyhow!("a trial panicked"))??;
            found.cases += one.cases;
            found.events += one.events;
            found.again += one.again;
            found.lost += one.lost;
            found.doubled += one.doubled;
        }
        Ok(found)
    })
}

/// One set of events on its way into one lake.
fn case(mut random: Random, found: &mut Found) -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(crate::power::memory())?;
    let place = Place::folder(&folder.path().join("data"), now);
    let mut lake = Lake::open(&place)?;
    let count = 1 + random.below(MOST_EVENTS);
    let events = draw((0, count), (CUSTOMERS, SPAN), &mut random);
    let arrivals = arrivals(&events, &mut random);
    found.again += arrivals.len() as u64 - count;
    let mut rest = arrivals.as_slice();
    let mut key = 0;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.len().min(1 + random.below(PIECE) as usize));
        rest = after;
        key += 1;
        if random.below(4) == 0 {
            events::import(&lake, folder.path(), piece)??;
        } else {
            // Whoever hears nothing sends the same once more.
            for _ in 0..1 + random.below(3) / 2 {
                events::append(&lake, Some(&format!("request {key}")), piece)?;
            }
        }
        match random.below(8) {
            0 | 1 => drop(lake.flush()?),
            2 => drop(lake.compact()?),
            3 => {
                drop(lake);
                lake = Lake::open(&place)?;
            }
            _ => {}
        }
    }
    let numbers: BTreeSet<u64> = events.iter().map(|event| event.number).collect();
    for is_compacted in [false, true] {
        if is_compacted {
            lake.flush()?;
            lake.compact()?;
        }
        let (lost, doubled) = lost_and_doubled(&lake, numbers.iter().copied())?;
        found.lost += lost;
        found.doubled += doubled;
    }
    found.cases += 1;
    found.events += count;
    Ok(())
}

/// Each event once or more, in any order.
fn arrivals(events: &[Numbered], random: &mut Random) -> Vec<Numbered> {
    let mut arrivals = events.to_vec();
    for _ in 0..random.below(events.len() as u64 + 1) {
        arrivals.push(events[random.below(events.len() as u64) as usize]);
    }
    // Fisher and Yates.
    for place in (1..arrivals.len()).rev() {
        arrivals.swap(place, random.below(place as u64 + 1) as usize);
    }
    arrivals
}

#[cfg(test)]
mod tests {
    use super::trial;

    #[test]
    fn each_event_is_there_once() {
        let found = trial(40, 5).unwrap();
        assert!(found.again > 100, "{found:?}");
        assert_eq!((found.cases, found.lost, found.doubled), (40, 0, 0));
    }
}
