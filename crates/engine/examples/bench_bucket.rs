//! What a cluster's work costs, without the cluster: buckets measured one after another on one thread, and parts added up.
//!
//!     cargo run --release -p footpath-engine --example bench_bucket -- --log target/bench/log.parquet --data target/bench/data --journey bench/journey.yaml
//!
//! The data folder is filled from the log when it is not there. One JSON line with events, the seconds of measuring and of adding
//! up, and the bytes of tasks and parts.

#![expect(clippy::print_stdout, reason = "a program that prints what it measured")]

#[path = "bench/args.rs"]
mod args;

use std::error::Error;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use args::Args;
use engine::import::{Mapping, Source, Watch};
use engine::lake::disk::Folder;
use engine::lake::{Elsewhere, Lake, OnPart, Place, Task, measure_bucket};
use engine::measure::{Asked, Document, measure};
use engine::quarantine::Quarantine;
use engine::scan::Files;
use model::resolve::Resolved;
use serde_json::json;

/// What was measured, all buckets together.
#[derive(Debug, Default, Clone, Copy)]
struct Cost {
    events: u64,
    measuring: f64,
    adding: f64,
    task_bytes: usize,
    part_bytes: usize,
    largest_part: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::read(&["log", "data", "journey"])?;
    let folder = Path::new(args.text("data")?);
    let (quarantine, watch) = (Quarantine::default(), Watch::default());
    let nothing = Files::none(&quarantine, &watch);
    let is_there = folder.is_dir();
    let lake = Lake::open(&Place::folder(folder, || 0))?;
    if !is_there {
        let path = Path::new(args.text("log")?).to_owned();
        let log = [Source { path, mapping: Mapping::default(), zone: None }];
        lake.import(&Files { events: &log, ..nothing })?;
        lake.compact()?;
    }
    let path = Path::new(args.text("journey")?);
    let reading = model::document::read_bytes(&std::fs::read(path)?);
    let journey = reading.journey.as_ref().ok_or("no valid journey")?;
    let resolved = Resolved::of(journey);
    let document = Document { path, reading: &reading, journey: &resolved };
    let disk = Folder::new(folder);
    let cost = Mutex::new(Cost::default());
    let deliver = |tasks: Vec<Task>, on_part: &mut OnPart<'_>| {
        for task in tasks {
            let packed = task.pack()?;
            let task = Task::unpack(&packed)?;
            let begun = Instant::now();
            let part = measure_bucket(&disk, &task, &watch)?;
            let measured = begun.elapsed().as_secs_f64();
            let begun = Instant::now();
            on_part(&part)?;
            if let Ok(mut cost) = cost.lock() {
                cost.events += task.events();
                cost.measuring += measured;
                cost.adding += begun.elapsed().as_secs_f64();
                cost.task_bytes += packed.len();
                cost.part_bytes += part.len();
                cost.largest_part = cost.largest_part.max(part.len());
            }
        }
        Ok(())
    };
    let view = lake.view(None, None)?;
    let begun = Instant::now();
    let files =
        Files { lake: Some(&view), elsewhere: Some(Elsewhere { deliver: &deliver }), ..nothing };
    let answered = measure(document, &files, &Asked::default())?;
    let seconds = begun.elapsed().as_secs_f64();
    let cost = *cost.lock().map_err(|_| "a bucket was not measured")?;
    println!(
        "{}",
        json!({"events": cost.events, "customers": answered.report.customers,
               "seconds_measuring": cost.measuring, "events_a_second": cost.events as f64 / cost.measuring,
               "seconds_adding_up": cost.adding, "seconds_in_all": seconds, "task_bytes": cost.task_bytes,
               "part_bytes": cost.part_bytes, "largest_part": cost.largest_part})
    );
    Ok(())
}
