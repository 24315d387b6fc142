//! CSV and its kin: dialects, encodings, headers, bad rows.

use engine::import::{Kind, Wanted};
use expect_test::expect;

use crate::reading::file;

#[test]
fn commas_semicolons_tabs_and_bars() {
    for (delimiter, name) in
        [(",", "CSV"), (";", "CSV with semicolons"), ("\t", "TSV"), ("|", "CSV with bars")]
    {
        let rows = ["customer_id,at,activity", "7,2024-03-01T10:00:00Z,pay"]
            .join("\n")
            .replace(',', delimiter);
        let folder = tempfile::tempdir().unwrap();
        let file = file("a.csv", rows);
        let shown =
            crate::reading::shown(&file.source(folder.path()), &Wanted::default(), folder.path());
        assert_eq!(shown, format!("{name}, UTF-8: 1 rows, 0 bad\n2: 7 2024-03-01T10:00:00Z pay\n"));
    }
}

#[test]
fn ids_are_text_and_na_is_one() {
    let rows = "customer_id,at,activity,channel\n\
                NA,2024-03-01,NA,NA\n\
                null,2024-03-01,null,\n\
                7,2024-03-01,a,app\n\
                007,2024-03-01,a,app\n\
                \x207,2024-03-01,a,app\n\
                ,2024-03-01,a,app\n\
                \"\",2024-03-01,a,app\n\
                \x20 ,2024-03-01,a,app\n\
                7,,a,app\n\
                7,2024-03-01,,app\n";
    file("a.csv", rows).channel().check(expect![[r#"
        CSV, UTF-8: 10 rows, 5 bad
        2: NA 2024-03-01T00:00:00Z NA via NA
        3: null 2024-03-01T00:00:00Z null via -
        4: 7 2024-03-01T00:00:00Z a via app
        5: 007 2024-03-01T00:00:00Z a via app
        6:  7 2024-03-01T00:00:00Z a via app
        bad 7: the row has no customer | ,2024-03-01,a,app
        bad 8: the row has no customer | \"\",2024-03-01,a,app
        bad 9: the row has no customer |   ,2024-03-01,a,app
        bad 10: the row has no time | 7,,a,app
        bad 11: the row has no activity | 7,2024-03-01,,app
    "#]]);
}

#[test]
fn ties_keep_the_order_of_the_file() {
    let rows =
        "customer_id,at,activity\n7,2024-03-01,b\n7,2024-03-01,a\n8,2024-03-01,c\n7,2024-03-01,b\n";
    file("a.csv", rows).check(expect![[r#"
        CSV, UTF-8: 4 rows, 0 bad
        2: 7 2024-03-01T00:00:00Z b
        3: 7 2024-03-01T00:00:00Z a
        4: 8 2024-03-01T00:00:00Z c
        5: 7 2024-03-01T00:00:00Z b
    "#]]);
}

#[test]
fn times_of_1970_are_times_and_zeros_are_not() {
    let rows = "customer_id,at,activity\n7,1970-01-01T00:00:00.000Z,a\n7,1970-01-01 00:00:01,b\n7,1969-12-31T23:00:00Z,c\n";
    file("a.csv", rows).check(expect![[r#"
        CSV, UTF-8: 3 rows, 0 bad
        2: 7 1970-01-01T00:00:00Z a
        3: 7 1970-01-01T00:00:01Z b
        4: 7 1969-12-31T23:00:00Z c
        at epoch: 1
    "#]]);
    let rows = "customer_id,at,activity\n7,1711908307,a\n7,0,b\n7,-5,c\n7,1711908307.25,d\n7,1711908307000,e\n7,soon,f\n";
    file("a.csv", rows).map("at=at:s").check(expect![[r#"
        CSV, UTF-8: 6 rows, 3 bad
        2: 7 2024-03-31T18:05:07Z a
        4: 7 1969-12-31T23:59:55Z c
        5: 7 2024-03-31T18:05:07.25Z d
        bad 3: the time is the number 0: most likely it is missing | 7,0,b
        bad 6: the time `1711908307000` cannot be read: it lies outside 1900 to 2199 | 7,1711908307000,e
        bad 7: the time `soon` cannot be read: write it as 2024-03-31 18:05:00 or 2024-03-31T18:05:00Z | 7,soon,f
    "#]]);
}

#[test]
fn times_in_a_zone_with_summer_time() {
    let rows = "customer_id,at,activity\n\
                7,2024-03-31 01:59:59,before the gap\n\
                7,2024-03-31 02:30,in the gap\n\
                7,2024-10-27 02:30,in the fold\n\
                7,2024-10-27T02:30:00Z,with its own offset\n\
                7,2024-07-01,a date\n";
    file("a.csv", rows).zone("Europe/Berlin").check(expect![[r#"
        CSV, UTF-8: 5 rows, 0 bad
        2: 7 2024-03-31T00:59:59Z before the gap
        3: 7 2024-03-31T01:30:00Z in the gap
        4: 7 2024-10-27T00:30:00Z in the fold
        5: 7 2024-10-27T02:30:00Z with its own offset
        6: 7 2024-06-30T22:00:00Z a date
    "#]]);
}

#[test]
fn bad_times_say_what_is_wrong() {
    let rows = "customer_id,at,activity\n7,2024-03-01,ok\n7,31/03/2024,a\n7,9999-12-31,b\n7,2024-02-30,c\n7,1711908307,d\n7,NaT,e\n";
    file("a.csv", rows).check(expect![[r#"
        CSV, UTF-8: 6 rows, 5 bad
        2: 7 2024-03-01T00:00:00Z ok
        bad 3: the time `31/03/2024` cannot be read: day and month could be either way round; write it as YYYY-MM-DD hh:mm:ss | 7,31/03/2024,a
        bad 4: the time `9999-12-31` cannot be read: it lies outside 1900 to 2199 | 7,9999-12-31,b
        bad 5: the time `2024-02-30` cannot be read: write it as 2024-03-31 18:05:00 or 2024-03-31T18:05:00Z | 7,2024-02-30,c
        bad 6: the time `1711908307` cannot be read: a bare number does not say its unit; write `--map at=<column>:s` (or `:ms`, `:us`, `:ns`) if it counts from 1970 | 7,1711908307,d
        bad 7: the time `NaT` cannot be read: write it as 2024-03-31 18:05:00 or 2024-03-31T18:05:00Z | 7,NaT,e
    "#]]);
}

#[test]
fn a_bare_number_asks_for_its_unit() {
    file("a.csv", "customer_id,ts,activity\n7,1711908307123,a\n").map("at=ts").check(expect![[r#"
        error: a.csv:2: the time `1711908307123` is a bare number and does not say its unit. If it counts from 1970, write `--map at=ts:ms` (`:s`, `:ms`, `:us`, `:ns`)
    "#]]);
    file("a.csv", "customer_id,ts,activity\n7,1711908307123,a\n").map("at=ts:ms").check(expect![[
        r#"
        CSV, UTF-8: 1 rows, 0 bad
        2: 7 2024-03-31T18:05:07.123Z a
    "#
    ]]);
    file("a.csv", "customer_id,ts:ms,activity\n7,2024-03-01,a\n").map("at=ts:ms").check(expect![[
        r#"
        CSV, UTF-8: 1 rows, 0 bad
        2: 7 2024-03-01T00:00:00Z a
    "#
    ]]);
}

#[test]
fn encodings() {
    let rows = "customer_id,at,activity\r\nZoë,2024-03-01,naïve café\r\n7,2024-03-01,Überprüfung gehört dazu\r\n";
    file("a.csv", rows).check(expect![[r#"
        CSV, UTF-8: 2 rows, 0 bad
        2: Zoë 2024-03-01T00:00:00Z naïve café
        3: 7 2024-03-01T00:00:00Z Überprüfung gehört dazu
    "#]]);
    file("a.csv", format!("\u{feff}{rows}")).check(expect![[r#"
        CSV, UTF-8: 2 rows, 0 bad
        2: Zoë 2024-03-01T00:00:00Z naïve café
        3: 7 2024-03-01T00:00:00Z Überprüfung gehört dazu
    "#]]);
    let latin: Vec<u8> = rows.chars().map(|char| u8::try_from(char).unwrap()).collect();
    file("a.csv", latin).check(expect![[r#"
        CSV, windows-1252: 2 rows, 0 bad
        2: Zoë 2024-03-01T00:00:00Z naïve café
        3: 7 2024-03-01T00:00:00Z Überprüfung gehört dazu
        note: it is no UTF-8; by its letters it was read as windows-1252
    "#]]);
    let utf16 = |mark: bool, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.then_some(0xfeff).into_iter().chain(rows.encode_utf16()).flat_map(bytes).collect()
    };
    file("a.csv", utf16(true, u16::to_le_bytes)).check(expect![[r#"
        CSV, UTF-16LE: 2 rows, 0 bad
        2: Zoë 2024-03-01T00:00:00Z naïve café
        3: 7 2024-03-01T00:00:00Z Überprüfung gehört dazu
    "#]]);
    file("a.csv", utf16(true, u16::to_be_bytes)).check(expect![[r#"
        CSV, UTF-16BE: 2 rows, 0 bad
        2: Zoë 2024-03-01T00:00:00Z naïve café
        3: 7 2024-03-01T00:00:00Z Überprüfung gehört dazu
    "#]]);
    file("a.csv", utf16(false, u16::to_le_bytes)).check(expect![[r#"
        CSV, UTF-16LE: 2 rows, 0 bad
        2: Zoë 2024-03-01T00:00:00Z naïve café
        3: 7 2024-03-01T00:00:00Z Überprüfung gehört dazu
    "#]]);
}

#[test]
fn a_late_byte_decides_the_encoding() {
    // ASCII for longer than the head that is looked at, then one ISO-8859-1 letter.
    let mut rows = b"customer_id,at,activity\n".to_vec();
    for _ in 0..20_000 {
        rows.extend_from_slice(b"7,2024-03-01T10:00:00Z,pay\n");
    }
    rows.extend_from_slice(b"Zo\xeb,2024-03-02,pay\n");
    let folder = tempfile::tempdir().unwrap();
    let file = file("a.csv", rows);
    let shown =
        crate::reading::shown(&file.source(folder.path()), &Wanted::default(), folder.path());
    let (first, rest) = shown.split_once('\n').unwrap();
    assert_eq!(first, "CSV, windows-1252: 20001 rows, 0 bad");
    assert!(rest.contains("\n20002: Zoë 2024-03-02T00:00:00Z pay\n"));
}

#[test]
fn damage_in_utf8_is_kept_out_row_by_row() {
    let rows = b"customer_id,at,activity,note\nZo\xc3\xab,2024-03-01,a,x\n7,2024-03-01,caf\xe9,x\n7,2024-03-02,b,\xe9\nZo\xc3\xab,2024-03-03,c,x\n";
    file("a.csv", *rows).check(expect![[r#"
        CSV, UTF-8: 4 rows, 1 bad
        2: Zoë 2024-03-01T00:00:00Z a
        4: 7 2024-03-02T00:00:00Z b
        5: Zoë 2024-03-03T00:00:00Z c
        note: some characters are no UTF-8
        bad 3: the row holds bytes that are no text in the file's encoding | 7,2024-03-01,caf�,x
    "#]]);
}

#[test]
fn quotes() {
    let rows = "customer_id,at,activity,note\r\n\
                \"x\ny\",2024-03-01,\"says \"\"hi\"\", twice\",\"a\r\nb\"\r\n\
                7,\"2024-03-01\",plain \"quoted\" word,\r\n\
                \r\n\
                8,2024-03-02,\"\"\"\",last";
    file("a.csv", rows).check(expect![[r#"
        CSV, UTF-8: 3 rows, 0 bad
        2: x\ny 2024-03-01T00:00:00Z says \"hi\", twice
        5: 7 2024-03-01T00:00:00Z plain \"quoted\" word
        7: 8 2024-03-02T00:00:00Z \"
    "#]]);
}

#[test]
fn ragged_rows_and_stray_quotes() {
    let rows = "customer_id,at,activity\n\
                7,2024-03-01\n\
                7,2024-03-01,a,extra\n\
                7,2024-03-01,a\n\
                7,2024-03-01,\"never closed\n\
                8,2024-03-02,b\n\
                8,2024-03-02,c\n";
    file("a.csv", rows).check(expect![[r#"
        CSV, UTF-8: 6 rows, 3 bad
        4: 7 2024-03-01T00:00:00Z a
        6: 8 2024-03-02T00:00:00Z b
        7: 8 2024-03-02T00:00:00Z c
        bad 2: the row has 2 fields where the header has 3 | 7,2024-03-01
        bad 3: the row has 4 fields where the header has 3 | 7,2024-03-01,a,extra
        bad 5: a quote is opened and not closed within its row | 7,2024-03-01,\"never closed
    "#]]);
    // The stray quote finds another far below; the rows between are heard all the same.
    let rows = "customer_id,at,activity\n7,2024-03-01,\"open\n8,2024-03-02,b\n8,2024-03-03,\"c\"\n9,2024-03-04,d\n";
    file("a.csv", rows).check(expect![[r#"
        CSV, UTF-8: 4 rows, 1 bad
        3: 8 2024-03-02T00:00:00Z b
        4: 8 2024-03-03T00:00:00Z c
        5: 9 2024-03-04T00:00:00Z d
        bad 2: a quote is opened and not closed within its row | 7,2024-03-01,\"open
    "#]]);
}

#[test]
fn files_with_nothing_in_them() {
    file("a.csv", "").check(expect![[r#"
        error: a.csv: the file is empty: not even a header
    "#]]);
    file("a.csv", "\n\r\n\n").check(expect![[r#"
        error: a.csv: the file holds nothing but empty lines: not even a header
    "#]]);
    file("a.csv", "customer_id,at,activity").check(expect![[r#"
        CSV, UTF-8: 0 rows, 0 bad
        note: there is not one row in it
    "#]]);
    file("a.csv", "customer_id,at,activity\r\n").check(expect![[r#"
        CSV, UTF-8: 0 rows, 0 bad
        note: there is not one row in it
    "#]]);
}

#[test]
fn missing_columns_are_named_with_a_way_out() {
    file("a.csv", "case_id,activity,timestamp,lifecycle\n1,a,2024-03-01,x\n").check(expect![[r#"
        error: a.csv:1: there are no columns `customer_id`, `at`. The file has `case_id`, `activity`, `timestamp`, `lifecycle`; did you mean `--map customer_id=case_id,at=timestamp`?
    "#]]);
    file("a.csv", "case:concept:name,concept:name,time:timestamp\n").check(expect![[r#"
        error: a.csv:1: there are no columns `customer_id`, `at`, `activity`. The file has `case:concept:name`, `concept:name`, `time:timestamp`; did you mean `--map customer_id=case:concept:name,at=time:timestamp,activity=concept:name`?
    "#]]);
    file("a.csv", "customer_id,at,activty\n").check(expect![[r#"
        error: a.csv:1: there is no column `activity`. The file has `customer_id`, `at`, `activty`; did you mean `--map activity=activty`?
    "#]]);
    file("a.csv", "foo,bar\n1,2\n").check(expect![[r#"
        error: a.csv:1: there are no columns `customer_id`, `at`, `activity`. The file has `foo`, `bar`; say which is which: `--map customer_id=<column>,at=<column>,activity=<column>`
    "#]]);
    file("a.csv", "customer_id,at,activity\n").map("activity=event").check(expect![[r#"
        error: a.csv:1: there is no column `event` (mapped to `activity`). The file has `customer_id`, `at`, `activity`; did you mean `--map activity=activity`?
    "#]]);
    file("a.csv", "customer_id,at,activity\n").map("channel=via").channel().check(expect![[r#"
        error: a.csv:1: there is no column `via` (mapped to `channel`). The file has `customer_id`, `at`, `activity`; say which is which: `--map channel=<column>`
    "#]]);
    file("a.csv", "customer_id,at,activity,at\n").check(expect![[r#"
        error: a.csv:1: there are two columns `at`, #2 and #4; choose one by position: `--map at=#2`
    "#]]);
    file("a.csv", "customer_id,at,activity\n").map("at=#4").check(expect![[r#"
        error: a.csv:1: `at` is mapped to #4, but there are only 3 columns
    "#]]);
}

#[test]
fn files_without_a_header() {
    let rows = "00001,purchase,1997-01-01T00:00:00.000Z\n7,visit,1997-01-02T00:00:00.000Z\n";
    file("a.csv", rows).check(expect![[r#"
        error: a.csv:1: no columns `customer_id`, `at`, `activity`, and the first line looks like a row, not a header: `00001`, `purchase`, `1997-01-01T00:00:00.000Z`. Give the file a header, or name columns by position: `--map customer_id=#1,at=#3,activity=#2`
    "#]]);
    let rows = "7,purchase,1997-01-01T00:00:00.000Z\n8,visit,1997-01-02T00:00:00.000Z\n";
    file("a.csv", rows).map("customer_id=#1,at=#3,activity=#2").check(expect![[r#"
        CSV, UTF-8: 2 rows, 0 bad
        1: 7 1997-01-01T00:00:00Z purchase
        2: 8 1997-01-02T00:00:00Z visit
    "#]]);
    let rows = "id,what,when\n7,purchase,1997-01-01T00:00:00.000Z\n";
    file("a.csv", rows).map("customer_id=#1,at=#3,activity=#2").check(expect![[r#"
        CSV, UTF-8: 1 rows, 0 bad
        2: 7 1997-01-01T00:00:00Z purchase
    "#]]);
}

#[test]
fn attributes_of_every_kind() {
    let rows = "customer_id,at,activity,event_id,word,amount,due\n\
                7,2024-03-01,a,8,ann,12.5,2024-03-05\n\
                7,2024-03-01,a,,,,\n\
                7,2024-03-01,a,9,bob,dear,later\n";
    file("a.csv", rows)
        .event_id()
        .attribute("word", Kind::Text)
        .attribute("amount", Kind::Number)
        .attribute("due", Kind::Time)
        .attribute("mood", Kind::Text)
        .check(expect![[r#"
            CSV, UTF-8: 3 rows, 0 bad
            2: 7 2024-03-01T00:00:00Z a #8 [ann] [12.5] [2024-03-05T00:00:00Z] [-]
            3: 7 2024-03-01T00:00:00Z a #- [-] [NaN] [-] [-]
            4: 7 2024-03-01T00:00:00Z a #9 [bob] [NaN] [-] [-]
            absent: mood
            unreadable: amount x1
            unreadable: due x1
        "#]]);
}

#[test]
fn a_header_may_be_padded_and_a_file_may_end_anywhere() {
    file("a.txt", " customer_id ; at ; activity \r\n7;2024-03-01;a").check(expect![[r#"
        CSV with semicolons, UTF-8: 1 rows, 0 bad
        2: 7 2024-03-01T00:00:00Z a
    "#]]);
    file("a.csv", "customer_id,at,activity\r7,2024-03-01,a\r8,2024-03-02,b\r").check(expect![[
        r#"
        CSV, UTF-8: 2 rows, 0 bad
        2: 7 2024-03-01T00:00:00Z a
        3: 8 2024-03-02T00:00:00Z b
    "#
    ]]);
}
