//! `footpath`: the designed journey, the walked path and what customers tell, held against each other.

mod bad_rows;
mod clock;
mod commands;
mod document;
mod elsewhere;
mod environment;
mod on_cluster;
mod output;
mod population;
mod sources;
mod watching;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Measure a designed customer journey against what customers walk and tell.
#[derive(Debug, Parser)]
#[command(
    name = "footpath",
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 yes; 1 a valid no (`check`: not valid, `--fail-on-defect`: a defect); 2 failure."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(commands::check::Check),
    Diff(commands::diff::Diff),
    Measure(Box<commands::measure::Measure>),
    Discover(commands::discover::Discover),
    Import(commands::import::Import),
    Erase(commands::erase::Erase),
    Export(commands::export::Export),
    Verify(commands::verify::Verify),
    Publish(commands::publish::Publish),
    Timeline(commands::timeline::Timeline),
    Words(commands::words::Words),
    #[cfg(feature = "sql")]
    Sql(commands::sql::Sql),
    /// Ask a data folder in SQL (not in this build).
    #[cfg(not(feature = "sql"))]
    Sql(commands::left_out::LeftOut),
    #[cfg(feature = "cluster")]
    Scheduler(commands::scheduler::Scheduler),
    /// Share out measuring among executors (not in this build).
    #[cfg(not(feature = "cluster"))]
    Scheduler(commands::left_out::LeftOut),
    #[cfg(feature = "cluster")]
    Executor(commands::executor::Executor),
    /// Measure what a scheduler gives out (not in this build).
    #[cfg(not(feature = "cluster"))]
    Executor(commands::left_out::LeftOut),
    Serve(commands::serve::Serve),
    Backup(commands::backup::Backup),
    Restore(commands::restore::Restore),
    Audit(commands::audit::Audit),
    User(commands::user::User),
    Token(commands::token::Token),
    Config(commands::config::Config),
    Openapi(commands::openapi::Openapi),
    Demo(commands::demo::Demo),
    Completions(commands::completions::Completions),
}

/// Whether the answer is a yes; a failure is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    /// A valid no: a document has problems, a standard is defective under `--fail-on-defect`.
    No,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let answer = match arguments.command {
        Command::Check(command) => command.run(),
        Command::Diff(command) => command.run(),
        Command::Measure(command) => command.run(),
        Command::Discover(command) => command.run(),
        Command::Import(command) => command.run(),
        Command::Erase(command) => command.run(),
        Command::Export(command) => command.run(),
        Command::Verify(command) => command.run(),
        Command::Publish(command) => command.run(),
        Command::Timeline(command) => command.run(),
        Command::Words(command) => command.run(),
        #[cfg(feature = "sql")]
        Command::Sql(command) => command.run(),
        #[cfg(not(feature = "sql"))]
        Command::Sql(command) => command.run("sql"),
        #[cfg(feature = "cluster")]
        Command::Scheduler(command) => command.run(),
        #[cfg(not(feature = "cluster"))]
        Command::Scheduler(command) => command.run("scheduler"),
        #[cfg(feature = "cluster")]
        Command::Executor(command) => command.run(),
        #[cfg(not(feature = "cluster"))]
        Command::Executor(command) => command.run("executor"),
        Command::Serve(command) => command.run(),
        Command::Backup(command) => command.run(),
        Command::Restore(command) => command.run(),
        Command::Audit(command) => command.run(),
        Command::User(command) => command.run(),
        Command::Token(command) => command.run(),
        Command::Config(command) => command.run(),
        Command::Openapi(command) => command.run(),
        Command::Demo(command) => command.run(),
        Command::Completions(command) => command.run(&mut Arguments::command()),
    };
    match answer {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(error) => {
            match error.downcast_ref() {
                Some(engine::Error::Interrupted) => watching::say_interrupted(),
                _ => output::talk(&format!("error: {error:#}")),
            }
            ExitCode::from(2)
        }
    }
}
