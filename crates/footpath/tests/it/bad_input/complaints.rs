//! Files of complaints: what is wrong with them, and that none is lost.

use expect_test::expect;
use serde_json::Value;

use super::refused;
use crate::cafe;
use crate::program::footpath_in;

const MEASURE: &str = "measure journey.yaml --events events.csv --complaints";

#[test]
fn a_complaint_about_a_touchpoint_that_nobody_knows_still_is_one() {
    let folder = cafe::folder();
    let said = "\
customer_id,at,touchpoint,severity,text
C1,2025-03-01T08:00:00Z,cups,3,The cup was cold
C2,2025-03-01T09:00:00Z,cup,,It took very long
,,,,Nobody greeted me
";
    cafe::write(folder.path(), "complaints.csv", said);
    let ran =
        footpath_in(folder.path(), format!("{MEASURE} complaints.csv --format json").split(' '));
    expect![[r#"
        note: 1 complaint is about `cups`, which is no touchpoint of this journey (did you mean `cup`?); counted without a touchpoint
    "#]]
    .assert_eq(&ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let words = &report["words"];
    assert_eq!((&words["complaints"], &words["customers"]), (&3.into(), &3.into()));
}

#[test]
fn files_that_are_no_complaints() {
    let folder = cafe::folder();
    refused(
        folder.path(),
        &format!("{MEASURE} answers.csv"),
        &expect![[r#"
        ! error: answers.csv:1: there is no column `text`. The file has `customer_id`, `at`, `question`, `touchpoint`, `score`, `comment`; say which is which: `--map text=<column>`
        exit 2
    "#]],
    );
    refused(
        folder.path(),
        &format!("{MEASURE} missing.csv"),
        &expect![[r#"
        ! error: missing.csv: there is no such file
        exit 2
    "#]],
    );
    let unusable = "at,text,severity\nyesterday,Cold,3\n2025-03-01T08:00:00Z,Late,much\n2025-03-01T08:00:00Z,,3\n";
    cafe::write(folder.path(), "complaints.csv", unusable);
    refused(
        folder.path(),
        &format!("{MEASURE} complaints.csv"),
        &expect![[r#"
        ! error: 3 of 3 rows cannot be used, more than the 1% that are allowed; mend them, or allow more with --max-bad. Nothing was written.
        !   1 × the complaint has no text
        !       complaints.csv:4: the complaint has no text
        !   1 × the severity is no number
        !       complaints.csv:3: the severity `much` is no number
        !   1 × the time cannot be read
        !       complaints.csv:2: the time `yesterday` cannot be read: write it as 2024-03-31 18:05:00 or 2024-03-31T18:05:00Z
        exit 2
    "#]],
    );
}
