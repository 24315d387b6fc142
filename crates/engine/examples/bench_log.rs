//! Writes the generated log of the benchmarks: as Parquet sorted by customer and time, or as CSV.
//!
//!     cargo run --release -p footpath-engine --example bench_log -- --events 20000000 --out target/bench/log.parquet
//!     cargo run --release -p footpath-engine --example bench_log -- --events 5000000 --csv target/bench/log.csv --order time
//!
//! The log is made in pieces of a million events with a seed each, so a Parquet file or a CSV file in the order of
//! customers takes the same small memory whatever its length; CSV in the order of time keeps all events to sort them.

#![expect(clippy::print_stderr, reason = "a program that says what it wrote")]

#[path = "bench/args.rs"]
mod args;
#[path = "../../kernel/benches/log.rs"]
mod log;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::Arc;

use args::Args;
use arrow::array::{
    ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    UInt64Array,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, TimeUnit};
use jiff::Timestamp;
use log::{CHANNELS, Log, TOUCHPOINTS};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::WriterProperties;

/// Bound by `bench/journey.yaml`, in the order of the design.
const ACTIVITIES: [&str; TOUCHPOINTS as usize] = [
    "landed",
    "searched",
    "compared",
    "asked",
    "chose",
    "configured",
    "added",
    "signed-in",
    "addressed",
    "scheduled",
    "paid",
    "confirmed",
    "shipped",
    "delivered",
    "reviewed",
    "left",
];
/// Code 0 is none, and the generator never gives it.
const CHANNEL_NAMES: [&str; CHANNELS as usize - 1] = ["web", "app", "store"];

const SEED: u64 = 20_240_229;
const PIECE: usize = 1 << 20;

/// The generator counts from 0; people do not shop in 1970.
const FIRST_MOMENT: &str = "2024-02-29T00:00:00Z";

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::read(&["events", "out", "csv", "order", "part"])?;
    let part = args.find("part").map_or(Ok(0), str::parse)?;
    let pieces = Pieces::new(count(args.text("events")?)?, part)?;
    if let Some(path) = args.find("out") {
        let rows = write_parquet(path, pieces.clone())?;
        let bytes = std::fs::metadata(path)?.len();
        eprintln!("{path}: {rows} events, {:.2} bytes each", bytes as f64 / rows as f64);
    }
    if let Some(path) = args.find("csv") {
        let rows = match args.find("order").unwrap_or("time") {
            "customer" => write_csv(path, pieces.into_iter())?,
            "time" => write_csv(path, std::iter::once(by_time(pieces)))?,
            other => return Err(format!("--order {other}: write `time` or `customer`").into()),
        };
        eprintln!("{path}: {rows} events");
    }
    Ok(())
}

/// A whole number; underscores between digits are welcome.
fn count(text: &str) -> Result<usize, Box<dyn Error>> {
    text.replace('_', "")
        .parse()
        .map_err(|_| format!("--events {text}: write a whole number").into())
}

/// A log of any length, a million events at a time; no customer is in two pieces.
#[derive(Debug, Clone)]
struct Pieces {
    left: usize,
    made: u64,
    last_customer: u64,
    first_moment: i64,
}

impl Pieces {
    /// Parts have other seeds and other customers, so that many files of one kind make a larger log.
    fn new(events: usize, part: u32) -> Result<Self, Box<dyn Error>> {
        let first_moment = FIRST_MOMENT.parse::<Timestamp>()?.as_microsecond();
        let (made, last_customer) = (u64::from(part) << 32, u64::from(part) << 40);
        Ok(Self { left: events, made, last_customer, first_moment })
    }
}

impl Iterator for Pieces {
    type Item = Log;

