//! A journey measured by a scheduler and three executors, each a process, and an executor that dies at it.
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use throwaway::Bucket;

use crate::cafe;
use crate::program::{Ran, command, footpath_in, repository, text};

/// What processes say, each line with the number of who says it.
type Said = Receiver<(usize, String)>;

/// A process that is gone with the test.
struct Process(Child);

impl Process {
    fn start(mut command: Command, number: usize, say: &Sender<(usize, String)>) -> Self {
        let mut child = command.spawn().unwrap();
        let (lines, say) = (BufReader::new(child.stderr.take().unwrap()).lines(), say.clone());
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _nobody_listens = say.send((number, line));
            }
        });
        Self(child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _it_may_be_dead = self.0.kill();
        let _it_may_be_dead = self.0.wait();
    }
}

/// Waits until somebody says a line that begins like this: who it was, and how the line goes on.
fn hear(said: &Said, begin: &str) -> (usize, String) {
    let mut before = Vec::new();
    for (number, line) in said {
        if let Some(rest) = line.strip_prefix(begin) {
            return (number, rest.to_owned());
        }
        before.push(line);
    }
    panic!("all ended, and nobody said `{begin}`: {before:?}");
}

/// A scheduler and its executors.
struct Cluster {
    address: String,
    executors: Vec<Process>,
    said: Said,
    _scheduler: Process,
}

impl Cluster {
    fn start(data: &Path, executors: usize) -> Self {
        Self::start_on(["--data", &text(data)], executors, &[])
    }

    fn start_on(place: [&str; 2], executors: usize, variables: &[(String, String)]) -> Self {
        let (say, said) = channel();
        let words = ["scheduler", "--port", "0", "--patience", "5"];
        let scheduler = Process::start(command(words), executors, &say);
        let (_, address) = hear(&said, "scheduler: ");
        let executor = |number| {
            let words = ["executor", "--scheduler", &address, "--cores", "1"];
            let mut command = command(words.into_iter().chain(place));
            command.envs(variables.iter().cloned());
            Process::start(command, number, &say)
        };
        let executors: Vec<Process> = (0..executors).map(executor).collect();
        for _ in &executors {
            hear(&said, "executor: works for ");
        }
        Self { address, executors, said, _scheduler: scheduler }
    }
}

struct Example {
    folder: tempfile::TempDir,
    journey: String,
    told: Vec<String>,
}

impl Example {
    /// An example at rest, some of its events imported a second time under other names.
    fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let example = repository("examples").join(name);
        let events = text(&example.join("events.csv.gz"));
        let filled = footpath_in(folder.path(), ["import", "--data", "data", "--events", &events]);
        assert_eq!(filled.code, Some(0), "{}", filled.stderr);
        let told = ["responses", "complaints"]
            .into_iter()
            .filter(|kind| example.join(format!("{kind}.csv")).exists())
            .flat_map(|kind| [format!("--{kind}"), text(&example.join(format!("{kind}.csv")))]);
        Self { journey: text(&example.join("journey.yaml")), told: told.collect(), folder }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn words<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let words = ["measure", &self.journey, "--data", "data", "--format", "json"];
        words
            .into_iter()
            .chain(more.iter().copied())
            .chain(self.told.iter().map(String::as_str))
            .collect()
    }

    fn measure(&self, more: &[&str]) -> Ran {
        footpath_in(self.folder.path(), self.words(more))
    }
}

#[test]
fn a_cluster_reports_what_one_machine_reports() {
    let asked: [(&str, &[&[&str]]); 3] = [
        ("loyalty-visit", &[&[], &["--compare", "store", "--segment", "segment=family"]]),
        ("seed-season", &[&[], &["--from", "2025-05-01", "--to", "2025-09-01"]]),
        ("fund-investing", &[&[], &["--as-of", "2025-12-01"]]),
    ];
    for (name, asked) in asked {
        let example = Example::new(name);
        let cluster = Cluster::start(&example.data(), 3);
        for more in asked {
            let here = example.measure(more);
            assert_eq!(here.code, Some(0), "{name} {more:?}: {}", here.stderr);
            let away: Vec<&str> =
                more.iter().copied().chain(["--cluster", &cluster.address]).collect();
            let away = example.measure(&away);
            assert_eq!(away.code, Some(0), "{name} {more:?}: {}", away.stderr);
            assert_eq!(away.stderr, here.stderr, "{name} {more:?}");
            assert!(away.stdout == here.stdout, "{name} {more:?}: the reports differ");
        }
    }
}

