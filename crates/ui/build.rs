//! Says which folder goes into the binary: what `cargo xtask web` built, or the page that says how to build it.
//!
//! It never runs npm, and asks no network: without Node the program is built all the same.

use std::env::var_os;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = match var_os("UI_DIST") {
        Some(folder) => PathBuf::from(folder),
        None => here.join("../../web/dist"),
    };
    let is_built = built.join("index.html").is_file();
    let folder = if is_built { built } else { here.join("fallback") };
    let mut out = stdout().lock();
    writeln!(out, "cargo::rustc-env=UI_FOLDER={}", folder.display())?;
    writeln!(out, "cargo::rerun-if-env-changed=UI_DIST")?;
    writeln!(out, "cargo::rerun-if-changed=build.rs")?;
    // A folder that is not there would have everything built anew each time; `cargo xtask web` writes build.rs again.
    writeln!(out, "cargo::rerun-if-changed={}", folder.display())?;
    if !is_built {
        writeln!(
            out,
            "cargo::warning=the pages are not built: `cargo xtask web` builds them; until then a page that says so stands in for them"
        )?;
    }
    Ok(())
}
