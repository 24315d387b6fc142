//! Follows wishes to be forgotten until no file holds anybody who has one: at once, after every start, and every hour.

use std::time::Duration;

use tokio::time::Instant;

use crate::app::App;
use crate::error::{Code, Error};

/// When somebody looks next whether there are wishes.
#[derive(Debug, Default)]
pub(crate) struct Forgetting {
    looked: Option<Instant>,
    pause: Duration,
}

const HOUR: Duration = Duration::from_secs(3600);
/// After a failure.
const MINUTE: Duration = Duration::from_secs(60);
/// A step of somebody else may come between; each time the files are looked at anew.
const ATTEMPTS: usize = 10;

impl Forgetting {
    /// Follows the wishes of all workspaces, if it is time.
    pub(crate) async fn turn(&mut self, app: &App) {
        let is_time = self.looked.is_none_or(|at| at.elapsed() >= self.pause);
        if !app.keeper().does_somebody_leave() && !is_time {
            return;
        }
        self.looked = Some(Instant::now());
        self.pause = HOUR;
        if let Err(cause) = follow(app).await {
            tracing::warn!(?cause, "somebody who asked to be forgotten is still in a file");
            self.pause = MINUTE;
        }
    }
}

async fn follow(app: &App) -> Result<(), Error> {
    for (id, _) in app.store().workspaces().await? {
        let Some(workspace) = app.store().find_workspace(&id).await? else { continue };
        let mut attempts = 0;
        while !workspace.erasures().await?.is_empty() {
            attempts += 1;
            if attempts > ATTEMPTS {
                return Err(Error::new(
                    Code::Busy,
                    "files changed faster than they were rewritten",
                ));
            }
            let lake = app.lake(&workspace).await?.lake;
            match app.wait(move || Ok(lake.forget()?)).await {
                Err(Error::Caller { code: Code::Conflict, .. }) => {}
                forgot => drop(forgot?),
            }
        }
        // What an earlier process may have left undone, too.
        if !workspace.shred().await? {
            return Err(Error::new(Code::Busy, "the database's journal is being read"));
        }
    }
    Ok(())
}
