//! The real `footpath serve`, begun and ended as often as a trial asks.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use engine::lake::{DataFolder, Place};
use store::{ApiKey, Deed};

use crate::now;

/// The workspace that a trial sends to.
pub(crate) const WORKSPACE: &str = "main";

/// A key that collects, and the SHA-256 of it, by which the server knows it.
const KEY: &str = "fp_chaos";
const KEY_HASH: &str = "7f916d2163503fe9e54dee1408a43810037c9e12ff5beac4d282ebf02661a3d4";

/// The header that carries the key.
pub(crate) fn authorization() -> String {
    format!("authorization: Bearer {KEY}\r\n")
}

/// Where a server keeps its things.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    pub(crate) data: PathBuf,
    pub(crate) database: Option<String>,
    /// `name=value`.
    pub(crate) settings: Vec<String>,
}

impl Home {
    pub(crate) fn new(data: &Path, database: Option<String>) -> Self {
        Self { data: data.to_owned(), database, settings: Vec::new() }
    }

    pub(crate) fn with(mut self, setting: &str) -> Self {
        self.settings.push(setting.to_owned());
        self
    }

    pub(crate) fn place(&self) -> Place {
        Place {
            database: self.database.clone(),
            workspace: WORKSPACE.to_owned(),
            ..Place::folder(&self.data, now)
        }
    }

    /// Makes the folder, with the key that the trial sends.
    pub(crate) fn make(&self) -> anyhow::Result<()> {
        let folder = DataFolder::open(&self.place())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let workspace = folder.store().workspace(WORKSPACE, now()).await?;
            let key = ApiKey {
                id: "chaos".to_owned(),
                name: "of a trial".to_owned(),
                prefix: KEY.to_owned(),
                scopes: vec!["collect".to_owned()],
                created_by: "system".to_owned(),
                created_at: now(),
                used_at: None,
                ended_at: None,
            };
            let deed = Deed {
                actor: "system".to_owned(),
                at: now(),
                origin: String::new(),
                request: String::new(),
            };
            workspace.create_key(&key, KEY_HASH, &deed).await
        })?;
        Ok(())
    }
}

/// A server that runs.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
}

/// What else a server talks about is no news.
fn is_trouble(line: &str) -> bool {
    ["error", "ERROR", "panicked"].iter().any(|word| line.contains(word))
}

/// How long a server may take to listen.
const BEGINNING: Duration = Duration::from_secs(60);

impl Server {
    /// Begins the program that lies beside this one.
    pub(crate) fn begin(home: &Home) -> anyhow::Result<Self> {
        let program = std::env::current_exe()?.with_file_name("footpath");
        let mut command = Command::new(&program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--set", "log=error", "--data"]);
        command.arg(&home.data);
        if let Some(database) = &home.database {
            command.args(["--database", database]);
        }
        for setting in &home.settings {
            command.args(["--set", setting]);
        }
        let begun =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut process =
            begun.with_context(|| format!("{} cannot be begun", program.display()))?;
        let talk = process.stderr.take().context("no talk")?;
        let (sender, heard) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(talk).lines().map_while(Result::ok) {
                match line.split_once(" on http://") {
                    Some((_, address)) => drop(sender.send(address.trim().to_owned())),
                    None if is_trouble(&line) => {
                        drop(writeln!(std::io::stderr(), "server: {line}"))
                    }
                    None => {}
                }
            }
        });
        let address = heard.recv_timeout(BEGINNING).context("the server does not listen")?;
        Ok(Self { process, address: address.parse()? })
    }

    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Asks it to stop; how it ended, and after how long.
    pub(crate) fn stop(&mut self) -> anyhow::Result<(ExitStatus, Duration)> {
        let since = Instant::now();
        let id = self.process.id().to_string();
        anyhow::ensure!(Command::new("kill").args(["-TERM", &id]).status()?.success(), "no kill");
        Ok((self.process.wait()?, since.elapsed()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Gone already, as a rule.
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}
