//! What happened, line by line, on standard error. Never what customers or users wrote, and never a secret.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Begins the log; once in a process. `filter` as in [`crate::Config::log`].
pub fn begin<W>(filter: &str, as_json: bool, writer: W) -> Result<(), String>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(filter).map_err(|cause| {
        format!("the setting `log`: {cause}; write `info`, or `info,footpath_server=debug`")
    })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    let begun = if as_json { lines.json().try_init() } else { lines.with_target(false).try_init() };
    begun.map_err(|cause| cause.to_string())
}
