//! A data folder as its users meet it: filled, asked, verified, forgotten in, and guarded.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use expect_test::expect;

use crate::cafe;
use crate::commands::transcript;
use crate::program::{Ran, footpath_in, repository, text};

fn run(folder: &Path, line: &str) -> Ran {
    footpath_in(folder, line.split_whitespace())
}

#[test]
fn a_data_folder_reports_what_files_report() {
    let folder = tempfile::tempdir().unwrap();
    for example in ["loyalty-visit", "seed-season", "fund-investing", "incident", "shop"] {
        let example = repository("examples").join(example);
        let events = text(&example.join("events.csv.gz"));
        let data = folder.path().join("data");
        let filled =
            footpath_in(folder.path(), ["import", "--data", &text(&data), "--events", &events]);
        assert_eq!(filled.code, Some(0), "{}", filled.stderr);
        let told: Vec<String> = ["responses", "complaints"]
            .into_iter()
            .filter(|kind| example.join(format!("{kind}.csv")).exists())
            .flat_map(|kind| [format!("--{kind}"), text(&example.join(format!("{kind}.csv")))])
            .collect();
        let report = |from: [&str; 2]| {
            let journey = text(&example.join("journey.yaml"));
            let words = ["measure", &journey, from[0], from[1], "--format", "json"];
            let words = words.into_iter().chain(told.iter().map(String::as_str));
            let ran = footpath_in(folder.path(), words);
            assert_eq!(ran.code, Some(0), "{}", ran.stderr);
            ran.stdout
        };
        assert!(
            report(["--events", &events]) == report(["--data", &text(&data)]),
            "{}",
            example.display()
        );
        fs::remove_dir_all(&data).unwrap();
    }
}

