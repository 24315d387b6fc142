//! A data folder whose files lie in an object store, as its users meet it.

use std::path::Path;

use expect_test::expect;
use throwaway::Bucket;

use crate::cafe;
use crate::program::{Ran, command, footpath_in};

fn run(bucket: &Bucket, folder: &Path, line: &str) -> Ran {
    let mut command = command(line.split_whitespace());
    command.current_dir(folder).envs(bucket.variables()).env("AWS_MAX_ATTEMPTS", "2");
    let output = command.output().unwrap();
    Ran {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

#[test]
fn a_data_folder_in_an_object_store_reports_what_files_report() {
    let mut bucket = Bucket::start().unwrap();
    let folder = cafe::folder();
    let ok = |line: &str| {
        let ran = run(&bucket, folder.path(), line);
        assert_eq!(ran.code, Some(0), "{line}: {}", ran.stderr);
        ran
    };
    ok("import --data lake --files s3://bucket/cafe --events events.csv");
    let measured = ok("measure journey.yaml --data lake --format json").stdout;
    let files = footpath_in(
        folder.path(),
        "measure journey.yaml --events events.csv --format json".split(' '),
    );
    assert!(measured == files.stdout, "{}", files.stderr);
    assert!(ok("verify --data lake").stderr.contains("234 events read, 0 files damaged"));
    ok("publish --data lake -o lake.sqlite");
    let catalogue = std::fs::read(folder.path().join("lake.sqlite")).unwrap();
    assert!(catalogue.windows(17).any(|bytes| bytes == b"s3://bucket/cafe/"));
    let slip =
        run(&bucket, folder.path(), "import --data other --files bucket/cafe --events events.csv");
    expect![[r#"
        error: `bucket/cafe` is no place for files; write `s3://bucket/prefix`, or leave it out to keep them in the data folder
    "#]]
    .assert_eq(&slip.stderr);
    bucket.stop();
    let asked = run(&bucket, folder.path(), "measure journey.yaml --data lake");
    assert_eq!(asked.code, Some(2));
    assert!(asked.stderr.contains("is not reached"), "{}", asked.stderr);
    let unsaid = footpath_in(folder.path(), ["measure", "journey.yaml", "--data", "lake"]);
    assert!(unsaid.stderr.contains("AWS_ACCESS_KEY_ID"), "{}", unsaid.stderr);
}

#[test]
fn where_the_database_is_must_be_said_each_time() {
    let folder = cafe::folder();
    let elsewhere = "--database sqlite://elsewhere.sqlite?mode=rwc";
    let import = format!("import --data lake {elsewhere} --events events.csv");
    let ran = footpath_in(folder.path(), import.split(' '));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let verify = format!("verify --data lake {elsewhere}");
    assert_eq!(footpath_in(folder.path(), verify.split(' ')).code, Some(0));
    expect![[r#"
        error: lake: this data folder keeps its list of files in a database elsewhere; name it with --database
    "#]]
    .assert_eq(&footpath_in(folder.path(), ["verify", "--data", "lake"]).stderr);
    footpath_in(folder.path(), ["import", "--data", "own", "--events", "events.csv"]);
    let mixed = footpath_in(folder.path(), format!("verify --data own {elsewhere}").split(' '));
    expect![[r#"
        error: own: this data folder keeps its list of files in footpath.sqlite; leave --database out, or begin a new data folder
    "#]]
    .assert_eq(&mixed.stderr);
}

#[test]
fn a_damaged_database_is_told() {
    let folder = cafe::folder();
    footpath_in(folder.path(), ["import", "--data", "lake", "--events", "events.csv"]);
    let path = folder.path().join("lake/footpath.sqlite");
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2 / 4096 * 4096;
    bytes.truncate(half);
    std::fs::write(&path, bytes).unwrap();
    let verified = footpath_in(folder.path(), ["verify", "--data", "lake"]);
    assert_ne!(verified.code, Some(0));
    assert!(verified.stderr.contains("damaged"), "{}", verified.stderr);
}
