//! Rows that cannot be used: a few are put aside, more are a failure.

use std::fs;
use std::path::Path;

use expect_test::expect;
use serde_json::Value;

use super::{measure_refused, refused};
use crate::cafe;
use crate::program::footpath_in;

const MEASURE: &str = "measure journey.yaml --events events.csv --format json";

/// The report, when it must go well.
fn report(folder: &Path, arguments: &str) -> (Value, String) {
    let ran = footpath_in(folder, format!("{MEASURE} {arguments}").split_whitespace());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    (serde_json::from_str(&ran.stdout).unwrap(), ran.stderr)
}

fn with_bad_rows(folder: &Path, customers: u64, rows: &str) {
    cafe::write(folder, "events.csv", cafe::events(customers) + rows);
}

const BAD: &str = "\
C1,yesterday,paid,,90
,2025-03-01T06:00:00Z,paid,,90
C2,2025-03-01T06:00:00Z,,,90
C3,2025-03-01T06:00:00Z,paid
";

#[test]
fn more_than_one_in_a_hundred_writes_nothing() {
    let folder = cafe::folder();
    // 234 good rows: three bad ones are too many.
    with_bad_rows(folder.path(), 60, BAD);
    measure_refused(
        folder.path(),
        &expect![[r#"
            ! error: 4 of 238 rows cannot be used, more than the 1% that are allowed; mend them, or allow more with --max-bad. Nothing was written.
            !   1 × the row does not have as many fields as the header
            !       events.csv:239: the row has 3 fields where the header has 5
            !   1 × the row has no activity
            !       events.csv:238: the row has no activity
            !   1 × the row has no customer
            !       events.csv:237: the row has no customer
            !   1 × the time cannot be read
            !       events.csv:236: the time `yesterday` cannot be read: write it as 2024-03-31 18:05:00 or 2024-03-31T18:05:00Z
            exit 2
        "#]],
    );
    refused(
        folder.path(),
        "discover --events events.csv --format yaml -o draft.yaml",
        &expect![[r#"
            ! error: 4 of 238 rows cannot be used, more than the 1% that are allowed; mend them, or allow more with --max-bad. Nothing was written.
            !   1 × the row does not have as many fields as the header
            !       events.csv:239: the row has 3 fields where the header has 5
            !   1 × the row has no activity
            !       events.csv:238: the row has no activity
            !   1 × the row has no customer
            !       events.csv:237: the row has no customer
            !   1 × the time cannot be read
            !       events.csv:236: the time `yesterday` cannot be read: write it as 2024-03-31 18:05:00 or 2024-03-31T18:05:00Z
            exit 2
        "#]],
    );
}

#[test]
fn a_few_are_kept_with_line_and_reason() {
    let folder = cafe::folder();
    with_bad_rows(folder.path(), 600, BAD);
    let (report, said) = report(folder.path(), "");
    expect![[r#"
        note: 4 unusable rows left out, kept with line and reason in events.csv.quarantine.csv
    "#]]
    .assert_eq(&said);
    assert_eq!(report["events"]["quarantined"], 4);
    assert_eq!(report["events"]["read"], 2344);
    assert_eq!(report["customers"], 600);
    let kept = fs::read_to_string(folder.path().join("events.csv.quarantine.csv")).unwrap();
    expect![[r#"
        file,line,reason,row
        events.csv,2342,the time `yesterday` cannot be read: write it as 2024-03-31 18:05:00 or 2024-03-31T18:05:00Z,"C1,yesterday,paid,,90"
        events.csv,2343,the row has no customer,",2025-03-01T06:00:00Z,paid,,90"
        events.csv,2344,the row has no activity,"C2,2025-03-01T06:00:00Z,,,90"
        events.csv,2345,the row has 3 fields where the header has 5,"C3,2025-03-01T06:00:00Z,paid"
    "#]]
    .assert_eq(&kept);
}

#[test]
fn how_many_and_where_to_is_settable() {
    let folder = cafe::folder();
    with_bad_rows(folder.path(), 60, BAD);
    let before = cafe::names(folder.path());
    let (_, said) = report(folder.path(), "--max-bad 2 --quarantine bad.csv");
    assert!(said.contains("kept with line and reason in bad.csv"), "{said}");
    let new: Vec<String> =
        cafe::names(folder.path()).into_iter().filter(|name| !before.contains(name)).collect();
    assert_eq!(new, ["bad.csv"]);
    with_bad_rows(folder.path(), 600, BAD);
    refused(
        folder.path(),
        &format!("{MEASURE} --max-bad 0"),
        &expect![[r#"
            ! error: 4 of 2344 rows cannot be used, more than the 0% that are allowed; mend them, or allow more with --max-bad. Nothing was written.
            !   1 × the row does not have as many fields as the header
            !       events.csv:2345: the row has 3 fields where the header has 5
            !   1 × the row has no activity
            !       events.csv:2344: the row has no activity
            !   1 × the row has no customer
            !       events.csv:2343: the row has no customer
            !   1 × the time cannot be read
            !       events.csv:2342: the time `yesterday` cannot be read: write it as 2024-03-31 18:05:00 or 2024-03-31T18:05:00Z
            exit 2
        "#]],
    );
}

#[test]
fn an_event_that_came_twice_counts_once() {
    let folder = cafe::folder();
    let numbered = |csv: String| -> String {
        let rows = csv.lines().enumerate().map(|(number, row)| match number {
            0 => format!("{row},event_id\n"),
            _ => format!("{row},e{number}\n"),
        });
        rows.collect()
    };
    let once = numbered(cafe::events(600));
    cafe::write(folder.path(), "events.csv", &once);
    let (clean, said) = report(folder.path(), "");
    assert_eq!(said, "");
    // The last row once more, and the first one of all.
    let again: String = [once.lines().last().unwrap(), once.lines().nth(1).unwrap()].join("\n");
    cafe::write(folder.path(), "events.csv", format!("{once}{again}\n"));
    let (mut report, said) = report(folder.path(), "");
    expect![[r#"
        note: 2 unusable rows left out, kept with line and reason in events.csv.quarantine.csv
    "#]]
    .assert_eq(&said);
    let kept = fs::read_to_string(folder.path().join("events.csv.quarantine.csv")).unwrap();
    expect![[r#"
        file,line,reason,row
        events.csv,2342,"the event's id was there before, on line 2341: only the first of them counts",
        events.csv,2343,"the event's id was there before, on line 2: only the first of them counts",
    "#]]
    .assert_eq(&kept);
    assert_eq!(report["events"]["quarantined"], 2);
    report["events"] = clean["events"].clone();
    assert_eq!(report, clean, "all else is as if they had not come");
}
