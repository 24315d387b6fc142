//! The process that is killed: requests come in line by line, acknowledgements go out, and the lake is kept busy.

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use engine::import::hash;
use engine::lake::{Ingest, Keys, Lake, Place};
use serde_json::Value;
use store::{Event, Request};

use crate::now;
use crate::random::Random;

/// Clients that send at the same time.
const CLIENTS: usize = 4;

/// Stores what comes on standard input until it ends; a line of standard output for each request that is durable.
pub(crate) fn run(data: PathBuf, database: Option<String>, seed: u64) -> anyhow::Result<()> {
    let lake = Lake::open(&Place { database, ..Place::folder(&data, now) })?;
    let (ingest, keys) = (lake.ingest(), lake.keys());
    let is_over = Arc::new(AtomicBool::new(false));
    let housekeeper = {
        let is_over = Arc::clone(&is_over);
        thread::spawn(move || keep_house(&lake, seed, &is_over))
    };
    let (sender, lines) = mpsc::sync_channel::<String>(CLIENTS);
    let lines = Arc::new(std::sync::Mutex::new(lines));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (ingest, lines) = (ingest.clone(), Arc::clone(&lines));
            thread::spawn(move || serve(&ingest, keys, &lines))
        })
        .collect();
    for line in std::io::stdin().lock().lines() {
        sender.send(line?).context("a client is gone")?;
    }
    drop(sender);
    for client in clients {
        client.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
    }
    is_over.store(true, Ordering::Relaxed);
    drop(ingest);
    housekeeper.join().map_err(|_| anyhow::anyhow!("the housekeeper panicked"))?
}

fn serve(
    ingest: &Ingest,
    keys: Keys,
    lines: &std::sync::Mutex<mpsc::Receiver<String>>,
) -> anyhow::Result<()> {
    loop {
        let line = lines.lock().map_err(|_| anyhow::anyhow!("a client panicked"))?.recv();
        let Ok(line) = line else { return Ok(()) };
        let request = parse(&line, keys)?;
        let key = request.idempotency_key.clone().unwrap_or_default();
        ingest.append_blocking(request)?;
        let mut out = std::io::stdout().lock();
        writeln!(out, "{key}")?;
        out.flush()?;
    }
}

/// `["key", [[customer, µs, number, has an id], …]]`; the number is kept as an attribute of the event.
fn parse(line: &str, keys: Keys) -> anyhow::Result<Request> {
    let value: Value = serde_json::from_str(line)?;
    let key = value[0].as_str().context("a request without a key")?.to_owned();
    let events = value[1].as_array().context("a request without events")?.iter().map(|event| {
        let part = |at: usize| event[at].as_i64().unwrap_or_default();
        let (identity, number) = (part(0).to_string(), part(2));
        Event {
            customer: keys.of(hash(identity.as_bytes())),
            identity,
            at: part(1),
            activity: "paid".to_owned(),
            channel: None,
            event_id: (part(3) == 1).then(|| hash(format!("event {number}").as_bytes())),
            attributes: Some(format!("{{\"number\":\"n{number}\"}}")),
        }
    });
    Ok(Request {
        idempotency_key: Some(key),
        body_hash: format!("{:x}", hash(line.as_bytes())),
        events: events.collect(),
        ..Request::default()
    })
}

/// Flushes, compacts and erases a customer that nobody knows, in turns that chance decides.
fn keep_house(lake: &Lake, seed: u64, is_over: &AtomicBool) -> anyhow::Result<()> {
    let mut random = Random::new(seed);
    while !is_over.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(random.below(20)));
        match random.below(5) {
            0..=2 => drop(lake.flush()?),
            3 => drop(lake.compact()?),
            _ => drop(lake.erase(&format!("stranger {}", random.below(1000)))?),
        }
    }
    Ok(())
}
