//! Where results go: to standard output, or into a file that appears whole or not at all.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use expect_test::expect;

use super::check;
use crate::cafe;
use crate::program::{command, footpath_in};

const MEASURE: &str = "measure journey.yaml --events events.csv";

#[test]
fn a_file_appears_whole_and_alone() {
    let folder = cafe::folder();
    let before = cafe::names(folder.path());
    let shown = footpath_in(folder.path(), MEASURE.split(' ')).stdout;
    check(
        folder.path(),
        &format!("{MEASURE} -o result.txt"),
        &expect![[r#"
        exit 0
    "#]],
    );
    assert!(fs::read_to_string(folder.path().join("result.txt")).unwrap() == shown);
    let mut after = before;
    after.insert(3, "result.txt".to_owned());
    assert_eq!(cafe::names(folder.path()), after);
}

#[test]
fn a_file_that_is_there_is_replaced_at_one_stroke() {
    let folder = cafe::folder();
    cafe::write(folder.path(), "result.txt", "yesterday's");
    // Whoever has the old file open goes on reading the old one: it was not written into.
    let mut old = BufReader::new(fs::File::open(folder.path().join("result.txt")).unwrap());
    assert_eq!(
        footpath_in(folder.path(), format!("{MEASURE} -o result.txt").split(' ')).code,
        Some(0)
    );
    let mut seen = String::new();
    old.read_line(&mut seen).unwrap();
    assert_eq!(seen, "yesterday's");
    let new = fs::read_to_string(folder.path().join("result.txt")).unwrap();
    assert!(new.starts_with("I drink a coffee"), "{new}");
    // When measuring fails, what was there stays.
    cafe::write(folder.path(), "events.csv", "customer_id,at,activity\n");
    assert_eq!(
        footpath_in(folder.path(), format!("{MEASURE} -o result.txt").split(' ')).code,
        Some(2)
    );
    assert_eq!(fs::read_to_string(folder.path().join("result.txt")).unwrap(), new);
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_the_work() {
    let folder = cafe::folder();
    let before = cafe::names(folder.path());
    check(
        folder.path(),
        &format!("{MEASURE} -o nowhere/result.txt"),
        &expect![[r#"
        ! error: cannot write nowhere/result.txt: there is no folder nowhere; make it first
        exit 2
    "#]],
    );
    check(
        folder.path(),
        &format!("{MEASURE} -o ."),
        &expect![[r#"
        ! error: cannot write .: it is a folder; name a file in it
        exit 2
    "#]],
    );
    check(
        folder.path(),
        &format!("{MEASURE} -o events.csv"),
        &expect![[r#"
        ! error: events.csv is read here; write the result elsewhere
        exit 2
    "#]],
    );
    check(
        folder.path(),
        &format!("{MEASURE} --quarantine ./journey.yaml"),
        &expect![[r#"
        ! error: ./journey.yaml is read here; write the result elsewhere
        exit 2
    "#]],
    );
    check(
        folder.path(),
        "discover --events events.csv -o events.csv/draft.yaml",
        &expect![[r#"
        ! error: cannot write events.csv/draft.yaml: there is no folder events.csv; make it first
        exit 2
    "#]],
    );
    assert_eq!(cafe::names(folder.path()), before);
    assert_eq!(fs::read_to_string(folder.path().join("events.csv")).unwrap(), cafe::events(60));
}

#[cfg(unix)]
#[test]
fn pipes_and_links_stay_what_they_are() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = cafe::folder();
    let place = |name: &str| folder.path().join(name);
    let measured =
        |name: &str| footpath_in(folder.path(), format!("{MEASURE} -o {name}").split(' ')).code;
    symlink("target.txt", place("link.txt")).unwrap();
    cafe::write(folder.path(), "target.txt", "");
    assert_eq!(measured("link.txt"), Some(0));
    assert!(fs::symlink_metadata(place("link.txt")).unwrap().is_symlink());
    assert!(fs::read_to_string(place("target.txt")).unwrap().starts_with("I drink"));
    // As with `/dev/null`, which a test had better not risk.
    assert!(Command::new("mkfifo").arg(place("pipe")).status().unwrap().success());
    let mut reader = Command::new("cat").arg(place("pipe")).stdout(Stdio::piped()).spawn().unwrap();
    let code = measured("pipe");
    let is_pipe = fs::metadata(place("pipe")).unwrap().file_type().is_fifo();
    if !is_pipe {
        reader.kill().unwrap();
    }
    let read = reader.wait_with_output().unwrap().stdout;
    assert_eq!((code, is_pipe), (Some(0), true));
    assert!(read.starts_with(b"I drink"));
}

#[test]
fn a_reader_that_has_seen_enough_is_content() {
    let folder = cafe::folder();
    // A page is longer than a pipe holds, so the program is still writing when the reader goes.
    let arguments = format!("{MEASURE} --format html");
    let mut child = command(arguments.split(' ')).current_dir(folder.path()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.to_lowercase().starts_with("<!doctype html>"), "{first}");
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    let folder = cafe::folder();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ended = command(MEASURE.split(' '))
        .current_dir(folder.path())
        .stdout(Stdio::from(full))
        .output()
        .unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error: write to standard output: "), "{said}");
}
