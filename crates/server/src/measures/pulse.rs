//! How far the data of a workspace has come, looked at once for all who want to hear of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::{DataVersion, Workspace};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::pushes::CALM;
use crate::journeys::rooms::{Rooms, Signal};

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(1);

/// By workspace, who listens.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pulse {
    beats: Arc<Mutex<HashMap<String, watch::Sender<DataVersion>>>>,
}

impl Pulse {
    /// Tells of every change from now on, as long as the receiver is kept.
    pub(crate) fn listen(
        &self,
        workspace: &Workspace,
        now: DataVersion,
        rooms: &Rooms,
    ) -> watch::Receiver<DataVersion> {
        let mut beats = self.beats();
        if let Some(beat) = beats.get(workspace.id()) {
            return beat.subscribe();
        }
        let (beat, receiver) = watch::channel(now);
        beats.insert(workspace.id().to_owned(), beat.clone());
        tokio::spawn(self.clone().beat(workspace.clone(), beat, rooms.clone()));
        receiver
    }

    async fn beat(self, workspace: Workspace, beat: watch::Sender<DataVersion>, rooms: Rooms) {
        // What those who look at a map were told last, and when.
        let mut told = (*beat.borrow(), Instant::now());
        loop {
            tokio::select! {
                () = sleep(EVERY) => {}
                () = beat.closed() => {}
            }
            {
                // Whoever comes later finds no beat and begins another one.
                let mut beats = self.beats();
                if beat.receiver_count() == 0 {
                    beats.remove(workspace.id());
                    return;
                }
            }
            match workspace.data_version().await {
                Ok(version) => {
                    beat.send_if_modified(|known| {
                        let is_new = *known != version;
                        *known = version;
                        is_new
                    });
                    if told.0 != version && told.1.elapsed() >= CALM {
                        told = (version, Instant::now());
                        rooms.signal_all(workspace.id(), &Signal::Measures);
                    }
                }
                Err(cause) => tracing::warn!(cause = %cause, "looking for new data"),
            }
        }
    }

    fn beats(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<DataVersion>>> {
        self.beats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
