//! `footpath executor`: a process of a cluster that measures.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

use anyhow::{Context, bail};
use engine::lake::disk::{Disk, Objects};
use query::cluster::{Executor as Work, execute};

use crate::elsewhere::Elsewhere;
use crate::output::talk;
use crate::{Answer, environment};

/// Measure the buckets that a scheduler gives out.
#[derive(Debug, clap::Args)]
pub(crate) struct Executor {
    /// The scheduler, such as `df://10.0.0.1:50050`.
    #[arg(long, value_name = "URL")]
    scheduler: String,
    /// The data folder, as this machine sees it.
    #[arg(
        long,
        value_name = "FOLDER",
        required_unless_present = "files",
        conflicts_with = "files"
    )]
    data: Option<PathBuf>,
    /// The object store in which the data folder keeps its files: `s3://bucket/prefix`, reached as `AWS_ENDPOINT_URL`,
    /// `AWS_ACCESS_KEY_ID` and so on say.
    #[arg(long, value_name = "S3")]
    files: Option<String>,
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
        let disk = self.disk()?;
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
            disk,
            say: Arc::new(talk),
        })?;
        Ok(Answer::Yes)
    }
}

impl Executor {
    /// Where the files are.
    fn disk(&self) -> anyhow::Result<Arc<dyn Disk>> {
        match (&self.data, &self.files) {
            (_, Some(address)) => Ok(Arc::new(Objects::new(address, &environment::access())?)),
            (Some(data), None) if data.is_dir() => Ok(Elsewhere::default().place(data).disk()?),
            (Some(data), None) => {
                bail!("{}: there is no such data folder on this machine", data.display())
            }
            (None, None) => bail!("say with --data or --files where the events are"),
        }
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
