//! Who looks at which journey at this moment, and how all of them are told that something happened.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use serde::Serialize;
use tokio::sync::broadcast;
use utoipa::ToSchema;

/// What lookers are woken with. What has changed they read themselves, so that nothing is missed or out of order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signal {
    /// The log is longer.
    Changed,
    Presence,
    Comments,
    /// New numbers can be asked for.
    Measures,
    /// The server stops.
    Close,
}

/// Somebody who looks at a journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Looker {
    pub(crate) id: String,
    pub(crate) name: String,
    /// `touchpoint/lane` that is being edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cell: Option<String>,
}

/// All rooms of the process. One process serves a data folder, so they need not be kept.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rooms {
    rooms: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    rooms: HashMap<(String, String), Room>,
    is_closed: bool,
}

#[derive(Debug)]
struct Room {
    signals: broadcast::Sender<Signal>,
    /// By their ids, with how many pages they have open.
    lookers: BTreeMap<String, (Looker, usize)>,
}

/// A looker's place in a room, given up when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    rooms: Rooms,
    room: (String, String),
    looker: Option<String>,
}

/// Signals that a slow looker may be behind with; it then reads the log from where it was.
const KEPT: usize = 256;

impl Rooms {
    /// Enters a room; a key looks on without being seen.
    pub(crate) fn enter(
        &self,
        workspace: &str,
        journey: &str,
        looker: Option<Looker>,
    ) -> (Seat, broadcast::Receiver<Signal>) {
        let room_key = (workspace.to_owned(), journey.to_owned());
        let mut open = self.open();
        let is_closed = open.is_closed;
        let room = open.rooms.entry(room_key.clone()).or_insert_with(|| Room {
            signals: broadcast::channel(KEPT).0,
            lookers: BTreeMap::new(),
        });
        let signals = room.signals.subscribe();
        let id = looker.as_ref().map(|looker| looker.id.clone());
        if let Some(looker) = looker {
            let entry = room.lookers.entry(looker.id.clone()).or_insert((looker, 0));
            entry.1 += 1;
            let _nobody = room.signals.send(Signal::Presence);
        }
        if is_closed {
            let _nobody = room.signals.send(Signal::Close);
        }
        drop(open);
        (Seat { rooms: self.clone(), room: room_key, looker: id }, signals)
    }

    /// Wakes everybody in a room.
    pub(crate) fn signal(&self, workspace: &str, journey: &str, signal: &Signal) {
        let room_key = (workspace.to_owned(), journey.to_owned());
        if let Some(room) = self.open().rooms.get(&room_key) {
            let _nobody = room.signals.send(signal.clone());
        }
    }

    /// Wakes everybody in a workspace.
    pub(crate) fn signal_all(&self, workspace: &str, signal: &Signal) {
        let open = self.open();
        for (_, room) in open.rooms.iter().filter(|((of, _), _)| of == workspace) {
            let _nobody = room.signals.send(signal.clone());
        }
    }

    /// Says in which cell somebody is; of whom is not in the room nothing is kept.
    pub(crate) fn set_cell(
        &self,
        (workspace, journey): (&str, &str),
        looker: &str,
        cell: Option<String>,
    ) {
        let room_key = (workspace.to_owned(), journey.to_owned());
        let mut open = self.open();
        let Some(room) = open.rooms.get_mut(&room_key) else { return };
        let Some((there, _)) = room.lookers.get_mut(looker) else { return };
        if there.cell != cell {
            there.cell = cell;
            let _nobody = room.signals.send(Signal::Presence);
        }
    }

    /// Who is in a room.
    pub(crate) fn lookers(&self, workspace: &str, journey: &str) -> Vec<Looker> {
        let room_key = (workspace.to_owned(), journey.to_owned());
        let open = self.open();
        let lookers = open.rooms.get(&room_key).into_iter().flat_map(|room| room.lookers.values());
        lookers.map(|(looker, _)| looker.clone()).collect()
    }

    /// Sends everybody away, because the server stops.
    pub(crate) fn close(&self) {
        let mut open = self.open();
        open.is_closed = true;
        for room in open.rooms.values() {
            let _nobody = room.signals.send(Signal::Close);
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.rooms.lock().unwrap_or_else(|gone| gone.into_inner())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.rooms.open();
        let Some(room) = open.rooms.get_mut(&self.room) else { return };
        if let Some(id) = &self.looker
            && let Some((_, pages)) = room.lookers.get_mut(id)
        {
            *pages -= 1;
            if *pages == 0 {
                room.lookers.remove(id);
                let _nobody = room.signals.send(Signal::Presence);
            }
        }
        // The receiver of this seat may still be there; then the next one to leave finds the room empty.
        if room.lookers.is_empty() && room.signals.receiver_count() <= 1 {
            open.rooms.remove(&self.room);
        }
    }
}