#[test]
fn executors_read_the_files_where_they_lie() {
    let bucket = Bucket::start().unwrap();
    let folder = cafe::folder();
    let run = |words: &str| {
        let mut command = command(words.split(' '));
        let ran = command.current_dir(folder.path()).envs(bucket.variables()).output().unwrap();
        assert!(ran.status.success(), "{words}: {}", String::from_utf8_lossy(&ran.stderr));
        ran.stdout
    };
    run("import --data lake --files s3://bucket/cafe --events events.csv");
    let measure = "measure journey.yaml --data lake --responses answers.csv --format json";
    let cluster = Cluster::start_on(["--files", "s3://bucket/cafe"], 2, &bucket.variables());
    assert!(run(&format!("{measure} --cluster {}", cluster.address)) == run(measure));
}

#[test]
fn every_bucket_is_measured_once() {
    let example = Example::new("loyalty-visit");
    let cluster = Cluster::start(&example.data(), 3);
    let ran = example.measure(&["--cluster", &cluster.address]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let Cluster { said, executors, _scheduler, .. } = cluster;
    // With them goes the last of what they say.
    drop((executors, _scheduler));
    let mut measured: BTreeMap<u32, usize> = BTreeMap::new();
    let mut by = BTreeSet::new();
    for (number, line) in said {
        let told = line.strip_prefix("bucket ").and_then(|line| line.split_once(": measured"));
        if let Some((bucket, _)) = told {
            *measured.entry(bucket.parse().unwrap()).or_default() += 1;
            by.insert(number);
        }
    }
    assert_eq!(measured, (0..16).map(|bucket| (bucket, 1)).collect());
    assert_eq!(by.len(), 3, "an executor had nothing to do");
}

/// A file of one bucket becomes a pipe, so that the executor that has it waits, however fast the machine is. That one is
/// killed; then the file is there again.
#[test]
fn an_executor_that_is_killed_at_it_changes_nothing() {
    let example = Example::new("loyalty-visit");
    let expected = example.measure(&[]);
    let cluster = Cluster::start(&example.data(), 3);
    let file = a_file(&example.data().join("events"));
    let aside = file.with_extension("aside");
    fs::rename(&file, &aside).unwrap();
    assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
    let place = text(&file);
    let bucket: u32 = place.split_once("bucket=").unwrap().1[..2].parse().unwrap();

    let asks = example.words(&["--cluster", &cluster.address]);
    let asking = command(asks).current_dir(example.folder.path()).spawn().unwrap();
    let (number, _) = hear(&cluster.said, &format!("bucket {bucket}: "));
    let Cluster { mut executors, _scheduler, said, .. } = cluster;
    drop(executors.remove(number));
    fs::rename(&aside, &file).unwrap();

    let ended = asking.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(ended.stdout == expected.stdout.as_bytes(), "the reports differ");
    let (again, _) = hear(&said, &format!("bucket {bucket}: measured"));
    assert_ne!(again, number);
}

/// The first file below a folder.
fn a_file(folder: &Path) -> PathBuf {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let first = entries.swap_remove(0);
    if first.is_dir() { a_file(&first) } else { first }
}

/// Nobody works, and whoever asks hears of it; an executor that comes then does the work.
#[test]
fn a_cluster_without_executors_is_told_of_and_waited_for() {
    let example = Example::new("shop");
    let here = example.measure(&[]);
    let Cluster { address, said: _said, _scheduler, .. } = Cluster::start(&example.data(), 0);
    let (say, said) = channel();
    let mut asking = command(example.words(&["--cluster", &address]));
    asking.current_dir(example.folder.path());
    let mut asking = Process::start(asking, 0, &say);
    hear(&said, "nothing has come from the cluster at ");
    let words = ["executor", "--scheduler", &address, "--data", &text(&example.data())];
    let _executor = Process::start(command(words), 1, &say);
    let mut report = String::new();
    asking.0.stdout.take().unwrap().read_to_string(&mut report).unwrap();
    assert!(report == here.stdout, "the reports differ");
}

#[test]
fn whoever_is_not_there_is_told_of() {
    let example = Example::new("shop");
    let ran = example.measure(&["--cluster", "df://127.0.0.1:9"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains("the cluster at df://127.0.0.1:9 did not answer"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.stdout, "");

    let elsewhere = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(elsewhere.path(), 1);
    let ran = example.measure(&["--cluster", &cluster.address]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    let told = format!(
        "error: the cluster at {} could not measure: the lake's file events/",
        cluster.address
    );
    assert!(ran.stderr.starts_with(&told), "{}", ran.stderr);
    assert!(
        ran.stderr.ends_with("(every executor needs the files of this data folder)\n"),
        "{}",
        ran.stderr
    );
}
