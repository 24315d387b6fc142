//! Results go to standard output or whole into a file; talk goes to standard error.

use std::fs::{self, File};
#[cfg(feature = "sql")]
use std::io::Seek as _;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};

/// Says something to the person at the terminal; that nobody listens is no failure.
pub(crate) fn talk(text: &str) {
    let _nobody_listens = writeln!(io::stderr(), "{text}");
}

/// `1 row`, `2 rows`.
pub(crate) fn count(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// Writes a result: to standard output, or to a file that appears whole or not at all.
pub(crate) fn write(text: &str, file: Option<&Path>) -> anyhow::Result<()> {
    match file {
        None => print(text.as_bytes()),
        Some(path) => match Target::of(path)? {
            Target::Stream => fs::write(path, text),
            Target::File(path) => replace(&path, |file| file.write_all(text.as_bytes())),
        }
        .map_err(|cause| cannot_write(path, &cause)),
    }
}

/// Copies a result that is whole from a temporary file to where [`write`] would write it.
#[cfg(feature = "sql")]
pub(crate) fn copy(mut from: &File, to: Option<&Path>) -> anyhow::Result<()> {
    let mut copy = |out: &mut dyn Write| {
        from.rewind()?;
        io::copy(&mut from, out).map(|_| ())
    };
    let Some(path) = to else {
        let mut out = io::stdout().lock();
        return content(copy(&mut out).and_then(|()| out.flush()));
    };
    match Target::of(path)? {
        Target::Stream => File::options().write(true).open(path).and_then(|mut out| copy(&mut out)),
        Target::File(path) => replace(&path, |file| copy(file)),
    }
    .map_err(|cause| cannot_write(path, &cause))
}

fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    content(out.write_all(bytes).and_then(|()| out.flush()))
}

/// A reader such as `head` that has seen enough is content.
fn content(written: io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("write to standard output"),
    }
}

/// Refuses a file that could not be written, before the work that it is for.
pub(crate) fn check(path: &Path) -> anyhow::Result<()> {
    match Target::of(path)? {
        Target::Stream => Ok(()),
        // What is made here is gone at the end of the line.
        Target::File(file) => tempfile::tempfile_in(folder_of(&file))
            .map(|_| ())
            .map_err(|cause| cannot_write(path, &cause)),
    }
}

/// What a path names.
pub(crate) enum Target {
    /// A device or a pipe, such as `/dev/null`: there is nothing to replace, and replacing it would break the machine.
    Stream,
    /// A file that is there or will be, at the end of all links.
    File(PathBuf),
}

impl Target {
    pub(crate) fn of(path: &Path) -> anyhow::Result<Self> {
        let folder = folder_of(path);
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => {
                bail!("cannot write {}: it is a folder; name a file in it", path.display())
            }
            Ok(there) if there.is_file() => {
                Ok(Self::File(path.canonicalize().unwrap_or_else(|_| path.to_owned())))
            }
            Ok(_) => Ok(Self::Stream),
            Err(_) if !folder.is_dir() => {
                bail!(
                    "cannot write {}: there is no folder {}; make it first",
                    path.display(),
                    folder.display()
                )
            }
            Err(_) => Ok(Self::File(path.to_owned())),
        }
    }
}

/// Under a temporary name beside it, onto the disk, and only then under its own.
fn replace(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let folder = folder_of(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".footpath-");
    // Temporary files are for their owner alone; a report is as readable as any other new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut temporary = builder.tempfile_in(folder)?;
    fill(temporary.as_file_mut())?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|failed| failed.error)?;
    File::open(folder)?.sync_all()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn cannot_write(path: &Path, cause: &io::Error) -> anyhow::Error {
    let why = match cause.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            format!("you may not write into the folder {}", folder_of(path).display())
        }
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => cause.to_string(),
    };
    anyhow!("cannot write {}: {why}", path.display())
}

/// Whether somebody is watching.
pub(crate) fn is_watched() -> bool {
    io::stderr().is_terminal()
}
