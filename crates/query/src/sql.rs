//! Questions in SQL over a lake's tables: they can be read and nothing else, within limits of memory, disk, time and rows.

mod failure;
mod form;
mod refused;
mod source;

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use engine::Error;
use engine::import::Watch;
use engine::lake::Tables;
use futures::StreamExt;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{interval, timeout};

pub use self::form::Form;
use self::form::Writer;

/// What one question may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of memory for sorting, grouping and joining; beyond them what can be goes to the disk.
    pub memory: usize,
    /// Bytes of temporary files.
    pub disk: u64,
    pub time: Duration,
    /// Rows of the answer.
    pub rows: u64,
}

/// How often somebody looks whether to stop.
const GLANCE: Duration = Duration::from_millis(50);

/// Answers a question; gives back how many rows the answer has.
pub fn ask(
    question: &str,
    tables: Tables,
    limits: &Limits,
    (form, out): (Form, &mut (dyn Write + Send)),
    watch: &Watch,
) -> Result<u64, Error> {
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| Error::world("starting threads for the question", cause))?;
    let tables = Arc::new(tables);
    let answered = runtime.block_on(async {
        tokio::select! {
            answered = timeout(limits.time, answer(question, &tables, limits, (form, out))) => {
                answered.unwrap_or_else(|_| Err(failure::too_slow(limits)))
            }
            stopped = stopped(watch) => Err(stopped),
        }
    });
    // Whoever reads files looks at this, and then the threads are over.
    if answered.is_err() {
        watch.stop();
    }
    Runtime::shutdown_background(runtime);
    answered
}

async fn stopped(watch: &Watch) -> Error {
    let mut glances = interval(GLANCE);
    loop {
        glances.tick().await;
        if let Err(stopped) = watch.check() {
            return stopped;
        }
    }
}

async fn answer(
    question: &str,
    tables: &Arc<Tables>,
    limits: &Limits,
    (form, out): (Form, &mut (dyn Write + Send)),
) -> Result<u64, Error> {
    let told = |cause: DataFusionError| failure::of(&cause, tables, limits);
    let context = context(tables, limits).map_err(told)?;
    let frame = refused::plan(&context, question).await.map_err(told)?;
    let mut rows = 0;
    let mut writer = Writer::new(form, frame.schema().as_arrow(), out)?;
    let mut stream = limited(frame, limits).map_err(told)?.execute_stream().await.map_err(told)?;
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(told)?;
        rows += batch.num_rows() as u64;
        if rows > limits.rows {
            return Err(failure::too_many_rows(limits));
        }
        writer.add(&batch)?;
    }
    writer.finish()?;
    Ok(rows)
}

/// One row more than is allowed, so that too many are seen without all of them being found.
fn limited(frame: DataFrame, limits: &Limits) -> Result<DataFrame, DataFusionError> {
    if refused::explains(frame.logical_plan()) {
        return Ok(frame);
    }
    frame.limit(0, Some(usize::try_from(limits.rows).unwrap_or(usize::MAX).saturating_add(1)))
}

fn context(tables: &Arc<Tables>, limits: &Limits) -> Result<SessionContext, DataFusionError> {
    let disk = DiskManagerBuilder::default()
        .with_mode(DiskManagerMode::OsTmpDirectory)
        .with_max_temp_directory_size(limits.disk);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(limits.memory)))
        .with_disk_manager_builder(disk)
        .build_arc()?;
    let config = SessionConfig::new().with_information_schema(true);
    // What is put aside for merging what was spilled; DataFusion's own number is meant for gigabytes.
    let aside = limits.memory / 16 / config.target_partitions().max(1);
    let aside = aside.min(config.options().execution.sort_spill_reservation_bytes);
    let config = config.with_sort_spill_reservation_bytes(aside);
    let context = SessionContext::new_with_config_rt(config, runtime);
    for table in tables.list() {
        context.register_table(table.name(), Arc::new(source::Source::new(tables, table)))?;
    }
    Ok(context)
}
