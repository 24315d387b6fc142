//! `footpath scheduler`: the process of a cluster that shares tasks out.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use query::cluster::{Scheduler as Place, schedule};

use crate::Answer;
use crate::output::talk;

/// Share out the measuring of buckets among executors.
///
/// It reads no events and keeps nothing: when it ends, whoever asked asks again. Whoever reaches its port may have anything
/// measured, and so may read the data: keep it in a network that you trust.
#[derive(Debug, clap::Args)]
pub(crate) struct Scheduler {
    /// Address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// Port to listen on; 0 takes one that is free.
    #[arg(long, value_name = "PORT", default_value_t = 50050)]
    port: u16,
    /// The name by which executors reach this machine; the address when left out.
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
    /// Seconds without a word after which an executor counts as dead and its buckets go to others.
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(5..))]
    patience: u64,
}

impl Scheduler {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        let place = Place {
            listen: SocketAddr::new(self.listen, self.port),
            host: self.host.unwrap_or_else(|| self.listen.to_string()),
            patience: self.patience,
        };
        schedule(&place, |address| talk(&format!("scheduler: df://{address}")))?;
        Ok(Answer::Yes)
    }
}
