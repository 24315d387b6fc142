//! R10 and R13: more is asked of the real server than it can do, and clients are slow on purpose; the others are served.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use throwaway::{Durability, Postgres};

use crate::client::Client;
use crate::say;
use crate::server::{Home, Server, authorization};

/// Clients that ask for more as soon as they have an answer, to see how much can be done.
const CLOSED: usize = 128;
/// Clients of the open loop: enough to have a request begun at each of its moments.
const OPEN: usize = 1200;
/// Times of what can be done that the open loop asks for.
const TIMES: f64 = 3.0;

/// Answers, by status, and how long each took.
#[derive(Debug, Default)]
struct Answers {
    took: Mutex<BTreeMap<u16, Vec<Duration>>>,
    broken: AtomicU64,
}

impl Answers {
    fn add(&self, answer: std::io::Result<crate::client::Answer>, took: Duration) {
        match answer {
            Ok(answer) => self.lock().entry(answer.status).or_default().push(took),
            Err(_) => drop(self.broken.fetch_add(1, Ordering::Relaxed)),
        }
    }

    fn count(&self, status: u16) -> usize {
        self.lock().get(&status).map_or(0, Vec::len)
    }

    /// Statuses with their counts, and whether all of them may be.
    fn told(&self) -> (String, bool) {
        let all = self.lock();
        let told: Vec<String> =
            all.iter().map(|(status, took)| format!("{} x {status}", took.len())).collect();
        let broken = self.broken.load(Ordering::Relaxed);
        let are_fit = all.keys().all(|status| [200, 429, 503].contains(status)) && broken == 0;
        (format!("{}, {broken} broken", told.join(", ")), are_fit)
    }

    /// The time that so many of a hundred of a status are within.
    fn within(&self, status: u16, percent: usize) -> f64 {
        let mut all = self.lock();
        let Some(took) = all.get_mut(&status) else { return f64::NAN };
        took.sort_unstable();
        let at = (took.len() * percent / 100).min(took.len().saturating_sub(1));
        took.get(at).map_or(f64::NAN, |it| it.as_secs_f64() * 1000.0)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<u16, Vec<Duration>>> {
        self.took.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// R10 on SQLite, then on PostgreSQL if there is one.
pub(crate) fn overload(seconds: f64) -> anyhow::Result<bool> {
    on_both(|name, home| {
        let server = Server::begin(home)?;
        let length = Duration::from_secs_f64(seconds);
        let normal = closed(server.address, length / 3);
        let rate = normal.count(200) as f64 / (length / 3).as_secs_f64();
        let (crowd, pages) = open(server.address, rate * TIMES, length);
        let (told, are_fit) = crowd.told();
        let (pages_told, pages_fit) = pages.told();
        say(&format!(
            "R10 {name}: {rate:.0} requests/s can be done, p99 {:.0} ms; asked for {:.0}/s: {told}; p99 of those taken {:.0} ms; \
             pages meanwhile: {pages_told}, p95 {:.0} ms",
            normal.within(200, 99),
            rate * TIMES,
            crowd.within(200, 99),
            pages.within(200, 95),
        ))?;
        // Afterwards it is as before.
        let after = closed(server.address, Duration::from_millis(500));
        // Whoever looks at pages does not notice.
        let are_served =
            pages_fit && pages.count(200) > 0 && pages.count(429) + pages.count(503) == 0;
        Ok(are_fit && are_served && crowd.count(200) > 0 && after.count(200) > 0)
    })
}

fn on_both(trial: impl Fn(&str, &Home) -> anyhow::Result<bool>) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    let home = Home::new(&folder.path().join("data"), None);
    home.make()?;
    let mut sound = trial("SQLite", &home)?;
    match Postgres::start(Durability::Real) {
        Ok(server) => {
            let url = server.database().map_err(anyhow::Error::msg)?;
            let home = Home::new(&folder.path().join("data on PostgreSQL"), Some(url));
            home.make()?;
            sound &= trial("PostgreSQL", &home)?;
        }
        Err(why) => say(&format!("not tried on PostgreSQL: {why}"))?,
    }
    Ok(sound)
}

fn one(number: u64) -> String {
    format!(
        "{{\"userId\":\"customer {}\",\"event\":\"paid\",\"messageId\":\"{number}\"}}",
        number % 997
    )
}

/// Each of so many clients sends as soon as it has an answer.
fn closed(address: SocketAddr, length: Duration) -> Answers {
    closed_of(address, (CLOSED, length), ("/v1/track", &one))
}

type Body<'a> = (&'a str, &'a (dyn Fn(u64) -> String + Sync));

fn closed_of(
    address: SocketAddr,
    (clients, length): (usize, Duration),
    (path, body): Body<'_>,
) -> Answers {
    static NUMBERS: AtomicU64 = AtomicU64::new(1 << 40);
    let answers = Answers::default();
    let until = Instant::now() + length;
    thread::scope(|scope| {
        for _ in 0..clients {
            let answers = &answers;
            scope.spawn(move || {
                let Ok(mut client) = Client::connect(address) else { return };
                while Instant::now() < until {
                    let body = body(NUMBERS.fetch_add(1, Ordering::Relaxed));
                    let since = Instant::now();
                    let answer = client.post(path, &authorization(), &body);
                    answers.add(answer, since.elapsed());
                }
            });
        }
    });
    answers
}

/// Events of a batch.
const BATCH: u64 = 500;

fn batch(number: u64) -> String {
    let of = |n: u64| one(n).replacen('{', "{\"type\":\"track\",", 1);
    let messages: Vec<String> = (number * BATCH..(number + 1) * BATCH).map(of).collect();
    format!("{{\"batch\":[{}]}}", messages.join(","))
}

/// How much the real server takes: events in batches of 500, and single ones, with the time that half and nearly all are within.
pub(crate) fn load(seconds: f64) -> anyhow::Result<bool> {
    on_both(|name, home| {
        let server = Server::begin(home)?;
        let length = Duration::from_secs_f64(seconds);
        let mut all_fit = true;
        for (what, clients, events, body) in [
            ("batches of 500", 8, BATCH, ("/v1/batch", &batch as &(dyn Fn(u64) -> String + Sync))),
            ("single events", 64, 1, ("/v1/track", &one)),
        ] {
            let answers = closed_of(server.address, (clients, length), body);
            let taken = answers.count(200) as f64 / seconds;
            let (told, are_fit) = answers.told();
            all_fit &= are_fit && taken > 0.0;
            say(&format!(
                "load {name}: {what}, {clients} clients: {taken:.0} requests/s, {:.0} events/s, p50 {:.0} ms, p99 {:.0} ms ({told})",
                taken * events as f64,
                answers.within(200, 50),
                answers.within(200, 99),
            ))?;
        }
        Ok(all_fit)
    })
}

/// Requests begin at their moments, whatever has become of those before; and pages are asked for meanwhile.
fn open(address: SocketAddr, rate: f64, length: Duration) -> (Answers, Answers) {
    let (answers, pages) = (Answers::default(), Answers::default());
    let next = AtomicU64::new(0);
    let begin = Instant::now();
    let count = (rate * length.as_secs_f64()) as u64;
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..OPEN)
            .map(|_| {
                let (answers, next) = (&answers, &next);
                scope.spawn(move || {
                    let mut client = Client::connect(address).ok();
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= count {
                            return;
                        }
                        let moment = begin + Duration::from_secs_f64(number as f64 / rate);
                        thread::sleep(moment.saturating_duration_since(Instant::now()));
                        let since = Instant::now();
                        let answer = match &mut client {
                            Some(client) => {
                                client.post("/v1/track", &authorization(), &one(number))
                            }
                            None => Err(std::io::ErrorKind::NotConnected.into()),
                        };
                        if answer.is_err() {
                            client = Client::connect(address).ok();
                        }
                        answers.add(answer, since.elapsed());
                    }
                })
            })
            .collect();
        let (pages, is_over) = (&pages, &is_over);
        scope.spawn(move || {
            let Ok(mut client) = Client::connect(address) else { return };
            while !is_over.load(Ordering::Relaxed) {
                let since = Instant::now();
                let answer = client.get("/api/v1/openapi.json", "");
                pages.add(answer, since.elapsed());
                thread::sleep(Duration::from_millis(50));
            }
        });
        for client in clients {
            // One that panicked has said so.
            let _ended = client.join();
        }
        is_over.store(true, Ordering::Relaxed);
    });
    (answers, pages)
}

