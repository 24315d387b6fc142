//! Results go to standard output or whole into a file; talk goes to standard error.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::Context;

/// Says something to the person at the terminal; that nobody listens is no failure.
pub(crate) fn talk(text: &str) {
    let _nobody_listens = writeln!(io::stderr(), "{text}");
}

/// Writes a result: to standard output, or to a file that appears whole or not at all.
pub(crate) fn write(text: &str, file: Option<&Path>) -> anyhow::Result<()> {
    let Some(path) = file else {
        let mut out = io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        // A reader such as `head` that has seen enough is content.
        return match written {
            Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.context("write to standard output"),
        };
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary = tempfile::Builder::new().prefix(".footpath-").tempfile_in(folder);
    let mut temporary = temporary.with_context(|| format!("write {}", path.display()))?;
    temporary.write_all(text.as_bytes()).with_context(|| format!("write {}", path.display()))?;
    temporary.as_file().sync_all().with_context(|| format!("write {}", path.display()))?;
    readable(temporary.as_file()).with_context(|| format!("write {}", path.display()))?;
    temporary.persist(path).map_err(|failed| failed.error).with_context(|| format!("write {}", path.display()))?;
    Ok(())
}

/// Temporary files are for their owner alone; a report is as readable as any other new file.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_file: &std::fs::File) -> io::Result<()> {
    Ok(())
}

/// Whether somebody is watching.
pub(crate) fn is_watched() -> bool {
    io::stderr().is_terminal()
}
