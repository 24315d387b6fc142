//! `cargo xtask web`: builds the pages into web/dist, from where the program takes them in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The oldest Node that the tools of the pages run on.
const NODE: (u32, u32) = (20, 19);

/// Installs what the lock file names, builds, and says what came out.
pub(crate) fn run(arguments: &[String]) -> Result<String> {
    if let Some(other) = arguments.first() {
        bail!("web takes no arguments, not `{other}`");
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let root = root.context("find the folder of the workspace")?;
    let version = node()?;
    let web = root.join("web");
    npm(&web, &["ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
    npm(&web, &["run", "build", "--silent"])?;
    let dist = web.join("dist");
    if !dist.join("index.html").is_file() {
        bail!("{}: the build wrote no index.html", dist.display());
    }
    look_again(&root.join("crates/ui/build.rs"))?;
    Ok(format!("built {} with Node {version}; build the program to take it in\n", dist.display()))
}

/// The version of Node that is here, if it is new enough.
fn node() -> Result<String> {
    let told = Command::new("node").arg("--version").output().context(
        "run node: the pages are built with it; install Node 20.19 or later, or take a release, which has the pages inside",
    )?;
    let version = String::from_utf8_lossy(&told.stdout).trim().trim_start_matches('v').to_owned();
    if !is_new_enough(&version) {
        let (major, minor) = NODE;
        bail!(
            "Node {version} is too old for the tools of the pages: install {major}.{minor} or later"
        );
    }
    Ok(version)
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().ok());
    let found = (numbers.next().flatten(), numbers.next().flatten());
    matches!(found, (Some(major), Some(minor)) if (major, minor) >= NODE)
}

fn npm(folder: &Path, arguments: &[&str]) -> Result<()> {
    let told = arguments.join(" ");
    let status = Command::new("npm").args(arguments).current_dir(folder).status();
    let status = status.with_context(|| format!("run npm {told} in {}", folder.display()))?;
    if !status.success() {
        bail!("npm {told} failed in {}; its own words stand above", folder.display());
    }
    Ok(())
}

/// Cargo looks at the folder of the pages again when this file was written since.
fn look_again(script: &PathBuf) -> Result<()> {
    let text = fs::read(script).with_context(|| format!("read {}", script.display()))?;
    fs::write(script, text).with_context(|| format!("write {}", script.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_node_is_told_apart() {
        let check = |version: &str, expected: bool| {
            assert_eq!(is_new_enough(version), expected, "{version}");
        };
        check("20.19.0", true);
        check("20.20.2", true);
        check("22.1.0", true);
        check("20.18.3", false);
        check("18.20.0", false);
        check("", false);
        check("nonsense", false);
    }

    #[test]
    fn it_takes_no_arguments() {
        let error = run(&["--release".to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), "web takes no arguments, not `--release`");
    }
}
