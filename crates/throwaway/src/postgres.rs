//! A PostgreSQL server: made in a temporary folder, reached by a socket in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    /// Watches the server, and stops it when its standard input ends.
    watcher: Child,
    databases: AtomicU32,
}

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As in earnest.
    Real,
    /// Faster, where nothing is killed.
    None,
}

impl Postgres {
    /// Starts a server; the error says what is missing and how to get it.
    pub fn start(durability: Durability) -> Result<Self, String> {
        let programs = programs().ok_or(
            "there is no PostgreSQL server on this machine; install Debian's package `postgresql`",
        )?;
        let told = |what: &str| {
            let what = what.to_owned();
            move |cause: io::Error| format!("{what}: {cause}")
        };
        let folder = TempDir::with_prefix("footpath-pg").map_err(told("making a folder"))?;
        let data = folder.path().join("data");
        if is_root() {
            // The server refuses to run as root; the package made a user for it.
            run(Command::new("chown").arg("postgres").arg(folder.path()))?;
        }
        run(as_user(&programs.join("initdb"))
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "-D"])
            .arg(&data))?;
        let folder = folder.keep();
        let mut watcher = Command::new("sh");
        watcher.args(["-c", WATCH, "watch"]).arg(&folder);
        if is_root() {
            watcher.args(AS_POSTGRES);
        }
        watcher.arg(programs.join("postgres")).arg("-D").arg(&data).arg("-k").arg(&folder);
        watcher.args(["-c", "listen_addresses=", "-c", "max_connections=200"]);
        if durability == Durability::None {
            watcher.args(["-c", "fsync=off", "-c", "synchronous_commit=off"]);
        }
        let watcher = watcher.stdin(Stdio::piped()).current_dir("/").spawn();
        let watcher = watcher.map_err(told("starting PostgreSQL"))?;
        let postgres = Self { folder, programs, watcher, databases: AtomicU32::new(0) };
        postgres.wait()?;
        Ok(postgres)
    }

    fn wait(&self) -> Result<(), String> {
        let since = Instant::now();
        let mut ready = Command::new(self.programs.join("pg_isready"));
        ready.arg("-h").arg(&self.folder).args(["-U", "postgres", "-q"]);
        while since.elapsed() < Duration::from_secs(60) {
            if ready.status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(format!("PostgreSQL did not start within a minute:\n{log}"))
    }

    /// The address of a new, empty database.
    pub fn database(&self) -> Result<String, String> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test{number}");
        run(Command::new(self.programs.join("createdb"))
            .arg("-h")
            .arg(&self.folder)
            .args(["-U", "postgres", &name]))?;
        Ok(format!("postgres://postgres@localhost/{name}?host={}", self.folder.display()))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        let _gone = self.watcher.wait();
    }
}

/// Starts a server, waits until whoever asked for it is gone, and takes the server and its folder away.
const WATCH: &str = r#"
folder=$1; shift
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
read -r _
kill -INT $server 2>/dev/null
wait $server
rm -rf "$folder"
"#;

const AS_POSTGRES: [&str; 4] =
    ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"];

/// The folder of the server's programs, the newest version first.
fn programs() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = versions.into_iter().rev().chain(std::env::split_paths(&path));
    folders.into_iter().find(|folder| folder.join("initdb").is_file())
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

fn as_user(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new(AS_POSTGRES[0]);
        command.args(&AS_POSTGRES[1..]).arg(program);
        command
    } else {
        Command::new(program)
    };
    // The user of the server may not see the folder that the tests run in.
    command.current_dir("/");
    command
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|cause| format!("{command:?}: {cause}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))
}
