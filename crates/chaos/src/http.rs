//! R1 and R15 through HTTP: the real server is killed, or asked to stop, under load; what it acknowledged is there once.

use std::collections::{BTreeMap, HashSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use engine::lake::Lake;
use throwaway::{Durability, Postgres};

use crate::client::Client;
use crate::random::Random;
use crate::say;
use crate::server::{Home, Server, authorization};

/// Clients that send at the same time.
const CLIENTS: u64 = 6;
/// Events of a request at most.
const MOST_EVENTS: u64 = 40;
/// Customers; few, so that many events of each lie over many files.
const CUSTOMERS: u64 = 40;
/// µs; events lie in two months.
const FIRST: u64 = 1_740_000_000_000_000;
const SPAN: u64 = 40 * 86_400_000_000;
/// A server that is asked to stop has ended by then.
const STOPPED_BY: Duration = Duration::from_secs(10);

/// How a server ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// SIGKILL.
    Killed,
    /// SIGTERM.
    Asked,
}

/// So many ends on SQLite, then on PostgreSQL if there is one; whether all was sound.
pub(crate) fn on_both(end: End, times: u32, seed: u64) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    let mut sound = trial((end, "SQLite"), &folder.path().join("data"), None, (times, seed))?;
    match Postgres::start(Durability::Real) {
        Ok(server) => {
            let url = server.database().map_err(anyhow::Error::msg)?;
            let data = folder.path().join("data on PostgreSQL");
            sound &= trial((end, "PostgreSQL"), &data, Some(url), (times, seed + 1))?;
        }
        Err(why) => say(&format!("not tried on PostgreSQL: {why}"))?,
    }
    Ok(sound)
}

/// What was sent, and what became of it.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Bodies of requests by key, with the numbers of their events.
    pub(crate) sent: BTreeMap<String, (String, Vec<u64>)>,
    pub(crate) acknowledged: HashSet<String>,
    /// To be sent again, last first.
    again: Vec<String>,
    events: u64,
    retries: u64,
    /// Told to come later.
    refused: u64,
    /// Answers that should not be.
    pub(crate) odd: Vec<String>,
}

fn trial(
    (end, name): (End, &str),
    data: &Path,
    database: Option<String>,
    (times, seed): (u32, u64),
) -> anyhow::Result<bool> {
    let since = Instant::now();
    let mut random = Random::new(seed);
    let home = Home::new(data, database).with("flush_events=200").with("flush_seconds=1");
    home.make()?;
    let ledger = Mutex::new(Ledger::default());
    let mut slowest = Duration::ZERO;
    let mut unclean = 0;
    for _ in 0..times {
        let life = Duration::from_millis(30 + random.below(400));
        let mut server = Server::begin(&home)?;
        take_up(&ledger, &mut random);
        let took = load(&mut server, &ledger, random.below(u64::MAX), |server| {
            thread::sleep(life);
            match end {
                End::Killed => server.kill().map(|()| None),
                End::Asked => server.stop().map(Some),
            }
        })?;
        if let Some((status, took)) = took {
            slowest = slowest.max(took);
            unclean += u32::from(!status.success() || took > STOPPED_BY);
        }
    }
    // The last one lives until everything is acknowledged.
    let mut server = Server::begin(&home)?;
    take_up(&ledger, &mut random);
    finish(server.address, &ledger)?;
    anyhow::ensure!(server.stop()?.0.success(), "the last server failed");
    let ledger = ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    let told = match end {
        End::Killed => format!("R1 HTTP {name}: {times} kills"),
        End::Asked => format!(
            "R15 {name}: {times} stops, the slowest in {:.1} s, {unclean} too slow or failed",
            slowest.as_secs_f64()
        ),
    };
    Ok(verdict(&told, &home, &ledger, since.elapsed())? && unclean == 0)
}

/// What was not acknowledged is to be sent again, and a little of what was.
fn take_up(ledger: &Mutex<Ledger>, random: &mut Random) {
    let mut ledger = lock(ledger);
    let mut again: Vec<String> =
        ledger.sent.keys().filter(|key| !ledger.acknowledged.contains(*key)).cloned().collect();
    let known = ledger.sent.len().max(1) as u64;
    again.extend(ledger.sent.keys().nth(random.below(known) as usize).cloned());
    ledger.again = again;
}

/// Clients send until the server is gone, which `end` sees to.
fn load<T>(
    server: &mut Server,
    ledger: &Mutex<Ledger>,
    seed: u64,
    end: impl FnOnce(&mut Server) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let is_over = AtomicBool::new(false);
    let address = server.address;
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let is_over = &is_over;
            scope.spawn(move || send(address, ledger, Random::new(seed ^ client), is_over));
        }
        let ended = end(server);
        is_over.store(true, Ordering::Relaxed);
        ended
    })
}