#[test]
fn filling_and_asking_are_told_in_words() {
    let folder = cafe::folder();
    let imported = run(folder.path(), "import --data lake --events events.csv");
    expect![[r#"
        ! events.csv: 234 events into N files
        ! lake holds 234 events in N files, N bytes an event
        exit 0
    "#]]
    .assert_eq(&without_sizes(&transcript(&imported)));
    let again = run(folder.path(), "import --data lake --events events.csv");
    expect![[r#"
        ! events.csv: was imported before; nothing to do
        ! lake holds 234 events in N files, N bytes an event
        exit 0
    "#]]
    .assert_eq(&without_sizes(&transcript(&again)));
    expect![[r#"
        ! N files with 234 events read, 0 files damaged
        exit 0
    "#]]
    .assert_eq(&without_sizes(&transcript(&run(folder.path(), "verify --data lake"))));
    let published = run(folder.path(), "publish --data lake -o lake.sqlite");
    assert_eq!(published.code, Some(0), "{}", published.stderr);
    let twice = run(folder.path(), "publish --data lake -o lake.sqlite");
    expect![[r#"
        ! error: lake.sqlite is there already
        exit 2
    "#]]
    .assert_eq(&transcript(&twice));
}

/// What was imported, and what months lie between, in one line of time; nobody else's events.
#[test]
fn one_customer_is_shown_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let events = "customer_id,at,activity,channel,shop\n\
        C1,2025-06-01T10:00:00Z,paid,till,north\n\
        C2,2025-03-02T10:00:00Z,came,,\n\
        C1,2025-03-01T10:00:00.5Z,came,,\n\
        C1,2025-06-01T09:00:00Z,came,gate,\n";
    cafe::write(folder.path(), "events.csv", events);
    assert_eq!(run(folder.path(), "import --data lake --events events.csv").code, Some(0));
    expect![[r#"
        2025-03-01T10:00:00.5Z  came  –
        2025-06-01T09:00:00Z  came  gate
        2025-06-01T10:00:00Z  paid  till  shop=north
        ! 3 events
        exit 0
    "#]]
    .assert_eq(&transcript(&run(folder.path(), "timeline --data lake C1")));
    expect![[r#"
        {"at":"2025-03-02T10:00:00Z","activity":"came","channel":null,"attributes":{}}
        ! 1 event
        exit 0
    "#]]
    .assert_eq(&transcript(&run(folder.path(), "timeline --data lake C2 --format json")));
    assert_eq!(run(folder.path(), "timeline --data lake C3").code, Some(1));
    assert_eq!(run(folder.path(), "erase --data lake C1").code, Some(0));
    assert_eq!(run(folder.path(), "timeline --data lake C1").code, Some(1));
}

/// In which bucket a customer is depends on the folder's key, and so do the number and the size of files.
fn without_sizes(transcript: &str) -> String {
    let words: Vec<&str> = transcript.split(' ').collect();
    let is_size = |at: usize| {
        let after = words.get(at + 1).copied().unwrap_or_default();
        words[at] != "0" && (after.starts_with("files") || after.starts_with("bytes"))
    };
    let shown: Vec<String> = (0..words.len())
        .map(|at| {
            if is_size(at) {
                words[at].trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').to_owned()
                    + "N"
            } else {
                words[at].to_owned()
            }
        })
        .collect();
    shown.join(" ")
}

#[test]
fn a_customer_is_erased_by_the_id_that_events_carry() {
    let folder = cafe::folder();
    run(folder.path(), "import --data lake --events events.csv");
    let customers = || -> u64 {
        let report = run(folder.path(), "discover --data lake --format json").stdout;
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        report["customers"].as_u64().unwrap()
    };
    let events = cafe::events(60);
    let id = events.lines().nth(1).unwrap().split(',').next().unwrap();
    let before = customers();
    let erased = run(folder.path(), &format!("erase --data lake {id} nobody"));
    assert!(erased.stderr.contains(&format!("{id}: gone; ")), "{}", erased.stderr);
    assert!(
        erased.stderr.contains("nobody: nothing of this customer is here"),
        "{}",
        erased.stderr
    );
    assert_eq!(customers(), before - 1);
}

#[test]
fn what_is_refused_before_it_begins_leaves_no_folder() {
    let folder = cafe::folder();
    expect![[r#"
        ! error: nothing.csv: there is no such file
        exit 2
    "#]]
    .assert_eq(&transcript(&run(folder.path(), "import --data lake --events nothing.csv")));
    assert!(!folder.path().join("lake").exists());
    // Nobody has said the keys of a store, and nobody listens at the database.
    for elsewhere in ["--files s3://bucket/prefix", "--database postgres://nobody@127.0.0.1:1/none"]
    {
        let line = format!("import --data lake {elsewhere} --events events.csv");
        assert_eq!(run(folder.path(), &line).code, Some(2), "{elsewhere}");
        assert!(!folder.path().join("lake").exists(), "{elsewhere}");
    }
    run(folder.path(), "import --data lake --events events.csv");
    expect![[r#"
        ! error: events.csv: this file was imported before with another --map or --zone, and its events are stored as they were understood then; begin a new data folder to read it differently
        exit 2
    "#]]
    .assert_eq(&transcript(&run(
        folder.path(),
        "import --data lake --events events.csv --zone Asia/Kolkata",
    )));
}

#[test]
fn a_changed_file_is_named_and_is_a_no() {
    let folder = cafe::folder();
    run(folder.path(), "import --data lake --events events.csv");
    let damaged = some_file(&folder.path().join("lake/events"));
    let mut bytes = fs::read(&damaged).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&damaged, bytes).unwrap();
    let verified = run(folder.path(), "verify --data lake");
    assert_eq!(verified.code, Some(1));
    assert!(verified.stderr.contains("its bytes have changed"), "{}", verified.stderr);
    fs::remove_file(&damaged).unwrap();
    let asked = run(folder.path(), "discover --data lake");
    assert_eq!(asked.code, Some(2), "{}", asked.stdout);
    assert!(asked.stderr.contains("footpath verify"), "{}", asked.stderr);
}

fn some_file(folder: &Path) -> PathBuf {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let first = entries.remove(0);
    if first.is_dir() { some_file(&first) } else { first }
}

#[test]
fn a_folder_that_is_not_there_or_taken_or_empty() {
    let folder = cafe::folder();
    expect![[r#"
        ! error: lake: there is no such data folder; fill one with `footpath import --data lake --events FILE`
        exit 2
    "#]]
    .assert_eq(&transcript(&run(folder.path(), "measure journey.yaml --data lake")));
    let both = run(folder.path(), "measure journey.yaml --data lake --events events.csv");
    assert_eq!(both.code, Some(2));
    run(folder.path(), "import --data lake --events events.csv");
    let taken = File::options().write(true).open(folder.path().join("lake/lock")).unwrap();
    taken.lock().unwrap();
    let refused = run(folder.path(), "import --data lake --events events.csv");
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("another footpath"), "{}", refused.stderr);
    drop(taken);
    let outside =
        run(folder.path(), "measure journey.yaml --data lake --from 1999-01-01 --to 1999-02-01");
    expect![[r#"
        ! error: there is no event in the data folder for this period; fill it with `footpath import`
        exit 2
    "#]]
    .assert_eq(&transcript(&outside));
}

#[test]
fn a_file_with_too_many_bad_rows_leaves_the_folder_as_it_was() {
    let folder = cafe::folder();
    run(folder.path(), "import --data lake --events events.csv");
    let broken = cafe::events(60).replace("T1", " at ");
    cafe::write(folder.path(), "broken.csv", broken);
    let refused = run(folder.path(), "import --data lake --events broken.csv");
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    let verified = run(folder.path(), "verify --data lake");
    assert!(
        verified.stderr.contains("files with 234 events read, 0 files damaged"),
        "{}",
        verified.stderr
    );
}
