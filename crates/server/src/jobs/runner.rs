//! Workers: each takes a job that is due, says again and again that it is alive, and says how it ended.

use std::time::Duration;

use sha2::{Digest, Sha256};
use store::{Attempt, Workspace};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::{Ended, Failure, HOUR, KINDS, SECOND, Work, ask_for_periodic};
use crate::app::App;
use crate::error::Result;

/// Jobs that are done at the same time.
const WORKERS: usize = 2;
/// A worker that is not heard of for so long loses its job.
const LEASE: i64 = 120 * SECOND;
/// How often it says that it is alive.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);
/// How often an idle worker looks by itself.
const LOOK: Duration = Duration::from_secs(1);
/// How often it is looked for what comes by itself.
const PERIODIC_LOOK: Duration = Duration::from_secs(60);
/// What was begun may take so long when the server stops.
const GRACE: Duration = Duration::from_secs(5);
/// Longest reason that is kept.
const REASON: usize = 500;

/// The workers of a server.
pub(crate) struct Runner {
    stop: watch::Sender<bool>,
    workers: JoinSet<()>,
}

impl Runner {
    pub(crate) fn begin(app: &App) -> Self {
        let (stop, stopping) = watch::channel(false);
        let mut workers = JoinSet::new();
        for _ in 0..WORKERS {
            workers.spawn(work_on(app.clone(), stopping.clone()));
        }
        workers.spawn(keep_asking(app.clone(), stopping));
        Self { stop, workers }
    }

    /// Takes no more jobs, and lets those that were begun end for a while. One that is cut off is taken up again later.
    pub(crate) async fn end(mut self) {
        // Nobody listens any more if all workers have ended.
        let _gone = self.stop.send(true);
        let all = async { while self.workers.join_next().await.is_some() {} };
        if timeout(GRACE, all).await.is_err() {
            tracing::warn!("some jobs did not end in time; they are done again later");
        }
        self.workers.shutdown().await;
    }
}

async fn keep_asking(app: App, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        if let Err(cause) = ask_for_periodic(&app).await {
            tracing::warn!(?cause, "periodic jobs could not be asked for");
        }
        app.wake();
        tokio::select! {
            () = sleep(PERIODIC_LOOK) => {}
            _ = stopping.changed() => {}
        }
    }
}

async fn work_on(app: App, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        let worked = match one(&app, &stopping).await {
            Ok(worked) => worked,
            Err(cause) => {
                tracing::warn!(?cause, "no job could be taken");
                false
            }
        };
        if !worked {
            tokio::select! {
                () = sleep(LOOK) => {}
                () = app.woken() => {}
                _ = stopping.changed() => {}
            }
        }
    }
}

/// Does everything that is due, one after the other, and says how many attempts that were.
pub async fn run_due(app: &App) -> Result<usize, String> {
    let (_stop, stopping) = watch::channel(false);
    let mut attempts = 0;
    while one(app, &stopping).await.map_err(|cause| Failure::from(cause).why)? {
        attempts += 1;
    }
    Ok(attempts)
}