/// One client: what is to be sent again, then new requests, until the server is gone.
fn send(address: SocketAddr, ledger: &Mutex<Ledger>, mut random: Random, is_over: &AtomicBool) {
    while !is_over.load(Ordering::Relaxed) {
        let Ok(mut client) = Client::connect(address) else { return };
        loop {
            let (key, body) = next(ledger, &mut random);
            let headers = format!("{}idempotency-key: {key}\r\n", authorization());
            // A connection that broke says nothing of what was stored.
            let Ok(answer) = client.post("/v1/batch", &headers, &body) else { break };
            lock(ledger).hear(key, answer.status, &answer.body);
        }
    }
}

fn next(ledger: &Mutex<Ledger>, random: &mut Random) -> (String, String) {
    let mut ledger = lock(ledger);
    if let Some(key) = ledger.again.pop() {
        ledger.retries += 1;
        let body = ledger.sent[&key].0.clone();
        return (key, body);
    }
    request(&mut ledger, random)
}

impl Ledger {
    pub(crate) fn hear(&mut self, key: String, status: u16, body: &str) {
        match status {
            200 => drop(self.acknowledged.insert(key)),
            429 | 503 => self.refused += 1,
            other => self.odd.push(format!("{other} {body}")),
        }
    }
}

/// Sends what is not acknowledged until it is.
fn finish(address: SocketAddr, ledger: &Mutex<Ledger>) -> anyhow::Result<()> {
    let mut client = Client::connect(address).context("the last server is gone")?;
    loop {
        let Some(key) = lock(ledger).again.pop() else { return Ok(()) };
        let body = lock(ledger).sent[&key].0.clone();
        let headers = format!("{}idempotency-key: {key}\r\n", authorization());
        let answer = client.post("/v1/batch", &headers, &body)?;
        if answer.status == 429 {
            lock(ledger).again.push(key.clone());
        }
        lock(ledger).hear(key, answer.status, &answer.body);
    }
}

/// A new request: its key and its body.
pub(crate) fn request(ledger: &mut Ledger, random: &mut Random) -> (String, String) {
    let key = format!("request-{:08}", ledger.sent.len());
    let first = ledger.events;
    let count = 1 + random.below(MOST_EVENTS);
    let numbers: Vec<u64> = (first..first + count).collect();
    ledger.events += count;
    let messages: Vec<String> = numbers
        .iter()
        .map(|number| {
            let at = (FIRST + random.below(SPAN)) as i64;
            let at = jiff::Timestamp::from_microsecond(at).unwrap_or_default();
            let id = match random.below(2) {
                0 => String::new(),
                _ => format!("\"messageId\":\"event {number}\","),
            };
            format!(
                "{{\"type\":\"track\",\"userId\":\"customer {}\",\"event\":\"paid\",{id}\"timestamp\":\"{at}\",\
                 \"properties\":{{\"number\":\"n{number}\"}}}}",
                random.below(CUSTOMERS)
            )
        })
        .collect();
    let body = format!("{{\"batch\":[{}]}}", messages.join(","));
    ledger.sent.insert(key.clone(), (body.clone(), numbers));
    (key, body)
}

/// What the lake holds against what was sent.
pub(crate) fn verdict(
    told: &str,
    home: &Home,
    ledger: &Ledger,
    took: Duration,
) -> anyhow::Result<bool> {
    let lake = Lake::open(&home.place())?;
    let unacknowledged = ledger.sent.len() - ledger.acknowledged.len();
    let mut expected: Vec<String> = ledger
        .sent
        .values()
        .flat_map(|(_, numbers)| numbers.iter().map(|it| format!("n{it}")))
        .collect();
    expected.sort_unstable();
    let mut wrong = (unacknowledged + ledger.odd.len()) as u64;
    for is_compacted in [false, true] {
        if is_compacted {
            lake.flush()?;
            lake.compact()?;
        }
        let found = lake.view(None, None)?.values_of("number")?;
        let (lost, doubled) = crate::events::compare(expected.iter(), found.iter());
        let contents = lake.contents()?;
        let stored = contents.events + contents.tail;
        wrong += lost + doubled + stored.abs_diff(expected.len() as u64);
        say(&format!(
            "{told}{}: {} requests ({} sent again, {} told to come later), {} events, {stored} stored, {} in files; {lost} lost, {doubled} doubled",
            if is_compacted { ", compacted" } else { "" },
            ledger.sent.len(),
            ledger.retries,
            ledger.refused,
            ledger.events,
            contents.events,
        ))?;
    }
    for odd in ledger.odd.iter().take(5) {
        say(&format!("an answer that should not be: {odd}"))?;
    }
    let damage = lake.verify(&Default::default())?.damage;
    say(&format!(
        "{told}: {unacknowledged} unacknowledged, {} odd answers, {} files damaged, {:.1} s",
        ledger.odd.len(),
        damage.len(),
        took.as_secs_f64()
    ))?;
    Ok(wrong == 0 && damage.is_empty())
}

fn lock(ledger: &Mutex<Ledger>) -> std::sync::MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}