    fn next(&mut self) -> Option<Log> {
        if self.left == 0 {
            return None;
        }
        // Neighbouring seeds would begin alike.
        let seed = (SEED + self.made).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut log = Log::generate(self.left.min(PIECE), seed);
        log.customers.iter_mut().for_each(|customer| *customer += self.last_customer);
        log.at.iter_mut().for_each(|at| *at += self.first_moment);
        self.last_customer = log.customers.last().copied()?;
        self.left = self.left.saturating_sub(log.customers.len());
        self.made += 1;
        Some(log)
    }
}

fn write_parquet(path: &str, pieces: Pieces) -> Result<usize, Box<dyn Error>> {
    let schema = Arc::new(schema());
    let packed = ["customer_id", "at"];
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_sorting_columns(Some(vec![sorted_by(0), sorted_by(1)]));
    for column in packed {
        properties = properties
            .set_column_dictionary_enabled(column.into(), false)
            .set_column_encoding(column.into(), Encoding::DELTA_BINARY_PACKED);
    }
    let file = File::create(path).map_err(|why| format!("{path}: {why}"))?;
    let mut writer = ArrowWriter::try_new(file, schema.clone(), Some(properties.build()))?;
    let mut rows = 0;
    for piece in pieces {
        rows += piece.customers.len();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from(piece.customers)),
            Arc::new(TimestampMicrosecondArray::from(piece.at).with_timezone("UTC")),
            Arc::new(dictionary(&piece.symbols, 0, &ACTIVITIES)?),
            Arc::new(dictionary(&piece.channels, 1, &CHANNEL_NAMES)?),
        ];
        writer.write(&RecordBatch::try_new(schema.clone(), columns)?)?;
    }
    writer.close()?;
    Ok(rows)
}

fn schema() -> Schema {
    let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Schema::new(vec![
        Field::new("customer_id", DataType::UInt64, false),
        Field::new("at", time, false),
        Field::new("activity", text.clone(), false),
        Field::new("channel", text, false),
    ])
}

fn sorted_by(column: i32) -> SortingColumn {
    SortingColumn { column_idx: column, descending: false, nulls_first: false }
}

/// Codes from `first` on as keys into names.
fn dictionary(
    codes: &[u16],
    first: u16,
    names: &[&str],
) -> Result<DictionaryArray<Int32Type>, Box<dyn Error>> {
    let keys = Int32Array::from_iter_values(codes.iter().map(|code| i32::from(*code - first)));
    Ok(DictionaryArray::try_new(keys, Arc::new(StringArray::from(names.to_vec())))?)
}

/// All events as a busy system would have written them.
fn by_time(pieces: Pieces) -> Log {
    let mut all = Log::default();
    for piece in pieces {
        all.customers.extend(piece.customers);
        all.at.extend(piece.at);
        all.symbols.extend(piece.symbols);
        all.channels.extend(piece.channels);
    }
    let mut order: Vec<usize> = (0..all.at.len()).collect();
    order.sort_by_key(|row| all.at[*row]);
    Log {
        customers: order.iter().map(|row| all.customers[*row]).collect(),
        at: order.iter().map(|row| all.at[*row]).collect(),
        symbols: order.iter().map(|row| all.symbols[*row]).collect(),
        channels: order.iter().map(|row| all.channels[*row]).collect(),
    }
}

fn write_csv(path: &str, logs: impl Iterator<Item = Log>) -> Result<usize, Box<dyn Error>> {
    let file = File::create(path).map_err(|why| format!("{path}: {why}"))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    out.write_all(b"customer_id,at,activity,channel\n")?;
    let mut rows = 0;
    for log in logs {
        rows += log.customers.len();
        for row in 0..log.customers.len() {
            let at = Timestamp::from_microsecond(log.at[row])?;
            let activity = ACTIVITIES[usize::from(log.symbols[row])];
            let channel = CHANNEL_NAMES[usize::from(log.channels[row]) - 1];
            writeln!(out, "{},{at:.6},{activity},{channel}", log.customers[row])?;
        }
    }
    out.flush()?;
    Ok(rows)
}
