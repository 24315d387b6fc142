//! What is said of customers whom nobody heard, and does not fit the answers.

use std::path::Path;

use expect_test::expect;
use tempfile::TempDir;

use super::contents;
use crate::cafe;
use crate::commands::transcript;
use crate::program::footpath_in;

/// The cafe with forty answers, each of a family or of somebody young, and files that are no population.
fn folder() -> TempDir {
    let folder = cafe::folder();
    let rows: String = (0..40)
        .map(|n| {
            format!("C{n},2025-03-01T08:00:00Z,nps,,{},{}\n", n % 11, ["family", "young"][n % 2])
        })
        .collect();
    let header = "customer_id,at,question,touchpoint,score,segment\n";
    cafe::write(folder.path(), "asked.csv", format!("{header}{rows}"));
    for (name, content) in [
        ("twice.csv", "segment,customers\nfamily,9\nfamily,8\n"),
        ("wide.csv", "segment,region,customers\nfamily,north,9\n"),
        ("none.csv", "segment,customers\nfamily,no\n"),
        ("empty.csv", "segment,customers\nfamily,9\n,8\n"),
    ] {
        cafe::write(folder.path(), name, content);
    }
    folder
}

/// Every question with what is said of it; no file is left behind.
fn said(folder: &Path, asked: &[&str]) -> String {
    let before = contents(folder);
    let said = asked.iter().map(|asked| {
        let arguments = format!("measure journey.yaml --events events.csv -o report.txt {asked}");
        format!("{asked}\n{}", transcript(&footpath_in(folder, arguments.split(' '))))
    });
    let said = said.collect();
    assert!(contents(folder) == before, "{:?}", cafe::names(folder));
    said
}

#[test]
fn a_population_that_cannot_be() {
    let asked = [
        "--responses asked.csv --population segment",
        "--responses asked.csv --population segment=family",
        "--responses asked.csv --population segment=family:0,young:3",
        "--responses asked.csv --population segment=family:90,yong:30",
        "--responses asked.csv --population segment=family:90",
        "--responses asked.csv --population segment=family:90,young:30,senior:20",
        "--responses asked.csv --population segmnt=family:90,young:30",
        "--responses asked.csv --population twice.csv",
        "--responses asked.csv --population wide.csv",
        "--responses asked.csv --population none.csv",
        "--responses asked.csv --population empty.csv",
    ];
    expect![[r#"
        --responses asked.csv --population segment
        ! error: --population: segment: there is no such file
        exit 2
        --responses asked.csv --population segment=family
        ! error: --population: `family` says no number; write `attribute=value:customers,…`, such as `segment=family:900,young:640`
        exit 2
        --responses asked.csv --population segment=family:0,young:3
        ! error: --population: `family`: `0` is no number of customers; write a whole number above 0
        exit 2
        --responses asked.csv --population segment=family:90,yong:30
        ! error: --population: 20 answers have `young` as `segment`, and it does not say how many such customers there are; did you mean `yong`? give their number
        exit 2
        --responses asked.csv --population segment=family:90
        ! error: --population: 20 answers have `young` as `segment`, and it does not say how many such customers there are; give their number
        exit 2
        --responses asked.csv --population segment=family:90,young:30,senior:20
        ! error: --population: nobody whose `segment` is `senior` answered, and no weight can make up for that; add these customers to those of a value that they are like, in the answers as well, or leave them out and say so
        exit 2
        --responses asked.csv --population segmnt=family:90,young:30
        ! error: --population: no file of answers has the column `segmnt`; did you mean `segment`? There are: at, customer_id, question, score, segment, touchpoint
        exit 2
        --responses asked.csv --population twice.csv
        ! error: --population: twice.csv:3: `family` stands here twice; add its customers up
        exit 2
        --responses asked.csv --population wide.csv
        ! error: --population: wide.csv:1: beside `customers` there must be one column, named as the attribute of the answers; there are 2
        exit 2
        --responses asked.csv --population none.csv
        ! error: --population: none.csv:2: `family`: `no` is no number of customers; write a whole number above 0
        exit 2
        --responses asked.csv --population empty.csv
        ! error: --population: empty.csv:3: the row has no `segment`
        exit 2
    "#]].assert_eq(&said(folder().path(), &asked));
}

#[test]
fn a_number_asked_that_cannot_be() {
    let asked = ["--responses asked.csv --invited 39", "--responses asked.csv --invited many"];
    expect![[r#"
        --responses asked.csv --invited 39
        ! error: --invited 39: 40 customers answered `nps` about the whole journey, more than were asked; count everybody who was asked in the period
        exit 2
        --responses asked.csv --invited many
        ! error: invalid value 'many' for '--invited <N>': invalid digit found in string
        ! 
        ! For more information, try '--help'.
        exit 2
    "#]].assert_eq(&said(folder().path(), &asked));
}

#[test]
fn without_answers_nobody_is_heard() {
    let asked = [
        "--population segment=family:90,young:30",
        "--invited 50",
        "--invited 50 --responses answers.csv",
    ];
    expect![[r#"
        --population segment=family:90,young:30
        ! error: --population weighs answers; give files of them with --responses
        exit 2
        --invited 50
        ! error: --invited: nobody answered `nps` about the whole journey, so there is no score that silence could move
        exit 2
        --invited 50 --responses answers.csv
        ! error: --invited: nobody answered `nps` about the whole journey, so there is no score that silence could move
        exit 2
    "#]].assert_eq(&said(folder().path(), &asked));
}
