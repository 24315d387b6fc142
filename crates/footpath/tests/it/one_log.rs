//! One log is one log: however its rows are cut into files, ordered, packed or spelt, the report is the same to the byte.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, TimestampMicrosecondArray};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::program::{footpath_in, repository, text};

/// The log of an example as a list of rows, and a folder to write it into in other forms.
struct Log {
    folder: TempDir,
    header: String,
    rows: Vec<String>,
}

impl Log {
    fn new() -> Self {
        let packed = fs::read(repository("examples/loyalty-visit/events.csv.gz")).unwrap();
        let mut csv = String::new();
        GzDecoder::new(packed.as_slice()).read_to_string(&mut csv).unwrap();
        // A part of it, whole customers only, so that many reports are made in a short time.
        let mut rows = csv.lines().map(str::to_owned);
        let header = rows.next().unwrap();
        let rows = rows.filter(|row| key(customer(row)).is_multiple_of(8)).collect();
        Self { folder: tempfile::tempdir().unwrap(), header, rows }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path().join(name), bytes).unwrap();
    }

    fn csv<'a>(&self, rows: impl IntoIterator<Item = &'a String>) -> String {
        let mut csv = format!("{}\n", self.header);
        for row in rows {
            csv.push_str(row);
            csv.push('\n');
        }
        csv
    }

    /// The report on some files in the folder.
    fn report(&self, files: &[&str]) -> String {
        let example = repository("examples/loyalty-visit");
        let (journey, responses) = (example.join("journey.yaml"), example.join("responses.csv"));
        let (journey, responses) = (text(&journey), text(&responses));
        let mut arguments = vec!["measure", &journey, "--responses", &responses];
        arguments.extend(["--format", "json", "--events"]);
        arguments.extend(files);
        let ran = footpath_in(self.path(), arguments);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{files:?}");
        ran.stdout
    }

    /// In another order that leaves a customer's rows of one moment as they are: where the clock cannot tell what came
    /// first, the file's order does.
    fn shuffled(&self, seed: u64) -> Vec<&String> {
        let mut rows: Vec<&String> = self.rows.iter().collect();
        rows.sort_by_key(|row| key(&format!("{seed} {} {}", customer(row), at(row))));
        rows
    }
}

/// The number of the file that a row goes to, 0 to 2.
type PartOf = fn(&str) -> u64;

#[test]
fn cut_by_customer_or_by_time_and_shuffled_it_is_the_same_log() {
    let log = Log::new();
    log.write("whole.csv", log.csv(&log.rows).as_bytes());
    let whole = log.report(&["whole.csv"]);
    assert!(whole.contains(r#""verdict": "defective""#), "there is something to get wrong");
    let by_customer: PartOf = |row| key(customer(row)) / 8 % 3;
    let by_time: PartOf = |row| at(row)[5..7].parse::<u64>().unwrap() / 5;
    for (cut, part_of) in [("customer", by_customer), ("time", by_time)] {
        let names = ["a.csv", "b.csv", "c.csv"];
        for (part, name) in (0..).zip(names) {
            let shuffled = log.shuffled(part);
            let rows = shuffled.into_iter().filter(|row| part_of(row) == part);
            log.write(name, log.csv(rows).as_bytes());
        }
        let lines = |name| fs::read_to_string(log.path().join(name)).unwrap().lines().count() - 1;
        assert_eq!(names.map(lines).iter().sum::<usize>(), log.rows.len(), "by {cut}");
        assert!(names.iter().all(|name| lines(name) > 100), "by {cut}");
        for order in [names, ["c.csv", "a.csv", "b.csv"]] {
            assert!(log.report(&order) == whole, "by {cut}, as {order:?}");
        }
    }
}

#[test]
fn packed_it_is_the_same_log() {
    let log = Log::new();
    let csv = log.csv(&log.rows);
    log.write("plain.csv", csv.as_bytes());
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(csv.as_bytes()).unwrap();
    log.write("packed.csv.gz", &gzip.finish().unwrap());
    log.write("packed.csv.zst", &zstd::encode_all(csv.as_bytes(), 1).unwrap());
    // What is inside decides, not the name.
    log.write("misnamed.csv", &zstd::encode_all(csv.as_bytes(), 1).unwrap());
    let plain = log.report(&["plain.csv"]);
    for name in ["packed.csv.gz", "packed.csv.zst", "misnamed.csv"] {
        assert!(log.report(&[name]) == plain, "{name}");
    }
}

#[test]
fn in_another_format_it_is_the_same_log() {
    let log = Log::new();
    log.write("log.csv", log.csv(&log.rows).as_bytes());
    log.write("log.tsv", log.csv(&log.rows).replace(',', "\t").as_bytes());
    log.write("log.jsonl", json_lines(&log).as_bytes());
    log.write("log.parquet", &parquet(&log, &log.rows.iter().collect::<Vec<_>>()));
    let mut sorted: Vec<&String> = log.rows.iter().collect();
    sorted.sort_by_key(|row| (customer(row), at(row)));
    log.write("sorted.parquet", &parquet(&log, &sorted));
    let csv = log.report(&["log.csv"]);
    for name in ["log.tsv", "log.jsonl", "log.parquet", "sorted.parquet"] {
        assert!(log.report(&[name]) == csv, "{name}");
    }
}

fn json_lines(log: &Log) -> String {
    let names: Vec<&str> = log.header.split(',').collect();
    let objects = log.rows.iter().map(|row| {
        let fields = names.iter().zip(row.split(',')).filter(|(_, field)| !field.is_empty());
        let object: Map<String, Value> =
            fields.map(|(name, field)| ((*name).to_owned(), Value::from(field))).collect();
        format!("{}\n", Value::from(object))
    });
    objects.collect()
}

/// Small row groups, so that customers go on from one to the next.
fn parquet(log: &Log, rows: &[&String]) -> Vec<u8> {
    let mut columns: BTreeMap<usize, Vec<Option<&str>>> = BTreeMap::new();
    for row in rows {
        for (column, field) in row.split(',').enumerate() {
            columns.entry(column).or_default().push(Some(field).filter(|field| !field.is_empty()));
        }
    }
    let named = log.header.split(',').zip(columns.into_values());
    let arrays = named.map(|(name, fields)| {
        let array: ArrayRef = if name == "at" {
            let moment = |at: &str| at.parse::<jiff::Timestamp>().unwrap().as_microsecond();
            let micros = fields.iter().map(|at| at.map(moment));
            Arc::new(micros.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
        } else {
            Arc::new(fields.into_iter().collect::<StringArray>())
        };
        (name, array, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(arrays).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(700)).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn customer(row: &str) -> &str {
    row.split(',').next().unwrap()
}

fn at(row: &str) -> &str {
    row.split(',').nth(1).unwrap()
}

/// FNV-1a with its bits mixed once more: a number that has nothing to do with any order.
fn key(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20
}
