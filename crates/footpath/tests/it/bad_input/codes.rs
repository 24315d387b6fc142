//! Sheets of codes that do not fit the journey, the comments, or yes and no.

use std::path::Path;

use expect_test::{Expect, expect};

use super::refused;
use crate::cafe;
use crate::commands::words::{COMPLAINTS, folder};
use crate::program::footpath_in;

fn measure_refused(folder: &Path, expected: &Expect) {
    let measure =
        "measure journey.yaml --events events.csv --complaints complaints.csv --codes codes.csv";
    refused(folder, measure, expected);
}

#[test]
fn columns_keys_and_values_that_nobody_knows() {
    let folder = folder();
    let sample = footpath_in(
        folder.path(),
        "words sample journey.yaml --complaints complaints.csv".split(' '),
    );
    let sheet = sample.stdout;
    let coded = sheet.replacen(",,\n", ",yes,\n", 1);
    let key = coded.lines().nth(1).unwrap()[..16].to_owned();
    let says = |change: String, expected: &Expect| {
        cafe::write(folder.path(), "codes.csv", change);
        measure_refused(folder.path(), expected);
    };
    says(
        coded.replacen(",cold,", ",cool,", 1),
        &expect![[r#"
        ! error: codes.csv:1: there is no theme `cool` in the journey; the journey's themes are: cold, late
        exit 2
    "#]],
    );
    says(
        coded.replacen(",cold,late", ",warmth,late", 1),
        &expect![[r#"
        ! error: codes.csv:1: there is no theme `warmth` in the journey; the journey's themes are: cold, late
        exit 2
    "#]],
    );
    says(
        coded.replacen(",cold,late", ",touchpoint,text", 1),
        &expect![[r#"
        ! error: codes.csv:1: no column is a theme of the journey; make a sheet with `footpath words sample`
        exit 2
    "#]],
    );
    says(
        coded.replacen(&key, "0123456789abcdef", 1),
        &expect![[r#"
        ! error: codes.csv:2: the comment `0123456789abcdef` is in none of the files of answers and complaints; give those that the sheet was made from, and leave its first column as it is
        exit 2
    "#]],
    );
    says(
        coded.replacen(&key, "7", 1),
        &expect![[r#"
        ! error: codes.csv:2: the comment `7` is in none of the files of answers and complaints; give those that the sheet was made from, and leave its first column as it is
        exit 2
    "#]],
    );
    says(
        coded.replacen(&key, "", 1),
        &expect![[r#"
        ! error: codes.csv:2: the row has no comment; keep the first column of the sheet
        exit 2
    "#]],
    );
    says(
        coded.replacen(",yes,", ",perhaps,", 1),
        &expect![[r#"
        ! error: codes.csv:2: `perhaps` under `cold` is neither yes nor no; leave it empty where you cannot say
        exit 2
    "#]],
    );
    says(
        "coder,cold\nA,yes\n".to_owned(),
        &expect![[r#"
            ! error: codes.csv:1: there is no column `comment`; make a sheet with `footpath words sample`
            exit 2
        "#]],
    );
    cafe::write(folder.path(), "codes.csv", coded);
    cafe::write(folder.path(), "complaints.csv", COMPLAINTS.replace("too", "very"));
    measure_refused(
        folder.path(),
        &expect![[r#"
        ! error: codes.csv:4: the comment `28408fbebc3caeed` is in none of the files of answers and complaints; give those that the sheet was made from, and leave its first column as it is
        exit 2
    "#]],
    );
}
