//! R14: how many events a second become durable. Figures, no verdict: they are the machine's as much as the program's.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use engine::import::hash;
use engine::lake::{Ingest, Keys, Lake, Place};
use store::{Event, Request};
use throwaway::{Durability, Postgres};

use crate::{now, say};

/// Events of a request, where many come at once.
const BATCH: u64 = 500;
/// Clients that send batches.
const SENDERS: u64 = 4;
const CUSTOMERS: u64 = 100_000;
/// µs; events lie in one month.
const FIRST: i64 = 1_740_000_000_000_000;
/// How often what came is brought into files meanwhile.
const FLUSHING: Duration = Duration::from_secs(2);

/// Batches, then single events of so many clients, on SQLite and on PostgreSQL if there is one.
pub(crate) fn run(seconds: f64, clients: u64) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    say(&format!("R14: a sync of the disk takes {:.1} ms here", sync_millis(folder.path())?))?;
    let time = Duration::from_secs_f64(seconds);
    trial("SQLite", &folder.path().join("data"), None, time, clients)?;
    match Postgres::start(Durability::Real) {
        Ok(server) => {
            let url = server.database().map_err(anyhow::Error::msg)?;
            trial("PostgreSQL", &folder.path().join("on PostgreSQL"), Some(url), time, clients)?;
        }
        Err(why) => say(&format!("R14: not measured on PostgreSQL: {why}"))?,
    }
    Ok(())
}

fn trial(
    name: &str,
    data: &Path,
    database: Option<String>,
    time: Duration,
    clients: u64,
) -> anyhow::Result<()> {
    let lake = Lake::open(&Place { database, ..Place::folder(data, now) })?;
    let batches = measure(&lake, time, SENDERS, BATCH)?;
    say(&format!(
        "R14 {name}: {:.0} durable events/s in batches of {BATCH} from {SENDERS} clients",
        batches * BATCH as f64
    ))?;
    let singles = measure(&lake, time, clients, 1)?;
    say(&format!("R14 {name}: {singles:.0} requests/s of one event from {clients} clients"))?;
    lake.flush()?;
    let contents = lake.contents()?;
    anyhow::ensure!(contents.tail == 0, "{} events are in no file", contents.tail);
    Ok(())
}

/// Requests a second, all acknowledged, while what came is flushed.
fn measure(lake: &Lake, time: Duration, clients: u64, events: u64) -> anyhow::Result<f64> {
    let (ingest, keys) = (lake.ingest(), lake.keys());
    let there = lake.contents()?;
    let numbers = AtomicU64::new(there.events + there.tail);
    let is_over = AtomicBool::new(false);
    let since = Instant::now();
    let done = thread::scope(|scope| {
        let housekeeper = scope.spawn(|| {
            let mut last = Instant::now();
            while !is_over.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(20));
                if last.elapsed() >= FLUSHING {
                    lake.flush()?;
                    last = Instant::now();
                }
            }
            Ok::<(), engine::Error>(())
        });
        let senders: Vec<_> = (0..clients)
            .map(|_| scope.spawn(|| send(&ingest, keys, &numbers, events, since + time)))
            .collect();
        let mut done = 0;
        let mut failed = None;
        for sender in senders {
            match sender.join() {
                Ok(Ok(count)) => done += count,
                Ok(Err(cause)) => failed = Some(cause),
                Err(_) => failed = Some(anyhow::anyhow!("a client panicked")),
            }
        }
        let took = since.elapsed();
        is_over.store(true, Ordering::Relaxed);
        housekeeper.join().map_err(|_| anyhow::anyhow!("the housekeeper panicked"))??;
        failed.map_or(Ok(done as f64 / took.as_secs_f64()), Err)
    })?;
    Ok(done)
}

/// Sends one request after the other; how many were acknowledged.
fn send(
    ingest: &Ingest,
    keys: Keys,
    numbers: &AtomicU64,
    events: u64,
    until: Instant,
) -> anyhow::Result<u64> {
    let mut done = 0;
    while Instant::now() < until {
        let first = numbers.fetch_add(events, Ordering::Relaxed);
        let request = Request {
            idempotency_key: Some(format!("request {first}")),
            body_hash: format!("{first:x}"),
            events: (first..first + events).map(|number| event(number, keys)).collect(),
            ..Request::default()
        };
        let receipt = ingest.append_blocking(request)?;
        anyhow::ensure!(receipt.accepted == events, "{receipt:?} of {events} events");
        done += 1;
    }
    Ok(done)
}

fn event(number: u64, keys: Keys) -> Event {
    let identity = format!("customer {}", number.wrapping_mul(7919) % CUSTOMERS);
    Event {
        customer: keys.of(hash(identity.as_bytes())),
        identity,
        at: FIRST + (number % 2_000_000) as i64 * 1_000_000,
        activity: ["came", "ordered", "paid", "left"][(number % 4) as usize].to_owned(),
        channel: Some("app".to_owned()),
        event_id: Some(hash(format!("event {number}").as_bytes())),
        attributes: Some(format!("{{\"basket\":\"{}\"}}", number % 97)),
    }
}

/// How long the disk takes for a small write, in the middle.
fn sync_millis(folder: &Path) -> anyhow::Result<f64> {
    let mut file = File::create(folder.join("sync"))?;
    let mut took = Vec::new();
    for _ in 0..21 {
        let since = Instant::now();
        file.write_all(&[1; 512])?;
        file.sync_all()?;
        took.push(since.elapsed().as_secs_f64() * 1000.0);
    }
    took.sort_by(f64::total_cmp);
    Ok(took[took.len() / 2])
}
