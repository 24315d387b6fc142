//! `footpath executor`: a process of a cluster that measures.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

use anyhow::{Context, bail};
use engine::lake::disk::Folder;
use query::cluster::{Executor as Work, execute};

use crate::Answer;
use crate::output::talk;

/// Measure the buckets that a scheduler gives out.
#[derive(Debug, clap::Args)]
pub(crate) struct Executor {
    /// The scheduler, such as `df://10.0.0.1:50050`.
    #[arg(long, value_name = "URL")]
    scheduler: String,
    /// The data folder, as this machine sees it.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// Buckets measured at the same time; as many as there are cores when left out.
    #[arg(long, value_name = "N")]
    cores: Option<usize>,
    /// Address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// Ports to listen on, for results and for tasks; 0 takes one that is free.
    #[arg(long, num_args = 2, value_names = ["RESULTS", "TASKS"], default_values_t = [0, 0])]
    ports: Vec<u16>,
    /// The name by which others reach this machine; the address when left out.
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
    /// Where results wait until they are fetched; a temporary folder when left out.
    #[arg(long, value_name = "FOLDER")]
    work: Option<PathBuf>,
}

impl Executor {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        if !self.data.is_dir() {
            bail!("{}: there is no such data folder on this machine", self.data.display());
        }
        let temporary = tempfile::tempdir().context("make a temporary folder")?;
        let cores = self.cores.or_else(|| available_parallelism().ok().map(usize::from));
        let [results, tasks] = self.ports[..] else { bail!("--ports: give two ports") };
        execute(Work {
            scheduler: scheduler(&self.scheduler)?,
            listen: self.listen,
            ports: [results, tasks],
            host: self.host.unwrap_or_else(|| self.listen.to_string()),
            cores: cores.unwrap_or(1).max(1),
            work: self.work.unwrap_or_else(|| temporary.path().to_owned()),
            disk: Arc::new(Folder::new(&self.data)),
            say: Arc::new(talk),
        })?;
        Ok(Answer::Yes)
    }
}

/// Host and port of `df://host:port`.
fn scheduler(url: &str) -> anyhow::Result<(String, u16)> {
    let place = url.split_once("://").map_or(url, |(_, place)| place).trim_end_matches('/');
    let parts = place.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    let (host, port) =
        parts.filter(|(host, _)| !host.is_empty()).with_context(|| {
            format!("--scheduler {url}: write the address that the scheduler says, such as `df://10.0.0.1:50050`")
        })?;
    Ok((host.to_owned(), port))
}
