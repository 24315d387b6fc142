//! What is wrong is said in one sentence with its place and what to do, with exit code 2; and no file is left behind that
//! was not there before.

mod answers;
mod changes;
mod codes;
mod complaints;
mod heard;
mod interrupted;
mod rows;
mod strata;

use std::fs;
use std::io::Write;
use std::path::Path;

use expect_test::{Expect, expect};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::cafe;
use crate::commands::transcript;
use crate::program::footpath_in;

/// A run that must fail, say why, and leave the folder as it was.
fn refused(folder: &Path, arguments: &str, expected: &Expect) {
    let before = contents(folder);
    let ran = footpath_in(folder, arguments.split_whitespace());
    assert_eq!(ran.stdout, "", "nothing is half said");
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    expected.assert_eq(&transcript(&ran));
    assert!(contents(folder) == before, "{:?}", cafe::names(folder));
}

/// The same, writing a report into a file.
fn measure_refused(folder: &Path, expected: &Expect) {
    refused(
        folder,
        "measure journey.yaml --events events.csv -o report.html --format html",
        expected,
    );
}

fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let names = cafe::names(folder).into_iter();
    let files = names.filter(|name| folder.join(name).is_file());
    files.map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
}

#[test]
fn a_missing_column() {
    let folder = cafe::folder();
    let without = cafe::events(60).replacen("customer_id,at,activity", "customer_id,at,what", 1);
    cafe::write(folder.path(), "events.csv", without);
    measure_refused(
        folder.path(),
        &expect![[r#"
        ! error: events.csv:1: there is no column `activity`. The file has `customer_id`, `at`, `what`, `channel`, `bill`; say which is which: `--map activity=<column>`
        exit 2
    "#]],
    );
}

#[test]
fn an_unknown_activity_in_a_rule() {
    let folder = cafe::folder();
    let slip = cafe::JOURNEY.replace("{from: came-in, to: paid,", "{from: came-inn, to: paid,");
    cafe::write(folder.path(), "journey.yaml", slip);
    measure_refused(
        folder.path(),
        &expect![[r#"
        ! error: journey.yaml:20:30: the activity `came-inn` is bound to no touchpoint and no event carries it; did you mean `came-in`?
        exit 2
    "#]],
    );
    let stranger = cafe::JOURNEY.replace("starts: [came-in]", "starts: [teleported]");
    cafe::write(folder.path(), "journey.yaml", stranger);
    measure_refused(
        folder.path(),
        &expect![[r#"
            ! error: journey.yaml:4:21: the activity `teleported` is bound to no touchpoint and no event carries it; bind it to a touchpoint, or take it out
            exit 2
        "#]],
    );
}

#[test]
fn an_attribute_that_no_file_has() {
    let folder = cafe::folder();
    cafe::write(
        folder.path(),
        "journey.yaml",
        cafe::JOURNEY.replace("attribute: bill", "attribute: bil"),
    );
    measure_refused(
        folder.path(),
        &expect![[r#"
        ! error: journey.yaml:24:42: no event file has the column `bil`; did you mean `bill`? There are: activity, at, bill, channel, customer_id
        exit 2
    "#]],
    );
}

#[test]
fn an_activity_that_two_touchpoints_bind() {
    let folder = cafe::folder();
    cafe::write(folder.path(), "journey.yaml", cafe::JOURNEY.replace("[served]", "[served, paid]"));
    measure_refused(
        folder.path(),
        &expect![[r#"
        ! journey.yaml:34:26: error: `paid` means touchpoint `till` (line 16) and `cup`: an event can mean only one
        !   help: tell them apart on both: `{activity: paid, where: {attribute: value}}`
        ! error: journey.yaml is no valid journey document; mend it and try again
        exit 2
    "#]],
    );
}

#[test]
fn nothing_to_read() {
    let folder = cafe::folder();
    cafe::write(folder.path(), "events.csv", "");
    measure_refused(
        folder.path(),
        &expect![[r#"
        ! error: events.csv: the file is empty: not even a header
        exit 2
    "#]],
    );
    cafe::write(folder.path(), "events.csv", cafe::events(0));
    measure_refused(
        folder.path(),
        &expect![[r#"
        ! error: events.csv: there is no event in it, only a header or nothing at all
        exit 2
    "#]],
    );
    fs::remove_file(folder.path().join("events.csv")).unwrap();
    measure_refused(
        folder.path(),
        &expect![[r#"
        ! error: events.csv: there is no such file
        exit 2
    "#]],
    );
    fs::create_dir(folder.path().join("events.csv")).unwrap();
    measure_refused(
        folder.path(),
        &expect![[r#"
        ! error: events.csv: this is a folder; name the files in it
        exit 2
    "#]],
    );
}

#[test]
fn files_that_are_cut_off_or_garbage() {
    let folder = cafe::folder();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(cafe::events(60).as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    cafe::write(folder.path(), "events.csv", &packed[..packed.len() / 2]);
    measure_refused(
        folder.path(),
        &expect![[r#"
        ! error: events.csv: it ends in the middle: the file was cut off. Nothing of it was counted; copy it again
        exit 2
    "#]],
    );
    let mut damaged = packed.clone();
    damaged[packed.len() / 2] ^= 0x55;
    cafe::write(folder.path(), "events.csv", &damaged);
    let ran = footpath_in(folder.path(), ["measure", "journey.yaml", "--events", "events.csv"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("copy it again"), "{}", ran.stderr);
    cafe::write(folder.path(), "events.csv", garbage());
    measure_refused(
        folder.path(),
        &expect![[r#"
        ! error: events.csv: this is no text, and none of gzip, zstd and Parquet: it is nothing that can be read here. Readable are CSV, TSV, JSONL, Parquet and XES
        exit 2
    "#]],
    );
    cafe::write(folder.path(), "journey.yaml", garbage());
    measure_refused(
        folder.path(),
        &expect![[r#"
        ! journey.yaml:1:3: error: the file is not UTF-8 text
        !   help: save it as UTF-8
        ! error: journey.yaml is no valid journey document; mend it and try again
        exit 2
    "#]],
    );
}

/// Bytes of no format, the same each time.
fn garbage() -> Vec<u8> {
    let mut state = 1_u32;
    let mut byte = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..4000).map(|_| byte()).collect()
}

#[test]
fn a_document_that_is_not_there_or_something_else() {
    let folder = cafe::folder();
    refused(
        folder.path(),
        "measure jurney.yaml --events events.csv",
        &expect![[r#"
        ! error: jurney.yaml: there is no such file
        exit 2
    "#]],
    );
    refused(
        folder.path(),
        "measure . --events events.csv",
        &expect![[r#"
        ! error: .: this is a folder; name the files in it
        exit 2
    "#]],
    );
    refused(
        folder.path(),
        "measure events.csv --events events.csv",
        &expect![[r#"
        ! events.csv:1:1: error: the document must be a mapping (`key: value`), not `customer_id,at,activity,channel,bill C0,2025-03-01T06:00:00Z…`
        ! error: events.csv is no valid journey document; mend it and try again
        exit 2
    "#]],
    );
}

#[test]
fn what_is_asked_makes_no_sense() {
    let folder = cafe::folder();
    let before = contents(folder.path());
    let asked = [
        "--map customer=who",
        "--map customer_id=who",
        "--map customer_id",
        "--from 2025-03-02 --to 2025-03-01",
        "--from yesterday",
        "--as-of 2025-13-01",
        "--zone Europe/Berln",
        "--zone Mars",
        "--segment table",
        "--segment seat=table",
        "--segment channel=table,bill=80",
        "--to 2025-03-01T13:00:00Z --segment channel=table|bar",
        "--max-bad 101",
        "--events events.csv",
        "--responses answers.csv answers.csv",
    ];
    let said = asked.map(|asked| {
        let arguments = format!("measure journey.yaml --events events.csv -o report.txt {asked}");
        let said = transcript(&footpath_in(folder.path(), arguments.split(' ')));
        format!("{asked}\n{said}")
    });
    expect![[r#"
        --map customer=who
        ! error: --map: the mapping `customer=who`: `customer` is none of `customer_id`, `at`, `activity`, `channel`, `event_id`, `question`, `touchpoint`, `score`, `comment`, `invited_at` (did you mean `customer_id`?)
        exit 2
        --map customer_id=who
        ! error: events.csv:1: there is no column `who` (mapped to `customer_id`). The file has `customer_id`, `at`, `activity`, `channel`, `bill`; did you mean `--map customer_id=customer_id`?
        exit 2
        --map customer_id
        ! error: --map: the mapping `customer_id`: is not of the form `ours=theirs`, as in `customer_id=case_id`
        exit 2
        --from 2025-03-02 --to 2025-03-01
        ! error: --from 2025-03-02T00:00:00Z is not before --to 2025-03-01T00:00:00Z: no event could be in between
        exit 2
        --from yesterday
        ! error: --from yesterday: write a time such as `2026-03-01` or `2026-03-01T12:00:00Z`
        exit 2
        --as-of 2025-13-01
        ! error: --as-of 2025-13-01: write a time such as `2026-03-01` or `2026-03-01T12:00:00Z`
        exit 2
        --zone Europe/Berln
        ! error: --zone Europe/Berln: there is no such time zone; did you mean `Europe/Berlin`?
        exit 2
        --zone Mars
        ! error: --zone Mars: there is no such time zone; write a name such as `Europe/Berlin`
        exit 2
        --segment table
        ! error: --segment: `table` is no condition; write `attribute=value`
        exit 2
        --segment seat=table
        ! error: --segment: no event file has the column `seat`. There are: activity, at, bill, channel, customer_id
        exit 2
        --segment channel=table,bill=80
        ! error: --segment: only 3 customers would be counted, and fewer than 5 are not told; ask for a larger part
        exit 2
        --to 2025-03-01T13:00:00Z --segment channel=table|bar
        ! error: --segment: only 4 customers would be left out, whom anybody could tell by taking this report from that of all customers; ask for a smaller part, or for all
        exit 2
        --max-bad 101
        ! error: invalid value '101' for '--max-bad <PERCENT>': write a percentage from 0 to 100, such as `0.5`
        ! 
        ! For more information, try '--help'.
        exit 2
        --events events.csv
        ! error: --events names events.csv twice: its rows would count double
        exit 2
        --responses answers.csv answers.csv
        ! error: --responses names answers.csv twice: its rows would count double
        exit 2
    "#]].assert_eq(&said.concat());
    assert!(contents(folder.path()) == before, "{:?}", cafe::names(folder.path()));
}

#[test]
fn what_cannot_be_measured_is_said_and_the_rest_is_measured() {
    let folder = cafe::folder();
    let unused = cafe::JOURNEY.replace("[served]", "[poured]");
    cafe::write(folder.path(), "journey.yaml", unused);
    let ran = footpath_in(folder.path(), ["measure", "journey.yaml", "--events", "events.csv"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.stdout.contains("served (54)"), "what is not bound is listed: {}", ran.stdout);
    expect![[r#"
        note: journey.yaml:34:9: touchpoint `cup` has no event in these files
    "#]]
    .assert_eq(&ran.stderr);
    let silent = cafe::JOURNEY
        .replace("[paid]", "[charged]")
        .replace("{from: came-in, to: paid,", "{from: came-in, to: charged,")
        .replace("{of: paid,", "{of: charged,");
    cafe::write(folder.path(), "journey.yaml", silent);
    let ran = footpath_in(folder.path(), ["measure", "journey.yaml", "--events", "events.csv"]);
    expect![[r#"
        note: journey.yaml:16:9: touchpoint `till` has no event in these files, so the standards `paid-soon`, `small-bills` say nothing of customers
    "#]]
    .assert_eq(&ran.stderr);
    cafe::write(folder.path(), "journey.yaml", cafe::JOURNEY);
    let early = "measure journey.yaml --events events.csv --as-of 2020-01-01 --format json";
    let ran = footpath_in(folder.path(), early.split(' '));
    assert_eq!(ran.code, Some(0));
    expect![[r#"
        note: no event begins an instance; see `instance.starts` in the document, --from, --to, --as-of and --segment
    "#]]
    .assert_eq(&ran.stderr);
}
