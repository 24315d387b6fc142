//! R9: the database is refused, hangs, or is slow: nobody is answered wrongly, and what waits is stored when it is back.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::json;
use server::{Config, Scope};

use crate::house::{HERE, House, postgres};

const PASS: u8 = 0;
/// Connections are cut, new ones too.
const REFUSE: u8 = 1;
/// Nothing goes through, and nobody is told.
const HANG: u8 = 2;
/// Everything goes through, late.
const SLOW: u8 = 3;

/// Stands between the server and its database.
struct Proxy {
    port: u16,
    mode: Arc<AtomicU8>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    /// To the socket in this folder.
    fn to(folder: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (mode, open) = (Arc::new(AtomicU8::new(PASS)), Arc::new(Mutex::new(Vec::new())));
        let proxy = Self { port, mode: Arc::clone(&mode), open: Arc::clone(&open) };
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if mode.load(Ordering::SeqCst) == REFUSE {
                    continue;
                }
                let Ok(server) = UnixStream::connect(folder.join(".s.PGSQL.5432")) else {
                    continue;
                };
                open.lock().unwrap().push(client.try_clone().unwrap());
                let (there, back) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let (to, from) = (Arc::clone(&mode), Arc::clone(&mode));
                thread::spawn(move || pass(client, server, &to));
                thread::spawn(move || pass(back, there, &from));
            }
        });
        proxy
    }

    fn set(&self, mode: u8) {
        self.mode.store(mode, Ordering::SeqCst);
        if mode == REFUSE {
            for stream in self.open.lock().unwrap().drain(..) {
                let _gone = stream.shutdown(std::net::Shutdown::Both);
            }
        }
    }
}

fn pass(mut from: impl Read, mut to: impl Write, mode: &AtomicU8) {
    let mut buffer = [0; 8192];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        while mode.load(Ordering::SeqCst) == HANG {
            thread::sleep(Duration::from_millis(5));
        }
        if mode.load(Ordering::SeqCst) == SLOW {
            thread::sleep(Duration::from_millis(20));
        }
        if to.write_all(&buffer[..read]).is_err() {
            return;
        }
    }
}

fn house(requests: u32) -> Option<(House, Proxy)> {
    let url = postgres()?.database().unwrap();
    let (start, folder) = url.split_once("?host=").unwrap();
    let proxy = Proxy::to(PathBuf::from(folder));
    let database = start.replace("localhost", &format!("127.0.0.1:{}", proxy.port));
    let database = Some(format!("{database}?sslmode=disable"));
    let config = Config { database, requests, ..Config::default() };
    Some((House::begin(tempfile::tempdir().unwrap(), config), proxy))
}

fn body(number: usize) -> serde_json::Value {
    json!({ "userId": "ada", "event": "Paid", "messageId": format!("m{number}") })
}

#[test]
fn a_database_that_refuses_is_waited_for() {
    let Some((house, proxy)) = house(64) else { return };
    let key = house.key(HERE, &[Scope::Collect]);
    assert_eq!(key.post("/v1/track", &body(0)).ok()["accepted"], 1);
    proxy.set(REFUSE);
    for number in 1..4 {
        let answer = key.post("/v1/track", &body(number));
        assert_eq!((answer.status, answer.code().as_str()), (429, "busy"), "{}", answer.text);
        assert!(answer.headers.contains_key("retry-after"));
    }
    assert_eq!(house.anonymous().get("/readyz").status, 429);
    assert_eq!(house.anonymous().get("/healthz").status, 200, "the process lives");
    proxy.set(PASS);
    house.wait_until("the database is back", || house.anonymous().get("/readyz").status == 200);
    for number in 0..4 {
        let told = key.post("/v1/track", &body(number)).ok();
        assert_eq!(told["accepted"], u64::from(number > 0));
    }
    assert_eq!(house.timeline(HERE, "ada").len(), 4);
}

#[test]
fn a_database_that_hangs_fills_the_server_up_to_its_cap_and_drains() {
    const CAP: usize = 16;
    let Some((house, proxy)) = house(CAP as u32) else { return };
    let key = house.key(HERE, &[Scope::Collect]);
    assert_eq!(key.post("/v1/track", &body(0)).ok()["accepted"], 1);
    proxy.set(HANG);
    let answered = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for number in 1..=3 * CAP {
            let (key, answered) = (&key, &answered);
            scope.spawn(move || {
                let answer = key.post("/v1/track", &body(number));
                answered.lock().unwrap().push((number, answer));
            });
        }
        // What is beyond the cap is told to come back at once; what is within it waits.
        house.wait_until("the cap is felt", || answered.lock().unwrap().len() >= 2 * CAP);
        proxy.set(PASS);
    });
    let answered = answered.into_inner().unwrap();
    let mut stored = 1;
    for (_, answer) in &answered {
        match answer.status {
            200 => stored += 1,
            429 => assert!(answer.headers.contains_key("retry-after")),
            _ => panic!("{} {}", answer.status, answer.text),
        }
    }
    assert!(stored > 1, "what waited was stored");
    assert_eq!(house.timeline(HERE, "ada").len(), stored);
    for (number, _) in &answered {
        key.post("/v1/track", &body(*number)).ok();
    }
    assert_eq!(house.timeline(HERE, "ada").len(), 3 * CAP + 1);
}

#[test]
fn a_database_that_is_slow_is_used_slowly() {
    let Some((house, proxy)) = house(64) else { return };
    let key = house.key(HERE, &[Scope::Collect]);
    proxy.set(SLOW);
    thread::scope(|scope| {
        for number in 0..16 {
            let key = &key;
            scope.spawn(move || {
                assert_eq!(key.post("/v1/track", &body(number)).ok()["accepted"], 1);
            });
        }
    });
    proxy.set(PASS);
    assert_eq!(house.timeline(HERE, "ada").len(), 16);
}
