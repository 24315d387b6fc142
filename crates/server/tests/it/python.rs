//! Python with the packages of others, who check what we send.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An interpreter with these packages; it is said when there is none.
pub(crate) fn with(name: &str, packages: &[&str]) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("python-{name}"));
    let python = folder.join("bin/python");
    let is_ready = folder.join("ready");
    if is_ready.exists() {
        return Some(python);
    }
    let run = |command: &mut Command| -> Result<(), String> {
        let output = command.output().map_err(|cause| cause.to_string())?;
        output.status.success().then_some(()).ok_or_else(|| {
            String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned()
        })
    };
    let made = run(Command::new("python3").args(["-m", "venv"]).arg(&folder)).and_then(|()| {
        run(Command::new(folder.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check"])
            .args(packages))
    });
    match made {
        Ok(()) => {
            std::fs::write(&is_ready, "").unwrap();
            Some(python)
        }
        Err(why) => {
            eprintln!("not tested with {packages:?}: {why}");
            None
        }
    }
}

/// Runs a program with arguments.
pub(crate) fn run(python: &Path, program: &str, arguments: &[&str]) -> Output {
    Command::new(python).args(["-c", program]).args(arguments).output().unwrap()
}
