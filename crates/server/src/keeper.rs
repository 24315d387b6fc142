//! What a data folder needs all the time: events from the tail into files, few files instead of many, old keys forgotten.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::import::Watch;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout};

use crate::app::App;
use crate::error::Error;
use crate::forgetting::Forgetting;
use crate::retaining::Retaining;

/// What waits to be done, by workspace.
#[derive(Debug, Default)]
pub(crate) struct Keeper {
    work: Mutex<HashMap<String, Work>>,
    nudge: Notify,
    /// Somebody asked to be forgotten.
    leaving: AtomicBool,
    /// Stops what is being rewritten.
    pub(crate) stop: Arc<Watch>,
}

/// How a workspace stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Work {
    /// Events that came since the last time.
    waiting: u64,
    since: Option<Instant>,
    is_enough: bool,
    pub(crate) at_work: bool,
    /// µs.
    pub(crate) flushed_at: Option<i64>,
    pub(crate) flushed_events: u64,
    /// Why the last attempt failed.
    pub(crate) failure: Option<String>,
}

const TICK: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
/// Keys of requests and ids of events are remembered for seven days.
const REMEMBERED: i64 = 7 * 86_400_000_000;
/// A file that nobody shows any more may still be read by a question that was begun before.
const READ_BY_OTHERS: i64 = 15 * 60_000_000;

impl Keeper {
    /// Events came, of which the workspace's tail now holds so many more.
    pub(crate) fn came(&self, workspace: &str, events: u64, enough: u32) {
        if events == 0 {
            return;
        }
        let mut all = self.lock();
        let work = all.entry(workspace.to_owned()).or_default();
        work.waiting += events;
        work.since.get_or_insert_with(Instant::now);
        if work.waiting >= u64::from(enough) && !work.is_enough {
            work.is_enough = true;
            self.nudge.notify_one();
        }
    }

    /// Somebody asked to be forgotten: files have to follow.
    pub(crate) fn somebody_leaves(&self) {
        self.leaving.store(true, Ordering::Release);
        self.nudge.notify_one();
    }

    /// Whether somebody asked since this was last looked at.
    pub(crate) fn does_somebody_leave(&self) -> bool {
        self.leaving.swap(false, Ordering::AcqRel)
    }

    /// How a workspace stands.
    pub(crate) fn work(&self, workspace: &str) -> Work {
        self.lock().get(workspace).cloned().unwrap_or_default()
    }

    /// Workspaces whose events have waited long enough, or are enough.
    fn due(&self, patience: Duration) -> Vec<String> {
        let is_due = |work: &Work| {
            work.is_enough || work.since.is_some_and(|since| since.elapsed() >= patience)
        };
        let all = self.lock();
        let mut due: Vec<String> =
            all.iter().filter(|(_, work)| is_due(work)).map(|(id, _)| id.clone()).collect();
        due.sort_unstable();
        due
    }

    fn begin(&self, workspace: &str) {
        let mut all = self.lock();
        let work = all.entry(workspace.to_owned()).or_default();
        (work.waiting, work.since, work.is_enough, work.at_work) = (0, None, false, true);
    }

    fn end(&self, workspace: &str, flushed: Result<u64, String>, now: i64) {
        let mut all = self.lock();
        let work = all.entry(workspace.to_owned()).or_default();
        work.at_work = false;
        match flushed {
            Ok(events) => {
                (work.flushed_at, work.flushed_events) = (Some(now), events);
                work.failure = None;
            }
            Err(why) => {
                work.failure = Some(why);
                work.since.get_or_insert_with(Instant::now);
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Work>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the folder until `told` says that it is over.
pub(crate) async fn keep(app: App, mut told: watch::Receiver<bool>) {
    let keeper = app.keeper();
    let until_over = async move {
        let _gone = told.wait_for(|is_over| *is_over).await;
        keeper.stop.stop();
        keeper.nudge.notify_one();
    };
    tokio::join!(until_over, work(&app));
}

async fn work(app: &App) {
    let keeper = app.keeper();
    let patience = Duration::from_secs(app.config().flush_seconds.into());
    let mut is_taken_up = false;
    let mut swept: Option<Instant> = None;
    let (mut forgetting, mut retaining) = (Forgetting::default(), Retaining::default());
    while keeper.stop.check().is_ok() {
        if !is_taken_up {
            is_taken_up = is_done(take_up(app).await, "what an earlier process left waits");
        }
        for workspace in keeper.due(patience) {
            tidy(app, &workspace).await;
        }
        if keeper.stop.check().is_ok() {
            forgetting.turn(app).await;
            retaining.turn(app).await;
        }
        if swept.is_none_or(|at| at.elapsed() >= HOUR) {
            swept = Some(Instant::now());
            is_done(sweep(app).await, "old keys and files are still there");
        }
        // Woken when there is enough to do, or when it is over.
        let _too_long = timeout(TICK, keeper.nudge.notified()).await;
    }
}

/// Says so where it is not.
fn is_done(done: Result<(), Error>, otherwise: &'static str) -> bool {
    done.inspect_err(|cause| tracing::warn!(?cause, otherwise, "the keeper tries again")).is_ok()
}

/// What an earlier process left in the tails.
async fn take_up(app: &App) -> Result<(), Error> {
    for (id, _) in app.store().workspaces().await? {
        if let Some(workspace) = app.store().find_workspace(&id).await? {
            app.keeper().came(&id, workspace.tail_len().await?, app.config().flush_events);
        }
    }
    Ok(())
}

/// Moves the events of a workspace into files, and makes few of many.
async fn tidy(app: &App, workspace: &str) {
    if app.keeper().stop.check().is_err() {
        return;
    }
    app.keeper().begin(workspace);
    let flushed = rewrite(app, workspace).await;
    let told = flushed.map_err(|cause| match cause {
        Error::Caller { message, .. } | Error::Later { message, .. } => message,
        Error::Internal(cause) => format!("{cause:#}"),
    });
    if let Err(why) = &told {
        tracing::warn!(workspace, why, "events stay in the tail for now");
    }
    app.keeper().end(workspace, told, app.now());
}

async fn rewrite(app: &App, workspace: &str) -> Result<u64, Error> {
    let Some(workspace) = app.store().find_workspace(workspace).await? else { return Ok(0) };
    let open = app.lake(&workspace).await?;
    let stop = Arc::clone(&app.keeper().stop);
    let lake = Arc::clone(&open.lake);
    app.wait(move || {
        let events = lake.flush()?;
        match lake.compact_while(&stop) {
            Err(engine::Error::Interrupted) => {}
            compacted => drop(compacted?),
        }
        Ok(events)
    })
    .await
}

/// Forgets keys that are old, and deletes files that nobody reads any more.
async fn sweep(app: &App) -> Result<(), Error> {
    let before = app.now() - REMEMBERED;
    app.store().forget_replies(before).await?;
    for (id, _) in app.store().workspaces().await? {
        let Some(workspace) = app.store().find_workspace(&id).await? else { continue };
        workspace.forget_before(before).await?;
        let open = app.lake(&workspace).await?;
        let (lake, before) = (Arc::clone(&open.lake), app.now() - READ_BY_OTHERS);
        app.wait(move || Ok(lake.tidy(before)?)).await?;
    }
    Ok(())
}
