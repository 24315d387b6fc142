//! R1: an acknowledged event is never lost nor doubled, whatever kills the process.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use engine::lake::{Lake, Place};
use throwaway::{Durability, Postgres};

use crate::events::compare;
use crate::random::Random;
use crate::{now, say};

/// Events of a request at most.
const MOST_EVENTS: u64 = 50;
/// Requests that are sent before an answer is waited for.
const AHEAD: usize = 16;
/// Customers; few, so that many events of each lie over many files.
const CUSTOMERS: u64 = 40;
/// µs; events lie in three months.
const FIRST: u64 = 1_740_000_000_000_000;
const SPAN: u64 = 80 * 86_400_000_000;

/// Kills on SQLite, then on PostgreSQL if there is one; whether all was sound.
pub(crate) fn on_both(kills: u32, seed: u64) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    let mut sound = trial("SQLite", &folder.path().join("data"), None, kills, seed)?;
    match Postgres::start(Durability::Real) {
        Ok(server) => {
            let url = server.database().map_err(anyhow::Error::msg)?;
            let data = folder.path().join("data on PostgreSQL");
            sound &= trial("PostgreSQL", &data, Some(url), kills, seed + 1)?;
        }
        Err(why) => say(&format!("not tried on PostgreSQL: {why}"))?,
    }
    Ok(sound)
}

/// What was sent, and what became of it.
#[derive(Debug, Default)]
struct Ledger {
    /// Lines of requests by key, with the numbers of their events.
    sent: BTreeMap<String, (String, Vec<u64>)>,
    acknowledged: HashSet<String>,
    events: u64,
    retries: u64,
}

fn trial(
    name: &str,
    data: &Path,
    database: Option<String>,
    kills: u32,
    seed: u64,
) -> anyhow::Result<bool> {
    let since = Instant::now();
    let mut random = Random::new(seed);
    let mut ledger = Ledger::default();
    for _ in 0..kills {
        let life = Duration::from_millis(20 + random.below(230));
        let mut victim = Victim::start(data, database.as_deref(), random.below(u64::MAX))?;
        victim.send(&mut ledger, &mut random, Some(life))?;
        victim.kill()?;
        victim.hear(&mut ledger);
    }
    // The last one lives until everything is acknowledged.
    let mut victim = Victim::start(data, database.as_deref(), random.below(u64::MAX))?;
    victim.send(&mut ledger, &mut random, None)?;
    drop(victim.input.take());
    anyhow::ensure!(victim.process.wait()?.success(), "the last process failed");
    victim.hear(&mut ledger);
    let place = Place { database, ..Place::folder(data, now) };
    verdict(name, &place, kills, &ledger, since.elapsed())
}

/// What the lake holds against what was sent.
fn verdict(
    name: &str,
    place: &Place,
    kills: u32,
    ledger: &Ledger,
    took: Duration,
) -> anyhow::Result<bool> {
    let lake = Lake::open(place)?;
    let unacknowledged = ledger.sent.len() - ledger.acknowledged.len();
    let mut expected: Vec<String> = ledger
        .sent
        .values()
        .flat_map(|(_, numbers)| numbers.iter().map(|it| format!("n{it}")))
        .collect();
    expected.sort_unstable();
    let mut wrong = unacknowledged as u64;
    // As it was left; then once more when everything lies in compacted files.
    for is_compacted in [false, true] {
        if is_compacted {
            lake.flush()?;
            lake.compact()?;
        }
        let found = lake.view(None, None)?.values_of("number")?;
        let (lost, doubled) = compare(expected.iter(), found.iter());
        let contents = lake.contents()?;
        // Not a question of reading: a repeated event is not even stored twice.
        let stored = contents.events + contents.tail;
        wrong += lost + doubled + stored.abs_diff(expected.len() as u64);
        say(&format!(
            "R1 {name}{}: {kills} kills, {} requests ({} sent again), {} events, {stored} stored; {lost} lost, {doubled} doubled",
            if is_compacted { ", compacted" } else { "" },
            ledger.sent.len(),
            ledger.retries,
            ledger.events,
        ))?;
    }
    let damage = lake.verify(&Default::default())?.damage;
    say(&format!(
        "R1 {name}: {unacknowledged} unacknowledged, {} files damaged, {:.1} s",
        damage.len(),
        took.as_secs_f64()
    ))?;
    Ok(wrong == 0 && damage.is_empty())
}

