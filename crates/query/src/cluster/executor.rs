//! `footpath executor`: measures the buckets that the scheduler gives it.

use std::fmt;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ballista_core::registry::BallistaFunctionRegistry;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use engine::Error;
use engine::lake::disk::Disk;
use tokio::time::interval;

use super::function::{NAME, Place, Say, working};
use super::{HEARTBEAT_SECONDS, MESSAGE_BYTES, failed, runtime};

/// What an executor works with.
pub struct Executor {
    /// Host and port of the scheduler.
    pub scheduler: (String, u16),
    /// Where it listens: for results to be fetched, and for tasks. Port 0 takes any that is free.
    pub listen: IpAddr,
    pub ports: [u16; 2],
    /// The name by which others reach it.
    pub host: String,
    /// Buckets measured at the same time.
    pub cores: usize,
    /// Parts wait here until they are fetched.
    pub work: PathBuf,
    /// The lake's files.
    pub disk: Arc<dyn Disk>,
    pub say: Say,
}

/// How often somebody looks whether the scheduler has answered.
const GLANCE: Duration = Duration::from_millis(50);

/// Works until the process is asked to end.
pub fn execute(executor: Executor) -> Result<(), Error> {
    let [port, grpc_port] = executor.ports.map(|port| free(SocketAddr::new(executor.listen, port)));
    let (port, grpc_port) = (port?, grpc_port?);
    let mut functions = BallistaFunctionRegistry::default();
    let place = Place { disk: Arc::clone(&executor.disk), say: Arc::clone(&executor.say) };
    functions.scalar_functions.insert(NAME.to_owned(), Arc::new(working(place)));
    let config = ExecutorProcessConfig {
        bind_host: executor.listen.to_string(),
        external_host: Some(executor.host.clone()),
        port,
        grpc_port,
        scheduler_host: executor.scheduler.0.clone(),
        scheduler_port: executor.scheduler.1,
        vcores: executor.cores,
        work_dir: Some(executor.work.to_string_lossy().into_owned()),
        grpc_max_decoding_message_size: MESSAGE_BYTES,
        grpc_max_encoding_message_size: MESSAGE_BYTES,
        executor_heartbeat_interval_seconds: HEARTBEAT_SECONDS,
        override_function_registry: Some(Arc::new(functions)),
        ..ExecutorProcessConfig::default()
    };
    let (host, port) = &executor.scheduler;
    let (health, say) = (config.health.clone(), Arc::clone(&executor.say));
    let works = format!("executor: works for df://{host}:{port}");
    let ended = runtime()?.block_on(async {
        tokio::spawn(async move {
            let mut glances = interval(GLANCE);
            while !health.is_ready() {
                glances.tick().await;
            }
            say(&works);
        });
        start_executor_process(Arc::new(config)).await
    });
    ended
        .map_err(|cause| failed(&format!("the executor of the scheduler at {host}:{port}"), &cause))
}

/// The port, or one that nobody listens on at the moment.
fn free(address: SocketAddr) -> Result<u16, Error> {
    let listener = TcpListener::bind(address)
        .and_then(|listener| listener.local_addr())
        .map_err(|cause| Error::world(format!("listening on {address}"), cause))?;
    Ok(listener.port())
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").field("scheduler", &self.scheduler).finish_non_exhaustive()
    }
}
