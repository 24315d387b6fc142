//! Files of answers.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use engine::import::Watch;
use engine::quarantine::Quarantine;
use engine::responses::read_responses;
use expect_test::{Expect, expect};
use parquet::arrow::ArrowWriter;

use crate::reading::{File, bad_rows, file, id, time};

fn check(file: &File<'_>, attributes: &[&str], expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    let (quarantine, watch) = (Quarantine::default(), Watch::default());
    let attributes: Vec<_> = attributes.iter().map(|&name| name.to_owned()).collect();
    let mut text = String::new();
    match read_responses(&file.source(folder.path()), &attributes, &quarantine, &watch) {
        Err(error) => writeln!(text, "error: {error}").unwrap(),
        Ok((answers, read)) => {
            writeln!(
                text,
                "{}: {} rows, {} bad",
                read.format, read.rows_read, read.rows_quarantined
            )
            .unwrap();
            for answer in answers {
                let customer = answer.customer.map_or("anonymous".to_owned(), id);
                let at = answer.at.map_or("-".to_owned(), time);
                let (touchpoint, score) =
                    (answer.touchpoint.as_deref().unwrap_or("whole journey"), answer.score);
                writeln!(
                    text,
                    "{}: {customer} {at} {} at {touchpoint}: {score:?} {:?} {:?}",
                    answer.row, answer.question, answer.comment, answer.attributes
                )
                .unwrap();
            }
        }
    }
    bad_rows(&mut text, &quarantine, folder.path());
    expected.assert_eq(&text.replace(&format!("{}/", folder.path().display()), ""));
}

#[test]
fn from_csv() {
    let rows = "customer_id,at,question,touchpoint,score,comment,region\n\
                7,2024-03-01,nps,,9,\"Fine,\nreally\",north\n\
                ,2024-03-01T10:00:00Z,csat,parking,4.5,,\n\
                NA,,nps,,,No score but words,south\n\
                7,2024-03-01,nps,,ten,,\n\
                7,2024-03-01,nps,,,,\n\
                7,2024-03-01,,,9,,\n\
                7,someday,nps,,9,,\n";
    check(
        &file("a.csv", rows),
        &["region", "mood"],
        expect![[r#"
        CSV, UTF-8: 7 rows, 4 bad
        2: 7 2024-03-01T00:00:00Z nps at whole journey: Some(9.0) Some("Fine,\nreally") [Some("north"), None]
        4: anonymous 2024-03-01T10:00:00Z csat at parking: Some(4.5) None [None, None]
        5: NA - nps at whole journey: None Some("No score but words") [Some("south"), None]
        bad 6: the score `ten` is no number | 7,2024-03-01,nps,,ten,,
        bad 7: the answer has neither a score nor a comment | 7,2024-03-01,nps,,,,
        bad 8: the answer names no question | 7,2024-03-01,,,9,,
        bad 9: the time `someday` cannot be read: write it as 2024-03-31 18:05:00 or 2024-03-31T18:05:00Z | 7,someday,nps,,9,,
    "#]],
    );
}

#[test]
fn from_json_with_a_mapping() {
    let lines = r#"{"user": 7, "ts": 1711908307, "q": "nps", "rating": 10, "text": null}
{"q": "nps", "rating": "8"}
{"q": "nps", "rating": true}
"#;
    check(
        &file("a.jsonl", lines)
            .map("customer_id=user,at=ts:s,question=q,score=rating,comment=text"),
        &[],
        expect![[r#"
        JSONL, UTF-8: 3 rows, 1 bad
        1: 7 2024-03-31T18:05:07Z nps at whole journey: Some(10.0) None []
        2: anonymous - nps at whole journey: Some(8.0) None []
        bad 3: the score `true` is no number | {\"q\": \"nps\", \"rating\": true}
    "#]],
    );
}

#[test]
fn from_parquet() {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("customer_id", Arc::new(StringArray::from(vec![Some("7"), None, Some("8")]))),
        (
            "at",
            Arc::new(TimestampMicrosecondArray::from(vec![
                Some(1_711_908_307_000_000),
                None,
                Some(0),
            ])),
        ),
        ("question", Arc::new(StringArray::from(vec![Some("nps"), Some("nps"), None]))),
        ("score", Arc::new(Float64Array::from(vec![Some(9.0), Some(7.5), Some(1.0)]))),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, true)),
    )
    .unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    check(
        &file("a.parquet", bytes).zone("Europe/Berlin"),
        &[],
        expect![[r#"
            Parquet: 3 rows, 1 bad
            1: 7 2024-03-31T16:05:07Z nps at whole journey: Some(9.0) None []
            2: anonymous - nps at whole journey: Some(7.5) None []
            bad 3: the answer names no question | 8,1969-12-31T23:00:00Z,,,1,,
        "#]],
    );
}

#[test]
fn what_is_missing_is_said() {
    check(
        &file("a.csv", "user_id,rating\n7,5\n"),
        &[],
        expect![[r#"
            error: a.csv:1: there is no column `question`. The file has `user_id`, `rating`; say which is which: `--map question=<column>`
        "#]],
    );
    check(
        &file("a.csv", "user_id,metric,rating\n7,nps,5\n"),
        &[],
        expect![[r#"
        error: a.csv:1: there is no column `question`. The file has `user_id`, `metric`, `rating`; did you mean `--map question=metric`?
    "#]],
    );
    check(
        &file("a.csv", ""),
        &[],
        expect![[r#"
        error: a.csv: the file is empty: not even a header
    "#]],
    );
}
