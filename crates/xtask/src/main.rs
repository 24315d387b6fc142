//! `cargo xtask <chore>`: what the repository needs done that is no part of the program.

mod demo_data;
mod web;

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "usage: cargo xtask <chore>

chores:
  demo-data [--out DIR] [--twin]   write the generated examples (default: into examples/);
                                   --twin writes them without their planted defects and needs --out
  web                              build the pages into web/dist, which the program takes in when it is built next
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(done) => {
            let shown = std::io::stdout().write_all(done.as_bytes());
            if shown.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) }
        }
        Err(error) => {
            // Nothing better can be done when standard error is closed as well.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Does the chore and gives the lines that say what was done.
fn run(arguments: &[String]) -> Result<String> {
    match arguments.split_first() {
        Some((chore, rest)) if chore == "demo-data" => demo_data::run(rest),
        Some((chore, rest)) if chore == "web" => web::run(rest),
        Some((chore, _)) if ["help", "--help", "-h"].contains(&chore.as_str()) => {
            Ok(USAGE.to_owned())
        }
        Some((chore, _)) => bail!("no chore is called `{chore}`\n\n{USAGE}"),
        None => bail!("name a chore\n\n{USAGE}"),
    }
}
