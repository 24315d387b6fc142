//! Runs the binary the way a shell does.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// 0 yes, 1 a valid no, 2 failure; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
}

/// Runs `footpath` with these arguments.
pub(crate) fn footpath<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Ran {
    footpath_in(Path::new("."), arguments)
}

/// Runs `footpath` in a folder.
pub(crate) fn footpath_in<A: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> Ran {
    fed(folder, arguments, b"")
}

/// Runs `footpath` in a folder with something on its standard input.
pub(crate) fn fed<A: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = A>,
    input: &[u8],
) -> Ran {
    let mut child = command(arguments).current_dir(folder).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A program that needs no input may be gone before it was given any.
    let _it_did_not_read = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    Ran {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

/// The binary with these arguments and its output in pipes, not yet running.
pub(crate) fn command<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footpath"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Help wraps at the terminal's width, which a test has none of.
    command.env_remove("COLUMNS");
    command
}

/// A folder or file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join(path)
}

/// The path as an argument.
pub(crate) fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