/// The process that stores events.
pub(crate) struct Victim {
    process: Child,
    input: Option<ChildStdin>,
    heard: Receiver<String>,
}

impl Victim {
    pub(crate) fn start(data: &Path, database: Option<&str>, seed: u64) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("victim").arg("--data").arg(data).arg("--seed").arg(seed.to_string());
        if let Some(database) = database {
            command.arg("--database").arg(database);
        }
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().context("no output")?;
        let (sender, heard) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let input = process.stdin.take();
        Ok(Self { process, input, heard })
    }

    /// Sends one request, and waits until it is acknowledged.
    pub(crate) fn wait_for_one(&mut self, key: &str) -> anyhow::Result<()> {
        let input = self.input.as_mut().context("no input")?;
        writeln!(input, "[\"{key}\",[[1,{FIRST},1,0]]]")?;
        input.flush()?;
        self.heard.recv_timeout(Duration::from_secs(60)).context("no acknowledgement")?;
        Ok(())
    }

    /// Its number as a process.
    pub(crate) fn id(&self) -> String {
        self.process.id().to_string()
    }

    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// What was not acknowledged is sent again, a little of what was as well, and then new requests until the time is up;
    /// without a time, a last hundred.
    fn send(
        &mut self,
        ledger: &mut Ledger,
        random: &mut Random,
        life: Option<Duration>,
    ) -> anyhow::Result<()> {
        let until = life.map(|life| Instant::now() + life);
        let is_over = || until.is_some_and(|until| Instant::now() >= until);
        let mut again: Vec<String> =
            ledger.sent.keys().filter(|key| !ledger.acknowledged.contains(*key)).cloned().collect();
        let known = ledger.acknowledged.len() as u64;
        again.extend(ledger.sent.keys().nth(random.below(known.max(1)) as usize).cloned());
        let mut waiting = 0_usize;
        for key in again {
            ledger.retries += 1;
            let line = ledger.sent[&key].0.clone();
            waiting += 1;
            if is_over() || !self.write(&line, &mut waiting, ledger, until) {
                return Ok(());
            }
        }
        let mut left = 100;
        while !is_over() && (until.is_some() || left > 0) {
            left -= 1;
            let (key, line, numbers) = request(ledger, random);
            ledger.events += numbers.len() as u64;
            ledger.sent.insert(key, (line.clone(), numbers));
            waiting += 1;
            if !self.write(&line, &mut waiting, ledger, until) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Sends a line, and waits for answers if too many are due; `false` when the time is up.
    fn write(
        &mut self,
        line: &str,
        waiting: &mut usize,
        ledger: &mut Ledger,
        until: Option<Instant>,
    ) -> bool {
        let Some(input) = &mut self.input else { return false };
        if writeln!(input, "{line}").and_then(|()| input.flush()).is_err() {
            return false;
        }
        while *waiting >= AHEAD {
            let patience = until.map_or(Duration::from_secs(60), |until| {
                until.saturating_duration_since(Instant::now())
            });
            match self.heard.recv_timeout(patience) {
                Ok(key) => {
                    ledger.acknowledged.insert(key);
                    *waiting -= 1;
                }
                Err(_) => return false,
            }
        }
        true
    }

    /// Acknowledgements that arrived before the end.
    fn hear(&mut self, ledger: &mut Ledger) {
        ledger.acknowledged.extend(self.heard.iter());
    }
}

/// A new request: its key, its line, and the numbers of its events.
fn request(ledger: &Ledger, random: &mut Random) -> (String, String, Vec<u64>) {
    let key = format!("request {:08}", ledger.sent.len());
    let first = ledger.events;
    let count = 1 + random.below(MOST_EVENTS);
    let numbers: Vec<u64> = (first..first + count).collect();
    let events: Vec<String> = numbers
        .iter()
        .map(|number| {
            let (customer, at) = (random.below(CUSTOMERS), FIRST + random.below(SPAN));
            format!("[{customer},{at},{number},{}]", random.below(2))
        })
        .collect();
    let line = format!("[\"{key}\",[{}]]", events.join(","));
    (key, line, numbers)
}
