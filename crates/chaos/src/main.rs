//! Breaks a lake on purpose, again and again, and counts what was lost or doubled.
//!
//!     cargo run --release -p footpath-chaos -- kills --kills 200
//!
//! Every trial starts this program a second time as the victim: it stores what it is sent, acknowledges it, and flushes,
//! compacts and erases all the while, until it is killed at a random moment. Whatever was acknowledged must be there once
//! in the end, and nothing that was never sent.

mod kills;
mod random;
mod victim;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "footpath-chaos",
    about = "Break a lake on purpose, and count what was lost or doubled"
)]
struct Arguments {
    #[command(subcommand)]
    trial: Trial,
}

#[derive(Debug, Subcommand)]
enum Trial {
    /// Kill the process that stores events, on SQLite and on PostgreSQL.
    Kills {
        /// How often, on each database.
        #[arg(long, default_value_t = 200)]
        kills: u32,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// The process that is killed.
    #[command(hide = true)]
    Victim {
        #[arg(long)]
        data: PathBuf,
        #[arg(long)]
        database: Option<String>,
        #[arg(long)]
        seed: u64,
    },
}

/// µs since 1970, UTC.
#[expect(clippy::disallowed_methods, reason = "the clock of this program")]
fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().trial {
        Trial::Kills { kills, seed } => {
            let sound = kills::on_both(kills, seed)?;
            Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Trial::Victim { data, database, seed } => {
            victim::run(data, database, seed)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
