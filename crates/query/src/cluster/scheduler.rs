//! `footpath scheduler`: shares tasks out among executors. It reads no events.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use ballista_core::utils::default_session_builder;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use datafusion::execution::FunctionRegistry;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use engine::Error;

use super::{MESSAGE_BYTES, failed, function, runtime};

/// Where a scheduler listens.
#[derive(Debug, Clone)]
pub struct Scheduler {
    /// Address and port; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The name by which executors reach it.
    pub host: String,
    /// Seconds without a word after which an executor counts as dead, and its tasks go to others.
    pub patience: u64,
}

/// Schedules until the process ends; says where it listens as soon as it does.
pub fn schedule(scheduler: &Scheduler, on_listening: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    let listening = |cause| Error::world(format!("listening on {}", scheduler.listen), cause);
    let listener = TcpListener::bind(scheduler.listen).map_err(listening)?;
    listener.set_nonblocking(true).map_err(listening)?;
    let address = listener.local_addr().map_err(listening)?;
    let builder = Arc::new(|config| {
        let mut state = default_session_builder(config)?;
        state.register_udf(Arc::new(function::named()))?;
        Ok(state)
    });
    let config = Arc::new(SchedulerConfig {
        external_host: scheduler.host.clone(),
        bind_host: address.ip().to_string(),
        bind_port: address.port(),
        grpc_server_max_decoding_message_size: MESSAGE_BYTES,
        grpc_server_max_encoding_message_size: MESSAGE_BYTES,
        grpc_client_max_message_size: MESSAGE_BYTES,
        executor_timeout_seconds: scheduler.patience,
        no_executors_grace_period_seconds: scheduler.patience,
        expire_dead_executor_interval_seconds: (scheduler.patience / 4).max(1),
        override_session_builder: Some(builder),
        ..SchedulerConfig::default()
    });
    runtime()?.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).map_err(listening)?;
        let failed = |cause: &dyn std::fmt::Display| failed("the scheduler", cause);
        let cluster =
            BallistaCluster::new_from_config(&config).await.map_err(|cause| failed(&cause))?;
        let server = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, config)
            .await
            .map_err(|cause| failed(&cause))?;
        on_listening(address);
        start_grpc_service_with_listener(listener, server).await.map_err(|cause| failed(&cause))
    })
}
