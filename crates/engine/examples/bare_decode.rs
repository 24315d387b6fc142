//! The yardstick of `footpath measure`: how fast the parquet crate decodes the same columns and does nothing else.
//!
//!     cargo run --release -p footpath-engine --example bare_decode -- --log target/bench/log.parquet
//!
//! One JSON line for one thread and one for all.

#![expect(clippy::print_stdout, reason = "a program that prints what it measured")]

#[path = "bench/args.rs"]
mod args;
#[path = "bench/decode.rs"]
mod decode;
#[path = "bench/stopwatch.rs"]
mod stopwatch;

use std::error::Error;
use std::hint::black_box;

use args::Args;
use arrow::datatypes::DataType;
use decode::{COLUMNS, Log};
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde_json::json;
use stopwatch::time;

type Rows = Result<usize, Box<dyn Error + Send + Sync>>;

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::read(&["log"])?;
    let log = Log::open(args.text("log")?)?;
    let cores = std::thread::available_parallelism()?.get();
    for threads in [1, cores] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
        let (seconds, rows) = time(|| pool.install(|| decode_all(&log)));
        let rows = rows.map_err(|why| why.to_string())?;
        if rows != log.rows() {
            return Err(format!("{rows} rows decoded of {}", log.rows()).into());
        }
        println!(
            "{}",
            json!({"peer": "parquet", "question": "decode", "way": "bare decode", "threads": threads,
                   "events": rows, "seconds": seconds})
        );
    }
    Ok(())
}

/// Rows decoded, row groups shared over the threads at hand.
fn decode_all(log: &Log) -> Rows {
    let counts = (0..log.row_groups()).into_par_iter().map(|group| decode(log, group));
    counts.try_reduce(|| 0, |a, b| Ok(a + b))
}

fn decode(log: &Log, row_group: usize) -> Rows {
    let mut rows = 0;
    for batch in log.batches(vec![row_group])? {
        let batch = black_box(batch?);
        for text in &COLUMNS[2..] {
            let column = batch.column_by_name(text).ok_or("a column is missing")?;
            if !matches!(column.data_type(), DataType::Dictionary(..)) {
                return Err(format!("`{text}` lost its dictionary").into());
            }
        }
        rows += batch.num_rows();
    }
    Ok(rows)
}
