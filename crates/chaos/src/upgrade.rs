//! R16: a process that is killed at any statement of an upgrade leaves a database that opens, with everything in it.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::Context as _;
use engine::lake::{DataFolder, Lake, Place};
use store::Store;
use throwaway::{Durability, Postgres};

use crate::events::{self, draw, lost_and_doubled};
use crate::random::Random;
use crate::{now, say};

const EVENTS: u64 = 40;

/// Kills an upgrade at each of its statements, on SQLite and on PostgreSQL; whether nothing was lost.
pub(crate) fn run(every: usize) -> anyhow::Result<bool> {
    let since = Instant::now();
    let server = Postgres::start(Durability::None);
    if let Err(why) = &server {
        say(&format!("not tried on PostgreSQL: {why}"))?;
    }
    let server = server.ok();
    let (mut kills, mut unsound) = (0, 0);
    for (step, statements) in steps() {
        for count in (0..=statements.len()).step_by(every) {
            for server in
                [None, server.as_ref()].into_iter().take(1 + usize::from(server.is_some()))
            {
                let database =
                    server.map(Postgres::database).transpose().map_err(anyhow::Error::msg)?;
                kills += 1;
                unsound += u64::from(!trial(step, count, database)?);
            }
        }
    }
    say(&format!(
        "R16: {kills} upgrades killed, one at each statement of {} steps; {unsound} databases lost something, {:.1} s",
        steps().len(),
        since.elapsed().as_secs_f64()
    ))?;
    Ok(unsound == 0 && kills > 0)
}

/// Steps that a database with something in it can go, and their statements.
fn steps() -> Vec<(i64, Vec<String>)> {
    let steps = store::steps().filter(|(step, _)| *step > 1);
    steps.map(|(step, sql)| (step, statements(sql))).collect()
}

fn statements(sql: &str) -> Vec<String> {
    let lines: Vec<&str> = sql.lines().filter(|line| !line.trim().starts_with("--")).collect();
    let all = lines.join("\n");
    all.split(';').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

fn trial(step: i64, count: usize, database: Option<String>) -> anyhow::Result<bool> {
    let scratch = tempfile::tempdir_in(crate::power::memory())?;
    let place = Place { database, ..Place::folder(&scratch.path().join("data"), now) };
    let made = DataFolder::open_at_step(&place, step - 1)?;
    let lake = made.lake("default")?;
    let mut random = Random::new(step.cast_unsigned());
    let events = draw((0, EVENTS), (5, 90 * 86_400_000_000), &mut random);
    events::append(&lake, None, &events)?;
    drop((lake, made));
    let url = place.database_url();
    let mut victim = Command::new(std::env::current_exe()?)
        .args([
            "upgrading",
            "--url",
            &url,
            "--step",
            &step.to_string(),
            "--count",
            &count.to_string(),
        ])
        .stderr(Stdio::null())
        .spawn()
        .context("starting the victim")?;
    let ended = victim.wait()?;
    anyhow::ensure!(!ended.success(), "the victim was to be killed");
    let lake = Lake::open(&place)?;
    let (lost, doubled) = lost_and_doubled(&lake, events.iter().map(|event| event.number))?;
    Ok(lost + doubled == 0 && lake.verify(&engine::import::Watch::default())?.is_sound())
}

/// Carries out so many statements of a step in a transaction, and is gone.
pub(crate) fn be_victim(url: &str, step: i64, count: usize) -> anyhow::Result<()> {
    let (_, statements) =
        steps().into_iter().find(|it| it.0 == step).context("there is no such step")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::connect(url).await?;
        store.begin_and_leave(&statements[..count]).await?;
        std::process::abort();
    })
}
