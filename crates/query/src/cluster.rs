//! Buckets measured on several machines: Ballista's scheduler and executors with one function of ours.
//!
//! The unit of work is a bucket. Whoever asks makes a task of each bucket and a plan of one row for each task, in which the
//! function [`function::NAME`] is called on the task; the scheduler gives each row to an executor that has room, the
//! function walks the bucket's files there, and what comes back is the bucket's part of the report. No operator of ours has
//! to be understood by the scheduler, and a task that is done twice gives the same bytes twice.

mod client;
mod executor;
mod function;
mod scheduler;

pub use client::deliver;
pub use executor::{Executor, execute};
pub use function::Say;
pub use scheduler::{Scheduler, schedule};

/// Tasks and plans go through gRPC, which wants to know how large a message may be. A task holds the tail of its bucket.
const MESSAGE_BYTES: u32 = 1 << 30;

/// Executors say that they are there, every so many seconds.
const HEARTBEAT_SECONDS: u64 = 2;

/// A failure of the cluster in a sentence.
fn failed(doing: &str, cause: &dyn std::fmt::Display) -> engine::Error {
    engine::Error::caller(format!("{doing}: {cause}"))
}

fn runtime() -> Result<tokio::runtime::Runtime, engine::Error> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| engine::Error::world("starting threads for the cluster", cause))
}
