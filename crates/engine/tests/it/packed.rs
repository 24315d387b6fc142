//! Files packed with gzip and zstd, whole and cut, and files that are something else altogether.

use std::io::Write as _;

use expect_test::expect;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::reading::file;

const ROWS: &str = "customer_id,at,activity\n7,2024-03-01,a\n8,2024-03-02,b\n";

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

fn many_rows() -> String {
    let mut rows = "customer_id,at,activity\n".to_owned();
    for row in 0..30_000_u64 {
        // Digits without a pattern, so that packing leaves something to cut.
        rows.push_str(&format!("{},2024-03-01,a\n", row.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    }
    rows
}

#[test]
fn packed_files_are_unpacked_by_content() {
    file("a.csv.gz", gzip(ROWS)).check(expect![[r#"
        CSV, UTF-8, gzip: 2 rows, 0 bad
        2: 7 2024-03-01T00:00:00Z a
        3: 8 2024-03-02T00:00:00Z b
    "#]]);
    file("misnamed.csv", zstd::encode_all(ROWS.as_bytes(), 3).unwrap()).check(expect![[r#"
        CSV, UTF-8, zstd: 2 rows, 0 bad
        2: 7 2024-03-01T00:00:00Z a
        3: 8 2024-03-02T00:00:00Z b
    "#]]);
    // gzip files put one after the other are one file, as `cat a.gz b.gz` makes them.
    file(
        "two.gz",
        [gzip("customer_id,at,activity\n7,2024-03-01,a\n"), gzip("8,2024-03-02,b\n")].concat(),
    )
    .check(expect![[r#"
        CSV, UTF-8, gzip: 2 rows, 0 bad
        2: 7 2024-03-01T00:00:00Z a
        3: 8 2024-03-02T00:00:00Z b
    "#]]);
    let jsonl = "{\"customer_id\": 7, \"at\": \"2024-03-01\", \"activity\": \"a\"}\n";
    file("a.jsonl.zst", zstd::encode_all(jsonl.as_bytes(), 3).unwrap()).check(expect![[r#"
        JSONL, UTF-8, zstd: 1 rows, 0 bad
        1: 7 2024-03-01T00:00:00Z a
    "#]]);
}

#[test]
fn a_cut_file_counts_for_nothing() {
    let (gz, zst) = (gzip(&many_rows()), zstd::encode_all(many_rows().as_bytes(), 3).unwrap());
    for (name, packed) in [("a.csv.gz", gz), ("a.csv.zst", zst)] {
        for length in [6, packed.len() / 10, packed.len() / 2, packed.len() - 1] {
            file(name, &packed[..length])
                .check_error("it ends in the middle: the file was cut off");
        }
    }
}

#[test]
fn a_damaged_file_is_named_so() {
    let mut packed = gzip(&many_rows());
    let middle = packed.len() / 2;
    packed[middle..middle + 64].fill(0xff);
    file("a.csv.gz", packed).check_error("it is damaged");
    let mut packed = zstd::encode_all(many_rows().as_bytes(), 3).unwrap();
    let middle = packed.len() / 2;
    packed[middle..middle + 64].fill(0xff);
    file("a.csv.zst", packed).check_error("it is damaged");
}

#[test]
fn files_that_are_something_else() {
    file("a.csv", [0_u8, 1, 2, 3, 255, 254, 7, 0, 9].repeat(20)).check(expect![[r#"
        error: a.csv: this is no text, and none of gzip, zstd and Parquet: it is nothing that can be read here. Readable are CSV, TSV, JSONL, Parquet and XES
    "#]]);
    file("a.csv", gzip("")).check(expect![[r#"
        error: a.csv: the file is empty: not even a header
    "#]]);
    file("a.xlsx", *b"PK\x03\x04\x14\x00\x06\x00").check(expect![[r#"
        error: a.xlsx: this is a ZIP archive or an Excel workbook; unpack it, or save the sheet as CSV
    "#]]);
}

#[test]
fn files_that_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let shown = |name: &str| {
        let source = crate::reading::source(folder.path().join(name), "", None);
        crate::reading::shown(&source, &engine::import::Wanted::default(), folder.path())
    };
    expect![[r#"
        error: gone.csv: there is no such file
    "#]]
    .assert_eq(&shown("gone.csv"));
    assert!(shown("").ends_with("this is a folder; name the files in it\n"));
}
