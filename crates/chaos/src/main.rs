//! Breaks a lake on purpose, again and again, and counts what was lost or doubled.
//!
//!     cargo run --release -p footpath-chaos -- kills --kills 200
//!
//! `kills` starts this program a second time as the victim: it stores what it is sent, acknowledges it, and flushes,
//! compacts and erases all the while, until it is killed at a random moment. `power` takes the power away from a simulated
//! disk, `full` fills a small one. Whatever was acknowledged must be there once in the end, and nothing that was never sent.
//! `calls` lets every call to disk and database fail, `changes` changes files, `order` sends events in any order, `second` opens
//! a folder twice, `copies` makes backups of a lake that is written to, `upgrade` kills
//! upgrades of the database, `http` and `stops` end the real server while clients send to it. `ingest` breaks nothing: it tells how many events a second become durable.

mod breaking;
mod calls;
mod changes;
mod client;
mod copies;
mod crowd;
mod events;
mod full;
mod full_server;
mod http;
mod ingest;
mod kills;
mod order;
mod power;
mod random;
mod second;
mod server;
mod upgrade;
mod victim;

use std::io::Write as _;
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
    /// Kill the real server while clients send to it, on SQLite and on PostgreSQL.
    Http {
        /// How often, on each database.
        #[arg(long, default_value_t = 100)]
        kills: u32,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Ask the real server to stop while clients send to it, on SQLite and on PostgreSQL.
    Stops {
        /// How often, on each database.
        #[arg(long, default_value_t = 20)]
        stops: u32,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Ask three times as much of the real server as it can do.
    Overload {
        /// How long.
        #[arg(long, default_value_t = 60.0)]
        seconds: f64,
    },
    /// Tell how many events a second the real server takes.
    Load {
        /// How long each figure is measured.
        #[arg(long, default_value_t = 30.0)]
        seconds: f64,
    },
    /// Fill the small disk of a real server.
    FullServer {
        /// How often.
        #[arg(long, default_value_t = 50)]
        rounds: u32,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Let clients be slow on purpose while others send to the real server.
    Slow {
        /// So many.
        #[arg(long, default_value_t = 1000)]
        clients: usize,
    },
    /// Take the power away from a disk that forgets, tears and reorders what was not synced.
    Power {
        /// How often.
        #[arg(long, default_value_t = 20_000)]
        crashes: u32,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Leave a sync out, to see that its loss is found.
        #[arg(long, value_enum)]
        leave_out: Option<power::LeftOut>,
    },
    /// Fill a small disk while a lake and its database work on it.
    Full {
        /// How often.
        #[arg(long, default_value_t = 50)]
        rounds: u32,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Let the n-th call to the disk, and to PostgreSQL, fail, for every n.
    Calls {
        /// Every so many calls, to be done sooner.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
        step: u64,
    },
    /// Change files, cut them off, exchange them, take them away.
    Changes {
        /// How often.
        #[arg(long, default_value_t = 1000)]
        changes: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Send events in any order, late, again and in pieces.
    Order {
        /// So many sets of events, each into a lake of its own.
        #[arg(long, default_value_t = 10_000)]
        cases: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Open a folder that another process has.
    Second {
        /// How often.
        #[arg(long, default_value_t = 20)]
        times: u32,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Copy a lake while others write to it, and restore the copies.
    Copies {
        /// How often.
        #[arg(long, default_value_t = 20)]
        rounds: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Kill an upgrade of the database at each statement.
    Upgrade {
        /// Every so many statements, to be done sooner.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        step: u32,
    },
    /// Be killed in the middle of an upgrade.
    #[command(hide = true)]
    Upgrading {
        #[arg(long)]
        url: String,
        #[arg(long)]
        step: i64,
        #[arg(long)]
        count: usize,
    },
    /// Tell how many events a second become durable, on SQLite and on PostgreSQL.
    Ingest {
        /// How long each figure is measured.
        #[arg(long, default_value_t = 60.0)]
        seconds: f64,
        /// Clients that send single events.
        #[arg(long, default_value_t = 64)]
        clients: u64,
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

/// A line of results.
fn say(line: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

fn main() -> anyhow::Result<ExitCode> {
    let verdict = |sound| if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    match Arguments::parse().trial {
        Trial::Kills { kills, seed } => Ok(verdict(kills::on_both(kills, seed)?)),
        Trial::Http { kills, seed } => Ok(verdict(http::on_both(http::End::Killed, kills, seed)?)),
        Trial::Stops { stops, seed } => Ok(verdict(http::on_both(http::End::Asked, stops, seed)?)),
        Trial::Overload { seconds } => Ok(verdict(crowd::overload(seconds)?)),
        Trial::Load { seconds } => Ok(verdict(crowd::load(seconds)?)),
        Trial::FullServer { rounds, seed } => {
            Ok(verdict(full_server::run(rounds, seed)?.unwrap_or(true)))
        }
        Trial::Slow { clients } => Ok(verdict(crowd::slow(clients)?)),
        Trial::Power { crashes, seed, leave_out } => {
            Ok(verdict(power::run(crashes, seed, leave_out)?))
        }
        Trial::Full { rounds, seed } => Ok(verdict(full::run(rounds, seed)?.unwrap_or(true))),
        Trial::Calls { step } => Ok(verdict(calls::run(step)?)),
        Trial::Changes { changes, seed } => Ok(verdict(changes::run(changes, seed)?)),
        Trial::Order { cases, seed } => Ok(verdict(order::run(cases, seed)?)),
        Trial::Second { times, seed } => Ok(verdict(second::run(times, seed)?)),
        Trial::Copies { rounds, seed } => Ok(verdict(copies::run(rounds, seed)?)),
        Trial::Upgrade { step } => Ok(verdict(upgrade::run(step as usize)?)),
        Trial::Upgrading { url, step, count } => {
            upgrade::be_victim(&url, step, count)?;
            Ok(ExitCode::SUCCESS)
        }
        Trial::Ingest { seconds, clients } => {
            ingest::run(seconds, clients)?;
            Ok(ExitCode::SUCCESS)
        }
        Trial::Victim { data, database, seed } => {
            victim::run(data, database, seed)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
