//! R3 through HTTP: a server whose disk is full says 507, and takes events again when there is room, without a restart.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Instant;

use anyhow::ensure;

use crate::client::Client;
use crate::full::SmallDisk;
use crate::http::{Ledger, request, verdict};
use crate::random::Random;
use crate::say;
use crate::server::{Home, Server, authorization};

/// Requests that are sent while the disk is full, at most.
const MOST: u32 = 400;

/// Fills the disk so often; whether all was sound. `None`: no such disk can be had here.
pub(crate) fn run(rounds: u32, seed: u64) -> anyhow::Result<Option<bool>> {
    let since = Instant::now();
    let disk = match SmallDisk::mount() {
        Ok(disk) => disk,
        Err(why) => {
            say(&format!("R3 HTTP: not tried: {why}"))?;
            return Ok(None);
        }
    };
    let home = Home::new(&disk.folder.path().join("data"), None)
        .with("flush_events=2000")
        .with("flush_seconds=1");
    home.make()?;
    let ballast = disk.folder.path().join("ballast");
    let (mut random, mut ledger) = (Random::new(seed), Ledger::default());
    let mut server = Server::begin(&home)?;
    let (mut told, mut silent) = (0, 0);
    for _ in 0..rounds {
        let mut client = Client::connect(server.address)?;
        for _ in 0..1 + random.below(20) {
            send(&mut client, &mut ledger, None, &mut random)?;
        }
        fill(&ballast)?;
        let mut is_told = false;
        for _ in 0..MOST {
            is_told = send(&mut client, &mut ledger, None, &mut random)? == 507;
            if is_told {
                break;
            }
        }
        if is_told {
            told += 1
        } else {
            silent += 1
        }
        fs::remove_file(&ballast)?;
        // There is room again: what was refused is sent again, and taken.
        let refused: Vec<String> =
            ledger.sent.keys().filter(|key| !ledger.acknowledged.contains(*key)).cloned().collect();
        for key in refused {
            let status = send(&mut client, &mut ledger, Some(&key), &mut random)?;
            ensure!(status == 200, "there is room again, and the server says {status}");
        }
    }
    ensure!(server.stop()?.0.success(), "the server failed");
    ledger.odd.retain(|odd| !odd.starts_with("507 "));
    let words =
        format!("R3 HTTP: full {rounds} times, told {told} times, not noticed {silent} times");
    Ok(Some(verdict(&words, &home, &ledger, since.elapsed())? && told > 0))
}

/// Sends a new request, or one again; the status of its answer.
fn send(
    client: &mut Client,
    ledger: &mut Ledger,
    again: Option<&str>,
    random: &mut Random,
) -> anyhow::Result<u16> {
    let (key, body) = match again {
        Some(key) => (key.to_owned(), ledger.sent[key].0.clone()),
        None => request(ledger, random),
    };
    let headers = format!("{}idempotency-key: {key}\r\n", authorization());
    let answer = client.post("/v1/batch", &headers, &body)?;
    ledger.hear(key, answer.status, &answer.body);
    Ok(answer.status)
}

/// Takes all the room that is left.
fn fill(ballast: &Path) -> io::Result<()> {
    let mut file = File::create(ballast)?;
    for size in [1 << 20, 4096, 1] {
        let piece = vec![0; size];
        while file.write_all(&piece).is_ok() {}
    }
    Ok(())
}
