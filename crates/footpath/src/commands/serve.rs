//! `footpath serve`: the server.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use engine::lake::Place;
use server::{App, Config, Desk, Settings, begin_log, set_up_link};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::output::talk;
use crate::{Answer, clock, environment};

/// Serve a data folder: journeys, events in, measures out. Works at once on an empty folder.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    chosen: Chosen,
}

/// Settings from the command line; any other is in `footpath.toml` or `FOOTPATH_…`.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Chosen {
    /// A file of settings; `footpath.toml` in the data folder when left out.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: Option<String>,
    /// `postgres://…`, instead of a SQLite file in the data folder.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// `s3://bucket/prefix`: where files of events lie.
    #[arg(long, value_name = "URL")]
    files: Option<String>,
    /// Where to listen, such as `0.0.0.0:7070`.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Any setting, as `name=value`.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as name=value")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Chosen {
    /// What holds when everything is laid over each other.
    pub(crate) fn resolve(&self) -> anyhow::Result<server::Effective> {
        let named = [
            ("data", &self.data),
            ("database", &self.database),
            ("files", &self.files),
            ("listen", &self.listen),
        ];
        let named = named
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.as_ref()?.clone())));
        let settings = Settings {
            environment: environment::settings(),
            flags: self.set.iter().cloned().chain(named).collect(),
        };
        settings.resolve(self.config.as_deref()).map_err(anyhow::Error::msg)
    }
}

impl Chosen {
    /// Does something about people in the data folder, which no server may hold meanwhile.
    pub(crate) fn at_desk(
        &self,
        work: impl AsyncFnOnce(Desk<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let config = self.resolve()?.config;
        let runtime = runtime()?;
        let app = App::open(config.clone(), &place(&config), Arc::clone(&runtime))?;
        let done = runtime.block_on(work(Desk::new(&app)));
        drop(app);
        done
    }
}

/// Where the settings say that the data is.
pub(crate) fn place(config: &Config) -> Place {
    Place {
        database: config.database.clone(),
        files: config.files.clone(),
        access: environment::access(),
        ..Place::folder(&config.data, clock::now)
    }
}

/// Threads that wait for disk, database and network.
pub(crate) fn runtime() -> anyhow::Result<Arc<Runtime>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    Ok(Arc::new(runtime.context("starting threads")?))
}

impl Serve {
    pub(crate) fn run(self) -> anyhow::Result<Answer> {
        serve_folder(self.chosen.resolve()?.config)
    }
}

/// Serves a data folder until Ctrl-C or SIGTERM.
pub(crate) fn serve_folder(config: Config) -> anyhow::Result<Answer> {
    begin_log(&config.log, config.log_json, std::io::stderr).map_err(anyhow::Error::msg)?;
    let runtime = runtime()?;
    let listener = runtime.block_on(TcpListener::bind(config.listen)).with_context(|| {
        format!("cannot listen on {}; choose another address with --listen", config.listen)
    })?;
    // Port 0 is any that is free.
    let config = Config { listen: listener.local_addr()?, ..config };
    let app = App::open(config.clone(), &place(&config), Arc::clone(&runtime))?;
    let served = runtime.block_on(async {
        let (data, address) = (config.data.display(), config.listen);
        talk(&format!("footpath serves {data} on http://{address}"));
        if let Some(link) = set_up_link(&app).await? {
            talk(&format!(
                "nobody is here yet; make the first user within 24 hours at\n    {link}"
            ));
        }
        server::serve(&app, listener, stop()?).await?;
        anyhow::Ok(())
    });
    drop(app);
    served?;
    talk("stopped; nothing was lost");
    Ok(Answer::Yes)
}

/// Comes with Ctrl-C or SIGTERM.
fn stop() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt()).context("listening for Ctrl-C")?,
        signal(SignalKind::terminate()).context("listening for SIGTERM")?,
    );
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