/// R13: so many clients are slow; whether all requests of the others are answered as ever.
pub(crate) fn slow(clients: usize) -> anyhow::Result<bool> {
    on_both(|name, home| {
        let server = Server::begin(home)?;
        let before = closed(server.address, Duration::from_secs(2));
        let held = hold(server.address, clients)?;
        let during = closed(server.address, Duration::from_secs(4));
        let (told, are_fit) = during.told();
        say(&format!(
            "R13 {name}: {} slow clients; the others: {told}, p99 {:.0} ms (without slow ones {:.0} ms)",
            held.len(),
            during.within(200, 99),
            before.within(200, 99),
        ))?;
        let is_served = during.count(200) > 0 && during.count(429) + during.count(503) == 0;
        Ok(are_fit && is_served && held.len() == clients)
    })
}

/// Connections of clients who do not say what they want, do not send what they promised, or do not read.
fn hold(address: SocketAddr, clients: usize) -> anyhow::Result<Vec<TcpStream>> {
    let mut held = Vec::with_capacity(clients);
    for number in 0..clients {
        let mut stream = TcpStream::connect(address).context("a slow client is not let in")?;
        let said = match number % 3 {
            0 => "POST /v1/track HTTP/1.1\r\nhost: loc".to_owned(),
            1 => format!(
                "POST /v1/track HTTP/1.1\r\nhost: localhost\r\n{}content-length: 100000\r\n\r\n{{",
                authorization()
            ),
            // Asks for much, many times, and reads nothing of it.
            _ => "GET /api/v1/openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(40),
        };
        stream.write_all(said.as_bytes())?;
        held.push(stream);
    }
    // Those who read nothing have something to read, so that it is them who are slow.
    if let Some(reader) = held.get_mut(2) {
        reader.set_read_timeout(Some(Duration::from_secs(60)))?;
        reader.read_exact(&mut [0]).context("nothing to read for a slow client")?;
    }
    Ok(held)
}
