//! Stopped in the middle: soon, in a word, and without a trace.
#![cfg(unix)]

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::cafe;
use crate::program::command;

/// A measurement that has begun and cannot end: its events come through a pipe that nobody closes.
struct Begun {
    folder: TempDir,
    child: Child,
    pipe: File,
    rows: String,
}

impl Begun {
    fn new() -> Self {
        let folder = cafe::folder();
        cafe::write(folder.path(), "page.html", "yesterday's");
        let pipe = folder.path().join("pipe.csv");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        // Little memory, so that there are temporary files to be forgotten.
        let arguments =
            "measure journey.yaml --events pipe.csv --memory 1 --format html -o page.html";
        let child = command(arguments.split(' '))
            .current_dir(folder.path())
            .env("TMPDIR", folder.path())
            .spawn()
            .unwrap();
        // Opening waits until the program has opened its end.
        let mut pipe = OpenOptions::new().write(true).open(&pipe).unwrap();
        let log = cafe::events(1000);
        let (header, rows) = log.split_once('\n').unwrap();
        writeln!(pipe, "{header}").unwrap();
        // A pipe holds 64 KiB, so all but the last of these rows have been read once they are written.
        for _ in 0..24 {
            pipe.write_all(rows.as_bytes()).unwrap();
        }
        Self { folder, child, pipe, rows: rows.to_owned() }
    }

    /// Sends a signal while more rows come than can be read, and says how it ended.
    fn signal_while_it_reads(self, signal: &str) -> Ended {
        let Self { folder, child, mut pipe, rows } = self;
        let writer = thread::spawn(move || while pipe.write_all(rows.as_bytes()).is_ok() {});
        let ended = ended(&folder, child, signal);
        writer.join().unwrap();
        ended
    }

    /// Sends a signal while no rows come, and says how it ended.
    fn signal_while_it_waits(self, signal: &str) -> Ended {
        let ended = ended(&self.folder, self.child, signal);
        drop(self.pipe);
        ended
    }
}

#[derive(Debug, PartialEq)]
struct Ended {
    code: Option<i32>,
    signal: Option<i32>,
    said: String,
    is_soon: bool,
    /// The files of the folder, and what is in the one that would have been written.
    left: (Vec<String>, String),
}

fn ended(folder: &TempDir, child: Child, signal: &str) -> Ended {
    let began = Instant::now();
    let kill = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    Ended {
        code: output.status.code(),
        signal: output.status.signal(),
        said: String::from_utf8(output.stderr).unwrap(),
        is_soon: began.elapsed() < Duration::from_secs(8),
        left: (cafe::names(folder.path()), page),
    }
}

fn as_asked() -> Ended {
    Ended {
        code: Some(2),
        signal: None,
        said: "interrupted: no result was written\n".to_owned(),
        is_soon: true,
        left: untouched(),
    }
}

fn untouched() -> (Vec<String>, String) {
    let names = ["answers.csv", "events.csv", "journey.yaml", "page.html", "pipe.csv"];
    (names.map(str::to_owned).to_vec(), "yesterday's".to_owned())
}

#[test]
fn ctrl_c_ends_it_while_it_reads() {
    assert_eq!(Begun::new().signal_while_it_reads("-INT"), as_asked());
}

#[test]
fn ctrl_c_ends_it_while_it_waits_for_a_pipe() {
    assert_eq!(Begun::new().signal_while_it_waits("-INT"), as_asked());
}

#[test]
fn a_request_to_terminate_is_heeded_as_well() {
    assert_eq!(Begun::new().signal_while_it_reads("-TERM"), as_asked());
}

#[test]
fn even_killed_it_leaves_nothing_half_written() {
    let ended = Begun::new().signal_while_it_reads("-KILL");
    assert_eq!((ended.signal, ended.left), (Some(9), untouched()));
}
