//! Whoever asks: a plan of one row for each task, and the parts that come back.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::pin::pin;
use std::time::Duration;

use ballista::prelude::{SessionConfigExt, SessionContextExt};
use ballista_core::config::BALLISTA_SCHEDULER_MAX_PARTITIONS_PER_TASK;
use ballista_core::utils::default_session_builder;
use datafusion::arrow::array::AsArray;
use datafusion::common::ScalarValue;
use datafusion::dataframe::DataFrame;
use datafusion::error::{DataFusionError, Result as Planned};
use datafusion::logical_expr::lit;
use datafusion::prelude::{SessionConfig, SessionContext};
use engine::Error;
use engine::import::Watch;
use engine::lake::{OnPart, Task, bucket_of};
use futures::StreamExt;

use super::{MESSAGE_BYTES, failed, function, runtime};

/// So many times in a row nothing may come back before it is a failure.
const ATTEMPTS: usize = 3;

/// After so long without a part whoever asked is told that nothing comes: there may be no executor.
const QUIET: Duration = Duration::from_secs(10);

/// Has every task measured by the cluster at this address, such as `df://localhost:50050`.
///
/// What an executor did not bring, because it died or what it had made is gone, is asked for again. That nothing comes for
/// long is said once.
pub fn deliver(
    address: &str,
    tasks: &[Task],
    (watch, say): (&Watch, &dyn Fn(&str)),
    on_part: &mut OnPart<'_>,
) -> Result<(), Error> {
    let is_quiet = Cell::new(false);
    let say_quiet = || {
        if !is_quiet.replace(true) {
            say(&format!(
                "nothing has come from the cluster at {address} for {} seconds; does a `footpath executor` work for it? \
                 Waiting goes on, Ctrl-C ends it",
                QUIET.as_secs()
            ));
        }
    };
    let mut missing = BTreeMap::new();
    for task in tasks {
        missing.insert(task.bucket(), task.pack()?);
    }
    let runtime = runtime()?;
    let delivered = runtime.block_on(async {
        let mut fruitless = 0;
        while !missing.is_empty() {
            watch.check()?;
            let before = missing.len();
            let failure = tokio::select! {
                run = run(address, &mut missing, (on_part, &say_quiet)) => run?,
                () = stopped(watch) => return Err(Error::Interrupted),
            };
            fruitless = if missing.len() < before { 0 } else { fruitless + 1 };
            if let Some(failure) = failure.filter(|_| fruitless >= ATTEMPTS) {
                return Err(explained(address, &failure));
            }
        }
        Ok(())
    });
    runtime.shutdown_background();
    delivered
}

async fn stopped(watch: &Watch) {
    let mut glances = tokio::time::interval(Duration::from_millis(50));
    while watch.check().is_ok() {
        glances.tick().await;
    }
}

/// Asks once for what is missing; what comes is missing no more. A failure of the cluster is given back, one of ours ends it.
async fn run(
    address: &str,
    missing: &mut BTreeMap<u32, Vec<u8>>,
    (on_part, say_quiet): (&mut OnPart<'_>, &dyn Fn()),
) -> Result<Option<DataFusionError>, Error> {
    let stream = async {
        let context = context(address).await?;
        plan(&context, missing.values())?.execute_stream().await
    };
    let mut stream = match patiently(stream, say_quiet).await {
        Ok(stream) => stream,
        Err(failure) => return Ok(Some(failure)),
    };
    while let Some(batch) = patiently(stream.next(), say_quiet).await {
        let batch = match batch {
            Ok(batch) => batch,
            Err(failure) => return Ok(Some(failure)),
        };
        for part in batch.column(0).as_binary::<i32>().iter().flatten() {
            if missing.remove(&bucket_of(part)?).is_some() {
                on_part(part)?;
            }
        }
    }
    let nothing = || DataFusionError::Execution("not every bucket came back".to_owned());
    Ok((!missing.is_empty()).then(nothing))
}

/// What comes in the end; says so whenever it has not for long.
async fn patiently<T>(coming: impl Future<Output = T>, say_quiet: &dyn Fn()) -> T {
    let mut coming = pin!(coming);
    loop {
        match tokio::time::timeout(QUIET, coming.as_mut()).await {
            Ok(come) => return come,
            Err(_) => say_quiet(),
        }
    }
}

async fn context(address: &str) -> Planned<SessionContext> {
    let config = SessionConfig::new_with_ballista()
        .with_ballista_grpc_client_max_message_size(MESSAGE_BYTES as usize)
        .with_ballista_job_name("footpath measure")
        // There is one stage of known parts: nothing to learn on the way.
        .with_ballista_adaptive_query_planner(false)
        // Whoever is done with a bucket gets the next one.
        .set_usize(BALLISTA_SCHEDULER_MAX_PARTITIONS_PER_TASK, 1);
    let context =
        SessionContext::remote_with_state(address, default_session_builder(config)?).await?;
    context.register_udf(function::named());
    Ok(context)
}

/// `select measure_bucket(task) union all …`: each row is a partition of its own, so that each may run elsewhere.
fn plan<'a>(
    context: &SessionContext,
    tasks: impl Iterator<Item = &'a Vec<u8>>,
) -> Planned<DataFrame> {
    let function = function::named();
    let mut plan: Option<DataFrame> = None;
    for task in tasks {
        let task = lit(ScalarValue::Binary(Some(task.clone())));
        let row = context.read_empty()?.select(vec![function.call(vec![task]).alias("part")])?;
        plan = Some(match plan {
            None => row,
            Some(plan) => plan.union(row)?,
        });
    }
    plan.ok_or_else(|| DataFusionError::Plan("there is nothing to measure".to_owned()))
}

fn explained(address: &str, failure: &DataFusionError) -> Error {
    let said = failure.strip_backtrace();
    let said = said.trim_start_matches("Execution error: ");
    let sentence = sentence(said);
    if said.starts_with("Job ") {
        let measured = format!("the cluster at {address} could not measure");
        let needs = |told| format!("{told} (every executor needs the files of this data folder)");
        return failed(&measured, &sentence.map_or(said.to_owned(), needs));
    }
    let asked = "are `footpath scheduler` and executors of the same version running there?";
    failed(&format!("the cluster at {address} did not answer; {asked}"), &sentence.unwrap_or(said))
}

/// The sentence in the middle of an error that went through other hands.
fn sentence(said: &str) -> Option<&str> {
    let (_, sentence) = said.split_once("message: \"")?;
    sentence.split_once("\" }").map(|(sentence, _)| sentence)
}
