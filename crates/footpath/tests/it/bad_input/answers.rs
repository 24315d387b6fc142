//! Answers that do not fit the journey or their scale, and several files of them.

use std::path::Path;

use expect_test::expect;
use serde_json::Value;

use super::refused;
use crate::cafe;
use crate::commands::by_id;
use crate::program::footpath_in;

/// The answers about the cup, and what was said beside them.
fn cup(folder: &Path, files: &str) -> (Value, String) {
    let arguments =
        format!("measure journey.yaml --events events.csv --format json --responses {files}");
    let ran = footpath_in(folder, arguments.split(' '));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    (by_id(&report["touchpoints"], "cup")["scores"].clone(), ran.stderr)
}

#[test]
fn touchpoints_questions_and_scores_that_nobody_knows() {
    let folder = cafe::folder();
    let odd = "\
C1,2025-03-01T08:00:00Z,csat,cups,4,
C2,2025-03-01T08:00:00Z,csat,cups,4,
C3,2025-03-01T08:00:00Z,csat,moon,4,
C4,2025-03-01T08:00:00Z,csat,cup,9,
C5,2025-03-01T08:00:00Z,csat,cup,3.5,
C6,2025-03-01T08:00:00Z,nps,,11,
C7,2025-03-01T08:00:00Z,cast,cup,4,
C8,2025-03-01T08:00:00Z,warmth,cup,40,
";
    let (clean, said) = cup(folder.path(), "answers.csv");
    assert_eq!(said, "");
    cafe::write(folder.path(), "answers.csv", cafe::answers(60) + odd);
    let (scores, said) = cup(folder.path(), "answers.csv");
    expect![[r#"
        note: 2 answers are about `cups`, which is no touchpoint of this journey (did you mean `cup`?); left out
        note: 1 answer is about `moon`, which is no touchpoint of this journey; left out
        note: 1 answer is to the question `cast` (did you mean `csat`?); taken as a question of its own
        note: 2 answers to `csat` about `cup` are off its scale, the whole numbers from 1 to 5; left out
        note: 1 answer to `nps` about the whole journey is off its scale, the whole numbers from 0 to 10; left out
    "#]]
    .assert_eq(&said);
    assert_eq!((&scores["csat"]["n"], &scores["csat"]["invalid"]), (&60.into(), &2.into()));
    assert_eq!(scores["csat"]["mean"], clean["csat"]["mean"]);
    assert_eq!(scores["warmth"]["mean"], 40.0);
}

#[test]
fn several_files_are_one() {
    let folder = cafe::folder();
    let (whole, _) = cup(folder.path(), "answers.csv");
    let all = cafe::answers(60);
    let (header, rows) = all.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let (some, others) = rows.split_at(22);
    cafe::write(folder.path(), "some.csv", format!("{header}\n{}\n", some.join("\n")));
    cafe::write(folder.path(), "others.csv", format!("{header}\n{}\n", others.join("\n")));
    assert_eq!(cup(folder.path(), "some.csv others.csv"), (whole.clone(), String::new()));
    assert_eq!(cup(folder.path(), "others.csv some.csv"), (whole, String::new()));
}

#[test]
fn files_that_are_no_answers() {
    let folder = cafe::folder();
    let measure = "measure journey.yaml --events events.csv --responses";
    refused(
        folder.path(),
        &format!("{measure} events.csv"),
        &expect![[r#"
        ! error: events.csv:1: there is no column `question`. The file has `customer_id`, `at`, `activity`, `channel`, `bill`; say which is which: `--map question=<column>`
        exit 2
    "#]],
    );
    refused(
        folder.path(),
        &format!("{measure} missing.csv"),
        &expect![[r#"
        ! error: missing.csv: there is no such file
        exit 2
    "#]],
    );
    let unusable = cafe::answers(60).replace(",3,\n", ",three,\n");
    cafe::write(folder.path(), "answers.csv", unusable);
    refused(
        folder.path(),
        &format!("{measure} answers.csv"),
        &expect![[r#"
            ! error: 30 of 60 rows cannot be used, more than the 1% that are allowed; mend them, or allow more with --max-bad. Nothing was written.
            !   30 × the score is no number
            !       answers.csv:2: the score `three` is no number
            !       answers.csv:4: the score `three` is no number
            !       answers.csv:6: the score `three` is no number
            exit 2
        "#]],
    );
}
