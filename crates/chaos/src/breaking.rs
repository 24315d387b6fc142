//! Things that fail at a call that is known beforehand: a disk, and the way to a PostgreSQL server.

use std::fs;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use engine::lake::disk::{Body, Disk, Folder};
use tempfile::TempDir;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fails {
    /// That one, before it does anything.
    Once,
    /// That one, after it was done: whoever called does not know.
    Unheard,
    /// That one and all after it.
    ForGood,
}

/// Counts calls down to the one that fails.
#[derive(Debug)]
pub(crate) struct Countdown {
    /// Calls until then, the failing one included; 0 when it is behind.
    left: AtomicU64,
    fails: Fails,
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Done,
    Unheard,
    Refused,
}

impl Countdown {
    pub(crate) fn new(nth: u64, fails: Fails) -> Arc<Self> {
        Arc::new(Self { left: AtomicU64::new(nth), fails })
    }

    /// Whether the call that was to fail has come.
    pub(crate) fn is_behind(&self) -> bool {
        self.left.load(Ordering::SeqCst) == 0
    }

    fn call(&self) -> Call {
        let before = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| Some(left.saturating_sub(1)));
        match (before, self.fails) {
            (Ok(1), Fails::Unheard) => Call::Unheard,
            (Ok(1), _) | (Ok(0), Fails::ForGood) => Call::Refused,
            _ => Call::Done,
        }
    }
}

/// A folder of which a call fails.
#[derive(Debug)]
pub(crate) struct BreakingDisk {
    pub(crate) under: Folder,
    pub(crate) calls: Arc<Countdown>,
}

impl BreakingDisk {
    fn call<T>(&self, call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let broken = || io::Error::other("the disk failed");
        match self.calls.call() {
            Call::Done => call(),
            Call::Unheard => call().and(Err(broken())),
            Call::Refused => Err(broken()),
        }
    }
}

impl Disk for BreakingDisk {
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.call(|| self.under.put(path, bytes))
    }

    fn open(&self, path: &str) -> io::Result<Body> {
        self.call(|| self.under.open(path))
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        self.call(|| self.under.delete(path))
    }

    fn address(&self) -> String {
        self.under.address()
    }
}

/// A way to a server's socket that is cut at a call: what a client writes at once is one.
#[derive(Debug)]
pub(crate) struct Proxy {
    folder: TempDir,
}

/// The name under which PostgreSQL's clients look for a socket.
const SOCKET: &str = ".s.PGSQL.5432";

impl Proxy {
    /// Beside the server's own socket; it ends with the process.
    pub(crate) fn start(server: &Path, calls: Arc<Countdown>) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let listener = UnixListener::bind(folder.path().join(SOCKET))?;
        let server = server.join(SOCKET);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (server, calls) = (server.clone(), Arc::clone(&calls));
                thread::spawn(move || carry(&client, &server, &calls));
            }
        });
        Ok(Self { folder })
    }

    /// The address of a database through it.
    pub(crate) fn address(&self, database: &str) -> String {
        let own = self.folder.path().display();
        database
            .split_once("?host=")
            .map_or_else(String::new, |(database, _)| format!("{database}?host={own}"))
    }
}

/// The folder of the socket in a database's address.
pub(crate) fn socket_folder(database: &str) -> Option<PathBuf> {
    database.split_once("?host=").map(|(_, folder)| PathBuf::from(folder))
}

/// Carries one connection until either side ends it, or the call comes.
fn carry(client: &UnixStream, server: &Path, calls: &Countdown) -> io::Result<()> {
    let server = UnixStream::connect(server)?;
    let (mut answers, mut back) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || {
        let _ended = io::copy(&mut answers, &mut back);
        let _gone = back.shutdown(Shutdown::Both);
    });
    let (mut asks, mut on) = (client.try_clone()?, server.try_clone()?);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = asks.read(&mut buffer)?;
        if read == 0 {
            return server.shutdown(Shutdown::Both);
        }
        match calls.call() {
            Call::Done => on.write_all(&buffer[..read])?,
            Call::Unheard => {
                client.shutdown(Shutdown::Both)?;
                on.write_all(&buffer[..read])?;
                // The server does what it was told before it finds that nobody listens.
                return server.shutdown(Shutdown::Write);
            }
            Call::Refused => {
                client.shutdown(Shutdown::Both)?;
                return server.shutdown(Shutdown::Both);
            }
        }
    }
}

/// Files below a folder.
pub(crate) fn files_below(folder: &Path) -> u64 {
    let below = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    below.map(|path| if path.is_dir() { files_below(&path) } else { 1 }).sum()
}