/// One attempt at one job; `false` if none is due.
async fn one(app: &App, stopping: &watch::Receiver<bool>) -> Result<bool> {
    let now = app.now();
    for id in app.store().workspaces_with_jobs(now).await? {
        if *stopping.borrow() {
            return Ok(false);
        }
        let Some(workspace) = app.store().find_workspace(&id).await? else { continue };
        if let Some(attempt) = workspace.claim(now, now + LEASE).await? {
            attempt_at(app, workspace, attempt, stopping.clone()).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

async fn attempt_at(
    app: &App,
    workspace: Workspace,
    attempt: Attempt,
    mut stopping: watch::Receiver<bool>,
) -> Result<()> {
    let kind = KINDS.iter().find(|kind| kind.name == attempt.kind);
    let Some(kind) = kind else {
        let unknown = Failure::last(format!("no kind of job is called `{}`", attempt.kind));
        return settle(app, &workspace, &attempt, (Err(unknown), 0)).await;
    };
    // A task of its own, so that a panic is this job's alone.
    let mut tasks = JoinSet::new();
    tasks.spawn((kind.run)(Work {
        app: app.clone(),
        workspace: workspace.clone(),
        attempt: attempt.clone(),
    }));
    let grace = async {
        // The sender lives as long as the server.
        drop(stopping.wait_for(|is_over| *is_over).await);
        sleep(GRACE / 2).await;
    };
    let ended = tokio::select! {
        ended = tasks.join_next() => Some(match ended {
            Some(Ok(ended)) => ended,
            Some(Err(cause)) => Err(Failure::again(format!("the job broke off: {cause}"))),
            None => Err(Failure::again("the job did not begin")),
        }),
        () = stay_alive(app, &workspace, &attempt) => None,
        // Another worker takes it up at once.
        () = grace => Some(Ok(Ended::Later(app.now()))),
    };
    // What is cut off holds the application until it is gone.
    tasks.shutdown().await;
    match ended {
        Some(ended) => settle(app, &workspace, &attempt, (ended, kind.tries)).await,
        None => Ok(()),
    }
}

/// Returns when the job is this worker's no more.
async fn stay_alive(app: &App, workspace: &Workspace, attempt: &Attempt) {
    loop {
        sleep(SIGN_OF_LIFE).await;
        match workspace.keep(attempt, app.now() + LEASE).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(cause) => tracing::warn!(%cause, job = attempt.id, "a worker is not heard"),
        }
    }
}

/// Says how an attempt ended.
async fn settle(
    app: &App,
    workspace: &Workspace,
    attempt: &Attempt,
    (ended, most): (Result<Ended, Failure>, u64),
) -> Result<()> {
    let now = app.now();
    let is_ours = match ended {
        Ok(Ended::Settled) => true,
        Ok(Ended::Done) => workspace.finish(attempt, now).await?,
        Ok(Ended::Later(at)) => workspace.postpone(attempt, at).await?,
        Err(failure) => {
            let why = shortened(&failure.why);
            let is_over = failure.is_final || attempt.tries >= most;
            tell(attempt, &why, is_over);
            if is_over {
                workspace.give_up(attempt, &why, now).await?
            } else {
                let again = now + back_off(&attempt.id, attempt.tries);
                workspace.put_off(attempt, &why, again).await?
            }
        }
    };
    if !is_ours {
        tracing::warn!(job = attempt.id, "a job was taken over by another worker");
    }
    Ok(())
}

fn tell(attempt: &Attempt, why: &str, is_over: bool) {
    let said = if is_over { "a job was given up" } else { "a job failed and is tried again" };
    tracing::warn!(job = attempt.id, kind = attempt.kind, why, "{said}");
}

/// µs until the next try: doubled each time up to an hour, and of each job a different part of it, so that those that failed
/// together do not come back together.
pub(crate) fn back_off(id: &str, tries: u64) -> i64 {
    let doubled = (10 * SECOND) << tries.saturating_sub(1).min(10);
    let whole = doubled.min(HOUR);
    let hash = Sha256::digest(format!("{id} {tries}").as_bytes());
    let part = i64::from(u16::from_be_bytes([hash[0], hash[1]]));
    whole / 2 + whole / 2 * part / i64::from(u16::MAX)
}

fn shortened(why: &str) -> String {
    why.chars().take(REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{HOUR, SECOND};
    use super::back_off;

    #[test]
    fn tries_grow_apart_up_to_an_hour_and_jobs_come_back_at_different_moments() {
        for tries in 1..50 {
            let whole = ((10 * SECOND) << (tries - 1_u64).min(10)).min(HOUR);
            let waits: Vec<i64> =
                (0..100).map(|job| back_off(&format!("job {job}"), tries)).collect();
            assert!(
                waits.iter().all(|wait| (whole / 2..=whole).contains(wait)),
                "{tries}: {waits:?}"
            );
            let distinct: std::collections::BTreeSet<&i64> = waits.iter().collect();
            assert!(distinct.len() > 90, "{tries}: {}", distinct.len());
        }
    }
}
